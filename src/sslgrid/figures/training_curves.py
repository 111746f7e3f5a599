"""Losses and gradient norm during training, one line per seed."""

import argparse

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from sslgrid.commands.cli import run
from sslgrid.datasets import netcdf
from sslgrid.figures import style

PANELS = {
    "loss": "total loss",
    "separation": "separation",
    "path_invariance": "path invariance",
    "capacity": "capacity",
    "conformal_isometry": "conformal isometry (m$^{-2}$)",
    "gradient_norm": "gradient norm",
}
LOGARITHMIC = ("conformal_isometry", "gradient_norm")


def draw(history: pd.DataFrame) -> plt.Figure:
    """history: one row per seed and recorded step, with columns step, seed and the keys of `PANELS`."""
    style.use_style()
    figure, panels = plt.subplots(2, 3, figsize=(style.PAGE_WIDTH, 3.6), sharex=True, layout="constrained")
    for axes, letter, (name, title) in zip(panels.flat, "abcdef", PANELS.items(), strict=True):
        sns.lineplot(
            history, x="step", y=name, hue="seed", ax=axes, palette="colorblind", linewidth=0.6, errorbar=None,
            estimator=None, legend=axes is panels[0, 0],
        )  # fmt: skip
        axes.set(xlabel="gradient step", ylabel=title)
        if name in LOGARITHMIC:
            axes.set_yscale("log")
        else:  # the first steps start far above where the rest is to be seen
            later = history.loc[history["step"] > 0.01 * history["step"].max(), name]
            margin = 0.05 * (later.max() - later.min())
            axes.set_ylim(later.min() - margin, later.max() + margin)
        style.label_panel(axes, letter, x=-0.1)
    return figure


def main(arguments: argparse.Namespace) -> None:
    """Read the histories and draw them."""
    frames = []
    for seed, path in zip(arguments.seeds, arguments.histories, strict=True):
        frame = netcdf.read(path, *PANELS)[list(PANELS)].to_dataframe().reset_index()
        frames.append(frame.assign(seed=str(seed)))
    style.save_figure(draw(pd.concat(frames, ignore_index=True)), arguments.figure)


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    style.files_argument(parser, "histories", "training.nc of each seed")
    run(main, parser)
