"""The made-up town: whatever the seed, its streets hang together and its places lie on them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ed_ingest.errors import ReferenceDataError
from ed_ingest.tables import Gazetteer
from hotspots.simulated.incidents import period_of
from hotspots.simulated.names import name_streets
from hotspots.simulated.real_town import real_town
from hotspots.simulated.sites import make_sites
from hotspots.simulated.streets import lay_streets
from hotspots.simulated.town import Town, invent_town


@pytest.fixture(scope="module")
def town() -> Town:
    return invent_town(np.random.default_rng(1))


def parts_of_network(lines) -> int:
    """Number of parts; streets hang together where they share a vertex."""
    xy, street = shapely.get_coordinates(lines, return_index=True)
    vertex = pd.factorize(pd.MultiIndex.from_arrays(np.round(xy, 1).T))[0]
    shape = (len(lines), vertex.max() + 1)
    at = coo_array((np.ones(len(street)), (street, vertex)), shape=shape).tocsr()
    return connected_components(at @ at.T, directed=False)[0]


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_streets_are_connected_and_inside_the_boundary(seed):
    laid = lay_streets(np.random.default_rng(seed))
    lines = laid.lines.geometry.to_numpy()

    assert parts_of_network(lines) == 1
    assert laid.boundary.contains(shapely.union_all(lines))
    assert 350 < len(lines) < 750


def test_every_street_of_a_crowded_centre_has_a_name():
    # A centre of 70 streets, for which there are 65 old names.
    rng = np.random.default_rng(3)
    lines = lay_streets(rng).lines

    assert ((lines["quarter"] == "centre") & (lines["main"] < 0)).sum() > 65
    assert (name_streets(rng, lines)["name"].str.len() > 5).all()


def test_the_check_of_connection_can_fail():
    apart = [shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(5, 0), (6, 0)])]
    joined = [*apart, shapely.LineString([(1, 0), (5, 0)])]

    assert parts_of_network(np.array(apart)) == 2
    assert parts_of_network(np.array(joined)) == 1


def test_the_network_is_no_grid_of_dots():
    lines = lay_streets(np.random.default_rng(1)).lines
    main = lines[lines["main"] >= 0]
    ends = shapely.get_coordinates(lines.boundary.explode(index_parts=False).geometry)
    _, times = np.unique(ends.round(1), axis=0, return_counts=True)

    # Main roads bend, closes end nowhere, and the centre is denser than the estates.
    straight = shapely.length(shapely.shortest_line(main.boundary, main.boundary))
    assert (main.length > straight).all()
    assert (times == 1).sum() > 50
    assert (lines["quarter"] == "close").sum() > 30
    centre = lines[lines["quarter"] == "centre"]
    assert centre.length.sum() / (np.pi * 0.43**2) > 2 * lines.length.sum() / 30


def test_every_premises_lies_within_30_m_of_its_street(town):
    roads = town.basemap[town.basemap["kind"] == "road"].dissolve("name").geometry
    premises = town.places[town.places["kind"] == "premises"]
    points = shapely.points(premises[["easting", "northing"]].to_numpy())
    off = shapely.distance(points, roads.loc[premises["street"]].to_numpy())

    assert len(premises) == 352
    assert off.max() <= 30
    # House number, street and postcode are given.
    assert premises["address"].str.match(r"\d+ ").all()
    assert premises["postcode"].str.fullmatch(r"MF\d \d[A-Z]{2}").all()


def test_the_gazetteer_has_every_kind_of_place_and_unique_ids(town):
    kinds = town.places["kind"].value_counts()

    assert set(kinds.index) == {
        "premises", "street", "locality", "park", "station", "education", "health", "custody",
    }  # fmt: skip
    assert 350 < kinds["street"] < 700
    assert town.places["place_id"].is_unique
    assert shapely.contains_xy(town.boundary, town.places[["easting", "northing"]]).all()
    # Chains have branches, some streets Welsh names.
    assert (town.places.loc[town.places["venue"] != "", "name"].value_counts() > 3).any()
    assert town.places["alt_names"].str.contains("Heol|Ffordd|Stryd").any()


def test_small_areas_cover_the_town_without_overlap(town):
    areas = town.areas

    assert 60 <= len(areas) <= 100
    assert areas["code"].is_unique
    assert (areas["population"] > 0).all()
    assert areas.union_all().symmetric_difference(town.boundary).area < 1
    assert areas.area.sum() == pytest.approx(town.boundary.area, rel=1e-9)


def test_trends_lie_apart_and_away_from_false_places(town):
    sites = make_sites(np.random.default_rng(2), town)
    trends = sites.trends.set_index("trend")[["easting", "northing"]]
    false = town.places[town.places["kind"].isin(["health", "custody"])]

    assert np.hypot(*(trends.loc["emerging"] - trends.loc["fading"])) > 700
    for _, point in trends.iterrows():
        away = np.hypot(false["easting"] - point.iloc[0], false["northing"] - point.iloc[1])
        assert away.min() > 300


def test_a_period_ends_with_december_2025():
    period = period_of(14)

    assert [str(period.first), str(period.last), len(period.months)] == ["2024-11", "2025-12", 14]
    assert str(period.trend_from) == "2025-10"


def gazetteer_of(places: pd.DataFrame, town: Town) -> Gazetteer:
    columns = [
        "place_id",
        "name",
        "alt_names",
        "kind",
        "easting",
        "northing",
        "address",
        "postcode",
    ]
    names = pd.DataFrame({"name": [], "place_id": []})
    boundary = None
    return Gazetteer(places[columns], names, town.postcodes, boundary, town.areas, town.basemap)


def test_a_known_gazetteer_becomes_a_town(town):
    known = real_town(gazetteer_of(town.places, town))

    assert known.name == "Marford"
    assert set(known.places["place_id"]) == set(town.places["place_id"])
    # Trade is read from the name, the street from the address.
    fish = known.places["name"].str.contains("Fish Bar|Kebab")
    assert (known.places.loc[fish, "venue"] == "takeaway").all()
    assert (known.places["street"] == town.places["street"]).mean() > 0.95


def test_a_gazetteer_without_streets_is_refused(town):
    places = town.places[town.places["kind"] == "premises"]
    with pytest.raises(ReferenceDataError, match="needs premises and streets"):
        real_town(gazetteer_of(places, town))
