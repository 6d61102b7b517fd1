import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from hotspots.report import write_completeness
from tests.hotspots.completeness_builder import (
    asks,
    completeness,
    habits,
    items,
    months,
    providers,
)


@pytest.fixture
def page(tmp_path):
    """The page of a changed PublishableCompleteness, and its visible words."""

    def make(**changes) -> str:
        path = tmp_path / "made" / "completeness.html"
        write_completeness(completeness(**changes), path)
        return path.read_text(encoding="utf-8")

    return make


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.hidden = [], False

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in ("style", "script")

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.found.append(data)


def words(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    return re.sub(r"\s+", " ", "".join(parser.found))


def section(page: str, name: str) -> str:
    return words(page.split(f'aria-labelledby="{name}"')[1].split("</section>")[0])


def test_the_page_has_no_script_and_asks_the_network_for_nothing(page):
    html = page()

    assert "<script" not in html
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", html)
    assert not re.search(r"\sstyle=|\son\w+=|url\(", html)
    assert "default-src 'none'" in unescape(html)
    assert '<html lang="en-GB">' in html


def test_the_three_big_numbers_and_the_test_come_first(page):
    text = words(page())

    assert "68% have a usable type, time and place" in text
    assert "83% could be put on the map" in text
    assert "35 rows held back for a person to check" in text
    assert "Minimum data set at least monthly: Not passed. 25 of 36 hospital months passed." in text
    assert text.index("68%") < text.index("Which item, which hospital")


def test_the_marking_stands_top_and_bottom(page):
    html = page()

    assert html.count('<p class="marking">OFFICIAL–SENSITIVE</p>') == 2


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.9, "90% Met"), (0.89, "89% Near"), (0.75, "75% Near"), (0.74, "74% Below")],
)
def test_each_share_has_a_word(page, share, word):
    table = items().assign(share_usable=share, share_present=1.0)

    assert section(page(items=table), "items").count(word) == 3 * 14


def test_an_item_that_is_not_sent_says_so(page):
    html = page()

    assert section(html, "items").count("Not sent") == 5
    assert "Not sent at all: Domestic abuse, Drug related" in section(html, "asks")


def test_the_share_of_partnerships_in_2009_stands_beside_each_item(page):
    text = section(page(), "items")

    assert "Type of assault" in text
    assert re.search(r"Hospitals that send it 1 of 3 .{0,60}2009 7%", text)


def test_too_few_rows_give_no_figure_rather_than_nought(page):
    table = items()
    table.loc[table["provider"] == "royal", ["n", "share_usable", "share_present"]] = pd.NA

    html = page(items=table)

    assert section(html, "items").count("No figure") == 14
    assert "Royal Infirmary ([c])" in section(html, "items")


def test_months_are_told_by_word_and_shape(page):
    html = page()
    text = section(html, "months")

    assert "Nothing received" in text
    assert "Not passed, late: day 44" in text
    assert "Not passed, place 44%, day 8" in text
    # 12 months of Marford General, 2 of St Teilo's, 11 of the Royal Infirmary.
    assert html.count('class="passed"') == text.count("Passed") == 12 + 2 + 11
    assert text.index("Oct 2026") < text.index("Nov 2025")


def test_late_and_missing_deliveries_are_named(page):
    text = section(page(), "months")

    assert "St Teilo’s Infirmary: nothing received after the end of May 2026 and Jun 2026." in text
    assert "Royal Infirmary: came late after the month’s end: Apr 2026 (44 days)." in text


def test_lateness_is_that_of_the_settings(page):
    # Royal Infirmary, April: day 44. With 60 days allowed its place would be the reason.
    late = section(page(late_days=7, months=months().assign(passed=False)), "months")
    in_time = section(page(late_days=60), "months")

    assert "Not passed, late: day 8" in late
    assert "place" not in late.split("“Day 8”")[0]
    assert "Marford General Hospital: came late after the month’s end: Nov 2025 (8 days)" in late
    assert "late" not in in_time.split("“Day 8”")[0]


def test_the_notes_say_what_a_month_had_to_meet(page):
    text = section(page(late_days=14, usable_share=0.8), "notes")

    assert "each usable in at least 80% of its rows" in text
    assert "came at most 14 days after its end" in text


def test_a_partnership_that_passes_says_so(page):
    good = months().query("provider == 'marford'")

    html = page(months=good, items=items().query("provider == 'marford'"), partnership_passed=True)

    assert "Minimum data set at least monthly: Passed. 12 of 12" in words(html)
    assert "None: every month was delivered within 31 days of its end." in words(html)
    assert "One hospital, 1,610 assault attendances" in words(html)


