"""What a code is good for, on codes of known worth: plane waves repeat with their lattice, a lone bump never."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from examples import grid_of, hexagonal, place
from sslgrid.coding.decoding import (
    Code,
    code_of_maps,
    decoding_errors,
    effective_range,
    induced_metric,
    neural_distances,
)
from sslgrid.coding.places import FIRST_STEP, WINDOWS, decode_by_window, sampled_steps
from sslgrid.datasets.coding import CODING, read_coding
from sslgrid.datasets.modules import MODULES, PAIRS, read_modules
from sslgrid.figures import coding as figure_of_coding
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.windows import log_windows
from written import filled, write_modules

POINTS = grid_of(2.0, 0.04)
CENTRES = POINTS[0, :, 0]


def maps_of(rates):
    rates = np.stack(rates).astype(np.float32)
    return RateMaps(rates, np.isfinite(rates[0]).astype(float), CENTRES)


def grid_module(spacing, units=24, seed=0):
    phases = np.random.default_rng(seed).uniform(-1, 1, (units, 2))
    return maps_of([hexagonal(POINTS, spacing, 10, phase) / np.sqrt(units) for phase in phases])


def place_sheet():
    centres = np.stack(np.meshgrid(*[np.linspace(-0.9, 0.9, 7)] * 2), axis=-1).reshape(-1, 2)
    return maps_of([place(POINTS, centre, 0.25) for centre in centres])


def visits_of(maps, count=60, seed=1):
    """States without noise at the centres of random bins, one walk."""
    code = code_of_maps(maps)
    for index in np.random.default_rng(seed).integers(len(code.positions), size=count):
        yield code.positions[index][None], code.states[index][None]


def test_code_leaves_out_what_was_not_visited():
    rates = np.where(POINTS[..., 0] > 0.5, np.nan, hexagonal(POINTS, 0.6))
    code = code_of_maps(maps_of([rates, rates]))
    assert code.positions[:, 0].max() < 0.51 and np.isfinite(code.states).all()


def test_decoding_is_exact_without_noise_and_worse_with_it():
    maps = place_sheet()
    noises = np.array([0.0, 0.5, 4.0])
    any_place, near_by = decoding_errors(code_of_maps(maps), visits_of(maps), noises, 0.3, np.random.default_rng(0))
    assert any_place.shape == (3, 60)
    assert any_place[0].max() == near_by[0].max() == 0
    assert 0 < any_place[1].mean() < any_place[2].mean()
    assert near_by.max() <= 0.3 + 1e-9


def test_where_no_places_are_near_by_nothing_is_decoded_among_them():
    maps = place_sheet()
    any_place, near_by = decoding_errors(
        code_of_maps(maps), visits_of(maps), np.array([0.0]), 0.0, np.random.default_rng(0)
    )
    assert np.isfinite(any_place).all() and np.isnan(near_by).all()


def test_decoding_near_by_sees_through_repeats():
    """A single module repeats: with a little noise any repeat will do, but near by the place is found."""
    maps = grid_module(0.6)
    any_place, near_by = decoding_errors(
        code_of_maps(maps), visits_of(maps, 200), np.array([0.05]), 0.25, np.random.default_rng(0)
    )
    assert np.median(any_place) > 0.5 and np.median(near_by) < 0.05


def test_distances_and_range_of_a_code_that_repeats_and_of_one_that_does_not():
    edges = np.arange(0, 1.5, 0.05)
    middles = (edges[1:] + edges[:-1]) / 2
    least, mean = neural_distances(code_of_maps(grid_module(0.6)), edges, 200, np.random.default_rng(0))
    assert np.nanmin(mean - least) >= 0
    assert least[np.isclose(middles, 0.575) | np.isclose(middles, 0.625)].min() < 0.05, "it repeats after one spacing"
    assert 0.45 < effective_range(middles, least, 0.15) < 0.6
    least, _ = neural_distances(code_of_maps(place_sheet()), edges, 200, np.random.default_rng(0))
    assert effective_range(middles, least, 0.15) == np.inf
    assert effective_range(middles, np.zeros(len(middles)), 0.15) == 0
    assert not np.isfinite(
        neural_distances(Code(np.zeros((2, 2)), np.zeros((2, 3))), edges, 2, np.random.default_rng(0))[0]
    ).any()


def test_metric_of_a_plane_and_of_a_stretched_one():
    """g = (a x, b y) stretches space by a and b, whichever is longer, and the walls are left out."""
    axes = induced_metric(maps_of([3 * POINTS[..., 0], 2 * POINTS[..., 1]]))
    assert np.isnan(axes[0]).all() and np.isnan(axes[:, -1]).all()
    np.testing.assert_allclose(axes[1:-1, 1:-1], np.broadcast_to([3.0, 2.0], (48, 48, 2)), rtol=1e-4)
    turned = induced_metric(maps_of([POINTS.sum(axis=-1), np.zeros((50, 50))]))
    np.testing.assert_allclose(turned[5, 5], [np.sqrt(2), 0], atol=1e-3)


def test_a_full_hexagonal_module_is_conformal():
    axes = induced_metric(grid_module(0.8, units=400))
    assert np.nanmedian(axes[..., 0] / axes[..., 1]) < 1.1


@pytest.mark.parametrize("steps", [10_000, 300, 40, 5, 1])
def test_windows_cover_the_walk_and_visit_each_step_once(steps):
    edges = log_windows(min(FIRST_STEP, steps), steps, WINDOWS)
    assert edges[0] == min(10, steps) and edges[-1] == steps + 1
    visited = np.concatenate(sampled_steps(edges, 10))
    assert len(set(visited)) == len(visited) and visited.min() >= edges[0] and visited.max() <= steps


def test_each_window_decodes_its_own_steps():
    code = Code(np.arange(20)[:, None] * [0.1, 0.0], np.eye(20))
    visits = ((np.array([[0.1 * step, 0.0]]), np.eye(20)[[step + (step > 9)]]) for step in range(1, 16))
    early, late = decode_by_window(
        code, visits, [np.array([3, 5, 9]), np.array([12, 15])], 5.0, np.random.default_rng(0)
    )
    np.testing.assert_allclose(early[0, 0], 0, atol=1e-9)
    np.testing.assert_allclose(late[0, 0], 0.1)


def test_figure_draws_networks_with_and_without_modules(tmp_path):
    rng = np.random.default_rng(0)
    coordinates = {name: np.linspace(0 if name == "noise" else 1, 2, 3) for name in CODING.coordinates}
    values = filled(CODING, dict.fromkeys(CODING.coordinates, 3))
    values = {name: rng.uniform(1, 2, each.shape) for name, each in values.items()}
    facts = {"code_hash": "0123"}
    CODING.write(tmp_path / "coding.nc", CODING.dataset(values, coordinates), facts)
    table = {name: np.array([5, 6]) if name == "units" else np.array([1.0, 1.0]) for name in MODULES}
    pair = {name: 0 if name == "fine" else 1 for name in PAIRS}
    write_modules(tmp_path / "two.nc", table | {"kind": np.array([1, 1], np.int8)}, [pair], facts)
    nothing = {name: np.array([], np.int8 if name == "kind" else float) for name in MODULES}
    write_modules(tmp_path / "none.nc", nothing, [], facts)
    data = read_coding(tmp_path / "coding.nc")
    for name in ("two.nc", "none.nc"):
        figure = figure_of_coding.draw([0, 7], [data, data], [read_modules(tmp_path / name)] * 2)
        figure.savefig(tmp_path / "figure.png")
        plt.close(figure)
