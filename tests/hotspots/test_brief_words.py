"""What the brief says is true of the published figures, and no more than the tests found."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.brief_words import MOST_LETTERS, brief_of
from hotspots.change_words import change_message, ratio_words, trend_words
from hotspots.plain_text import plain_text
from hotspots.score_words import predicted_section
from tests.hotspots.brief_builder import change, evaluation, full
from tests.hotspots.builders import publishable
from tests.hotspots.completeness_builder import completeness


def test_the_headline_names_places_night_share_and_change():
    assert brief_of(full(), completeness()).headline == (
        "Most assaults: 1 Castle Street (The Anchor); 2 Station Road (Rail Taproom); "
        "3 Quay Parade (Quay Bar). Busiest: Sat night, 21–00. No matching police record found for "
        "59% of those checked. Since Aug 2025 – Oct 2025: more at Castle Street (The Anchor), "
        "Northgate; fewer at Mill Lane; no clear change elsewhere."
    )


def test_no_change_is_called_where_the_test_called_none():
    spots = change().hot_spots.assign(trend="persistent")
    still = full(change=change(hot_spots=spots))

    assert change_message(still) == "No clear change since Aug 2025 – Oct 2025."
    assert {trend_words("persistent"), trend_words("intermittent")} == {"no clear change"}


def test_where_recording_changed_nothing_is_called():
    found = full(change=change(is_called=False))

    assert change_message(found) == "No change is called: recording changed."
    assert "Recording changed" in " ".join(brief_of(found, completeness()).change.sentences)


def test_nothing_is_said_of_change_where_nothing_was_compared():
    assert change_message(publishable()) == ""
    assert trend_words(pd.NA) == trend_words(None) == "not compared"
    note = "No hospital delivered the months before."
    told = brief_of(publishable(change_note=note), completeness()).change
    assert told.sentences == [note]
    assert told.table is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.1, 2.2, "1.1 to 2.2 times"),
        (1.1, None, "at least 1.1 times"),
        (2.0, float("inf"), "at least 2.0 times"),
        (None, 0.9, "at most 0.9 times"),
        (0.0, 0.9, "0.0 to 0.9 times"),
        (float("nan"), float("nan"), ""),
    ],
)
def test_an_interval_may_be_open(low, high, words):
    assert ratio_words(low, high) == words


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        # Density 46% (38 to 55%), counts 41% (33 to 49%): they overlap.
        ((0.46, 0.38, 0.55), "no clear difference"),
        ((0.70, 0.60, 0.80), "this map did better"),
        ((0.10, 0.05, 0.20), "the plain count did better"),
    ],
)
def test_one_map_is_better_only_where_the_intervals_are_apart(rates, told):
    scores = evaluation()
    ours = (scores["map"] == "density") & (scores["area_share"] == 0.02)
    scores.loc[ours, ["hit_rate", "hit_rate_low", "hit_rate_high"]] = rates

    assert told in predicted_section(full(evaluation=scores)).sentences[1]


def test_what_is_clear_at_another_size_is_told_with_it():
    # Of the hottest 2% the intervals overlap, as above; of the hottest 5% they are apart.
    scores = evaluation()
    ours = scores["map"].eq("density") & scores["area_share"].eq(0.05)
    scores.loc[ours, ["hit_rate", "hit_rate_low", "hit_rate_high"]] = (0.05, 0.02, 0.1)

    told = predicted_section(full(evaluation=scores)).sentences[1]

    assert told.endswith("the plain count did better in the hottest 5%.")


def test_a_map_no_better_than_chance_is_not_praised():
    scores = evaluation().assign(hit_rate=0.03, hit_rate_low=0.0, hit_rate_high=0.1)

    assert predicted_section(full(evaluation=scores)).sentences[0].startswith("Not clearly better")


def test_too_few_later_assaults_are_not_called_no_earlier_map():
    scores = evaluation().assign(hit_rate=float("nan"))

    assert predicted_section(full(evaluation=scores)).sentences == [
        "Too few assaults in Oct 2026 to score an earlier map."
    ]


def test_a_theme_is_in_the_title():
    assert "(Knife)" in brief_of(publishable(theme="Knife"), completeness()).title


def test_a_long_name_is_shortened_and_said_to_be():
    spots = publishable().hot_spots.assign(name="x" * 500)
    names = {s.name for s in brief_of(publishable(hot_spots=spots), completeness()).spots}

    assert names == {"x" * (MOST_LETTERS - 1) + "…"}


def test_plain_text_keeps_what_can_be_seen():
    assert plain_text("W\u0302yl\tŷ\u202e b\x00\u200b\ud800 \U0001f642") == "Ŵyl ŷ b \U0001f642"


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_plain_text_is_the_same_twice_and_fit_for_xml(text):
    plain = plain_text(text)

    assert plain_text(plain) == plain
    assert all(
        c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff" for c in plain
    )
