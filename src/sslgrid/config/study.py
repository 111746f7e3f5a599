"""From config.yaml to the resolved sections that the stages read. Only the Snakefile uses this.

Everything a user can get wrong is told here, before anything runs: one line that names the key, what it was and what
was expected.
"""

import difflib
import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, ValidationError, validators

from sslgrid.errors import InputError

# The largest component, and the largest speed, that a step of a law can have, in units of its half_width. Walks of
# rats, made up or recorded, have their speed capped at half_width.
REACH = {"square": (1.0, 2**0.5), "disc": ((4 / 3) ** 0.5,) * 2, "rat": (1.0, 1.0)}


MOST_BINS = 500  # along one side
MOST_STEPS = 100_000_000  # of all walks of an arena


def _is_whole_number(_checker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# JSON Schema takes 64.0 for an integer; torch does not.
Validator = validators.extend(
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole_number)
)


@dataclass(frozen=True)
class Study:
    """The validated study: every default filled in, every condition resolved."""

    seeds: list[int]
    conditions: dict[str, dict]  # name -> the whole `model` section
    arenas: dict[str, dict]
    figures: dict


def resolve_study(config: dict, schema_path: Path) -> Study:
    """Check a config against the schema and the rules a schema cannot say; resolve every condition.

    Raises InputError with one line for the first thing that is wrong.
    """
    schema = yaml.safe_load(Path(schema_path).read_text())
    _check(config, schema, at="")
    config = _with_defaults(config, schema)
    model_schema = schema["properties"]["model"]
    conditions = {
        name: _resolve_condition(name, overrides, config["model"], model_schema)
        for name, overrides in config["conditions"].items()
    }
    for name, model in conditions.items():
        _check_model(name, model)
    for name, arena in config["arenas"].items():
        _check_arena(name, arena, conditions)
    _check_figures(config["figures"], conditions, config["arenas"])
    return Study(config["seeds"], conditions, config["arenas"], config["figures"])


def _fail(key: str, value: object, expected: str) -> None:
    raise InputError(f"config: {key} is {value!r}; expected {expected}")


def _check(value: object, schema: dict, at: str) -> None:
    """Validate against the schema; `at` is the key that `value` stands at."""
    _check_entries(value, at)
    errors = sorted(Validator(schema).iter_errors(value), key=lambda error: list(map(str, error.path)))
    if errors:
        raise InputError(f"config: {_describe(errors[0], at)}")


def _check_entries(value: object, at: str) -> None:
    """What a schema cannot say: keys are text (YAML reads `no` as false), and NaN passes every comparison."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                _fail(f"the key {key!r}{f' of {at}' if at else ''}", type(key).__name__, "text; put it in quotes")
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            _check_entries(entry, _join(at, key))
    elif isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
        _fail(at, value, "a finite number")


def _join(*keys: object) -> str:
    """A dotted key on one line."""
    return ".".join(repr(str(key))[1:-1] for key in keys if key != "")


def _looks_like_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _describe(error: ValidationError, at: str) -> str:
    key = _join(at, *error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = next(name for name in error.instance if name not in known)
        close = difflib.get_close_matches(str(unknown), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected one of: {', '.join(known)}"
        return f"{_join(key, unknown)} is not a key; {hint}"
    if error.validator == "propertyNames" or "propertyNames" in error.absolute_schema_path:
        expected = "small letters, digits and _, starting with a letter"
        return f"{_join(key, error.instance)} is not a valid name; expected {expected}"
    if error.validator == "uniqueItems":
        return f"{key} is {error.instance!r}; expected each only once"
    words = error.schema.get("description")
    hint = ""
    if isinstance(error.instance, str) and error.validator == "type" and _looks_like_number(error.instance):
        hint = "; a number without quotes, and 1e-3 as 1.0e-3, else YAML takes it for text"
    meaning = f" ({words})" if words else ""
    return f"{key or 'the file'} is {error.instance!r}; expected {_expected(error.schema)}{meaning}{hint}"


def _expected(schema: dict) -> str:
    """The values that a schema allows, in words."""
    if "enum" in schema:
        return "one of: " + ", ".join(map(str, schema["enum"]))
    bounds = [
        f"{sign} {schema[bound]}"
        for bound, sign in (
            ("minimum", ">="), ("exclusiveMinimum", ">"), ("maximum", "<="), ("exclusiveMaximum", "<"),
        )
        if bound in schema
    ]  # fmt: skip
    kind = {"object": "a mapping", "array": "a list", "boolean": "true or false", "integer": "a whole number"}
    words = kind.get(schema["type"], f"a {schema['type']}")
    for bound, sign in (("minItems", "at least"), ("maxItems", "at most"), ("minProperties", "at least")):
        if bound in schema:
            bounds.append(f"with {sign} {schema[bound]} of them")
    return " ".join([words, " and ".join(bounds)]).strip()


def _with_defaults(value: object, schema: dict) -> object:
    """A copy of `value` with every missing key at its default, at any depth; 1 and 1.0 come out the same."""
    if schema.get("type") == "number":
        return float(value)
    if isinstance(value, list):
        return [_with_defaults(entry, schema.get("items", {})) for entry in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _with_defaults(entry, _schema_of(key, schema)) for key, entry in value.items()}
    for key, entry in schema.get("properties", {}).items():
        if key not in filled and "default" in entry:
            filled[key] = _with_defaults(entry["default"], entry)
    return filled


def _schema_of(key: str, schema: dict) -> dict:
    other = schema.get("additionalProperties")
    return schema.get("properties", {}).get(key, other if isinstance(other, dict) else {})


def _resolve_condition(name: str, overrides: dict, model: dict, schema: dict) -> dict:
    """The model with a condition's overrides, each of which must name a key and change it."""
    at = f"conditions.{name}"
    _check(overrides, schema, at)
    resolved = deepcopy(model)
    for section, values in overrides.items():
        for key, given in values.items():
            value = _with_defaults(given, schema["properties"][section]["properties"][key])
            if value == model[section][key]:
                _fail(f"{at}.{section}.{key}", value, "a value that differs from the full model's")
            resolved[section][key] = value
    return resolved


