"""The geometry of one module: its lattice in Fourier space, the units' phases, the torus of its states."""
