"""The rollout and the losses again, fast: same mathematics, same signatures, held to the plain ones by tests."""
