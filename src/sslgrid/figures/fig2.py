"""Figure 2: several modules of grid cells (Schaeffer et al. 2023, figure 2)."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator

from sslgrid.figures import style
from sslgrid.figures.networks import ShownNetwork, run_on_networks
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, LATTICE_THRESHOLD, NO_LATTICE, SQUARE

SEEDS = 2  # networks whose units are drawn; the statistics show all
MODULES = 4  # of one network, the largest
UNITS = 9  # of one module
ROW, SEED = 0.85, 0.5  # in: height of a row of maps, and of a seed's histograms
# What is counted, seed by seed: of which lattices, the bins' width, and where its axis ends.
HISTOGRAMS = {
    "spacing (m)": ("spacing", (HEXAGONAL, SQUARE), 0.05, None),
    "orientation,\nhexagonal (deg)": ("orientation", (HEXAGONAL,), 3, 60),
    "orientation,\nsquare (deg)": ("orientation", (SQUARE,), 3, 90),
}


def draw(networks: list[ShownNetwork]) -> Figure:
    """Maps of the first networks' modules above the lattices of all."""
    style.use_style()
    rows = [(network, module) for network in networks[:SEEDS] for module in _largest_modules(network.modules)]
    heights = (ROW * max(len(rows), 1), max(SEED * len(networks), 1.3) + 0.8)
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights)), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=heights)
    _draw_examples(upper, rows, networks[:SEEDS])
    by_seed, scores = style.subfigures(lower, 1, 2, width_ratios=(2.6, 1))
    _draw_histograms(by_seed, networks)
    _draw_gridness(scores, networks)
    return figure


def _largest_modules(modules: xr.Dataset) -> list[int]:
    """The largest modules of a network, by rising spacing."""
    return sorted(np.argsort(-modules["units"].values, kind="stable")[:MODULES])


def _draw_examples(figure: SubFigure, rows: list[tuple[ShownNetwork, int]], networks: list[ShownNetwork]) -> None:
    if not rows:
        names = ", ".join(str(network.seed) for network in networks)
        figure.text(0.5, 0.5, f"n/a: no modules in the networks of seed {names}", ha="center", va="center")
        return
    panels = figure.subplots(len(rows), UNITS + 1, squeeze=False, width_ratios=[1.5] + [1] * UNITS)
    for row, (network, module) in zip(panels, rows, strict=True):
        tuning, maps, of_module = network.tuning, network.drawn, network.modules.isel(module=module)
        members = np.flatnonzero(tuning["module"].values == module)
        gridness = np.maximum(tuning["gridness60"].values, tuning["gridness90"].values)
        best = members[np.argsort(-gridness[members], kind="stable")][:UNITS]
        row[0].axis("off")
        lattice = KINDS[int(of_module["kind"])]
        row[0].text(
            0, 0.5, f"seed {network.seed}, module {module}\n{lattice}\n{float(of_module['spacing']):.2f} m\n"
            f"{len(members)} units", va="center", fontsize=6.5, color=style.LATTICE_COLOURS[lattice],
        )  # fmt: skip
        for axes in row[1:]:
            axes.axis("off")
        for axes, unit in zip(row[1:], best, strict=False):
            axes.axis("on")
            style.draw_ratemap(axes, maps.rates[unit], maps.side, frame=style.LATTICE_COLOURS[lattice])
            axes.set_title(f"{np.nanmax(maps.rates[unit]):.2f}", fontsize=5.5, pad=1.5)
    side = rows[-1][0].drawn.side
    style.scale_bar(panels[-1, 1], 0.25 * _nice(side), side)
    style.rate_scale(panels[-1, 2], "rate of a unit, from 0 to its highest, which is the number above its map")
    style.label_panel(panels[0, 0], "a", x=-0.02, y=0.95)


def _nice(side: float) -> float:
    """The arena's side, rounded down to 1, 2 or 4 times a power of ten."""
    power = 10 ** np.floor(np.log10(side))
    return max(step for step in (power, 2 * power, 4 * power) if step <= side * (1 + 1e-9))


