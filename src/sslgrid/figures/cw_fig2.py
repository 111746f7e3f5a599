"""Cueva & Wei (2018), figure 2: example units of each class, arena by arena."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from sslgrid.figures import style
from sslgrid.figures.classes import KINDS
from sslgrid.figures.networks import ShownNetwork, run_on_networks
from sslgrid.spatial.classes import UnitClass

EXAMPLES = 3  # of each class
SCORES = {  # by which the best of each kind are chosen
    "grid-like": ("gridness60", "gridness90"),
    "band": ("band_score",),
    "border": ("border_score",),
    "irregular": ("stability",),
}


def draw(networks: list[ShownNetwork]) -> Figure:
    """A row for each condition, with the best units of all its seeds."""
    style.use_style()
    conditions = list(dict.fromkeys(network.condition for network in networks))
    columns = EXAMPLES * len(KINDS)
    size = (style.PAGE_WIDTH, 0.3 + 0.75 * len(conditions))
    figure, panels = plt.subplots(len(conditions), columns, figsize=size, squeeze=False, layout="constrained")
    for number, condition in enumerate(conditions):
        row = panels[number]
        own = [network for network in networks if network.condition == condition]
        row[0].set_ylabel(style.in_lines(condition), rotation=0, ha="right", va="center")
        for place, (words, kinds) in enumerate(KINDS.items()):
            cells = row[place * EXAMPLES : (place + 1) * EXAMPLES]
            if number == 0:
                cells[1].annotate(words, (0.5, 1.35), xycoords="axes fraction", ha="center", fontweight="bold")
            _draw_class(cells, own, kinds, SCORES[words])
    return figure


def _draw_class(
    cells: np.ndarray, networks: list[ShownNetwork], kinds: tuple[int, ...], scores: tuple[str, ...]
) -> None:
    found = sorted(_units_of(networks, kinds, scores), key=lambda unit: -unit[0])
    for axes, unit in zip(cells, found, strict=False):
        score, network, number = unit
        style.draw_ratemap(axes, network.drawn.rates[number], network.drawn.side, signed=network.drawn.signed)
        significant = "*" * bool(network.tuning["significant"][number]) if kinds[0] == UnitClass.HEXAGONAL else ""
        axes.set_title(f"{score:.2f}{significant}", fontsize=5.5, pad=1)
    for axes in cells[len(found) :]:
        axes.set(xticks=[], yticks=[])
        axes.set_frame_on(False)
        axes.set_box_aspect(1)  # as high as those with a map, for the headings
    if not found:
        cells[1].text(0.5, 0.5, "none", ha="center", va="center", transform=cells[1].transAxes, color="0.5")


def _units_of(networks: list[ShownNetwork], kinds: tuple[int, ...], scores: tuple[str, ...]):
    """Score, network and number of each unit of these classes."""
    for network in networks:
        if network.maps is None:
            continue
        tuning = network.tuning
        values = np.max([tuning[name].values for name in scores], axis=0)
        for number in np.flatnonzero(np.isin(tuning["class"].values, kinds) & (tuning["live"].values == 1)):
            yield float(np.nan_to_num(values[number])), network, number


if __name__ == "__main__":
    run_on_networks(__spec__.name, draw, __doc__)
