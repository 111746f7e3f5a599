"""Two trainings on one machine get two GPUs; a third waits."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from sslgrid.machine import gpus

HOLD = """
import sys, torch
from types import SimpleNamespace
from sslgrid.machine import gpus
torch.cuda.set_device = lambda index: None
gpus._cards = lambda: sys.argv[2:]
gpus.WAIT = 0.05
with gpus.one_of_the_gpus(torch.device("cuda"), "a training", int(sys.argv[1])) as device:
    print(device.index, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def hold(tmp_path, monkeypatch):
    """Starts a process that takes one of the cards named, and holds it until it is told to end."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    started = []

    def start(*cards, at_once=1):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(at_once), *cards], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_each_training_has_a_card_of_its_own_and_waits_for_one(hold):
    one, two = hold("card-a", "card-b"), hold("card-a", "card-b")
    assert {one.stdout.readline(), two.stdout.readline()} == {"0\n", "1\n"}
    three = hold("card-a", "card-b")
    assert three.stdout.readline() == "a training: waiting for a GPU; other trainings have all 2\n"
    two.kill()  # as kill -9 does: the lock dies with its process
    assert three.stdout.readline() in ("0\n", "1\n")


def test_trainings_that_share_fill_each_card_and_no_more(hold):
    shared = [hold("card-a", "card-b", at_once=2) for _ in range(4)]
    assert sorted(process.stdout.readline() for process in shared) == ["0\n", "0\n", "1\n", "1\n"]
    assert "waiting for a GPU" in hold("card-a", "card-b", at_once=2).stdout.readline()


def test_the_card_counts_not_its_index(hold):
    """Where a scheduler shows each job one card, each is the first that its job sees."""
    one, two = hold("card-a"), hold("card-b")
    assert one.stdout.readline() == two.stdout.readline() == "0\n"


def test_a_lock_file_of_another_user_is_locked_too(tmp_path, monkeypatch):
    path = tmp_path / "sslgrid-gpu-card-a.lock"
    path.touch()
    opened = gpus.os.open

    def forbidding(path, flags, *mode):
        if flags & gpus.os.O_CREAT:
            raise PermissionError
        return opened(path, flags, *mode)

    monkeypatch.setattr(gpus, "os", SimpleNamespace(**{**vars(gpus.os), "open": forbidding}))
    gpus.os.close(gpus._open(path))


def test_the_processor_needs_no_lock(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with gpus.one_of_the_gpus(torch.device("cpu"), "a training") as device:
        assert device.type == "cpu"
    assert not list(tmp_path.iterdir())
