# What must be known before the study is: files that are named on the command line, and patterns of names.
import os
import re

NOTHING = "(?!)"  # the pattern that no name fits


def named(path):
    """A path from `--config`: as seen from the working directory, or else from this workflow's folder."""
    if path is None or os.path.exists(path) or not (HERE / path).exists():
        return path
    return os.path.relpath(HERE / path)


def any_of(names):
    """The pattern that these names fit and no others."""
    return "|".join(map(re.escape, names)) or NOTHING
