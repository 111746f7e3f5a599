"""Files that lose bits, and clocks that go wrong."""

import os
import random
import re
import time

import pytest

from checkouts import Pipeline
from comparing import lost_files

# A file of each kind, and what is made from it.
READ_BY = {
    "results/trajectories/box2m.nc": "results/ratemaps/full/seed0/box2m.nc",
    "results/networks/full/seed0/weights.safetensors": "results/ratemaps/full/seed0/box2m.nc",
    "results/networks/full/seed0/snapshots.safetensors": "results/emergence/full/seed0/box2m.nc",
    "results/networks/full/seed0/training.nc": "results/figures/training_curves.png",
    "results/ratemaps/full/seed0/box2m.nc": "results/tuning/full/seed0/box2m.nc",
    "results/tuning/full/seed0/box2m.nc": "results/modules/full/seed0/box2m.nc",
    "results/modules/full/seed0/box2m.nc": "results/conditions.csv",
    "results/emergence/full/seed0/box2m.nc": "results/figures/emergence.png",
    "results/geometry/full/seed0.nc": "results/figures/fig4_module.png",
    "results/generalisation/full/seed0.nc": "results/figures/fig3_generalisation.png",
    "results/coding/full/seed0.nc": "results/figures/coding.png",
    "results/calibration/measures.nc": "results/figures/calibration.png",
}


def wrong_bit(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def lost_end(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


@pytest.mark.parametrize("damage", [wrong_bit, lost_end])
@pytest.mark.parametrize("name", READ_BY)
def test_damaged_file_is_named(name, damage, checkout, finished, fault):
    """Whoever reads it stops and names it; once it is away it is made again, and all is as it was."""
    path = checkout.folder / name
    path.write_bytes(damage(path.read_bytes(), random.Random(name)))
    with fault(f"{damage.__name__} in {path.suffix}") as harm:
        assert name in complaint(checkout, READ_BY[name])
        path.unlink()
        done = checkout.snakemake(READ_BY[name])
        assert done.returncode == 0, done.stdout
        harm.lost = lost_files(checkout, finished)


def complaint(pipeline: Pipeline, target: str) -> str:
    """The one line with which a run fails."""
    done = pipeline.snakemake(target)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout, done.stdout
    lines = set(re.findall(r"^sslgrid: .*", done.stdout, re.MULTILINE))
    assert len(lines) == 1, done.stdout
    return lines.pop()


@pytest.mark.parametrize("damage", [wrong_bit, lost_end])
def test_damaged_checkpoint_is_named(damage, checkout, finished, fault):
    """A training does not go on from it; without it, it starts afresh and ends the same."""
    weights = "results/networks/full/seed0/weights.safetensors"
    (checkout.folder / weights).unlink()
    (checkpoint,) = checkout.folder.glob("checkpoints/full/seed0/*.ckpt")
    checkpoint.write_bytes(damage(checkpoint.read_bytes(), random.Random(3)))
    with fault(f"{damage.__name__} in {checkpoint.suffix}") as harm:
        assert f"{checkpoint.name} is damaged: delete it" in complaint(checkout, weights)
        checkpoint.unlink()
        done = checkout.snakemake(weights)
        assert done.returncode == 0, done.stdout
        harm.lost = lost_files(checkout, finished)


DAY = 24 * 3600
CLOCKS = {
    "ahead": lambda rank: time.time() + 2 * DAY + rank,
    "reset to 1970": lambda rank: 10.0 + rank,
    "running backwards": lambda rank: time.time() - rank,
}


def set_clock(pipeline: Pipeline, clock: str) -> None:
    """Let the files have been written, in their order, while a clock went wrong."""
    paths = [path for path in sorted(pipeline.folder.rglob("*")) if path.is_file()]
    made = [path for path in paths if not {".git", ".snakemake"} & set(path.relative_to(pipeline.folder).parts)]
    for rank, path in enumerate(sorted(made, key=lambda path: path.stat().st_mtime)):
        os.utime(path, (CLOCKS[clock](rank),) * 2)


@pytest.mark.parametrize("clock", CLOCKS)
def test_clocks_decide_nothing(clock, checkout, finished, fault):
    """Whatever files say of when they were written: nothing is made again for that, and edits are still noticed."""
    set_clock(checkout, clock)
    lost = checkout.folder / "results/modules/full/seed0/box2m.nc"
    with fault("a clock that goes wrong") as harm:
        assert checkout.would_run() == {}
        lost.unlink()
        done = checkout.snakemake(str(lost.relative_to(checkout.folder)))
        if clock == "ahead":  # nothing can be made after what is still to come: snakemake says so
            assert done.returncode != 0 and "clock skew" in done.stdout and "Traceback" not in done.stdout
            set_clock(checkout, "running backwards")
            done = checkout.snakemake(str(lost.relative_to(checkout.folder)))
        assert done.returncode == 0, done.stdout
        harm.lost = lost_files(checkout, finished)
        checkout.edit("src/sslgrid/figures/training_curves.py", "import argparse", "import abc, argparse")
        assert "training_curves" in checkout.would_run()
