"""What all tests share: the same examples in every run, and the tiny study, run once by the real pipeline."""

import os
import shutil

import pytest
import torch
from hypothesis import settings

from checkouts import Pipeline
from sslgrid.training.checkpoint import only_one

# Without a GPU its kernels run in Triton's interpreter, which must be known before they are imported.
if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"

# A check must not fail by chance. `--hypothesis-profile=search` looks further.
settings.register_profile("repeat", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("repeat")


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id) -> Pipeline:
    """The tiny study, run to the end once for all workers. Tests must leave it as they found it: see `checkout`."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "finished"
    with only_one(folder.with_suffix(".lock"), "waiting for the tiny study"):
        if not folder.with_suffix(".done").exists():
            done = Pipeline.from_repository(folder).snakemake("all")
            assert done.returncode == 0, done.stdout
            folder.with_suffix(".done").touch()
    return Pipeline(folder)


@pytest.fixture
def checkout(finished, tmp_path) -> Pipeline:
    """A copy of the finished run, to edit."""
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    return Pipeline(tmp_path / "copy")
