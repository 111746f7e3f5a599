"""Measures of spatial tuning: pure functions of arrays, vectorised over units."""
