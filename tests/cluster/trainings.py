"""What the trainings on this machine are doing, as the processes themselves say."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Seen:
    """A training: its network, its GPUs (CUDA_VISIBLE_DEVICES), and when its process began."""

    seed: int
    gpu: str
    began: float  # s since 1970


@dataclass
class Sightings:
    """The GPUs that the trainings had been given that ran at a look, look by look."""

    looks: list[list[str]] = field(default_factory=list)

    @property
    def most_at_once(self) -> int:
        return max(map(len, self.looks), default=0)

    @property
    def shared(self) -> list[list[str]]:
        """The looks at which two trainings had the same GPU, or one had none."""
        return [look for look in self.looks if len(set(look)) < len(look) or "" in look]


@contextmanager
def watched() -> Iterator[Sightings]:
    """Look twice a second, for as long as the block runs."""
    sightings, over = Sightings(), threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            sightings.looks.append([seen.gpu for seen in trainings()])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield sightings
    finally:
        over.set()
        thread.join()


def trainings() -> Iterator[Seen]:
    """The trainings that run."""
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if words[1:3] == ["-m", "sslgrid.commands.train"]:
                gpu = process.environ().get("CUDA_VISIBLE_DEVICES", "")
                yield Seen(int(words[words.index("--seed") + 1]), gpu, process.create_time())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def pieces(logs: Path, seed: int) -> list[tuple[int, int | None]]:
    """First step of each piece of a network's training, and the last if it stopped itself; from the jobs' own logs.

    In the order of time: a later piece starts further on.
    """
    found = []
    for log in logs.rglob("*.log"):
        text = log.read_text()
        first = re.search(rf"full seed{seed}: training from step (\d+) to", text)
        last = re.search(r"out of time after step (\d+) of", text)
        if first:
            found.append((int(first.group(1)), int(last.group(1)) if last else None))
    return sorted(found)


def wait_for(condition, what: str, seconds: float = 180):
    """The first true value of `condition()`. Raises TimeoutError that names `what`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.2)
    raise TimeoutError(f"waited {seconds} s for {what}")
