"""Is a config what its schema says? If not, one line that names the key, what it was and what was expected."""

import difflib
import sys
from typing import Any, NoReturn, cast

from jsonschema import Draft202012Validator, ValidationError, validators

from sslgrid.basics.errors import InputError


def _is_whole_number(_checker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# JSON Schema takes 64.0 for an integer; torch does not.
Validator = validators.extend(
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole_number)
)


def fail(key: str, value: object, expected: str) -> NoReturn:
    """Raise InputError in one line."""
    raise InputError(f"config: {key} is {value!r}; expected {expected}")


def check(value: object, schema: dict, at: str) -> None:
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
                fail(f"the key {key!r}{f' of {at}' if at else ''}", type(key).__name__, "text; put it in quotes")
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            _check_entries(entry, _join(at, key))
    elif isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
        fail(at, value, "a finite number")


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
    key, schema = _join(at, *error.absolute_path), cast(dict, error.schema)  # which is never just true or false
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = next(name for name in cast(dict, error.instance) if name not in known)
        close = difflib.get_close_matches(str(unknown), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected one of: {', '.join(known)}"
        return f"{_join(key, unknown)} is not a key; {hint}"
    if error.validator == "propertyNames" or "propertyNames" in error.absolute_schema_path:
        expected = "small letters, digits and _, starting with a letter"
        return f"{_join(key, error.instance)} is not a valid name; expected {expected}"
    if error.validator == "uniqueItems":
        return f"{key} is {error.instance!r}; expected each only once"
    words = schema.get("description")
    hint = ""
    if isinstance(error.instance, str) and error.validator == "type" and _looks_like_number(error.instance):
        hint = "; a number without quotes, and 1e-3 as 1.0e-3, else YAML takes it for text"
    meaning = f" ({words})" if words else ""
    return f"{key or 'the file'} is {error.instance!r}; expected {_expected(schema)}{meaning}{hint}"


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


def with_defaults(value: Any, schema: dict) -> Any:
    """A copy of `value` with every missing key at its default, at any depth; 1 and 1.0 come out the same."""
    if schema.get("type") == "number":
        return float(value)
    if isinstance(value, list):
        return [with_defaults(entry, schema.get("items", {})) for entry in value]
    if not isinstance(value, dict):
        return value
    filled = {key: with_defaults(entry, schema_of(key, schema)) for key, entry in value.items()}
    for key, entry in schema.get("properties", {}).items():
        if key not in filled and "default" in entry:
            filled[key] = with_defaults(entry["default"], entry)
    return filled


def schema_of(key: str, schema: dict) -> dict:
    other = schema.get("additionalProperties")
    return schema.get("properties", {}).get(key, other if isinstance(other, dict) else {})
