"""When a network counts as having modules."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from examples import MODEL, TRAINING
from sslgrid.datasets.emergence import COLUMNS, read_emergence, write_emergence
from sslgrid.descent import start
from sslgrid.emergence import first_modules, has_modules, module_spacings
from sslgrid.errors import InputError
from sslgrid.training import snapshot_steps
from sslgrid.weights import load_snapshots, save_snapshots, weights


def units(fine=4, coarse=4, stray=4, silent=4, ratio=1.7):
    """Columns of units in two modules, of units on no lattice and of silent ones."""
    module = np.repeat([0, 1, -1, -1], [fine, coarse, stray, silent])
    return {
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


def test_spacings_by_module():
    assert module_spacings(dataset(units()).isel(step=0)) == pytest.approx([0.7, 1.19])


@pytest.mark.parametrize(
    ("moments", "first"), [("nnyyn", 2), ("nynyy", 3), ("nnnny", 4), ("nyny", 3), ("nnyn", None), ("n", None)]
)
def test_modules_must_last_to_count(moments, first):
    assert first_modules(dataset(*(units(ratio=1.7 if moment == "y" else 1.0) for moment in moments))) == first


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
    save_snapshots(path, {step: weights(network) for step, network in networks.items()}, {"config": MODEL.to_json()})
    snapshots, _ = load_snapshots(path)
    found = list(snapshots)
    assert [step for step, _ in found] == [80, 900, 1000]
    assert all((network.start == networks[step].start).all() for step, network in found)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputError, match=r"snapshots.safetensors is not a network of sslgrid"):
        load_snapshots(path)


def test_emergence_file_comes_back(tmp_path):
    columns = {name: np.zeros((2, 5)) for name in COLUMNS}
    write_emergence(tmp_path / "e.nc", np.array([10, 20]), np.array([0.5, 1.0]), columns, {})
    assert list(read_emergence(tmp_path / "e.nc")["seconds"].values) == [0.5, 1.0]
