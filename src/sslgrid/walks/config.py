"""What the config of an arena says: results/config/arenas/<arena>.json."""

from pathlib import Path

from sslgrid.basics.arena import ArenaConfig
from sslgrid.store.reading import read_config


def read_arena(path: Path) -> ArenaConfig:
    """Read `results/config/arenas/<arena>.json`."""
    return read_config(path, lambda section: ArenaConfig(**section))
