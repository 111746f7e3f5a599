"""Which variables of which files a claim's statistic reads: noted while it is computed, so no list can go stale."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import xarray as xr


class WatchedResults(Mapping[str, Any]):
    """Results of one network by kind; what is read of them is noted in `used`, as "kind: variable"."""

    def __init__(self, results: Mapping[str, Any]):
        self.results = results
        self.used: set[str] = set()

    def __getitem__(self, kind: str) -> Any:
        return _watched(self.results[kind], lambda name: self.used.add(f"{kind}: {name}"))

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)


class _WatchedDataset:
    """A dataset, and what is made of it by its methods; each variable that is taken out is noted."""

    def __init__(self, dataset: xr.Dataset, note: Callable[[str], None]):
        self._dataset, self._note = dataset, note

    def __getitem__(self, name: Any) -> Any:
        if isinstance(name, str):
            self._note(name)
        return _watched(self._dataset[name], self._note)

    def __contains__(self, name: object) -> bool:
        return name in self._dataset

    def __getattr__(self, name: str) -> Any:
        held = getattr(self._dataset, name)
        if not callable(held):
            return held
        return lambda *values, **named: _watched(held(*values, **named), self._note)


def _watched(held: Any, note: Callable[[str], None]) -> Any:
    return _WatchedDataset(held, note) if isinstance(held, xr.Dataset) else held
