"""Recorded cells and networks of others: reading, null distributions, scores."""
