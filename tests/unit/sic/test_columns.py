"""Each loss has a weight in the config and a column in training.nc, by its name."""

from dataclasses import fields

import pytest

from examples import LOSSES
from sslgrid.sic.columns import SIC_COLUMNS, columns_of
from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import EXTRA_TERMS, Terms, extra_term
from sslgrid.sic.step import names_reported


def test_every_loss_has_a_weight_and_a_column():
    assert {*Terms._fields, *EXTRA_TERMS} <= {field.name for field in fields(LossConfig)}
    assert {*names_reported(LOSSES), "learning_rate", "seconds"} == columns_of(LOSSES).keys() == SIC_COLUMNS.keys()


def test_a_loss_without_a_weight_of_its_own_is_refused():
    def sparsity(states, positions, speeds, config):
        return states.sum()

    def capacity(states, positions, speeds, config):
        return states.sum()

    for loss in (sparsity, capacity):
        with pytest.raises(TypeError, match=f"{loss.__name__} has no weight of its own: add"):
            extra_term("1")(loss)
        assert loss.__name__ not in EXTRA_TERMS
