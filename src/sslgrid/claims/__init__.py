"""The papers' claims as tests on data, each with a verdict."""
