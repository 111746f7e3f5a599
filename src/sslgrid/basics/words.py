"""The difference between two models, in words."""

import json


def differences(model: dict, reference: dict) -> str:
    """The keys by which a `model` section differs from another, with its own values."""
    return ", ".join(
        f"{section}.{key} {f'{value:g}' if isinstance(value, float) else json.dumps(value)}"
        for section, values in model.items()
        for key, value in values.items()
        if value != reference[section][key]
    )