def test_what_to_ask_names_item_and_rows(page):
    text = section(page(), "asks")

    assert re.search(r"Location of assault ?A town or district only ?150", text)
    # Of other items only what came most is shown.
    assert "240" in text
    assert "55" not in text


def test_a_count_held_back_is_marked(page):
    table = asks().assign(n=pd.array([pd.NA] * len(asks()), dtype="Int64"))

    assert "[c]" in section(page(asks=table), "asks")


def test_names_are_text_never_markup(page):
    table = items()
    table.loc[table["provider"] == "royal", "name"] = "<img src=x onerror=alert(1)>"

    html = page(items=table, partnership="<script>alert(1)</script>", marking="<b>X</b>")

    assert "<img" not in html
    assert "<script" not in html
    assert "<b>X" not in html


def test_many_hospitals_are_split_over_tables(page):
    one, month = items().query("provider == 'royal'"), months().query("provider == 'royal'")
    many = [f"h{i}" for i in range(9)]

    html = page(
        items=pd.concat([one.assign(provider=p, name=p) for p in many], ignore_index=True),
        months=pd.concat([month.assign(provider=p, name=p) for p in many], ignore_index=True),
    )

    # 4, 4 and 1 hospitals.
    assert html.count('<table class="items">') == html.count('<table class="months">') == 3


def test_a_partnership_without_hospitals_still_has_a_page(page):
    text = words(
        page(
            providers=providers().iloc[:0], habits=habits().iloc[:0],
            items=items().iloc[:0], months=months().iloc[:0], asks=asks().iloc[:0], n_rows=0,
            share_complete=None, share_mapped=None, n_held_back=0,
        )
    )  # fmt: skip

    assert "No hospitals, 0 assault attendances" in text
    assert "not known have a usable type, time and place" in text


def test_the_same_figures_give_the_same_bytes(page):
    assert page() == page()


def test_shares_of_a_month_that_are_not_known_leave_only_the_day(page):
    table = months()
    failed = table["month"].eq("2026-10") & table["provider"].eq("st-teilo")
    table.loc[failed, ["share_type", "share_time", "share_location", "share_complete"]] = np.nan

    assert "Not passed, day 8" in section(page(months=table), "months")


def test_each_hospital_stands_against_the_test_and_its_frequency(page):
    text = section(page(), "lines")

    assert re.search(r"St Teilo’s Infirmary ?Months passed 2 of 12", text)
    assert "monthly: 10 of 12 in time" in text
    assert "62% Low" in text
    assert "Fewer than 85% of the assaults of St Teilo’s Infirmary" in text
    assert "91% Low" not in text


def test_what_2009_measured_is_told_too(page):
    assert "no from every hospital, yes from at least one" in words(page())


def test_an_item_below_tells_since_when(page):
    # St Teilo's place was below 75 % in every month of the history; the Royal's time never.
    assert "41% Below since the start" in section(page(), "items")


def test_control_charts_mark_by_shape_and_tell_events_in_words(page):
    html = page()
    text = section(html, "trend")

    # Four months better at St Teilo's, one worse at the Royal Infirmary; one of each in the key.
    assert html.count('class="better"') == 4 + 1
    assert html.count('class="worse"') == 1 + 1
    assert "Training day at the desk (Mar 2026)" in text
    assert "better than usual since Jul 2026" in text


def test_changes_come_with_the_rows_that_they_add(page):
    text = section(page(), "asks")

    first = r"1\. Ask for the name of the premises ?By the hospital ?Rows in 12 months \+95"
    assert re.search(first + r" ?A month \+8", text)
    assert re.search(r"3\. Answer “places review” ?By you ?Rows in 12 months \+25", text)


def test_rows_received_add_up_as_shown(page):
    account = page().split('aria-labelledby="account"')[1].split("</section>")[0]

    first = re.findall(r'<th scope="row">([^<]+)</th>.+?</span> ([\d,]+)', account)
    numbers = [int(n.replace(",", "")) for _, n in first]
    assert first[0][0] == "Received"
    assert numbers[0] == sum(numbers[1:]) == 960


def test_an_odd_habit_is_marked_and_a_value_that_is_always_the_same_is_asked_about(page):
    text = section(page(), "told")

    assert "31% expected 2% Odd" in text
    assert "Marford General Hospital: Gang related is “no” in 99% of its values." in text


def test_periods_that_were_not_kept_are_named(page):
    text = section(page(), "periods")

    assert "St Teilo’s Infirmary: nothing received of May 2026 and June 2026." in text
    assert "Royal Infirmary: came late: April 2026 (44 days after its end)." in text
