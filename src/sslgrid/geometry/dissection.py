"""The dissection of a network: every module's waves and phases, and the states of one population."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sslgrid.datasets.geometry import GEOMETRY
from sslgrid.geometry import homology
from sslgrid.geometry.fourier import closure_error, explained_share, find_wave_vectors, mean_power
from sslgrid.geometry.phases import uniformity, unit_phases
from sslgrid.geometry.state_space import (
    even_sample,
    principal_components,
    ring_agreement,
    ring_projections,
    spectral_embedding,
)
from sslgrid.modules.lattices import tuned_rates
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.ratemap import RateMaps

LARGEST_MODULE, TUNED_UNITS = "largest_module", "tuned_units"
MEASURED = "measured"
FEWEST_UNITS = 8  # the three rings of a torus take six dimensions
UNIFORM_DRAWS = 4000
WAVE_NUMBERS = 121  # along each axis of the Fourier power
REACH = 2  # how far it goes, in units of the longest wave vector


def measure_geometry(
    visits: Iterable[tuple[np.ndarray, np.ndarray]],
    side: float,
    maps: RateMaps,
    tuning: xr.Dataset,
    population: str,
    draws: int,
    rng: np.random.Generator,
) -> xr.Dataset:
    """What a file of `datasets.geometry.GEOMETRY` holds; its attribute `torus` says why it holds no more.

    visits: step by step, the positions (walk, 2) m and the activity (walk, unit) along walks through an arena of this
    side, m. maps, tuning: of the network in this arena. population: whose states to analyse, `LARGEST_MODULE` or
    `TUNED_UNITS`. draws: of the homology's null.
    """
    measures, wave_numbers = measure_waves(maps, tuning, rng)
    member, torus = choose_population(maps, tuning["module"].values, population)
    if torus == MEASURED:
        positions, activity = record(visits, member)
        chosen = even_sample(positions, side, rng)
        torus = judge_states(chosen)
    if torus == MEASURED:
        measures |= {"position": positions[chosen], **measure_states(activity, chosen, draws, rng)}
        if population == LARGEST_MODULE:
            waves = measures["wave_vector"][tuning["module"].values[member][0]]
            measures |= measure_rings(activity[chosen], positions[chosen], measures["phase"][member], waves)
    axes = {"kx": wave_numbers, "ky": wave_numbers} if "power" in measures else {}
    return GEOMETRY.dataset({"member": member.astype(np.int8), **measures}, axes, torus=torus)


def record(visits: Iterable[tuple[np.ndarray, np.ndarray]], member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every visit, walk after walk: positions (visit, 2) m and the activity of the member units (visit, unit)."""
    steps = [(positions, activity[:, member]) for positions, activity in visits]
    positions, activity = (np.stack(values, axis=1) for values in zip(*steps, strict=True))
    return positions.reshape(-1, 2), activity.reshape(-1, activity.shape[-1])


def measure_waves(
    maps: RateMaps, tuning: xr.Dataset, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The measures of every module, and the wave numbers (k,) m-1 of their Fourier power; none without modules."""
    module = tuning["module"].values
    modules = [np.flatnonzero(module == number) for number in range(module.max() + 1)]
    if not modules:
        return {}, np.empty(0)
    table = describe_modules(tuning)
    waves = [
        find_wave_vectors(maps.rates[members], maps.centres, *lattice)
        for members, *lattice in zip(modules, table["spacing"], table["orientation"], table["kind"], strict=True)
    ]
    reach = REACH * max(np.linalg.norm(of_module, axis=1).max() for of_module in waves)
    wave_numbers = np.linspace(-reach, reach, WAVE_NUMBERS)
    wave_vector = np.full((len(modules), 3, 2), np.nan)
    phase = np.full((len(module), 3), np.nan)
    tests, power, share = [], [], []
    for number, (members, of_module) in enumerate(zip(modules, waves, strict=True)):
        rates = maps.rates[members]
        wave_vector[number, : len(of_module)] = of_module
        phase[members, : len(of_module)] = unit_phases(rates, maps.centres, of_module)
        tests.append(uniformity(phase[members, :2], UNIFORM_DRAWS, rng))
        share.append(explained_share(rates, maps.centres, of_module))
        power.append(mean_power(rates, maps.centres, wave_numbers, wave_numbers))
    return {
        "lattice": table["kind"],
        "wave_vector": wave_vector,
        "closure_error": np.array([closure_error(of_module) for of_module in waves]),
        "wave_share": np.array(share),
        "power": np.stack(power).astype(np.float32),
        "phase": phase,
        **{name: np.array([test[name] for test in tests]) for name in tests[0]},
    }, wave_numbers


def choose_population(maps: RateMaps, module: np.ndarray, population: str) -> tuple[np.ndarray, str]:
    """The units whose states are analysed (unit,) bool; and `MEASURED`, or "n/a: " and why they are too few."""
    if population == LARGEST_MODULE and module.max() < 0:
        return np.zeros(len(module), bool), "n/a: the network has no module"
    if population == LARGEST_MODULE:
        member, whose = module == np.bincount(module[module >= 0]).argmax(), "the largest module"
    else:
        member, whose = np.any(np.isfinite(tuned_rates(maps)), axis=(1, 2)), "the network"
    if member.sum() < FEWEST_UNITS:
        return member, f"n/a: {whose} has {member.sum()} tuned units; a torus takes at least {FEWEST_UNITS}"
    return member, MEASURED


def judge_states(chosen: np.ndarray) -> str:
    """`MEASURED` if the states (state,) are enough for a torus, or "n/a: " and why not."""
    if len(chosen) < homology.LANDMARKS:
        return f"n/a: the walks give {len(chosen)} states; a torus takes at least {homology.LANDMARKS}"
    return MEASURED


def measure_states(
    activity: np.ndarray, chosen: np.ndarray, draws: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """The measures of a population's states. activity: (visit, unit), walk after walk; chosen: (state,) visits.

    draws: of the null.
    """
    score, explained = principal_components(activity[chosen])
    bars = homology.persistence(score)
    null = homology.null_lifetimes(activity, chosen, draws, rng)
    threshold = np.percentile(null, homology.PERCENTILE, axis=0)
    betti = homology.betti_numbers(bars, threshold)
    return {
        "score": score,
        "explained": explained,
        "embedding": spectral_embedding(score),
        "birth": np.concatenate(bars)[:, 0],
        "death": np.concatenate(bars)[:, 1],
        "bar_dimension": np.repeat(np.arange(len(bars), dtype=np.int8), [len(each) for each in bars]),
        "null_lifetime": null,
        "threshold": threshold,
        "betti": betti,
        "is_torus": np.array(np.array_equal(betti, homology.TORUS), np.int8),
        "torus_margin": homology.torus_margins(bars, threshold),
    }


def measure_rings(
    states: np.ndarray, positions: np.ndarray, phase: np.ndarray, wave_vector: np.ndarray
) -> dict[str, np.ndarray]:
    """The ring projections of a module. states: (state, unit) at positions (state, 2) m; phase (unit, 3), radians;
    wave_vector (3, 2), cycles per metre; NaN for the wave that a square module does not have.
    """
    rings = ring_projections(states, phase)
    agreement = ring_agreement(rings, positions, wave_vector)
    return {"ring_x": np.real(rings), "ring_y": np.imag(rings), "ring_agreement": agreement}
