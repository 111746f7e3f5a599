"""How the CPU engine uses processor threads: it deals out parts of its work, and each part's BLAS calls stay in it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

Result = TypeVar("Result")


def use_threads(count: int) -> None:
    """Let this process work with `count` threads."""
    torch.set_num_threads(count)
    threadpool_limits(limits=1, user_api="blas")  # numpy's; torch brings its own


def threads() -> int:
    """How many threads this process works with."""
    return torch.get_num_threads()


def in_parts(work: Callable[[int, int], Result]) -> list[Result]:
    """`work(part, parts)` for each of as many parts as there are threads, side by side; the results in order."""
    parts = threads()
    if parts == 1:
        return [work(0, 1)]
    return list(_pool(parts).map(work, range(parts), [parts] * parts))


def share(count: int, part: int, parts: int) -> tuple[int, int]:
    """The first and one past the last of `count` things that fall to a part."""
    return count * part // parts, count * (part + 1) // parts


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="sslgrid")
