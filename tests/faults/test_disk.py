"""A disk that is full, or that may not be written to, when a stage wants to write."""

import re
import subprocess
from pathlib import Path

import pytest

from comparing import lost_files, results

# A file of each stage that writes.
WRITTEN = [
    "results/config/full.json",
    "results/trajectories/box2m.nc",
    "results/networks/full/seed0/weights.safetensors",
    "results/ratemaps/full/seed0/box2m.nc",
    "results/tuning/full/seed0/box2m.nc",
    "results/modules/full/seed0/box2m.nc",
    "results/emergence/full/seed0/box2m.nc",
    "results/geometry/full/seed0.nc",
    "results/generalisation/full/seed0.nc",
    "results/coding/full/seed0.nc",
    "results/calibration/measures.nc",
    "results/conditions.csv",
    "results/claims.csv",
    "results/figures/fig1.png",
    "results/figures/fig2.png",
    "results/figures/emergence_animation.gif",
]


@pytest.mark.parametrize("name", WRITTEN)
def test_full_disk(name, small_disk, finished, fault):
    """The stage says so and leaves nothing behind; with space again it goes on."""
    pipeline, disk = small_disk
    for path in (disk / "checkpoints").rglob("*.ckpt"):  # or a training would only write its results again
        path.unlink()
    (pipeline.folder / name).unlink()
    before = results(pipeline)
    with fault("full disk") as harm:
        fill(disk)
        done = pipeline.snakemake(name)
        assert done.returncode != 0
        assert "No space left on device" in done.stdout, done.stdout
        assert "Traceback" not in done.stdout, done.stdout
        assert not list(disk.rglob(".partial-*"))
        (disk / "filler").unlink()
        harm.lost = [path for path in before.keys() - results(pipeline).keys() if not made_with(path, name)]
        done = pipeline.snakemake(name)
        assert done.returncode == 0, done.stdout
        harm.lost += lost_files(pipeline, finished)


def fill(disk: Path) -> None:
    """Leave not a block."""
    with open(disk / "filler", "wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                continue


def made_with(path: str, name: str) -> bool:
    """Whether a file is of the same job, whose outputs snakemake removes before it starts."""
    if "/networks/" in name:
        return Path(path).parent == Path(name).parent
    return Path(path).with_suffix("") == Path(name).with_suffix("")


@pytest.mark.parametrize("name", WRITTEN)
def test_read_only_results(name, small_disk, finished, fault):
    """The stage says so, and everything stays; when they may be written to, it goes on."""
    pipeline, disk = small_disk
    (pipeline.folder / name).unlink()
    before = results(pipeline)
    with fault("read-only results") as harm:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = pipeline.snakemake(name)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        assert done.returncode != 0
        assert re.search("results/ cannot be written to: Read-only|Write-protected output files", done.stdout), (
            done.stdout
        )
        assert "Traceback" not in done.stdout, done.stdout
        harm.lost = sorted(before.keys() - results(pipeline).keys())
        done = pipeline.snakemake(name)
        assert done.returncode == 0, done.stdout
        harm.lost += lost_files(pipeline, finished)
