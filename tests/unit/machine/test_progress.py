"""What a run says: one line for each step that ends, and the state at the bottom of a terminal."""

import io
import logging
from collections import Counter

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from sslgrid.machine.progress import Progress, bottom_line


class Run:
    """A logger as snakemake's, with a clock that the test sets."""

    def __init__(self, **steps: int):
        self.now, self.said, self.bar = 0.0, [], []
        self.progress = Progress(Counter(steps), self.bar.append, clock=lambda: self.now)

    def log(self, message: str | None, **extra) -> None:
        record = logging.makeLogRecord({"msg": message, **extra})
        if self.progress.filter(record):
            self.said.append(record.getMessage())

    def start(self, number: int, rule: str, **wildcards) -> None:
        self.log(None, event=LogEvent.JOB_INFO, jobid=number, rule_name=rule, wildcards=wildcards)
        self.said.pop()

    def end(self, number: int, done: int, total: int) -> None:
        self.log("Finished", event=LogEvent.JOB_FINISHED, job_id=number)
        self.log(None, event=LogEvent.PROGRESS, done=done, total=total)


def test_a_step_that_ends_is_one_line_with_its_name_and_time():
    run = Run(train_network=3, fig2=1)
    run.log("Select jobs to execute...")
    run.log("Execute 1 jobs...", event=LogEvent.JOB_STARTED, jobs=[1])
    run.start(1, "train_network", condition="full", seed="0")
    run.now = 120.0
    run.end(1, 1, 4)
    assert run.said == ["[1 of 4] train_network full seed0 (120 s), at least 4 min left"]


def test_the_time_left_counts_what_ran_side_by_side():
    run = Run(train_network=6)
    for number in (1, 2):
        run.start(number, "train_network", condition="full", seed=str(number))
    run.now = 120.0
    for number in (1, 2):
        run.end(number, number, 6)
    assert run.said[-1].endswith("about 4 min left"), "four of two minutes each, two at a time"
    for number in (3, 4, 5, 6):
        run.start(number, "train_network", condition="full", seed=str(number))
        run.now += 1
        run.end(number, number, 6)
    assert run.said[-1] == "[6 of 6] train_network full seed6 (1 s)"


def test_other_words_of_snakemake_are_let_through():
    run = Run(fig2=1)
    run.log("Error in rule fig2", event=LogEvent.JOB_ERROR)
    run.log("Complete log(s): x")
    assert run.said == ["Error in rule fig2", "Complete log(s): x"]


def test_the_bar_names_what_runs():
    run = Run(train_network=2)
    run.start(1, "train_network", condition="full", seed="0")
    assert run.bar[-1] == "0 of 2 steps. Running: train_network full seed0"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_needs_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert bottom_line(io.StringIO()) is None
    monkeypatch.setenv("TERM", "dumb")
    assert bottom_line(Terminal()) is None


def test_the_bar_is_cut_to_the_width_and_keeps_the_last_line(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "10")
    left = []
    monkeypatch.setattr("sslgrid.machine.progress.atexit.register", left.append)
    terminal = Terminal()
    show = bottom_line(terminal)
    show("a text that is longer than the terminal is wide")
    show("short")
    said = terminal.getvalue()
    assert said.count("\033[1;9r") == 1, "the nine lines above scroll"
    assert "\033[10;1H" in said and "a text that is lon…" in said and "short" in said
    with pytest.raises(IndexError):
        left[1]
    left[0]()
    assert terminal.getvalue().endswith("\033[r\033[10;1H\033[2K\0338"), "and everything as before at the end"
