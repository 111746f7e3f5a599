"""The claims ledger as a forest plot: every claim, its seeds, its interval and its verdict."""

import argparse
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.claims.report import estimate_in_words, passing_in_words, read_table, threshold_in_words
from sslgrid.claims.verdicts import Direction, Verdict
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

ROW, NOTE, HEADING = 0.22, 0.07, 0.22  # inches: height of a claim, of a line of its note, of a condition's name
MARGINS = 0.3  # inches above and below together
LEFT, PLOT, NUMBERS, PASSING, VERDICT = 0.005, 0.45, 0.685, 0.845, 0.995  # where columns begin; the last one's end
PLOT_WIDTH = 0.22
NOTE_WIDTH = 84  # characters of a line
SPREAD = 0.06  # inches: of seeds about their row, so that equal ones are seen
REACH = 1.4  # of the axis: the farthest value or end of an interval is at 1
BESIDE = 1.06  # where the numbers at the ends of an axis begin, beside the marks
COLOURS = {
    Verdict.HOLDS: style.PALETTE[2],
    Verdict.MIXED: style.PALETTE[1],
    Verdict.FAILS: style.PALETTE[3],
    Verdict.NOT_TESTED: "0.55",
}


def draw(table: pd.DataFrame) -> Figure:
    """A row per claim, by condition. table: as `read_table` gives it."""
    style.use_style()
    notes = [textwrap.wrap(note, NOTE_WIDTH) for note in table["note"]]
    heights = ROW + NOTE * np.array([len(lines) for lines in notes])
    is_first = (table["condition"] != table["condition"].shift()).values
    middles = np.cumsum(heights + HEADING * is_first) - heights / 2
    end = middles[-1] + heights[-1] / 2
    figure = plt.figure(figsize=(style.PAGE_WIDTH, end + MARGINS))
    below, share = 0.2 * MARGINS / (end + MARGINS), end / (end + MARGINS)
    page, plot = (figure.add_axes((x, below, width, share)) for x, width in ((0, 1), (PLOT, PLOT_WIDTH)))
    page.set(xlim=(0, 1), ylim=(end, 0))
    plot.set(xlim=(-REACH, REACH), ylim=(end, 0))
    for axes in (page, plot):
        axes.axis("off")
    _draw_head(page, plot)
    for row, lines, middle, height, first in zip(table.itertuples(), notes, middles, heights, is_first, strict=True):
        if first:
            page.text(LEFT, middle - height / 2 - 0.03, row.condition, fontsize=6.5, fontweight="bold", va="bottom")
            page.axhline(middle - height / 2 - 0.01, color="0.6", linewidth=0.5)
        _draw_words(page, row, lines, middle)
        _draw_values(plot, row, middle)
    return figure


def _draw_head(page: Axes, plot: Axes) -> None:
    """Names of the columns, and the side of the threshold that is claimed."""
    plot.axvspan(0, REACH, color="0.94", linewidth=0, zorder=0)
    plot.axvline(0, color="0.4", linewidth=0.6, zorder=1)
    names = {LEFT: "claim", NUMBERS: "estimate; threshold", PASSING: "seeds pass"}
    for x, name in names.items():
        page.text(x, -0.04, name, fontsize=6, color="0.3", va="bottom")
    page.text(VERDICT, -0.04, "verdict", fontsize=6, color="0.3", va="bottom", ha="right")
    plot.text(-0.06, -0.04, "not as claimed", fontsize=6, color="0.3", va="bottom", ha="right")
    plot.text(0.06, -0.04, "as claimed", fontsize=6, color="0.3", va="bottom")


def _draw_words(page: Axes, row, note: list[str], y: float) -> None:
    page.text(LEFT + 0.01, y - NOTE / 2 * len(note), row.words, fontsize=6, va="center")
    if note:
        page.text(LEFT + 0.01, y + 0.05, "\n".join(note), fontsize=4.5, color="0.4", va="center", linespacing=1.1)
    numbers = [estimate_in_words(row.estimate, row.low, row.high), threshold_in_words(row)]
    page.text(NUMBERS, y, "\n".join(filter(None, numbers)), fontsize=5, va="center", linespacing=1.1)
    page.text(PASSING, y, passing_in_words(row).replace(" (", "\n("), fontsize=5.5, va="center", linespacing=1.1)
    colour = COLOURS[Verdict(row.verdict)]
    page.text(VERDICT, y, row.verdict, fontsize=6.5, fontweight="bold", color=colour, va="center", ha="right")


def _draw_values(plot: Axes, row, y: float) -> None:
    """The seeds, the mean and its interval, as far from the threshold as they are, the claimed side to the right."""
    plot.plot([-1, 1], [y, y], color="0.85", linewidth=0.4, zorder=1)
    seeds = np.array(list(row.values.values()), float) - row.baseline
    ends = np.array([row.low, row.high, row.estimate])
    away = Direction(row.direction).sign * (np.concatenate([seeds, ends]) - row.threshold)
    farthest = np.nanmax(np.abs(away), initial=0) or 1  # 0 if all are on the threshold
    *places, low, high, estimate = away / farthest
    scale = {
        "fontsize": 4.2,
        "color": "0.45",
        "va": "center",
    }  # what the ends of the axis are, in the statistic's own units
    for end, side in ((-1, "right"), (1, "left")) if np.isfinite(away).any() else ():
        value = row.threshold + Direction(row.direction).sign * end * farthest
        plot.text(end * BESIDE, y, f"{value:.2g}", ha=side, **scale)
    plot.scatter(places, y + np.linspace(-SPREAD, SPREAD, len(places)), s=5, color="0.5", linewidth=0, zorder=2)
    colour = COLOURS[Verdict(row.verdict)]
    plot.plot([low, high], [y, y], color=colour, linewidth=1.4, zorder=3, solid_capstyle="butt")
    plot.scatter([estimate], [y], s=14, marker="D", color=colour, linewidth=0, zorder=4)


def main(arguments: argparse.Namespace) -> None:
    """Read the ledger and draw it."""
    style.save_figure(
        draw(read_table(arguments.table)), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "table", help="csv file of the claims")
    run(main, parser)
