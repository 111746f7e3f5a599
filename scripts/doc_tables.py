"""Tables of the pages, from the project's own run: `python scripts/doc_tables.py [NAME ...]`.

Fills what stands between `<!-- table: NAME -->` and `<!-- end -->` in README.md and docs/**/*.md: all tables, or those
that are named. A table whose data are not in results/ stays as it is, and the script says so.
"""

import json
import re
import sys
from collections.abc import Collection, Iterator
from errno import ENOENT
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sslgrid.claims.report import estimate_in_words, passing_in_words, read_table, table_lines, threshold_in_words
from sslgrid.claims.verdicts import Verdict
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.outcomes import FINISHED
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence.outcomes import COMMENSURATE, NO_PAIR
from sslgrid.figures.classes import KINDS
from sslgrid.figures.sweeps import at_points
from sslgrid.figures.sweeps import read_table as read_networks
from sslgrid.spatial.classes import UnitClass

sys.path.insert(0, str(Path(__file__).parent))  # also where a test loads this file
from study_tables import NO_VALUE, drift, lock, lock_paper, phases, shear, square_kinds, squares

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "results"
RELEASED, RELEASED_PAPER = ROOT / "released", ROOT / "released_paper"  # the laptop preset, and the paper's size
RELEASED_LOCALISERS, REVIEW = ROOT / "released_localisers", ROOT / "review_localisers/results"
PLACE = re.compile(r"<!-- table: (\w+) -->\n.*?<!-- end -->", re.DOTALL)

SIC, LOCALISERS = "Schaeffer et al. 2023", "Cueva & Wei 2018"  # first words of the sources of their claims
PAPERS = {SIC: "claims.csv", LOCALISERS: "cw_claims.csv"}  # the tables of their claims in results/
# Claims by the section of docs/results.md that they belong to: conditions, or claims by name.
SECTIONS = {
    "results_modules": ("full.several_modules", "full.grid_units", "full.hexagonal", "full.brain_ratio"),
    "results_generalisation": (
        "full.larger_arenas", "full.iid_motion", "full.recorded_rats", "full.path_invariance",
        "full.path_invariance_lasts", "full.far_places_differ",
    ),
    "results_dissection": ("full.six_peaks", "full.phases_tile", "full.torus"),
    "results_ablations": (
        "no_capacity", "no_permutation", "no_path_invariance", "no_separation", "small_sigma_g",
        "no_conformal_isometry", "untrained",
    ),
    "one_torus": tuple(
        f"full.one_torus.{name}" for name in (
            "misfit", "harmonics", "all_units", "two_groups", "phases", "drift", "kick", "two_directions", "no_third",
            "modules_no_third", "map_states", "topology", "range", "confusion", "harmonics_controls",
            "phases_controls", "drift_controls", "topology_controls", "copies_keep",
        )
    ),
    "results_independence": ("full.superlattice", "full.independent_modules", "full.code_does_not_repeat"),
}  # fmt: skip


def scoreboard() -> list[list[str]]:
    """Verdicts by paper: those of its own claims, and those of what it implies and of new tests."""
    rows = []
    for title, networks, ledger in _ledgers():
        counts = ledger["verdict"].value_counts()
        rows.append([title, networks, str(len(ledger)), *(str(counts.get(verdict, 0)) for verdict in Verdict)])
    return [["claims", "tested on", "number", *Verdict], *rows]


def failing() -> list[str]:
    """The claims that fail, a line for each row of the scoreboard that has some."""
    lines = []
    for title, networks, ledger in _ledgers():
        found: dict[str, list[str]] = {}
        for words in ledger.loc[ledger["verdict"] == Verdict.FAILS, "words"]:
            claim, _, case = words.removesuffix(")").partition(" (")
            found.setdefault(claim, []).append(case)
        words = [f'"{claim}"' + (f" ({'; '.join(cases)})" if any(cases) else "") for claim, cases in found.items()]
        if words:
            lines.append(f"- Of the {title} these fail ({networks}): {'; '.join(words)}.")
    return lines


def _ledgers() -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Claims of each paper, then what its story implies and new tests: a title, the networks tested, and the rows."""
    for paper, networks, table in (
        (SIC, "SIC networks, 64 units", RELEASED / PAPERS[SIC]),
        (SIC, "SIC networks, 128 units", RELEASED_PAPER / PAPERS[SIC]),
        (LOCALISERS, "localisers", RELEASED_LOCALISERS / PAPERS[LOCALISERS]),
    ):
        ledger = read_table(table)
        own = ledger["source"].str.startswith(paper)
        yield f"claims of {paper}", networks, ledger[own]
        yield f"tests beyond {paper}", networks, ledger[~own]


def sizes() -> list[list[str]]:
    """Every claim on the released networks of both sizes."""
    laptop, paper = (
        read_table(folder / "claims.csv").set_index(["claim", "condition"]) for folder in (RELEASED, RELEASED_PAPER)
    )
    rows = []
    for name, row in laptop.iterrows():
        larger = paper.loc[name]
        cells = [cell for of_size in (row, larger) for cell in (_estimate(of_size), f"**{of_size['verdict']}**")]
        rows.append([row["words"], threshold_in_words(row), *cells])
    head = [f"{what}, {units} units" for units in (64, 128) for what in ("estimate", "verdict")]
    return [["claim", "claimed", *head], *rows]


def _estimate(row) -> str:
    return estimate_in_words(row.estimate, row.low, row.high)


def claims(paper: str = SIC, folder: Path | None = None) -> list[list[str]]:
    """Every claim with its estimate and verdict; the words of an ablation's claim name its condition."""
    rows = [
        [row.words, row.source.replace(paper, "paper"), row.statistic, *_verdict(row)]
        for row in read_table((folder or RESULTS) / PAPERS[paper]).itertuples()
    ]
    return [["claim", "from", "statistic", *VERDICT], *rows]


