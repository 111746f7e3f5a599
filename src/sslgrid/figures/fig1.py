"""Figure 1: the framework (Schaeffer et al. 2023, figure 1): trajectories of a real batch, the network, the losses."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Circle
from scipy.spatial import cKDTree

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.figures import style
from sslgrid.figures.schematics import draw_capacity, draw_conformal_isometry, draw_network
from sslgrid.sic.batches import Batch, sample_batch
from sslgrid.sic.config import LossConfig, ModelConfig, read_model
from sslgrid.sic.losses import names_of, weights_of
from sslgrid.store.facts import summary_provenance

TRAJECTORIES = 3  # of the batch
COLOURS = [style.PALETTE[0], style.PALETTE[1], style.PALETTE[4]]
NEAR, FAR = style.PALETTE[2], style.PALETTE[3]
WINDOW = 7.0  # sigma_x: width of the close-up
SEPARATION = r"$L_\mathrm{sep} = \langle e^{-|g - g′|^2 / 2 \sigma_g^2} \rangle$"
PATH_INVARIANCE = r"$L_\mathrm{inv} = \langle |g - g′|^2 \rangle$"
CAPACITY = r"$L_\mathrm{cap} = -|\langle g \rangle|^2$"
CONFORMAL_ISOMETRY = r"$L_\mathrm{con} = \mathrm{Var}(|g_t - g_{t-1}|\, / \,|v_t|)$"
SHORT = {"separation": "sep", "path_invariance": "inv", "capacity": "cap", "conformal_isometry": "con"}
FARTHEST = np.sqrt(2)  # between two states: they are non-negative and have norm 1


def draw(model: ModelConfig, batch: Batch) -> Figure:
    """model: of the shown condition; batch: one that it is trained on."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 5.0), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=(2.7, 2.3))
    data, network = style.subfigures(upper, 1, 2, width_ratios=(1.1, 1))
    _draw_data(data, batch, model.losses.sigma_x)
    draw_network(network.subplots(), model.network)
    for part, letter in ((data, "a"), (network, "b")):
        part.text(0.01, 0.98, letter, fontsize=9, fontweight="bold", va="top")
    _draw_losses(lower, batch, model.losses)
    return figure


def crossings(positions: np.ndarray, sigma_x: float) -> np.ndarray:
    """Places where different trajectories come nearer than sigma_x, without their shared start and end.

    positions: (trajectory, T + 1, 2) m. Returns the middle of each such pair of points, (pair, 2) m.
    """
    points = positions[:, 1:-1].reshape(-1, 2)
    trajectory = np.repeat(np.arange(len(positions)), positions.shape[1] - 2)
    first, second = cKDTree(points).query_pairs(sigma_x, output_type="ndarray").T
    different = trajectory[first] != trajectory[second]
    return (points[first] + points[second])[different] / 2


def _draw_data(figure: SubFigure, batch: Batch, sigma_x: float) -> None:
    """The velocities, the orders in which they are taken, and where that leads."""
    panels = figure.subplot_mosaic(
        [["paths", "velocities"], ["orders", "orders"]], width_ratios=(1.6, 1), height_ratios=(2.4, 1)
    )
    _draw_paths(panels["paths"], batch.positions[:TRAJECTORIES], sigma_x)
    hues = _hues(batch.velocities)
    _draw_velocities(panels["velocities"], batch.velocities, hues)
    _draw_orders(panels["orders"], batch, hues)


def _draw_paths(axes: Axes, positions: np.ndarray, sigma_x: float) -> None:
    for path, colour in zip(positions, COLOURS, strict=False):
        axes.plot(*path.T, color=colour, linewidth=0.7)
    axes.scatter(*crossings(positions, sigma_x).T, s=5, facecolor="none", edgecolor="0.2", linewidth=0.35, zorder=3)
    for point, name in ((positions[0, 0], "start"), (positions[0, -1], "end")):
        axes.scatter(*point, s=22, color="black", linewidth=0, zorder=4)
        axes.annotate(
            name, point, (0, 5), textcoords="offset points", ha="center", fontsize=7, fontweight="bold", zorder=4,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )  # fmt: skip
    axes.set(aspect="equal")
    axes.axis("off")
    low, left = positions[..., 1].min(), positions[..., 0].min()
    axes.plot([left, left + 0.25], [low, low], color="black", linewidth=1.5)
    axes.annotate("0.25 m", (left, low), (0, -3), textcoords="offset points", va="top", fontsize=6)


def _hues(velocities: np.ndarray) -> np.ndarray:
    """A colour per velocity, by its direction: (T, 3)."""
    direction = np.arctan2(velocities[:, 1], velocities[:, 0]) % (2 * np.pi)
    wheel = np.array(sns.husl_palette(64, l=0.55))
    return wheel[(direction / (2 * np.pi) * 64).astype(int) % 64]


def _draw_velocities(axes: Axes, velocities: np.ndarray, hues: np.ndarray) -> None:
    origin = np.zeros(len(velocities))
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.012, "headwidth": 3.5}
    axes.quiver(origin, origin, *velocities.T, color=hues, **look)
    reach = 1.05 * np.abs(velocities).max()
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes.set_title(f"{len(velocities)} velocities")
    axes.axis("off")


