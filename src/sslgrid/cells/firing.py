"""Recordings that are made: Poisson spikes along a path, at rates that follow the place."""

from importlib.resources import files

import numpy as np
from ratinabox import Agent, Environment
from ratinabox.Neurons import GridCells

from sslgrid.cells.recording import Recording, checked
from sslgrid.spatial.ratemap import RateMaps


def fire(name: str, times: np.ndarray, positions: np.ndarray, rates: np.ndarray, rng: np.random.Generator) -> Recording:
    """A recording of cells that fire by chance at rates (sample, cell), Hz; NaN fires not.

    times: (sample,) s; positions: (sample, 2) m.
    """
    step = np.append(np.diff(times), 0)
    expected = np.nan_to_num(rates) * np.minimum(step, 2 * np.median(step))[:, None]
    counts = rng.poisson(expected)
    spikes = {}
    for cell, fired in enumerate(counts.T):
        sample = np.repeat(np.arange(len(times)), fired)
        spikes[str(cell)] = np.sort(times[sample] + rng.uniform(size=len(sample)) * step[sample])
    return checked(Recording(name, times, positions, spikes))


def rates_along(maps: RateMaps, positions: np.ndarray, unit: int) -> np.ndarray:
    """Rates (sample,) of a unit's map at positions (sample, 2) m about the centre; NaN where the map has none."""
    bins = len(maps.centres)
    at = np.floor(positions / maps.bin_size + bins / 2)
    inside = np.all(np.isfinite(at) & (at >= 0) & (at < bins), axis=1)
    column, row = np.where(inside[:, None], at, 0).astype(int).T
    return np.where(inside, maps.rates[unit, row, column], np.nan)


def with_mean_rates(rates: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Rates (sample, unit), from zero up, scaled to mean rates (unit,) in Hz over the samples that have one."""
    positive = np.clip(rates, 0, None)
    present = np.nanmean(positive, axis=0)
    return positive * np.where(present > 0, mean / np.where(present > 0, present, 1), 0)


def recorded_path() -> tuple[np.ndarray, np.ndarray]:
    """Times (sample,) s and positions (sample, 2) m about the centre, of the rat in a square of 1 m in RatInABox."""
    with (files("ratinabox") / "data" / "sargolini.npz").open("rb") as file:
        recording = np.load(file)
        return recording["t"], recording["pos"] - 0.5


def grid_cell_recording(
    cells: int, spacing: float, orientation: float, rate: float, rng: np.random.Generator
) -> Recording:
    """RatInABox's grid cells of one module along the rat's path.

    spacing in m, orientation of the axes in deg, rate: mean of each cell, Hz. (RatInABox's `gridscale` is the length of
    the three waves.)
    """
    times, positions = recorded_path()
    neurons = GridCells(
        Agent(Environment({"scale": 1.0}), {"save_history": False}),
        {
            "gridscale": np.full(cells, spacing * np.sqrt(3) / 2),
            "orientation": np.full(cells, np.deg2rad(orientation - 30)),
            "phase_offset": rng.uniform(0, 2 * np.pi, (cells, 2)),
        },
    )
    rates = neurons.get_state(None, pos=positions + 0.5).T
    return fire("grid_cells", times, positions, with_mean_rates(rates, np.full(cells, rate)), rng)
