"""Are two modules two attractors, or shells of the reciprocal lattice of one torus?"""
