"""No wrong bit goes unnoticed."""

import re

import numpy as np
import pytest
import xarray as xr

from examples import HEADER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.datasets import netcdf
from sslgrid.networks import load_network
from sslgrid.sic.step import start
from sslgrid.training.weights import save_network

FACTS = {"code_hash": "0123", "seed": "0"}


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_no_wrong_bit_goes_unnoticed(tmp_path):
    """Formats notice a lost part, but few wrong bits: 300 of them, anywhere in a NetCDF file and in a network."""
    netcdf.write(tmp_path / "a.nc", xr.Dataset({"rate": ("unit", np.arange(6.0))}, attrs=FACTS))
    save_network(tmp_path / "a.safetensors", start(MODEL, 0).network, HEADER)
    rng = np.random.default_rng(0)
    for name, read in (("a.nc", lambda path: netcdf.read(path, "rate")), ("a.safetensors", load_network)):
        content = (tmp_path / name).read_bytes()
        read(tmp_path / name)
        damaged = tmp_path / f"b{(tmp_path / name).suffix}"
        for bit in rng.integers(8 * len(content), size=150):
            damaged.write_bytes(flipped(content, int(bit)))
            with pytest.raises(InputError, match=re.escape(str(damaged))):
                read(damaged)
        for length in (0, 10, len(content) // 2, len(content) - 1):
            damaged.write_bytes(content[:length])
            with pytest.raises(InputError, match=re.escape(str(damaged))):
                read(damaged)
