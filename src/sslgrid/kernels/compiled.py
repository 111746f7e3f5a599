"""How kernels are compiled: nothing may be reordered or joined, so the bits are what is written.

Error model "numpy": a division by zero gives infinity or NaN, which is how divergence is seen.

numba's cache on disk looks at a function's own file only, but kernels are made of each other. So what the cache is
kept by here is the text of all of them.
"""

import hashlib
from functools import cache
from pathlib import Path

from numba import njit
from numba.core import caching

_PACKAGE = Path(__file__).parents[1]


@cache
def _text_of_kernels() -> str:
    """A hash of every file of the package that compiles something."""
    found = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        text = path.read_bytes()
        if b"numba" in text or b"kernels" in text:
            found.update(text)
    return found.hexdigest()


def _kept_by_all_text(locator: type) -> type:
    """A place of numba's cache, whose entries are stale when any kernel's text has changed."""

    class Locator(locator):
        def get_source_stamp(self):
            return _text_of_kernels()

        @classmethod
        def from_function(cls, function, path):
            own = function.__module__.startswith("sslgrid.")
            return super().from_function(function, path) if own else None

    return Locator


caching.CacheImpl._locator_classes[:0] = [_kept_by_all_text(kind) for kind in caching.CacheImpl._locator_classes]

compiled = njit(cache=True, nogil=True, error_model="numpy")
