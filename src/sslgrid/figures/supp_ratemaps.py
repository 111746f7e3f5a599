"""The rate map of every unit, seed by seed."""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from sslgrid.figures import style
from sslgrid.figures.units import run_on_units
from sslgrid.spatial.ratemap import RateMaps

COLUMNS = 12


def draw(seeds: list[int], maps: list[RateMaps], tuning: list[xr.Dataset]) -> plt.Figure:
    """One rate map file and one tuning file per seed."""
    style.use_style()
    orders = [_order(data) for data in tuning]
    rows = [max(-(-len(order) // COLUMNS), 1) for order in orders]
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(0.82 * count + 0.35 for count in rows)), layout="constrained")
    blocks = figure.subfigures(len(seeds), 1, height_ratios=rows, squeeze=False)[:, 0]
    for block, seed, count, order, each, data in zip(blocks, seeds, rows, orders, maps, tuning, strict=True):
        side = (each.centres[1] - each.centres[0]) * len(each.centres)
        block.suptitle(f"{_summary(seed, data)}; maps {side:g} m wide", fontsize=7, x=0.01, ha="left")
        panels = block.subplots(count, COLUMNS, squeeze=False).flat
        for axes in panels:
            axes.axis("off")
        for axes, unit in zip(block.axes, order, strict=False):
            _draw_unit(axes, each.rates[unit], side, data.isel(unit=unit))
    return figure


def _order(tuning: xr.Dataset) -> np.ndarray:
    """Those in modules first, then the other live units, by rising spacing; the silent ones last."""
    module, spacing = tuning["module"].values, tuning["spacing"].values
    by_module = np.where(module >= 0, module, module.max() + 1)
    return np.lexsort((np.nan_to_num(spacing, nan=np.inf), by_module, tuning["live"].values != 1))


def _summary(seed: int, tuning: xr.Dataset) -> str:
    live, lattice = int(tuning["live"].sum()), tuning["lattice"].values
    modules = int(tuning["module"].max()) + 1
    hexagonal, square = (lattice == 1).sum(), (lattice == 2).sum()
    units = tuning.sizes["unit"]
    return f"seed {seed}: {live} live of {units} units, {hexagonal} hexagonal, {square} square, {modules} modules"


def _draw_unit(axes: plt.Axes, rates: np.ndarray, side: float, tuning: xr.Dataset) -> None:
    axes.axis("on")
    if tuning["live"] != 1:
        axes.set(xticks=[], yticks=[], aspect="equal")
        axes.spines[:].set(visible=True, color="0.8")
        axes.set_title("silent\n", fontsize=4.5, pad=1.5, linespacing=1.0, color="0.5")
        return
    module = int(tuning["module"])
    style.draw_ratemap(axes, rates, side, frame=style.module_colour(module) if module >= 0 else None)
    scores = " ".join(_number(tuning[name], ".1f") for name in ("gridness60", "gridness90"))
    spacing = _number(tuning["spacing"], ".2f")
    axes.set_title(f"{tuning['max_rate']:.2f}  {scores}\n{spacing} m", fontsize=4.5, pad=1.5, linespacing=1.0)


def _number(value: xr.DataArray, form: str) -> str:
    return f"{float(value):{form}}" if np.isfinite(value) else "–"


if __name__ == "__main__":
    run_on_units(draw, __doc__)
