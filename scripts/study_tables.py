"""Tables of the studies, from the copies of their results in docs/. `doc_tables.py` writes them into the pages."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sslgrid.basics.streams import stream
from sslgrid.claims.verdicts import difference_of, mean_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
NO_VALUE = "-"

LOCK = {  # column of the study's table -> head and form
    "ratio": ("ratio", ".2f"), "turn": ("turn (deg)", ".1f"), "second_direction": ("left along 2nd direction", ".2f"),
    "third_direction": ("3rd", ".2f"), "fourth_direction": ("4th", ".2f"), "kick_gap": ("kick gap", ".2f"),
    "kick_gap_halves": ("of halves", ".2f"), "range": ("range (m)", ".2f"),
    "range_in_spacings": ("range / coarse spacing", ".2f"),
    "turned_range_in_spacings": ("with the fine module turned", ".2f"),
}  # fmt: skip


def lock() -> list[list[str]]:
    """What `studies/one_torus.yaml` found, a row for each condition: means over seeds with 95 % bootstrap intervals."""
    networks = pd.read_csv(DOCS / "one-torus.csv")  # a copy of results/one_torus/networks.csv
    rows = []
    for condition, group in networks.groupby("condition", sort=False):
        pairs = group["commensurate"].dropna()
        on_lattice = f"{pairs.sum():.0f} of {len(pairs)}" if len(pairs) else NO_VALUE
        means = [_mean(group[name].dropna().to_numpy(), form) for name, (_, form) in LOCK.items()]
        counted = [_counted(group[name].dropna()) for name in ("modules", "shared_waves")]
        rows.append([f"`{condition}`", str(len(group)), counted[0], on_lattice, counted[1], *means])
    head = ["condition", "networks", "modules", "pairs on a superlattice", "waves shared"]
    return [[*head, *(title for title, _ in LOCK.values())], *rows]


def _counted(values: pd.Series) -> str:
    """How often each whole number occurs: "2 in 14, 3 in 1"."""
    counts = Counter(values.astype(int))
    return ", ".join(f"{number} in {counts[number]}" for number in sorted(counts)) or NO_VALUE


SETTLED = 0.9  # left along the second direction: from here on one map at least is kept for good
KEPT = 0.5  # left along a direction that counts as kept


def phases() -> list[list[str]]:
    """Networks with two modules, by the waves that these share and the directions that the network keeps."""
    networks = pd.read_csv(DOCS / "one-torus.csv")
    settled = networks[networks["shared_waves"].notna() & (networks["second_direction"] >= SETTLED)]
    directions = 2 + (settled["third_direction"] >= KEPT) + (settled["fourth_direction"] >= KEPT)
    rows = []
    for shared, group in directions.groupby(settled["shared_waves"].astype(int)):
        rows.append([str(shared), *(str((group == count).sum()) for count in (2, 3, 4))])
    return [["waves shared", "networks that keep two directions", "three", "four"], *rows[::-1]]


LOCK_PAPER = {  # as LOCK
    "second_direction": ("left along 2nd direction", ".2f"), "third_direction": ("3rd", ".2f"),
    "fourth_direction": ("4th", ".2f"), "third_carriers": ("units that carry the 3rd", ".0f"),
    "first_in_modules": ("carried by modules: 1st", ".2f"), "second_in_modules": ("2nd", ".2f"),
    "third_in_modules": ("3rd", ".2f"), "first_on_lattice": ("on the lattice: 1st", ".2f"),
    "third_on_lattice": ("3rd", ".2f"), "kick_gap": ("kick gap", ".2f"), "kick_gap_halves": ("of halves", ".2f"),
}  # fmt: skip


def lock_paper() -> list[list[str]]:
    """The directions of the networks of the paper's size, a row for each."""
    networks = pd.read_csv(DOCS / "one-torus-paper.csv")  # as docs/results-paper-size.md makes it
    cells = [networks[name].map(f"{{:{form}}}".format) for name, (_, form) in LOCK_PAPER.items()]
    rows = [list(row) for row in zip(networks["seed"].map(str), *cells, strict=True)]
    return [["seed", *(title for title, _ in LOCK_PAPER.values())], *rows]


