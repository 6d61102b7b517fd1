import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.run_chart import run_chart

MONTHS = ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]


def chart(*shares):
    return run_chart(MONTHS[: len(shares)], shares, met_from=0.9)


def test_a_share_lies_between_the_lines_of_its_neighbours():
    found = chart(0.5)

    heights = {label: y for y, label in found.grid}
    assert found.marks[0].y == heights["50%"]
    assert heights["100%"] < heights["75%"] < heights["50%"] < heights["0%"]


def test_the_shape_tells_whether_the_target_is_met():
    assert [mark.shape for mark in chart(0.9, 0.89, None).marks] == ["met", "short", "none"]


def test_a_month_without_a_figure_breaks_the_line_and_is_named():
    found = chart(0.5, 0.6, None, 0.7)

    assert len(found.paths) == 1  # the run of two; a single month has no line
    assert found.marks[2].label == "Mar 2026: no figure"
    assert found.last is not None
    assert found.last.label == "Apr 2026: 70%"


@pytest.mark.parametrize("shares", [(), (None, None), (np.nan,)])
def test_without_figures_there_is_no_line(shares):
    found = chart(*shares)

    assert found.paths == []
    assert found.last is None


def test_every_third_month_is_named_and_the_last():
    found = run_chart([f"m{i}" for i in range(12)], [0.5] * 12, met_from=0.9)

    assert [label for _, label in found.ticks] == ["m2", "m5", "m8", "m11"]


@given(st.lists(st.floats(0, 1) | st.none(), max_size=24))
def test_every_mark_lies_inside_the_drawing(shares):
    found = run_chart([str(i) for i in range(len(shares))], shares, met_from=0.9)

    assert all(found.left <= mark.x <= found.right for mark in found.marks)
    assert all(0 < mark.y <= found.bottom for mark in found.marks)
