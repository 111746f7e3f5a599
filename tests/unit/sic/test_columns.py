"""Each loss has a weight in the config and a column in training.nc, by its name."""

from dataclasses import fields

from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import Terms
from sslgrid.sic.step import REPORTED


def test_every_loss_has_a_weight_and_a_column():
    assert set(Terms._fields) <= {field.name for field in fields(LossConfig)}
    assert set(REPORTED) <= SIC_COLUMNS.keys()
