"""The engine's check agrees with a sound engine and refuses a wrong one, before anything is trained."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
import torch

from examples import MODEL, TRAINING
from sslgrid.basics.errors import InputError
from sslgrid.commands import check_engine
from sslgrid.sic.engine import cpu
from sslgrid.sic.step import advance


def test_a_sound_engine_agrees():
    losses, gradient = check_engine.compare(MODEL, torch.device("cpu"))
    assert 0 < losses < check_engine.LOSSES and 0 < gradient < check_engine.GRADIENT


def test_a_wrong_engine_does_not(monkeypatch):
    sound = cpu.sic_loss

    def wrong(states, positions, speeds, config, scale):
        return sound(states, positions, speeds, replace(config, sigma_g=1.01 * config.sigma_g), scale)

    monkeypatch.setattr(cpu, "sic_loss", wrong)
    losses, gradient = check_engine.compare(MODEL, torch.device("cpu"))
    assert losses > check_engine.LOSSES and gradient > check_engine.GRADIENT


@pytest.mark.parametrize("accumulate", [1, 2])
def test_steps_that_go_on_from_a_checkpoint_agree(accumulate):
    model = replace(MODEL, training=replace(TRAINING, accumulate=accumulate, schedule="plateau"))
    assert check_engine.compare_steps(model, torch.device("cpu")) == 0


@pytest.mark.parametrize("wrong", ["forgets its moments", "takes other batches"])
def test_wrong_steps_do_not(monkeypatch, wrong):
    def stepper(self, training):
        if wrong == "forgets its moments":
            training.optimiser = type(training.optimiser)(training.network.parameters(), lr=0.0, weight_decay=0.0)
            return lambda: advance(training, self.model, self.seed)
        return lambda: advance(training, self.model, self.seed + 1)

    monkeypatch.setattr(check_engine.SicTask, "stepper", stepper)
    assert check_engine.compare_steps(MODEL, torch.device("cpu")) > check_engine.STEPS


@pytest.mark.parametrize("wrong", [1.0, float("nan")])
@pytest.mark.parametrize("found", ["losses", "gradient", "steps"])
def test_the_command_refuses_what_differs(tmp_path, monkeypatch, found, wrong):
    (tmp_path / "full.json").write_text(json.dumps(asdict(MODEL)))
    measured = {"losses": 0.0, "gradient": 0.0, "steps": 0.0} | {found: wrong}
    monkeypatch.setattr(check_engine, "compare", lambda *_: (measured["losses"], measured["gradient"]))
    monkeypatch.setattr(check_engine, "compare_steps", lambda *_: measured["steps"])
    monkeypatch.setattr(check_engine, "be_deterministic", lambda: None)  # it would outlast this test
    with pytest.raises(InputError, match="do not train on it"):
        check_engine.main(argparse.Namespace(model=tmp_path / "full.json", device="cpu"))


def test_the_command_says_how_far_apart_they_are(tmp_path):
    (tmp_path / "full.json").write_text(json.dumps(asdict(MODEL)))
    command = [sys.executable, "-m", "sslgrid.commands.check_engine", "--model", tmp_path / "full.json"]
    done = subprocess.run([*command, "--device", "cpu"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "the engine on cpu differs from the plain losses by " in done.stdout
    assert "captured and resumed, differ from plain calls by 0.0e+00" in done.stdout
