"""What the claims about one torus are measured by: one number per network, from its results of kind `one_torus`.

NaN if the network has fewer than two modules; 1 or 0 where a condition holds or not.
"""

from collections.abc import Callable

import numpy as np
import xarray as xr

from sslgrid.claims.networks import NetworkResults
from sslgrid.datasets.one_torus import MEASURED

NETWORK = "network"
TRUTH = {"one_lattice": True, "two_lattices": False, "two_copies": False}  # the controls: is it one torus?
ONE = 0.5  # of a share or a lock: from here on two modules count as one torus
ON_LATTICE = 0.05  # of the first |k|: a wave that lies anywhere comes so near in 1 case of 100
GROUPED = 0.05  # p-value up to which units count as parted


def lattice_misfit(network: NetworkResults) -> float:
    """Distance of the fine module's waves from the coarse one's reciprocal lattice, over the first |k|."""
    return _of_network(network, "misfit")


def shared_waves(network: NetworkResults) -> float:
    """How many of the fine module's waves lie on the coarse module's reciprocal lattice."""
    data = network.read("one_torus")
    return float((data["miss"].values <= ON_LATTICE).sum()) if "miss" in data else np.nan


def on_lattice(network: NetworkResults) -> float:
    """Share of the fine module's variance on the coarse module's reciprocal lattice, mean over its units."""
    return _lattice_shares(network).get(NETWORK, np.nan)


def units_off_lattice(network: NetworkResults) -> float:
    """Share of the live units, of whatever module, with less than half of their variance on the coarse lattice."""
    data = network.read("one_torus")
    if "lattice_share" not in data:
        return np.nan
    live = network.read("tuning")["live"].values == 1
    off = ~(_of_population(data, "lattice_share", NETWORK)[live] >= ONE)
    return float(off.mean()) if off.size else 0.0


def unit_groups(network: NetworkResults) -> float:
    """1 if the units fall into two groups by how much of what lies on the first two shells lies on the first."""
    p = _of_network(network, "groups_p")
    return float(p <= GROUPED) if np.isfinite(p) else np.nan


def phase_lock(network: NetworkResults) -> float:
    """Mean cosine of the error of the fine units' phases, foretold from their phases on the coarse lattice."""
    return _of_network(network, "phase_lock")


def drift_lock(network: NetworkResults) -> float:
    """How far the modules drift together at the end of the long walks: 1 together, 0 as those of two walks."""
    return _at_end(network).get(NETWORK, np.nan)


def kick_gap(network: NetworkResults, name: str = "kick_apart") -> float:
    """How far apart the modules are in each kick, in the last third of the walks since the fine one was kicked.

    name: "kick_apart_halves" for two halves of the fine module instead.
    """
    data = network.read("one_torus")
    if name not in data:
        return np.nan
    apart = data[name].values
    known = apart[np.isfinite(apart)]
    return float(np.sqrt(np.square(known[-max(len(known) // 3, 1) :]).mean())) if len(known) else np.nan


def kept(direction: int, name: str = "exponent") -> Callable[[NetworkResults], float]:
    """What is left of a small displacement after a trajectory of training, along the direction of that rank."""

    def value(network: NetworkResults) -> float:
        data = network.read("one_torus")
        if name not in data:
            return np.nan
        return float(np.exp(data[name].values[direction - 1] * int(data["training_steps"])))

    return value


def kept_by_modules(direction: int) -> Callable[[NetworkResults], float]:
    """`kept`, times the share of that displacement that units of modules carry."""

    def value(network: NetworkResults) -> float:
        data = network.read("one_torus")
        if "in_modules" not in data or data.attrs["pair"] != MEASURED:
            return np.nan
        return kept(direction)(network) * float(data["in_modules"].values[direction - 1])

    return value


def carriers(direction: int) -> Callable[[NetworkResults], float]:
    """How many units carry a displacement along the direction of that rank: 1 / the sum of their squared shares."""

    def value(network: NetworkResults) -> float:
        data = network.read("one_torus")
        return float(1 / np.square(data["carried"].values[direction - 1]).sum()) if "carried" in data else np.nan

    return value


def carried_on_lattice(direction: int) -> Callable[[NetworkResults], float]:
    """Share of variance on the coarse lattice, mean over units by how much of that direction each carries."""

    def value(network: NetworkResults) -> float:
        data = network.read("one_torus")
        if "lattice_share" not in data:
            return np.nan
        shares, carried = _of_population(data, "lattice_share", NETWORK), data["carried"].values[direction - 1]
        known = np.isfinite(shares)
        return float(np.average(shares[known], weights=carried[known])) if carried[known].any() else np.nan

    return value


def joint_torus(network: NetworkResults) -> float:
    """1 if the joint states of the two largest modules are a torus."""
    return _of_network(network, "is_torus")


def map_torus(network: NetworkResults) -> float:
    """1 if the states of both modules at the places of the maps are a torus."""
    data = network.read("one_torus")
    return float(data["map_torus"]) if "map_torus" in data else np.nan


def range_against_independent(network: NetworkResults) -> float:
    """Effective range of the two modules over the median range with the fine one turned."""
    data = network.read("one_torus")
    return float(data["range"] / np.median(data["turned_range"])) if "range" in data else np.nan


def confusion_of_independent(network: NetworkResults) -> float:
    """Median share of the far places that look alike with the fine module turned, over the network's own share."""
    data = network.read("one_torus")
    if "confused" not in data or not float(data["confused"]) > 0:
        return np.nan
    return float(np.median(data["turned_confused"]) / data["confused"])


def controls_told(test: str) -> Callable[[NetworkResults], float]:
    """1 if a test calls the population of one lattice one, and those of two lattices and of two copies two.

    test: "harmonics", "phases", "drift" or "topology".
    """
    measured = {
        "harmonics": _lattice_shares,
        "phases": lambda network: _by_population(network, "phase_lock"),
        "drift": _at_end,
        "topology": lambda network: _by_population(network, "is_torus"),
    }[test]

    def value(network: NetworkResults) -> float:
        values = measured(network)
        return float(all((values[name] >= ONE) == one for name, one in TRUTH.items())) if values else np.nan

    return value


def _lattice_shares(network: NetworkResults) -> dict[str, float]:
    """Share of the fine module's variance on the coarse lattice, mean over its units, by population."""
    data = network.read("one_torus")
    if "lattice_share" not in data:
        return {}
    shares = data["lattice_share"].values[:, data["module"].values == 0]
    return dict(zip(_populations(data), shares.mean(axis=1).tolist(), strict=True))


def _at_end(network: NetworkResults) -> dict[str, float]:
    """Lock under drift in the last window, by population."""
    data = network.read("one_torus")
    return (
        dict(zip(_populations(data), data["drift_lock"].values[:, -1].tolist(), strict=True)) if "range" in data else {}
    )


def _by_population(network: NetworkResults, name: str) -> dict[str, float]:
    data = network.read("one_torus")
    return dict(zip(_populations(data), data[name].values.tolist(), strict=True)) if name in data else {}


def _of_network(network: NetworkResults, name: str) -> float:
    return float(_by_population(network, name).get(NETWORK, np.nan))


def _of_population(data: xr.Dataset, name: str, population: str) -> np.ndarray:
    return data[name].values[_populations(data).index(population)]


def _populations(data: xr.Dataset) -> list[str]:
    return data["population"].attrs["flag_meanings"].split()
