"""The premises page in a real browser: axe-core finds nothing; telephones and paper hold it."""

from __future__ import annotations

import pytest

from hotspots.premises_page import write_premises_page
from tests.hotspots.hostile import HOSTILE
from tests.hotspots.premises_builder import PREMISES, ranked, with_premises


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "premises.html"
    write_premises_page(with_premises(), path)
    return path


@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(visit, page, width):
    opened = visit(page, width=width)

    assert opened.violations() == []
    assert opened.faults() == []


def test_without_premises_axe_finds_nothing(visit, tmp_path):
    path = tmp_path / "premises.html"
    found = with_premises(ranked_premises=None, concentration=None, n_premises=0)
    write_premises_page(found, path)
    opened = visit(path)

    assert opened.violations() == []
    assert opened.faults() == []


def test_nothing_is_wider_than_a_telephone(visit, page):
    opened = visit(page, width=360)

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_prints_on_four_sheets_of_a4(visit, page):
    printed = visit(page).page.pdf(prefer_css_page_size=True)

    assert printed.count(b"/Type /Page\n") <= 4
    # Lying: 297 mm wide are 842 points.
    assert b"/MediaBox [0 0 841" in printed or b"/MediaBox [0 0 842" in printed


def test_hostile_names_do_nothing(visit, tmp_path):
    path = tmp_path / "premises.html"
    names = [HOSTILE[k % len(HOSTILE)] for k in range(len(PREMISES))]
    found = with_premises(
        ranked_premises=ranked().assign(name=names), partnership=HOSTILE[2], caveats=HOSTILE
    )
    write_premises_page(found, path)
    opened = visit(path)

    assert opened.faults() == []
    shown = opened.page.eval_on_selector_all(".ranking th bdi", "all => all.map(e => e.innerText)")
    assert [name.split() for name in shown] == [name.split() for name in names]
