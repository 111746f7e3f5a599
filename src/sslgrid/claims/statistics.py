"""One number per network, from its result files: what the claims are about.

Each takes a network and returns a float, NaN if it cannot be measured, and 1 or 0 where a condition holds or not.
Modules and units are those of the arena that the figures show.
"""

from collections.abc import Callable

import numpy as np
import xarray as xr

from sslgrid.basics.arena import RECORDED_ROOMS
from sslgrid.claims.networks import NetworkResults
from sslgrid.emergence.modules import largest_pair
from sslgrid.spatial.classes import LATTICES
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

RAT, IID, RECORDED = ("rat",), ("iid",), tuple(RECORDED_ROOMS)  # motions of arenas
RAT_RATIO = 1.42  # of the spacings of neighbouring modules, mean over rats (Stensola et al. 2012)
CLUMPED = 0.05  # p-value below which phases count as clumped
COMMENSURATE = 0.05  # p-value below which two modules count as superlattices
TOLD_APART = 0.05  # share of random labellings that are told apart better than units that count as like cells
NEAR = 0.3  # m: nearer places may look alike, being nearly the same


def live_units(network: NetworkResults) -> xr.Dataset | None:
    """Tuning of the live units; None if there are live ones and none has scores, as where walks left the arena bare."""
    tuning = network.read("tuning")
    live = tuning.isel(unit=tuning["live"].values == 1)
    scored = np.isfinite(live["spatial_information"].values)
    return None if live.sizes["unit"] and not scored.any() else live


def modules_between(fewest: int, most: float = np.inf) -> Callable[[NetworkResults], float]:
    """A function that is 1 if the number of modules is from `fewest` to `most`, else 0."""

    def value(network: NetworkResults) -> float:
        if live_units(network) is None:
            return np.nan
        return float(fewest <= network.read("modules").sizes["module"] <= most)

    return value


def significant_share(network: NetworkResults) -> float:
    """Share of the live units whose gridness is significant; 0 if no unit is live."""
    live = live_units(network)
    return np.nan if live is None else _share(live["significant"].values == 1)


def module_share(network: NetworkResults) -> float:
    """Share of the live units that belong to a module; 0 if no unit is live."""
    live = live_units(network)
    return np.nan if live is None else _share(live["module"].values >= 0)


def information(network: NetworkResults) -> float:
    """Mean spatial information of the live units, bits per spike; 0 if no unit is live, for the state is constant."""
    live = live_units(network)
    return np.nan if live is None else _mean(live["spatial_information"].values, nothing=0.0)


def fields_per_unit(network: NetworkResults) -> float:
    """Mean number of firing fields of the live units that have one."""
    live = live_units(network)
    if live is None or "fields" not in live:
        return np.nan
    fields = live["fields"].values
    return _mean(fields[fields >= 1])


def hexagonal_share(network: NetworkResults) -> float:
    """Share of the modules' units that are in hexagonal modules."""
    return _over_units(network, network.read("modules")["kind"].values == HEXAGONAL)


def module_gridness(network: NetworkResults) -> float:
    """Gridness of each module's own kind of lattice, mean over the modules' units."""
    modules = network.read("modules")
    square = modules["kind"].values == SQUARE
    return _over_units(network, np.where(square, modules["gridness90"].values, modules["gridness60"].values))


def lattice_ellipticity(network: NetworkResults) -> float:
    """Median ellipticity of the live units of a lattice class, sheared ones among them; NaN if there are none.

    Modules would not do: a unit is in one by the gridness that shear lowers.
    """
    live = live_units(network)
    if live is None:
        return np.nan
    values = live["ellipticity"].values[np.isin(live["class"].values, LATTICES)]
    return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan


def ratio_deviation(network: NetworkResults) -> float:
    """Distance of the spacing ratio of neighbouring modules from that of rats, mean over pairs of neighbours."""
    ratios = network.read("modules")["ratio_to_next"].values[:-1]
    return _mean(np.abs(ratios - RAT_RATIO))


def mismatch(network: NetworkResults) -> float:
    """Distance of the two largest modules' lattices to the nearest superlattice, in units of its spacing."""
    return _of_largest_pair(network, "mismatch")


def independent_modules(network: NetworkResults) -> float:
    """1 if the two largest modules are no nearer to a superlattice than chance brings them."""
    p = _of_largest_pair(network, "p_value")
    return float(p > COMMENSURATE) if np.isfinite(p) else np.nan


