"""Hospitals beside the force's own records: which records of which months are set side by side."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from hotspots import beside_police as module
from hotspots.beside_police import beside_police
from hotspots.delivered_months import Delivered
from hotspots.hot_spots import draw_hot_spots
from hotspots.police import Violence
from tests.ed_ingest.contract_rows import assault_at, assaults, crime_at, crimes
from tests.hotspots.town import EAST, NORTH, QUAY, gazetteer


@pytest.fixture(autouse=True)
def fewer_deals(monkeypatch):
    monkeypatch.setattr(module, "DEALS", 99)


def nights(n, month="2026-03"):
    """So many assaults, each on a night of its own in a month."""
    times = pd.date_range(f"{month}-01 23:00", periods=n, freq="12h" if n > 28 else "D")
    return list(times)


def at_hospital(n, *, east=EAST, month="2026-03", **changes):
    return [assault_at(t, easting=east, **changes) for t in nights(n, month)]


def at_police(n, *, east=EAST, month="2026-03", **changes):
    return [crime_at(t, easting=east, **changes) for t in nights(n, month)]


def whole(provider, *months):
    when = pd.Series([pd.Timestamp(m) for m in months], dtype="datetime64[s]")
    return pd.DataFrame({"provider": pd.Series([provider] * len(months), dtype="str")}).assign(
        month=when
    )


def compared(hospital, police, *, hospitals=("2026-03",), force=("2026-03",), snapped=False):
    town = gazetteer()
    draw = partial(draw_hot_spots, eps_m=100, min_samples=10, largest_radius_m=150, gazetteer=town)
    return beside_police(
        assaults(*hospital) if hospital else assaults(n=0),
        Violence(crimes(*police) if police else crimes(n=0), "", snapped),
        Delivered(whole("marford", *hospitals), whole("police", *force)),
        gazetteer=town,
        draw=draw,
        bandwidth_m=200,
    )


def counts(found):
    return found.n_hospital, found.n_police


def test_what_one_source_sees_more_is_outlined_and_ranked():
    # Hospitals: 40 in Castle Street and 10 at the quay; police the other way round.
    found = compared(
        [*at_hospital(40), *at_hospital(10, east=QUAY)],
        [*at_police(10), *at_police(40, east=QUAY)],
    )
    spots = found.hot_spots.set_index("name")[["n_hospital", "n_police", "rank_difference"]]

    assert counts(found) == (50, 50)
    assert spots.loc["Castle Street"].tolist() == [40, 10, 1]
    assert spots.loc["Quay Parade"].tolist() == [10, 40, -1]
    by_side = found.contours.dissolve("more").geometry
    assert by_side["hospitals"].distance(gazetteer_point(EAST)) < 1
    assert by_side["police"].distance(gazetteer_point(QUAY)) < 1


def gazetteer_point(east):
    from shapely import Point

    return Point(east, NORTH)


def test_where_both_see_the_same_nothing_is_outlined():
    found = compared(
        [*at_hospital(25), *at_hospital(25, east=QUAY)], [*at_police(25), *at_police(25, east=QUAY)]
    )

    assert found.contours.empty
    assert (found.hot_spots["q_value"] > 0.9).all()


def test_domestic_vague_and_repeated_records_do_not_count():
    found = compared(
        [
            *at_hospital(12),
            *at_hospital(5, domestic_abuse="yes"),
            *at_hospital(5, location_uncertainty_m=201.0),
            *at_hospital(5, incident_id="i"),
        ],
        at_police(20),
    )

    # Twelve, and one incident with five patients.
    assert counts(found) == (13, 20)


@pytest.mark.parametrize(
    ("hospitals", "force"),
    [(("2026-03",), ("2026-02", "2026-03")), (("2026-02", "2026-03"), ("2026-03",))],
)
def test_only_months_that_both_delivered_whole_are_compared(hospitals, force):
    rows = [*at_hospital(12), *at_hospital(9, month="2026-02")]
    told = [*at_police(14), *at_police(8, month="2026-02")]

    assert counts(compared(rows, told, hospitals=hospitals, force=force)) == (12, 14)


def test_a_month_needs_every_hospital_of_the_period():
    late = {"provider": "st-teilo"}

    assert compared([*at_hospital(12), *at_hospital(1, **late)], at_police(14)) is None


def test_the_order_of_the_records_is_nothing_to_it():
    rows = [*at_hospital(20), *at_hospital(10, east=QUAY), *at_hospital(3, incident_id="i")]
    told = [*at_police(10), *at_police(20, east=QUAY)]
    one, other = compared(rows, told), compared(rows[::-1], told[::-1])

    pd.testing.assert_frame_equal(pd.DataFrame(one.hot_spots), pd.DataFrame(other.hot_spots))
    pd.testing.assert_frame_equal(pd.DataFrame(one.contours), pd.DataFrame(other.contours))


@pytest.mark.parametrize(
    ("hospital", "police", "given"),
    [
        ([], at_police(20), {}),
        (at_hospital(20), [], {}),
        (at_hospital(20), at_police(20), {"snapped": True}),
        (at_hospital(20), at_police(20), {"force": ("2026-02",)}),
        (at_hospital(20, domestic_abuse="yes"), at_police(20), {}),
        (at_hospital(20, location_type="own_home"), at_police(20), {}),
        (at_hospital(20), at_police(20, location_level="withheld"), {}),
    ],
)
def test_what_cannot_be_compared_is_not(hospital, police, given):
    assert compared(hospital, police, **given) is None
