"""results/README.md says what every variable of every file is."""

import importlib.util
import pkgutil
from pathlib import Path

import sslgrid.datasets
from sslgrid.datasets.schema import Schema
from sslgrid.store.pruning import STAGES

SCRIPT = Path(__file__).parents[3] / "scripts/schema_tables.py"
spec = importlib.util.spec_from_file_location("schema_tables", SCRIPT)
schema_tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(schema_tables)


def test_the_page_is_up_to_date():
    text = schema_tables.PAGE.read_text()
    assert schema_tables.page(text) == text, "run scripts/schema_tables.py"


def test_the_page_has_every_schema():
    told = {schema.kind for schema, _ in schema_tables.SCHEMAS}
    found = {"training"}
    for module in pkgutil.iter_modules(sslgrid.datasets.__path__, "sslgrid.datasets."):
        found |= {each.kind for each in vars(importlib.import_module(module.name)).values() if isinstance(each, Schema)}
    assert told == found


def test_every_variable_has_units_and_words():
    text = schema_tables.PAGE.read_text()
    for schema, _ in schema_tables.SCHEMAS:
        for name, (dims, (units, words, *_)) in schema.words.items():
            assert units and words and f"| `{name}` | {', '.join(dims.split())} |" in text
        dimensions = {dim for dims in schema.variables for dim in dims.split()}
        assert dimensions - {"corner"} <= set(schema.coordinates)


def test_pruning_knows_every_kind_of_file_about_one_network():
    kinds = {schema.place.split("/")[0] for schema, _ in schema_tables.SCHEMAS if "<condition>" in schema.place}
    assert kinds == set(STAGES)
