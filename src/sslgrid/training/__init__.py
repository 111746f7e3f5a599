"""The training loop that both kinds of network share, its checkpoints, and its time limit."""
