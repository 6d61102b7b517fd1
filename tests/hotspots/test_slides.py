"""The brief as slides: editable, described, the same for the same data, true to the tables."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from hotspots.brief_words import brief_of
from hotspots.slides import write_slides
from tests.hotspots.brief_builder import full
from tests.hotspots.builders import hot_spots, no_hot_spots, publishable
from tests.hotspots.completeness_builder import completeness
from tests.hotspots.hostile import HOSTILE, LONG, UNSEEN, hostile_brief
from tests.hotspots.published_figures import counts_of_csv, lines_of_csv


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The full slides, and the folder of the analyst's tables beside them."""
    folder = tmp_path_factory.mktemp("slides")
    write_slides(full(), completeness(), folder / "brief.pptx")
    return folder


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(made / "brief.pptx")


def tables(deck, title) -> list[list[list[str]]]:
    """The tables of the slide with this title."""
    slide = next(s for s in deck.slides if title in s.shapes.title.text_frame.text)
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]


def words(deck) -> str:
    """All that a person can read on the slides."""
    parts = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                parts.append(shape.text_frame.text)
            if shape.has_table:
                parts += [c.text_frame.text for row in shape.table.rows for c in row.cells]
    return "\n".join(parts)


def test_equal_findings_give_equal_bytes_and_others_do_not(made, tmp_path):
    write_slides(full(), completeness(), tmp_path / "again.pptx")
    write_slides(full(n_recorded=1615), completeness(), tmp_path / "other.pptx")
    first = (made / "brief.pptx").read_bytes()

    assert (tmp_path / "again.pptx").read_bytes() == first
    assert (tmp_path / "other.pptx").read_bytes() != first


def test_every_slide_has_a_title_of_its_own_notes_and_the_marking_twice(deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]

    assert len(set(titles)) == len(titles) >= 7
    for slide in deck.slides:
        assert slide.notes_slide.notes_text_frame.text.strip()
        shown = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
        assert shown.count("OFFICIAL–SENSITIVE") == 2


def test_every_picture_shape_and_table_is_described(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            told = shape._element.xpath(".//p:cNvPr")[0].get("descr")
            is_text = shape.is_placeholder or shape.shape_type == MSO_SHAPE_TYPE.TEXT_BOX
            assert told or is_text, shape.name


def test_the_ranked_table_is_that_of_the_analysts_files(made, deck):
    [[heading, *rows]] = tables(deck, "Where")

    assert heading[-1] == "No matching police record found"
    shown = [row[1:5] + row[6:] for row in rows]
    assert shown == lines_of_csv(full(), made / "analyst")


def test_the_nights_are_those_of_the_analysts_files(made, deck):
    lines_of_csv(full(), made / "analyst")
    [[_, *rows]] = tables(deck, "When")

    assert [row[1:] for row in rows] == counts_of_csv(made / "analyst")


def test_slides_and_sheets_say_the_same(deck):
    brief = brief_of(full(), completeness())
    shown = words(deck)

    for told in (
        brief.headline,
        brief.police,
        *brief.night_notes,
        *brief.change.sentences,
        *brief.predicted.sentences,
        *brief.quality.sentences,
    ):
        assert told in shown
    for told in (*brief.before_use, *brief.method, *brief.small_print):
        assert told in shown


def test_outlines_and_numbers_are_shapes_that_can_be_moved(deck):
    kinds = [shape.shape_type for shape in deck.slides[0].shapes]

    assert kinds.count(MSO_SHAPE_TYPE.PICTURE) == 1
    assert kinds.count(MSO_SHAPE_TYPE.FREEFORM) == 7


def test_actions_are_lines_to_fill_in(deck):
    [[heading, first, *_]] = tables(deck, "What to do")

    assert heading == ["Hot spot", "Action", "Who", "By when"]
    assert first == ["1 Castle Street (The Anchor)", "", "", ""]


def test_slides_without_anything_known_are_made_all_the_same(tmp_path):
    nothing = publishable(
        hot_spots=no_hot_spots(),
        density=None,
        boundary=None,
        basemap=publishable().basemap.iloc[:0],
        share_not_found=None,
    )
    write_slides(nothing, completeness(), tmp_path / "brief.pptx")

    assert "No hot spot to show" in words(Presentation(tmp_path / "brief.pptx"))


def xml_is_whole(path) -> None:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))


def test_text_stays_text_and_every_part_valid_xml(tmp_path):
    path = tmp_path / "brief.pptx"
    write_slides(*hostile_brief(), path)
    xml_is_whole(path)
    shown = words(Presentation(path))

    for text in HOSTILE:
        assert shown.count(text) >= 4


def test_long_names_and_unseen_marks_do_no_harm(tmp_path):
    path = tmp_path / "brief.pptx"
    found = full(partnership=LONG, marking=UNSEEN, hot_spots=hot_spots().assign(name=UNSEEN))
    write_slides(found, completeness(), path)
    xml_is_whole(path)

    assert words(Presentation(path)).count("abcd efgi") >= 7 + 14
