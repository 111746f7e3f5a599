"""When a network counts as having modules."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from examples import HEADER, MODEL, TRAINING, grid_of, hexagonal
from sslgrid.basics.errors import InputError
from sslgrid.datasets.emergence import COLUMNS
from sslgrid.emergence.modules import first_modules, has_modules, lattice_share
from sslgrid.emergence.snapshots import measure_emergence, summarise
from sslgrid.figures.emergence_animation import choose_units
from sslgrid.modules.tuning import measure_tuning
from sslgrid.networks import load_snapshots
from sslgrid.sic.step import start
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.training.loop import snapshot_steps
from sslgrid.training.weights import save_snapshots, weights


def units(fine=4, coarse=4, stray=4, silent=4, ratio=1.7):
    """Columns of units in two modules, of units on no lattice and of silent ones."""
    module = np.repeat([0, 1, -1, -1], [fine, coarse, stray, silent])
    return {name: np.ones(len(module)) for name in COLUMNS} | {
        "live": np.repeat([1, 1, 1, 0], [fine, coarse, stray, silent]),
        "lattice": (module >= 0).astype(int),
        "module": module,
        "spacing": np.array([0.7, 0.7 * ratio, np.nan, np.nan])[np.repeat(range(4), [fine, coarse, stray, silent])],
    }


def dataset(*moments):
    """Emergence data of one network; moments: `units()` at each snapshot."""
    return xr.Dataset(
        {name: (("step", "unit"), np.stack([moment[name] for moment in moments])) for name in moments[0]},
        {"step": np.arange(len(moments)) * 1000},
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"silent": 50}, True),  # silent units do not count
        ({"stray": 8}, True),  # exactly half
        ({"stray": 9}, False),
        ({"ratio": 1.2}, False),  # too near to be two
        ({"coarse": 0}, False),
        ({"fine": 0, "coarse": 0}, False),
    ],
)
def test_modules_are_two_and_hold_half_of_the_live_units(changed, expected):
    assert has_modules(dataset(units(**changed)).isel(step=0)) is expected


@pytest.mark.parametrize(
    ("moments", "first"), [("nnyyn", 2), ("nynyy", 3), ("nnnny", 4), ("nyny", 3), ("nnyn", None), ("n", None)]
)
def test_modules_must_last_to_count(moments, first):
    assert first_modules(dataset(*(units(ratio=1.7 if moment == "y" else 1.0) for moment in moments))) == first


def test_the_last_snapshot_has_the_modules_of_the_trained_network():
    """Which are tested for significance; those of the other snapshots are not."""
    points, rng = grid_of(2.0, 0.05), np.random.default_rng(0)
    rates = np.stack([hexagonal(points, 0.6, 10.0, rng.uniform(-0.6, 0.6, 2)) for _ in range(8)]).astype(np.float32)
    maps = RateMaps(rates, np.ones(rates.shape[1:]), points[0, :, 0])
    tuning = measure_tuning(maps, rng, draws=10)  # too few for any unit to found a module
    assert tuning["module"].max() == -1
    emergence = measure_emergence([(0, maps), (100, maps)], tuning, rng)
    assert emergence["hexagonal_modules"].values.tolist() == [1, 0]
    np.testing.assert_array_equal(emergence["module"][-1], tuning["module"])


@pytest.mark.parametrize("steps", [1, 2, 7, 24000])
@pytest.mark.parametrize("count", [1, 3, 24])
def test_snapshots_are_spread_and_end_with_the_last_step(steps, count):
    marks = snapshot_steps(replace(TRAINING, steps=steps, snapshots=count))
    assert marks[-1] == steps
    assert len(set(marks)) == len(marks) == min(steps, count)
    assert max(np.diff([0, *marks])) - min(np.diff([0, *marks])) <= 1


def test_snapshots_come_back_in_order_and_damage_is_named(tmp_path):
    path = tmp_path / "snapshots.safetensors"
    networks = {step: start(MODEL, seed).network for seed, step in enumerate((900, 1000, 80))}
    save_snapshots(
        path,
        {step: weights(network) for step, network in networks.items()},
        HEADER,
    )
    found = list(load_snapshots(path).networks)
    assert [step for step, _ in found] == [80, 900, 1000]
    assert all((network.weights["start"] == networks[step].start.detach().numpy()).all() for step, network in found)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputError, match=r"snapshots.safetensors is not a network of sslgrid"):
        load_snapshots(path)


def test_share_on_a_lattice():
    live = np.array([[1, 1, 1, 0], [0, 0, 0, 0]])
    lattice = np.array([[1, 2, 0, 1], [0, 0, 0, 0]])
    np.testing.assert_allclose(lattice_share(live, lattice), [2 / 3, np.nan])


def test_modules_are_counted_by_kind():
    square = np.array([[0, 0, 1, 1, 0], [0, 0, 0, 1, 0]])
    columns = {name: np.ones((2, 5)) for name in COLUMNS} | {"gridness60": 1.0 - square, "gridness90": 1.0 * square}
    columns["module"] = np.array([[0, 2, 1, 1, -1], [0, 0, -1, -1, -1]])
    found = summarise(columns)
    assert found["hexagonal_modules"].tolist() == [2, 1] and found["square_modules"].tolist() == [1, 0]


@pytest.mark.parametrize("count", [0, 1, 5, 12, 99])
def test_units_of_all_modules_are_shown_before_others(count):
    """The most regular of each module, in equal parts; then live units on no lattice; silent ones last."""
    moment = dataset(units(fine=8, coarse=8, stray=4, silent=4)).isel(step=0)
    regular = np.tile(np.linspace(0.4, 1.4, 8), 3)
    moment = moment.assign(gridness60=("unit", regular), gridness90=("unit", -regular))
    chosen = choose_units(moment, count)
    assert len(set(chosen)) == len(chosen) == min(count, 24)
    modules = moment["module"].values[chosen]
    assert modules[modules >= 0].tolist() == sorted(modules[modules >= 0])
    if count == 5:
        assert sorted(chosen) == [5, 6, 7, 14, 15] or sorted(chosen) == [6, 7, 13, 14, 15]
    if count == 99:
        assert (moment["live"].values[chosen[-4:]] == 0).all()
