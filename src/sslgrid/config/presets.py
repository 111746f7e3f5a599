"""Presets: named settings of the full model, from which a config's own values differ.

The laptop's is the schema's defaults; every other one is a file that names what differs from those, and why.
"""

from pathlib import Path

import yaml

LAPTOP = "laptop"


def with_preset(config: dict, folder: Path) -> dict:
    """The config, which the schema has validated, with a `model` that starts from its preset.

    folder: of the presets' files.
    """
    name, given = config.get("preset", LAPTOP), config.get("model", {})
    if name == LAPTOP:
        return config
    preset = yaml.safe_load((Path(folder) / f"{name}.yaml").read_text(encoding="utf-8"))
    sections = {section: preset.get(section, {}) | given.get(section, {}) for section in preset.keys() | given.keys()}
    return config | {"model": sections}


def still_open(choices: dict, full: dict) -> dict:
    """The alternatives to a full model of any preset: without those that it has chosen itself.

    choices: by name of the choice, alternatives by name, each overrides of the model.
    """
    return {
        choice: {name: overrides for name, overrides in alternatives.items() if not _is_chosen(overrides, full)}
        for choice, alternatives in choices.items()
    }


def _is_chosen(overrides: dict, full: dict) -> bool:
    return all(
        isinstance(values, dict) and full.get(section, {}).items() >= values.items()
        for section, values in overrides.items()
    )
