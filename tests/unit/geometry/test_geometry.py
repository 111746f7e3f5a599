"""Waves, phases and the torus, on populations whose geometry is known."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from examples import grid_of, hexagonal, place, smooth_noise, square
from sslgrid.basics.errors import InputError
from sslgrid.geometry import homology
from sslgrid.geometry.fourier import closure_error, find_wave_vectors, lattice_waves, mean_power
from sslgrid.geometry.phases import uniformity, unit_phases
from sslgrid.geometry.state_space import (
    even_sample,
    principal_components,
    ring_agreement,
    ring_projections,
    spectral_embedding,
)
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE


def circular_distance(a, b):
    return np.abs(np.angle(np.exp(1j * (a - b))))


@settings(max_examples=25)
@given(
    spacing=st.floats(0.4, 1.3),
    orientation=st.floats(0, 60),
    side=st.sampled_from([2.0, 3.0, 4.0]),
    error=st.floats(-0.07, 0.07),
    turn=st.floats(-5, 5),
    seed=st.integers(0, 1000),
)
def test_waves_and_phases_of_a_hexagonal_module(spacing, orientation, side, error, turn, seed):
    """To a fifth of a Fourier bin (1 / side), from a start that is off, with a noisy map and a corner unvisited."""
    rng = np.random.default_rng(seed)
    points = grid_of(side, 0.05)
    offsets = rng.uniform(-1, 1, (12, 2))
    rates = np.stack([hexagonal(points, spacing, orientation, offset) for offset in offsets])
    rates += 0.05 * smooth_noise(rng, rates.shape, 1.0)
    rates[:, :4, :4] = np.nan
    centres = points[0, :, 0]
    waves = find_wave_vectors(rates, centres, spacing * (1 + error), orientation + turn, HEXAGONAL)
    true = lattice_waves(spacing, orientation, HEXAGONAL)
    nearest = np.linalg.norm(np.concatenate([true, -true]) - waves[:, None], axis=2).min(axis=1)
    assert nearest.max() < 0.2 / side
    assert closure_error(waves) < 0.05
    angles = np.arctan2(waves[:, 1], waves[:, 0])
    np.testing.assert_allclose(np.rad2deg(np.diff(np.unwrap(angles))), 60, atol=6)
    error = circular_distance(unit_phases(rates, centres, waves), 2 * np.pi * offsets @ waves.T)
    assert np.median(error) < 0.2


def test_waves_of_a_sheared_square_module():
    points = grid_of(2.0, 0.04)
    offsets = np.random.default_rng(0).uniform(-1, 1, (8, 2))
    stretch = np.diag([1.1, 0.9])
    rates = np.stack([square(points @ stretch, 0.6, 10.0, offset) for offset in offsets])
    waves = find_wave_vectors(rates, points[0, :, 0], 0.6, 12.0, SQUARE)
    np.testing.assert_allclose(waves, lattice_waves(0.6, 10.0, SQUARE) @ stretch, atol=0.01)
    assert np.isnan(closure_error(waves))


def test_waves_need_a_lattice():
    with pytest.raises(ValueError, match="kind is 0; expected 1"):
        lattice_waves(0.5, 0.0, 0)


def test_power_of_a_wave():
    """A wave of amplitude 2 has power 1 at its peak, for whatever phase, and none elsewhere."""
    points = grid_of(2.0, 0.04)
    rates = np.stack([2 * np.cos(2 * np.pi * 3 * points[..., 0] + phase) + 5 for phase in (0.0, 1.0)])
    k = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
    power = mean_power(rates, points[0, :, 0], k, k)
    np.testing.assert_allclose(power[2], [1, 0, 0, 0, 1], atol=1e-3)
    np.testing.assert_allclose(power[[0, 1, 3, 4]], 0, atol=1e-3)


def test_uniformity_is_calibrated():
    """P-values of uniform phases are uniform; clumps and lattices are told apart."""
    rng = np.random.default_rng(0)
    tests = [uniformity(rng.uniform(-np.pi, np.pi, (20, 2)), 200, rng) for _ in range(200)]
    assert kstest([test["p_clumped"] for test in tests], "uniform").pvalue > 0.01
    clumped = uniformity(rng.normal(0.5, 0.8, (20, 2)), 1000, rng)
    assert clumped["p_clumped"] < 0.01 < 0.9 < clumped["p_even"]
    even = uniformity(
        np.stack(np.meshgrid(np.arange(5), np.arange(5)), axis=-1).reshape(-1, 2) * 2 * np.pi / 5, 1000, rng
    )
    assert even["p_even"] < 0.01 < 0.9 < even["p_clumped"]


@pytest.fixture(scope="module")
def path():
    """A walk all over a 2 m box, reflected at its walls: (visit, 2) m."""
    turns = np.cumsum(np.random.default_rng(0).normal(0, 0.3, 8000))
    free = np.cumsum(0.06 * np.stack([np.cos(turns), np.sin(turns)], axis=1), axis=0)
    return 2 * np.abs(free / 4 % 1 * 2 - 1) - 1


def module_population(path, units=27, spacing=0.9):
    """A hexagonal module with phases all over the unit cell: activity (visit, unit) and phases (unit, wave)."""
    cell = spacing * np.array([[1, 0], [0.5, 3**0.5 / 2]])
    offsets = np.random.default_rng(1).uniform(size=(units, 2)) @ cell
    activity = np.stack([hexagonal(path, spacing, 0.0, offset) ** 2 for offset in offsets], axis=1)
    return activity, 2 * np.pi * offsets @ lattice_waves(spacing, 0.0, HEXAGONAL).T


def place_population(path, units=25):
    centres = np.linspace(-0.9, 0.9, round(units**0.5))
    return np.stack([place(path, np.array([x, y]), 0.3) for x in centres for y in centres], axis=1)


@pytest.mark.parametrize(("population", "expected"), [("module", [1, 2, 1]), ("place cells", [1, 0, 0])])
def test_a_module_is_a_torus_and_a_place_code_a_sheet(population, expected, path, monkeypatch):
    monkeypatch.setattr(homology, "LANDMARKS", 80)
    activity = module_population(path)[0] if population == "module" else place_population(path)
    rng = np.random.default_rng(0)
    chosen = even_sample(path, 2.0, rng)
    bars = homology.persistence(principal_components(activity[chosen])[0])
    threshold = homology.null_lifetimes(activity, chosen, 15, rng).max(axis=0)
    assert homology.betti_numbers(bars, threshold).tolist() == expected
    assert (homology.torus_margins(bars, threshold)[1:] > 1).all() == (population == "module")


def test_lifetimes_do_not_depend_on_the_size_of_the_cloud(path):
    states = module_population(path)[0][::8]
    small, large = (homology.persistence(principal_components(scale * states)[0]) for scale in (0.1, 10))
    for a, b in zip(small, large, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert (np.diff(a[:, 1] - a[:, 0]) <= 0).all(), "the longest first"


def test_pieces_are_counted():
    points = np.random.default_rng(0).normal(size=(200, 6)) + 100 * (np.arange(200) % 2)[:, None]
    assert (homology.lifetimes(homology.persistence(points))[0] > 1).sum() == 2


def test_landmarks_are_far_apart():
    chosen = homology.landmarks(np.arange(100.0)[:, None], 5)
    assert {0, 99} <= set(chosen) and np.diff(np.sort(chosen)).min() > 20


def test_without_ripser_the_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ripser", None)
    with pytest.raises(InputError, match="pip install ripser"):
        homology.persistence(np.random.default_rng(0).normal(size=(60, 6)))


def test_rings_turn_with_the_position(path):
    activity, phases = module_population(path)
    waves = lattice_waves(0.9, 0.0, HEXAGONAL)
    rings = ring_projections(activity[::5], phases)
    assert (ring_agreement(rings, path[::5], waves) > 0.9).all()
    assert (np.abs(ring_agreement(rings, path[::5], 1.7 * waves)) < 0.3).all()


def test_states_are_sampled_evenly_and_embedded_alike(path):
    chosen = even_sample(path, 2.0, np.random.default_rng(0))
    cells = np.floor((path + 1) / 0.05).clip(max=39)
    assert len(np.unique(cells[chosen], axis=0)) == len(chosen) == len(np.unique(cells, axis=0))
    components, explained = principal_components(module_population(path)[0][chosen])
    assert components.shape == (len(chosen), 6) and (np.diff(explained) <= 0).all()
    np.testing.assert_array_equal(spectral_embedding(components), spectral_embedding(components))
