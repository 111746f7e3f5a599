"""The arena that a path fills: a circle, a rectangle or another convex polygon."""

import numpy as np
from scipy.spatial import ConvexHull

from sslgrid.basics.polygons import area, centroid

CIRCLE_CORNERS = 12  # of the polygon around a circle
FILLED = 0.93  # share of a circle or a rectangle that a path's hull must fill to be in one
SHARE_WITHIN = 0.9999  # of the positions: the others are slips of the tracker
SIMPLEST = 0.01  # of its size, by which a corner of a polygon must stick out


def find_arena(positions: np.ndarray) -> np.ndarray:
    """Corners (corner, 2) m, anticlockwise, of the arena that a path (step, 2) fills.

    A circle or a rectangle (in any direction) where the hull of the path fills most of it, whichever more; else the
    hull. A circle comes as the regular polygon of `CIRCLE_CORNERS` around it.
    """
    middle = np.median(positions, axis=0)
    distance = np.linalg.norm(positions - middle, axis=1)
    within = positions[distance <= np.quantile(distance, SHARE_WITHIN)]
    hull = within[ConvexHull(within).vertices]
    rectangle, (centre, radius) = _least_rectangle(hull), _enclosing_circle(hull)
    fills = area(hull) / area(rectangle), area(hull) / (np.pi * radius**2)
    if max(fills) < FILLED:
        return _simplified(hull)
    return rectangle if fills[0] >= fills[1] else circle_around(centre, radius)


def circle_around(centre: np.ndarray, radius: float) -> np.ndarray:
    """Corners of the regular polygon whose edges touch a circle."""
    angles = 2 * np.pi * (np.arange(CIRCLE_CORNERS) + 0.5) / CIRCLE_CORNERS
    return centre + radius / np.cos(np.pi / CIRCLE_CORNERS) * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def rectangle_of(width: float, height: float) -> np.ndarray:
    """Corners of a rectangle about the origin, m."""
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / 2


def centred(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners with their centroid at the origin, and where it was: (2,) m."""
    middle = centroid(corners)
    return corners - middle, middle


def _enclosing_circle(hull: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and radius of nearly the smallest circle around points (Badoiu and Clarkson 2003)."""
    centre = hull.mean(axis=0)
    for step in range(1, 1000):
        farthest = hull[np.linalg.norm(hull - centre, axis=1).argmax()]
        centre = centre + (farthest - centre) / (step + 1)
    return centre, float(np.linalg.norm(hull - centre, axis=1).max())


def _least_rectangle(hull: np.ndarray) -> np.ndarray:
    """The smallest rectangle around a convex polygon: one of its sides lies along an edge."""
    edges = np.roll(hull, -1, axis=0) - hull
    found = []
    for angle in np.unique(np.arctan2(edges[:, 1], edges[:, 0]) % (np.pi / 2)):
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        (left, bottom), (right, top) = (hull @ turn.T).min(axis=0), (hull @ turn.T).max(axis=0)
        corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]]) @ turn
        found.append(corners)
    return min(found, key=area)


def _simplified(hull: np.ndarray) -> np.ndarray:
    """A convex polygon without the corners that stick out least."""
    size = np.sqrt(area(hull))
    while len(hull) > 3:
        before, after = np.roll(hull, 1, axis=0), np.roll(hull, -1, axis=0)
        base, way = after - before, hull - before
        out = np.abs(base[:, 0] * way[:, 1] - base[:, 1] * way[:, 0]) / np.linalg.norm(base, axis=1)
        if out.min() >= SIMPLEST * size:
            break
        hull = np.delete(hull, out.argmin(), axis=0)
    return hull
