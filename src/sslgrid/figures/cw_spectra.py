"""What brings fields to a localiser, and are they more regular than chance? Spectra and lattices by condition."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.claims import fields
from sslgrid.claims.networks import NetworkResults
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.spectra import read_spectra
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

OWN, MIXED = style.PALETTE[0], "0.6"
SHELLS = 6  # orders that are shown
STATISTICS = {
    "mean order of the maps": (fields.mean_order, None),
    "fields per judged unit": (fields.mean_of("fields", "judged"), "mixture_fields"),
    "judged units on a lattice": (fields.lattice_share, "mixture_lattices"),
}


def draw(networks: dict[tuple[str, int], xr.Dataset]) -> Figure:
    """networks: spectra of each, by condition and seed."""
    style.use_style()
    conditions = list(dict.fromkeys(condition for condition, _ in networks))
    height = max(2.4, 0.5 + 0.13 * len(conditions))
    figure, panels = plt.subplots(1, 4, figsize=(style.PAGE_WIDTH, height), layout="constrained", sharey=True)
    _draw_shells(panels[0], networks, conditions)
    for axes, (words, (value, mixed)) in zip(panels[1:], STATISTICS.items(), strict=True):
        _draw_dots(axes, networks, conditions, value, mixed)
        axes.set(xlabel=words, xlim=(0, None))
    panels[0].set(yticks=range(len(conditions)), yticklabels=conditions, ylim=(len(conditions) - 0.5, -0.5))
    for axes, letter in zip(panels, "abcd", strict=True):
        style.label_panel(axes, letter)
    return figure


def _draw_shells(axes: Axes, networks: dict[tuple[str, int], xr.Dataset], conditions: list[str]) -> None:
    """Share of the variance beyond planes in each order, mean over seeds: a row per condition."""
    shares = np.full((len(conditions), SHELLS), np.nan)
    for row, condition in enumerate(conditions):
        own = [each["shell_share"].values[:SHELLS] for (name, _), each in networks.items() if name == condition]
        known = [share for share in own if np.isfinite(share).all()]
        if known:
            shares[row, : len(known[0])] = np.mean(known, axis=0)
    shown = axes.imshow(
        shares, aspect="auto", cmap=style.RATE_COLOURS, vmin=0, extent=(0.5, SHELLS + 0.5, len(shares) - 0.5, -0.5)
    )
    axes.figure.colorbar(shown, ax=axes, location="top", label="share of variance", shrink=0.8)
    axes.set(xlabel="order (half periods)", xticks=range(1, SHELLS + 1))


def _draw_dots(axes: Axes, networks: dict, conditions: list[str], value, mixed: str | None) -> None:
    """A dot per seed, and of its random mixtures a grey one."""
    for (condition, seed), spectra in networks.items():
        row = conditions.index(condition)
        if mixed is not None:
            per_unit = max(spectra["judged"].values.sum(), 1) if mixed == "mixture_lattices" else 1
            axes.scatter(spectra[mixed].mean() / per_unit, row + 0.25, s=8, color=MIXED, linewidth=0)
        axes.scatter(value(NetworkResults(condition, seed, {"spectra": spectra})), row, s=12, color=OWN, linewidth=0)
    axes.grid(axis="y", linewidth=0.3)
    if mixed is not None:
        axes.set_title("grey: random mixtures", fontsize=6)


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    networks = {network_of(path): read_spectra(path) for path in arguments.spectra}
    style.save_figure(draw(networks), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "spectra", several=True, help="spectra of each network")
    run(main, parser)
