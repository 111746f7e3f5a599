"""Units as rows of a table."""

import argparse

import numpy as np
import pandas as pd

from paged import FACTS, UNITS, maps_of
from sslgrid.commands import list_units
from sslgrid.datasets.tuning import COLUMNS, TUNING
from sslgrid.modules.tuning import measure_tuning
from sslgrid.store.records import record_of


def test_a_row_per_unit_with_words_for_classes(tmp_path):
    files = [tmp_path / f"{condition}/seed3/box2m.nc" for condition in ("full", "other")]
    tuning = measure_tuning(maps_of(1.0, 0), np.random.default_rng(0), draws=25)
    for path in files:
        path.parent.mkdir(parents=True)
        TUNING.write(path, tuning, FACTS)
    table = tmp_path / "units.csv"
    list_units.main(argparse.Namespace(tuning=files, table=table, inputs=("tuning",)))
    rows = pd.read_csv(table)
    assert list(rows) == ["condition", "seed", "arena", "unit", *COLUMNS]
    assert len(rows) == 2 * UNITS and set(rows["seed"]) == {3} and set(rows["arena"]) == {"box2m"}
    assert rows["class"].value_counts().to_dict() == {"hexagonal": 2 * (UNITS - 1), "none": 2}
    assert set(rows["lattice"]) == {"hexagonal", "none"} and rows["spacing"].isna().sum() == 2
    np.testing.assert_allclose(rows["gridness60"][:UNITS], tuning["gridness60"], rtol=1e-4)
    assert record_of(table)["source"] == "python -m sslgrid.commands.list_units"
