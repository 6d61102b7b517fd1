"""The self-assessment in a real browser: axe-core finds nothing; telephones and paper hold it."""

from __future__ import annotations

from datetime import date

import pytest

from hotspots.national_survey import load_survey
from hotspots.self_assessment import assess
from hotspots.self_assessment_report import write_self_assessment


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    found = assess(
        {
            "marac": {"in_place": True, "data_shared": True, "protocol_signed": True, "used": 4},
            "ppo": {"in_place": True, "data_shared": False, "protocol_signed": False, "ease": 1},
            "mappa": {"in_place": False},
        },
        {"ambulance": {"in_place": True, "working": 2}},
        load_survey(),
    )
    path = tmp_path_factory.mktemp("page") / "self-assessment.html"
    write_self_assessment(
        found, path, partnership="Marford", marking="OFFICIAL", answered_on=date(2026, 10, 1)
    )
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(visit, page, width):
    opened = visit(page, width=width)

    assert opened.violations() == []
    assert opened.faults() == []


def test_nothing_is_wider_than_a_telephone(visit, page):
    opened = visit(page, width=360)

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_prints_on_two_pages(visit, page):
    printed = visit(page).page.pdf(format="A4", prefer_css_page_size=True)

    assert printed.count(b"/Type /Page\n") == 2
