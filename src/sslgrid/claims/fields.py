"""One number per localiser about the waves that its maps are made of; NaN if it cannot be measured.

Means over units are weighted by the variance of their maps where the waves of all are meant.
"""

import numpy as np
import xarray as xr

from sslgrid.claims.networks import NetworkResults
from sslgrid.spatial.gridness import NO_LATTICE, SQUARE

RARE = 0.05
LEARNED = 0.6  # relative error
MORE_THAN_SLOPES = 0.3  # share of the variance beyond planes; slopes of any gain have 0.24 at most


def frequency(network: NetworkResults) -> float:
    """Mean spatial frequency of the maps, periods per m."""
    return _by_variance(network, "frequency")


def mean_order(network: NetworkResults) -> float:
    """Mean order of the maps: half periods along the side."""
    return _by_variance(network, "order")


def order(network: NetworkResults) -> float:
    """The same; NaN of a network that has not learned where it is."""
    return mean_order(network) if relative_error(network) < LEARNED else np.nan


def relative_error(network: NetworkResults) -> float:
    """Mean error along held-out paths over that of the best constant answer."""
    measured = network.read("localisation")
    return float(measured["error"].mean() / measured["constant_error"])


def mean_of(name: str, kind: str = "live"):
    """Mean of a unit's variable over the live, or the judged, units."""

    def value(network: NetworkResults) -> float:
        spectra = network.read("spectra")
        own = spectra[name].values[spectra[kind].values == 1]
        return float(np.nanmean(own)) if np.isfinite(own).any() else np.nan

    return value


def one_shell(network: NetworkResults) -> float:
    """Share of the variance beyond planes in the two neighbouring orders with most of it.

    0 if one of them is the first, or if the maps are little more than planes.
    """
    share = network.read("spectra")["shell_share"].values
    pairs = share[:-1] + share[1:]
    more = pairs.argmax() > 0 and _by_variance(network, "beyond_plane") >= MORE_THAN_SLOPES
    return float(pairs.max()) * more if np.isfinite(pairs).all() else np.nan


def lattice_share(network: NetworkResults) -> float:
    """Share of the judged units that are on a lattice."""
    spectra = network.read("spectra")
    judged = _judged(spectra)
    return float((spectra["lattice"].values != NO_LATTICE).sum() / judged) if judged else np.nan


def beyond_mixtures(network: NetworkResults) -> float:
    """Share of the judged units on a lattice, less that of their random mixtures."""
    spectra = network.read("spectra")
    judged = _judged(spectra)
    return lattice_share(network) - float(spectra["mixture_lattices"].mean() / judged) if judged else np.nan


def p_of_lattices(network: NetworkResults) -> float:
    """Probability that random mixtures have as many lattices: (1 + draws that have) / (1 + draws)."""
    spectra = network.read("spectra")
    own, mixed = (spectra["lattice"].values != NO_LATTICE).sum(), spectra["mixture_lattices"].values
    return float((1 + (mixed >= own).sum()) / (1 + len(mixed))) if _judged(spectra) else np.nan


def has_more_than_mixtures(network: NetworkResults) -> float:
    """1 if random mixtures of the same waves have as many lattices in at most one draw of twenty.

    0 without a judged unit.
    """
    return float(p_of_lattices(network) <= RARE)


def square_share(network: NetworkResults) -> float:
    """Share of square lattices among the units on a lattice; NaN if there are none."""
    lattice = network.read("spectra")["lattice"].values
    on_one = lattice[lattice != NO_LATTICE]
    return float((on_one == SQUARE).mean()) if len(on_one) else np.nan


def hexagonal_share(network: NetworkResults) -> float:
    """Share of hexagonal lattices among the units on a lattice; NaN if there are none."""
    return 1 - square_share(network)


def modes_against_mixtures(network: NetworkResults) -> float:
    """Mean effective number of modes in a judged unit's map, over that of random mixtures."""
    return mean_of("modes_used", "judged")(network) / _mixed(network, "mixture_modes_used")


def walls_against_mixtures(network: NetworkResults) -> float:
    """Mean wall anisotropy of the judged units, less that of random mixtures."""
    return mean_of("wall_anisotropy", "judged")(network) - _mixed(network, "mixture_wall_anisotropy")


def _by_variance(network: NetworkResults, name: str) -> float:
    spectra = network.read("spectra")
    weights, values = spectra["variance"].values, spectra[name].values
    known = np.isfinite(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else np.nan


def _judged(spectra: xr.Dataset) -> int:
    return int(spectra["judged"].values.sum())


def _mixed(network: NetworkResults, name: str) -> float:
    values = network.read("spectra")[name].values
    return float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
