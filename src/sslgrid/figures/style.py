"""One look for all figures, and one way to save them: equal inputs give equal bytes."""

import argparse
import json
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage

from sslgrid.cli import output_argument
from sslgrid.store.files import whole_file
from sslgrid.store.records import KEY, Record

mpl.use("Agg")

PAGE_WIDTH = 7.2  # inches: two journal columns
PALETTE = sns.color_palette("colorblind")
# Colours mean lattices in one figure and modules in another, never both; seeds have shades or lines of their own.
LATTICE_COLOURS = {"none": "0.7", "hexagonal": PALETTE[0], "square": PALETTE[1]}
CLASS_COLOURS = LATTICE_COLOURS | dict(zip(("sheared", "band", "border", "place"), PALETTE[2:6], strict=True))
RATE_COLOURS = sns.color_palette("mako", as_cmap=True)
SIGNED_COLOURS = sns.color_palette("vlag", as_cmap=True)
RATES = {"origin": "lower", "cmap": RATE_COLOURS, "vmin": 0, "interpolation": "nearest"}  # how imshow draws rates
LAYOUT_DIGITS = 6  # of positions in units of the figure
DATELESS = {
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}
RECORD = {"pdf": "Keywords", "png": KEY, "svg": "Keywords"}  # where each kind of file keeps how it was made


def use_style() -> None:
    """Set matplotlib's look: small sans-serif type, thin lines, fixed identifiers in svg files.

    Nothing of a matplotlibrc nearby or in the user's home is left.
    """
    mpl.rcdefaults()
    sns.set_theme(
        context="paper",
        style="ticks",
        palette=PALETTE,
        rc={
            "font.family": "DejaVu Sans",  # ships with matplotlib, so it is the same everywhere
            "font.size": 7,
            "axes.labelsize": 7,
            "axes.titlesize": 7,
            "xtick.labelsize": 6,
            "ytick.labelsize": 6,
            "legend.fontsize": 6,
            "legend.title_fontsize": 6,
            "legend.frameon": False,
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "xtick.major.size": 2.5,
            "ytick.major.size": 2.5,
            "lines.linewidth": 0.9,
            "image.composite_image": False,  # joining hundreds of maps takes minutes
            "axes.spines.top": False,
            "axes.spines.right": False,
            "savefig.dpi": 300,
            "pdf.fonttype": 42,  # text stays text
            "svg.fonttype": "none",
            "svg.hashsalt": "sslgrid",
        },
    )


def save_figure(figure: Figure, path: Path, record: Record) -> None:
    """Write the figure as pdf, png and svg, beside each other, without dates; `record` says how it was made."""
    settle_layout(figure)
    for suffix, dateless in DATELESS.items():
        metadata = dateless | {RECORD[suffix]: json.dumps(record, sort_keys=True)}
        with whole_file(path.with_suffix(f".{suffix}")) as temporary:
            figure.savefig(temporary, format=suffix, metadata=metadata)


def subfigures(figure: Figure | SubFigure, rows: int, columns: int, **ratios: Any) -> list[SubFigure]:
    """Parts of a figure, row by row. ratios: `height_ratios` and `width_ratios`, as matplotlib takes them."""
    return list(figure.subfigures(rows, columns, squeeze=False, **ratios).flat)


def settle_layout(figure: Figure) -> None:
    """Lay the figure out for good. The last digits that the solver finds depend on memory addresses: round them off."""
    for _ in range(2):  # the second time with the sizes that the first one found
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    parts = list(figure.subfigs)
    while parts:
        part = parts.pop()
        parts += part.subfigs
        part.bbox_relative.set_points(part.bbox_relative.get_points().round(LAYOUT_DIGITS))
    for axes in figure.get_axes():
        left, bottom, width, height = np.round(axes.get_position(original=True).bounds, LAYOUT_DIGITS).tolist()
        axes.set_position((left, bottom, width, height))


def figure_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with the argument that every figure has."""
    parser = argparse.ArgumentParser(description=description)
    output_argument(parser, "figure", help="png to write, with pdf and svg beside it")
    return parser


def colours_of(rates: np.ndarray, signed: bool) -> dict:
    """Arguments of imshow for a rate map (y, x): from zero to its highest rate, or about zero if rates are signed."""
    highest = np.nanmax(np.abs(rates))
    if signed:
        return RATES | {"cmap": SIGNED_COLOURS, "vmin": -highest, "vmax": highest}
    return RATES | {"vmax": highest}


def draw_ratemap(
    axes: Axes, rates: np.ndarray, side: float, frame: tuple | str | None = None, signed: bool = False
) -> AxesImage:
    """One rate map; unvisited bins stay white. rates (y, x); side in m; signed: rates of the network go below zero."""
    extent = (-side / 2, side / 2, -side / 2, side / 2)
    image = axes.imshow(rates, **colours_of(rates, signed), extent=extent)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=frame is not None, color=frame, linewidth=1.2)
    return image


def in_lines(name: str, width: int = 14) -> str:
    """A long name, broken at its underscores."""
    return fill(name.replace("_", "_ "), width).replace("_ ", "_")


def module_colour(module: int) -> tuple:
    """A colour for each module; after ten they come again."""
    return PALETTE[module % len(PALETTE)]


def scale_bar(axes: Axes, length: float, side: float) -> None:
    """A bar of `length` m below a rate map's left corner."""
    y = -side / 2 - 0.08 * side
    axes.plot([-side / 2, -side / 2 + length], [y, y], color="black", linewidth=1.5, clip_on=False)
    axes.text(-side / 2, y - 0.04 * side, f"{length:g} m", ha="left", va="top", fontsize=5.5)
    axes.set(xlim=(-side / 2, side / 2), ylim=(-side / 2, side / 2))


def rate_scale(axes: Axes, words: str) -> None:
    """The colours of rates below a map, from zero to the highest rate; words: what is shown above each map."""
    bar = axes.inset_axes((0, -0.14, 1, 0.06))
    bar.imshow(np.linspace(0, 1, 64)[np.newaxis], aspect="auto", cmap=RATE_COLOURS)
    bar.set(xticks=[], yticks=[])
    axes.text(0, -0.17, "0", transform=axes.transAxes, fontsize=5.5, ha="left", va="top")
    text = axes.text(1.06, -0.11, words, transform=axes.transAxes, fontsize=5.5, ha="left", va="center")
    text.set_in_layout(False)  # it is wider than its map, and has the row to itself


def label_panel(axes: Axes, letter: str, x: float = -0.2, y: float = 1.06) -> None:
    """The panel's letter, in axes coordinates."""
    axes.text(x, y, letter, transform=axes.transAxes, fontsize=9, fontweight="bold", va="bottom", ha="right")


def not_available(axes: Axes, why: str) -> None:
    """Say in an empty panel why nothing can be drawn in it."""
    axes.set(xticks=[], yticks=[])
    axes.minorticks_off()
    axes.text(0.5, 0.5, f"n/a: {why}", transform=axes.transAxes, fontsize=6, color="0.4", ha="center", va="center")
