"""Figure 4: one module dissected down to its torus (Schaeffer et al. 2023, figure 4)."""

import argparse
from dataclasses import dataclass
from itertools import combinations
from textwrap import fill
from typing import cast

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.geometry import read_geometry
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.gridness import KINDS
from sslgrid.store.facts import summary_provenance

LONGEST = (8, 12, 8)  # bars drawn of pieces, loops and cavities
HOLE_COLOURS = [style.PALETTE[i] for i in (7, 0, 3)]
PHASE_COLOURS = "twilight"
WAVES = range(3)


@dataclass(frozen=True)
class Dissected:
    """One network's files; tuning only of the condition that is dissected."""

    condition: str
    seed: int
    geometry: xr.Dataset
    tuning: xr.Dataset | None = None

    @property
    def torus(self) -> str:
        """ "measured", or "n/a: " and why not."""
        return self.geometry.attrs["torus"]

    @property
    def module(self) -> int:
        """The module that is dissected, the largest; -1 if there is none."""
        member = self.geometry["member"].values == 1
        return int(self.units["module"].values[member][0]) if member.any() else -1

    @property
    def units(self) -> xr.Dataset:
        """The tuning of a network of the dissected condition. Raises ValueError for a control."""
        if self.tuning is None:
            raise ValueError(f"no tuning was given of {self.condition}, seed {self.seed}")
        return self.tuning


def draw(networks: list[Dissected], controls: list[Dissected]) -> Figure:
    """networks: every seed of the dissected condition; controls: every seed of every control."""
    style.use_style()
    shown = next((network for network in networks if network.torus == "measured"), networks[0])
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 8.3), layout="constrained")
    rows = style.subfigures(figure, 4, 1, height_ratios=(1.9, 1.8, 2.0, 2.6))
    rows[0].suptitle(_title(shown), fontsize=7)
    _draw_lattice(rows[0], shown)
    _draw_phases(rows[1], shown)
    _draw_states(rows[2], shown)
    first = {control.condition: control for control in reversed(controls)}
    _draw_homology(rows[3], [shown, *reversed(first.values())], networks + controls)
    return figure


def _title(network: Dissected) -> str:
    name = f"{network.condition}, seed {network.seed}"
    if network.module < 0:
        return f"{name}: {network.torus}"
    kind = KINDS[int(network.geometry["lattice"].sel(module=network.module))]
    return f"{name}, module {network.module}: {int(network.geometry['member'].sum())} units, {kind}"


def _draw_lattice(figure: SubFigure, network: Dissected) -> None:
    power, orientation, spacing = figure.subplots(1, 3, width_ratios=(1, 1.2, 1.2))
    for axes, letter in ((power, "a"), (orientation, "b")):
        style.label_panel(axes, letter, x=-0.15)
    if network.module < 0:
        for axes in (power, orientation, spacing):
            _not_available(axes, network.torus)
        return
    _draw_power(power, network.geometry.sel(module=network.module))
    member = np.where(network.geometry["member"].values == 1, "this module", "other modules")
    units = network.units.to_dataframe().assign(member=member).query("module >= 0")
    for axes, name, label, width in (
        (orientation, "orientation", "orientation of the lattice (deg)", 2),
        (spacing, "spacing", "spacing (m)", 0.04),
    ):
        sns.histplot(
            units, x=name, hue="member", hue_order=["other modules", "this module"], multiple="stack", binwidth=width,
            binrange=(0, np.ceil(units[name].max() / width) * width), palette=["0.8", style.PALETTE[0]],
            linewidth=0.3, alpha=1, ax=axes, legend=axes is spacing,
        )  # fmt: skip
        axes.set(xlabel=label, ylabel="units" if axes is orientation else "", xlim=(0, None))
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    sns.move_legend(spacing, "upper left", title=None)


