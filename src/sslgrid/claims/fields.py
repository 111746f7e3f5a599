"""One number per localiser about the waves that its maps are made of; NaN if it cannot be measured."""

import numpy as np

from sslgrid.claims.networks import NetworkResults
from sslgrid.spatial.gridness import HEXAGONAL, NO_LATTICE, SQUARE


def mean_of_live(name: str):
    """Mean of a unit's variable over the live units."""

    def value(network: NetworkResults) -> float:
        spectra = network.read("spectra")
        of_live = spectra[name].values[spectra["live"].values == 1]
        return float(np.nanmean(of_live)) if np.isfinite(of_live).any() else np.nan

    return value


frequency, fields, anisotropy = (mean_of_live(name) for name in ("frequency", "fields", "wall_anisotropy"))
beyond_plane, amplitude = mean_of_live("beyond_plane"), mean_of_live("amplitude")


def largest_shells(network: NetworkResults) -> float:
    """Share of the variance beyond planes in the two neighbouring orders that hold most of it."""
    share = network.read("spectra")["shell_share"].values
    return float((share[:-1] + share[1:]).max())


def lattice_share(network: NetworkResults) -> float:
    """Share of the judged units that are on a lattice; 0 if none is judged."""
    spectra = network.read("spectra")
    return float((spectra["lattice"].values != NO_LATTICE).sum() / max(spectra["judged"].values.sum(), 1))


def beyond_mixtures(network: NetworkResults) -> float:
    """Share of the judged units on a lattice, less that of random mixtures of them."""
    spectra = network.read("spectra")
    judged = max(spectra["judged"].values.sum(), 1)
    return lattice_share(network) - float(spectra["mixture_lattices"].mean() / judged)


def modes_against_mixtures(network: NetworkResults) -> float:
    """Effective number of modes in a judged unit's map, over that of random mixtures."""
    spectra = network.read("spectra")
    used, mixed = spectra["modes_used"].values[spectra["judged"].values == 1], spectra["mixture_modes_used"].values
    known = np.isfinite(used).any() and np.isfinite(mixed).any()
    return float(np.nanmean(used) / np.nanmean(mixed)) if known else np.nan


def share_of_lattices(kind: int):
    """Share of a kind among the units on a lattice; NaN if there are none."""

    def value(network: NetworkResults) -> float:
        lattice = network.read("spectra")["lattice"].values
        lattice = lattice[lattice != NO_LATTICE]
        return float((lattice == kind).mean()) if len(lattice) else np.nan

    return value


square, hexagonal = share_of_lattices(SQUARE), share_of_lattices(HEXAGONAL)


def lattices_beyond_chance(network: NetworkResults) -> float:
    """1 if more judged units are on a lattice than in 95 % of the random mixtures."""
    spectra = network.read("spectra")
    own, mixed = (spectra["lattice"].values != NO_LATTICE).sum(), spectra["mixture_lattices"].values
    return float((1 + (mixed >= own).sum()) / (1 + len(mixed)) <= 0.05)
