"""The map for paper: everything where it lies, the same for the same data, text inert."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from lxml import etree

from hotspots.density_outlines import density_outlines
from hotspots.map_picture import map_picture, scale_words
from hotspots.picture_frame import Frame, frame_around, ground, on_paper, path_of, scale_bar_m
from hotspots.picture_labels import BADGE_RADIUS_MM, place_badges, place_labels
from hotspots.publishable import DensityClasses
from tests.hotspots.builders import EAST, NORTH, density, hot_spots, no_hot_spots, publishable

SIZE = {"width_mm": 150.0, "height_mm": 100.0}


def picture(found=None, **changes):
    found = found or publishable()
    return map_picture(found, found.hot_spots, **{**SIZE, **changes})


def test_a_point_lies_where_its_metres_say():
    # 10 m to the millimetre: 250 m east and 400 m south of the corner are 25 mm and 40 mm.
    frame = Frame(west=1000.0, north=5000.0, m_per_mm=10.0, width_mm=150.0, height_mm=100.0)

    assert on_paper(frame, np.array([[1250.0, 4600.0]])).tolist() == [[25.0, 40.0]]
    assert ground(frame) == (1000.0, 4000.0, 2500.0, 5000.0)


def test_a_frame_holds_all_its_shapes_with_a_margin():
    shapes = [shapely.box(0, 0, 3000, 500), shapely.Point(100, 2500)]
    west, south, east, north = ground(frame_around(shapes, **SIZE))

    assert west < 0
    assert south < 0
    assert east > 3000
    assert north > 2500


def test_a_frame_of_nothing_is_none_and_of_a_point_shows_its_streets():
    assert frame_around([], **SIZE) is None
    assert frame_around([shapely.Polygon()], **SIZE) is None
    west, _, east, _ = ground(frame_around([shapely.Point(0, 0)], **SIZE))
    assert east - west == pytest.approx(1200)


@pytest.mark.parametrize(
    ("m_per_mm", "metres", "words"), [(8, 200, "200 m"), (10, 200, "200 m"), (30, 1000, "1 km")]
)
def test_the_scale_bar_is_a_round_length_of_at_most_a_quarter(m_per_mm, metres, words):
    frame = Frame(0, 0, m_per_mm, 150.0, 100.0)

    assert scale_bar_m(frame) == metres <= 150 * m_per_mm / 4
    assert scale_words(metres) == words


def test_a_path_draws_points_that_fall_together_once():
    frame = Frame(west=0.0, north=100.0, m_per_mm=1.0, width_mm=100.0, height_mm=100.0)
    line = shapely.LineString([(10, 90), (10.01, 90), (20, 90), (20, 80)])

    assert path_of([line], frame) == "M100 100l100 0 0 100"


def test_the_same_findings_give_the_same_picture_in_any_order_of_rows():
    found = publishable()
    shuffled = found.basemap.sample(frac=1, random_state=3)

    assert picture(found).svg == picture(found).svg
    assert len(picture(publishable(basemap=shuffled)).svg) == pytest.approx(
        len(picture(found).svg), rel=0.02
    )


def test_every_number_stands_in_its_hot_spot():
    made = picture()
    spots = hot_spots()
    for badge, shape in zip(made.badges, spots.geometry, strict=True):
        x = made.frame.west + badge.x * made.frame.m_per_mm
        y = made.frame.north - badge.y * made.frame.m_per_mm
        assert shape.contains(shapely.Point(x, y))


def test_numbers_of_hot_spots_at_one_place_stand_apart():
    frame = Frame(0, 1000, 10, 150, 100)
    spots = [(rank, shapely.Point(700, 500).buffer(20)) for rank in range(1, 6)]
    badges = place_badges(spots, frame)

    for one in badges:
        for other in badges[one.rank :]:
            assert np.hypot(one.x - other.x, one.y - other.y) >= 2 * BADGE_RADIUS_MM
    assert (badges[0].x, badges[0].y) == (badges[0].at_x, badges[0].at_y)


def test_names_of_roads_cover_neither_numbers_nor_each_other():
    found = publishable()
    made = picture(found)
    names = ["Castle Street", "Station Road", "Mill Lane"]
    labels = place_labels(found.basemap, names=names, frame=made.frame, badges=made.badges)

    assert {label.text for label in labels} == set(names)
    for label in labels:
        assert all(np.hypot(label.x - b.x, label.y - b.y) > BADGE_RADIUS_MM for b in made.badges)
        assert -90 <= label.turn <= 90


def test_smooth_outlines_stay_within_about_a_cell_of_the_classes():
    classes = density()
    box = (EAST - 3000, NORTH - 2400, EAST + 3000, NORTH + 2400)
    for number, area in density_outlines(classes, box=box):
        half = classes.cell_m / 2
        rows, columns = np.nonzero(classes.classes >= number)
        x, y = classes.x[columns], classes.y[rows]
        cells = shapely.union_all(shapely.box(x - half, y - half, x + half, y + half))
        assert cells.buffer(1.5 * classes.cell_m).contains(area)
        assert area.buffer(1.5 * classes.cell_m).contains(cells)


def test_no_class_has_no_outline():
    empty = DensityClasses(np.zeros((4, 4), dtype=np.int8), np.arange(4.0), np.arange(4.0), 1.0)

    assert density_outlines(empty, box=(0, 0, 4, 4)) == []


def test_the_picture_is_one_piece_and_asks_for_nothing():
    found = picture().svg
    etree.fromstring(found)

    assert "href" not in found
    assert re.findall(r"https?://[^\"]*", found) == ["http://www.w3.org/2000/svg"]


def test_names_are_text_and_never_markup():
    name = "<script>alert(1)</script> & co"
    basemap = publishable().basemap
    found = picture(publishable(basemap=basemap.assign(name=name))).svg
    root = etree.fromstring(found)

    assert not root.findall(".//{http://www.w3.org/2000/svg}script")
    assert "&lt;script&gt;" in found


def test_a_false_place_has_a_broken_outline():
    spots = hot_spots()
    spots["false_place"] = spots["rank"].eq(2)
    found = publishable(hot_spots=spots, boundary=None)

    assert picture(found).svg.count("stroke-dasharray") == 1


def test_nothing_to_draw_is_no_picture():
    found = publishable(
        hot_spots=no_hot_spots(),
        density=None,
        boundary=None,
        basemap=publishable().basemap.iloc[:0],
    )

    assert picture(found) is None


def test_outlines_can_be_left_to_another_program():
    assert len(picture(with_hot_spots=False).badges) == 7
    assert "<circle" not in picture(with_hot_spots=False).svg
