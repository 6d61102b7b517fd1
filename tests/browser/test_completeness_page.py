"""The completeness report in a real browser that has no network."""

from __future__ import annotations

import pytest

from hotspots.report import write_completeness
from tests.hotspots.completeness_builder import completeness


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "completeness.html"
    write_completeness(completeness(), path)
    return path


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_no_rule_of_wcag_is_broken_and_nothing_runs_off_the_side(visit, file, width, height):
    seen = visit(file, width=width, height=height)

    assert seen.faults() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.violations() == []
