"""From the lattices of single units to modules."""
