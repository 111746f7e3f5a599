"""What a network ended as, in one row: its units, its modules, and whether the two largest are independent."""

import numpy as np
import pandas as pd
import xarray as xr

from sslgrid.datasets.outcomes import FINISHED, terms_of
from sslgrid.emergence.modules import largest_pair, lattice_share
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

FINAL_ROWS = 20  # of training.nc: a single batch says little
OF_ONE_KIND = 0.75  # of the units in modules: less are a mixture of lattices
LEVEL = 0.05  # of the test for a superlattice
# What can be said of a pair of modules. "unrelated" is no proof: no superlattice was found near.
NO_PAIR, NOT_COMPARABLE, COMMENSURATE, UNRELATED = "no pair", "not comparable", "commensurate", "unrelated"


def describe_network(tuning: xr.Dataset, modules: xr.Dataset, history: xr.Dataset) -> dict:
    """One row of a table of networks; history: its losses, and how training ended as `outcome`.

    Means and medians are over the live units; `ellipticity` is the mean over the units in modules. `fine_spacing` and
    `coarse_spacing` (m) are of the two modules with most units, `ratio`, `turn` (deg), `index`, `mismatch` and
    `p_value` of that pair; of a single module both spacings are its own. What there is none of is NaN.
    """
    units, losses = tuning.to_dataframe(), ("loss", *terms_of(history))
    live = units[units["live"] == 1]
    return (
        {
            "outcome": history.attrs["outcome"],
            "live": len(live),
            "significant_share": float(lattice_share(units["live"].to_numpy(), units["significant"].to_numpy())),
            "modules": modules.sizes["module"],
            "units_in_modules": int(modules["units"].sum()),
            "kind": _kind(modules),
            "ellipticity": units.loc[units["module"] >= 0, "ellipticity"].mean(),
        }
        | {
            f"{score}_{statistic}": live[score].agg(statistic)
            for score in ("gridness60", "gridness90", "spatial_information")
            for statistic in ("mean", "median")
        }
        | _largest_pair(modules)
        | {f"final_{name}": history[name][-FINAL_ROWS:].to_series().mean() for name in losses}
    )


def _kind(modules: xr.Dataset) -> str:
    """The lattice of the units in modules: "none", "hexagonal", "square" or "mixed"."""
    units = modules["units"].values
    if not units.sum():
        return "none"
    hexagonal, square = (units[modules["kind"].values == kind].sum() / units.sum() for kind in (HEXAGONAL, SQUARE))
    return "hexagonal" if hexagonal >= OF_ONE_KIND else "square" if square >= OF_ONE_KIND else "mixed"


def _largest_pair(modules: xr.Dataset) -> dict:
    """Comparison of the two modules with most units (the finer on a tie); `pair` says if they are independent."""
    largest, pair = largest_pair(modules)
    spacing = modules["spacing"].values[largest]
    found = dict.fromkeys(("ratio", "turn", "index", "mismatch", "p_value"), np.nan)
    words = NO_PAIR
    if pair is not None:
        found = {name: float(modules[name][pair]) for name in found}
        p = found["p_value"]
        words = NOT_COMPARABLE if np.isnan(p) else COMMENSURATE if p < LEVEL else UNRELATED
    fine, coarse = (spacing[0], spacing[-1]) if len(spacing) else (np.nan, np.nan)
    return {"fine_spacing": fine, "coarse_spacing": coarse, **found, "pair": words}


def summarise(networks: pd.DataFrame) -> str:
    """One line about the networks of one condition, failures counted. networks: rows of `describe_network`."""
    count = len(networks)
    kinds = ", ".join(f"{number} {kind}" for kind, number in networks["kind"].value_counts().items())
    pairs = networks[networks["pair"] != NO_PAIR]
    diverged = (networks["outcome"] != FINISHED).sum()
    line = (
        f"{count} networks, {diverged} diverged; modules {_values(networks['modules'], '.0f')} ({kinds}); "
        f"live {_values(networks['live'], '.0f')}; gridness60 {_values(networks['gridness60_mean'], '.2f')}, "
        f"gridness90 {_values(networks['gridness90_mean'], '.2f')}"
    )
    if networks["modules"].any():
        line += f"; coarse spacing {_values(networks['coarse_spacing'], '.2f')} m"
    if len(pairs):
        line += (
            f", ratio {_values(pairs['ratio'], '.2f')}, turn {_values(pairs['turn'], '.0f')} deg; "
            f"{(pairs['pair'] == COMMENSURATE).sum()} of {len(pairs)} pairs commensurate"
        )
    return line


def _values(numbers: pd.Series, form: str) -> str:
    """The number of each network, in order."""
    return " ".join("n/a" if np.isnan(number) else f"{number:{form}}" for number in numbers)
