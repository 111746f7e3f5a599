"""When to stop a long piece of work in time: a scheduler's limit, or its request to end."""

import math
import signal
import time

LEAST_MARGIN = 20  # s of a budget that are not for the work itself


class TimeBudget:
    """Whether the time is over: the budget, less what start and end of the process take, or SIGTERM has come.

    Schedulers send SIGTERM some seconds before they kill what was cancelled, preempted or has run too long.
    """

    def __init__(self, minutes: float):
        """minutes: how long the process may take in all; 0 for no limit. From now on SIGTERM no longer kills."""
        self.deadline = time.monotonic() + working_seconds(minutes)
        signal.signal(signal.SIGTERM, self._end)

    def is_over(self) -> bool:
        """Whether to stop now."""
        return time.monotonic() >= self.deadline

    def _end(self, *_: object) -> None:
        self.deadline = -math.inf


def working_seconds(minutes: float) -> float:
    """Seconds of a budget that are for work; the rest is for the start of the process and its last writes."""
    seconds = 60 * minutes
    return max(seconds - max(0.1 * seconds, LEAST_MARGIN), 0) if minutes > 0 else math.inf
