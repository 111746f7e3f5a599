"""A small disk, and the count of what was tried."""

import os
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import pytest


@pytest.fixture
def small_disk(checkout):
    """A copy of the finished run whose results and checkpoints are on a disk of their own, of 32 MiB."""
    if os.geteuid():
        pytest.skip("mounting a small disk takes root")
    disk = checkout.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk], check=True)
    try:
        for name in ("results", "checkpoints"):
            shutil.move(checkout.folder / name, disk / name)
            (checkout.folder / name).symlink_to(disk / name)
        yield checkout, disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.fixture
def fault(record_property):
    """`with fault(kind) as harm`: one fault. It is survived if the block ends well; `harm.lost`: files that it cost."""

    @contextmanager
    def tried(kind: str):
        harm, survived = SimpleNamespace(lost=[]), False
        try:
            yield harm
            survived = not harm.lost
        finally:
            record_property("fault", (kind, survived, len(harm.lost)))
        assert not harm.lost

    return tried


def pytest_terminal_summary(terminalreporter):
    """What was tried, survived and lost, by kind and in all."""
    reports = [report for of_outcome in terminalreporter.stats.values() for report in of_outcome]
    calls = [report for report in reports if getattr(report, "when", "") == "call"]
    told = [of_report for report in calls for of_report in report.user_properties]
    tried, survived, lost = Counter(), Counter(), Counter()
    for name, value in told:
        if name == "fault":
            kind, survives, files = value
            tried[kind] += 1
            survived[kind] += survives
            lost[kind] += files
    for kind in sorted(tried):
        terminalreporter.write_line(
            f"{kind:32} tried {tried[kind]:3}, survived {survived[kind]:3}, lost {lost[kind]} files"
        )
    terminalreporter.write_line(f"faults: tried {tried.total()}, survived {survived.total()}, data lost {lost.total()}")
