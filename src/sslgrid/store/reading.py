"""Reading a stage's section of the study, and the configs in the headers of networks."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_origin, get_type_hints

from sslgrid.basics.errors import InputError

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


def build(kind: type[Config], section: Mapping[str, Any]) -> Config:
    """A config, with the configs in it, from a section of JSON of today or of an earlier version.

    kind: a dataclass. A field that came after the first networks has a default: the value that networks had before it
    was there, and takes if `section` lacks it. Raises TypeError for an unknown key, or a missing one without a default.
    """
    hints = get_type_hints(kind)

    def value(name: str, given: Any) -> Any:
        hint = hints.get(name)
        if isinstance(hint, type) and is_dataclass(hint):
            return build(hint, given)
        return tuple(given) if get_origin(hint) is tuple else given  # JSON has lists alone

    return kind(**{name: value(name, given) for name, given in section.items()})


def canonical(config: Any) -> str:
    """A config as text with sorted keys and no whitespace; equal configs give equal text.

    A field at its default is left out, so that a config has the text that it had before there was the field.
    """
    return json.dumps(_sections(config), sort_keys=True, separators=(",", ":"))


def _sections(value: Any) -> Any:
    if not is_dataclass(value):
        return value
    held = {field: getattr(value, field.name) for field in fields(value)}
    return {field.name: _sections(each) for field, each in held.items() if each != field.default}
