"""Drawings that explain, of the network and of two of its losses. Nothing in them is measured."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle, Ellipse, FancyArrowPatch, FancyBboxPatch

from sslgrid.figures import style
from sslgrid.sic.config import NetworkConfig

INK, QUIET, FILL = "0.15", "0.55", "0.94"
STATE = style.PALETTE[0]
HALF = 0.72  # width of a box
MLP = r"\mathrm{MLP}"
MATRICES = {"kept": rf"I + {MLP}(v) - {MLP}(0)", "start": rf"I + {MLP}(v)", "none": rf"{MLP}(v)"}


def draw_network(axes: Axes, network: NetworkConfig) -> None:
    """One step: the velocity makes the matrix that turns a state into the next one."""
    _prepare(axes, (0, 10), (0.3, 6))
    boxes = [("$g_{t-1}$", 0.8, STATE), ("$W(v_t)$", 3.1, QUIET), ("ReLU", 5.2, QUIET), ("Norm", 7.3, QUIET)]
    boxes.append(("$g_t$", 9.2, STATE))
    for text, x, colour in boxes:
        _box(axes, text, x, 3.3, colour)
    for (_, before, _), (_, after, _) in pairwise(boxes):
        _arrow(axes, (before + HALF, 3.3), (after - HALF, 3.3))
    _box(axes, "MLP", 3.1, 4.6, QUIET)
    axes.text(3.1, 5.75, "velocity $v_t$", ha="center", va="center")
    for top, bottom in ((5.55, 4.98), (4.22, 3.68)):
        _arrow(axes, (3.1, top), (3.1, bottom))
    layers = [2, *[network.hidden_units] * network.hidden_layers, "$N^2$"]
    sizes = " → ".join(map(str, layers))
    axes.text(4.1, 4.6, f"{sizes}\n{network.activation}, N = {network.units}", va="center", fontsize=6, color=QUIET)
    _arrow(axes, (9.2, 2.9), (0.8, 2.9), connectionstyle="arc,angleA=-90,angleB=-90,armA=14,armB=14,rad=6")
    axes.text(5, 2.4, "next step", ha="center", va="top", fontsize=6, color=QUIET)
    axes.text(5, 1.2, r"$g_t = \mathrm{Norm}(\mathrm{ReLU}(W(v_t)\, g_{t-1}))$", ha="center", va="center", fontsize=8)
    axes.text(5, 0.55, f"$W(v) = {MATRICES[network.identity]}$", ha="center", va="center", fontsize=8)


def draw_capacity(axes: Axes) -> None:
    """Two units' share of the sphere: the loss draws all states towards their mean."""
    _prepare(axes, (-0.18, 1.18), (-0.18, 1.18))
    axes.add_patch(Arc((0, 0), 2, 2, theta1=0, theta2=90, color=QUIET, linewidth=0.8))
    for end in ((1.15, 0), (0, 1.15)):
        _arrow(axes, (0, 0), end, color=QUIET)
    axes.text(0.5, -0.04, "activity of one unit", ha="center", va="top", fontsize=6, color=QUIET)
    axes.text(-0.04, 0.5, "of another", ha="right", va="center", rotation=90, fontsize=6, color=QUIET)
    angles = np.deg2rad([8, 19, 28, 36, 44, 52, 61, 71, 82])
    states = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    axes.scatter(*states.T, s=10, color=STATE, linewidth=0, zorder=3)
    _arrow(axes, (0, 0), states.mean(axis=0), linewidth=1.4)
    axes.annotate("mean", states.mean(axis=0) / 2, (4, -5), textcoords="offset points", fontsize=6)
    for first, last, bend in ((7, 33, 0.13), (83, 57, -0.13)):
        ends = np.deg2rad([first, last])
        _arrow(axes, *(1.1 * np.stack([np.cos(ends), np.sin(ends)], axis=1)), connectionstyle=f"arc3,rad={bend}")


def draw_conformal_isometry(axes: Axes) -> None:
    """Short steps of one length, in any direction, should change the activity by one amount."""
    _prepare(axes, (0, 5), (0, 5))
    steps, changes = (1.0, 3.5), (3.4, 1.75)
    axes.add_patch(Circle(steps, 0.8, fill=False, color=QUIET, linewidth=0.6))
    axes.add_patch(Circle(changes, 1.3, fill=False, color=STATE, linewidth=0.8))
    axes.add_patch(Ellipse(changes, 3.0, 1.5, angle=20, fill=False, color=QUIET, linewidth=0.8, linestyle=":"))
    for angle in np.arange(8) * np.pi / 4:
        direction = np.array([np.cos(angle), np.sin(angle)])
        _arrow(axes, steps, steps + 0.8 * direction)
        _arrow(axes, changes, changes + 1.3 * direction, color=STATE)
    _arrow(axes, (1.75, 3.05), (2.2, 2.75), color=QUIET)
    axes.text(1.0, 4.45, "steps $v_t$", ha="center", va="bottom", fontsize=6.5)
    axes.text(3.4, 3.3, "changes $g_t - g_{t-1}$", ha="center", va="bottom", fontsize=6.5)
    axes.text(3.4, 0.05, "dotted: penalised", ha="center", va="bottom", fontsize=6, color=QUIET)


def _prepare(axes: Axes, xlim: tuple[float, float], ylim: tuple[float, float]) -> None:
    axes.set(xlim=xlim, ylim=ylim, aspect="equal")
    axes.axis("off")


def _box(axes: Axes, text: str, x: float, y: float, colour: tuple | str) -> None:
    look = {"boxstyle": "round,pad=0,rounding_size=0.15", "edgecolor": colour, "facecolor": FILL, "linewidth": 0.8}
    axes.add_patch(FancyBboxPatch((x - HALF, y - 0.38), 2 * HALF, 0.76, **look))
    axes.text(x, y, text, ha="center", va="center")


def _arrow(axes: Axes, start, end, color: tuple | str = INK, linewidth: float = 0.8, **look) -> None:
    """From start to end, both (x, y)."""
    axes.add_patch(
        FancyArrowPatch(
            tuple(start), tuple(end), arrowstyle="-|>", mutation_scale=6, color=color, linewidth=linewidth,
            shrinkA=0, shrinkB=0, **look,
        )
    )  # fmt: skip
