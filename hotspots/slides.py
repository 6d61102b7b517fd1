"""The tasking brief as slides: PowerPoint's own words, tables and shapes, to be edited.

The same message and the same figures as in the PDF: both are made of `brief_words.Brief`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pptx
import shapely
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from ed_ingest import __version__
from hotspots.brief_sections import Section
from hotspots.brief_words import Brief, brief_of
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.map_layers import DENSITY_COLOURS
from hotspots.map_picture import MapPicture, map_picture
from hotspots.picture_frame import on_paper
from hotspots.picture_labels import BADGE_RADIUS_MM
from hotspots.plain_text import plain_text
from hotspots.publishable import Publishable
from hotspots.slide_parts import (
    CENTER,
    NAVY,
    QUIET,
    RIGHT,
    WHITE,
    Place,
    Slide,
    add_badge,
    add_outline,
    add_picture,
    add_swatch,
    add_table,
    add_words,
    describe,
    emu,
    rgb,
    set_words,
)
from hotspots.typesetting import draw_png
from hotspots.words import MOST_HOT_SPOTS

WIDE_MM, HIGH_MM = 338.67, 190.5  # 16:9
EDGE_MM = 10.0
BAR_MM = 19.0
MAP = Place(EDGE_MM, 48.0, 192.0, 124.0)
MAP_PPI = 150.0
BODY = Place(EDGE_MM, 27.0, WIDE_MM - 2 * EDGE_MM, 150.0)
HEAT = ("F3F2F1", "E6F0F8", "C9DFF0", "A0C6E4", "6DA6D3", "2A6CAB", "12436D")
LAYOUT = "Title Only"
MANY_ROWS = 7  # of a table; with more, all of its section is set smaller
LONGEST_PROPERTY = 255  # of a document, in Office
SOURCE = "Every figure is that of analyst/hotspots.csv and nights.csv of the same pack."


def write_slides(
    publishable: Publishable, completeness: PublishableCompleteness, path: Path
) -> None:
    """Write the tasking brief as slides.

    Parameters
    ----------
    publishable
        Findings after gate 2. Police layers and premises are not part of it.
    completeness
        Of the same partnership and month, after gate 2.
    path
        File to write; its folder is made. Equal findings give equal bytes.
    """
    hot_spots = publishable.hot_spots.sort_values("rank").head(MOST_HOT_SPOTS)
    brief = brief_of(publishable, completeness)
    deck = _empty_deck(brief, publishable)
    _overview(deck, brief, publishable, hot_spots)
    _where(deck, brief)
    _when(deck, brief)
    _sections(deck, brief, "What changed, and did the map predict", brief.change, brief.predicted)
    if brief.order or brief.themes:
        found = [part for part in (brief.order, brief.themes) if part is not None]
        _sections(deck, brief, " ".join(part.title for part in found), *found)
    _actions(deck, brief)
    _how_sure(deck, brief)
    _small_print(deck, brief)
    buffer = io.BytesIO()
    deck.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _empty_deck(brief: Brief, publishable: Publishable) -> Any:
    """No slide, one layout, and what a reader of the file's properties looks for."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = emu(WIDE_MM), emu(HIGH_MM)
    for layout in list(deck.slide_layouts):
        if layout.name != LAYOUT:
            deck.slide_layouts.remove(layout)
    about = deck.core_properties
    day = publishable.period_to
    about.title, about.subject, about.keywords = (
        plain_text(words)[:LONGEST_PROPERTY]
        for words in (brief.title, brief.subtitle, brief.marking)
    )
    about.author = "ed-hotspots"
    about.created = about.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    about.last_modified_by, about.revision, about.language = "ed-hotspots", 1, "en-GB"
    return deck


