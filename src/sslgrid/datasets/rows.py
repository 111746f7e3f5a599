"""checkpoints/<condition>/seed<k>/training.csv: while a network trains, what training.nc will hold.

A line for each recorded step. The first lines, after a `#`, say each column's unit and meaning.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.datasets.schema import Words

IN_TRAINING = "in training"
STEP = ("1", "gradient steps taken")


def head_of(columns: Mapping[str, Words]) -> str:
    """The lines before the first row. columns: units and words of what is recorded, by name."""
    words = [f"# {name} ({unit}): {meaning}\n" for name, (unit, meaning) in {"step": STEP, **columns}.items()]
    return "".join(words) + ",".join(("step", *columns)) + "\n"


def lines_of(steps: Iterable[int], rows: Iterable[Sequence[float]]) -> str:
    """A line for each row, all digits of each number."""
    return "".join(",".join((str(step), *map(repr, row))) + "\n" for step, row in zip(steps, rows, strict=True))


def read_rows(path: Path) -> xr.Dataset:
    """What has been recorded so far, as `read_history` returns it; a line that is just being written is left out.

    Raises InputError if the file is no such table.
    """
    text = Path(path).read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    words = {name: (unit, said) for name, unit, said in re.findall(r"^# (\w+) \((.+?)\): (.*)$", whole, re.MULTILINE)}
    try:
        table = pd.read_csv(io.StringIO(whole), comment="#", float_precision="round_trip").set_index("step")
        units = {name: words[name] for name in table}
    except (ValueError, KeyError):
        raise InputError(f"{path} is no table of a training; expected a training.csv that a training writes") from None
    rows = table.astype(float).to_xarray()
    for name, (unit, meaning) in units.items():
        rows[name].attrs = {"units": unit, "long_name": meaning}
    rows.attrs["outcome"] = IN_TRAINING
    return rows
