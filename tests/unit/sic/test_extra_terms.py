"""A fifth loss is one function and one weight: docs/extend.md is followed to the letter."""

import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.losses import Terms
from sslgrid.store.provenance import SOURCE

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("train_with_sparsity.py")
SECTION = re.search(r"^## A loss$(.*?)^## ", (ROOT / "docs/extend.md").read_text(), re.MULTILINE | re.DOTALL)[1]


def after(path: Path, last_line: str, added: str) -> str:
    """The text of a file with lines behind the one that starts so, which is there once."""
    lines = path.read_text().splitlines(keepends=True)
    (place,) = (number for number, line in enumerate(lines) if line.startswith(last_line))
    return "".join([*lines[: place + 1], added, *lines[place + 1 :]])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What came of a training with the loss of the page."""
    folder = tmp_path_factory.mktemp("edited")
    term, weight, key = re.findall(r"^```\w+\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    (folder / "losses.py").write_text((SOURCE / "sic/losses.py").read_text() + "\n\n" + term)
    (folder / "config.py").write_text(after(SOURCE / "sic/config.py", "    self_pairs:", indent(weight, "    ")))
    schema = after(ROOT / "workflow/schemas/config.schema.yaml", "          self_pairs:", indent(key, " " * 10))
    (folder / "schemas").mkdir()
    (folder / "schemas/config.schema.yaml").write_text(schema)
    (folder / "presets").symlink_to(ROOT / "workflow/presets")
    done = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_engine_equals_autograd_of_the_whole_definition(found):
    assert found["gradient_off"] < 1e-5 and found["values_off"] < 1e-5
    assert found["share_of_gradient"] > 0.01, "the term must be felt"


def test_it_has_a_column_where_it_has_a_weight(found):
    assert found["reported"] == ["loss", *Terms._fields, "sparsity", "silent_fraction", "gradient_norm"]
    assert found["reported_without"] == ["loss", *Terms._fields, "silent_fraction", "gradient_norm"]
    assert found["column"] == ["1", "sparsity loss"] and found["columns_without"] == list(SIC_COLUMNS)


def test_training_lowers_it(found):
    curve = found["curve"]
    assert sum(curve[-5:]) < 0.9 * sum(curve[:5])


def test_the_log_says_that_it_is_slow_and_a_gpu_refuses_it(found):
    assert found["log"][0].startswith("losses.sparsity has no fast gradient") and not found["log_without"]
    assert found["gpu"] in (None, "losses.sparsity: a GPU knows the paper's four losses only; train with device 'cpu'")
