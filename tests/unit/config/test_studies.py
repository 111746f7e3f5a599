"""The studies that lie beside the shipped one resolve when they are laid over it, as snakemake does."""

from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from sslgrid.config.study import resolve_study

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.yaml")), ids=lambda path: path.stem)
def test_study_resolves(path):
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    update_config(config, yaml.safe_load(path.read_text()))
    study = resolve_study(config, ROOT / "workflow/schemas/config.schema.yaml")
    assert set(study.recipes) <= study.conditions.keys()
    if path.stem == "recipes":
        assert all(study.seeds[condition] == [0, 1, 2, 3, 4] for condition in study.recipes)
