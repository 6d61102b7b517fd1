"""One page for each hospital: what it says, and what it never says."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from hotspots.feedback import feedback_sheet, trend_word, write_feedback
from tests.hotspots.completeness_builder import asks, completeness, gains, items, months


def sheet(provider="st-teilo", **changes) -> dict:
    return feedback_sheet(completeness(**changes), provider)


def facts(made) -> list[str]:
    return [fact["figure"] for fact in made["facts"]]


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def written(tmp_path):
    """The sheets of a changed PublishableCompleteness, by their hospital."""

    def make(**changes) -> dict[str, bytes]:
        made = write_feedback(completeness(**changes), tmp_path)
        assert {name for name, _ in made} == {p.name for p in tmp_path.iterdir()}
        return {
            p.stem.removeprefix("feedback-"): p.read_bytes() for p in sorted(tmp_path.iterdir())
        }

    return make


def test_each_hospital_has_a_sheet_of_one_page_that_tells_of_no_other(written):
    made = written()

    assert set(made) == {"marford", "royal", "st-teilo"}
    for pdf in made.values():
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "Thank you" in words_of(made["royal"])
    assert "Royal Infirmary" in words_of(made["royal"])
    assert "Teilo" not in words_of(made["royal"])


def test_the_month_its_rows_share_and_delivery_come_first():
    # The builder's last month: 420 // 60 * 5 = 35 rows, received 8 days after its end.
    made = sheet()

    assert made["title"] == "Assault data: October 2026"
    assert made["subtitle"] == "Feedback to St Teilo’s Infirmary"
    assert facts(made)[0] == "35"
    assert facts(made)[2] == "8 days"
    assert made["facts"][2]["words"].endswith("the aim is 31 at most")


def test_a_month_of_which_nothing_came_is_asked_for():
    table = months()
    last = table["month"].eq("2026-10") & table["provider"].eq("st-teilo")
    table.loc[last, ["received_on", "days_after_month"]] = [pd.NaT, pd.NA]
    made = sheet(months=table)

    assert not made["came"]
    assert made["facts"] == []


def test_what_was_held_back_for_small_numbers_is_no_figure():
    table = months()
    last = table["month"].eq("2026-10") & table["provider"].eq("st-teilo")
    table.loc[last, "n"] = pd.NA
    table.loc[last, "share_complete"] = np.nan

    assert facts(sheet(months=table))[:2] == ["[c]", "No figure"]


def test_three_items_are_asked_for_the_minimum_data_set_first():
    # St Teilo's: location 150 + 30, time 120; then alcohol 240 + 55, though that is most.
    made = sheet(gains=gains().iloc[:0])["asks"]

    assert [ask["item"] for ask in made] == [
        "Location of assault", "Time of assault", "Alcohol related",
    ]  # fmt: skip
    assert made[0]["instead"] == "a town or district only (150 rows), blank (30 rows)"


def test_changes_that_gain_complete_rows_come_first_and_the_partnerships_own_are_not_asked():
    made = sheet()["asks"]

    assert [(ask["please"], ask["gain"]) for ask in made] == [
        ("please ask for the name of the premises", "Gains about 8 complete rows a month."),
        ("please ask for the time of the assault", "Gains about 5 complete rows a month."),
    ]
    assert made[0]["instead"] == "a town or district only (150 rows), blank (30 rows)"


def test_what_the_partnership_must_mend_itself_is_not_asked_of_the_hospital():
    # Marford's own: words in which no place was found; and no word of rows that were held back.
    without = sheet("marford", gains=gains().iloc[:0])
    assert [ask["item"] for ask in without["asks"]] == ["Relationship of victim and assailant"]
    assert "could not be stored" not in str(sheet())


def test_what_is_never_sent_is_said_once():
    table = items()
    alcohol = table["item"].eq("alcohol") & table["provider"].eq("st-teilo")
    table.loc[alcohol, ["share_present", "share_usable"]] = 0.0
    made = sheet(items=table)

    assert "Alcohol related" in made["never"]
    assert "Alcohol related" not in [ask["item"] for ask in made["asks"]]


@pytest.mark.parametrize("n", [pd.NA, 5])
def test_no_small_count_and_none_that_was_held_back_is_told(n):
    table = asks().assign(n=pd.array([n] * len(asks()), dtype="Int64"))

    assert sheet(asks=table, gains=gains().assign(n_a_month=pd.NA))["asks"] == []


def test_items_have_a_share_and_a_word_and_those_not_sent_are_named():
    made = {item["title"]: item for item in sheet()["items"]}

    assert (made["Type of assault"]["share"], made["Type of assault"]["word"]) == ("90%", "Met")
    assert made["Location of assault"]["word"] == "Below"
    assert made["Gang related"]["word"] == "Not sent"
    assert "Gang related" in sheet()["never"]


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        # All of the latest three above, or below, all of nine before: 2 / C(12, 3) = 0.009.
        ([0.4, 0.5, 0.45, 0.42, 0.44, 0.46, 0.43, 0.41, 0.47, 0.8, 0.9, 0.85], "better"),
        ([0.9, 0.8, 0.85, 0.82, 0.84, 0.86, 0.83, 0.81, 0.87, 0.4, 0.3, 0.35], "worse"),
        ([0.5, 0.6] * 6, "no clear change"),
        # 5 before: 2 / C(8, 3) = 0.036. 4 before: too few.
        ([0.4, 0.41, 0.42, 0.43, 0.44, 0.8, 0.81, 0.82], "better"),
        ([0.4, None, 0.42, 0.43, 0.44, 0.8, 0.81, 0.82], "too few months to tell"),
        ([0.5] * 12, "no clear change"),
        ([], "too few months to tell"),
    ],
)
def test_a_change_is_called_only_when_a_test_says_so(shares, word):
    assert trend_word(shares) == word


def test_equal_figures_give_equal_bytes(written):
    assert written() == written()


def test_names_are_text_never_markup(written):
    table = items().assign(name="#panic(1) *b* $x$")
    pdf = written(items=table, partnership="#eval(1)", marking="= M")["royal"]

    assert "#panic(1) *b* $x$" in words_of(pdf)
    assert "#eval(1)" in words_of(pdf)


def test_long_names_and_many_asks_still_make_one_page(written):
    name = "The Royal and Ancient Teaching Hospital of St Teilo and St Padarn at Marford, North"
    table = asks()
    table = table.assign(
        provider="royal", received_instead=table["received_instead"] + " or so" * 8
    )
    pdf = written(
        items=items().assign(name=name), asks=table, partnership=name, marking="OFFICIAL–SENSITIVE",
    )["royal"]  # fmt: skip

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_sheets_of_hospitals_that_are_gone_are_taken_away(written):
    written()
    assert set(written(items=items().query("provider == 'royal'"))) == {"royal"}


def test_a_partnership_without_hospitals_has_no_sheet(written):
    assert written(items=items().iloc[:0]) == {}
