"""A study in layers: a file, other files laid over it, and the command line.

Snakemake merges the layers. This module reads what the merge leaves open: numbers that the command line handed on as
text, dotted keys, and names that a later layer takes away.
"""

from copy import deepcopy
from typing import Any

import yaml

from sslgrid.config.checking import fail

REMOVABLE = (("conditions",), ("arenas",), ("ambiguities", "choices"))  # sections whose entries are named by users
NAMES_IN = {  # lists of such names: a name that is taken away leaves them, too
    "conditions": (
        ("figures", "controls"), ("recipes",), ("cueva_wei", "conditions"), ("cueva_wei", "examples"),
        ("cueva_wei", "all_units"), ("cueva_wei", "development"), ("cueva_wei", "compared"),
    ),
    "arenas": (("figures", "other_arenas"), ("cueva_wei", "compared_arenas")),
}  # fmt: skip


def typed(value: object, given: object) -> object:
    """The value with numbers for what snakemake's `--config` handed on as text inside lists and mappings.

    value: of the merged config. given: what the command line said of it; what comes from files stays as it is.
    """
    if isinstance(value, dict) and isinstance(given, dict):
        return {key: typed(entry, given[key]) if key in given else entry for key, entry in value.items()}
    if value != given:
        return value
    if isinstance(value, list):
        return [typed(entry, entry) for entry in value]
    return _read(value) if isinstance(value, str) else value


def _read(text: str) -> object:
    """The number, the truth value, null or the text that a word stands for."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def resolve_layers(config: dict) -> dict:
    """A copy of the config with dotted keys as nested ones, without the entries that are null.

    Raises InputError for a dotted key that leads through something that is no mapping. A config that is no mapping
    itself comes back as it is, for the schema to refuse.
    """
    if not isinstance(config, dict):
        return config
    config = _nested(deepcopy(config))
    for path in REMOVABLE:
        section = _at(config, path)
        if not isinstance(section, dict):
            continue
        gone = [name for name, entry in section.items() if entry is None]
        for name in gone:
            del section[name]
        for names in NAMES_IN.get(path[0], ()) if gone else ():
            holder = _at(config, names[:-1])
            if isinstance(holder, dict) and isinstance(holder.get(names[-1]), list):
                holder[names[-1]] = [name for name in holder[names[-1]] if name not in gone]
    choices = _at(config, ("ambiguities", "choices"))
    for choice, alternatives in choices.items() if isinstance(choices, dict) else ():
        if isinstance(alternatives, dict):
            choices[choice] = {name: entry for name, entry in alternatives.items() if entry is not None}
    return config


def _at(config: dict, path: tuple[str, ...]) -> Any:
    found: Any = config
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _nested(mapping: dict, at: tuple[str, ...] = ()) -> dict:
    """`{"a.b": 1}` as `{"a": {"b": 1}}`, at any depth but among alternatives, whose names may have dots."""
    nested: dict = {}
    dotted = []
    for key, value in mapping.items():
        value = _nested(value, (*at, str(key))) if isinstance(value, dict) else value
        if isinstance(key, str) and "." in key.strip(".") and at[:2] != ("ambiguities", "choices"):
            dotted.append((key, value))
        else:
            nested[key] = value
    for key, value in dotted:  # the more exact ones have the last word
        *sections, last = key.split(".")
        place = nested
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                fail(".".join((*at, key)), value, f"a key below {section}, which is no mapping")
        if isinstance(value, dict) and isinstance(place.get(last), dict):
            place[last] |= value
        else:
            place[last] = value
    return nested
