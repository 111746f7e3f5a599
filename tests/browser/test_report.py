"""Snakemake's report of the tiny study in chromium: tall figures are whole, and the tables and the page are there."""

import re
import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: `make test-browser`")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium: `apt install chromium`")


@pytest.fixture(scope="module")
def report(finished, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    done = finished.snakemake("--report", str(path), "--", "all")
    assert done.returncode == 0, done.stdout
    return path


@pytest.mark.parametrize("height", [700, 1080])
def test_a_tall_figure_begins_in_the_window(report, height):
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": height})
        page.goto(report.resolve().as_uri())
        landing = page.locator("body").inner_text()
        assert "Begin with" in landing and re.search(r"Of \d+ claims: \d+ holds, ", landing)
        for category in ("All results", "Claims", "Networks"):
            assert page.get_by_text(category, exact=True).count(), category
        page.get_by_text("Schaeffer et al. 2023", exact=True).first.click()
        row = page.locator("tr", has_text="5: ablations")
        row.locator("a[iconname=eye]").click()
        image = page.locator(".h-screen.overflow-auto img[src^='data:image/png']")  # not the logo of the menu
        image.wait_for()
        assert image.evaluate("image => image.decode().then(() => image.naturalHeight)") > 0
        image.evaluate("image => image.style.height = '3000px'")  # taller than any window
        image.evaluate("image => { image.closest('.overflow-auto').scrollTop = 0 }")
        assert image.bounding_box()["y"] >= 0
        browser.close()