def _draw_orders(axes: Axes, batch: Batch, hues: np.ndarray) -> None:
    """The velocities of each trajectory, one row each, in the order in which it takes them."""
    steps = np.arange(len(batch.velocities))
    longest = np.linalg.norm(batch.velocities, axis=1).max()
    look = {"pivot": "mid", "units": "inches", "scale_units": "inches", "scale": longest / 0.13, "width": 0.007}
    for row, (order, colour) in enumerate(zip(batch.order[:TRAJECTORIES], COLOURS, strict=False)):
        axes.quiver(steps, np.full(len(steps), row), *batch.velocities[order].T, color=hues[order], **look)
        axes.text(-1.5, row, f"trajectory {row + 1}", color=colour, ha="right", va="center", fontsize=6)
    axes.set(xlim=(-1, len(steps)), ylim=(TRAJECTORIES - 0.4, -0.6))
    axes.set_title("the order in which each takes them")
    axes.axis("off")


def _draw_losses(figure: SubFigure, batch: Batch, losses: LossConfig) -> None:
    """The pairs on which losses act, how they act, and the two losses that are not about pairs."""
    pairs, curves, capacity, isometry = figure.subplots(1, 4)
    _draw_pairs(pairs, batch.positions[:TRAJECTORIES], losses.sigma_x)
    _draw_pair_losses(curves, losses)
    draw_capacity(capacity)
    draw_conformal_isometry(isometry)
    pairs.set_title(f"nearer or farther\nthan $\\sigma_x$ = {losses.sigma_x:g} m?")
    curves.set_title("path invariance\nand separation")
    capacity.set_title(f"capacity\n{CAPACITY}")
    isometry.set_title(f"conformal isometry\n{CONFORMAL_ISOMETRY}")
    for axes, letter in ((pairs, "c"), (capacity, "d")):
        style.label_panel(axes, letter, x=0, y=1.1)
    names = [SHORT.get(name, name.replace("_", r"\ ")) for name in names_of(losses)]
    total = " + ".join(
        f"{weight:g} $L_\\mathrm{{{name}}}$" for weight, name in zip(weights_of(losses), names, strict=True)
    )
    figure.supxlabel(f"total loss: {total}", fontsize=8)


def _draw_pairs(axes: Axes, positions: np.ndarray, sigma_x: float) -> None:
    """A close-up of the busiest point: near points are pulled to its activity, far ones are pushed from it."""
    points = positions[:, 1:].reshape(-1, 2)
    neighbours = cKDTree(points).query_ball_point(points, sigma_x, return_length=True)
    here = points[neighbours.argmax()]
    for path, colour in zip(positions, COLOURS, strict=False):
        axes.plot(*(path - here).T, color=colour, linewidth=0.5, alpha=0.5)
    half = WINDOW / 2 * sigma_x
    offset = points - here
    offset = offset[(np.abs(offset) < 0.9 * half).all(axis=1) & (offset != 0).any(axis=1)]
    distance = np.linalg.norm(offset, axis=1)[:, None]
    near = distance[:, 0] < sigma_x
    for some, colour, way in ((near, NEAR, -0.4), (~near, FAR, 0.4)):
        arrows = way * sigma_x * offset[some] / distance[some]
        axes.scatter(*offset[some].T, s=6, color=colour, linewidth=0, zorder=3)
        axes.quiver(*offset[some].T, *arrows.T, color=colour, angles="xy", scale_units="xy", scale=1, width=0.009)
    axes.add_patch(Circle((0, 0), sigma_x, fill=False, color="black", linewidth=0.8, linestyle=":", zorder=5))
    axes.scatter(0, 0, s=14, color="black", linewidth=0, zorder=4)
    axes.set(xlim=(-half, half), ylim=(-half, half), aspect="equal", xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(True)


def _draw_pair_losses(axes: Axes, losses: LossConfig) -> None:
    distance = np.linspace(0, FARTHEST, 200)
    axes.plot(distance, distance**2, color=NEAR)
    axes.plot(distance, np.exp(-(distance**2) / (2 * losses.sigma_g**2)), color=FAR)
    axes.text(0.03, 1.95, f"near pairs\n{PATH_INVARIANCE}", color=NEAR, va="top", fontsize=6)
    axes.text(0.03, 1.5, f"far pairs\n{SEPARATION}", color=FAR, va="top", fontsize=6)
    axes.set(xlabel="neural distance $|g - g′|$", ylabel="loss of a pair", xlim=(0, FARTHEST), ylim=(0, 2))
    axes.set_box_aspect(1)


def main(arguments: argparse.Namespace) -> None:
    """Draw the first batch of a training."""
    model = read_model(arguments.model)
    style.save_figure(
        draw(model, sample_batch(model.trajectories, arguments.seed, step=0)),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seed", type=int, required=True, help="of the training whose first batch is drawn")
    run(main, parser)
