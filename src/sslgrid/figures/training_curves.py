"""Losses and gradient norm during training, one line per seed."""

import argparse
from string import ascii_lowercase
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.outcomes import divergence, read_history, terms_of
from sslgrid.datasets.rows import read_rows
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

COLUMNS = 3
WINDOW = 15  # recorded steps of the running median
LOGARITHMIC = ("conformal_isometry", "gradient_norm")


def draw(history: pd.DataFrame, seeds: list[str], terms: dict[str, str]) -> Figure:
    """history: one row per seed and recorded step, with columns step, seed, loss, gradient_norm and those of `terms`.

    seeds: their names, also of those that have no row. terms: the label of each term of the loss.
    """
    style.use_style()
    shown = {"loss": "total loss", **terms, "gradient_norm": "gradient norm"}
    rows = -(-len(shown) // COLUMNS)
    size = style.PAGE_WIDTH, 1.8 * rows
    figure, panels = plt.subplots(rows, COLUMNS, figsize=size, sharex=True, squeeze=False, layout="constrained")
    for axes in panels.flat[len(shown) :]:
        axes.remove()
    for axes in panels.flat[len(shown) - COLUMNS : len(shown)]:
        axes.tick_params(labelbottom=True)
    for axes, letter, (name, title) in zip(panels.flat, ascii_lowercase, shown.items(), strict=False):
        style.label_panel(axes, letter, x=-0.1)
        axes.set(xlabel="gradient step", ylabel=title)
        if history.empty:
            style.not_available(axes, "no gradient step was recorded")
            continue
        look = {"x": "step", "y": name, "hue": "seed", "ax": axes, "palette": "colorblind", "estimator": None}
        look["hue_order"] = seeds
        sns.lineplot(history, **look, linewidth=0.3, alpha=0.25, legend=False)
        sns.lineplot(_running_median(history, name), **look, linewidth=0.9, legend=axes is panels[0, 0])
        axes.set(xlabel="gradient step", ylabel=title, **_axis_of(history[name], name in LOGARITHMIC))
        axes.xaxis.set_major_formatter(EngFormatter())
    if not history.empty:
        legend = panels[0, 0].get_legend()
        words = [text.get_text() for text in legend.texts]
        figure.legend(legend.legend_handles, words, title="seed", loc="outside upper center", ncols=min(len(words), 6))
        legend.remove()
    return figure


def _axis_of(values: pd.Series, logarithmic: bool) -> dict[str, Any]:
    """Scale and limits of the axis of `values`; none where all are the same, or none is a number."""
    # Single batches with a step close to zero give huge conformal losses; they would hide everything else.
    low, high = values.quantile([0.002, 0.98])
    if logarithmic and high > 0:
        return {"yscale": "log", "ylim": (max(low, 1e-3 * high), 2 * high)}
    return {"ylim": (low - 0.05 * (high - low), high + 0.3 * (high - low))} if high > low else {}


def _running_median(history: pd.DataFrame, name: str) -> pd.DataFrame:
    """The median over `WINDOW` recorded steps, seed by seed."""
    smooth = history.groupby("seed")[name].rolling(WINDOW, center=True, min_periods=1).median()
    return history.assign(**{name: smooth.reset_index(level=0, drop=True)})


def main(arguments: argparse.Namespace) -> None:
    """Read the histories and draw them."""
    frames, terms = {}, {}
    if not arguments.histories + arguments.rows:
        raise InputError("no network has begun to train yet: there is no training.csv in checkpoints/ to draw")
    for path in sorted(arguments.histories + arguments.rows, key=network_of):
        history = read_rows(path) if path in arguments.rows else read_history(path, "loss", "gradient_norm", *terms)
        terms |= terms_of(history)
        ended = divergence(history).split(":")[0]
        name = ", ".join(filter(None, [str(network_of(path)[1]), ended]))
        frames[name] = history.to_dataframe().reset_index()
    history = pd.concat([frame.assign(seed=name) for name, frame in frames.items()], ignore_index=True)
    style.save_figure(
        draw(history, list(frames), terms), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "histories", several=True, required=False, help="training.nc of each seed that has one")
    input_argument(parser, "rows", several=True, required=False, help="training.csv of each seed that is in training")
    run(main, parser)
