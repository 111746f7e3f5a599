"""The pages' code runs as it stands, their links lead somewhere, and the files that they name are there."""

import importlib.util
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from examples import ARENA
from sslgrid.cells.readers import read
from sslgrid.cells.scoring import Settings, score
from sslgrid.claims.report import read_table
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.ratemap import accumulate
from written import write_tuning

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
ON_RESULTS = {"README.md": 1, "docs/data.md": 4}  # pages whose Python reads results/: how many blocks each has
LINK = re.compile(r"\]\(([^()\s]+)\)")
# What a page names as a file: a path with a folder and an ending, in code.
FILE = re.compile(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|smk|yaml|md|sh|toml|rst|lock|ipynb|cff|yml))`")
ROOTS = (ROOT, ROOT / "src", ROOT / "src/sslgrid", ROOT / "docs", ROOT / "docs/notes")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ON_RESULTS)
def test_python_of_the_page_runs(page, tmp_path, monkeypatch):
    """All its blocks, one after the other, in a folder with results."""
    rng = np.random.default_rng(0)
    maps = accumulate(ARENA, ((rng.uniform(-1, 1, (500, 2)), rng.uniform(size=(500, 6))) for _ in range(20)))
    write_ratemaps(tmp_path / "results/ratemaps/full/seed0/box2m.nc", maps, {})
    write_tuning(tmp_path / "results/tuning/full/seed0/box2m.nc", measure_tuning(maps, rng, draws=3), {})
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    assert len(blocks(page)) == ON_RESULTS[page]
    exec("\n".join(blocks(page)), {})
    assert mpl.pyplot.gca().has_data()
    mpl.pyplot.close("all")


def test_python_of_the_door_runs(monkeypatch, capsys):
    """docs/python.md on a released network: it finds grid cells of the fine module."""
    monkeypatch.chdir(ROOT)
    assert len(blocks("docs/python.md")) == 2
    names: dict = {}
    exec("\n".join(blocks("docs/python.md")), names)
    best = names["scores"].nlargest(5, "gridness60")
    assert (best["class"] == "hexagonal").all()
    assert best["spacing"].between(0.5, 0.7).all()
    assert names["one"].shape == (3, names["network"].units)
    assert "hexagonal" in capsys.readouterr().out


def test_recording_of_the_page_is_scored(tmp_path, monkeypatch):
    """docs/real-cells.md: the recording that its Python makes holds one module, of the spacing that the page says."""
    monkeypatch.chdir(tmp_path)
    exec(blocks("docs/real-cells.md")[0], {})
    scored = score(read(Path("made.npz"), None, None, None), Settings(draws=60), lambda line: None)
    assert scored.columns["significant"].all() and (scored.columns["module"] == 0).all()
    assert np.abs(scored.columns["spacing"] - 0.4).max() < 0.02


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    page = ROOT / name
    for link in LINK.findall(_without_fences(page.read_text())):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name} links to {link}"
        if anchor:
            assert anchor in anchors(target), f"{name} links to {link}"


def anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub and mkdocs make them."""
    headings = re.findall(r"^#+ (.*)$", _without_fences(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_files_that_a_page_names_are_there(name):
    for path in FILE.findall((ROOT / name).read_text()):
        made = path.startswith(("results/", "review/", "review_paper/", "paper/", ".snakemake/"))
        placeholder = re.search(r"[A-Z]{3,}\.", path)
        assert made or placeholder or any((root / path).exists() for root in ROOTS), f"{name} names {path}"


def test_every_page_is_in_the_reading_order():
    order = (ROOT / "docs/README.md").read_text() + (ROOT / "docs/notes/decisions.md").read_text()
    for page in PAGES[2:]:
        if page == ROOT / "docs/README.md":
            continue
        assert page.name in order or page.parent.name == "notes", f"docs/README.md leaves out {page.name}"


def test_tables_of_the_pages(tmp_path, monkeypatch):
    """The script fills every place that the pages have, from the ledgers; the scoreboard counts each claim once."""
    spec = importlib.util.spec_from_file_location("doc_tables", ROOT / "scripts/doc_tables.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    places = {name for page in PAGES for name in re.findall(r"<!-- table: (\w+) -->", page.read_text())}
    assert places == {*script.TABLES, *script.SECTIONS}
    released = read_table(ROOT / "released/claims.csv")
    of_localisers = released.assign(source=released["source"].str.replace("Schaeffer et al. 2023", "Cueva & Wei 2018"))
    for table, name in ((released, "claims.csv"), (of_localisers, "cw_claims.csv")):
        pd.DataFrame(table.drop(columns="values").assign(values="")).to_csv(tmp_path / name, index=False)
    monkeypatch.setattr(script, "RESULTS", tmp_path)
    monkeypatch.setattr(script, "RELEASED_LOCALISERS", tmp_path)
    head, *rows = script.scoreboard()
    counts = [[int(cell) for cell in row[head.index("number") :]] for row in rows]
    assert all(number == sum(verdicts) for number, *verdicts in counts)
    larger = read_table(ROOT / "released_paper/claims.csv")
    assert sum(number for number, *_ in counts) == 2 * len(released) + len(larger)
    sections = [row[0] for section in script.SECTIONS for row in script.claims_of(section)[1:]]
    assert sorted(sections) == sorted(released["words"])
    page = script.filled("<!-- table: claims -->\nstale\n<!-- end -->\n", {"claims"})
    assert "stale" not in page
    assert page.count("\n|") == 2 + len(released)
    assert script.filled(page, {"scoreboard"}) == page
