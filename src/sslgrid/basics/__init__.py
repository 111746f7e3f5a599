"""Small things that every room may use: errors, random streams, angles, polygons, laws of motion."""
