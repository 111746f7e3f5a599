"""Pages on scored units: path with spikes, rate map, autocorrelogram, gridness beside its null, class and module."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.cells.scoring import Scored
from sslgrid.cells.shifts import Shifted
from sslgrid.cells.tracking import Track
from sslgrid.figures import style
from sslgrid.spatial import lattice as lt
from sslgrid.spatial.autocorrelogram import autocorrelograms
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.fields import THRESHOLD

UNITS_PER_PAGE = 8
ROW_HEIGHT = 1.25  # inches
WIDTHS = (1, 1, 1, 1.2, 1.6)  # of path, rate map, autocorrelogram, null distribution and words
LONGEST_NAME = 18  # letters above a path
PATH_STEPS = 20_000  # of the path that are drawn at most


def draw_pages(scored: Scored) -> Iterator[Figure]:
    """One figure for each `UNITS_PER_PAGE` units."""
    style.use_style()
    for first in range(0, len(scored.units), UNITS_PER_PAGE):
        units = range(first, min(first + UNITS_PER_PAGE, len(scored.units)))
        figure = plt.figure(figsize=(style.PAGE_WIDTH, 0.5 + ROW_HEIGHT * len(units)), layout="constrained")
        widths = WIDTHS if scored.track else WIDTHS[1:3] + WIDTHS[-1:]  # of maps there is neither path nor shift
        rows = figure.subplots(len(units), len(widths), squeeze=False, width_ratios=widths)
        figure.suptitle(f"{scored.name}; p-values by {scored.null}", fontsize=7)
        for axes, unit in zip(rows, units, strict=True):
            _draw_unit(axes, scored, unit)
        yield figure
        plt.close(figure)


def _draw_unit(axes: np.ndarray, scored: Scored, unit: int) -> None:
    ratemap, correlations = axes[1:3] if scored.track else axes[:2]
    if scored.track:
        _draw_path(axes[0], scored, scored.track, unit)
    if scored.shifted:
        _draw_null(axes[-2], scored.shifted, unit)
    rates = scored.maps.rates[unit]
    if np.isfinite(rates).any():
        style.draw_ratemap(ratemap, rates, scored.maps.side, signed=scored.maps.signed)
        _draw_autocorrelogram(correlations, rates, scored.maps.bin_size)
    else:
        style.not_available(ratemap, "no visits")
        style.not_available(correlations, "no visits")
    highest = f"up to {scored.columns['max_rate'][unit]:.3g}"
    ratemap.set_title(
        f"{highest} Hz" if scored.track else f"{scored.units[unit][-LONGEST_NAME:]}, {highest}", fontsize=6
    )
    _describe(axes[-1], scored, unit)


def _draw_path(axes: Axes, scored: Scored, track: Track, unit: int) -> None:
    axes.set_title(scored.units[unit][-LONGEST_NAME:], fontsize=6)
    corners = scored.maps.corners
    if corners is not None:
        axes.fill(*corners.T, fill=False, edgecolor="0.5", linewidth=0.5)
    half = scored.maps.side / 2
    axes.set(xticks=[], yticks=[], xlim=(-half, half), ylim=(-half, half), aspect="equal")
    axes.spines[:].set_visible(False)
    thin = max(len(track.positions) // PATH_STEPS, 1)
    axes.plot(*np.where(track.moving[:, None], track.positions, np.nan)[::thin].T, color="0.75", linewidth=0.3)
    at = track.positions[track.moving & (track.counts[unit] > 0)]
    axes.plot(*at.T, ".", color=style.PALETTE[3], markersize=1, markeredgewidth=0, rasterized=True)


def _draw_autocorrelogram(axes: Axes, rates: np.ndarray, bin_size: float) -> None:
    """With the six inner peaks."""
    sac = autocorrelograms(rates[None].astype(np.float32))
    reach = bin_size * sac.shape[-1] / 2
    axes.imshow(
        sac[0], origin="lower", cmap=style.SIGNED_COLOURS, vmin=-1, vmax=1, extent=(-reach, reach, -reach, reach)
    )
    vectors = lt.find_lattices(sac, bin_size)[0]
    axes.plot(*np.concatenate([vectors, -vectors]).T, "o", color="black", markersize=2.5, fillstyle="none", mew=0.5)
    axes.set(xticks=[], yticks=[], xlim=(-reach, reach), ylim=(-reach, reach))
    axes.spines[:].set_visible(False)


def _draw_null(axes: Axes, shifted: Shifted, unit: int) -> None:
    if not np.isfinite(shifted.observed[unit]):
        style.not_available(axes, "no gridness")
        return
    axes.hist(shifted.gridness[unit], bins=np.linspace(-1, 1.6, 27).tolist(), color="0.75")
    axes.axvline(shifted.observed[unit], color=style.PALETTE[0])
    axes.set(xlim=(-1, 1.6), yticks=[], xlabel="gridness, corrected")


def _describe(axes: Axes, scored: Scored, unit: int) -> None:
    columns = {name: values[unit] for name, values in scored.columns.items()}
    module = f"module {columns['module']}" if columns["module"] >= 0 else "no module"
    p = f"p = {columns['p_value']:.3f}"
    if scored.p_random_maps is not None:
        p += f" (shifts), {scored.p_random_maps[unit]:.3f} (random maps)"
    stability = f", stability {columns['stability']:.2f}" if np.isfinite(columns["stability"]) else ""
    count = "1 field" if columns["fields"] == 1 else f"{columns['fields']:.0f} fields"
    lines = [
        f"{CLASSES[columns['class']]}{', significant' if columns['significant'] else ''}; {module}",
        f"gridness {columns['gridness60']:.2f}, corrected {columns['gridness60_corrected']:.2f}",
        p,
        f"spacing {columns['spacing']:.3f} m at {columns['orientation']:.0f} deg",
        f"ellipticity {columns['ellipticity']:.2f}{stability}",
        f"{columns['spatial_information']:.2f} bits per spike",
        f"{count} above {100 * THRESHOLD:.0f} % of the peak",
    ]
    axes.axis("off")
    axes.text(0, 0.5, "\n".join(lines), transform=axes.transAxes, fontsize=6, va="center")
