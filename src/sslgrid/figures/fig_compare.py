"""Head to head: what grows, what it is good for in larger arenas, and what it costs, under the same measures."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.decoding import read_decoding
from sslgrid.datasets.looks import Looks, read_looks
from sslgrid.datasets.networks import network_of
from sslgrid.figures import style
from sslgrid.figures.networks import ShownNetwork, network_arguments, read_networks
from sslgrid.spatial.classes import LATTICES, UnitClass
from sslgrid.store.facts import summary_provenance

# Lattices only where they are significant; of localisers all kinds but the last, of which there is no test.
KINDS = {
    "grid": LATTICES,
    "band": (UnitClass.BAND,),
    "border": (UnitClass.BORDER,),
    "place-like": (UnitClass.PLACE,),
}
INTERVAL = ("ci", 95)  # bootstrap over seeds
NO_LOOKS = Looks()


def shares(networks: list[ShownNetwork]) -> pd.DataFrame:
    """Share of all units of each kind, a row per network and kind; silent ones count, or a few live units were all."""
    rows = []
    for network in networks:
        tuning = network.tuning
        live = tuning["live"].values == 1
        for kind, classes in KINDS.items():
            chosen = live & np.isin(tuning["class"].values, classes)
            if kind == "grid":
                chosen &= tuning["significant"].values == 1
            rows.append({"condition": network.condition, "seed": network.seed, "kind": kind, "share": chosen.mean()})
    return pd.DataFrame(rows)


def errors(decoding: dict[tuple[str, int, str], xr.Dataset]) -> pd.DataFrame:
    """Mean error over that of the best constant answer, a row per network and arena: decoded, and read out."""
    rows = []
    for (condition, seed, _), each in decoding.items():
        nothing = float(each["constant_error"].mean())
        rows.append(
            {
                "condition": condition, "seed": seed, "side (m)": float(each["side"]),
                "decoded": float(each["decoding_error"].mean()) / nothing,
                "read out": float(each["read_out_error"].mean()) / nothing,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def draw(
    networks: list[ShownNetwork], decoding: dict[tuple[str, int, str], xr.Dataset], costs: pd.DataFrame,
    looks: Looks = NO_LOOKS,
) -> Figure:  # fmt: skip
    """decoding: by condition, seed and arena; costs: condition, seed, minutes of training."""
    style.use_style()
    order = list(dict.fromkeys(network.condition for network in networks))
    look = {
        "hue": "condition",
        "hue_order": order,
        "palette": [looks.colours.get(name, colour) for name, colour in zip(order, style.PALETTE, strict=False)],
    }
    figure, panels = plt.subplots(
        1, 4, figsize=(style.PAGE_WIDTH, 2.4), layout="constrained", width_ratios=(2, 1, 2, 1)
    )
    sns.barplot(shares(networks), x="kind", y="share", errorbar=INTERVAL, seed=0, ax=panels[0], **look)
    panels[0].set(xlabel="", ylabel="share of the units", ylim=(0, 1))
    modules = pd.DataFrame({"condition": each.condition, "modules": each.modules.sizes["module"]} for each in networks)
    _draw_dots(panels[1], modules, "modules", look)
    panels[1].yaxis.get_major_locator().set_params(integer=True)
    _draw_errors(panels[2], errors(decoding), look)
    _draw_dots(panels[3], costs, "minutes", look)
    panels[3].set(ylabel="time of training (min)")
    for axes, letter in zip(panels, "abcd", strict=True):
        style.label_panel(axes, letter)
        if axes.get_legend() is not None:
            axes.get_legend().remove()
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, list(map(looks.label, names)), loc="outside upper center", ncols=len(order))
    return figure


def _draw_dots(axes: Axes, table: pd.DataFrame, name: str, look: dict) -> None:
    """A dot per network."""
    sns.stripplot(
        table, x="condition", y=name, jitter=0.2, size=4, ax=axes, legend=False, order=look["hue_order"], **look
    )
    axes.set(xlabel="", xticks=[], ylim=(-0.03 * max(table[name].max(), 1), None))


def _draw_errors(axes: Axes, table: pd.DataFrame, look: dict) -> None:
    """Both decoders by the arena's side."""
    for name, line in (("decoded", "-"), ("read out", ":")):
        known = table[np.isfinite(table[name])]
        if len(known):
            sns.lineplot(
                known, x="side (m)", y=name, marker="o", markersize=4, linestyle=line, errorbar=INTERVAL, seed=0,
                ax=axes, legend=False, **look,
            )  # fmt: skip
    axes.axhline(1, color="0.6", linewidth=0.6, linestyle=":")
    axes.set(ylabel="error / best constant answer's", ylim=(0, None), title="line: decoded; dotted: read out")
    axes.set_xticks(sorted(table["side (m)"].unique()))


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    decoding = {(*network_of(path), path.stem): read_decoding(path) for path in arguments.decoding}
    style.save_figure(
        draw(read_networks(arguments), decoding, _costs(arguments), read_looks(arguments.looks)),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


def _costs(arguments: argparse.Namespace) -> pd.DataFrame:
    """Minutes of training, as its history says."""
    rows = []
    for path in arguments.histories:
        condition, seed = network_of(path)
        with xr.open_dataset(path) as history:
            seconds = float(history["seconds"][-1]) if history.sizes["step"] else 0.0
        rows.append({"condition": condition, "seed": seed, "minutes": seconds / 60})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "looks", required=False, help="what the conditions are called, and their colours")
    network_arguments(parser)
    input_argument(parser, "decoding", several=True, help="places decoded from each network, in each arena")
    run(main, parser)
