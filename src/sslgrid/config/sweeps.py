"""Networks besides the conditions: the alternatives to what the paper leaves open, and the phase diagram."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

Point = tuple[str, str] | tuple[float, float]  # choice and alternative, or capacity and sigma_g


@dataclass(frozen=True)
class Sweep:
    """Models to train for the same seeds and to walk in the same arena."""

    arena: str
    seeds: list[int]
    reference: str  # name of the full model
    points: dict[Point, str]  # name of the model at each point, which may be a condition's
    models: dict[str, dict] = field(default_factory=dict)  # those that are not a condition's

    @property
    def names(self) -> list[str]:
        """Every model once, the reference first."""
        return list(dict.fromkeys([self.reference, *self.points.values()]))


def ambiguities(section: dict, full: dict, conditions: dict[str, dict], resolve: Callable[[str, dict], dict]) -> Sweep:
    """A model for each alternative. full: the model without overrides; resolve: from a key and its overrides."""
    resolved = {
        (choice, alternative): resolve(f"ambiguities.choices.{choice}.{alternative}", overrides)
        for choice, alternatives in section["choices"].items()
        for alternative, overrides in alternatives.items()
    }
    return _sweep(section, "ambiguity", resolved, full, conditions)


def phase_diagram(section: dict, full: dict, conditions: dict[str, dict]) -> Sweep:
    """A model for each pair of a capacity weight and a sigma_g."""
    resolved = {
        (capacity, sigma_g): full | {"losses": full["losses"] | {"capacity": capacity, "sigma_g": sigma_g}}
        for capacity, sigma_g in product(section["capacity"], section["sigma_g"])
    }
    return _sweep(section, "phase", resolved, full, conditions)


def _sweep(section: dict, kind: str, resolved: dict[Point, dict], full: dict, conditions: dict[str, dict]) -> Sweep:
    """Name the models; what is a condition already is not trained again under another name."""
    known = {f"{kind}-reference": full} | conditions if full not in conditions.values() else dict(conditions)

    def name_of(model: dict, otherwise: str) -> str:
        return next((name for name, other in known.items() if other == model), otherwise)

    points = {}
    for point, model in resolved.items():
        points[point] = name_of(model, "-".join((kind, *_words(point))))
        known[points[point]] = model
    own = {name: model for name, model in known.items() if name not in conditions}
    return Sweep(section["arena"], section["seeds"], name_of(full, ""), points, own)


def _words(point: Point) -> tuple[str, str]:
    one, other = point
    return (one, other) if isinstance(one, str) else (f"capacity{one:g}", f"sigma_g{other:g}")
