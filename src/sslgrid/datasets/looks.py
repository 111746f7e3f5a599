"""results/config/looks.json: what a study calls its conditions, and their colours."""

from dataclasses import dataclass, field
from pathlib import Path

from sslgrid.store.reading import read_config


@dataclass(frozen=True)
class Looks:
    """By name of the condition, where the study says any."""

    labels: dict[str, str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)  # "#rrggbb"

    def label(self, condition: str) -> str:
        """What figures and tables call it: its name, unless it has a label."""
        return self.labels.get(condition, condition)


def read_looks(path: Path | None) -> Looks:
    """The looks, or none without a file."""
    return read_config(path, lambda found: Looks(**found)) if path else Looks()
