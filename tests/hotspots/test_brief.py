"""The brief on paper: tagged, the same for the same data, true to the tables, text inert."""

from __future__ import annotations

import dataclasses
import io

import pytest
from pypdf import PdfReader

from hotspots.brief import write_brief
from hotspots.brief_words import brief_of
from tests.hotspots.brief_builder import full
from tests.hotspots.builders import hot_spots, no_hot_spots, publishable
from tests.hotspots.completeness_builder import completeness
from tests.hotspots.hostile import HOSTILE, LONG, UNSEEN, hostile_brief
from tests.hotspots.published_figures import counts_of_csv, lines_of_csv, squeezed


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The full brief, and the folder of the analyst's tables beside it."""
    folder = tmp_path_factory.mktemp("brief")
    write_brief(full(), completeness(), folder / "brief.pdf")
    return folder


def reader(path) -> PdfReader:
    return PdfReader(io.BytesIO(path.read_bytes()))


def text_of(found, path, **changes) -> str:
    """All words of the brief, without white space."""
    write_brief(found, completeness(**changes), path)
    pages = reader(path).pages
    assert len(pages) == 2
    return squeezed("".join(page.extract_text() for page in pages))


def test_the_brief_is_tagged_with_title_language_and_two_sheets(made):
    pdf = reader(made / "brief.pdf")
    root = pdf.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert pdf.metadata.title == "Assaults treated in A&E: tasking brief, Marford"
    assert len(pdf.pages) == 2


def test_the_map_has_its_words_for_those_who_do_not_see_it(made):
    raw = (made / "brief.pdf").read_bytes()
    pdf = reader(made / "brief.pdf")
    told = [
        element["/Alt"]
        for element in map(pdf.get_object, range(1, pdf.trailer["/Size"]))
        if isinstance(element, dict) and "/Alt" in element
    ]

    assert raw.startswith(b"%PDF")
    assert any("1 Castle Street (The Anchor); 2 Station Road" in alt for alt in told)


def test_equal_findings_give_equal_bytes_and_others_do_not(made, tmp_path):
    write_brief(full(), completeness(), tmp_path / "again.pdf")
    write_brief(full(n_recorded=1615), completeness(), tmp_path / "other.pdf")
    first = (made / "brief.pdf").read_bytes()

    assert (tmp_path / "again.pdf").read_bytes() == first
    assert (tmp_path / "other.pdf").read_bytes() != first


def test_every_figure_is_that_of_the_analysts_tables(made):
    words = squeezed(reader(made / "brief.pdf").pages[0].extract_text())
    lines = lines_of_csv(full(), made / "analyst")
    changes = [spot.change for spot in brief_of(full(), completeness()).spots]

    assert len(lines) == 7
    for (name, n, interval, peak, share), change in zip(lines, changes, strict=True):
        assert squeezed(name + n + interval + peak + change + share) in words
    for night in counts_of_csv(made / "analyst"):
        assert squeezed("".join(night)) in words


def test_the_headline_and_the_coverage_are_on_the_first_sheet(made):
    words = squeezed(reader(made / "brief.pdf").pages[0].extract_text())

    assert squeezed(brief_of(full(), completeness()).headline) in words
    assert squeezed("1,335 of 1,610 assaults mapped (83%)") in words
    assert squeezed("Nov 2025 – Oct 2026") in words


def test_the_marking_stands_at_the_top_and_the_bottom_of_each_sheet(made):
    for page in reader(made / "brief.pdf").pages:
        assert page.extract_text().count("OFFICIAL–SENSITIVE") == 2


def test_the_second_sheet_has_change_scores_quality_and_method(made):
    words = squeezed(reader(made / "brief.pdf").pages[1].extract_text())

    for told in (
        "Castle Street (The Anchor) 70 110 1.1 to 2.2 times ▲ more",
        "Northgate [c] 20 at least 2.1 times ▲ new",
        "hottest 2% of the area 46% (38–55%) 41% (33–49%) 2%",
        "Marford General Hospital 740 95% 93% 78% 12 of 12",
        "Counted, and never placed.",
        "Open Government Licence",
        "DBSCAN",
    ):
        assert squeezed(told) in words


def test_what_is_not_known_yet_is_said_to_be_so(tmp_path):
    spots = publishable().hot_spots.assign(trend=None, rank_low=None, rank_high=None)
    words = text_of(publishable(hot_spots=spots), tmp_path / "brief.pdf")

    assert squeezed("There is no earlier period to compare with yet.") in words
    assert squeezed("No earlier map to score") in words
    assert "Themes" not in words
    assert squeezed("95% interval Peak No matching") in words  # and no column for change


def test_an_empty_map_still_makes_a_brief(tmp_path):
    nothing = publishable(
        hot_spots=no_hot_spots(),
        density=None,
        boundary=None,
        basemap=publishable().basemap.iloc[:0],
        share_not_found=None,
        night_bands=publishable().night_bands.assign(n=float("nan")),
    )
    words = text_of(nothing, tmp_path / "brief.pdf")

    assert squeezed("No hot spot to show") in words
    assert squeezed("No figures by night and time can be shown") in words


def test_text_is_shown_and_never_run(tmp_path):
    found, scored = hostile_brief()
    words = text_of(found, tmp_path / "brief.pdf", items=scored.items)

    for text in HOSTILE:
        assert words.count(squeezed(text)) >= 3  # as a name, a caveat and a thing withheld


def test_long_names_and_unseen_marks_leave_two_sheets(tmp_path):
    spots = hot_spots()
    names = [f"{rank} {LONG}" for rank in spots["rank"]]
    found = full(hot_spots=spots.assign(name=names), caveats=tuple(publishable().caveats) * 2)
    found = dataclasses.replace(found, partnership=LONG, marking=UNSEEN)
    words = text_of(found, tmp_path / "brief.pdf")

    assert "VeryLongStreet" in words
    assert words.count("abcdefg") == 4