def _draw_power(axes: Axes, module: xr.Dataset) -> None:
    edge, waves = float(module["kx"].max()), module["wave_vector"].values
    extent = (-edge, edge, -edge, edge)
    axes.imshow(module["power"], origin="lower", extent=extent, cmap=style.RATE_COLOURS, vmin=0)
    for wave in np.flatnonzero(np.isfinite(waves[:, 0])):
        both = np.stack([waves[wave], -waves[wave]])
        axes.scatter(*both.T, s=50, facecolors="none", edgecolors="white", linewidths=0.6)
        x, y = 1.6 * waves[wave]
        axes.text(x, y, f"$k_{wave + 1}$", color="white", ha="center", va="center", fontsize=8)
    closure = float(module["closure_error"])
    if np.isfinite(closure):
        axes.set_title(f"closing to {100 * closure:.1f} % of |k|", fontsize=6, pad=2)
    shown = (-2 * np.nanmax(np.abs(waves)), 2 * np.nanmax(np.abs(waves)))
    axes.set(xlabel="$k_x$ (cycles/m)", ylabel="$k_y$ (cycles/m)", xlim=shown, ylim=shown)


def _draw_phases(figure: SubFigure, network: Dissected) -> None:
    pairs = list(combinations(WAVES, 2))
    panels = [figure.add_subplot(1, 4, 1 + column) for column in range(3)]
    panels.append(figure.add_subplot(1, 4, 4, projection="3d" if network.module >= 0 else None))
    style.label_panel(panels[0], "c", x=-0.15)
    if network.module < 0:
        for axes in panels:
            _not_available(axes, network.torus)
        return
    module = network.geometry.sel(module=network.module)
    phase = network.geometry["phase"].values[network.geometry["member"].values == 1]
    clumped, even = float(module["p_clumped"]), float(module["p_even"])
    panels[0].set_title(f"clumped: p = {clumped:.1g}; even: p = {even:.1g}", fontsize=6, pad=2)
    for axes, (i, j) in zip(panels, pairs, strict=False):
        if np.isnan(phase[:, [i, j]]).any():
            _not_available(axes, "n/a: a square lattice has two waves")
            continue
        axes.scatter(phase[:, i], phase[:, j], s=8, linewidth=0)
        _phase_axis(axes, "x", i)
        _phase_axis(axes, "y", j)
        axes.set_aspect("equal")
    if np.isnan(phase).any():
        panels[3].axis("off")
        return
    panels[3].scatter(*phase.T, s=6, linewidth=0, depthshade=False)
    for name, wave in zip("xyz", WAVES, strict=True):
        _phase_axis(panels[3], name, wave)
        panels[3].set(**{f"{name}ticklabels": []})
        getattr(panels[3], f"{name}axis").labelpad = -14


def _phase_axis(axes: Axes, name: str, wave: int) -> None:
    axes.set(
        **{
            f"{name}lim": (-np.pi, np.pi),
            f"{name}ticks": (-np.pi, 0, np.pi),
            f"{name}ticklabels": ("-π", "0", "π"),
            f"{name}label": rf"$\phi_{wave + 1}$",
        }
    )


def _draw_states(figure: SubFigure, network: Dissected) -> None:
    measured, geometry = network.torus == "measured", network.geometry
    embedding = figure.add_subplot(1, 4, 1, projection="3d" if measured else None)
    rings = [figure.add_subplot(1, 4, 2 + wave) for wave in WAVES]
    figure.text(0.008, 0.94, "d", fontsize=9, fontweight="bold")
    style.label_panel(rings[0], "e", x=-0.05)
    if not measured:
        for axes in (embedding, *rings):
            _not_available(axes, network.torus)
        return
    waves = geometry["wave_vector"].sel(module=network.module).values
    phases = (geometry["position"].values @ waves.T) % 1
    look = {"cmap": PHASE_COLOURS, "linewidth": 0, "rasterized": True, "vmin": 0, "vmax": 1}
    key = figure.add_axes((0.04, 0.9, 0.16, 0.03))
    key.imshow(np.linspace(0, 1, 128)[np.newaxis], aspect="auto", cmap=PHASE_COLOURS, extent=(0, 1, 0, 1))
    key.set(yticks=[], xticks=(0, 0.5, 1), xticklabels=("0", "π", "2π"))
    key.set_title("phase along $k_1$ (e: each wave)", fontsize=5.5, pad=2)
    key.tick_params(labelsize=5.5, length=2, pad=1)
    embedding.scatter(*geometry["embedding"].values.T, c=phases[:, 0], s=2.5, depthshade=False, **look)
    embedding.axis("off")
    cast(Axes3D, embedding).set_box_aspect((1, 1, 1), zoom=1.35)
    share = float(geometry["explained"].sum())
    embedding.set_title(f"six components: {share:.0%} of the variance", fontsize=6, y=-0.06)
    for wave, axes in zip(WAVES, rings, strict=True):
        if np.isnan(waves[wave, 0]):
            _not_available(axes, "n/a: a square lattice has two waves")
            continue
        axes.scatter(geometry["ring_x"][:, wave], geometry["ring_y"][:, wave], c=phases[:, wave], s=2, **look)
        agreement = float(geometry["ring_agreement"][wave])
        axes.axis("off")
        axes.set_aspect("equal", adjustable="datalim")
        axes.set_title(f"along $k_{wave + 1}$: agreement {agreement:.2f}", fontsize=6, y=-0.06)


