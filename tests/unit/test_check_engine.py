"""The engine's check agrees with a sound engine and refuses a wrong one, before anything is trained."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import torch

from examples import MODEL
from sslgrid.commands import check_engine
from sslgrid.engine import cpu


def test_a_sound_engine_agrees():
    losses, gradient = check_engine.compare(MODEL, torch.device("cpu"))
    assert 0 < losses < check_engine.LOSSES and 0 < gradient < check_engine.GRADIENT


def test_a_wrong_engine_does_not(monkeypatch):
    sound = cpu.sic_loss

    def wrong(states, positions, speeds, config):
        return sound(states, positions, speeds, replace(config, sigma_g=1.01 * config.sigma_g))

    monkeypatch.setattr(cpu, "sic_loss", wrong)
    losses, gradient = check_engine.compare(MODEL, torch.device("cpu"))
    assert losses > check_engine.LOSSES and gradient > check_engine.GRADIENT


def test_the_command_says_how_far_apart_they_are(tmp_path):
    (tmp_path / "full.json").write_text(json.dumps(asdict(MODEL)))
    command = [sys.executable, "-m", "sslgrid.commands.check_engine", "--model", tmp_path / "full.json"]
    done = subprocess.run([*command, "--device", "cpu"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "the engine on cpu differs from the plain losses by " in done.stdout
