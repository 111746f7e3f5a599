"""The same examples in every run: a check must not fail by chance. `--hypothesis-profile=search` looks further."""

from hypothesis import settings

settings.register_profile("repeat", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("repeat")
