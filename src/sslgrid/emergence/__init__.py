"""When modules and classes of units appear, and what a network ended as."""
