"""Trainings in pieces on machines that keep nothing: the same networks as in one go."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from examples import LOSSES, MODEL, TRAINING
from sslgrid.commands.carry import unpack

ROOT = Path(__file__).parents[3]
LONG = replace(MODEL, training=replace(TRAINING, steps=1000, record_every=100))
BARELY = 20 / 60  # minutes, which start and end take: each training is left a step or two


def environ(**more):
    return os.environ | {"PYTHON": sys.executable, "DEVICE": "cpu"} | more


def piece(state, minutes, model, *seeds, **more):
    """The finished process; what it says on either stream is in its stdout."""
    return subprocess.run(
        [ROOT / "scripts/piece.sh", state, str(minutes), model, *seeds], env=environ(**more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def written(path, model):
    """A config file of the model."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(model)))
    return path


@pytest.mark.long  # tests/unit/training/test_training.py stops trainings in every way, and compares their bytes
def test_pieces_end_with_the_networks_of_a_training_in_one_go(tmp_path):
    """The first piece ends by SIGTERM, to the script alone: a lender wants the machine back."""
    model, state = written(tmp_path / "full.json", LONG), tmp_path / "state"
    process = subprocess.Popen(
        [ROOT / "scripts/piece.sh", state, "0", model, "0", "1"], env=environ(), text=True, stdout=subprocess.PIPE
    )
    said = ""
    while said.count("training from step") < 2:
        said += process.stdout.readline()
        assert process.poll() is None, said
    process.send_signal(signal.SIGTERM)
    said += process.communicate(timeout=60)[0]
    assert process.returncode == 75, said
    assert "differs from the plain losses by" in said
    assert re.search(r"packed [1-9]\d* files", said), "more if a training ended before the signal"
    second = piece(state, 0, model, "0", "1")
    assert second.returncode == 0, second.stdout
    assert "training from step 1 to" not in second.stdout
    unpack(tmp_path / "there", state)
    names = {"weights": "w.safetensors", "history": "h.nc", "snapshots": "s.safetensors"}
    alone = {name: tmp_path / "alone" / file for name, file in names.items()}
    files = [word for name, path in alone.items() for word in (f"--{name}", path)]
    subprocess.run(
        [sys.executable, "-m", "sslgrid.commands.train", "--model", model, "--seed", "1", *files,
         "--checkpoints", tmp_path / "checkpoints"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = tmp_path / "there/networks/full/seed1"
    assert (found / "weights.safetensors").read_bytes() == alone["weights"].read_bytes()
    assert (found / "snapshots.safetensors").read_bytes() == alone["snapshots"].read_bytes()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"DEVICE": "cuda", "CUDA_VISIBLE_DEVICES": ""}, "device is 'cuda', but"),
        ({"MOST_MIB": "0.01"}, "3 snapshots; expected at most 0.01: choose fewer snapshots"),
        ({}, "state.json cannot be read"),
    ],
)
def test_what_cannot_go_on_is_refused_and_nothing_is_lost(tmp_path, more, words):
    """No GPU there, more than can be carried, or a state that came over without its manifest."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "0.part").write_bytes(b"steps of hours")
    done = piece(state, 1, written(tmp_path / "full.json", MODEL), "0", **more)
    assert done.returncode not in (0, 75) and words in done.stdout
    assert [path.name for path in state.iterdir()] == ["0.part"]


@pytest.mark.long  # tests/unit/training/test_training.py refuses checkpoints of another training
def test_another_config_or_machine_starts_nothing_over(tmp_path):
    model, state = written(tmp_path / "full.json", LONG), tmp_path / "state"
    assert piece(state, BARELY, model, "0").returncode == 75
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    other = written(tmp_path / "other/full.json", replace(LONG, losses=replace(LOSSES, capacity=0.3)))
    done = piece(state, 0, other, "0")
    assert done.returncode == 1 and "holds another full.json: give it a STATE of its own" in done.stdout
    (library := tmp_path / "site/numpy-0.1.dist-info").mkdir(parents=True)
    (library / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 0.1\n")
    done = piece(state, 0, model, "0", PYTHONPATH=str(library.parent))
    assert done.returncode == 1 and "is of another training (versions was " in done.stdout
    unpack(tmp_path / "there", state)
    assert not list((tmp_path / "there").rglob("*.safetensors"))
    assert {name: (state / name).read_bytes() for name in before} == before


def test_too_few_words_show_how(tmp_path):
    done = subprocess.run([ROOT / "scripts/piece.sh", "state"], capture_output=True, text=True)
    assert done.returncode == 1 and "STATE MINUTES MODEL.json SEED..." in done.stderr