def _new_slide(deck: Any, brief: Brief, title: str, notes: Sequence[str]) -> Slide:
    """A slide with its title in the bar, the marking at top and bottom, and notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    bar = slide.shapes.title
    bar.left, bar.top, bar.width, bar.height = 0, 0, emu(WIDE_MM), emu(BAR_MM)
    bar.fill.solid()
    bar.fill.fore_color.rgb = rgb(NAVY)
    frame = bar.text_frame
    frame.margin_left, frame.margin_right = emu(EDGE_MM), emu(85)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    set_words(frame, [title], size=24 if len(title) < 50 else 18, bold=True, colour=WHITE)
    top = add_words(
        slide,
        Place(WIDE_MM - EDGE_MM - 72, 5.5, 72, 8),
        [brief.marking],
        size=13,
        bold=True,
        colour=WHITE,
        align=CENTER,
    )
    top.line.color.rgb = rgb(WHITE)
    top.line.width = Pt(1.25)
    top.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    foot = f"{brief.subtitle} · Made by ed-hotspots {__version__} · {len(deck.slides)}"
    add_words(slide, Place(EDGE_MM, 182, 240, 6), [foot], size=10, colour=QUIET)
    add_words(
        slide,
        Place(WIDE_MM - EDGE_MM - 72, 182, 72, 6),
        [brief.marking],
        size=10,
        bold=True,
        colour=QUIET,
        align=RIGHT,
    )
    set_words(slide.notes_slide.notes_text_frame, [*notes, SOURCE], size=12)
    return slide


def _overview(
    deck: Any, brief: Brief, publishable: Publishable, hot_spots: gpd.GeoDataFrame
) -> None:
    slide = _new_slide(deck, brief, brief.title, [brief.headline, *brief.before_use])
    long = len(brief.headline) > 260
    place = Place(EDGE_MM, 22, WIDE_MM - 2 * EDGE_MM, 24)
    add_words(slide, place, [brief.headline], size=14 if long else 17, bold=True)
    picture = map_picture(
        publishable, hot_spots, width_mm=MAP.width, height_mm=MAP.height, with_hot_spots=False
    )
    if picture is not None:
        _add_map(slide, brief, picture, hot_spots)
    right = MAP.left + MAP.width + 6
    beside = Place(right, MAP.top, WIDE_MM - EDGE_MM - right, 11.0 * (len(brief.spots) + 1))
    if brief.spots:
        add_table(
            slide,
            beside,
            ["#", brief.name_heading, "Assaults", "Peak"],
            [[str(spot.rank), spot.name, spot.n, spot.peak] for spot in brief.spots],
            widths=[8, 56, 22, 36],
            numeric=[False, False, True, False],
            size=11,
            name="Hot spots, most assaults first",
        )
    else:
        add_words(slide, beside, ["No hot spot to show in this period."], size=16)


def _add_map(slide: Slide, brief: Brief, picture: MapPicture, hot_spots: gpd.GeoDataFrame) -> None:
    """The base map and density as a picture; outlines, numbers and key as shapes over it."""
    add_picture(slide, draw_png(picture.svg, ppi=MAP_PPI), MAP, alt=brief.map_alt)
    for spot, shape in zip(brief.spots, hot_spots.geometry, strict=True):
        for part in shapely.get_parts(shape):
            ring = on_paper(picture.frame, shapely.get_coordinates(part.exterior))
            points = [(MAP.left + x, MAP.top + y) for x, y in ring.tolist()]
            alt = f"Outline of hot spot {spot.rank}: {spot.name}"
            add_outline(slide, points, alt=alt, is_broken=spot.is_false_place)
    for badge in picture.badges:
        at = (MAP.left + badge.x, MAP.top + badge.y)
        add_badge(slide, *at, badge.rank, radius=BADGE_RADIUS_MM)
    below = MAP.top + MAP.height + 1.5
    add_words(slide, Place(MAP.left, below, 24, 5), ["Assaults: fewer"], size=9)
    for number, (red, green, blue, _) in enumerate(DENSITY_COLOURS):
        place = Place(MAP.left + 25 + 4 * number, below + 0.4, 4, 3.4)
        alt = f"Density class {number + 1} of {len(DENSITY_COLOURS)}"
        add_swatch(slide, place, f"{red:02X}{green:02X}{blue:02X}", alt=alt)
    more = f"more, by km². {brief.map_key}"
    add_words(slide, Place(MAP.left + 59, below, MAP.width - 59, 5), [more], size=9)


def _where(deck: Any, brief: Brief) -> None:
    notes = [brief.headline, brief.police]
    slide = _new_slide(deck, brief, "Where: hot spots by number of assaults", notes)
    if not brief.spots:
        words = "No hot spot to show: nowhere in this period had enough assaults close together."
        add_words(slide, BODY, [words], size=18)
        return
    headings = ["#", brief.name_heading, "Assaults", "95% interval", "Peak", "Change"]
    rows = [
        [str(s.rank), s.name, s.n, s.interval, s.peak, s.change, s.not_found] for s in brief.spots
    ]
    widths = [8, 110, 26, 34, 56, 42, 42]
    numeric = [False, False, True, True, False, False, True]
    if not brief.is_compared:
        rows = [row[:5] + row[6:] for row in rows]
        headings, widths, numeric = headings[:5], widths[:5] + widths[6:], [*numeric[:5], True]
    add_table(
        slide,
        Place(BODY.left, BODY.top, BODY.width, 11.5 * (len(rows) + 1)),
        [*headings, "No matching police record found"],
        rows,
        widths=widths,
        numeric=numeric,
        size=13,
        name="Hot spots by number of assaults",
    )
    more = [f"{brief.more_spots} more in the analyst’s tables."] if brief.more_spots else []
    foot = [*more, *([brief.police] if brief.police else [])]
    add_words(slide, Place(BODY.left, 164, BODY.width, 14), foot, size=13)


def _when(deck: Any, brief: Brief) -> None:
    slide = _new_slide(deck, brief, "When: assaults by night and time", brief.night_notes)
    if brief.nights:
        cells = [list(night["cells"]) for night in brief.nights]  # type: ignore[call-overload]
        add_table(
            slide,
            Place(BODY.left, BODY.top, BODY.width, 112),
            ["Night", *brief.bands],
            [
                [str(night["name"]), *(str(cell["text"]) for cell in row)]
                for night, row in zip(brief.nights, cells, strict=True)
            ],
            widths=[1.0] * (len(brief.bands) + 1),
            numeric=[False] + [True] * len(brief.bands),
            size=16,
            name="Assaults by night and time band",
            fills=[[WHITE, *(HEAT[int(cell["shade"])] for cell in row)] for row in cells],
        )
    add_words(slide, Place(BODY.left, 146, BODY.width, 30), brief.night_notes, size=14, gap=4)


def _sections(deck: Any, brief: Brief, title: str, *sections: Section) -> None:
    """Sections side by side, each with its sentences and its table."""
    slide = _new_slide(deck, brief, title, [s for part in sections for s in part.sentences])
    gap = 10.0
    width = (BODY.width - gap * (len(sections) - 1)) / len(sections)
    for number, section in enumerate(sections):
        _add_section(slide, section, Place(BODY.left + number * (width + gap), 26, width, 150))


def _add_section(slide: Slide, section: Section, place: Place) -> None:
    add_words(slide, place._replace(height=8), [section.title], size=16, bold=True, colour=NAVY)
    many = section.table is not None and len(section.table.rows) > MANY_ROWS
    size = 12 if many else 15
    # A letter is about half as wide as high; a point is 0.353 mm.
    letters_a_line = place.width / (0.353 * 0.5 * size)
    lines = sum(1 + len(sentence) // letters_a_line for sentence in section.sentences)
    height = 0.353 * 1.2 * size * lines + 1.2 * len(section.sentences)
    if section.sentences:
        body = place._replace(top=place.top + 9, height=height)
        add_words(slide, body, section.sentences, size=size, gap=3)
    if section.table is not None:
        longest = [
            max(len(words) for words in column)
            for column in zip(section.table.headings, *section.table.rows, strict=True)
        ]
        rows = (6.5 if many else 8.0) * (len(section.table.rows) + 1)
        add_table(
            slide,
            Place(place.left, place.top + 11 + height, place.width, rows),
            section.table.headings,
            section.table.rows,
            widths=[min(max(letters, 10), 28) for letters in longest],
            numeric=section.table.numeric,
            size=10 if many else 12,
            name=section.title,
        )


def _actions(deck: Any, brief: Brief) -> None:
    notes = ["Fill in at the meeting: who does what, and by when."]
    slide = _new_slide(deck, brief, "What to do", notes)
    add_table(
        slide,
        Place(BODY.left, BODY.top, BODY.width, 120),
        ["Hot spot", "Action", "Who", "By when"],
        [[start, "", "", ""] for start in [*brief.actions, ""]],
        widths=[80, 140, 60, 40],
        numeric=[False] * 4,
        size=16,
        name="Actions to fill in",
    )


def _how_sure(deck: Any, brief: Brief) -> None:
    caveats = Section("Before you use it", [f"• {words}" for words in brief.before_use])
    _sections(deck, brief, "How sure: quality of the data, and caveats", brief.quality, caveats)


def _small_print(deck: Any, brief: Brief) -> None:
    slide = _new_slide(deck, brief, "How the figures are made", brief.method)
    lines = [*brief.method, *brief.small_print]
    size = 12 if sum(map(len, lines)) > 2200 else 13
    box = add_words(slide, BODY, [f"• {words}" for words in lines], size=size, gap=4)
    describe(box, "Method, sources, and what is not shown")


def _without_clock(document: bytes) -> bytes:
    """The same parts of a zip file, all dated alike: it would hold the time of its making."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as made,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in made.namelist():
            part = zipfile.ZipInfo(name)  # 1 January 1980, the first day that a zip file knows
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            fixed.writestr(part, made.read(name))
    return buffer.getvalue()
