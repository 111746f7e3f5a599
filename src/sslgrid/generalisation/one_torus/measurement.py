"""The stage: the tests of one torus and the range, on one network and on populations of known truth beside it."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.datasets.one_torus import MEASURED, ONE_TORUS
from sslgrid.datasets.schema import flags
from sslgrid.generalisation.drift import expectation, window_edges
from sslgrid.generalisation.one_torus import populations as of
from sslgrid.generalisation.one_torus.directions import Directions, PushedNetwork, measure_directions
from sslgrid.generalisation.one_torus.drift_lock import (
    LOST,
    STRETCH,
    DriftLock,
    Record,
    first_beyond,
    measure_drift_lock,
    module_displacements,
    record,
)
from sslgrid.generalisation.one_torus.harmonics import measure_harmonics, mixture, two_groups_p
from sslgrid.generalisation.one_torus.kick import AFTER, measure_kick
from sslgrid.generalisation.one_torus.pair import SHELLS, Pair, find_pair
from sslgrid.generalisation.one_torus.phase_lock import measure_phase_lock
from sslgrid.generalisation.one_torus.ranges import measure_ranges
from sslgrid.generalisation.one_torus.topology import even_steps, measure_topology, states_of, states_of_maps
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.activity import WalkedNetwork, follow
from sslgrid.walks.walks import Walks

POPULATIONS = ("network", "one_lattice", "two_lattices", "two_copies")
BARS = 10  # of each dimension that are kept, the longest
WAVES = 3  # of a hexagonal module; a square one has two
NUMBER_OF_SHELLS = max(len(shells) for shells in SHELLS.values())
POWER_DRAWS = 10  # populations of either kind behind the power of the topological test
FIRST_STEPS = 50  # whose states, before any drift, say how noisy the code is


@dataclass(frozen=True)
class Settings:
    """draws: of the nulls. alike: neural distance below which two places look alike. training_steps: of a
    trajectory of training. seed: the network's.
    """

    draws: int
    alike: float
    training_steps: int
    seed: int


@dataclass(frozen=True)
class Population:
    """Units, their two modules and maps, and what they did along the long walks."""

    pair: Pair
    plane: RateMaps  # of the widest arena
    walked: Record
    shifts: np.ndarray  # (2, stretch, walk, 2) m, displacements of the fine and the coarse module


def measure_one_torus(
    network: PushedNetwork, walks: Walks, maps: RateMaps, plane: RateMaps, tuning: xr.Dataset, settings: Settings
) -> xr.Dataset:
    """What a file of `datasets.one_torus.ONE_TORUS` holds; its attribute `pair` says why it holds no more.

    Without two modules it holds the directions alone, which need none.

    walks: long ones, in the arena of `maps`. plane: maps of the widest arena.
    """
    pair = find_pair(tuning, plane)
    rng = stream(settings.seed, "one torus")
    if pair is None:
        found = measure_directions(network, walks, rng)
        alone = {**values_of(found, tuning), "training_steps": np.int32(settings.training_steps)}
        return ONE_TORUS.dataset(alone, pair="n/a: the network has fewer than two modules")
    walked = record(follow(network, walks))
    own = Population(pair, plane, walked, module_displacements(pair, maps, walked))
    edges = np.unique((window_edges(len(walked.positions)) - 1) // STRETCH)
    drift = measure_drift_lock(pair, own.shifts, edges, 1, rng)
    steps = STRETCH * (edges[:-1] + edges[1:]) / 2
    noise, diffusion = noise_of(walked, maps), diffusion_of(drift, steps, pair.coarse.spacing)
    every = (
        own,
        *(synthetic(truth, own, maps, diffusion, noise, rng) for truth in (True, False)),
        two_copies(own, network, walks, maps, rng),
    )
    results = [measure_population(population, edges, settings, rng) for population in every]
    values = {name: np.stack([each[name] for each in results]) for name in results[0]}
    reach, turned, turns = measure_ranges(pair, plane, settings.alike, settings.seed)
    kick = measure_kick(network, walks, pair, maps, rng)
    of_maps = measure_topology(states_of_maps(maps, pair.units))
    directions, of_copies = directions_of(own, network, walks, rng)
    power = [torus_share(truth, own, diffusion, noise, rng) for truth in (True, False)]
    values |= {
        "module": module_of(pair, len(plane.rates)),
        "noise": np.float64(noise),
        "diffusion": np.float64(diffusion),
        "kick_fine": _padded(kick.fine, AFTER + 1),
        "kick_coarse": _padded(kick.coarse, AFTER + 1),
        "kick_whole": _padded(kick.whole, AFTER + 1),
        "kick_apart": _padded(kick.apart, AFTER + 1),
        "kick_apart_halves": _padded(kick.apart_halves, AFTER + 1),
        **values_of(directions, tuning),
        "exponent_two_copies": of_copies,
        "training_steps": np.int32(settings.training_steps),
        "cells": np.float64(pair.cells),
        "miss": _padded(pair.misses, WAVES),
        "map_margin": np.float64(of_maps.margin),
        "map_torus": np.int8(of_maps.is_torus),
        "range": np.float64(reach.reach),
        "turned_range": np.array([each.reach for each in turned]),
        "confused": np.float64(reach.confused),
        "turned_confused": np.array([each.confused for each in turned]),
        "torus_power": np.float64(power[0]),
        "torus_false": np.float64(power[1]),
    }
    names = flags(*POPULATIONS)
    axes = {"window": steps, "turn": turns, "kick_step": np.arange(AFTER + 1), "population": names["flag_values"]}
    dataset = ONE_TORUS.dataset(values, axes, pair=MEASURED)
    dataset["population"].attrs.update(names)
    return dataset


def measure_population(
    population: Population, edges: np.ndarray, settings: Settings, rng: np.random.Generator
) -> dict[str, np.ndarray | np.generic]:
    """The four tests on one population."""
    pair, units = population.pair, len(population.plane.rates)
    harmonics = measure_harmonics(pair, population.plane, settings.draws, rng)
    phases = measure_phase_lock(pair, population.plane, settings.draws, rng)
    drift = measure_drift_lock(pair, population.shifts, edges, settings.draws, rng)
    topology = measure_topology(states_of(population.walked, pair.units))
    phase_error = np.full((units, WAVES), np.nan)
    phase_error[pair.fine.units, : phases.error.shape[1]] = phases.error
    return {
        "spacing": np.array([pair.fine.spacing, pair.coarse.spacing]),
        "misfit": np.float64(pair.misfit),
        "lattice_share": harmonics.lattice_share,
        "null_mean": harmonics.null_mean,
        "null_high": harmonics.null_high,
        "shell_share": _padded(harmonics.shell_share.T, NUMBER_OF_SHELLS).T,
        "groups_p": np.float64(two_groups_p(mixture(harmonics.shell_share)[pair.units], settings.draws, rng)),
        "phase_error": phase_error,
        "phase_lock": np.float64(phases.lock),
        "phase_p": np.float64(phases.p_value),
        "drift": np.stack([drift.fine_drift, drift.coarse_drift]),
        "apart": drift.apart,
        "apart_shuffled": drift.apart_shuffled,
        "drift_lock": drift.lock,
        "drift_p": np.float64(drift.p_value),
        "loops": _padded(topology.loops, BARS),
        "cavities": _padded(topology.cavities, BARS),
        "torus_margin": np.float64(topology.margin),
        "is_torus": np.int8(topology.is_torus),
    }


def synthetic(
    one: bool, own: Population, maps: RateMaps, diffusion: float, noise: float, rng: np.random.Generator
) -> Population:
    """A population of one lattice or of two, with the network's numbers of units, walks, drift and noise."""
    make = of.one_lattice if one else of.two_lattices
    population, pair = make(own.pair, len(own.plane.rates), rng)
    walked = of.walk_synthetic(population, own.walked.positions, diffusion, noise, one, rng)
    shifts = module_displacements(pair, population.maps(maps), walked)
    return Population(pair, population.maps(own.plane), walked, shifts)


