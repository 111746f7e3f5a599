"""results/networks/<condition>/seed<k>/training.nc"""

from collections.abc import Mapping

from sslgrid.datasets.schema import Schema, Words


def training_schema(columns: Mapping[str, Words]) -> Schema:
    """Of the history of a network; columns: what its kind of training records, with units and words."""
    return Schema(
        "training",
        "Training of one network",
        "networks/<condition>/seed<k>/training.nc",
        {"step": columns},
        {"step": ("1", "gradient steps taken")},
    )
