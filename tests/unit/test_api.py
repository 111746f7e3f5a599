"""The Python door: networks are loaded, walked, mapped and scored; what does not fit is named."""

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import torch

import sslgrid
from examples import ARENA, LOCALISER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.localiser.step import start as start_localiser
from sslgrid.networks import KINDS, load_network
from sslgrid.sic.step import start as start_sic
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.provenance import code_files
from sslgrid.training.weights import save_network
from sslgrid.walks.activity import follow
from sslgrid.walks.sampling import headings_of
from sslgrid.walks.walks import Walks

FACTS = {"seed": "3", "config_hash": "0123", "code_hash": "4567"}
STARTS = {"velocity_rnn": (start_sic, MODEL), "rate_rnn": (start_localiser, LOCALISER)}


@pytest.fixture(params=STARTS)
def path(request, tmp_path):
    """A network of each kind, as training starts it."""
    start, model = STARTS[request.param]
    path = tmp_path / "weights.safetensors"
    save_network(path, start(model, 3).network, {"network": request.param, "config": model.to_json(), **FACTS})
    return path


@pytest.fixture
def sic(tmp_path):
    path = tmp_path / "sic.safetensors"
    save_network(path, start_sic(MODEL, 3).network, {"network": "velocity_rnn", "config": MODEL.to_json(), **FACTS})
    return sslgrid.load(path)


def is_sic(network: sslgrid.TrainedNetwork) -> bool:
    return "sigma_g" in network.config["losses"]


def random_steps(walks: int, steps: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.1, 0.1, (walks, steps, 2))


def test_walk_is_that_of_the_pipeline(path):
    """More steps than are converted at once, some at rest."""
    velocities = random_steps(3, 600)
    velocities[:, 10:15] = 0
    positions = np.concatenate([np.zeros((3, 1, 2)), velocities.cumsum(axis=1)], axis=1)
    visits = follow(load_network(path).network, Walks(positions, headings_of(positions)))
    expected = np.stack([activity for _, activity in visits], axis=1)
    network = sslgrid.load(path)
    activity = network.walk(velocities)
    assert activity.dtype == np.float32
    assert activity.shape == (3, 600, network.units)
    np.testing.assert_allclose(activity, expected, atol=1e-5)
    assert network.seed == 3
    assert str(path) in repr(network)


@pytest.mark.parametrize("number", [np.float16, np.float32, np.float64, np.longdouble])
def test_any_float_type_and_one_walk(path, number):
    network = sslgrid.load(path)
    velocities = random_steps(2, 5).astype(number)
    many = network.walk(velocities)
    np.testing.assert_allclose(network.walk(velocities[1]), many[1], atol=1e-6)
    assert network.walk(velocities[1].tolist()).shape == (5, network.units)
    assert network.walk(np.zeros((4, 2), int)).shape == (4, network.units)


def test_headings_of_ones_own(path):
    """A localiser looks where it is told; a SIC network is not told."""
    network = sslgrid.load(path)
    velocities = random_steps(2, 5)
    turned = network.walk(velocities, np.full((2, 5), 1.0))
    assert (network.walk(velocities) == turned).all() == is_sic(network)


def test_a_network_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.safetensors is missing; expected the weights\.safetensors"):
        sslgrid.load(tmp_path / "none.safetensors")


@pytest.mark.parametrize("shape", [(5,), (5, 3), (2, 5, 3), (1, 2, 5, 2), ()])
def test_other_shapes_are_named(path, shape):
    expected = re.escape(f"velocities have the shape {shape}; expected (step, 2)")
    with pytest.raises(ValueError, match=expected):
        sslgrid.load(path).walk(np.zeros(shape))


def test_what_is_no_velocity_is_named(path):
    network = sslgrid.load(path)
    with pytest.raises(ValueError, match="1 of 4 numbers of the velocities are not finite"):
        network.walk([[0.0, 0.1], [0.0, np.nan]])
    with pytest.raises(ValueError, match="velocities are not an array of numbers"):
        network.walk([["north", "south"]])
    with pytest.raises(ValueError, match=r"headings have the shape \(3,\); expected \(2,\)"):
        network.walk(np.zeros((2, 2)), np.zeros(3))


def test_steps_beyond_the_training_are_told(path):
    network = sslgrid.load(path)
    trajectories = network.config["trajectories"]
    limit = trajectories["half_width"] if is_sic(network) else trajectories["highest_speed"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network.walk([[limit, 0.0], [0.0, -limit]])
    with pytest.warns(
        UserWarning, match=rf"1 of 2 steps are beyond the training of this network: .* was {limit:.3g} m"
    ):
        network.walk([[limit, 0.0], [0.0, -1.1 * limit]])


def test_read_out(path):
    network = sslgrid.load(path)
    activity = network.walk(random_steps(2, 5))
    if is_sic(network):
        with pytest.raises(ValueError, match="has no read-out; only a localiser"):
            network.read_out(activity)
    else:
        assert network.read_out(activity).shape == (2, 5, 2)
        with pytest.raises(ValueError, match="one rate per unit"):
            network.read_out(activity[..., :2])


def test_a_missing_network_is_named(tmp_path):
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "none.safetensors"))):
        sslgrid.load(tmp_path / "none.safetensors")