def cw_claims() -> list[list[str]]:
    """The same for the released localisers."""
    return claims(LOCALISERS, RELEASED_LOCALISERS)


def claims_of(section: str) -> list[list[str]]:
    """The claims of one section of docs/results.md."""
    wanted = SECTIONS[section]
    ledger = read_table(RESULTS / "claims.csv")
    chosen = ledger[ledger["claim"].isin(wanted) | ledger["condition"].isin(wanted)]
    return [["claim", *VERDICT], *([row.words, *_verdict(row)] for row in chosen.itertuples())]


VERDICT = ("estimate [95 % interval over seeds]", "claimed", "seeds passing", "verdict")


def _verdict(row) -> list[str]:
    return [_estimate(row), threshold_in_words(row), passing_in_words(row), f"**{row.verdict}**"]


def localisers() -> list[list[str]]:
    """How well the networks of each condition localise themselves, and the classes of their units: seed by seed."""
    study = yaml.safe_load((ROOT / "studies/review_localisers.yaml").read_text(encoding="utf-8"))
    conditions = study["cueva_wei"]["conditions"]
    head = ["error (m)", "best constant answer (m)", "after long paths (m)", "the same, never at a wall (m)"]
    rows = [[f"`{condition}`", *_localised(condition)] for condition in conditions]
    return [["condition", *head, *KINDS, "of these place-like"], *rows]


def _localised(condition: str) -> list[str]:
    measured = [read_localisation(path) for path in sorted((REVIEW / f"localisation/{condition}").glob("*.nc"))]
    if not measured:
        raise FileNotFoundError(ENOENT, "run `make review-localisers`", str(REVIEW / f"localisation/{condition}"))
    errors = [
        [each["error"], each["constant_error"], each["long_error"][-1], each["long_error_inside"][-1]]
        for each in measured
    ]
    tuned = [read_tuning(path) for path in sorted((REVIEW / f"tuning/{condition}").glob("*/*.nc"))]
    classes = [each["class"].values[each["live"].values == 1] for each in tuned]
    counts = [[np.isin(of_units, kinds).sum() for kinds in (*KINDS.values(), UnitClass.PLACE)] for of_units in classes]
    columns = [*zip(*errors, strict=True)], [*zip(*counts, strict=True)]
    return [" ".join(f"{float(each.mean()):.3f}" for each in column) for column in columns[0]] + [
        " ".join(str(count) for count in column) for column in columns[1]
    ]


def conditions(folder: Path | None = None) -> list[list[str]]:
    """What the networks of each condition ended as; without a folder those of this run."""
    networks = read_networks((folder or RESULTS) / "conditions.csv")
    rows = [[f"`{name}`", *_outcome(group)] for name, group in networks.groupby("condition", sort=False)]
    return [["condition", *COLUMNS], *rows]


def conditions_paper() -> list[list[str]]:
    """The same for the released networks of the paper's size."""
    return conditions(RELEASED_PAPER)


def ambiguities() -> list[list[str]]:
    """The same for each answer to what the paper leaves open, below the full model."""
    folder = RESULTS / "ambiguities"
    sweep = json.loads((RESULTS / "config/sweeps/ambiguities.json").read_text(encoding="utf-8"))
    networks = read_networks(folder / "networks.csv")
    full = networks[networks["condition"] == sweep["reference"]]
    rows = [["full model", "", *_outcome(full)]]
    for (choice, _), group in at_points(sweep, networks).groupby(["choice", "alternative"], sort=False):
        rows.append([choice.replace("_", " "), f"`{group['differs'].iloc[0]}`", *_outcome(group)])
    return [["choice", "instead", *COLUMNS], *rows]


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


def filled(page: str, wanted: Collection[str]) -> str:
    """The page with the wanted tables anew; a table without data stays."""

    def table(place: re.Match) -> str:
        name = place[1]
        if name not in wanted:
            return place[0]
        try:
            rows = claims_of(name) if name in SECTIONS else TABLES[name]()
        except FileNotFoundError as error:
            print(f"{name}: no {Path(error.filename).relative_to(ROOT)}")
            return place[0]
        lines = rows if isinstance(rows[0], str) else _markdown(rows)
        return "\n".join([f"<!-- table: {name} -->", "", *lines, "", "<!-- end -->"])

    return PLACE.sub(table, page)


def _markdown(rows: list[list[str]]) -> list[str]:
    """As mdformat writes a table."""
    return [line.replace("| --- ", "| -- ") for line in table_lines(rows[0], rows[1:])]


TABLES = {
    each.__name__: each
    for each in (
        scoreboard,
        failing,
        claims,
        cw_claims,
        localisers,
        conditions,
        ambiguities,
        squares,
        square_kinds,
        shear,
        sizes,
        conditions_paper,
        lock,
        phases,
        lock_paper,
        drift,
    )
}

if __name__ == "__main__":
    names = {*TABLES, *SECTIONS}
    wanted = set(sys.argv[1:]) or names
    if unknown := sorted(wanted - names):
        sys.exit(f"no table is called {', '.join(unknown)}; expected some of: {', '.join(sorted(names))}")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        before = path.read_text(encoding="utf-8")
        after = filled(before, wanted)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(path.relative_to(ROOT))