def _draw_histograms(figure: SubFigure, networks: list[ShownNetwork]) -> None:
    """A row per seed: its modules in words, and the spacings and orientations of its units."""
    panels = figure.subplots(
        len(networks), 1 + len(HISTOGRAMS), squeeze=False, sharex="col", width_ratios=(0.9, 1.3, 0.8, 0.8)
    )
    units = [_on_lattice(network.tuning) for network in networks]
    widest = max([1.0, *(of_seed["spacing"].max() for of_seed in units if len(of_seed))])
    for row, network, of_seed in zip(panels, networks, units, strict=True):
        row[0].axis("off")
        row[0].text(0, 0.5, _in_words(network), va="center", fontsize=5.5, transform=row[0].transAxes)
        for axes, (name, kinds, width, end) in zip(row[1:], HISTOGRAMS.values(), strict=True):
            of_kinds = of_seed[of_seed["lattice"].isin(kinds)]
            end = end or widest + width
            _histogram(axes, of_kinds[name], of_kinds["lattice"], np.arange(0, end + width / 2, width))
            axes.set(xlim=(0, end), ylabel="")
    for axes, label, letter in zip(panels[-1, 1:], HISTOGRAMS, "bcd", strict=True):
        axes.set(xlabel=label)
        style.label_panel(panels[0, "bcd".index(letter) + 1], letter, x=-0.1)
    for axes in panels[-1, 2:]:
        axes.set(xticks=range(0, int(axes.get_xlim()[1]) + 1, 30))
    panels[len(networks) // 2, 1].set(ylabel="units")


def _in_words(network: ShownNetwork) -> str:
    """What a network has grown."""
    spacings = network.modules["spacing"].values
    lines = [f"seed {network.seed}"]
    if network.diverged:
        lines.append(network.diverged.split(":")[0])
    lines.append(f"{len(spacings)} module{'' if len(spacings) == 1 else 's'}")
    tentative = int(network.tuning["tentative"].max()) + 1
    if tentative:
        lines.append(f"{tentative} tentative")
    if len(spacings):
        lines.append(", ".join(f"{spacing:.2f}" for spacing in spacings) + " m")
    if len(spacings) > 1:
        lines.append("ratio " + ", ".join(f"{ratio:.2f}" for ratio in spacings[1:] / spacings[:-1]))
    return "\n".join(lines)


def _on_lattice(tuning: xr.Dataset) -> pd.DataFrame:
    """The live units of a module or on a lattice by themselves, with the lattice they resemble more."""
    units = tuning.to_dataframe()
    shown = units[(units["live"] == 1) & ((units["lattice"] != NO_LATTICE) | (units["module"] >= 0))]
    return shown.assign(lattice=np.where(shown["gridness90"] > shown["gridness60"], SQUARE, HEXAGONAL))


def _histogram(axes: Axes, values: pd.Series, lattice: pd.Series, bins: np.ndarray) -> None:
    """Counts, stacked and coloured by the kind of lattice."""
    if len(values) == 0:
        axes.text(0.5, 0.5, "no units", ha="center", va="center", transform=axes.transAxes, fontsize=6, color="0.5")
        axes.set(yticks=[])
        return
    colours = {kind: style.LATTICE_COLOURS[name] for kind, name in KINDS.items()}
    sns.histplot(
        x=values, hue=lattice, bins=bins, multiple="stack", palette=colours, linewidth=0.3, legend=False, alpha=1,
        ax=axes,
    )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))


def _draw_gridness(figure: SubFigure, networks: list[ShownNetwork]) -> None:
    """Both scores of every live unit of every network."""
    axes = figure.subplots()
    style.label_panel(axes, "e", x=-0.15)
    axes.set(xlabel="hexagonal gridness (60 deg)", ylabel="square gridness (90 deg)", box_aspect=1, anchor="N")
    units = pd.concat([network.tuning.to_dataframe() for network in networks], ignore_index=True).query("live == 1")
    if units["gridness60"].isna().all():
        style.not_available(axes, "no unit has a score")
        return
    for kind, name in KINDS.items():
        some = units[units["lattice"] == kind]
        colour = style.LATTICE_COLOURS[name]
        axes.scatter(some["gridness60"], some["gridness90"], s=5, color=colour, linewidth=0, label=name)
    axes.axvline(LATTICE_THRESHOLD, color="0.5", linewidth=0.5, linestyle=":")
    axes.axhline(LATTICE_THRESHOLD, color="0.5", linewidth=0.5, linestyle=":")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=len(KINDS), handletextpad=0.1, columnspacing=0.5)


if __name__ == "__main__":
    run_on_networks(__spec__.name, draw, __doc__)
