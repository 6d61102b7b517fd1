"""Text from files stays text in every page: in a real browser that tells of all that runs."""

from __future__ import annotations

from datetime import date

import pytest

from hotspots.maps import write_tasking_map
from hotspots.national_survey import load_survey
from hotspots.pages import write_index
from hotspots.premises_page import write_premises_page
from hotspots.report import write_completeness
from hotspots.self_assessment import assess
from hotspots.self_assessment_report import write_self_assessment
from tests.hotspots.payloads import (
    HALVES,
    PAYLOADS,
    hostile,
    hostile_completeness,
    hostile_premises,
    shown,
    squeezed,
)

WHOLE = " ¦ ".join((*PAYLOADS, HALVES))
# Turn what follows them round, or cannot be seen.
UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\x00"
# What no page of ours has, and a payload that is taken for markup would make.
FOREIGN = "iframe, img[src=x], animate, math, base, link[rel=stylesheet], [onload], [onerror], xss"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile")
    write_tasking_map(hostile(), path / "map.html")
    write_completeness(hostile_completeness(), path / "completeness.html")
    write_premises_page(hostile_premises(), path / "premises.html")
    write_self_assessment(
        assess({}, {}, load_survey()),
        path / "self-assessment.html",
        partnership=WHOLE,
        marking=WHOLE,
        answered_on=date(2026, 10, 1),
    )
    write_index(
        path / "index.html",
        title=WHOLE,
        marking=WHOLE,
        period_words=WHOLE,
        entries=[(f"data-quality/feedback-{text}.pdf", text, text) for text in PAYLOADS],
        caveats=[*PAYLOADS, HALVES],
    )
    return path


def assert_inert(seen) -> None:
    page = seen.page
    assert page.evaluate("window.canary") is None
    assert seen.faults() == []
    assert page.locator(FOREIGN).count() == 0
    assert page.locator("a[href^=javascript], a[href*=':']").count() == 0
    words = page.evaluate("document.documentElement.textContent")
    assert not any(mark in words for mark in UNSEEN)
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


def assert_told(page, selector: str) -> None:
    words = squeezed(" ".join(page.locator(selector).all_text_contents()))
    assert [p for p in (*PAYLOADS, HALVES) if shown(p) not in words] == []


@pytest.mark.parametrize("name", ["index", "completeness", "premises", "self-assessment"])
def test_nothing_runs_on_a_page_and_the_words_are_shown(visit, folder, name):
    seen = visit(folder / f"{name}.html")

    assert_inert(seen)
    assert_told(seen.page, ".page-head .marking")
    assert_told(seen.page, ".page-foot .marking")
    assert_told(seen.page, ".page-head")


def test_names_of_hospitals_and_events_are_words_of_the_report(visit, folder):
    page = visit(folder / "completeness.html").page
    words = squeezed(" ".join(page.locator("table.lines th").all_text_contents()))
    events = squeezed(" ".join(page.locator("ol.events").all_text_contents()))

    for payload in PAYLOADS:
        assert shown(payload) in words
        assert shown(payload) in events


def test_links_of_the_front_page_stay_in_its_folder(visit, folder):
    page = visit(folder / "index.html").page
    links = page.evaluate("[...document.querySelectorAll('.card a')].map(a => a.href)")
    here = (folder / "index.html").as_uri().rpartition("/")[0]

    assert len(links) == len(PAYLOADS)
    # "../../" is part of a name here, and no provider's file can have it.
    assert all(link.startswith(here) or "passwd" in link for link in links)
    assert not any("#" in link or "?" in link for link in links)


def test_nothing_runs_on_the_map_whatever_is_pressed(visit, folder):
    seen = visit(folder / "map.html").ready()
    page = seen.page
    assert_told(page, ".hot-spots")
    assert_told(page, ".about")
    for tick in ("areas", "premises", "base", "base"):
        page.locator(f"#layer-{tick}").click()
    for button in page.locator("button.zoom-to").all():
        button.click()
        assert_inert(seen)
    for number in ("1", "0"):
        page.select_option("#choice-theme", number)
    page.select_option("#choice-theme", "")
    page.locator("#choice-night").fill("6")
    page.locator(".marker").first.hover(force=True)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert_inert(seen)
    assert page.locator(".map-label").count() > 0
    assert seen.violations() == []
    assert_told(page, "#choice-theme option")
