"""The rate map of every unit, seed by seed."""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from sslgrid.figures import style
from sslgrid.figures.networks import Network, run_on_networks
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

COLUMNS = 12
ROW, TITLE = 0.75, 0.35  # in: heights of a row of maps and of the words above a network


def draw(networks: list[Network]) -> plt.Figure:
    """A block of maps for each network."""
    style.use_style()
    orders = [_order(network.tuning) for network in networks]
    rows = [max(-(-len(order) // COLUMNS), 1) for order in orders]
    heights = [ROW * count + TITLE for count in rows]
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights)), layout="constrained")
    blocks = figure.subfigures(len(networks), 1, height_ratios=heights, squeeze=False)[:, 0]
    for block, network, count, order in zip(blocks, networks, rows, orders, strict=True):
        block.suptitle(_summary(network), fontsize=7, x=0.01, ha="left")
        panels = block.subplots(count, COLUMNS, squeeze=False).flat
        for axes in panels:
            axes.axis("off")
        for axes, unit in zip(block.axes, order, strict=False):
            _draw_unit(axes, network.maps.rates[unit], network.maps.side, network.tuning.isel(unit=unit))
    return figure


def _order(tuning: xr.Dataset) -> np.ndarray:
    """Those in modules first, then the other live units, by rising spacing; the silent ones last."""
    module, spacing = tuning["module"].values, tuning["spacing"].values
    by_module = np.where(module >= 0, module, module.max() + 1)
    return np.lexsort((np.nan_to_num(spacing, nan=np.inf), by_module, tuning["live"].values != 1))


def _summary(network: Network) -> str:
    live, lattice = int(network.tuning["live"].sum()), network.tuning["lattice"].values
    hexagonal, square = (lattice == HEXAGONAL).sum(), (lattice == SQUARE).sum()
    what = f"{live} live of {len(lattice)} units, {hexagonal} hexagonal, {square} square"
    modules = f"{network.modules.sizes['module']} modules; maps {network.maps.side:g} m wide"
    diverged = f"\ntraining {network.diverged}; its last sound network" if network.diverged else ""
    return f"seed {network.seed}: {what}, {modules}{diverged}"


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
    run_on_networks(draw, __doc__)
