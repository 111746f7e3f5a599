"""How kernels are compiled: nothing may be reordered or joined, so the bits are what is written.

Error model "numpy": a division by zero gives infinity or NaN, which is how divergence is seen.

numba's cache on disk looks at a function's own file only, but kernels are made of each other. So what the cache is
kept by here is the text of all of them.

A cache can be damaged (a full disk, a power cut), and a damaged one could hold wrong code. Each of its files ends with
its SHA-256; a file that is not as it was written is told in a line and compiled anew.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba.extending
from numba import njit
from numba.core import caching

_PACKAGE = Path(__file__).parents[1]
_DIGEST = hashlib.sha256().digest_size
# With a type: a checker of types takes what numba decorates for the function as written, which takes one more argument.
intrinsic: Callable[[Callable], Any] = numba.extending.intrinsic
_TOLD: set[str] = set()  # folders of damaged code that this process has named


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


class _TemporaryLocator(caching.InTreeCacheLocator):
    """Where neither the source nor the user's cache can be written: a folder for temporary files, this user's alone."""

    def get_cache_path(self):
        own = Path(tempfile.gettempdir(), f"sslgrid-numba-{os.getuid()}")
        return str(own / self.get_suitable_cache_subpath(self._py_file))

    def ensure_cache_path(self):
        own = Path(self.get_cache_path()).parent
        own.mkdir(mode=0o700, exist_ok=True)
        if own.is_symlink() or own.stat().st_uid != os.getuid() or own.stat().st_mode & 0o022:
            raise PermissionError(f"{own} is another user's")  # whose code would be run
        super().ensure_cache_path()


class _SealedFiles(caching.IndexDataCacheFile):
    """The files of one function's cache; a damaged or foreign one counts as missing."""

    def _load_index(self):
        try:
            version, stamp, overloads = caching.pickle.loads(_unsealed(self._index_path))
        except FileNotFoundError:
            return {}
        except Exception as error:
            _tell_once(self._cache_path, error)
            return {}
        return overloads if (version, stamp) == (self._version, self._source_stamp) else {}

    def _save_index(self, overloads):
        self._write(self._index_path, (self._version, self._source_stamp, overloads))

    def _load_data(self, name):
        path = self._data_path(name)
        try:
            return caching.pickle.loads(_unsealed(path))
        except FileNotFoundError:
            return None
        except Exception as error:
            _tell_once(self._cache_path, error)
            return None

    def _save_data(self, name, data):
        self._write(self._data_path(name), data)

    def _write(self, path, content):
        data = self._dump(content)
        with self._open_for_write(path) as file:
            file.write(data + hashlib.sha256(data).digest())


def _tell_once(folder: str, error: Exception) -> None:
    """Say in a line that a folder's compiled code is not used; what is compiled instead takes its place."""
    if folder not in _TOLD:
        _TOLD.add(folder)
        print(f"compiled code in {folder} is made anew: {error}", file=sys.stderr)


def _unsealed(path: str) -> bytes:
    """The content of a file that ends with its hash. Raises ValueError if it does not."""
    content = Path(path).read_bytes()
    data, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(data).digest() != digest:
        raise ValueError(f"{Path(path).name} is damaged, or of another version")
    return data


class _Cache(caching.FunctionCache):
    """A function's cache; what a full disk does not take is compiled again by the next process."""

    def __init__(self, function):
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _SealedFiles(self._cache_path, self._impl.filename_base, stamp)

    def save_overload(self, sig, data):
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


caching.CacheImpl._locator_classes[:0] = [_kept_by_all_text(kind) for kind in caching.CacheImpl._locator_classes]
caching.CacheImpl._locator_classes.append(_kept_by_all_text(_TemporaryLocator))


def compiled(function: Callable) -> Any:
    """numba's njit that may reorder nothing, with a cache on disk where any place can be written."""
    dispatcher = njit(nogil=True, error_model="numpy")(function)
    with contextlib.suppress(RuntimeError):  # no place: compile in each process
        dispatcher._cache = _Cache(function)
    return dispatcher
