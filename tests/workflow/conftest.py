"""The tiny study, run once by the real pipeline, and copies of it to edit."""

import shutil

import pytest

from checkouts import Pipeline


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Pipeline:
    """The tiny study, run to the end once. Tests must leave it as they found it: see `checkout`."""
    pipeline = Pipeline.from_repository(tmp_path_factory.mktemp("finished"))
    done = pipeline.snakemake("all")
    assert done.returncode == 0, done.stdout
    return pipeline


@pytest.fixture
def checkout(finished, tmp_path) -> Pipeline:
    """A copy of the finished run, to edit."""
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    return Pipeline(tmp_path / "copy")
