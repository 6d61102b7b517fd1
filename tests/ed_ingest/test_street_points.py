import numpy as np
import pytest

from ed_ingest.name_index import index_names
from ed_ingest.street_points import meeting_point, nearest, street_points
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())
ROW = {place_id: row for row, place_id in enumerate(INDEX.ids)}


def test_points_of_a_street_are_its_own_and_those_of_premises_on_it():
    points = street_points(ROW["s1"], INDEX)

    assert points.tolist() == [[318000, 176000], [318020, 176010], [318030, 175990]]


def test_premises_on_a_street_of_that_name_far_off_are_not_on_this_one():
    # Jack Murphy's is on the Mill Lane of the centre, 5 km from that of Northside.
    assert street_points(ROW["s4"], INDEX).tolist() == [[322000, 180000]]


def test_two_streets_meet_midway_between_their_nearest_points():
    # Burger Barn (318 030, 175 990) and the Gate Keeper (318 250, 176 030): sqrt(220² + 40²) m.
    meeting = meeting_point([ROW["s1"]], [ROW["s2"]], INDEX, within_m=500)

    assert meeting == pytest.approx((318140, 176010, 223.607), abs=0.001)
    assert meeting_point([ROW["s1"]], [ROW["s2"]], INDEX, within_m=200) is None


def test_the_order_of_the_streets_does_not_matter():
    one, other = [ROW["s3"], ROW["s4"]], [ROW["s1"]]

    there = meeting_point(one, other, INDEX, within_m=500)

    assert there == meeting_point(other, one, INDEX, within_m=500)


def test_nearest_gives_distance_and_position():
    distance, position = nearest(np.array([[0.0, 0.0]]), np.array([[9.0, 9.0], [3.0, 4.0]]))

    assert (distance.tolist(), position.tolist()) == ([5.0], [1])
