"""Populations of known truth, as large, as noisy and as far walked as the network's own: the controls of every test.

`one_lattice`: every unit mixes the first two shells of one lattice around a place of its own, and all drift together.
`two_lattices`: two modules whose spacings have the brain's ratio, turned at random, each with a drift of its own.
`two_copies`: the network's own units. Its coarse module runs on the walks, its fine one in a second copy of the network
that runs on the same walks, turned and slowed down; so it is independent by construction, and keeps its real units,
noise and drift.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from sslgrid.generalisation.one_torus.drift_lock import Record
from sslgrid.generalisation.one_torus.harmonics import rotation
from sslgrid.generalisation.one_torus.pair import Module, Pair
from sslgrid.geometry.fourier import lattice_waves
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.walks import Walks

RATIO = 1.42  # of the spacings of neighbouring modules in rats (Stensola et al. 2012)
SQRT3 = 3**0.5


@dataclass(frozen=True)
class Synthetic:
    """Units whose rates are a known function of the place of their module's code.

    wave_vectors: (unit, wave, 2) cycles per metre. centres: (unit, 2) m, where every wave of the unit peaks. strengths:
    (unit, wave). Units of no module have no strength. fine: (unit,) bool, whose place is the fine module's.
    """

    wave_vectors: np.ndarray
    centres: np.ndarray
    strengths: np.ndarray
    fine: np.ndarray

    def rates(self, fine: np.ndarray, coarse: np.ndarray) -> np.ndarray:
        """States of unit length (..., unit) with the code of either module at these places (..., 2) m."""
        rates = np.empty((*fine.shape[:-1], len(self.fine)))
        for unit, (waves, centre, strength) in enumerate(
            zip(self.wave_vectors, self.centres, self.strengths, strict=True)
        ):
            place = fine if self.fine[unit] else coarse
            rates[..., unit] = np.cos(2 * np.pi * (place - centre) @ waves.T) @ strength
        rates = rates.clip(0)
        length = np.linalg.norm(rates, axis=-1, keepdims=True)
        return rates / np.where(length > 0, length, 1)

    def maps(self, like: RateMaps) -> RateMaps:
        """Rate maps over the arena of others, without drift or noise."""
        places = np.stack(np.meshgrid(like.centres, like.centres), axis=-1)
        return replace(like, rates=np.moveaxis(self.rates(places, places), -1, 0).astype(np.float32), stability=None)


def one_lattice(pair: Pair, units: int, rng: np.random.Generator) -> tuple[Synthetic, Pair]:
    """Two shells of one lattice. Units keep the numbers they have in the pair; fine ones are those that lean to the
    second shell.
    """
    spacing, turn = pair.coarse.spacing, rng.uniform(0, 60)
    first = lattice_waves(spacing, turn, HEXAGONAL)
    second = lattice_waves(spacing / SQRT3, turn + 30, HEXAGONAL)
    fine = _is_fine(pair, units)
    share = rng.uniform(0.5, 1, units)
    share = np.where(fine, 1 - share, share)  # of the first shell, in variance
    strengths = np.sqrt(np.stack([share] * 3 + [1 - share] * 3, axis=1))
    waves = np.broadcast_to(np.concatenate([first, second]), (units, 6, 2))
    population = Synthetic(waves, _centres(units, spacing, rng), _of_pair(strengths, pair), fine)
    return population, _pair_of(pair, second, spacing / SQRT3, first, spacing)


def two_lattices(pair: Pair, units: int, rng: np.random.Generator) -> tuple[Synthetic, Pair]:
    """Two modules of unrelated lattices, with the numbers of units that the pair has."""
    spacing, turn = pair.coarse.spacing, rng.uniform(0, 60, 2)
    coarse, fine = lattice_waves(spacing, turn[0], HEXAGONAL), lattice_waves(spacing / RATIO, turn[1], HEXAGONAL)
    is_fine = _is_fine(pair, units)
    waves = np.where(is_fine[:, None, None], fine, coarse)
    population = Synthetic(waves, _centres(units, spacing, rng), _of_pair(np.ones((units, 3)), pair), is_fine)
    return population, _pair_of(pair, fine, spacing / RATIO, coarse, spacing)


def walk_synthetic(
    population: Synthetic,
    positions: np.ndarray,
    diffusion: float,
    noise: float,
    together: bool,
    rng: np.random.Generator,
) -> Record:
    """Walk it along positions (step, walk, 2) m. The code's place diffuses away from the walk's.

    diffusion: m, standard deviation of the drift of a step, along each axis; one drift for both modules if `together`.
    noise: length of the random vector that is added to each state of length 1.
    """
    fine, coarse = (np.cumsum(diffusion * rng.standard_normal(positions.shape), axis=0) for _ in range(2))
    activity = population.rates(positions + (coarse if together else fine), positions + coarse)
    of_pair = population.strengths.any(axis=1)
    added = noise * rng.standard_normal(activity.shape, np.float32) / np.sqrt(of_pair.sum())
    return Record(positions, (activity + np.where(of_pair, added, 0)).astype(np.float32))


def turned_walks(walks: Walks, turn: float, scale: float) -> Walks:
    """The same walks about the origin, turned by `turn` rad and scaled."""
    positions = np.asarray(walks.positions) @ (scale * rotation(turn)).T
    return Walks(positions, np.asarray(walks.headings) + turn)


def turned_fine_maps(maps: RateMaps, fine: np.ndarray, turn: float, scale: float) -> RateMaps:
    """The maps that the fine units (unit,) have along `turned_walks`: those at the turned place. NaN beyond the arena.

    All units become NaN there, so that what is compared is compared over the same places.
    """
    places = np.stack(np.meshgrid(maps.centres, maps.centres), axis=-1) @ (scale * rotation(turn)).T
    at = RegularGridInterpolator(
        (maps.centres,) * 2, np.moveaxis(maps.rates[fine].astype(float), 0, -1), bounds_error=False
    )
    turned = np.moveaxis(at(places[..., ::-1]), -1, 0)
    known = np.isfinite(turned).all(axis=0)
    rates = np.where(known, maps.rates, np.nan)
    rates[fine] = turned
    return replace(maps, rates=rates.astype(np.float32), occupancy=maps.occupancy * known, stability=None)


def turned_pair(pair: Pair, turn: float, scale: float) -> Pair:
    """The pair with the fine module's lattice as it is along `turned_walks`."""
    fine = replace(pair.fine, waves=pair.fine.waves @ (scale * rotation(turn)), spacing=pair.fine.spacing / scale)
    return replace(pair, fine=fine)


def both_copies(
    visits: Iterator[tuple[np.ndarray, np.ndarray]], turned: Iterator[tuple[np.ndarray, np.ndarray]], fine: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The positions and activity of the first visits, with the fine units (unit,) of the second."""
    for (positions, activity), (_, other) in zip(visits, turned, strict=True):
        joint = activity.copy()
        joint[:, fine] = other[:, fine]
        yield positions, joint


def _centres(units: int, spacing: float, rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(-10 * spacing, 10 * spacing, (units, 2))  # many unit cells: any phase is as likely


def _is_fine(pair: Pair, units: int) -> np.ndarray:
    return np.isin(np.arange(units), pair.fine.units)


def _of_pair(strengths: np.ndarray, pair: Pair) -> np.ndarray:
    return np.where(np.isin(np.arange(len(strengths)), pair.units)[:, None], strengths, 0.0)


def _pair_of(pair: Pair, fine: np.ndarray, fine_spacing: float, coarse: np.ndarray, spacing: float) -> Pair:
    return Pair(
        Module(pair.fine.units, fine, fine_spacing, HEXAGONAL), Module(pair.coarse.units, coarse, spacing, HEXAGONAL)
    )