def range_in_spacings(network: NetworkResults) -> float:
    """Distance at which some places look alike again, divided by the largest spacing.

    If none do, it is at least the largest distance that was compared, which is taken. NaN if no two places were
    compared, as where the walks visited one bin.
    """
    coding, spacing = network.read("coding"), network.read("modules")["spacing"].values
    compared = coding["range"].values[np.isfinite(coding["least_distance"].values)]
    if not len(compared) or not len(spacing):
        return np.nan
    return float(np.fmin(float(coding["effective_range"]), compared.max()) / spacing.max())


def map_correlation(motions: tuple[str, ...]) -> Callable[[NetworkResults], float]:
    """Correlation of a unit's maps in an arena with those in the first, mean over modules; the lowest of all arenas.

    Arenas: the others with one of these motions. NaN if one of them was not covered.
    """

    def value(network: NetworkResults) -> float:
        generalisation = network.read("generalisation")
        names = generalisation["arena"].attrs["flag_meanings"].split()
        chosen = [place for place, name in enumerate(names) if place and network.arenas[name].motion in motions]
        correlation = generalisation["correlation"].values[chosen]
        return float(correlation.mean(axis=1).min()) if correlation.size else np.nan

    return value


def drift_after(multiple: float) -> Callable[[NetworkResults], float]:
    """Drift after so many times the steps of training, as of `_drift`. NaN if the long walks are shorter."""

    def value(network: NetworkResults) -> float:
        generalisation = network.read("generalisation")
        windows, step = generalisation["window"].values, multiple * float(generalisation["training_steps"])
        return _drift(network, int(np.abs(windows - step).argmin())) if step <= windows[-1] else np.nan

    return value


def drift_at_end(network: NetworkResults) -> float:
    """Drift in the last window of the long walks, as of `_drift`."""
    return _drift(network, -1)


def far_distance(network: NetworkResults) -> float:
    """Lowest mean |g(0) - g(x)| of all rings beyond `NEAR`, in units of the distance at which states are alike."""
    generalisation = network.read("generalisation")
    far = generalisation["mean_distance"].values[generalisation["radius"].values >= NEAR]
    return float(far.min() / float(network.read("coding")["alike"])) if far.size else np.nan


def tiled_share(network: NetworkResults) -> float:
    """Share of the modules whose phases are not clumped."""
    geometry = network.read("geometry")
    return _mean(geometry["p_clumped"].values > CLUMPED) if "p_clumped" in geometry else np.nan


def closure(network: NetworkResults) -> float:
    """Distance of the three waves from closing, |k1 - k2 + k3| / mean |k|; mean over hexagonal modules."""
    geometry = network.read("geometry")
    return _mean(geometry["closure_error"].values) if "closure_error" in geometry else np.nan


def is_torus(network: NetworkResults) -> float:
    """1 if the states of the largest module (of a control: all tuned units) have the homology of a torus."""
    geometry = network.read("geometry")
    return float(geometry["is_torus"]) if "is_torus" in geometry else np.nan


def is_no_torus(network: NetworkResults) -> float:
    """1 if the states were tested and are no torus."""
    return 1 - is_torus(network)


def told_from_cells(network: NetworkResults) -> float:
    """Accuracy of a classifier that tells units from recorded cells, less what 95 % of random labellings stay below."""
    brain = network.read("brain")
    return float(brain["accuracy"]) - float(np.quantile(brain["null_accuracy"].values, 1 - TOLD_APART))


def _share(which: np.ndarray) -> float:
    return float(which.mean()) if len(which) else 0.0


def _mean(values: np.ndarray, nothing: float = np.nan) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else nothing


def _over_units(network: NetworkResults, of_modules: np.ndarray) -> float:
    """Mean over the units of all modules; of_modules: (module,)."""
    units = network.read("modules")["units"].values
    return float(np.average(of_modules, weights=units)) if len(units) else np.nan


def worst_drift(network: NetworkResults) -> np.ndarray:
    """Root mean square drift over the module's spacing, of the worst module whose phase can be read: (window,)."""
    drift = network.read("generalisation")["drift"].values / network.read("modules")["spacing"].values[:, None]
    return np.fmax.reduce(drift, axis=0, initial=np.nan)


def _drift(network: NetworkResults, window: int) -> float:
    """`worst_drift` in a window."""
    return float(worst_drift(network)[window])


def _of_largest_pair(network: NetworkResults, name: str) -> float:
    """A variable of the pair of the two modules with the most units."""
    modules = network.read("modules")
    _, pair = largest_pair(modules)
    return np.nan if pair is None else float(modules[name].values[pair])
