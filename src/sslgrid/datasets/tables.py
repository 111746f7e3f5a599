"""Writing csv tables, with how they were made in a file beside them."""

import json
from pathlib import Path

import pandas as pd

from sslgrid.store.files import whole_file
from sslgrid.store.records import Record, beside, content_hash


def write_table(path: Path, table: pd.DataFrame, digits: int, record: Record) -> None:
    """Write the table, numbers to so many digits, and then its record, which names the table's content."""
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False, float_format=f"%.{digits}g")
    with whole_file(beside(path)) as temporary:
        held = record | {"content": content_hash(path)}
        temporary.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n")
