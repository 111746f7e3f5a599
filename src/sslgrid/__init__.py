"""sslgrid: grid cells from nothing but code and a config file.

From Python: `network = sslgrid.load(path)`, then `network.walk(velocities)`, `sslgrid.rate_maps(...)` and
`sslgrid.score(...)`; `sslgrid.api` holds their documentation.
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

PUBLIC = ("TrainedNetwork", "load", "rate_maps", "score")  # names of `sslgrid.api`


def __getattr__(name: str) -> Any:
    """Load `sslgrid.api` when one of its names is asked for.

    An import statement here would make every stage depend on all that `sslgrid.api` imports
    (`store/provenance.py`), and would load torch for `import sslgrid`.
    """
    if name in PUBLIC:
        return getattr(import_module("sslgrid.api"), name)
    raise AttributeError(f"module 'sslgrid' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *PUBLIC])
