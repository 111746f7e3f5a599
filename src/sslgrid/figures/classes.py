"""The paper's four kinds of units (Cueva & Wei 2018, figure 2), in terms of our classes."""

import numpy as np
import xarray as xr

from sslgrid.figures import style
from sslgrid.spatial.classes import LATTICES, UnitClass

KINDS = {
    "grid-like": LATTICES,
    "band": (UnitClass.BAND,),
    "border": (UnitClass.BORDER,),
    "irregular": (UnitClass.NONE, UnitClass.PLACE),
}
COLOURS = ("hexagonal", "band", "border", "none")
GROUPS = {group: style.CLASS_COLOURS[colour] for group, colour in zip(KINDS, COLOURS, strict=True)}


def group_of(tuning: xr.Dataset) -> np.ndarray:
    """The paper's name for the kind of each unit: the shape of `class`, of str."""
    kinds = tuning["class"].values
    names = [np.isin(kinds, of_group) for of_group in KINDS.values()]
    return np.select(names, list(KINDS), "irregular")
