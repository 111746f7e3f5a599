"""Training: resumes exactly, refuses what is not its own, stops when it diverges."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from examples import MODEL, TRAINING
from sslgrid.basics.errors import InputError, OutOfTimeError
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.step import start
from sslgrid.sic.task import SicTask
from sslgrid.training.checkpoint import load_checkpoint, only_one, save_checkpoint, what_differs
from sslgrid.training.loop import Keeping, learning_rate, recorded, train
from sslgrid.training.time_budget import working_seconds

KEY = {"config_hash": "this one", "config": "..."}


def weights_of(training):
    return {name: tensor.clone() for name, tensor in training.network.state_dict().items()}


def run(path, model=MODEL, every=1e9, report=lambda training, values: None):
    return train(SicTask(model, 0), Keeping(path, KEY, every), report)


def assert_same_training(one, other):
    for name, tensor in weights_of(one).items():
        assert torch.equal(tensor, other.network.state_dict()[name]), name
    (steps, rows), (other_steps, other_rows) = recorded(one, SIC_COLUMNS), recorded(other, SIC_COLUMNS)
    assert (steps == other_steps).all()
    assert (rows[:, :-1] == other_rows[:, :-1]).all()  # the last column is time
    assert list(one.snapshots) == list(other.snapshots) == [0, 10, 20, 30]
    for step, held in one.snapshots.items():
        assert all(torch.equal(tensor, other.snapshots[step][name]) for name, tensor in held.items())
    assert all(torch.equal(tensor, one.snapshots[30][name]) for name, tensor in weights_of(one).items())


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("stop_at", [4, 12, 28])
def test_interrupted_equals_uninterrupted(tmp_path, stop_at):
    def stop(training, values):
        if training.step == stop_at:
            raise StoppedError

    with pytest.raises(StoppedError):
        run(tmp_path / "a.ckpt", every=0, report=stop)
    resumed = run(tmp_path / "a.ckpt")
    assert resumed.step == TRAINING.steps
    assert_same_training(resumed, run(tmp_path / "b.ckpt"))


def test_in_pieces_of_no_time_each_takes_a_step_and_all_end_the_same(tmp_path):
    pieces = 0
    while True:
        try:
            whole = train(SicTask(MODEL, 0), Keeping(tmp_path / "a.ckpt", KEY, 1e9, lambda: True), lambda *_: None)
            break
        except OutOfTimeError as error:
            pieces += 1
            assert str(error) == f"out of time after step {pieces} of {TRAINING.steps}: run it again to go on"
    assert pieces == TRAINING.steps - 1
    assert_same_training(whole, run(tmp_path / "b.ckpt"))


def test_a_time_budget_leaves_time_to_write():
    assert working_seconds(0) == math.inf
    assert working_seconds(60) == 0.9 * 3600
    assert working_seconds(1) == 40
    assert working_seconds(0.1) == 0


def test_out_of_time_has_an_exit_code_of_its_own_and_the_retry_goes_on(tmp_path):
    (tmp_path / "pieces").mkdir()
    (tmp_path / "whole").mkdir()
    model = replace(MODEL, training=replace(TRAINING, steps=3, snapshots=1))
    piece = [*command(tmp_path / "pieces", model), "--time-budget-min", "0.01"]
    for step in (1, 2):
        done = subprocess.run(piece, capture_output=True, text=True)
        assert done.returncode == 75
        assert done.stderr == f"sslgrid: out of time after step {step} of 3: run it again to go on\n"
        assert not (tmp_path / "pieces/w.safetensors").exists()
    subprocess.run(piece, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(command(tmp_path / "whole", model, every=30), check=True, stdout=subprocess.DEVNULL)
    one, other = (tmp_path / folder / "w.safetensors" for folder in ("pieces", "whole"))
    assert one.read_bytes() == other.read_bytes()


def test_a_scheduler_that_asks_to_end_loses_nothing(tmp_path):
    """SIGTERM comes some seconds before SIGKILL: every step that was taken is in the checkpoint."""
    model = replace(MODEL, training=replace(TRAINING, steps=100_000, warmup=10, snapshots=1))
    asked = command(tmp_path, model)[:-2]  # with the default time between checkpoints
    process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "training from step" in line:
            break
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 75
    step = int(re.fullmatch(r"sslgrid: out of time after step (\d+) of 100000: run it again to go on\n", errors)[1])
    again = subprocess.Popen(asked, stdout=subprocess.PIPE, text=True)
    assert any(f"training from step {step + 1} to" in line for line in again.stdout)
    again.kill()
    again.wait()


def test_training_lowers_the_loss(tmp_path):
    model = replace(MODEL, training=replace(TRAINING, steps=300))
    _, rows = recorded(run(tmp_path / "a.ckpt", model), SIC_COLUMNS)
    assert rows[-5:, 0].mean() < rows[:5, 0].mean() - 0.05
    assert (rows[:, 7] == 0).all(), "no state was silent"


def test_seeds_differ_and_repeat():
    one, again, other = start(MODEL, 0), start(MODEL, 0), start(MODEL, 1)
    assert torch.equal(one.network.start, again.network.start)
    assert not torch.equal(one.network.start, other.network.start)


def test_learning_rate_warms_up_and_decays():
    config = replace(TRAINING, steps=100, warmup=10, learning_rate=1.0, final_fraction=0.02)
    rates = [learning_rate(step, config) for step in range(100)]
    np.testing.assert_allclose(rates[:10], np.arange(1, 11) / 10)
    assert (np.diff(rates[10:]) < 0).all()
    np.testing.assert_allclose([rates[10], rates[-1]], [1.0, 0.02])


def test_checkpoint_of_another_training_is_refused(tmp_path):
    save_checkpoint(tmp_path / "a.ckpt", {"config_hash": "that one", "config": "???"}, {"step": 3})
    with pytest.raises(InputError, match=r"another training: config_hash was that one, is this one\. Delete it"):
        load_checkpoint(tmp_path / "a.ckpt", KEY)


def test_checkpoint_of_an_earlier_version_is_named_and_stops_nothing(tmp_path):
    save_checkpoint(tmp_path / "a.ckpt", "a hash, as once", {"step": 3})
    with pytest.raises(InputError, match=r"of an earlier version of sslgrid"):
        load_checkpoint(tmp_path / "a.ckpt", KEY)
    assert "of an earlier version" in what_differs(tmp_path / "a.ckpt", KEY)


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[: len(b) // 2],
        lambda b: b"",
        lambda b: b"x" * len(b),
        *(
            lambda b, at=at: b[: len(b) // at] + bytes([b[len(b) // at] ^ 1]) + b[len(b) // at + 1 :]
            for at in (2, 3, 9)
        ),
    ],
)
def test_damaged_checkpoint_is_named(tmp_path, damage):
    path = tmp_path / "a.ckpt"
    save_checkpoint(path, KEY, {"step": 3})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"a\.ckpt is damaged: delete it"):
        load_checkpoint(path, KEY)


@pytest.mark.parametrize(
    "every, message",
    [(1e9, "diverged at step 8: separation is nan"), (0, "diverged at step 8: mlp.4.weight is not finite")],
)
def test_divergence_ends_with_the_last_snapshot_and_says_so(tmp_path, every, message):
    """The last good checkpoint stays, too."""
    path = tmp_path / "a.ckpt"
    half_way = run(path, replace(MODEL, training=replace(TRAINING, steps=7)), every=0)

    def poison(training, values):
        if training.step == 8:
            with torch.no_grad():
                training.network.mlp[-1].weight[3] = torch.nan

    diverged = run(path, every=every, report=poison)
    assert diverged.outcome == message
    assert max(diverged.snapshots) == 7, "no later one is sound"
    assert all(torch.equal(tensor, diverged.snapshots[7][name]) for name, tensor in weights_of(diverged).items())
    good = load_checkpoint(path, KEY)
    assert good["step"] == 7
    assert all(torch.equal(good["network"][name], tensor) for name, tensor in weights_of(half_way).items())


def command(folder, model, every=0):
    (folder / "full.json").write_text(json.dumps(asdict(model)))
    files = [
        "--weights",
        folder / "w.safetensors",
        "--history",
        folder / "h.nc",
        "--snapshots",
        folder / "s.safetensors",
        "--checkpoints",
        folder / "checkpoints",
    ]
    return [
        sys.executable, "-m", "sslgrid.commands.train", "--model", folder / "full.json", "--seed", "0", *files,
        "--checkpoint-seconds", str(every),
    ]  # fmt: skip


def test_killed_and_started_again_gives_the_same_bytes(tmp_path):
    """kill -9 at four moments of one training, against the same training left alone."""
    model = replace(MODEL, training=replace(TRAINING, steps=1500, record_every=10))
    (tmp_path / "killed").mkdir()
    (tmp_path / "alone").mkdir()
    killed = command(tmp_path / "killed", model)
    rng = np.random.default_rng(0)
    kills = 0
    while kills < 4:
        process = subprocess.Popen(killed, stdout=subprocess.DEVNULL)
        steps = _wait_for_checkpoint(tmp_path / "killed" / "checkpoints", process)
        time.sleep(rng.uniform(0, 0.5))
        if process.poll() is not None:
            break
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills >= 2 and steps
    for folder in ("killed", "alone"):
        subprocess.run(command(tmp_path / folder, model, every=30), check=True, stdout=subprocess.DEVNULL)
    one, other = (tmp_path / folder / "w.safetensors" for folder in ("killed", "alone"))
    assert one.read_bytes() == other.read_bytes()
    left = sorted(path.name for path in (tmp_path / "killed" / "checkpoints").iterdir())
    assert len(left) == 3 and left[1:] == ["lock", "training.csv"], f"one checkpoint and no partial files, not {left}"
    one.unlink()
    again = subprocess.run(killed, check=True, capture_output=True, text=True)
    assert one.read_bytes() == other.read_bytes() and "training from" not in again.stdout, "nothing is trained twice"


def _wait_for_checkpoint(folder, process):
    """Wait until the process has written a checkpoint of its own."""
    before = {path: path.stat().st_mtime_ns for path in folder.glob("[!.]*.ckpt")}
    while process.poll() is None:
        now = {path: path.stat().st_mtime_ns for path in folder.glob("[!.]*.ckpt")}
        if now and now != before:
            return now
        time.sleep(0.01)
    return before


@pytest.mark.long  # tests/unit/sic/test_same_bytes.py compiles and loads the same kernels
def test_code_compiled_now_and_code_from_the_cache_give_the_same_bytes(tmp_path):
    """numba may link a function with other copies of those it calls when it loads it; see `engine/cpu_pairs.py`."""
    for name in ("compiled", "cached"):
        (tmp_path / name).mkdir()
        environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "numba")}
        subprocess.run(command(tmp_path / name, MODEL), check=True, env=environment)
    first, second = (load_file(tmp_path / name / "w.safetensors") for name in ("compiled", "cached"))
    assert all(torch.equal(tensor, second[name]) for name, tensor in first.items())


def test_checkpoints_of_another_config_are_left_aside_with_a_word(tmp_path):
    run_one = command(tmp_path, MODEL)
    subprocess.run(run_one, check=True, stdout=subprocess.DEVNULL)
    before = (tmp_path / "w.safetensors").read_bytes()
    other = command(tmp_path, replace(MODEL, training=replace(TRAINING, learning_rate=2e-3)))
    done = subprocess.run(other, check=True, capture_output=True, text=True)
    assert "the checkpoint found is of another training (config_hash was " in done.stdout
    assert "); starting from the first step" in done.stdout
    assert "training from step 1 to 30" in done.stdout
    assert (tmp_path / "w.safetensors").read_bytes() != before
    (found,) = (tmp_path / "checkpoints").glob("*.ckpt")  # the old one has gone
    done = subprocess.run([*command(tmp_path, MODEL), "--must-resume"], capture_output=True, text=True)
    assert done.returncode == 1 and "start over in another folder" in done.stderr and found.exists()


def test_only_one_process_at_a_time(tmp_path):
    with only_one(tmp_path / "a.lock", "busy"):
        script = (
            "import sys\nfrom sslgrid.training.checkpoint import only_one\n"
            "with only_one(sys.argv[1], 'busy'): print('past')"
        )
        other = subprocess.Popen([sys.executable, "-c", script, tmp_path / "a.lock"], stdout=subprocess.PIPE, text=True)
        assert other.stdout.readline() == "busy\n"
    assert other.communicate(timeout=60)[0] == "past\n"
