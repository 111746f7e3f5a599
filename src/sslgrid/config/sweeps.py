"""Networks besides the conditions: the alternatives to what the paper leaves open, and the phase diagram."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product

from sslgrid.basics.words import differences

Point = tuple[str, str] | tuple[float, float]


@dataclass(frozen=True)
class Sweep:
    """Models to train for the same seeds and to walk in the same arena."""

    arena: str
    seeds: list[int]
    axes: tuple[str, str]  # what the two parts of a point are
    reference: str  # name of the full model
    points: dict[Point, str]  # name of the model at each point, which may be a condition's
    models: dict[str, dict] = field(default_factory=dict)  # those that are not a condition's

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
        return {"seeds": self.seeds, "reference": self.reference, "points": points}

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


def phase_diagram(section: dict, full: dict, conditions: dict[str, dict]) -> Sweep:
    """A model for each pair of a capacity weight and a sigma_g."""
    resolved = {
        (capacity, sigma_g): full | {"losses": full["losses"] | {"capacity": capacity, "sigma_g": sigma_g}}
        for capacity, sigma_g in product(section["capacity"], section["sigma_g"])
    }
    return _sweep(section, "phase", ("capacity", "sigma_g"), resolved, full, conditions)


def _sweep(
    section: dict,
    kind: str,
    axes: tuple[str, str],
    resolved: dict[Point, dict],
    full: dict,
    conditions: dict[str, dict],
) -> Sweep:
    """Name the models; what is a condition already is not trained again under another name."""
    known = {f"{kind}-reference": full} | conditions if full not in conditions.values() else dict(conditions)

    def name_of(model: dict, otherwise: str) -> str:
        return next((name for name, other in known.items() if other == model), otherwise)

    points = {}
    for point, model in resolved.items():
        points[point] = name_of(model, "-".join((kind, *_words(point))))
        known[points[point]] = model
    own = {name: model for name, model in known.items() if name not in conditions}
    return Sweep(section["arena"], section["seeds"], axes, name_of(full, ""), points, own)


def _words(point: Point) -> tuple[str, str]:
    one, other = point
    return (one, str(other)) if isinstance(one, str) else (f"capacity{_number(one)}", f"sigma_g{_number(other)}")


def _number(value: float | str) -> str:
    """All digits, since two values must not share a name; 1 and 1.0 do."""
    return str(value).removesuffix(".0")


def _same_size(one: dict, other: dict) -> bool:
    return one["training"]["accumulate"] == other["training"]["accumulate"] and all(
        one[section] == other[section] for section in ("network", "trajectories")
    )
