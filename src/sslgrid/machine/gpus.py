"""A GPU for one training alone, or for a few: snakemake counts GPUs, it does not hand them out."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path

import torch

from sslgrid.basics.locks import lock

WAIT = 2.0  # s between looks at GPUs that are all taken


@contextmanager
def one_of_the_gpus(device: torch.device, name: str, at_once: int = 1) -> Iterator[torch.device]:
    """The first of the GPUs that torch sees with room for one more training; `name` waits until there is one.

    at_once: how many trainings a GPU has room for; networks that are small for it leave it idle otherwise.

    A scheduler's choice, CUDA_VISIBLE_DEVICES, holds: torch sees no others. The lock is of the card, by its own
    number, and dies with its process, even under kill -9. The processor needs none.
    """
    if device.type != "cuda":
        yield device
        return
    index, lock = _take(_cards(), name, at_once)
    try:
        torch.cuda.set_device(index)
        yield torch.device("cuda", index)
    finally:
        os.close(lock)


def _cards() -> list[str]:
    """The own number of each GPU that torch sees."""
    return [str(torch.cuda.get_device_properties(index).uuid) for index in range(torch.cuda.device_count())]


def _take(cards: list[str], name: str, at_once: int) -> tuple[int, int]:
    """The index of a card with room, an empty one first, and the open file whose lock holds a place on it."""
    told = False
    while True:
        for place, (index, card) in product(range(at_once), enumerate(cards)):
            path = Path(tempfile.gettempdir()) / f"sslgrid-gpu-{card}{f'-{place}' if place else ''}.lock"
            file = _open(path)
            if lock(file, str(path)):
                return index, file
            os.close(file)
        if not told:
            print(f"{name}: waiting for a GPU; other trainings have all {len(cards)}", flush=True)
            told = True
        time.sleep(WAIT)


def _open(path: Path) -> int:
    """Another user's file can be locked too, but in a shared folder not be opened to write."""
    with suppress(PermissionError):
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    return os.open(path, os.O_RDONLY)
