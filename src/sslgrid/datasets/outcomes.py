"""How a training ended: an attribute of results/networks/<condition>/seed<k>/training.nc"""

import re
from pathlib import Path

import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.datasets import netcdf

FINISHED = "finished"  # as sslgrid.sic.step says it; not imported, so that no table or figure depends on how to train
UNMEASURED = "conformal_isometry"  # where it is 0


def read_history(path: Path, *names: str) -> xr.Dataset:
    """A training's history with these variables. Raises InputError if it does not say how the training ended.

    The conformal isometry of a batch without a short step is NaN: it was recorded as 0, but nothing was measured.
    """
    history = netcdf.read(path, *names)
    if "outcome" not in history.attrs:
        raise InputError(f"{path} does not say how the training ended: delete it and let snakemake make it again")
    if UNMEASURED in history:
        history[UNMEASURED] = history[UNMEASURED].where(history[UNMEASURED] != 0)
    return history


def terms_of(history: xr.Dataset) -> dict[str, str]:
    """The terms of a SIC network's loss that a history holds, in its order: the label of each, with its unit."""
    return {str(name): _label(values.attrs) for name, values in history.items() if _is_term(str(name), values)}


def _is_term(name: str, values: xr.DataArray) -> bool:
    return name != "loss" and values.attrs.get("long_name", "").endswith(" loss")


def _label(attributes: dict[str, str]) -> str:
    words, unit = attributes["long_name"].removesuffix(" loss"), attributes["units"]
    raised = re.sub(r"(-?[0-9]+)", r"$^{\1}$", unit)  # m-2
    return words if unit == "1" else f"{words} ({raised})"


def divergence(history: xr.Dataset) -> str:
    """ "diverged at step N: ...", of a network that is the last sound snapshot; "" if the training finished."""
    outcome = history.attrs["outcome"]
    return "" if outcome == FINISHED else outcome
