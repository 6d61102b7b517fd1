"""The built pages, opened from a disk in a real browser: no request, searchable, accessible."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("material", reason="mkdocs-material is not installed: pip install -e '.[docs]'")

ROOT = Path(__file__).parents[2]
PAGES = ("index", "quickstart-analyst", "worked-example", "troubleshooting", "dpia", "architecture")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site in a folder; a warning of the generator is an error."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--quiet", "--strict"]
    made = subprocess.run(
        [*command, "-f", str(ROOT / "mkdocs.yml"), "-d", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1"},
    )
    assert made.returncode == 0, made.stderr
    return target


def external(requests: list[str]) -> list[str]:
    return [url for url in requests if not url.startswith(("file:", "blob:", "data:"))]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_network_for_nothing(visit, site, name):
    opened = visit(site / f"{name}.html")
    opened.page.wait_for_load_state("load")

    assert external(opened.requests) == []


def test_no_page_names_anything_to_be_fetched(site):
    fetched = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"?(https?:|//)")
    for path in site.rglob("*.html"):
        assert not fetched.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule_of_accessibility(visit, site, name):
    opened = visit(site / f"{name}.html")
    opened.page.wait_for_load_state("load")

    assert opened.violations() == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen(visit, site, name):
    opened = visit(site / f"{name}.html", width=390, height=844)
    opened.page.wait_for_load_state("load")

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_search_works_from_a_disk(visit, site):
    page = visit(site / "index.html").page
    page.click("input.md-search__input")
    page.keyboard.type("quarantine")
    page.wait_for_selector(".md-search-result__item a", timeout=10_000)

    found = page.eval_on_selector_all(
        ".md-search-result__item a", "links => links.map(each => each.href)"
    )
    assert any("watched-folder.html" in address for address in found)


def test_every_page_is_in_the_site(site):
    pages = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
    }
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}

    assert {page.replace("README.html", "index.html") for page in pages} <= built
