"""The rate map of every unit, seed by seed."""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sslgrid.figures import style
from sslgrid.figures.networks import ShownNetwork, run_on_networks
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

COLUMNS = 12
COLUMN = style.PAGE_WIDTH / COLUMNS  # inches, like all of these
MAP, WORDS = 0.87 * COLUMN, 0.17  # a map, and the words above it
ROW, TITLE = MAP + WORDS + 0.05, 0.22  # a row of maps, and a line of the words above a network


def draw(networks: list[ShownNetwork]) -> Figure:
    """A block of maps for each network.

    All are on one pair of axes, in inches from the upper left corner: axes of their own for hundreds of maps take most
    of a minute.
    """
    style.use_style()
    figure = plt.figure()
    page = figure.add_axes((0, 0, 1, 1))
    page.axis("off")
    height = 0.0
    for network in networks:
        height = _draw_network(page, network, height)
    figure.set_size_inches(style.PAGE_WIDTH, height)
    page.set(xlim=(0, style.PAGE_WIDTH), ylim=(height, 0), aspect="auto")
    return figure


def _draw_network(page: Axes, network: ShownNetwork, top: float) -> float:
    """Words and maps, from `top` (inches) down to what is returned."""
    words = _summary(network)
    page.text(0.05, top + 0.07, words, fontsize=7, va="top")
    top += TITLE * len(words.split("\n"))
    order = _order(network.tuning)
    for place, unit in enumerate(order):
        row, column = divmod(place, COLUMNS)
        corner = (COLUMN * column + (COLUMN - MAP) / 2, top + ROW * row + WORDS)
        _draw_unit(page, corner, network, unit)
    return top + ROW * -(-len(order) // COLUMNS) + (COLUMN - MAP) / 2


def _order(tuning: xr.Dataset) -> np.ndarray:
    """Those in modules first, then the other live units, by rising spacing; the silent ones last."""
    module, spacing = tuning["module"].values, tuning["spacing"].values
    by_module = np.where(module >= 0, module, module.max() + 1)
    return np.lexsort((np.nan_to_num(spacing, nan=np.inf), by_module, tuning["live"].values != 1))


def _summary(network: ShownNetwork) -> str:
    live, lattice = int(network.tuning["live"].sum()), network.tuning["lattice"].values
    hexagonal, square = (lattice == HEXAGONAL).sum(), (lattice == SQUARE).sum()
    what = f"{live} live of {len(lattice)} units, {hexagonal} hexagonal, {square} square"
    modules = f"{network.modules.sizes['module']} modules; maps {network.drawn.side:g} m wide"
    diverged = f"\ntraining {network.diverged}; its last sound network" if network.diverged else ""
    return f"seed {network.seed}: {what}, {modules}{diverged}"


def _draw_unit(page: Axes, corner: tuple[float, float], network: ShownNetwork, unit: int) -> None:
    """A map below its words, framed in its module's colour, with grey dots if that is tentative.

    Of a silent unit the frame alone. corner: upper left.
    """
    x, y = corner
    rates, tuning = network.drawn.rates[unit], network.tuning.isel(unit=unit)
    if tuning["live"] == 1:
        page.imshow(rates, **style.colours_of(rates, network.drawn.signed), extent=(x, x + MAP, y + MAP, y))
        scores = " ".join(_number(tuning[name], ".1f") for name in ("gridness60", "gridness90"))
        words = f"{tuning['max_rate']:.2f}  {scores}\n{_number(tuning['spacing'], '.2f')} m"
        module = int(tuning["module"])
        frame = style.module_colour(module) if module >= 0 else "0.5" if tuning["tentative"] >= 0 else "none"
        line = "-" if module >= 0 else ":"  # a tentative module
    else:
        words, frame, line = "silent", "0.8", "-"
    page.text(x + MAP / 2, y - 0.02, words, fontsize=4.5, linespacing=1.0, ha="center", va="bottom")
    page.add_patch(Rectangle(corner, MAP, MAP, fill=False, edgecolor=frame, linewidth=1.2, linestyle=line))


def _number(value: xr.DataArray, form: str) -> str:
    return f"{float(value):{form}}" if np.isfinite(value) else "–"


if __name__ == "__main__":
    run_on_networks(__spec__.name, draw, __doc__)
