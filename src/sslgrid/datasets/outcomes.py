"""How a training ended: an attribute of results/networks/<condition>/seed<k>/training.nc"""

from pathlib import Path

from sslgrid.datasets import netcdf
from sslgrid.errors import InputError

FINISHED = "finished"  # as sslgrid.descent says it; not imported, so that no table or figure depends on how to train


def divergence(history: Path) -> str:
    """ "diverged at step N: ...", of a network that is the last sound snapshot; "" if the training finished."""
    outcome = netcdf.read(history).attrs.get("outcome")
    if outcome is None:
        raise InputError(f"{history} has no attribute outcome: delete it and let snakemake make it again")
    return "" if outcome == FINISHED else outcome
