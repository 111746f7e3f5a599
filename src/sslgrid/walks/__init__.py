"""Evaluation walks, and what a trained network does along them."""
