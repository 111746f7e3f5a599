"""Reading a stage's section of the study."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sslgrid.errors import InputError

Config = TypeVar("Config")


def read_config(path: Path, build: Callable[[dict], Config]) -> Config:
    """Build a config from a JSON file. Raises InputError, naming the file, if it is missing or of another kind."""
    try:
        return build(json.loads(Path(path).read_text()))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: snakemake makes it from config.yaml") from None
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"{path} is not a config of this stage ({reason}): let snakemake make it again") from None
