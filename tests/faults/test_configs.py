"""Configs that are wrong: each gets one clear line at once, and nothing is touched."""

import copy
import os
import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from checkouts import STUDY, Pipeline

CONFIGS = 200
AT_ONCE = 2
LIMIT = 5  # s of a processor: others may be busy
FRAME = 3  # lines that snakemake puts around ours: its profile, and where in the rules the error came up

CHOICES = ("ambiguities", "choices")  # questions and answers below it have names of one's own
Config = dict | list | str | float | bool | None


def places(config: Config, path: tuple = ()) -> Iterator[tuple]:
    """The path of keys to each value within a config, but for the whole."""
    inner = config.items() if isinstance(config, dict) else enumerate(config) if isinstance(config, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoilt(config: dict, chance: random.Random) -> tuple[str, str]:
    """A config with one mistake, as text, and the word that a clear message must hold."""
    kind = chance.choice(["misspelt", "other type", "out of range", "unknown key", "not yaml"])
    if kind == "not yaml":
        lines = yaml.safe_dump(config).splitlines()
        lines.insert(chance.randrange(len(lines)), chance.choice(["\tseeds: [0]", "]", "a: b: c", "{unclosed: ", "'"]))
        return "\n".join(lines), "config.yaml"
    config = copy.deepcopy(config)
    path = chance.choice([path for path in places(config) if kind_fits(kind, config, path)])
    holder = at(config, path[:-1])
    if kind == "misspelt":
        wrong = f"{path[-1]}{chance.choice('xyz')}{path[-1][-1]}"
        holder[wrong] = holder.pop(path[-1])
    elif kind == "unknown key":
        wrong = chance.choice(["colour", "learningrate", "n_units", "Seeds", "loss"])
        holder[path[-1]][wrong] = chance.choice([1, "yes", [], {}])
    else:
        wrong = path[-1]
        values = [-1, -0.5, float("nan"), float("inf")] if kind == "out of range" else ["many", [[]], {"a": "b"}]
        holder[path[-1]] = chance.choice(values)
    word = next(str(key) for key in reversed((*path[:-1], wrong)) if isinstance(key, str))
    return yaml.safe_dump(config), wrong if kind == "unknown key" else word


def kind_fits(kind: str, config: dict, path: tuple) -> bool:
    """Whether this mistake can be made there. Names of one's own, of conditions and the like, may be anything."""
    value, last, inside = at(config, path), path[-1], at(config, path[:-1])
    named_freely = (path[0] in ("conditions", "arenas") and len(path) == 2) or (
        path[:2] == CHOICES and len(path) in (3, 4)
    )
    if kind == "misspelt":
        return isinstance(inside, dict) and not named_freely
    if kind == "unknown key":
        return isinstance(value, dict) and path not in (("conditions",), ("arenas",)) and path[0] != "ambiguities"
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and last != "seeds" if kind == "out of range" else number or isinstance(value, dict)


def at(config: Config, path: tuple) -> Config:
    for key in path:
        config = config[key]
    return config


def test_malformed_configs(tmp_path, fault):
    chance, config = random.Random(11), yaml.safe_load(STUDY.read_text())
    mistakes = list(dict.fromkeys(spoilt(config, chance) for _ in range(3 * CONFIGS)))[:CONFIGS]
    assert len(mistakes) == CONFIGS
    pipelines = [Pipeline.from_repository(tmp_path / str(number)) for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [
            answer
            for start in range(0, CONFIGS, AT_ONCE)
            for answer in pool.map(refused, pipelines, mistakes[start : start + AT_ONCE])
        ]
    for (text, word), (code, told, seconds, touched) in zip(mistakes, answers, strict=True):
        with fault("a malformed config") as harm:
            harm.lost = touched
            assert code != 0, f"accepted:\n{text}"
            lines = [line for line in told.splitlines() if line.strip()]
            assert len(lines) <= FRAME + 1 and "Traceback" not in told, told
            assert word in told, f"{word!r} is not in:\n{told}"
            assert seconds < LIMIT, f"{seconds:.1f} s"


def refused(pipeline: Pipeline, mistake: tuple[str, str]) -> tuple[int, str, float, list[str]]:
    """What a run with a config answers: exit code, output, time, and the files that it made or changed."""
    (pipeline.folder / "config.yaml").write_text(mistake[0])
    before, told = state(pipeline.folder), pipeline.folder.with_suffix(".log")
    with open(told, "w") as output:
        running = subprocess.Popen(
            pipeline.command(), cwd=pipeline.folder, env=pipeline.environment(), stdout=output, stderr=output
        )
        _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    after = state(pipeline.folder)
    changed = [name for name in after if after[name] != before.get(name)]
    return running.returncode, told.read_text(), used.ru_utime + used.ru_stime, changed


def state(folder: Path) -> dict[str, int]:
    """When each file was written, but for snakemake's own and Python's."""
    return {
        str(path): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and not {".snakemake", "__pycache__", ".git"} & set(path.relative_to(folder).parts)
    }
