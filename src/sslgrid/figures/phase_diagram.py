"""The full model at every pair of values of two keys: modules, their lattice, and whether they lock."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from sslgrid.emergence.outcomes import COMMENSURATE, UNRELATED
from sslgrid.figures import style
from sslgrid.figures.sweeps import KIND_COLOURS, NOT_RUN, PAIR_COLOURS, at_points, run_on_sweep

QUANTITIES = {  # title, format, lowest and highest of the colours
    "modules": ("number of modules", ".2g", 0, None),
    "significant_share": ("share of live units with significant gridness", ".2f", 0, 1),
    "coarse_spacing": ("larger spacing of the two largest modules (m)", ".2f", 0, None),
    "ratio": ("ratio of spacings of the two largest modules", ".2f", 1, 2.5),
}
CATEGORIES = {
    "kind": ("lattice of the modules", KIND_COLOURS),
    "pair": ("are the two largest modules commensurate?", PAIR_COLOURS),
}
WORDS = {"losses.capacity": "weight of the capacity loss", "losses.sigma_g": r"$\sigma_g$"}  # of other keys their names
LAYOUT = ("modules", "kind", "significant_share", "coarse_spacing", "ratio", "pair")


def draw(sweep: dict, table: pd.DataFrame) -> Figure:
    """sweep: its seeds, reference and points; table: networks.csv, which may lack points."""
    style.use_style()
    (across, x), (down, y) = sweep["axes"].items()
    points = [{"x": point[x], "y": point[y], "condition": point["condition"]} for point in sweep["points"]]
    networks = at_points({"points": points}, table)
    height = 2 * (0.9 + 0.32 * max(networks["y"].nunique(), 3))
    figure, panels = plt.subplots(2, 3, figsize=(style.PAGE_WIDTH, height), layout="constrained")
    for axes, letter, name in zip(panels.flat, "abcdef", LAYOUT, strict=True):
        if name in QUANTITIES:
            _draw_quantity(axes, networks, name)
        else:
            _draw_category(axes, networks, name, len(sweep["seeds"]))
        _mark_cells(axes, networks, sweep["reference"], len(sweep["seeds"]))
        axes.invert_yaxis()
        axes.set(xlabel=WORDS.get(across, across), ylabel=WORDS.get(down, down))
        axes.tick_params(length=0)
        style.label_panel(axes, letter, x=-0.1, y=1.02)
    return figure


def _draw_quantity(axes: Axes, networks: pd.DataFrame, name: str) -> None:
    """The mean over seeds, in words too."""
    title, form, low, high = QUANTITIES[name]
    mean = networks.pivot_table(name, "y", "x", "mean", dropna=False)
    sns.heatmap(
        mean, ax=axes, cmap=style.RATE_COLOURS, annot=True, fmt=form, annot_kws={"fontsize": 5.5}, cbar=False,
        linewidths=0.6, linecolor="white", vmin=low, vmax=high,
    )  # fmt: skip
    axes.set_title(title, fontsize=6, pad=14)
    ran = networks.pivot_table("seed", "y", "x", "count", dropna=False) > 0
    for row, column in np.argwhere((ran & mean.isna()).to_numpy()):
        axes.text(column + 0.5, row + 0.5, "–", fontsize=5.5, color="0.5", ha="center", va="center")


def _draw_category(axes: Axes, networks: pd.DataFrame, name: str, seeds: int) -> None:
    """The most frequent outcome; how many seeds share it, or what there is of the pair of a single one."""
    title, colours = CATEGORIES[name]
    cells = networks.dropna(subset=[name]).groupby(["y", "x"])
    common = cells[name].agg(lambda outcomes: outcomes.value_counts().reindex(colours).idxmax())
    codes = common.map(list(colours).index).astype(float)
    words = cells.apply(_agreement, name, seeds, include_groups=False)
    grid = {key: sorted(networks[key].unique()) for key in ("y", "x")}

    def spread(values: pd.Series) -> pd.DataFrame:
        return values.unstack("x").reindex(index=grid["y"], columns=grid["x"])

    sns.heatmap(
        spread(codes), ax=axes, cmap=ListedColormap(list(colours.values())), vmin=-0.5, vmax=len(colours) - 0.5,
        annot=spread(words).fillna(""), fmt="", annot_kws={"fontsize": 4.8, "linespacing": 0.95}, cbar=False,
        linewidths=0.6, linecolor="white",
    )  # fmt: skip
    axes.set_title(title, fontsize=6, pad=14)
    axes.legend(
        handles=[Patch(color=colour, label=outcome) for outcome, colour in colours.items()], loc="lower center",
        bbox_to_anchor=(0.5, 0.985), ncols=4, fontsize=5, handlelength=0.8, handleheight=0.8, columnspacing=0.8,
        handletextpad=0.3, borderaxespad=0.2,
    )  # fmt: skip


def _agreement(cell: pd.DataFrame, name: str, seeds: int) -> str:
    if seeds > 1:
        return f"{cell[name].value_counts().max()}/{len(cell)}"
    row = cell.iloc[0]
    if name == "pair" and row["pair"] in (COMMENSURATE, UNRELATED):
        p = "p<.001" if row["p_value"] < 0.001 else f"p={row['p_value']:.2g}".replace("0.", ".")
        return f"√{row['index']:.0f}\n{p}"
    return ""


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _mark_cells(axes: Axes, networks: pd.DataFrame, reference: str, seeds: int) -> None:
    """Frame the full model, hatch what has not run, cross out what diverged."""
    rows, columns = (sorted(networks[key].unique()) for key in ("y", "x"))
    axes.set(facecolor="0.94")
    axes.set_xticks(np.arange(len(columns)) + 0.5, list(map(_value, columns)))
    axes.set_yticks(np.arange(len(rows)) + 0.5, list(map(_value, rows)), rotation=0)
    for (row, column, condition), cell in networks.groupby(["y", "x", "condition"]):
        corner = columns.index(column), rows.index(row)
        if cell["seed"].isna().all():
            axes.add_patch(Rectangle(corner, 1, 1, **NOT_RUN))
        if cell["diverged"].any():
            words = "×" if seeds == 1 else f"{cell['diverged'].sum()}×"
            x, y = corner[0] + 0.96, corner[1] + 0.98
            cross = axes.text(x, y, words, fontsize=7, color="crimson", ha="right", va="top")
            cross.set_path_effects([withStroke(linewidth=1.2, foreground="white")])
        if condition == reference:
            axes.add_patch(
                Rectangle(corner, 1, 1, fill=False, edgecolor="black", linewidth=1.5, clip_on=False, zorder=3)
            )


if __name__ == "__main__":
    run_on_sweep(__spec__.name, draw, __doc__)
