"""The stage, its file, its figure and what the claims read from it, on a network that is one torus by construction."""

import numpy as np
import pytest
import xarray as xr
from truths import COARSE, FINE, SPACING, UNITS, blank_maps, paths, truth

from sslgrid.claims import one_torus as statistics
from sslgrid.claims.networks import NetworkResults
from sslgrid.datasets.one_torus import MEASURED, ONE_TORUS, read_one_torus
from sslgrid.figures.one_torus import draw
from sslgrid.generalisation.one_torus import kick, measurement
from sslgrid.generalisation.one_torus.measurement import POPULATIONS, Settings, measure_one_torus
from sslgrid.walks.walks import Walks

SMALL = 1e-4


class Attractor:
    """A network whose state is its activity, from which it reads its place, of all units together or of each module.

    It reads the nearest place of a grid, adds the step and fires for the new place: so it drifts by the grid's errors.
    """

    def __init__(self, population, groups):
        side = np.linspace(-1.5, 1.5, 61)
        self.places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        templates = population.rates(self.places, self.places)
        self.templates = [
            templates[:, units] / np.linalg.norm(templates[:, units], axis=1)[:, None] for units in groups
        ]
        self.population, self.groups = population, groups

    def rest(self, walks):
        origin = np.zeros((walks, 2))
        return self.population.rates(origin, origin)

    def move(self, state, steps, headings):
        for step in np.moveaxis(steps, 1, 0):
            fine, *coarse = (
                self.places[(state[:, units] @ template.T).argmax(axis=1)] + step
                for units, template in zip(self.groups, self.templates, strict=True)
            )
            state = self.population.rates(fine, (coarse or [fine])[0])
            yield state

    def activity(self, state):
        return state

    def push(self, state, pushed, steps):
        """By differences: what this network is moved by, it holds at the nearest place of its grid, or loses."""
        moved = next(self.move(state, steps[:, None], None))
        ends = [next(self.move(state + SMALL * pushed[..., k], steps[:, None], None)) for k in range(pushed.shape[-1])]
        return moved, (np.stack(ends, axis=-1) - moved[..., None]) / SMALL


def walks_of(steps, walks):
    positions = np.moveaxis(paths(steps, walks), 1, 0)
    positions = np.concatenate([np.zeros((walks, 1, 2)), positions - positions[:, :1]], axis=1)
    return Walks(np.clip(positions, -1, 1), np.zeros(positions.shape[:2]))


def tuning_of(pair):
    module = np.full(UNITS, -1)
    module[FINE], module[COARSE] = 0, 1
    spacing, orientation = np.full(UNITS, SPACING), np.zeros(UNITS)
    for number, half in enumerate((pair.fine, pair.coarse)):
        angle = np.rad2deg(np.arctan2(*half.waves[0][::-1]))
        spacing[module == number], orientation[module == number] = half.spacing, (angle - 30) % 60
    columns = {"module": module, "spacing": spacing, "orientation": orientation, "live": module >= 0} | {
        name: np.full(UNITS, value) for name, value in (("gridness60", 1.2), ("gridness90", 0.1), ("ellipticity", 1.0))
    }
    return xr.Dataset({name: ("unit", values) for name, values in columns.items()})


@pytest.fixture(scope="module")
def values():
    population, pair = truth(one=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measurement, "POWER_DRAWS", 1)
        patch.setattr(kick, "DIRECTIONS", 3)
        return measure_one_torus(
            Attractor(population, [pair.units]),
            walks_of(400, 4),
            population.maps(blank_maps(2.4)),
            population.maps(blank_maps(4.0)),
            tuning_of(pair),
            Settings(draws=20, alike=0.4, training_steps=60, seed=0),
        )


def network_of(data):
    _, pair = truth(one=True)
    return NetworkResults("full", 0, {"one_torus": data, "tuning": tuning_of(pair)})


@pytest.fixture
def written(values, tmp_path):
    ONE_TORUS.write(tmp_path / "seed0.nc", values, {"seed": "0"})
    return read_one_torus(tmp_path / "seed0.nc")


@pytest.fixture
def unmeasured(tmp_path):
    _, pair = truth(one=True)
    tuning = tuning_of(pair)
    tuning["module"] = ("unit", np.where(tuning["module"].values == 0, 0, -1))
    network = Attractor(truth(one=True)[0], [pair.units])
    settings = Settings(draws=1, alike=0.4, training_steps=60, seed=0)
    found = measure_one_torus(network, walks_of(100, 3), None, None, tuning, settings)
    ONE_TORUS.write(tmp_path / "seed1.nc", found, {"seed": "1"})
    return read_one_torus(tmp_path / "seed1.nc")


def test_the_file_holds_what_was_measured(values, written):
    assert written.attrs["pair"] == MEASURED
    assert set(written.data_vars) == set(ONE_TORUS.words)
    for name, held in values.variables.items():
        np.testing.assert_array_equal(written[name].values, held.values)
    assert (written["module"].values[FINE] == 0).all()


def test_the_network_is_told_from_two_lattices(written):
    network = network_of(written)
    assert statistics.lattice_misfit(network) < 0.05
    assert statistics.on_lattice(network) > 0.85
    assert statistics.units_off_lattice(network) == 0
    assert statistics.phase_lock(network) > 0.8
    assert statistics.controls_told("harmonics")(network) == 1
    assert statistics.controls_told("phases")(network) == 1
    assert statistics.confusion_of_independent(network) < 1
    assert 0.5 < statistics.range_against_independent(network) < 1.3


def test_the_halves_of_one_torus_settle_on_one_place(written):
    assert written["kick_fine"].values[0] - written["kick_coarse"].values[0] > 0.7
    assert statistics.kick_gap(network_of(written)) < 0.2
    assert written["kick_whole"].values.mean() == pytest.approx(1, abs=0.2), "but for its drift it stays"


def test_independent_modules_keep_the_kick():
    population, pair = truth(one=False)
    network = Attractor(population, [pair.fine.units, pair.coarse.units])
    maps = population.maps(blank_maps(2.4))
    kicked = kick.measure_kick(network, walks_of(100, 3), pair, maps, np.random.default_rng([1]))
    assert kicked.fine[-1] - kicked.coarse[-1] > 0.7
    assert kicked.apart[-1] > 0.7
    assert kicked.apart_halves[-1] < kicked.apart[-1] / 2, "the halves of one module are one attractor"


def test_a_network_with_one_module_says_so(unmeasured):
    assert unmeasured.attrs["pair"].startswith("n/a")
    network = network_of(unmeasured)
    for value in (
        statistics.lattice_misfit, statistics.on_lattice, statistics.units_off_lattice, statistics.unit_groups,
        statistics.phase_lock, statistics.drift_lock, statistics.kick_gap, statistics.joint_torus,
        statistics.map_torus,
        statistics.range_against_independent, statistics.confusion_of_independent, statistics.controls_told("drift"),
    ):  # fmt: skip
        assert np.isnan(value(network))
    assert np.isfinite(statistics.kept(3)(network)), "directions need no modules"


def test_the_figure_draws_what_there_is(written, unmeasured):
    figure = draw([0, 1], [written, unmeasured])
    panels = {axes.get_ylabel(): axes for axes in figure.get_axes()}
    assert "seed 1" in figure.get_suptitle()
    assert len(panels["displacement / kick"].lines) == 4
    assert len(panels["modules apart, rms (m)"].lines) == 2 * len(POPULATIONS)


def test_the_figure_of_no_pair_says_so(unmeasured):
    figure = draw([1], [unmeasured])
    assert all("n/a" in axes.texts[0].get_text() for axes in figure.get_axes())
