"""Small things that every room may use: errors, random streams, locks, angles, arenas, laws of motion."""
