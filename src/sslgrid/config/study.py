"""From config.yaml to the resolved sections that the stages read. Only the Snakefile uses this.

Everything a user can get wrong is told here, before anything runs: one line that names the key, what it was and what
was expected.
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import REGULAR, corners_of, is_convex
from sslgrid.config.checking import check, fail, with_defaults
from sslgrid.config.layers import resolve_layers
from sslgrid.config.presets import LAPTOP, still_open, with_preset
from sslgrid.config.shapes import is_point, settle_shape
from sslgrid.config.sweeps import Sweep, ambiguities, phase_diagram

# The largest component, and the largest speed, that a step of a law can have, in units of its half_width. Walks of
# rats, made up or recorded, have their speed capped at half_width.
REACH = {"square": (1.0, 2**0.5), "disc": ((4 / 3) ** 0.5,) * 2, "rat": (1.0, 1.0)}
LOCALISER = "localiser"
MOST_BINS = 500  # along one side
MOST_STEPS = 100_000_000  # of all walks of an arena


@dataclass(frozen=True)
class Study:
    """The validated study: every default filled in, every condition resolved."""

    conditions: dict[str, dict]  # name -> the whole `model` section
    localisers: dict[str, dict]  # name -> the whole `localiser` section
    seeds: dict[str, list[int]]  # of each condition and localiser
    homes: dict[str, str]  # arena of each localiser
    looks: dict[str, dict[str, str]]  # `labels` and `colours` of the conditions that have one
    arenas: dict[str, dict]
    figures: dict
    measures: dict  # how thoroughly the measures are tested
    recordings: list[str]  # files of real cells
    recordings_units: str  # cm, m, or stated in each file
    cueva_wei: dict  # what the figures about localisers show
    released_as_maps: list[str]  # conditions of which a release holds the rate maps
    recipes: list[str]  # conditions whose time to modules is compared
    ambiguities: Sweep
    phase_diagram: Sweep

    @property
    def sic_models(self) -> dict[str, dict]:
        """The models of the conditions and of the sweeps, by name."""
        return self.conditions | self.ambiguities.models | self.phase_diagram.models

    @property
    def models(self) -> dict[str, dict]:
        """All models, by name."""
        return self.sic_models | self.localisers


def resolve_study(config: dict, schema_path: Path) -> Study:
    """Check a config against the schema and the rules a schema cannot say; resolve every condition.

    Raises InputError with one line for the first thing that is wrong.
    """
    schema = yaml.safe_load(Path(schema_path).read_text(encoding="utf-8"))
    config = resolve_layers(config)
    check(config, schema, at="")
    is_laptop = config.get("preset", LAPTOP) == LAPTOP and not config.get("model")
    config = with_preset(config, Path(schema_path).parents[1] / "presets")
    own_warmup = {kind: "warmup" in config.get(kind, {}).get("training", {}) for kind in ("model", LOCALISER)}
    config = with_defaults(_with_shapes(_with_engine(config)), schema)
    full = config["model"]

    def resolve(key: str, overrides: dict, kind: str = "model") -> dict:
        model = _override(key, overrides, config[kind], schema["properties"][kind])
        if not (own_warmup[kind] or "warmup" in overrides.get("training", {})):
            _shorten_warmup(model["training"], schema["properties"][kind])
        _check_model(key, model)
        return model

    for kind in ("model", LOCALISER):
        if not own_warmup[kind]:
            _shorten_warmup(config[kind]["training"], schema["properties"][kind])
        _check_model(kind, config[kind])
    conditions, localisers, seeds, homes = {}, {}, {}, {}
    looks = _looks(config["conditions"])
    for name, entries in config["conditions"].items():
        key = f"conditions.{name}"
        overrides = {entry: value for entry, value in entries.items() if entry not in ("label", "colour")}
        seeds[name] = _seeds(f"{key}.seeds", overrides, config["seeds"], schema["properties"]["seeds"])
        if "model" not in overrides:
            conditions[name] = resolve(key, overrides)
            continue
        homes[name] = _home(key, overrides, config["arenas"])
        localisers[name] = resolve(key, overrides, LOCALISER)
    if not conditions:
        fail("conditions", list(localisers), "at least one that is not a localiser")
    arenas = config["arenas"]
    shown = config["figures"]
    of_figures = {shown["arena"], shown["long_walks"], shown["plane"], *shown["other_arenas"]}
    for name, arena in arenas.items():
        _check_arena(name, arena)
        if name in of_figures or name not in homes.values():
            _check_reach(name, arena, conditions)
    for name, home in homes.items():
        _check_home(name, localisers[name]["trajectories"], home, arenas[home])
    _check_figures(shown, conditions, arenas)
    if not is_laptop:  # whose choices the alternatives were written for
        config["ambiguities"]["choices"] = still_open(config["ambiguities"]["choices"], full)
    sweeps = {
        "ambiguities": ambiguities(config["ambiguities"], full, conditions, resolve),
        "phase_diagram": phase_diagram(config["phase_diagram"], full, conditions, resolve),
    }
    for name, sweep in sweeps.items():
        _check_sweep(name, sweep, arenas)
    for name in config["recipes"]:
        _check_name("recipes", name, conditions)
    walked = {"full", shown["condition"], *shown["controls"]}  # in more arenas than that of the maps
    for name in config["released_as_maps"]:
        _check_name("released_as_maps", name, conditions)
        if name in walked:
            fail("released_as_maps", name, "a condition that is neither shown nor a control, whose networks are needed")
    return Study(
        conditions, localisers, seeds, homes, looks, arenas, shown, config["measures"],
        config["recordings"], config["recordings_units"],
        _shown_localisers(config["cueva_wei"], list(localisers), list(conditions), arenas),
        config["released_as_maps"], config["recipes"] or list(conditions), **sweeps,
    )  # fmt: skip


def _with_engine(config: dict) -> dict:
    """The config with its `engine` in the models of both kinds that name none."""
    if "engine" not in config:
        return config
    for kind in ("model", LOCALISER):
        model = config.get(kind, {})
        training = {"engine": config["engine"]} | model.get("training", {})
        config = config | {kind: model | {"training": training}}
    return config


def _with_shapes(config: dict) -> dict:
    """The config with the shape of every arena, trained and walked, as the stages read it."""

    def settled(entries: dict) -> dict:
        trajectories = entries.get("trajectories")
        return entries | {"trajectories": settle_shape(trajectories)} if isinstance(trajectories, dict) else entries

    shaped = {}
    if "arenas" in config:
        shaped["arenas"] = {name: settle_shape(arena) for name, arena in config["arenas"].items()}
    if "conditions" in config:
        shaped["conditions"] = {name: settled(entries) for name, entries in config["conditions"].items()}
    if LOCALISER in config:
        shaped[LOCALISER] = settled(config[LOCALISER])
    return config | shaped


def _looks(conditions: dict[str, dict]) -> dict[str, dict[str, str]]:
    """Labels and colours by condition. Two conditions must not be called the same."""
    looks = {f"{look}s": {name: given[look] for name, given in conditions.items() if given.get(look)}
             for look in ("label", "colour")}  # fmt: skip
    called = {name: looks["labels"].get(name, name) for name in conditions}
    for name, label in looks["labels"].items():
        others = [other for other, word in called.items() if word == label and other != name]
        if others:
            fail(f"conditions.{name}.label", label, f"a label that {others[0]} has not")
    return looks


def _seeds(key: str, entries: dict, common: list[int], schema: dict) -> list[int]:
    """Take a condition's own seeds out of its entries; the common ones if it has none."""
    if "seeds" not in entries:
        return common
    seeds = entries.pop("seeds")
    check(seeds, schema, key)
    return seeds