def _draw_homology(figure: SubFigure, examples: list[Dissected], networks: list[Dissected]) -> None:
    panels = figure.subplots(1, len(examples) + 1, width_ratios=[1] * len(examples) + [1.1])
    measured = [network.geometry["death"].max() for network in examples if network.torus == "measured"]
    longest = 1.05 * float(max(measured, default=1))
    for axes, network in zip(panels, examples, strict=False):
        if network.torus == "measured":
            _draw_barcode(axes, network.geometry, longest)
        else:
            _not_available(axes, network.torus)
        axes.set_title(f"{network.condition}, seed {network.seed}", fontsize=6.5, pad=3)
    style.label_panel(panels[0], "f", x=-0.1)
    style.label_panel(panels[-1], "g", x=-0.05)
    _draw_counts(panels[-1], networks)


def _draw_barcode(axes: Axes, geometry: xr.Dataset, longest: float) -> None:
    """The longest bars of each dimension, each before a grey bar of the length that chance explains."""
    row, middles = 0, []
    for dimension, (count, colour) in enumerate(zip(LONGEST, HOLE_COLOURS, strict=True)):
        bars = geometry.isel(bar=geometry["bar_dimension"].values == dimension).isel(bar=slice(count))
        rows = row + np.arange(bars.sizes["bar"])
        threshold = float(geometry["threshold"][dimension])
        axes.barh(rows, threshold, left=bars["birth"], height=1, color="0.85", linewidth=0)
        axes.barh(rows, bars["death"] - bars["birth"], left=bars["birth"], height=0.55, color=colour, linewidth=0)
        middles.append(row + count / 2)
        row += count + 2
    axes.set(xlabel="distance along the states", xlim=(0, longest), ylim=(row - 1, -1))
    axes.set_yticks(middles, ["H0", "H1", "H2"])
    axes.tick_params(axis="y", length=0)


def _draw_counts(axes: Axes, networks: list[Dissected]) -> None:
    """A table: the significant bars of every network, a row each."""
    axes.axis("off")
    lines = [("bars beyond chance", ["H0", "H1", "H2"], "normal")]
    for network in networks:
        counts, weight = ["n/a"] * 3, "normal"
        if network.torus == "measured":
            counts = [f"{count}" for count in network.geometry["betti"].values]
            weight = "bold" if network.geometry["is_torus"] else "normal"
        lines.append((style.in_lines(f"{network.condition}, seed {network.seed}", 26), counts, weight))
    height = 1 / max(len(lines), 10)
    for line, (name, counts, weight) in enumerate(lines):
        y = 1 - (line + 0.5) * height
        axes.text(0, y, name, fontsize=5, va="center", weight=weight, linespacing=0.9)
        for x, count in zip((0.78, 0.88, 0.98), counts, strict=True):
            axes.text(x, y, count, fontsize=6, va="center", ha="center", weight=weight)
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _not_available(axes: Axes, why: str) -> None:
    axes.axis("off")
    words = fill(why, 26)
    axes.text(0.5, 0.5, words, ha="center", va="center", fontsize=6, transform=axes.transAxes, in_layout=False)


def main(arguments: argparse.Namespace) -> None:
    """Read the networks and draw them."""
    networks = [
        Dissected(*network_of(path), read_geometry(path), read_tuning(tuning))
        for path, tuning in zip(arguments.geometry, arguments.tuning, strict=True)
    ]
    controls = [Dissected(*network_of(path), read_geometry(path)) for path in arguments.controls]
    style.save_figure(
        draw(networks, controls), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "geometry", several=True, help="geometry of each seed")
    input_argument(parser, "tuning", several=True, help="tuning of each seed")
    input_argument(parser, "controls", several=True, required=False, help="geometry of the controls")
    run(main, parser)
