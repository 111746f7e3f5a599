"""The RO-Crate holds each file once, says what made it from what, and passes a validator."""

import argparse
import json
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from sslgrid.basics.errors import InputError
from sslgrid.commands import crate
from sslgrid.datasets.tables import write_table
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A table made from a config, a figure made from the table, and a file that nothing was made from."""
    monkeypatch.chdir(tmp_path)
    folder = (tmp_path / "results").relative_to(tmp_path)
    (folder / "config").mkdir(parents=True)
    (folder / "config/full.json").write_text("{}")
    (folder / "notes.txt").write_text("mine")
    made = summary_provenance("sslgrid.commands.compare_networks", [folder / "config/full.json"])
    write_table(folder / "conditions.csv", pd.DataFrame({"condition": ["full"]}), 4, made)
    (folder / "figures").mkdir()
    figure, _ = plt.subplots()
    style.save_figure(
        figure, folder / "figures/fig2.png", summary_provenance("sslgrid.figures.fig2", [folder / "conditions.csv"])
    )
    plt.close(figure)
    crate.main(argparse.Namespace(files=[folder / "figures/fig2.png"], crate=folder / crate.METADATA))
    return folder


def graph_of(folder):
    return {entity["@id"]: entity for entity in json.loads((folder / crate.METADATA).read_text())["@graph"]}


def test_it_holds_what_a_figure_was_made_from(results):
    graph = graph_of(results)
    parts = [part["@id"] for part in graph["./"]["hasPart"]]
    assert parts == ["conditions.csv", "conditions.provenance.json", "config/full.json", "figures/fig2.png"]
    assert all((results / part).exists() and graph[part]["@type"] == "File" for part in parts)
    made = graph["#made-figures/fig2.png"]
    assert made["name"] == "python -m sslgrid.figures.fig2" and made["object"] == [{"@id": "conditions.csv"}]
    assert made["result"] == {"@id": "figures/fig2.png"}
    assert graph["#made-conditions.csv"]["object"] == [{"@id": "config/full.json"}]


def test_every_link_leads_to_an_entity(results):
    graph = graph_of(results)
    outside = {"https://w3id.org/ro/crate/1.1"}

    def links(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if value.keys() == {"@id"} else []
        if isinstance(value, dict | list):
            for entry in value.values() if isinstance(value, dict) else value:
                yield from links(entry)

    for entity in graph.values():
        assert set(links(list(entity.values()))) <= graph.keys() | outside


def test_a_missing_file_and_another_name_are_refused(results):
    with pytest.raises(InputError, match=r"fig9\.png is missing"):
        crate.main(argparse.Namespace(files=[results / "fig9.png"], crate=results / crate.METADATA))
    with pytest.raises(InputError, match=r"expected a path that ends in ro-crate-metadata\.json"):
        crate.main(argparse.Namespace(files=[], crate=results / "crate.json"))


# What the context of RO-Crate 1.1 says of the terms that are used; the validator would fetch it from w3id.org.
TERMS = (
    "CreateAction CreativeWork Dataset SoftwareApplication about contentSize datePublished description encodingFormat "
    "hasPart identifier instrument license mentions name object result softwareVersion"
)
CONTEXT = {term: f"http://schema.org/{term}" for term in TERMS.split()} | {
    "File": "http://schema.org/MediaObject", "conformsTo": "http://purl.org/dc/terms/conformsTo"
}  # fmt: skip


@pytest.mark.long
def test_others_read_it_and_a_validator_passes_it(results, monkeypatch):
    """Needs `pip install rocrate roc-validator`."""
    reader = pytest.importorskip("rocrate.rocrate", exc_type=ImportError)
    found = reader.ROCrate(str(results))
    parts = {part["@id"] for part in graph_of(results)["./"]["hasPart"]}
    assert {entity.id for entity in found.data_entities} == parts
    services = pytest.importorskip("rocrate_validator.services", exc_type=ImportError)
    models = pytest.importorskip("rocrate_validator.models", exc_type=ImportError)
    context = {"@context": CONTEXT}
    loaders = pytest.importorskip("rdflib.plugins.shared.jsonld.context")
    monkeypatch.setattr(loaders.Context, "_fetch_context", lambda *_: context)
    http = pytest.importorskip("rocrate_validator.utils.http")
    headers = {"Content-Type": "application/ld+json"}
    answer = SimpleNamespace(status_code=200, headers=headers, json=lambda: context, text=json.dumps(context))
    monkeypatch.setattr(http.HttpRequester, "get", lambda *_, **__: answer, raising=False)
    settings = {
        "rocrate_uri": str(results), "profile_identifier": "ro-crate-1.1",
        "requirement_severity": models.Severity.REQUIRED,
    }  # fmt: skip
    result = services.validate(services.ValidationSettings(**settings))
    assert not result.has_issues(), [issue.message for issue in result.get_issues()]
    (results / "figures/fig2.png").unlink()
    assert services.validate(services.ValidationSettings(**settings)).has_issues(), "it would tell"
