"""The licensing page: what it shows, what it says that it does not, and hostile names."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from hotspots.concentration_picture import concentration_view
from hotspots.premises_page import write_premises_page
from hotspots.premises_words import concentration_words, times_of
from tests.hotspots.hostile import HOSTILE, UNSEEN
from tests.hotspots.premises_builder import ranked, with_premises


@pytest.fixture
def page(tmp_path):
    def write(**changes) -> str:
        path = tmp_path / "licensing" / "premises.html"
        write_premises_page(with_premises(**changes), path)
        return path.read_text(encoding="utf-8")

    return write


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_each_of_the_premises_has_its_figures_in_a_row(page):
    told = words(page())

    assert "1 The Anchor 85 65–105 82 67–102 no clear change 20, before 20" in told
    assert "Sat night, 00–03 (Sun) Sat 45, Fri 25, Sun 5 00–03 40, 21–00 25" in told
    assert "2 Rail Taproom 55 40–70 53 40–68 ▲ up 25, before 10 Fri 20, Sat 20 21–00 30" in told
    # The sources side by side: named, near by, police, rates.
    assert "4 Castle Kebab House 25 70 40 not known 6.9" in told
    assert "6 Northgate Hotel 10 [c] [c] not known not known" in told


def test_the_map_numbers_the_premises(page):
    html = page()
    picture = html[html.index('<svg role="img"') : html.index("</svg>")]

    assert re.findall(r">(\d)</text>", picture) == ["1", "2", "3", "4", "5", "6"]
    assert "Castle Street" in picture


def test_it_says_what_the_figures_are_not(page):
    told = words(page())

    assert "Named by patients; not evidence of fault." in told
    assert told.count("OFFICIAL–SENSITIVE") >= 2
    assert "Nov 2025 – Oct 2026" in told
    assert "never added" in told
    assert "rounded to the nearest 5" in told


def test_nothing_runs_and_nothing_is_fetched(page):
    html = page()

    assert "<script" not in html
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r'(src|href)="(?!data:|#)', html)


def test_concentration_is_told_beside_chance(page):
    p = with_premises()

    # The first share of premises that holds 80 %: a tenth with 83 %.
    assert concentration_words(p) == (
        "The busiest 10% of the 240 premises in the reference data hold 83% of the incidents that "
        "name premises. Were all premises alike, chance alone would put 31% there."
    )
    assert concentration_words(p) in words(page())
    view = concentration_view(p.concentration)
    # From the corner: 10 % of a plot 420 wide from 54 on, 83 % of 260 up from 274.
    assert view["found"].split()[0] == "54,274"
    assert view["found"].split()[4] == "96,58.2"


def test_premises_without_figures_beside_have_no_such_columns(page):
    plain = ranked().drop(
        columns=["n_police_near", "n_shrunk", "n_shrunk_low", "n_shrunk_high", "trend"]
    )
    told = words(
        page(ranked_premises=plain.assign(per_100_capacity=None, per_1000_open_hours=None))
    )

    assert "Police records within" not in told
    assert "Likely number" not in told
    assert "not compared" in told
    assert "Capacity and opening hours are not known" in told


def test_only_the_first_are_on_the_page_and_the_rest_is_named(page):
    many = pd.concat([ranked()] * 5, ignore_index=True)
    many = many.assign(rank=range(1, 31), place_id=[f"q{i}" for i in range(30)])
    told = words(page(ranked_premises=many))

    assert "the first 25; 5 more are in premises.xlsx" in told


def test_without_premises_in_the_reference_data_the_page_says_so(page):
    told = words(page(ranked_premises=None, premises_bands=None, concentration=None, n_premises=0))

    assert "There are no premises in the reference data" in told
    assert "places.csv" in told
    assert "The Anchor" not in told


def test_where_none_has_enough_the_page_says_so(page):
    none = ranked().iloc[:0]
    told = words(page(ranked_premises=none, concentration=None))

    assert "None of the 240 premises in the reference data was named in at least 5" in told


@pytest.mark.parametrize("name", [*HOSTILE, UNSEEN, "</title><svg onload=alert(1)>", "‮evil"])
def test_a_hostile_name_is_text(page, name):
    html = page(
        ranked_premises=ranked().assign(name=name),
        partnership=name,
        marking=name,
        caveats=(name,),
        theme=name,
    )

    assert "<script" not in html
    assert "<tag" not in html
    assert "<svg onload" not in html
    assert "onerror" not in html


def test_a_peak_is_named_only_where_it_is_alone():
    bands = pd.DataFrame(
        [("a", 5, 6, 10), ("a", 4, 6, 10), ("b", 5, 6, 10)],
        columns=["place_id", "night", "band", "n"],
    )
    assert times_of(bands, "a")["peak"] == ""
    assert times_of(bands, "b")["peak"] == "Sat night, 00–03 (Sun)"
    assert times_of(bands, "c") == {"nights": "", "hours": "", "peak": ""}
    assert times_of(None, "a")["nights"] == ""