def _home(key: str, entries: dict, arenas: dict[str, dict]) -> str:
    """Take `model` and `arena` out of a localiser's entries: the arena that it is walked in."""
    kind = entries.pop("model")
    if kind != LOCALISER:
        fail(f"{key}.model", kind, f"{LOCALISER}, or no such key")
    if "arena" not in entries:
        raise InputError(f"config: {key} has no arena; expected one of: {', '.join(arenas)}")
    home = entries.pop("arena")
    _check_name(f"{key}.arena", home, arenas)
    return home


def _override(key: str, overrides: dict, model: dict, schema: dict) -> dict:
    """The model with overrides, each of which must name a key and change it."""
    check(overrides, schema, key)
    resolved = deepcopy(model)
    for section, values in overrides.items():
        for name, given in values.items():
            value = with_defaults(given, schema["properties"][section]["properties"][name])
            if value == model[section][name] and name != "engine":  # which `--config engine=` sets for all
                fail(f"{key}.{section}.{name}", value, "a value that differs from the full model's")
            resolved[section][name] = value
    return resolved


def _shorten_warmup(training: dict, schema: dict) -> None:
    """A warm-up that nobody asked for takes at most a tenth of a training."""
    default = schema["properties"]["training"]["properties"]["warmup"]["default"]
    training["warmup"] = min(default, training["steps"] // 10) if training["steps"] else default


def _check_model(key: str, model: dict) -> None:
    training = model["training"]
    if "shape" in model["trajectories"]:
        _check_shape(f"trajectories.shape of {key}", model["trajectories"]["shape"])
    if training["warmup"] >= training["steps"] > 0:
        fail(f"training.warmup of {key}", training["warmup"], f"fewer than training.steps ({training['steps']})")
    if "hessian_free" in model:
        _check_localiser(key, model)
    elif 2 * model["trajectories"]["outward"] > model["trajectories"]["steps"]:
        most = model["trajectories"]["steps"] // 2
        fail(f"trajectories.outward of {key}", model["trajectories"]["outward"], f"at most half of the steps ({most})")


def _check_localiser(key: str, model: dict) -> None:
    """What a schema cannot say of two values at once."""
    paths, losses, search = model["trajectories"], model["losses"], model["hessian_free"]
    part = search["curvature_trials"]
    if part > paths["trials"]:
        fail(f"hessian_free.curvature_trials of {key}", part, f"at most trajectories.trials ({paths['trials']})")
    if paths["at_walls"] == "widening" and paths["heading_noise"] == 0:
        fail(f"trajectories.heading_noise of {key}", 0.0, "more than 0, which `at_walls: widening` widens")
    if search["damped"] == "penalty" and losses["rule"] == "fixed":
        fail(f"losses.rule of {key}", "fixed", "adaptive, for `hessian_free: {damped: penalty}` changes a weight")
    if search["damped"] == "penalty" and search["structural_damping"] and search["structural_unit"] == "damping":
        fail(f"hessian_free.structural_unit of {key}", "damping", "weights, for `damped: penalty` has no such damping")
    for name in ("weights_shares", "rates_shares"):
        if losses[name][0] >= losses[name][1]:
            fail(f"losses.{name} of {key}", losses[name], "the lowest share first, then a higher one")


def _check_figures(figures: dict, conditions: dict, arenas: dict) -> None:
    of_conditions, of_arenas = ("condition", "controls"), ("arena", "other_arenas", "long_walks", "plane")
    for key in (*of_conditions, *of_arenas):
        names = figures[key] if isinstance(figures[key], list) else [figures[key]]
        for name in names:
            _check_name(f"figures.{key}", name, conditions if key in of_conditions else arenas)
    if figures["arena"] in figures["other_arenas"]:
        fail("figures.other_arenas", figures["arena"], "others than figures.arena")


def _shown_localisers(shown: dict, localisers: list[str], conditions: list[str], arenas: dict) -> dict:
    """What figures about localisers show, with the names that were left out filled in."""
    chosen = [name for name in shown["conditions"] if name in localisers] or localisers
    known = {"conditions": localisers} | dict.fromkeys(("tracked", "examples", "all_units", "development"), chosen)
    known |= {"compared": [*conditions, *localisers], "compared_arenas": list(arenas)}
    for key, names in known.items():
        for name in [shown[key]] if isinstance(shown[key], str) else shown[key]:
            if name:
                _check_name(f"cueva_wei.{key}", name, names)
    if shown["compared"] and not shown["compared_arenas"]:
        raise InputError("config: cueva_wei.compared needs cueva_wei.compared_arenas, in which places are decoded")
    localisers = chosen
    shown = shown | {
        "conditions": localisers,
        "tracked": shown["tracked"] or next(iter(localisers), ""),
        "examples": shown["examples"] or localisers,
        "all_units": shown["all_units"] or localisers[:1],
    }
    return shown | {"development": shown["development"] or shown["examples"]}


def _check_name(key: str, name: str, known: dict | list[str]) -> None:
    if name not in known:
        fail(key, name, f"one of: {', '.join(known)}")


def _check_sweep(name: str, sweep: Sweep, arenas: dict[str, dict]) -> None:
    if sweep.points:
        _check_name(f"{name}.arena", sweep.arena, arenas)
        _check_reach(sweep.arena, arenas[sweep.arena], sweep.models)


def _check_shape(key: str, shape: str | dict | list) -> None:
    """A name, or the corners of a convex polygon."""
    if isinstance(shape, str):
        if shape not in REGULAR:
            expected = f"one of: {', '.join(REGULAR)}, circle, {{rectangle: [width, height]}}, or corners [[x, y], ...]"
            fail(key, shape, expected)
        return
    if isinstance(shape, dict):
        fail(key, shape, "{rectangle: [width, height]} in m, without `side`")
    if len(shape) < 3 or not all(map(is_point, shape)):
        fail(key, shape, "three or more corners [x, y]")
    if not is_convex(np.array(shape, float)):
        fail(key, shape, "corners of a convex polygon, one after the other")


def _check_home(name: str, trained: dict, home: str, arena: dict) -> None:
    """A localiser is walked at speeds that it was trained on."""
    if arena["half_width"] > trained["highest_speed"] * (1 + 1e-9):
        fail(
            f"arenas.{home}.half_width",
            arena["half_width"],
            f"at most the highest_speed of {name} ({trained['highest_speed']:g})",
        )


def _check_arena(name: str, arena: dict) -> None:
    at = f"arenas.{name}"
    _check_shape(f"{at}.shape", arena["shape"])
    component, _ = _walk_reach(arena)
    extent = np.ptp(corners_of(arena["shape"], arena["side"]), axis=0)
    narrow, wide = float(extent.min()), float(extent.max())
    key = f"{at}.{'side' if isinstance(arena['shape'], str) else 'shape'}"
    if narrow <= 2 * component:
        fail(key, arena[key.split(".")[-1]], f"more than two steps of the walk across (2 x {component:.3g} m)")
    if narrow < 10 * arena["bin"]:
        fail(f"{at}.bin", arena["bin"], f"at most a tenth of the arena's width ({narrow / 10:.3g} m)")
    if wide > MOST_BINS * arena["bin"]:
        fail(f"{at}.bin", arena["bin"], f"at least {wide / MOST_BINS:.3g} m, for at most {MOST_BINS} bins a side")
    if arena["walks"] * arena["steps"] > MOST_STEPS:
        fail(f"{at}.walks", arena["walks"], f"walks x steps of at most {MOST_STEPS:.0e}, which have to fit in memory")
    if arena["settle"] >= arena["steps"]:
        fail(f"{at}.settle", arena["settle"], f"fewer than steps ({arena['steps']})")
    limit = arena["half_width"] / 2.5
    if arena["motion"] not in ("iid", "brownian") and arena["mean_speed"] > limit:
        expected = f"at most half_width / 2.5 ({limit:.3g}), so that few steps are held back"
        fail(f"{at}.mean_speed", arena["mean_speed"], expected)


def _check_reach(name: str, arena: dict, models: dict[str, dict]) -> None:
    """The walks take no steps that a model was not trained on."""
    component, speed = _walk_reach(arena)
    for condition, model in models.items():
        trained = model["trajectories"]
        covered_component, covered_speed = _reach(trained["velocity_law"], trained["half_width"])
        if component > covered_component * (1 + 1e-9) or speed > covered_speed * (1 + 1e-9):
            fail(
                f"arenas.{name}.half_width", arena["half_width"],
                f"steps within the training range of condition {condition}"
                f" (components up to {covered_component:.3g} m, speeds up to {covered_speed:.3g} m)",
            )  # fmt: skip


def _walk_reach(arena: dict) -> tuple[float, float]:
    return _reach(arena["velocity_law"] if arena["motion"] == "iid" else "rat", arena["half_width"])


def _reach(law: str, half_width: float) -> tuple[float, float]:
    """The largest component and the largest speed of a step, m."""
    return tuple(factor * half_width for factor in REACH[law])
