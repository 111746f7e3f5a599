"""What comes of other answers to what the paper leaves open, one answer a row."""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sslgrid.emergence.outcomes import COMMENSURATE, UNRELATED
from sslgrid.figures import style
from sslgrid.figures.sweeps import KIND_COLOURS, NOT_RUN, at_points, run_on_sweep

PANELS = {
    "modules": "number of\nmodules",
    "gridness60_mean": "hexagonal\ngridness",
    "gridness90_mean": "square\ngridness",
    "live": "live\nunits",
    "ratio": "ratio of\nspacings",
}
LIMITS = {"gridness60_mean": (-1, 1.4), "gridness90_mean": (-1, 1.4), "ratio": (0.9, 2.4)}
SUPERLATTICES = (2**0.5, 3**0.5, 2.0)


def draw(sweep: dict, table: pd.DataFrame) -> Figure:
    """sweep: its seeds, reference and points; table: networks.csv, which may lack points."""
    style.use_style()
    reference = {"choice": "full model", "alternative": "", "condition": sweep["reference"], "differs": ""}
    points = [reference, *sweep["points"]]
    networks = _placed(at_points({"points": points}, table), points)
    figure, panels = plt.subplots(
        1, len(PANELS), figsize=(style.PAGE_WIDTH, 1.3 + 0.21 * len(points)), sharey=True, layout="constrained"
    )
    for axes, letter, (name, label) in zip(panels, "abcde", PANELS.items(), strict=True):
        _draw_networks(axes, networks, name)
        _mark_rows(axes, points, networks)
        axes.set(xlabel=label, xlim=LIMITS.get(name), ylim=(len(points) - 0.5, -0.5))
        axes.tick_params(axis="y", length=0)
        style.label_panel(axes, letter, x=0.02, y=1.005)
    panels[0].set(xlim=(-0.5, max(3, networks["modules"].max()) + 0.5))
    panels[3].set(xlim=(0, None))
    _add_superlattices(panels[-1])
    _name_rows(panels[0], points, networks, len(sweep["seeds"]))
    figure.legend(handles=_legend(), loc="outside upper center", ncols=5, handletextpad=0.3, columnspacing=1.2)
    return figure


def _placed(networks: pd.DataFrame, points: list[dict]) -> pd.DataFrame:
    """Add `place`, the row of a network's point, and `height`, its position within that row."""
    places = pd.DataFrame(
        {key: [point[key] for point in points] for key in ("choice", "alternative")} | {"place": range(len(points))}
    )
    networks = networks.merge(places, on=["choice", "alternative"])
    of_row = networks.groupby("place")["condition"]
    step = 0.6 / max(of_row.transform("size").max(), 3)
    return networks.assign(height=networks["place"] + step * (of_row.cumcount() - (of_row.transform("size") - 1) / 2))


def _draw_networks(axes: Axes, networks: pd.DataFrame, name: str) -> None:
    """A marker per network; of a ratio filled if a superlattice is near, else a tick at the mean."""
    for _, row in networks.dropna(subset=[name]).iterrows():
        colour = KIND_COLOURS[row["kind"]]
        filled = name != "ratio" or row["pair"] == COMMENSURATE
        axes.plot(
            row[name], row["height"], linestyle="none", marker="X" if row["diverged"] else "o", color=colour,
            markersize=4 if row["diverged"] else 3.2, markeredgewidth=0.7, clip_on=False,
            markerfacecolor=colour if filled else "white",
        )  # fmt: skip
    if name != "ratio":
        means = networks.groupby("place")[name].mean()
        axes.plot(means, means.index, linestyle="none", marker="|", color="black", markersize=8, markeredgewidth=0.9)
        axes.axvline(means[0], color="0.8", linewidth=0.6, linestyle="--", zorder=0)


def _mark_rows(axes: Axes, points: list[dict], networks: pd.DataFrame) -> None:
    """A line between choices, and hatching where nothing has run."""
    for place in range(1, len(points)):
        new = points[place]["choice"] != points[place - 1]["choice"]
        axes.axhline(place - 0.5, color="0.75" if new else "0.93", linewidth=0.5, zorder=0)
    for place in networks.loc[networks["seed"].isna(), "place"]:
        axes.axhspan(place - 0.45, place + 0.45, zorder=0, **NOT_RUN)


def _name_rows(axes: Axes, points: list[dict], networks: pd.DataFrame, seeds: int) -> None:
    there = networks.groupby("place")["seed"].count()
    labels = []
    for place, point in enumerate(points):
        keys = ", ".join(part.split(".", 1)[-1] for part in point["differs"].split(", "))  # without their sections
        words = textwrap.fill(keys.replace('"', ""), 30)
        missing = (
            "" if there[place] == seeds else f" ({there[place]} of {seeds} seeds)" if there[place] else " (not run)"
        )
        labels.append(words + missing)
        if place == 0 or point["choice"] != points[place - 1]["choice"]:
            axes.annotate(
                point["choice"].replace("_", " "), (0, place), (-172, 0), xycoords=axes.get_yaxis_transform(),
                textcoords="offset points", fontsize=6, fontweight="bold", va="center", annotation_clip=False,
            )  # fmt: skip
    axes.set_yticks(range(len(points)), labels, fontsize=5.5)


def _add_superlattices(axes: Axes) -> None:
    for ratio in SUPERLATTICES:
        axes.axvline(ratio, color="0.6", linewidth=0.5, linestyle=":", zorder=0)
        words = f"√{round(ratio**2)}" if ratio < 2 else "2"
        axes.text(ratio, 1.003, words, transform=axes.get_xaxis_transform(), fontsize=5.5, ha="center", va="bottom")


def _legend() -> list[Line2D]:
    def marker(label: str, **look) -> Line2D:
        return Line2D(
            [], [], linestyle="none", **({"marker": "o", "markersize": 3.2, "color": "0.3"} | look), label=label
        )

    names = {"none": "no modules", "mixed": "both lattices"}
    return [
        *(marker(names.get(kind, kind), color=colour) for kind, colour in KIND_COLOURS.items()),
        marker("mean of the seeds", marker="|", markersize=8, color="black"),
        marker("training diverged", marker="X", markersize=4),
        marker("commensurate (e)"),
        marker(f"{UNRELATED}, or not comparable (e)", markerfacecolor="white"),
    ]


if __name__ == "__main__":
    run_on_sweep(__spec__.name, draw, __doc__)