def two_copies(
    own: Population, network: WalkedNetwork, walks: Walks, maps: RateMaps, rng: np.random.Generator
) -> Population:
    """The network's own units, with the fine module driven by walks that are turned at random and slowed down."""
    fine = own.pair.fine.units
    turn = np.deg2rad(rng.uniform(0, 60))
    scale = of.RATIO * own.pair.fine.spacing / own.pair.coarse.spacing
    pair = of.turned_pair(own.pair, turn, scale)
    visits = zip(own.walked.positions, own.walked.activity, strict=True)
    walked = record(of.both_copies(visits, follow(network, of.turned_walks(walks, turn, scale)), fine))
    shifts = module_displacements(pair, of.turned_fine_maps(maps, fine, turn, scale), walked)
    return Population(pair, of.turned_fine_maps(own.plane, fine, turn, scale), walked, shifts)


def directions_of(
    own: Population, network: PushedNetwork, walks: Walks, rng: np.random.Generator
) -> tuple[Directions, np.ndarray]:
    """The directions of the network, and the exponents (direction,) of two copies of it that share nothing.

    The second copy walks paths that are turned at random, as in `two_copies`. What two separate networks keep is what
    either keeps.
    """
    alone = measure_directions(network, walks, rng)
    turn = np.deg2rad(rng.uniform(0, 60))
    scale = of.RATIO * own.pair.fine.spacing / own.pair.coarse.spacing
    other = measure_directions(network, of.turned_walks(walks, turn, scale), rng)
    both = np.concatenate([alone.exponents, other.exponents])
    return alone, -np.sort(-both)[: len(alone.exponents)]


