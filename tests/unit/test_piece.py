"""Trainings in pieces on machines that keep nothing: the same networks as in one go."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from examples import MODEL, TRAINING
from sslgrid.commands.carry import unpack

ROOT = Path(__file__).parents[2]
BARELY = 20 / 60  # minutes, which start and end take: each training is left a step or two


def environ(**more):
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | more


def test_pieces_end_with_the_networks_of_a_training_in_one_go(tmp_path):
    model, state = tmp_path / "full.json", tmp_path / "state"
    model.write_text(json.dumps(asdict(replace(MODEL, training=replace(TRAINING, steps=400)))))
    environment = environ(DEVICE="cpu")

    def piece(minutes):
        return subprocess.run(
            [ROOT / "scripts/piece.sh", state, str(minutes), model, "0", "1"], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    first, second = piece(BARELY), piece(0)
    assert first.returncode == 75, first.stdout
    assert "differs from the plain losses by" in first.stdout and "packed 2 files" in first.stdout
    assert second.returncode == 0, second.stdout
    assert "training from step 1 to" not in second.stdout
    unpack(tmp_path / "there", state)
    for seed in (0, 1):
        names = {"weights": "w.safetensors", "history": "h.nc", "snapshots": "s.safetensors"}
        alone = {name: tmp_path / f"alone{seed}" / file for name, file in names.items()}
        files = [word for name, path in alone.items() for word in (f"--{name}", path)]
        subprocess.run(
            [sys.executable, "-m", "sslgrid.commands.train", "--model", model, "--seed", str(seed), *files,
             "--checkpoints", tmp_path / "checkpoints"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        found = tmp_path / f"there/networks/full/seed{seed}"
        assert (found / "weights.safetensors").read_bytes() == alone["weights"].read_bytes()
        assert (found / "snapshots.safetensors").read_bytes() == alone["snapshots"].read_bytes()


def test_what_cannot_go_on_is_refused_and_nothing_is_lost(tmp_path):
    """No GPU there, or a state that came over without its manifest."""
    model, state = tmp_path / "full.json", tmp_path / "state"
    model.write_text(json.dumps(asdict(MODEL)))
    state.mkdir()
    (state / "0.part").write_bytes(b"steps of hours")
    for more, words in (
        ({"CUDA_VISIBLE_DEVICES": ""}, "device is 'cuda', but"),
        ({"DEVICE": "cpu"}, "state.json cannot be read"),
    ):
        done = subprocess.run(
            [ROOT / "scripts/piece.sh", state, "1", model, "0"], env=environ(**more), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode not in (0, 75) and words in done.stdout
        assert [path.name for path in state.iterdir()] == ["0.part"]


def test_too_few_words_show_how(tmp_path):
    done = subprocess.run([ROOT / "scripts/piece.sh", "state"], capture_output=True, text=True)
    assert done.returncode == 1 and "STATE MINUTES MODEL.json SEED..." in done.stderr
