"""Rebuilt numbers against released ones: `python -m sslgrid.commands.review --released FOLDER --tables T.csv ...`.

Every cell of the released tables is compared: identical as written, or within the tolerance (numbers computed on
another kind of machine), or different.
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sslgrid.basics.errors import InputError
from sslgrid.claims.report import table_lines
from sslgrid.cli import output_argument, run
from sslgrid.store.files import whole_file
from sslgrid.store.released import MAPS, read_manifest, verified

IDENTICAL, CLOSE, DIFFERENT = "identical", "within tolerance", "different"
RELATIVE, ABSOLUTE = 0.02, 0.01  # seeds differ by more, processors by less
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Row:
    """The cells of a row that are the same, nearly the same, and not: their columns."""

    name: str
    identical: list[str]
    close: list[str]
    different: list[str]
    released: pd.Series
    rebuilt: pd.Series


def compare(released: pd.DataFrame, rebuilt: pd.DataFrame) -> list[Row]:
    """Row by row; tables are of text, as the files have it, with rows named by their first columns of words."""
    rows = []
    for name, of_row in released.iterrows():
        if name not in rebuilt.index:
            raise InputError(f"the rebuilt table has no row {name}: was the same study rebuilt?")
        now = rebuilt.loc[name].reindex(of_row.index, fill_value="")
        kinds = {column: state_of(of_row[column], now[column]) for column in of_row.index}
        identical, close, different = (
            [column for column, found in kinds.items() if found == kind] for kind in (IDENTICAL, CLOSE, DIFFERENT)
        )
        rows.append(Row(str(name), identical, close, different, of_row, now))
    return rows


def state_of(released: str, rebuilt: str) -> str:
    """How a cell compares: its words must be the same, its numbers nearly."""
    if released == rebuilt:
        return IDENTICAL
    if NUMBER.sub("#", released) != NUMBER.sub("#", rebuilt):
        return DIFFERENT
    was, now = ([float(number) for number in NUMBER.findall(text)] for text in (released, rebuilt))
    return CLOSE if np.allclose(now, was, rtol=RELATIVE, atol=ABSOLUTE) else DIFFERENT


def read(path: Path) -> pd.DataFrame:
    """A table as text; rows named by condition and seed, or by claim."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = [name for name in ("claim", "condition", "seed") if name in table.columns]
    names = names[:1] if names[0] == "claim" else names
    return table.set_index(table[names].agg(" ".join, axis=1))


def page_of(manifest: dict, compared: dict[str, list[Row]], figures: list[Path]) -> str:
    """The page, which a reader understands without having seen the code."""
    lines = [
        "# Review",
        "",
        f"Rebuilt without training from {released_words(manifest)} (preset {manifest['preset']}), "
        f"whose files are what was released by their SHA-256. They were trained on {manifest['processor']}.",
        "",
        f"**{conclusion(compared)}**",
        "",
        f"*Identical*: the same text. *Within tolerance*: a number within {RELATIVE:.0%} or {ABSOLUTE:g}, as another "
        "kind of processor makes it. *Different*: anything else.",
        "",
        *table_lines(
            ("table", "rows", IDENTICAL, CLOSE, DIFFERENT),
            [[name, str(len(rows)), *tally(rows)] for name, rows in compared.items()],
        ),
        "",
    ]
    for name, rows in compared.items():
        lines += [f"## {name}", "", *details(rows), ""]
    lines += ["## Figures drawn", "", *(f"- `{path}`" for path in figures), ""]
    return "\n".join(lines)


def released_words(manifest: dict) -> str:
    """How many networks were released, and of how many others the rate maps."""
    maps = sum(MAPS in network["files"] for network in manifest["networks"].values())
    words = f"{len(manifest['networks']) - maps} released networks"
    return f"{words} and rate maps of {maps} more" if maps else words


def conclusion(compared: dict[str, list[Row]]) -> str:
    """One sentence."""
    rows = [row for of_table in compared.values() for row in of_table]
    identical, close, different = map(int, tally(rows))
    if different:
        names = ", ".join(row.name for row in rows if row.different)
        return f"{different} of {identical + close + different} numbers and words differ from the released: {names}."
    if close:
        return f"{identical} numbers and words are identical, {close} within tolerance, none differs."
    return f"All {identical} numbers and words are identical."


def tally(rows: list[Row]) -> list[str]:
    """How many cells are of each kind."""
    return [str(sum(len(getattr(row, kind)) for row in rows)) for kind in ("identical", "close", "different")]


def details(rows: list[Row]) -> list[str]:
    """A line for each row: its verdict or outcome, and what is not identical."""
    shown = "verdict" if "verdict" in rows[0].released.index else "outcome"
    cells = [
        [
            row.name,
            f"{row.released[shown]} → {row.rebuilt[shown]}" if shown in row.released.index else "",
            DIFFERENT if row.different else CLOSE if row.close else IDENTICAL,
            "; ".join(f"{c}: {row.released[c]} → {row.rebuilt[c]}" for c in (*row.different, *row.close)),
        ]
        for row in rows
    ]
    return table_lines(("what", f"{shown}, released → rebuilt", "compared", "not identical"), cells)


def main(arguments: argparse.Namespace) -> None:
    """Compare, write the page and say the sums."""
    manifest = read_manifest(arguments.released)
    compared = {}
    for table in arguments.tables:
        digests = manifest["numbers"]["files"]
        if table.name not in digests:
            raise InputError(f"{table.name} is not among the released numbers: expected one of {', '.join(digests)}")
        released = read(verified(arguments.released, table.name, digests[table.name]))
        compared[table.name] = compare(released, read(table))
    with whole_file(arguments.page) as temporary:
        temporary.write_text(page_of(manifest, compared, arguments.figures))
    print(f"review: {conclusion(compared)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--released", type=Path, required=True, metavar="FOLDER", help="of the released networks")
    parser.add_argument("--tables", type=Path, nargs="+", required=True, metavar="FILE", help="rebuilt csv files")
    parser.add_argument("--figures", type=Path, nargs="*", default=[], metavar="FILE", help="drawn, to be listed")
    output_argument(parser, "page", help="markdown file to write")
    run(main, parser)
