"""Inputs at the edge: the least and the oddest that each function is given. A clean result, or one clear line."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sslgrid
from examples import ARENA, LOCALISER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.config.study import resolve_study
from sslgrid.localiser.paths import sample_paths
from sslgrid.modules.fitting import measure_modules
from sslgrid.modules.tuning import measure_tuning
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.engine import cpu
from sslgrid.sic.step import start
from sslgrid.spatial.ratemap import FEWEST_BINS, RateMaps, accumulate
from sslgrid.walks.sampling import sample_walks

SCHEMA = Path(__file__).parents[2] / "workflow/schemas/config.schema.yaml"
COARSE = replace(ARENA, bin=0.2, walks=20)


def maps_of(units: int, arena=COARSE) -> RateMaps:
    """Maps of plane waves along the arena's walks."""
    positions = sample_walks(arena).positions[:, 1:]
    waves = np.random.default_rng(0).normal(scale=6, size=(2, units))
    return accumulate(arena, ((positions[:, t], 1 + np.cos(positions[:, t] @ waves)) for t in range(arena.steps)))


@pytest.mark.parametrize("motion", ["iid", "rat", "brownian", "sargolini"])
def test_one_walk_of_one_step(motion):
    positions, headings = sample_walks(replace(ARENA, motion=motion, walks=1, steps=1))
    assert positions.shape == (1, 2, 2) and np.isfinite(positions).all() and np.isfinite(headings).all()


@pytest.mark.parametrize(
    "units, arena",
    [
        pytest.param(1, COARSE, id="one unit"),
        pytest.param(2, replace(COARSE, walks=1, steps=1), id="one walk of one step"),
        pytest.param(300, COARSE, id="300 units"),
        pytest.param(2, replace(COARSE, bin=2 / FEWEST_BINS), id="fewest bins"),
        pytest.param(2, replace(COARSE, shape=[[0, 0], [4, 0], [4, 1], [0, 1]]), id="narrow"),
        pytest.param(2, replace(COARSE, shape="triangle"), id="triangle"),
    ],
)
def test_any_maps_are_scored_as_a_whole(units, arena):
    maps = maps_of(units, arena)
    tuning = measure_tuning(maps, np.random.default_rng(0), 2, ("band", "border"))
    assert tuning.sizes == {"unit": units}
    assert len(sslgrid.score(maps)) == units
    modules = measure_modules(tuning, np.random.default_rng(0))
    assert modules.sizes["module"] == tuning["module"].values.max(initial=-1) + 1


@pytest.mark.parametrize("bins", range(1, FEWEST_BINS))
def test_maps_of_too_few_bins_get_one_line(bins):
    with pytest.raises(InputError, match=f"{bins} x {bins} bins; expected at least"):
        maps_of(2, replace(ARENA, bin=2 / bins))


def test_walks_that_end_before_they_count_get_one_line():
    with pytest.raises(InputError, match="no steps after the first 100"):
        maps_of(2, replace(ARENA, settle=ARENA.steps))


@pytest.mark.parametrize(
    "changes, line",
    [
        ({"side": 0.0}, "side is 0.0; expected a length"),
        ({"bin": 0.0}, "bin is 0.0; expected a length"),
        ({"bin": np.nan}, "bin is nan; expected a length"),
        ({"activity": np.ones((5, 0))}, "expected at least one unit"),
    ],
)
def test_rate_maps_of_nothing_get_one_line(changes, line):
    with pytest.raises(ValueError, match=line):
        sslgrid.rate_maps(**{"positions": np.zeros((5, 2)), "activity": np.ones((5, 3)), "side": 2.0} | changes)


@pytest.mark.parametrize("batch, steps", [(1, 1), (1, 5), (3, 1)])
def test_a_gradient_of_the_smallest_batches(batch, steps):
    model = replace(MODEL, trajectories=replace(MODEL.trajectories, batch=batch, steps=steps))
    descent = cpu.Descent(start(model, 0).network, model)
    assert np.isfinite(descent([sample_batch(model.trajectories, 0, 0)])).all()


@pytest.mark.parametrize("trials, steps", [(1, 1), (1, 5), (3, 1)])
def test_a_loss_of_the_smallest_batches_of_paths(trials, steps):
    paths = sample_paths(replace(LOCALISER.trajectories, trials=trials, steps=steps), 0.5, 0, 0)
    assert all(np.isfinite(each).all() for each in paths)


@pytest.mark.parametrize(
    "config, line",
    [
        ({"seeds": []}, r"seeds is \[\]; expected a list with at least 1 of them"),
        ({"conditions": {"full": {"seeds": []}}}, r"conditions\.full\.seeds is \[\]; expected a list with at least 1"),
        ({"seeds": None}, r"seeds"),
        ({"arenas": {"box2m": {"bin": 2.0}}}, "at most a tenth of the arena's width"),
        ({"arenas": {"box2m": {"walks": 0}}}, r"arenas\.box2m\.walks is 0; expected a whole number >= 1"),
    ],
)
def test_a_study_of_nothing_gets_one_line(config, line):
    with pytest.raises(InputError, match=line):
        resolve_study(config, SCHEMA)


def test_a_study_of_one_seed_and_one_walk():
    study = resolve_study({"seeds": [7], "arenas": {"box2m": {"walks": 1, "steps": 1}}}, SCHEMA)
    assert study.seeds["full"] == [7]
