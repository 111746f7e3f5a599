"""The results page: it holds what it shows, says where each number is from, and asks for nothing from a network."""

import base64
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from paged import UNITS, write_page
from sslgrid.figures.page import MOST_BYTES, alt_text, figure_of
from sslgrid.figures.page_units import COLUMNS, SHADES, sprite


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("results")).read_text(encoding="utf-8")


def test_it_asks_for_nothing_from_a_network(text):
    addresses = [attrs[name] for _, attrs in Elements(text).found for name in ("src", "href") if name in attrs]
    assert addresses and not [address for address in addresses if re.match(r"(https?:)?//", address)]
    assert "@import" not in text and len(text) < MOST_BYTES


def test_links_within_the_page_lead_somewhere_and_every_image_has_words(text):
    elements = Elements(text).found
    names = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(names) == len(set(names))
    targets = {attrs["href"][1:] for _, attrs in elements if attrs.get("href", "").startswith("#")}
    assert targets and targets <= set(names), targets - set(names)
    images = [attrs for tag, attrs in elements if tag == "img"]
    assert len(images) == 2 and all(attrs["alt"] for attrs in images)
    assert images[0]["alt"] == "2: several modules. Caption of fig2."
    labelled = {attrs["for"] for tag, attrs in elements if tag == "label"}
    assert {attrs["id"] for tag, attrs in elements if tag in ("select", "input")} <= labelled


def test_each_claim_says_where_its_number_is_from(text):
    row = re.search(r'<tr id="full.several_modules".*?</tr>', text, re.DOTALL)[0]
    assert 'data-verdict="holds"' in row and "sslgrid.claims.statistics.modules_between" in row
    assert "tuning: live" in row and 'href="#figure-fig2"' in row and "untrained" in row


def test_units_are_those_of_the_files(text):
    data = json.loads(re.search(r'id="unit-data">(.*?)</script>', text, re.DOTALL)[1].replace("<\\/", "</"))
    assert [(each["name"], each["arena"]) for each in data["networks"]] == [
        ("full, seed 0", "box2m"), ("full, seed 0", "box3m"), ("untrained, seed 1", "box2m"),
    ]  # fmt: skip
    units = data["networks"][0]["units"]
    assert units["live"] == [1] * (UNITS - 1) + [0] and units["module"] == [0] * (UNITS - 1) + [-1]
    assert units["spacing"][0] == pytest.approx(0.6, abs=0.02) and units["spacing"][-1] is None


def test_a_sprite_has_every_map_the_right_way_up():
    maps = np.zeros((COLUMNS + 1, 3, 4))
    maps[COLUMNS, 0, 0], maps[1, 2, 3] = 1.0, np.nan  # y goes up
    held = base64.b64decode(sprite(maps, "mako").split(",")[1])
    with Image.open(io.BytesIO(held)) as image:
        levels = np.array(image)
    assert levels.shape == (6, 4 * COLUMNS)
    assert levels[5, 0] == SHADES - 1, "the first bin of the last map is at the lower left"
    assert levels[0, 7] == SHADES, "unknown"


def test_a_claim_is_shown_with_the_figure_that_it_is_about():
    figures = ["fig2", "fig3_generalisation", "fig5_ablations", "coding", "cw_fig2"]
    of = {"condition": "full", "data": ""}
    for source, more, name in (
        ("Schaeffer et al. 2023, figure 3", {}, "fig3_generalisation"),
        ("Schaeffer et al. 2023, ablations", {"condition": "no_capacity"}, "fig5_ablations"),
        ("implied by Schaeffer et al. 2023: high capacity", {"data": "coding: range; modules: units"}, "coding"),
        ("Cueva & Wei 2018, figure 2", {"condition": "cw_proper"}, "cw_fig2"),
        ("Schaeffer et al. 2023, figure 4", {}, ""),
    ):
        assert figure_of(pd.Series(of | {"source": source} | more), figures) == name
    assert alt_text("title", "One\nsentence. Another.") == "title. One sentence."


def test_claims_tell_the_size_of_their_networks(text):
    rows = [attrs for tag, attrs in Elements(text).found if tag == "tr" and "data-size" in attrs]
    sizes = {attrs["data-condition"]: attrs["data-size"] for attrs in rows}
    assert sizes["full"] == sizes["untrained"] == f"{UNITS} units" and sizes["no_capacity"] == "not on this page"
