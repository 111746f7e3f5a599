"""The progress of a whole run: a line for each finished step, and on a terminal a bar that stays at the bottom.

Snakemake says several lines for each step, which drown what the stages say themselves. A filter on its logger takes
these out and puts one line in their place.
"""

import atexit
import logging
import os
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TextIO

from snakemake_interface_logger_plugins.common import LogEvent

CHATTER = ("Select jobs to execute...",)


class Progress(logging.Filter):
    """One line for each step that ends: how many are done, which it was, how long it took, and the time left.

    steps: of each rule, how many steps are to do. write: shows the state at the bottom of a terminal, if there is one.
    """

    def __init__(self, steps: Counter, write: Callable[[str], None] | None = None, clock=time.monotonic):
        super().__init__()
        self.left = Counter(steps)
        self.write, self.clock, self.start = write, clock, clock()
        self.running: dict[int, tuple[str, str, float]] = {}  # by number of the job: rule, words, when it started
        self.seconds: dict[str, list[float]] = defaultdict(list)  # by rule, of the steps that ended
        self.ended: list[str] = []  # since the last line
        self.done = f"0 of {self.left.total()} steps"

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether snakemake is to say this, which may have been reworded."""
        said = vars(record)  # with what snakemake adds to logging's own
        event = said.get("event")
        if event == LogEvent.JOB_INFO:
            words = " ".join([said["rule_name"], *_words(said["wildcards"] or {})])
            self.running[said["jobid"]] = said["rule_name"], words, self.clock()
            self._show()
        elif event == LogEvent.JOB_FINISHED and said["job_id"] in self.running:
            self._end(said["job_id"])
        elif event == LogEvent.JOB_ERROR:
            self.running.pop(said.get("jobid", -1), None)
        elif event == LogEvent.PROGRESS:
            said["event"], record.msg, record.args = None, self._line(said["done"], said["total"]), ()
            self._show(f"{said['done']} of {said['total']} steps")
        return event not in (LogEvent.JOB_STARTED, LogEvent.JOB_FINISHED) and record.msg not in CHATTER

    def _end(self, number: int) -> None:
        rule, words, start = self.running.pop(number)
        seconds = self.clock() - start
        self.seconds[rule].append(seconds)
        self.left[rule] -= 1
        self.ended.append(f"{words} ({seconds:.0f} s)")

    def _line(self, done: int, total: int) -> str:
        ended, self.ended = ", ".join(self.ended), []
        return f"[{done} of {total}] {ended}{self._left()}"

    def _left(self) -> str:
        """The time left, from the mean time of each rule's steps and how many ran side by side so far."""
        if not any(count > 0 for count in self.left.values()):
            return ""
        known = {rule: sum(times) / len(times) for rule, times in self.seconds.items()}
        seconds = sum(count * known[rule] for rule, count in self.left.items() if rule in known)
        side_by_side = max(sum(map(sum, self.seconds.values())) / max(self.clock() - self.start, 1e-9), 1)
        minutes = seconds / side_by_side / 60
        is_open = any(count > 0 and rule not in known for rule, count in self.left.items())
        if minutes < 1:
            return "" if is_open else ", less than a minute left"
        return f", {'at least' if is_open else 'about'} {minutes:.0f} min left"

    def _show(self, done: str = "") -> None:
        if self.write is not None:
            self.done = done or self.done
            running = ", ".join(words for _, words, _ in self.running.values()) or "nothing"
            self.write(f"{self.done}{self._left()}. Running: {running}")


def _words(wildcards: dict) -> list[str]:
    return [f"seed{value}" if name == "seed" else str(value) for name, value in wildcards.items()]


def bottom_line(stream: TextIO) -> Callable[[str], None] | None:
    """A function that shows a text in the last line of a terminal; None without a terminal.

    All else that is printed, by whatever process, scrolls in the lines above. The line goes when the program ends.
    """
    if not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return None
    rows_held = 0

    def show(text: str) -> None:
        nonlocal rows_held
        columns, rows = shutil.get_terminal_size()
        if rows != rows_held:  # a first call, or the window has another size
            stream.write(f"\n\0337\033[1;{rows - 1}r\0338\033[1A")
            if not rows_held:
                atexit.register(leave)
            rows_held = rows
        text = text if len(text) < columns else text[: columns - 2] + "…"
        stream.write(f"\0337\033[{rows};1H\033[2K\033[7m{text}\033[0m\0338")
        stream.flush()

    def leave() -> None:
        stream.write(f"\0337\033[r\033[{rows_held};1H\033[2K\0338")
        stream.flush()

    return show
