"""A training as it goes: training.csv and TensorBoard's files follow it exactly, and decide nothing."""

import argparse
import sys

import numpy as np
import pytest
import torch

from examples import MODEL
from sslgrid.basics.errors import InputError
from sslgrid.datasets.outcomes import terms_of
from sslgrid.datasets.rows import head_of, read_rows
from sslgrid.figures import training_curves
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.task import SicTask
from sslgrid.training.command import Progress
from sslgrid.training.loop import Keeping, recorded, train
from sslgrid.training.watching import ROWS, TENSORBOARD, EventFiles, watch

KEY = {"seed": "0"}


class StoppedError(Exception):
    pass


def run(folder, stop_at=None, every=1e9):
    """Train in a folder, watched; stop_at: the step after which it is killed. every: seconds between checkpoints."""
    watching = watch(folder, "full/seed0", SIC_COLUMNS)

    def report(training, values):
        watching.after_step(training)
        if training.step == stop_at:
            raise StoppedError

    return train(SicTask(MODEL, 0), Keeping(folder / "a.ckpt", KEY, every), report, watching.begin)


def rows_of(folder):
    """Steps and rows (row, column) of training.csv."""
    rows = read_rows(folder / ROWS)
    return rows["step"].values, np.stack([rows[name].values for name in SIC_COLUMNS], axis=1)


def assert_holds(folder, training):
    for found, expected in zip(rows_of(folder), recorded(training, SIC_COLUMNS), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_rows_after_the_checkpoint_are_dropped_and_the_rest_goes_on(tmp_path):
    with pytest.raises(StoppedError):
        run(tmp_path, stop_at=10, every=0)  # the checkpoint of step 9 is the last: it is written after the report
    with pytest.raises(StoppedError):
        run(tmp_path, stop_at=25)  # no checkpoint of its own: all its rows are lost
    assert rows_of(tmp_path)[0].max() > 10
    began = []

    def look(training):
        watching.begin(training)
        began.extend(rows_of(tmp_path)[0])

    watching = watch(tmp_path, "full/seed0", SIC_COLUMNS)
    keeping = Keeping(tmp_path / "a.ckpt", KEY, 1e9)
    training = train(SicTask(MODEL, 0), keeping, lambda training, values: watching.after_step(training), look)
    assert began and max(began) <= 9
    assert_holds(tmp_path, training)


def test_watching_decides_no_weight(tmp_path, monkeypatch):
    pytest.importorskip("tensorboard")
    plain = train(SicTask(MODEL, 0), Keeping(tmp_path / "plain.ckpt", KEY, 1e9), lambda *_: None)
    monkeypatch.setenv(TENSORBOARD, str(tmp_path / "events"))
    watched = run(tmp_path)
    for name, tensor in plain.network.state_dict().items():
        assert torch.equal(tensor, watched.network.state_dict()[name]), name


def test_event_files_hold_the_rows(tmp_path, monkeypatch):
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    monkeypatch.setenv(TENSORBOARD, str(tmp_path / "events"))
    with pytest.raises(StoppedError):
        run(tmp_path, stop_at=20, every=0)
    training = run(tmp_path)
    events = accumulators.EventAccumulator(str(tmp_path / "events/full/seed0")).Reload()
    steps, rows = recorded(training, SIC_COLUMNS)
    told = events.Scalars("loss")
    assert [event.step for event in told] == steps.tolist()
    np.testing.assert_allclose([event.value for event in told], rows[:, 0], rtol=1e-6)
    assert set(events.Tags()["scalars"]) == set(SIC_COLUMNS)


def test_without_tensorboard_its_folder_is_refused_in_a_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(InputError, match=r"SSLGRID_TENSORBOARD is set, and tensorboard is not installed"):
        EventFiles(tmp_path, SIC_COLUMNS)


def test_a_line_that_is_being_written_is_left_out(tmp_path):
    path = tmp_path / ROWS
    columns = {"loss": ("1", "weighted total loss"), "separation": ("1", "separation loss")}
    path.write_text(head_of(columns) + "5,0.25,0.1\n10,0.2")
    rows = read_rows(path)
    assert rows["step"].values.tolist() == [5] and rows["loss"].item() == 0.25
    assert terms_of(rows) == {"separation": "separation"}
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"expected a training\.csv that a training writes"):
        read_rows(path)


def test_curves_so_far_are_drawn(tmp_path):
    folder = tmp_path / "checkpoints/full/seed0"
    folder.mkdir(parents=True)
    with pytest.raises(StoppedError):
        run(folder, stop_at=20)
    given = {"histories": [], "rows": [folder / ROWS], "inputs": ("histories", "rows")}
    training_curves.main(argparse.Namespace(**given, figure=tmp_path / "so_far.png"))
    assert (tmp_path / "so_far.png").stat().st_size > 10_000
    with pytest.raises(InputError, match="no network has begun to train yet"):
        training_curves.main(argparse.Namespace(**given | {"rows": []}, figure=tmp_path / "none.png"))


def test_a_training_that_is_finished_says_so(tmp_path, capsys):
    run(tmp_path)
    assert "trained already" not in capsys.readouterr().out
    before = (tmp_path / ROWS).read_bytes()
    progress = Progress("full seed0", MODEL.training.steps, str)
    train(SicTask(MODEL, 0), Keeping(tmp_path / "a.ckpt", KEY, 1e9), progress, progress.begin)
    assert capsys.readouterr().out.startswith(f"full seed0: is trained already, to step {MODEL.training.steps}; ")
    assert (tmp_path / ROWS).read_bytes() == before
