"""Streams of random numbers: one for each use of a seed."""

import ast

import numpy as np
import pytest

from sslgrid.basics.streams import stream
from sslgrid.store.provenance import SOURCE


def purposes() -> list[str]:
    """What each call of `stream` in the source names."""
    named = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "stream":
                assert isinstance(node.args[1], ast.Constant), f"{path.name}: a purpose is a word, not a variable"
                named.append(node.args[1].value)
    return named


def test_no_two_uses_share_a_stream():
    named = purposes()
    assert len(named) >= 9 and len(named) == len(set(named))


def test_commands_draw_from_named_streams_alone():
    unnamed = [path.name for path in (SOURCE / "commands").glob("*.py") if "default_rng" in path.read_text()]
    assert unnamed == []


@pytest.mark.parametrize("other", [(1, "tuning"), (0, "modules"), (0, "Tuning")])
def test_a_stream_is_a_function_of_seed_and_purpose(other):
    draws = stream(0, "tuning").random(8)
    np.testing.assert_array_equal(stream(0, "tuning").random(8), draws)
    assert not np.isin(stream(*other).random(8), draws).any()
