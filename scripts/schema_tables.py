"""Every variable of every NetCDF file, from the schemas, into results/README.md: `python scripts/schema_tables.py`.

The page has two marks; what is between them is made here, and a test holds it to be up to date.
"""

from pathlib import Path

from sslgrid.datasets.brain import BRAIN
from sslgrid.datasets.calibration import CALIBRATION
from sslgrid.datasets.coding import CODING
from sslgrid.datasets.decoding import DECODING
from sslgrid.datasets.development import DEVELOPMENT
from sslgrid.datasets.emergence import EMERGENCE
from sslgrid.datasets.generalisation import GENERALISATION
from sslgrid.datasets.geometry import GEOMETRY
from sslgrid.datasets.levels import LEVELS
from sslgrid.datasets.localisation import LOCALISATION
from sslgrid.datasets.module_calibration import MODULE_CALIBRATION
from sslgrid.datasets.modules import MODULES_AND_PAIRS
from sslgrid.datasets.one_torus import ONE_TORUS
from sslgrid.datasets.ratemaps import RATEMAPS
from sslgrid.datasets.schema import Schema, Words
from sslgrid.datasets.spectra import SPECTRA
from sslgrid.datasets.training import training_schema
from sslgrid.datasets.tuning import TUNING
from sslgrid.datasets.walks import WALKS
from sslgrid.localiser.columns import LOCALISER_COLUMNS
from sslgrid.sic.columns import SIC_COLUMNS

PAGE = Path(__file__).parents[1] / "results/README.md"
BEGIN, END = "<!-- made by scripts/schema_tables.py: begin -->", "<!-- end -->"
SCHEMAS = (
    (WALKS, ""),
    (training_schema(SIC_COLUMNS), " (SIC)"),
    (training_schema(LOCALISER_COLUMNS), " (a localiser)"),
    (RATEMAPS, ""), (TUNING, ""), (MODULES_AND_PAIRS, ""), (EMERGENCE, ""), (GEOMETRY, ""), (GENERALISATION, ""),
    (CODING, ""), (BRAIN, ""), (ONE_TORUS, ""), (CALIBRATION, ""), (MODULE_CALIBRATION, ""), (LEVELS, ""),
    (LOCALISATION, ""), (SPECTRA, ""), (DEVELOPMENT, ""), (DECODING, ""),
)  # fmt: skip


def tables() -> str:
    """All of them, as markdown."""
    return "\n\n".join(table(schema, f"`{schema.place}`{which}") for schema, which in SCHEMAS)


def table(schema: Schema, heading: str) -> str:
    """One kind of file: its coordinates, then its variables, with dimensions, units and meaning."""
    rows = [row(name, name, words, "") for name, words in schema.coordinates.items()]
    rows += [
        row(name, ", ".join(dims.split()), words, "; not in every file" if name in schema.optional else "")
        for name, (dims, words) in schema.words.items()
    ]
    head = ["| variable | by | units | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join(
        [f"### {heading}", "", f"{schema.title} (schema `{schema.kind} {schema.version}`).", "", *head, *rows]
    )


def row(name: str, dims: str, words: Words, more: str) -> str:
    """One variable. What its numbers stand for is said, if they stand for words."""
    units, meaning, attributes = (*words, {})[:3]
    if "flag_values" in attributes:
        pairs = zip(attributes["flag_values"], attributes["flag_meanings"].split(), strict=True)
        meaning += f" ({', '.join(f'{value} {word}' for value, word in pairs)})"
    return f"| `{name}` | {dims} | {'' if units == '1' else units} | {(meaning + more).replace('|', chr(92) + '|')} |"


def page(text: str) -> str:
    """The page with the tables of today."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
