"""Places decoded from a network's states, in a way that is the same for every kind of network and every arena."""

from itertools import islice
from typing import Protocol, runtime_checkable

import numpy as np
import xarray as xr

from sslgrid.basics.arena import ArenaConfig
from sslgrid.coding.decoding import Code, code_of_maps, decoding_errors
from sslgrid.coding.path_integration import best_constant
from sslgrid.datasets.decoding import DECODING
from sslgrid.spatial.ratemap import accumulate
from sslgrid.walks.activity import WalkedNetwork, follow
from sslgrid.walks.walks import Walks

EVERY = 10  # of the steps that are decoded: neighbours say the same


@runtime_checkable
class ReadsOut(Protocol):
    """A network that says itself where it is."""

    def read_out(self, activity: np.ndarray) -> np.ndarray:
        """The position (..., 2) m that rates (..., unit) stand for."""
        ...


def measure_decoding(network: WalkedNetwork, arena: ArenaConfig, walks: Walks, rng: np.random.Generator) -> xr.Dataset:
    """What a file of `datasets.decoding.DECODING` holds.

    The mean state of each place comes from the first half of the walks. Along the second half the place with the
    nearest one is decoded.
    """
    half = len(walks.positions) // 2
    code = code_of_maps(accumulate(arena, follow(network, Walks(walks.positions[:half], walks.headings[:half]))))
    rest = follow(network, Walks(walks.positions[half:], walks.headings[half:]))
    visits = list(islice(rest, arena.settle, None, EVERY))
    constant = best_constant(np.stack([positions for positions, _ in visits]))
    columns = [_decode(network, code, visit, constant, rng) for visit in visits]
    values = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
    return DECODING.dataset({**values, "side": arena.width})


def _decode(
    network: WalkedNetwork,
    code: Code,
    visit: tuple[np.ndarray, np.ndarray],
    constant: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    positions, rates = visit
    shown = np.full_like(positions, np.nan)
    if isinstance(network, ReadsOut):
        shown = network.read_out(rates)
    return {
        "decoding_error": decoding_errors(code, [visit], np.zeros(1), 0, rng)[0, 0],
        "read_out_error": np.linalg.norm(shown - positions, axis=1),
        "constant_error": np.linalg.norm(constant - positions, axis=1),
        "radius": np.linalg.norm(positions, axis=1),
    }
