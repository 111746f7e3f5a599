"""The results page in a real browser, Debian's chromium without a window: `make test-browser`.

SCREENSHOTS=folder keeps what was seen, of each size of window.
"""

import os
import shutil
from pathlib import Path

import pytest

from paged import UNITS, write_page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: `make test-browser`")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SIZES = {"screen": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium: `apt install chromium`")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page of networks of known truth, or the one that RESULTS_PAGE names."""
    path = Path(os.environ.get("RESULTS_PAGE") or write_page(tmp_path_factory.mktemp("results")))
    return path.resolve().as_uri()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def opened(browser, address, request):
    """The page in a window of each size; what it asks for and what goes wrong fails the test."""
    page = browser.new_page(viewport=SIZES[request.param])
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
    page.goto(address)
    yield page
    if "SCREENSHOTS" in os.environ:
        name = f"{request.param}-{request.node.originalname}.png"
        page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / name)
    page.close()
    assert wrong == []


def test_every_image_loads_and_nothing_is_wider_than_the_window(opened):
    opened.evaluate("for (const image of document.images) image.loading = 'eager'")
    opened.wait_for_function("[...document.images].every((image) => image.complete)")
    assert opened.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_claims_are_filtered(opened):
    rows = opened.locator(".claims tbody tr:visible")
    everything = rows.count()
    opened.select_option("#filter-verdict", "holds")
    verdicts = rows.locator(".verdict").all_inner_texts()
    assert 0 < len(verdicts) < everything and {text.strip() for text in verdicts} == {"holds"}
    assert opened.locator("#claims-shown").inner_text() == f"Claims shown: {len(verdicts)}"
    opened.select_option("#filter-verdict", "")
    opened.select_option("#filter-size", "12 units")
    assert 0 < rows.count() < everything
    assert set(rows.evaluate_all("rows => rows.map((row) => row.dataset.condition)")) == {"full", "untrained"}
    opened.select_option("#filter-size", "")
    opened.fill("#filter-words", "several discrete modules")
    assert rows.count() == 1
    opened.locator(".claims summary:visible").click()
    assert "modules_between" in rows.inner_text()


def test_a_unit_is_chosen_by_click_key_and_number(opened):
    words = opened.locator("#unit-words")
    opened.locator("#gallery button").nth(3).click()
    assert words.inner_text().startswith("unit 3:")
    opened.keyboard.press("ArrowRight")
    assert words.inner_text().startswith("unit 4:")
    assert opened.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    opened.fill("#unit-number", "5")
    assert words.inner_text().startswith("unit 5:")
    circle = opened.locator("#plane circle[data-unit='2']")
    if circle.count():
        circle.dispatch_event("click")
        assert words.inner_text().startswith("unit 2:") and "chosen" in circle.get_attribute("class")
    assert opened.locator("#rate-map").evaluate("map => map.style.backgroundImage.startsWith('url(\"data:image/png')")
    assert opened.locator("#scores dt").count() > 10
    opened.locator("#units").scroll_into_view_if_needed()


def test_another_network_and_arena_have_other_maps(opened):
    def shown():
        return opened.locator("#rate-map").evaluate("map => map.style.backgroundImage")

    first = shown()
    arenas = opened.locator("#arena option").all_inner_texts()
    if len(arenas) > 1:
        opened.select_option("#arena", arenas[1])
        assert shown() != first
    networks = opened.locator("#network option").all_inner_texts()
    opened.select_option("#network", networks[-1])
    assert shown() != first and opened.locator("#gallery button").count() >= UNITS
    opened.locator("#units").scroll_into_view_if_needed()


def test_everything_can_be_reached_by_keyboard(opened):
    """The skip link comes first; every control has a name."""
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    nameless = opened.evaluate(
        "[...document.querySelectorAll('button, select, input, [role=img], img')]"
        ".filter((element) => !(element.ariaLabel || element.alt || element.labels?.length)).map((e) => e.outerHTML)"
    )
    assert nameless == []
