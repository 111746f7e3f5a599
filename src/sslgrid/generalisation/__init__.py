"""The code outside training: in other arenas, along other motion, after many more steps and far from the start."""
