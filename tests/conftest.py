"""The same examples in every run: a check must not fail by chance. `--hypothesis-profile=search` looks further."""

import os

import torch
from hypothesis import settings

# Without a GPU its kernels run in Triton's interpreter, which must be known before they are imported.
if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"

settings.register_profile("repeat", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("repeat")
