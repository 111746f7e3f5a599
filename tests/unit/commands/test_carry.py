"""Trainings that are carried come back as they were, in small parts; damage is named and overwrites nothing."""

import numpy as np
import pytest

from sslgrid.basics.errors import InputError
from sslgrid.commands import carry


@pytest.fixture
def packed(tmp_path):
    """Two files, one of three parts, and the folder of the state."""
    rng = np.random.default_rng(0)
    for name, size in (("checkpoints/seed0/a.ckpt", 2 * carry.PART + 5), ("networks/seed1/training.nc", 10)):
        (tmp_path / "work" / name).parent.mkdir(parents=True)
        (tmp_path / "work" / name).write_bytes(rng.bytes(size))
    (tmp_path / "work/checkpoints/seed0/lock").touch()
    manifest = carry.pack(tmp_path / "work", tmp_path / "state")
    assert [len(entry["parts"]) for entry in manifest.values()] == [3, 1]
    return tmp_path


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_what_is_carried_comes_back_to_the_byte(packed):
    assert all(path.stat().st_size < 16 * 2**20 for path in (packed / "state").iterdir())
    carry.unpack(packed / "there", packed / "state")
    assert contents(packed / "there") == contents(packed / "work")


def test_damaged_and_missing_parts_are_named_and_nothing_is_written(packed):
    part = max((packed / "state").glob("*.part"), key=lambda path: path.stat().st_size)
    content = bytearray(part.read_bytes())
    content[7] ^= 1
    part.write_bytes(content)
    with pytest.raises(InputError, match=rf"{part.name} is not what was packed"):
        carry.unpack(packed / "there", packed / "state")
    part.unlink()
    with pytest.raises(InputError, match=rf"{part.name} is missing"):
        carry.unpack(packed / "there", packed / "state")
    assert not (packed / "there/checkpoints").exists()
    (packed / "state/state.json").unlink()
    with pytest.raises(InputError, match=r"expected a folder that `carry pack` wrote"):
        carry.unpack(packed / "there", packed / "state")


def test_packing_again_leaves_nothing_of_before(packed):
    (packed / "work/checkpoints/seed0/a.ckpt").write_bytes(b"later")
    carry.pack(packed / "work", packed / "state")
    assert len(list((packed / "state").glob("*.part"))) == 2
    carry.unpack(packed / "there", packed / "state")
    assert contents(packed / "there") == contents(packed / "work")


def test_parts_that_are_the_same_come_back_each(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work/a.nc").write_bytes(bytes(3 * carry.PART))
    carry.pack(tmp_path / "work", tmp_path / "state")
    carry.unpack(tmp_path / "there", tmp_path / "state")
    assert contents(tmp_path / "there") == contents(tmp_path / "work")


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="holds nothing to carry"):
        carry.pack(tmp_path, tmp_path / "state")
