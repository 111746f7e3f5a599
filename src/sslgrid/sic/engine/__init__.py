"""The rollout and the losses again, fast: the same mathematics, held to the plain definitions by tests."""
