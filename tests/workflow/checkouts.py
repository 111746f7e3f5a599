"""A copy of the repository to run snakemake in, and ways to ask what it would do."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "tests/workflow/tiny.yaml"


class Pipeline:
    """A checkout to run snakemake in. Its `config.yaml` is the tiny study."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def from_repository(cls, folder: Path) -> "Pipeline":
        """Copy what git tracks (as it is on disk) and commit it there, so that branches can be switched.

        With what Python and numba have compiled here, if anything: each checkout would take half a minute for it.
        """
        folder.mkdir(exist_ok=True)
        names = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).split(
            "\n"
        )
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for compiled in ROOT.glob("src/**/__pycache__"):
            ours = shutil.ignore_patterns("tmp*", ".partial-*", "*.pyc.*")  # of those who write beside us
            shutil.copytree(compiled, folder / compiled.relative_to(ROOT), dirs_exist_ok=True, ignore=ours)
        shutil.copy(STUDY, folder / "config.yaml")
        pipeline = cls(folder)
        pipeline.git("init", "--quiet", "--initial-branch", "main")
        pipeline.git("add", "--all")
        pipeline.git("commit", "--quiet", "--message", "copy")
        return pipeline

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True)

    def command(self, *arguments: str) -> list[str]:
        # A run ends with the last of snakemake's timers: shorter ones than the profile's.
        return [str(Path(sys.executable).with_name("snakemake")), "--max-jobs-per-timespan=100/1s", *arguments]

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run to the end; output and errors together in `stdout`."""
        return subprocess.run(
            self.command(*arguments), cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=self.environment(),
        )  # fmt: skip

    @staticmethod
    def environment() -> dict[str, str]:
        """As a user's shell: without this test's own paths to the source, and Python keeps what it compiles."""
        return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}

    def would_run(self, *targets: str) -> dict[str, int]:
        """How many jobs of each rule a run would start, target rules left out."""
        dry = self.snakemake("-n", *(targets or ("all",)))
        assert dry.returncode == 0, dry.stdout
        table = re.search(r"^job +count\n-+.*\n((?:\w+ +\d+\n)*)total", dry.stdout, re.MULTILINE)
        if table is None:
            assert "Nothing to be done" in dry.stdout, dry.stdout
            return {}
        rows = [line.split() for line in table.group(1).splitlines()]
        return {rule: int(count) for rule, count in rows if rule not in ("all", "figures")}

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def files(self, pattern: str) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.glob(pattern))
            if path.is_file()
        }
