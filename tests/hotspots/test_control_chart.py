import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.completeness_trend import since_when, trend_words, trends
from hotspots.control_chart import control_chart

NO_EVENTS = pd.DataFrame({"provider": [], "month": [], "event": [], "new_limits": []})


def history(*shares: float | None, item: str = "complete") -> pd.DataFrame:
    months = pd.period_range("2025-01", periods=len(shares), freq="M").astype("str")
    return pd.DataFrame(
        {"provider": "a", "name": "A", "item": item, "month": list(months),
         "share_usable": np.array(shares, dtype=float)}
    )  # fmt: skip


def events(month: str, *, anew: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {"provider": ["a"], "month": [month], "event": ["New form"], "new_limits": [anew]}
    )


def chart(*shares: float | None, of=NO_EVENTS):
    return control_chart(trends(history(*shares), of), of)


USUAL = [0.5, 0.52] * 6


def test_a_share_lies_between_the_lines_of_its_neighbours():
    found = chart(0.5)

    heights = {label: y for y, label in found.grid}
    assert found.marks[0].y == heights["50%"]
    assert heights["100%"] < heights["75%"] < heights["50%"] < heights["0%"]


def test_the_shape_tells_better_worse_and_usual():
    shapes = [mark.shape for mark in chart(*USUAL, 0.9, 0.1, None).marks]

    assert shapes == [*["usual"] * 12, "better", "worse", "none"]


def test_a_month_without_a_figure_breaks_the_line_and_is_named():
    found = chart(0.5, 0.6, None, 0.7)

    assert len(found.paths) == 1  # the run of two; a single month has no line
    assert found.marks[2].label == "Mar 2025: no figure"
    assert found.last.label == "Apr 2025: 70%"


def test_a_month_that_is_left_out_is_a_gap():
    table = history(0.5, 0.6, 0.7).drop(index=1)

    assert trends(table, NO_EVENTS)["share"].isna().tolist() == [False, True, False]


def test_limits_are_taken_anew_only_where_an_event_says_so():
    later = [0.8, 0.82] * 6
    shown = chart(*USUAL, *later, of=events("2026-01", anew=False))
    anew = chart(*USUAL, *later, of=events("2026-01", anew=True))

    assert (len(shown.phases), len(anew.phases)) == (1, 2)
    assert {m.shape for m in shown.marks[12:]} == {"better"}
    assert {m.shape for m in anew.marks} == {"usual"}
    assert [event.words for event in shown.events] == ["New form (Jan 2026)"]
    assert shown.marks[11].x < shown.events[0].x < shown.marks[12].x


def test_limits_stay_between_none_and_all():
    found = trends(history(*[0.1, 0.95] * 6), NO_EVENTS)

    assert found["lower"].min() == 0
    assert found["upper"].max() == 1


def test_the_sentence_tells_since_when_and_why():
    whole = trends(history(*USUAL, 0.5, 0.9, 0.95), NO_EVENTS)

    assert trend_words(whole) == (
        "Mar 2026: 95%, better than usual since Feb 2026: outside the limits "
        "(average 51%, limits 46% to 56%)."
    )
    assert "usual variation" in trend_words(trends(history(*USUAL), NO_EVENTS))
    assert "Too few months" in trend_words(trends(history(0.5), NO_EVENTS))
    assert trend_words(trends(history(None), NO_EVENTS)) == "No month has a figure."


def test_since_when_an_item_falls_short():
    table = pd.concat(
        [history(0.8, 0.7, None, 0.6), history(0.5, 0.5, item="time"), history(0.5, 0.9, item="x")]
    )

    found = since_when(table, target=0.75).set_index("item")

    assert found["month"].to_dict() == {"complete": "2025-02", "time": "2025-01"}
    assert found["ever"].to_dict() == {"complete": False, "time": True}


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_has_no_trend(n):
    assert len(trends(history(*[0.5] * n), NO_EVENTS)) == n


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1) | st.none(), min_size=1, max_size=60))
def test_every_mark_and_line_lies_inside_the_drawing(shares):
    found = chart(*shares)

    assert all(found.left <= mark.x <= found.right for mark in found.marks)
    assert all(0 < mark.y <= found.bottom for mark in found.marks)
    assert all(found.top <= p.upper <= p.mean <= p.lower <= found.bottom for p in found.phases)
    assert len(found.ticks) <= 5
