"""What the maps of one localiser are made of, beside random mixtures of the same waves."""

import numpy as np
import xarray as xr

from sslgrid.datasets.spectra import SPECTRA
from sslgrid.spatial.gridness import NO_LATTICE
from sslgrid.spatial.mixtures import mixtures, modes_used
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.spatial.spectrum import (
    LEAST_BEYOND_PLANE,
    LEAST_STABILITY,
    arena_modes,
    fair_grids,
    is_square,
    spectrum,
    wall_anisotropy,
    without_plane,
)


def measure_spectra(
    maps: RateMaps, live: np.ndarray, by_place: np.ndarray, by_heading: np.ndarray, draws: int, rng: np.random.Generator
) -> xr.Dataset:
    """What a file of `datasets.spectra.SPECTRA` holds.

    live: (unit,) booleans. by_place, by_heading: (unit,) shares of the variance of the rate that each explains.
    """
    rates, bin_size = maps.rates.astype(float), maps.bin_size
    modes = arena_modes(np.asarray(np.isfinite(rates).all(axis=0)), bin_size)
    stability = np.full(len(rates), np.nan) if maps.stability is None else maps.stability
    found = spectrum(rates, modes)
    fair = fair_grids(rates, bin_size, stability, by_place, by_heading)
    judged = live & (stability >= LEAST_STABILITY) & (by_place > by_heading)
    judged &= np.nan_to_num(found.beyond_plane) >= LEAST_BEYOND_PLANE
    beyond = np.nan_to_num(np.nanvar(without_plane(rates), axis=(1, 2)) * live)
    shells = (beyond[:, None] * np.nan_to_num(found.shells)).sum(axis=0)
    mixed = mixtures(rates[judged], modes, bin_size, maps.corners, draws, rng)
    values = {
        "live": live.astype(np.int8),
        "judged": judged.astype(np.int8),
        "variance": np.nan_to_num(np.nanvar(rates, axis=(1, 2)) * live),
        "beyond_plane": found.beyond_plane,
        "beyond_second": found.beyond_second,
        "frequency": found.frequency,
        "order": found.order,
        "amplitude": (np.nanmax(rates, axis=(1, 2)) - np.nanmin(rates, axis=(1, 2))) / 2,
        "fields": fair.fields,
        "wall_anisotropy": wall_anisotropy(rates, maps.corners),
        "modes_used": modes_used(rates) if is_square(maps.corners) else np.full(len(rates), np.nan),
        "gridness60": fair.gridness60,
        "gridness90": fair.gridness90,
        "lattice": np.where(judged, fair.lattice, NO_LATTICE).astype(np.int8),
        "shell_share": shells / beyond.sum() if beyond.any() else np.full(len(shells), np.nan),
        **{f"mixture_{name}": values for name, values in mixed._asdict().items()},
    }
    return SPECTRA.dataset(values, {"shell": np.arange(1, len(shells) + 1)})