def _mean(values: np.ndarray, form: str) -> str:
    if not len(values):
        return NO_VALUE
    estimate = mean_of(values, stream(0, "one torus compared"))
    return f"{estimate.mean:{form}} [{estimate.low:{form}}, {estimate.high:{form}}]"


DRIFT = {
    "drift_100": "after 100 steps", "drift_300": "300", "drift_1000": "1,000", "drift_3000": "3,000",
    "drift_end": "at the end",
}  # fmt: skip


def drift() -> list[list[str]]:
    """What `studies/drift.yaml` found, a row for each condition: the values of its seeds."""
    networks = pd.read_csv(DOCS / "drift.csv")  # a copy of results/generalisation/drift.csv
    rows = []
    for condition, group in networks.groupby("condition", sort=False):
        values = [_by_seed(group[name], ".2f") for name in DRIFT]
        kept = _by_seed(group["steps_kept"], ",.0f")
        rows.append([f"`{condition}`", " ".join(map(str, group["modules"])), *values, kept])
    return [["condition", "modules", *DRIFT.values(), "steps below 0.25"], *rows]


def _by_seed(values: pd.Series, form: str) -> str:
    return " ".join(NO_VALUE if np.isnan(value) else f"{value:{form}}" for value in values)


def squares() -> list[list[str]]:
    """Units on hexagonal and on square lattices at the end of each network of `studies/squares.yaml`, seed by seed."""
    study = yaml.safe_load((DOCS.parent / "studies/squares.yaml").read_text(encoding="utf-8"))
    networks = pd.read_csv(DOCS / "squares.csv", dtype=str, keep_default_na=False).set_index("condition")
    rows = []
    for name in study["recipes"]:
        group = networks.loc[[name]].sort_values("seed")
        differs = study["conditions"].get(name, {})
        changed = {
            f"{section}.{key}": value
            for section, values in differs.items() if section != "seeds" for key, value in values.items()
        }  # fmt: skip
        words = ", ".join(f"`{key} {value}`" for key, value in changed.items()) or "nothing"
        columns = (" ".join(group[column]) for column in ("seed", "hexagonal", "square", "live"))
        modules = "; ".join(spacings.replace(" ", ", ") or "none" for spacings in group["spacings"])
        rows.append([words, *columns, modules])
    return [["instead", "seeds", "hexagonal units", "square units", "live units", "modules (m)"], *rows]


def shear() -> list[list[str]]:
    """Lattice classes and ellipticity with and without the conformal isometry loss, for both kinds of identity."""
    networks = pd.read_csv(DOCS / "shear.csv")  # as scripts/shear.py writes it
    rows = []
    for identity, of_kind in networks.groupby("identity"):
        full = of_kind.loc[of_kind["condition"] == "full", "ellipticity"].to_numpy()
        for condition, group in of_kind.groupby("condition"):
            values = group["ellipticity"].to_numpy()
            more = NO_VALUE
            if condition != "full":
                estimate = difference_of(values, full, stream(0, "shear"))
                more = f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
            counts = [" ".join(map(str, group[kind])) for kind in ("live", "hexagonal", "sheared", "square")]
            rows.append([str(identity), f"`{condition}`", *counts, _by_seed(group["ellipticity"], ".2f"), more])
    head = ["live units", "hexagonal", "sheared", "square", "median ellipticity", "less that of `full`"]
    return [["identity", "condition", *head], *rows]


def square_kinds() -> list[list[str]]:
    """How many networks of each row of `squares` are hexagonal, square, or neither."""
    networks = pd.read_csv(DOCS / "squares.csv")
    enough = networks["hexagonal"] + networks["square"] > networks["live"] / 2
    networks["hexagonal ones"] = enough & (networks["hexagonal"] > networks["square"])
    networks["square ones"] = enough & (networks["square"] > networks["hexagonal"])
    rows = []
    for (words, *_), (_, group) in zip(squares()[1:], networks.groupby("condition", sort=False), strict=True):
        counts = [int(group[name].sum()) for name in ("hexagonal ones", "square ones")]
        rows.append([words, *map(str, counts), str(len(group) - sum(counts))])
    return [["instead", "hexagonal", "square", "neither"], *rows]
