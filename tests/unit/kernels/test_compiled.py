"""numba's cache: code is taken from it until the text of any kernel changes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import sslgrid.kernels

PROBE = """
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import whole

@compiled
def probe(x):
    return whole(x)

print(probe(2.2))
print(sum(probe.stats.cache_hits.values()))
"""


def test_what_is_cached_goes_when_another_file_of_kernels_changes(tmp_path):
    package = tmp_path / "sslgrid"
    shutil.copytree(Path(sslgrid.kernels.__file__).parent, package / "kernels")
    (package / "__init__.py").touch()
    (package / "probe.py").write_text(PROBE)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}

    def run() -> list[str]:
        command = [sys.executable, "-c", "import sslgrid.probe"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert run() == ["2.0", "0"] and run() == ["2.0", "1"]
    functions = package / "kernels" / "functions.py"
    text, old = functions.read_text(), "    return x + _WHOLE(x) - _WHOLE(x)\n"
    assert text.count(old) == 1
    functions.write_text(text.replace(old, "    return x + _WHOLE(x) - _WHOLE(x) + 1.0\n"))
    assert run() == ["3.0", "0"]
