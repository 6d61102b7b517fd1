"""The map for paper and slides: one picture in SVG, the same for the same data.

It lies in the plane of the British National Grid, so that a millimetre is as many metres anywhere.
Text in it is that of names of roads, escaped; the program that draws it must have the font.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.density_outlines import density_outlines
from hotspots.map_labels import road_names
from hotspots.map_layers import DENSITY_COLOURS, base_shapes, drawn_box
from hotspots.picture_frame import (
    UNITS_PER_MM,
    Frame,
    frame_around,
    ground,
    path_of,
    scale_bar_m,
)
from hotspots.picture_labels import (
    BADGE_RADIUS_MM,
    LABEL_HEIGHT_MM,
    Badge,
    Label,
    place_badges,
    place_labels,
)
from hotspots.plain_text import plain_text
from hotspots.publishable import Publishable

FONT = "Liberation Sans"
INK, PAPER, WHITE = "#0b0c0c", "#f6f5f1", "#ffffff"
# The streets stay readable through the surface, and the classes apart in grey.
DENSITY_OPACITY = 0.8
# Names of roads that a picture of this size can hold.
MOST_NAMES = 14
# kind of base map: colour, width in mm, opacity
LINES = {
    "area": ("#cbc6ba", 0.12, 1.0),
    "river": ("#a9cfe3", 0.8, 1.0),
    "road": ("#8c8577", 0.22, 0.55),
    "main_road": ("#6f6a5f", 0.55, 0.75),
}
WATER = "#cfe5f0"
BEYOND_MM = 2.0


class MapPicture(NamedTuple):
    """A map as SVG text, where it lies on the ground, and where its numbers stand."""

    svg: str
    frame: Frame
    badges: list[Badge]


def map_picture(
    publishable: Publishable,
    hot_spots: gpd.GeoDataFrame,
    *,
    width_mm: float,
    height_mm: float,
    with_hot_spots: bool = True,
) -> MapPicture | None:
    """Draw base map, density classes and numbered outlines, with scale bar and north arrow.

    Parameters
    ----------
    publishable
        Findings after gate 2; the police layers and premises are not drawn.
    hot_spots
        Those of its hot spots to draw, rank 1 first; the picture shows all of them.
    width_mm, height_mm
        Size on paper.
    with_hot_spots
        False: outlines and numbers are left out, for a program that draws them on top.

    Returns
    -------
    MapPicture or None
        None where there is nothing to draw: no hot spot, density, boundary or base map.
    """
    frame = _frame(publishable, hot_spots, width_mm=width_mm, height_mm=height_mm)
    if frame is None:
        return None
    spots = list(zip(hot_spots["rank"].astype(int), hot_spots.geometry, strict=True))
    badges = place_badges(spots, frame)
    names = road_names(publishable.basemap, wanted=list(hot_spots["name"]), most=MOST_NAMES)
    labels = place_labels(publishable.basemap, names=names, frame=frame, badges=badges)
    false_places = list(hot_spots["false_place"].astype(bool))
    layers = [
        *_base(publishable, names, frame, water=True),
        *_density(publishable, frame),
        *_base(publishable, names, frame, water=False),
        *(_label(label) for label in labels),
        *(_hot_spots(spots, badges, false_places, frame) if with_hot_spots else []),
        _scale_bar(frame, spots),
        _north(frame),
    ]
    return MapPicture(_document(layers, frame), frame, badges)


def scale_words(metres: int) -> str:
    """A length in words: ``500 m``, ``2 km``."""
    return f"{metres} m" if metres < 1000 else f"{metres // 1000} km"


def _frame(
    publishable: Publishable, hot_spots: gpd.GeoDataFrame, *, width_mm: float, height_mm: float
) -> Frame | None:
    """Around the hot spots; without any around the density, the area, or the base map."""
    density, boundary = publishable.density, publishable.boundary
    choices: list[list[BaseGeometry]] = [
        list(hot_spots.geometry),
        [] if density is None else [drawn_box(density)],
        [] if boundary is None else [boundary],
        list(publishable.basemap.geometry.dropna()),
    ]
    for shapes in choices:
        if frame := frame_around(shapes, width_mm=width_mm, height_mm=height_mm):
            return frame
    return None


def _base(publishable: Publishable, names: list[str], frame: Frame, *, water: bool) -> list[str]:
    """Water lies under the density, lines over it."""
    box = ground(frame, margin_mm=BEYOND_MM)
    wanted = {"water"} if water else {"area", "river", "road", "main_road"}
    basemap = publishable.basemap
    near = basemap[basemap.geometry.intersects(shapely.box(*box))]
    near = near[near["kind"].eq("water") if water else near["kind"].notna()]
    drawn = []
    for kind, shapes in base_shapes(near, main_names=names).items():
        clipped = shapely.simplify(shapely.clip_by_rect(shapes, *box), frame.m_per_mm / 10)
        path = path_of(clipped, frame) if kind in wanted else ""
        if path and kind == "water":
            drawn.append(f'<path d="{path}" fill="{WATER}" fill-rule="evenodd"/>')
        elif path:
            colour, width, opacity = LINES[kind]
            drawn.append(_stroke(path, colour, width, f' stroke-opacity="{opacity}"'))
    return [*drawn, *([] if water else _boundary(publishable, frame, box))]


def _boundary(
    publishable: Publishable, frame: Frame, box: tuple[float, float, float, float]
) -> list[str]:
    if publishable.boundary is None:
        return []
    edge = shapely.clip_by_rect(shapely.boundary(publishable.boundary), *box)
    path = path_of([shapely.simplify(edge, frame.m_per_mm / 10)], frame)
    return [_stroke(path, "#484f55", 0.35, ' stroke-dasharray="18 10"')] if path else []


def _density(publishable: Publishable, frame: Frame) -> list[str]:
    """Each class over the ones below it, solid; the whole lets the water show through."""
    if publishable.density is None:
        return []
    box = ground(frame, margin_mm=BEYOND_MM)
    paths = [
        f'<path d="{path_of([area], frame)}" fill="{_colour(number)}" fill-rule="evenodd"/>'
        for number, area in density_outlines(publishable.density, box=box)
    ]
    return [f'<g opacity="{DENSITY_OPACITY}">', *paths, "</g>"]


def _hot_spots(
    spots: list[tuple[int, BaseGeometry]],
    badges: list[Badge],
    false_places: list[bool],
    frame: Frame,
) -> list[str]:
    """Black on white, so that an outline is seen on any colour; broken at a false place."""
    drawn = []
    for (_, shape), is_false in zip(spots, false_places, strict=True):
        path = path_of([shape], frame)
        dashes = ' stroke-dasharray="16 9"' if is_false else ""
        drawn += [_stroke(path, WHITE, 1.5, ""), _stroke(path, INK, 0.75, dashes)]
    for badge in badges:
        x, y, at_x, at_y = (_units(v) for v in badge[1:])
        if (x, y) != (at_x, at_y):
            drawn.append(_stroke(f"M{at_x} {at_y}L{x} {y}", INK, 0.4, ""))
    return [*drawn, *(_badge(badge) for badge in badges)]


def _badge(badge: Badge) -> str:
    x, y = _units(badge.x), _units(badge.y)
    size = _units(2.9 if badge.rank < 10 else 2.5)
    return (
        f'<circle cx="{x}" cy="{y}" r="{_units(BADGE_RADIUS_MM)}" fill="{INK}"'
        f' stroke="{WHITE}" stroke-width="4"/>'
        f'<text x="{x}" y="{y + round(0.36 * size)}" font-size="{size}" font-weight="700"'
        f' text-anchor="middle" fill="{WHITE}">{badge.rank}</text>'
    )


def _label(label: Label) -> str:
    """A name with a white rim, so that it is read on any colour."""
    x, y, size = _units(label.x), _units(label.y), _units(LABEL_HEIGHT_MM)
    words = (
        f' x="{x}" y="{y + round(0.35 * size)}" font-size="{size}" text-anchor="middle"'
        f' transform="rotate({label.turn:g} {x} {y})"'
    )
    text = escape(_without_marks(label.text))
    return (
        f'<text{words} fill="none" stroke="{WHITE}" stroke-width="6" stroke-linejoin="round"'
        f' stroke-opacity="0.85">{text}</text><text{words} fill="{INK}">{text}</text>'
    )


def _without_marks(text: str) -> str:
    """The name without marks that stay apart from their letter in NFC.

    typst gives them no code point in a picture, which PDF/UA-1 forbids; and at the start of a name
    the stroke U+0338 and the ``>`` of the tag before it would become one character.
    """
    return "".join(c for c in plain_text(text) if not unicodedata.category(c).startswith("M"))


def _scale_bar(frame: Frame, spots: list[tuple[int, BaseGeometry]]) -> str:
    """In a bottom corner, left unless a hot spot lies there and none does at the right."""
    metres = scale_bar_m(frame)
    length = _units(metres / frame.m_per_mm)
    across, bottom = _units(frame.width_mm), _units(frame.height_mm)
    corners = (20, across - length - 60)
    taken = [_meets_corner(left, length + 40, frame, spots) for left in corners]
    left, y = corners[taken.index(min(taken))] + 20, bottom - 45
    return (
        f'<rect x="{left - 20}" y="{y - 50}" width="{length + 40}" height="75" fill="{WHITE}"'
        ' fill-opacity="0.85"/>'
        f'<path d="M{left} {y - 14}V{y}H{left + length}V{y - 14}" fill="none" stroke="{INK}"'
        ' stroke-width="6"/>'
        f'<text x="{left + length // 2}" y="{y - 18}" font-size="25" text-anchor="middle"'
        f' fill="{INK}">{scale_words(metres)}</text>'
    )


def _meets_corner(
    left: int, width: int, frame: Frame, spots: list[tuple[int, BaseGeometry]]
) -> int:
    """How many hot spots lie under a box at the bottom, in units of the picture."""
    west, south, _, _ = ground(frame)
    unit = frame.m_per_mm / UNITS_PER_MM
    box = shapely.box(west + left * unit, south, west + (left + width) * unit, south + 100 * unit)
    return sum(shape.intersects(box) for _, shape in spots)


def _north(frame: Frame) -> str:
    right = _units(frame.width_mm)
    return (
        f'<rect x="{right - 90}" y="20" width="70" height="110" fill="{WHITE}"'
        ' fill-opacity="0.85"/>'
        f'<path d="M{right - 55} 30l22 60l-22 -16l-22 16z" fill="{INK}"/>'
        f'<text x="{right - 55}" y="122" font-size="30" font-weight="700" text-anchor="middle"'
        f' fill="{INK}">N</text>'
    )


def _document(layers: list[str], frame: Frame) -> str:
    width, height = _units(frame.width_mm), _units(frame.height_mm)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width_mm:g}mm"'
        f' height="{frame.height_mm:g}mm" viewBox="0 0 {width} {height}"'
        f' font-family="{FONT}"><clipPath id="sheet"><rect width="{width}" height="{height}"/>'
        f'</clipPath><g clip-path="url(#sheet)"><rect width="{width}" height="{height}"'
        f' fill="{PAPER}"/>{"".join(layers)}</g></svg>'
    )


def _stroke(path: str, colour: str, width_mm: float, more: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width_mm * UNITS_PER_MM:g}"'
        f' stroke-linejoin="round" stroke-linecap="round"{more}/>'
    )


def _colour(number: int) -> str:
    red, green, blue, _ = DENSITY_COLOURS[number - 1]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _units(mm: float) -> int:
    return int(np.rint(mm * UNITS_PER_MM))
