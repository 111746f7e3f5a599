"""What a study needs no more is found and removed; whatever else lies in the folder stays."""

import argparse
import json

import pytest

from sslgrid.commands import prune
from sslgrid.store.pruning import checkpoints_of_finished, remove, unneeded

NETWORKS, ARENAS = {"full": [0, 1], "phase-capacity0-sigma_g0.2": [0]}, ["box2m"]
NEEDED = (
    "results/networks/full/seed0/weights.safetensors", "results/networks/full/seed0/training.nc",
    "results/networks/phase-capacity0-sigma_g0.2/seed0/training.nc", "results/tuning/full/seed1/box2m.nc",
    "results/geometry/full/seed1.nc", "results/trajectories/box2m.nc", "results/config/full.json",
    "results/config/looks.json", "results/config/arenas/box2m.json", "results/config/sweeps/phase_diagram.json",
    "results/figures/fig2.png", "results/figures/supp_ratemaps_full.png", "results/claims.csv",
    "checkpoints/full/seed0/0a1b.ckpt", "checkpoints/full/seed1/0a1b.ckpt",
)  # fmt: skip
MINE = ("results/notes.txt", "results/tuning/old/seed0/notes.md", "results/mine/old/seed0.nc", "notes/full/seed9.nc")
GONE = (
    "checkpoints/full/seed2/0a1b.ckpt", "checkpoints/old/seed0/training.csv", "results/config/arenas/box3m.json",
    "results/config/old.json", "results/figures/supp_ratemaps_old.png", "results/geometry/old/seed0.nc",
    "results/networks/full/seed2/weights.safetensors", "results/networks/old/seed0/snapshots.safetensors",
    "results/trajectories/box3m.nc", "results/tuning/full/seed0/box3m.nc",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for name in (*NEEDED, *MINE, *GONE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("0123456789")
    return tmp_path


def left(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_no_condition_needs_is_found_and_nothing_else(folder):
    found = unneeded(folder, NETWORKS, ARENAS)
    assert {path.relative_to(folder).as_posix() for path in found} == set(GONE)
    remove(found)
    assert left(folder) == {*NEEDED, *MINE}
    assert not (folder / "results/networks/old").exists() and not (folder / "checkpoints/old").exists()
    assert unneeded(folder, NETWORKS, ARENAS) == []


def test_checkpoints_of_trainings_that_go_on_are_kept(folder):
    assert [path.relative_to(folder).as_posix() for path in checkpoints_of_finished(folder)] == [
        "checkpoints/full/seed0/0a1b.ckpt", "checkpoints/full/seed2/0a1b.ckpt"
    ]  # fmt: skip


def test_it_lists_first_and_removes_on_request(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (folder / "study.json").write_text(json.dumps({"networks": NETWORKS, "arenas": ARENAS}))
    given = {"study": folder / "study.json", "how": "--config remove=true"}
    before = left(folder)
    prune.main(argparse.Namespace(**given, checkpoints=False, remove=False))
    said = capsys.readouterr().out.splitlines()
    assert left(folder) == before and "results/networks/old/seed0: 1 files, 0.0 MB" in said
    assert said[-1].endswith("nothing is removed; to remove them, add --config remove=true")
    prune.main(argparse.Namespace(**given, checkpoints=True, remove=True))
    assert capsys.readouterr().out.splitlines()[-1].endswith("2 checkpoints of finished trainings, 0.0 MB: removed")
    prune.main(argparse.Namespace(**given, checkpoints=False, remove=True))
    prune.main(argparse.Namespace(**given, checkpoints=False, remove=True))
    assert capsys.readouterr().out.endswith("there are no files that no condition needs\n")
    assert left(folder) == {*NEEDED, *MINE, "study.json"} - {"checkpoints/full/seed0/0a1b.ckpt"}
