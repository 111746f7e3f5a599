"""Convex arenas: a polygon by its corners, centred on the origin."""

import numpy as np

DIGITS = 12  # of corners, so that a square of 2 m reaches to 1 m and not beyond
REGULAR = {"triangle": 3, "square": 4, "hexagon": 6}  # shapes that a config can name, and their corners


def corners_of(shape: str | list[list[float]], side: float) -> np.ndarray:
    """Corners (corner, 2) m, anticlockwise, the centroid at the origin.

    shape: a name of `REGULAR`, whose edges are `side` m long, with one edge at the bottom; or corners, which are
    scaled until the longest edge is `side` and moved until the centroid is at the origin.
    """
    if isinstance(shape, str):
        count = REGULAR[shape]
        angles = 2 * np.pi * (np.arange(count) - 0.5) / count - np.pi / 2
        corners = side / (2 * np.sin(np.pi / count)) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    else:
        corners = np.asarray(shape, float)
        corners = corners[:: int(np.sign(area(corners)))]
        corners = corners - centroid(corners)
        corners = corners * side / np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max()
    return corners.round(DIGITS)


def area(corners: np.ndarray) -> float:
    """Area, m^2, positive if the corners (corner, 2) go anticlockwise."""
    return float(_crosses(corners).sum() / 2)


def centroid(corners: np.ndarray) -> np.ndarray:
    """Centre of mass of the area: (2,) m."""
    crosses = _crosses(corners)
    return ((corners + np.roll(corners, -1, axis=0)) * crosses[:, None]).sum(axis=0) / (3 * crosses.sum())


def is_convex(corners: np.ndarray) -> bool:
    """Whether every corner (corner, 2) turns the same way, and one turn around the polygon leads back to the start."""
    edges = np.roll(corners, -1, axis=0) - corners
    turns = np.roll(edges, -1, axis=0)
    sines = edges[:, 0] * turns[:, 1] - edges[:, 1] * turns[:, 0]
    around = np.arctan2(sines, (edges * turns).sum(axis=1)).sum()
    same = (sines > 0).all() or (sines < 0).all()
    return bool(same and np.isclose(abs(around), 2 * np.pi))


def walls(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inward unit normals (wall, 2) and offsets (wall,) m: a point is inside if `normals @ point + offsets >= 0`."""
    edges = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([-edges[:, 1], edges[:, 0]], axis=1) / np.linalg.norm(edges, axis=1, keepdims=True)
    return normals, -(normals * corners).sum(axis=1)


def wall_distances(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Distance of points (..., 2) to the line of each wall, m, negative outside: (..., wall)."""
    normals, offsets = walls(corners)
    return points @ normals.T + offsets


def _crosses(corners: np.ndarray) -> np.ndarray:
    following = np.roll(corners, -1, axis=0)
    return corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]
