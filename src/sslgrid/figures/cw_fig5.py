"""Cueva & Wei (2018), figure 5: units with and without regularisation, and the classes of every condition."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sslgrid.emergence.classes import class_shares
from sslgrid.figures import style
from sslgrid.figures.networks import ShownNetwork, run_on_networks
from sslgrid.spatial.classes import CLASSES

COLUMNS = 20  # of maps
ORDER = ("hexagonal", "sheared", "square", "band", "border", "place", "none")


def shares(networks: list[ShownNetwork]) -> pd.DataFrame:
    """Share of the live units in each class: a row per network, with condition and seed."""
    rows = []
    for network in networks:
        (of_class,) = class_shares(network.tuning["class"].values[None], network.tuning["live"].values[None])
        rows.append({"condition": network.condition, "seed": network.seed, **dict(zip(CLASSES, of_class, strict=True))})
    return pd.DataFrame(rows)


def draw(networks: list[ShownNetwork]) -> Figure:
    """All units of the networks that come with maps, and below the classes of all."""
    style.use_style()
    mapped = [network for network in networks if network.maps is not None]
    rows = [-(-len(network.drawn.rates) // COLUMNS) for network in mapped]
    heights = [0.36 * count + 0.25 for count in rows]
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights) + 2.6), layout="constrained")
    parts = style.subfigures(figure, len(mapped) + 1, 1, height_ratios=[*heights, 2.6])
    for part, network, count in zip(parts, mapped, rows, strict=False):
        _draw_units(part, network, count)
    _draw_classes(parts[-1].subplots(), shares(networks))
    return figure


def _draw_units(part, network: ShownNetwork, rows: int) -> None:
    part.suptitle(f"{network.condition}, seed {network.seed}", fontsize=7, x=0.01, ha="left")
    kinds = network.tuning["class"].values
    order = np.argsort([ORDER.index(CLASSES[kind]) for kind in kinds], kind="stable")
    panels = part.subplots(rows, COLUMNS, squeeze=False, gridspec_kw={"wspace": 0.05, "hspace": 0.05}).ravel()
    for axes, unit in zip(panels, order, strict=False):
        colour = style.CLASS_COLOURS[CLASSES[kinds[unit]]]
        style.draw_ratemap(axes, network.drawn.rates[unit], network.drawn.side, colour, network.drawn.signed)
    for axes in panels[len(order) :]:
        axes.axis("off")


def _draw_classes(axes, table: pd.DataFrame) -> None:
    """Stacked shares, a bar per network."""
    left = np.zeros(len(table))
    names = [f"{row.condition} {row.seed}" for row in table.itertuples()]
    for kind in ORDER:
        words = "irregular" if kind == "none" else kind
        axes.barh(names, table[kind], left=left, color=style.CLASS_COLOURS[kind], label=words)
        left += table[kind]
    axes.invert_yaxis()
    axes.set(xlabel="share of the live units", xlim=(0, 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(ORDER))


if __name__ == "__main__":
    run_on_networks(__spec__.name, draw, __doc__)
