"""Tables of the pages, from the project's own run: `python scripts/doc_tables.py`.

Fills what stands between `<!-- table: NAME -->` and `<!-- end -->` in README.md and docs/*.md. A table whose data
are not in results/ stays as it is.
"""

import errno
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sslgrid.claims.report import estimate_in_words, passing_in_words, read_table, table_lines, threshold_in_words
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.outcomes import FINISHED
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence.outcomes import COMMENSURATE, NO_PAIR
from sslgrid.figures.classes import KINDS
from sslgrid.figures.sweeps import at_points
from sslgrid.figures.sweeps import read_table as read_networks
from sslgrid.spatial.classes import UnitClass

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "results"
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
NO_VALUE = "-"


def claims(table: str = "claims.csv", paper: str = "Schaeffer et al. 2023", part: str = "") -> list[list[str]]:
    """Every claim with its estimate and verdict; the words of an ablation's claim name its condition.

    part: of the names of the claims; only claims whose name has it are listed.
    """
    rows = [
        [row.words, row.source.replace(paper, "paper"), row.statistic,
         estimate_in_words(row.estimate, row.low, row.high), threshold_in_words(row), passing_in_words(row),
         f"**{row.verdict}**"]
        for row in read_table(RESULTS / table).itertuples() if part in row.claim
    ]  # fmt: skip
    return [
        ["claim", "from", "statistic", "estimate [95 % interval over seeds]", "claimed", "seeds passing", "verdict"],
        *rows,
    ]


def one_torus() -> list[list[str]]:
    """The claims about one torus."""
    return claims(part=".one_torus.")


def cw_claims() -> list[list[str]]:
    """The same for the networks that learn to localise themselves."""
    return claims("cw_claims.csv", "Cueva & Wei 2018")


def localisers() -> list[list[str]]:
    """How well the networks of each condition localise themselves, and the classes of their units: seed by seed."""
    conditions = pd.read_csv(RESULTS / "localisers_cost.csv")["condition"]
    head = ["error (m)", "best constant answer (m)", "after long paths (m)", "the same, never at a wall (m)"]
    rows = [[f"`{condition}`", *_localised(condition)] for condition in conditions]
    return [["condition", *head, *KINDS, "of these place-like"], *rows]


def _localised(condition: str) -> list[str]:
    measured = [read_localisation(path) for path in sorted((RESULTS / f"localisation/{condition}").glob("*.nc"))]
    errors = [
        [each["error"], each["constant_error"], each["long_error"][-1], each["long_error_inside"][-1]]
        for each in measured
    ]
    tuned = [read_tuning(path) for path in sorted((RESULTS / f"tuning/{condition}").glob("*/*.nc"))]
    classes = [each["class"].values[each["live"].values == 1] for each in tuned]
    counts = [[np.isin(of_units, kinds).sum() for kinds in (*KINDS.values(), UnitClass.PLACE)] for of_units in classes]
    columns = [*zip(*errors, strict=True)], [*zip(*counts, strict=True)]
    return [" ".join(f"{float(each.mean()):.3f}" for each in column) for column in columns[0]] + [
        " ".join(str(count) for count in column) for column in columns[1]
    ]


def conditions() -> list[list[str]]:
    """What the networks of each condition ended as."""
    networks = read_networks(RESULTS / "conditions.csv")
    rows = [[f"`{name}`", *_outcome(group)] for name, group in networks.groupby("condition", sort=False)]
    return [["condition", *COLUMNS], *rows]


def ambiguities() -> list[list[str]]:
    """The same for each answer to what the paper leaves open, below the full model."""
    folder = RESULTS / "ambiguities"
    sweep = json.loads((RESULTS / "config/sweeps/ambiguities.json").read_text())
    networks = read_networks(folder / "networks.csv")
    full = networks[networks["condition"] == sweep["reference"]]
    rows = [["full model", "", *_outcome(full)]]
    for (choice, _), group in at_points(sweep, networks).groupby(["choice", "alternative"], sort=False):
        rows.append([choice.replace("_", " "), f"`{group['differs'].iloc[0]}`", *_outcome(group)])
    return [["choice", "instead", *COLUMNS], *rows]


def squares() -> list[list[str]]:
    """Units on hexagonal and on square lattices at the end of each network of `studies/squares.yaml`, seed by seed."""
    study = yaml.safe_load((ROOT / "studies/squares.yaml").read_text())
    path = RESULTS / "emergence/recipes.csv"
    networks = pd.read_csv(path, dtype={"spacings": str}, keep_default_na=False)
    if set(networks["condition"]) != set(study["recipes"]):
        raise FileNotFoundError(errno.ENOENT, "table of this study", path)
    rows = []
    for name in study["recipes"]:
        group = networks[networks["condition"] == name].sort_values("seed")
        differs = study["conditions"].get(name, {})
        sections = {section: values for section, values in differs.items() if section != "seeds"}
        changed = {f"{section}.{key}": value for section, values in sections.items() for key, value in values.items()}
        modules = [of_seed.replace(" ", ", ") or "none" for of_seed in group["spacings"]]
        words = ", ".join(f"`{key} {value}`" for key, value in changed.items()) or "nothing"
        columns = (" ".join(map(str, group[column])) for column in ("seed", "hexagonal", "square", "live"))
        rows.append([words, *columns, "; ".join(modules)])
    return [["instead", "seeds", "hexagonal units", "square units", "live units", "modules (m)"], *rows]


COLUMNS = (
    "seeds (diverged)", "modules", "lattice", "live units", "significant", "gridness 60°", "gridness 90°",
    "spacings (m)", "ratio", "pairs on a superlattice",
)  # fmt: skip


def _outcome(networks: pd.DataFrame) -> list[str]:
    """A cell per column: numbers seed by seed, or from the lowest to the highest."""
    pairs = networks[networks["pair"] != NO_PAIR]
    return [
        f"{len(networks)} ({(networks['outcome'] != FINISHED).sum()})",
        " ".join(f"{count:.0f}" for count in networks["modules"]),
        ", ".join(f"{count} {kind}" for kind, count in networks["kind"].value_counts().items()),
        _range(networks["live"], ".0f"),
        _range(networks["significant_share"], ".0%"),
        _range(networks["gridness60_mean"], ".2f"),
        _range(networks["gridness90_mean"], ".2f"),
        "; ".join(filter(None, (_range(pairs[name], ".2f", "") for name in ("fine_spacing", "coarse_spacing"))))
        or _range(networks["coarse_spacing"], ".2f"),
        _range(pairs["ratio"], ".2f"),
        f"{(pairs['pair'] == COMMENSURATE).sum()} of {len(pairs)}" if len(pairs) else NO_VALUE,
    ]


def _range(values: pd.Series, form: str, none: str = NO_VALUE) -> str:
    low, high = f"{values.min():{form}}", f"{values.max():{form}}"
    return none if values.isna().all() else low if low == high else f"{low} to {high}"


def filled(place: re.Match) -> str:
    """The place with its table anew, or as it was if there are no data."""
    try:
        rows = TABLES[place[2]]()
    except FileNotFoundError as error:
        print(f"{place[2]}: no {Path(error.filename).relative_to(ROOT)}")
        return place[0]
    return "\n".join([place[1].rstrip(), *table_lines(rows[0], rows[1:]), place[3]])


TABLES = {each.__name__: each for each in (claims, one_torus, cw_claims, localisers, conditions, ambiguities, squares)}

for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
    before = page.read_text()
    after = PLACE.sub(filled, before)
    if after != before:
        page.write_text(after)
        print(page.relative_to(ROOT))