def test_maps_are_those_of_the_pipeline():
    rng = np.random.default_rng(0)
    positions, activity = rng.uniform(-1, 1, (20, 100, 2)), rng.uniform(size=(20, 100, 6))
    maps = sslgrid.rate_maps(positions, activity, ARENA.side, ARENA.bin, ARENA.smoothing)
    expected = accumulate(ARENA, zip(np.moveaxis(positions, 1, 0), np.moveaxis(activity, 1, 0), strict=True))
    np.testing.assert_array_equal(maps.rates, expected.rates)
    np.testing.assert_array_equal(maps.stability, expected.stability)


def test_maps_of_what_does_not_fit_are_refused():
    positions, activity = np.zeros((4, 2)), np.zeros((4, 3))
    assert sslgrid.rate_maps(positions, activity, 1.0).occupancy.sum() == 4
    with pytest.raises(ValueError, match=r"1 of 4 positions lie outside the arena of 1 m.* give a larger side"):
        sslgrid.rate_maps([[0, 0], [0, 0], [0, 0], [0.6, 0]], activity, 1.0)
    with pytest.raises(ValueError, match="one row of activity for each step"):
        sslgrid.rate_maps(positions, activity[:3], 1.0)
    with pytest.raises(ValueError, match="positions have the shape"):
        sslgrid.rate_maps(np.zeros(4), activity, 1.0)


def test_scores_name_lattices(sic):
    """A hexagonal pattern of known spacing is found; its unit is in words what it is."""
    positions = np.random.default_rng(0).uniform(-1, 1, (200, 200, 2))
    angles = np.deg2rad([10, 70, 130])
    waves = np.stack([np.cos(angles), np.sin(angles)]) / (0.6 * np.cos(np.pi / 6))
    rates = np.maximum(np.cos(2 * np.pi * positions @ waves).sum(axis=-1, keepdims=True), 0)
    scores = sslgrid.score(sslgrid.rate_maps(positions, rates, 2.0))
    assert scores.index.name == "unit"
    assert scores.loc[0, "lattice"] == scores.loc[0, "class"] == "hexagonal"
    assert scores.loc[0, "spacing"] == pytest.approx(0.6, rel=0.01)
    of_network = sslgrid.score(sslgrid.rate_maps(positions, sic.walk(0.1 * positions), 2.0))
    assert len(of_network) == sic.units


class PlaceNetwork:
    """An architecture of one's own: its state is the position, its units fire near their centres."""

    def __init__(self, centres: np.ndarray):
        self.centres = centres

    def rest(self, walks: int) -> np.ndarray:
        return np.zeros((walks, 2), self.centres.dtype)

    def move(self, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> Iterator[np.ndarray]:
        for t in range(steps.shape[1]):
            state = state + steps[:, t]
            yield state

    def activity(self, state: np.ndarray) -> np.ndarray:
        return np.exp(-np.square(state[:, None] - self.centres).sum(axis=-1) / 0.02)


def test_an_architecture_of_ones_own(tmp_path, monkeypatch):
    """One module and one registration, as docs/extend.md says: it is loaded, walked, mapped and scored."""
    monkeypatch.setitem(KINDS, "place_network", lambda section, weights: PlaceNetwork(weights["centres"]))
    own = torch.nn.Module()  # as it was trained
    own.centres = torch.nn.Parameter(torch.tensor([[0.0, 0.0], [0.4, 0.3], [-0.5, 0.2]]))
    header = {"network": "place_network", "config": json.dumps({"network": {"units": 3}}), **FACTS}
    save_network(tmp_path / "own.safetensors", own, header)
    network = sslgrid.load(tmp_path / "own.safetensors")
    positions = np.random.default_rng(0).uniform(-1, 1, (20, 300, 2))
    activity = network.walk(np.diff(positions, axis=1, prepend=0))
    maps = sslgrid.rate_maps(positions, activity, 2.0)
    peaks = [maps.centres[np.array(np.unravel_index(np.nanargmax(rates), rates.shape))[::-1]] for rates in maps.rates]
    np.testing.assert_allclose(peaks, own.centres.detach(), atol=0.08)
    assert (sslgrid.score(maps)["class"] == "place").all()


def test_import_is_light_and_ties_no_stage_to_the_door():
    """Torch is loaded when a network is; what a stage depends on does not grow by what the package offers."""
    light = "import sys, sslgrid; assert 'torch' not in sys.modules and 'load' in dir(sslgrid); print(sslgrid.load)"
    done = subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, check=True)
    assert "function load" in done.stdout
    assert "api.py" not in {path.name for path in code_files("sslgrid.commands.train")}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        sslgrid.nothing  # noqa: B018
