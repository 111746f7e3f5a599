"""Networks besides the conditions: alternatives to what the paper leaves open, and pairs of values of two keys."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product

from sslgrid.basics.words import differences
from sslgrid.config.checking import fail

Point = tuple[str, str] | tuple[float, float]
Values = dict[str, list]  # of each of two keys, "section.key"


@dataclass(frozen=True)
class Sweep:
    """Models to train for the same seeds and to walk in the same arena."""

    arena: str
    seeds: list[int]
    axes: tuple[str, ...]  # what the two parts of a point are
    reference: str  # name of the full model
    points: dict[Point, str]  # name of the model at each point, which may be a condition's
    models: dict[str, dict] = field(default_factory=dict)  # those that are not a condition's
    keys: tuple[str, ...] = ()  # of the model, "section.key", if the parts of a point are their values

    @property
    def names(self) -> list[str]:
        """Every model once, the reference first."""
        return list(dict.fromkeys([self.reference, *self.points.values()]))

    def described(self, models: dict[str, dict]) -> dict:
        """What its figure has to know: seeds, the reference, and for each point its condition and how that differs."""
        points = [
            dict(zip(self.axes, point, strict=True))
            | {"condition": name, "differs": differences(models[name], models[self.reference])}
            for point, name in self.points.items()
        ]
        axes = dict(zip(self.keys, self.axes, strict=False))
        return {"seeds": self.seeds, "reference": self.reference, "axes": axes, "points": points}

    def sizes(self, models: dict[str, dict]) -> list[dict]:
        """The sizes of this sweep, as returned by `sizes_of`."""
        return sizes_of((models[name], len(self.seeds)) for name in self.names)


def sizes_of(networks: Iterable[tuple[dict, int]]) -> list[dict]:
    """One entry per size of gradient step: a model of that size, the number of networks, and that of their steps.

    networks: pairs of a model and its number of networks.
    """
    sizes = []
    for model, count in networks:
        size = next((size for size in sizes if _same_size(size["model"], model)), None)
        if size is None:
            size = {"model": model, "networks": 0, "steps": 0}
            sizes.append(size)
        size["networks"] += count
        size["steps"] += count * model["training"]["steps"]
    return sizes


def ambiguities(section: dict, full: dict, conditions: dict[str, dict], resolve: Callable[[str, dict], dict]) -> Sweep:
    """A model for each alternative. full: the model without overrides; resolve: from a key and its overrides."""
    resolved = {
        (choice, alternative): resolve(f"ambiguities.choices.{choice}.{alternative}", overrides)
        for choice, alternatives in section["choices"].items()
        for alternative, overrides in alternatives.items()
    }
    return _sweep(section, "ambiguity", ("choice", "alternative"), resolved, full, conditions)


def phase_diagram(
    section: dict, full: dict, conditions: dict[str, dict], resolve: Callable[[str, dict], dict]
) -> Sweep:
    """A model for each pair of values of two keys. Raises InputError unless `axes` names two keys and their values."""
    values = _values(section, full)
    names = _short_names(list(values))
    resolved = {}
    for point in product(*values.values()):
        overrides: dict[str, dict] = {}
        for key, value in zip(values, point, strict=True):
            part, name = key.split(".")
            if value != full[part][name]:
                overrides.setdefault(part, {})[name] = value
        resolved[point] = resolve("phase_diagram.axes", overrides)
    return _sweep(section, "phase", names, resolved, full, conditions, tuple(values))


def _values(section: dict, full: dict) -> Values:
    """The values of both keys; those of the paper's diagram unless `axes` says others."""
    if not section["axes"]:
        return {f"losses.{name}": section[name] for name in ("capacity", "sigma_g")}
    at = "phase_diagram.axes"
    values = {}
    for part, entries in section["axes"].items():
        if part not in full or not isinstance(entries, dict):
            fail(
                f"{at}.{part}",
                entries,
                f"a key of one of: {', '.join(full)}; for example {{losses.capacity: [0.0, 0.5]}}",
            )
        for name, given in entries.items():
            if name not in full[part]:
                fail(f"{at}.{part}.{name}", given, f"one of the keys of {part}: {', '.join(full[part])}")
            if not isinstance(given, list) or not given or not all(isinstance(one, int | float | str) for one in given):
                fail(f"{at}.{part}.{name}", given, "a list of values")
            # 1 and 1.0 are one value, of the kind that the full model has.
            number = isinstance(full[part][name], float)
            values[f"{part}.{name}"] = [float(one) if number and isinstance(one, int) else one for one in given]
            if len(set(values[f"{part}.{name}"])) < len(given):
                fail(f"{at}.{part}.{name}", given, "each value only once")
    if len(values) != 2:
        fail(at, list(values), "two keys")
    return values


def _short_names(keys: list[str]) -> tuple[str, ...]:
    """The keys without their sections, unless that makes them the same."""
    short = tuple(key.split(".")[1] for key in keys)
    return short if len(set(short)) == len(keys) else tuple(key.replace(".", "_") for key in keys)


def _sweep(
    section: dict,
    kind: str,
    axes: tuple[str, ...],
    resolved: dict[Point, dict],
    full: dict,
    conditions: dict[str, dict],
    keys: tuple[str, ...] = (),
) -> Sweep:
    """Name the models; what is a condition already is not trained again under another name."""
    known = {f"{kind}-reference": full} | conditions if full not in conditions.values() else dict(conditions)

    def name_of(model: dict, otherwise: str) -> str:
        return next((name for name, other in known.items() if other == model), otherwise)

    points = {}
    for point, model in resolved.items():
        points[point] = name_of(model, "-".join((kind, *_words(point, axes if keys else ()))))
        known[points[point]] = model
    own = {name: model for name, model in known.items() if name not in conditions}
    return Sweep(section["arena"], section["seeds"], axes, name_of(full, ""), points, own, keys)


def _words(point: Point, axes: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a name: alternatives have names of their own, values are named by their axis."""
    return (
        tuple(f"{axis}{_value(value)}" for axis, value in zip(axes, point, strict=True))
        if axes
        else tuple(map(str, point))
    )


def _value(value: object) -> str:
    """All digits, since two values must not share a name; 1 and 1.0 do."""
    return str(value).lower().removesuffix(".0")


def _same_size(one: dict, other: dict) -> bool:
    return one["training"]["accumulate"] == other["training"]["accumulate"] and all(
        one[section] == other[section] for section in ("network", "trajectories")
    )
