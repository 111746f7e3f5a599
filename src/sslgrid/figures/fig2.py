"""Figure 2: several modules of grid cells (Schaeffer et al. 2023, figure 2)."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.figure import SubFigure

from sslgrid.figures import style
from sslgrid.figures.units import run_on_units
from sslgrid.module_table import describe_modules
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, LATTICE_THRESHOLD, NO_LATTICE, SQUARE
from sslgrid.spatial.ratemap import RateMaps

SEEDS = 2  # networks whose units are drawn; the statistics show all
MODULES = 4  # of one network, the largest
UNITS = 9  # of one module


def draw(seeds: list[int], maps: list[RateMaps], tuning: list[xr.Dataset]) -> plt.Figure:
    """One rate map file and one tuning file per seed."""
    style.use_style()
    rows = [
        (seed, module, maps[index], tuning[index])
        for index, seed in enumerate(seeds[:SEEDS])
        for module in _largest_modules(tuning[index])
    ]
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 0.85 * max(len(rows), 1) + 2.4), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(0.85 * max(len(rows), 1), 2.2))
    _draw_examples(upper, rows, seeds[:SEEDS])
    _draw_statistics(lower, seeds, tuning)
    return figure


def _largest_modules(tuning: xr.Dataset) -> list[int]:
    """The largest modules of a network, by rising spacing."""
    module = tuning["module"].values
    names, counts = np.unique(module[module >= 0], return_counts=True)
    return sorted(names[np.argsort(-counts, kind="stable")][:MODULES])


def _draw_examples(figure: SubFigure, rows: list[tuple[int, int, RateMaps, xr.Dataset]], seeds: list[int]) -> None:
    if not rows:
        names = ", ".join(map(str, seeds))
        figure.text(0.5, 0.5, f"n/a: no modules in the networks of seed {names}", ha="center", va="center")
        return
    panels = figure.subplots(len(rows), UNITS + 1, squeeze=False, width_ratios=[1.5] + [1] * UNITS)
    for row, (seed, module, maps, tuning) in zip(panels, rows, strict=True):
        members = np.flatnonzero(tuning["module"].values == module)
        gridness = np.maximum(tuning["gridness60"].values, tuning["gridness90"].values)
        best = members[np.argsort(-gridness[members], kind="stable")][:UNITS]
        side = (maps.centres[1] - maps.centres[0]) * len(maps.centres)
        row[0].axis("off")
        table = describe_modules(tuning)
        lattice, spacing = KINDS[int(table["kind"][module])], table["spacing"][module]
        row[0].text(
            0, 0.5, f"seed {seed}, module {module}\n{lattice}\n{spacing:.2f} m\n{len(members)} units",
            va="center", fontsize=6.5, color=style.LATTICE_COLOURS[lattice],
        )  # fmt: skip
        for axes in row[1:]:
            axes.axis("off")
        for axes, unit in zip(row[1:], best, strict=False):
            axes.axis("on")
            style.draw_ratemap(axes, maps.rates[unit], side, frame=style.LATTICE_COLOURS[lattice])
            axes.set_title(f"{np.nanmax(maps.rates[unit]):.2f}", fontsize=5.5, pad=1.5)
    style.scale_bar(panels[-1, 1], 0.25 * _nice(side), side)
    style.label_panel(panels[0, 0], "a", x=-0.02, y=0.95)


def _nice(side: float) -> float:
    """The arena's side, rounded down to 1, 2 or 4 times a power of ten."""
    power = 10 ** np.floor(np.log10(side))
    return max(step for step in (power, 2 * power, 4 * power) if step <= side * (1 + 1e-9))


def _draw_statistics(figure: SubFigure, seeds: list[int], tuning: list[xr.Dataset]) -> None:
    units = pd.concat(
        [data.to_dataframe().assign(seed=str(seed)) for seed, data in zip(seeds, tuning, strict=True)],
        ignore_index=True,
    )
    live = units[units["live"] == 1]
    shown = live[(live["lattice"] != NO_LATTICE) | (live["module"] >= 0)]
    on_lattice = shown.assign(lattice=np.where(shown["gridness90"] > shown["gridness60"], SQUARE, HEXAGONAL))
    widest = on_lattice["spacing"].max() if len(on_lattice) else 1.0
    spacing, hexagonal, square, gridness = figure.subplots(1, 4, width_ratios=(1.3, 0.8, 0.8, 1.3))
    _histogram(spacing, on_lattice["spacing"], on_lattice["lattice"], np.arange(0, widest + 0.1, 0.05))
    spacing.set(xlabel="spacing (m)", ylabel="units", xlim=(0, None))
    for axes, kind, period in ((hexagonal, HEXAGONAL, 60), (square, SQUARE, 90)):
        of_kind = on_lattice[on_lattice["lattice"] == kind]
        _histogram(axes, of_kind["orientation"], of_kind["lattice"], np.arange(0, period + 1, 3))
        axes.set(xlabel=f"{KINDS[kind]}\norientation (deg)", xlim=(0, period), xticks=range(0, period + 1, 30))
    for kind, name in KINDS.items():
        some = live[live["lattice"] == kind]
        colour = style.LATTICE_COLOURS[name]
        gridness.scatter(some["gridness60"], some["gridness90"], s=7, color=colour, linewidth=0, label=name)
    gridness.axvline(LATTICE_THRESHOLD, color="0.5", linewidth=0.5, linestyle=":")
    gridness.axhline(LATTICE_THRESHOLD, color="0.5", linewidth=0.5, linestyle=":")
    gridness.set(xlabel="hexagonal gridness (60 deg)", ylabel="square gridness (90 deg)")
    gridness.legend(title="lattice", handletextpad=0.1)
    for axes, letter in zip((spacing, hexagonal, square, gridness), "bcde", strict=True):
        style.label_panel(axes, letter, x=-0.1)


def _histogram(axes: plt.Axes, values: pd.Series, lattice: pd.Series, bins: np.ndarray) -> None:
    """Counts, stacked and coloured by the kind of lattice."""
    if len(values) == 0:
        axes.text(0.5, 0.5, "no units", ha="center", va="center", transform=axes.transAxes)
        return
    colours = {kind: style.LATTICE_COLOURS[name] for kind, name in KINDS.items()}
    sns.histplot(
        x=values,
        hue=lattice,
        bins=bins,
        multiple="stack",
        palette=colours,
        linewidth=0.3,
        legend=False,
        alpha=1,
        ax=axes,
    )
    axes.set_ylabel("")


if __name__ == "__main__":
    run_on_units(draw, __doc__)
