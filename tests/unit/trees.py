"""Copies of the source to edit, and the code that stages then have."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from sslgrid.store.provenance import SOURCE

HASH = """
import json, sys
from sslgrid.store.provenance import code_hash
print(json.dumps({module: code_hash(module) for module in json.load(sys.stdin)}))
"""


class Tree:
    """A copy of the source."""

    def __init__(self, folder: Path):
        self.package = folder / "sslgrid"
        shutil.copytree(SOURCE, self.package, ignore=shutil.ignore_patterns("__pycache__"))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.package / name
        text = path.read_text()
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1))

    def code_hashes(self, modules: Iterable[str]) -> dict[str, str]:
        """Of stages, as a new process in that tree sees them."""
        done = subprocess.run(
            [sys.executable, "-c", HASH], input=json.dumps(list(modules)), stdout=subprocess.PIPE, text=True,
            check=True, cwd=self.package.parent, env={"PYTHONPATH": str(self.package.parent)},
        )  # fmt: skip
        return json.loads(done.stdout)