def _check_model(name: str, model: dict) -> None:
    training = model["training"]
    if training["warmup"] >= training["steps"] > 0:
        _fail(
            f"training.warmup of condition {name}",
            training["warmup"],
            f"fewer than training.steps ({training['steps']})",
        )


def _check_figures(figures: dict, conditions: dict, arenas: dict) -> None:
    of_conditions, of_arenas = ("condition", "controls"), ("arena", "other_arenas", "long_walks", "plane")
    for key in (*of_conditions, *of_arenas):
        known = conditions if key in of_conditions else arenas
        names = figures[key] if isinstance(figures[key], list) else [figures[key]]
        for name in names:
            if name not in known:
                _fail(f"figures.{key}", name, f"one of: {', '.join(known)}")
    for key, others in (("condition", "controls"), ("arena", "other_arenas")):
        if figures[key] in figures[others]:
            _fail(f"figures.{others}", figures[key], f"others than figures.{key}")


def _check_arena(name: str, arena: dict, conditions: dict[str, dict]) -> None:
    at = f"arenas.{name}"
    component, speed = _reach(arena["velocity_law"] if arena["motion"] == "iid" else "rat", arena["half_width"])
    if arena["side"] <= 2 * component:
        _fail(f"{at}.side", arena["side"], f"more than two steps of the walk (2 x {component:.3g} m)")
    if arena["side"] < 10 * arena["bin"]:
        _fail(f"{at}.bin", arena["bin"], f"at most a tenth of the side ({arena['side'] / 10:.3g} m)")
    if arena["side"] > MOST_BINS * arena["bin"]:
        _fail(
            f"{at}.bin",
            arena["bin"],
            f"at least {arena['side'] / MOST_BINS:.3g} m, for at most {MOST_BINS} bins a side",
        )
    if arena["walks"] * arena["steps"] > MOST_STEPS:
        _fail(f"{at}.walks", arena["walks"], f"walks x steps of at most {MOST_STEPS:.0e}, which have to fit in memory")
    if arena["motion"] != "iid" and arena["mean_speed"] > arena["half_width"] / 2.5:
        limit = arena["half_width"] / 2.5
        _fail(
            f"{at}.mean_speed",
            arena["mean_speed"],
            f"at most half_width / 2.5 ({limit:.3g}), so that few steps are held back",
        )
    for condition, model in conditions.items():
        trained = model["trajectories"]
        covered_component, covered_speed = _reach(trained["velocity_law"], trained["half_width"])
        if component > covered_component * (1 + 1e-9) or speed > covered_speed * (1 + 1e-9):
            _fail(
                f"{at}.half_width", arena["half_width"],
                f"steps within the training range of condition {condition}"
                f" (components up to {covered_component:.3g} m, speeds up to {covered_speed:.3g} m)",
            )  # fmt: skip


def _reach(law: str, half_width: float) -> tuple[float, float]:
    """The largest component and the largest speed of a step, m."""
    return tuple(factor * half_width for factor in REACH[law])
