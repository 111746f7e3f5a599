"""Printing to readers that may have had enough."""

import os
import sys


def say(text: str) -> None:
    """Print; a pipe that is closed before the end, as by `| head`, is no error."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
