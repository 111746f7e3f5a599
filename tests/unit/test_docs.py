"""The pages' code runs as it stands."""

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from examples import ARENA
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.ratemap import accumulate
from written import write_tuning

ROOT = Path(__file__).parents[2]
PAGES = {"README.md": 1, "docs/data.md": 4}  # how many blocks of Python each has


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_python_of_the_page_runs(page, tmp_path, monkeypatch):
    """All its blocks, one after the other, in a folder with results."""
    rng = np.random.default_rng(0)
    maps = accumulate(ARENA, ((rng.uniform(-1, 1, (500, 2)), rng.uniform(size=(500, 6))) for _ in range(20)))
    write_ratemaps(tmp_path / "results/ratemaps/full/seed0/box2m.nc", maps, {})
    write_tuning(tmp_path / "results/tuning/full/seed0/box2m.nc", measure_tuning(maps, rng, draws=3), {})
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    assert len(blocks(page)) == PAGES[page]
    exec("\n".join(blocks(page)), {})
    assert mpl.pyplot.gca().has_data()
    mpl.pyplot.close("all")
