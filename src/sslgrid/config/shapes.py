"""Shapes of arenas as a study says them, and as the stages read them: a regular polygon, or corners with their edge."""

import numpy as np

CIRCLE_CORNERS = 40
DIAMETER = 2.0  # m, of a circle whose `side` is not given
DIGITS = 12


def settle_shape(section: dict) -> dict:
    """A section of the study with `shape` as a name of `polygons.REGULAR` or as corners, and `side` their longest edge.

    A circle is a polygon of `CIRCLE_CORNERS` corners whose diameter is `side`. A rectangle is told by its width and
    height. Corners are in metres unless `side` says how long their longest edge is. What is not well formed stays as it
    is, for the checks to refuse.
    """
    shape, side = section.get("shape"), section.get("side")
    if isinstance(shape, dict) and list(shape) == ["rectangle"] and side is None and _are_lengths(shape["rectangle"]):
        width, height = shape["rectangle"]
        return section | _by_corners([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    if shape == "circle" and _are_lengths([side or DIAMETER] * 2):
        angles = 2 * np.pi * np.arange(CIRCLE_CORNERS) / CIRCLE_CORNERS
        around = (side or DIAMETER) / 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return section | _by_corners(around.round(DIGITS).tolist())
    if isinstance(shape, list) and side is None and len(shape) >= 3 and all(map(is_point, shape)):
        return section | _by_corners(shape)
    return section


def is_point(corner: object) -> bool:
    """Whether it is [x, y]."""
    return isinstance(corner, list) and len(corner) == 2 and all(map(_is_number, corner))


def _by_corners(corners: list[list[float]]) -> dict:
    """Corners (corner, 2) m, and their longest edge as `side`."""
    edges = np.roll(corners, -1, axis=0) - np.asarray(corners, float)
    return {"shape": corners, "side": float(np.linalg.norm(edges, axis=1).max())}


def _are_lengths(sides: object) -> bool:
    return isinstance(sides, list) and len(sides) == 2 and all(_is_number(side) and side > 0 for side in sides)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