def values_of(directions: Directions, tuning: xr.Dataset) -> dict[str, np.ndarray]:
    """Exponents, and who carries each direction: its units, and all units of modules together."""
    of_modules = tuning["module"].values >= 0
    return {
        "exponent": directions.exponents,
        "carried": directions.carried,
        "in_modules": directions.carried[:, of_modules].sum(axis=1),
    }


def torus_share(one: bool, own: Population, diffusion: float, noise: float, rng: np.random.Generator) -> float:
    """How often the topological test calls populations of one lattice, or of two, a torus."""
    steps = even_steps(*own.walked.positions.shape[:2])
    between = np.sqrt(np.diff(steps).mean()) if len(steps) > 1 else 1.0  # steps: the drift of one state to the next
    make, found = of.one_lattice if one else of.two_lattices, 0
    for _ in range(POWER_DRAWS):
        population, pair = make(own.pair, len(own.plane.rates), rng)
        walked = of.walk_synthetic(population, own.walked.positions[steps], diffusion * between, noise, one, rng)
        found += measure_topology(states_of(walked, pair.units)).is_torus
    return found / POWER_DRAWS


def noise_of(walked: Record, maps: RateMaps) -> float:
    """Root mean square distance of the states from the maps' states in the first steps, where drift is still small."""
    expected = expectation(maps)(walked.positions[:FIRST_STEPS])
    return float(np.sqrt(np.nanmean(np.square(walked.activity[:FIRST_STEPS] - expected).sum(axis=-1))))


def diffusion_of(drift: DriftLock, steps: np.ndarray, spacing: float) -> float:
    """The drift of a step, m along each axis, of a random walk that loses its place as soon as the coarse module."""
    lost = first_beyond(drift.coarse_drift, LOST * spacing, steps)
    far, step = (LOST * spacing, lost) if np.isfinite(lost) else (drift.coarse_drift[-1], steps[-1])
    return float(far / np.sqrt(2 * step))


def module_of(pair: Pair, units: int) -> np.ndarray:
    """Which of the two modules a unit is in: 0 fine, 1 coarse, -1 neither; (unit,)."""
    module = np.full(units, -1, np.int8)
    module[pair.fine.units], module[pair.coarse.units] = 0, 1
    return module


def _padded(values: np.ndarray, length: int) -> np.ndarray:
    """The first `length` values along the first axis, NaN where there are fewer."""
    filled = np.full((length, *values.shape[1:]), np.nan)
    filled[: len(values)] = values[:length]
    return filled
