"""An area beside others: its maps are as if all were analysed whole, its counts are its own."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.analysis import analyse
from hotspots.halo import Neighbours, default_halo_m, own_hot_spots
from hotspots.hot_spots import draw_hot_spots
from hotspots.points import assault_points
from hotspots.tables import HotSpotMap
from tests.ed_ingest import contract_rows
from tests.hotspots.town import EAST, NO_STREET, NORTH, gazetteer

SPOTS = {"eps_m": 100, "min_samples": 10, "largest_radius_m": 150}
# Metres from the border, from the street, and incidents: each place holds enough for a group.
SITES = [
    (-900, 0, 12), (-350, 40, 9), (-60, 0, 14), (30, 10, 11), (75, -20, 8), (420, 0, 13),
    (1000, 0, 6),
]  # fmt: skip
WEST = shapely.box(EAST - 2000, NORTH - 2000, EAST, NORTH + 2000)
OUTSIDE = shapely.box(EAST, NORTH - 2000, EAST + 2000, NORTH + 2000)
NOBODY = contract_rows.crimes(n=0).assign(area_code=pd.Series(dtype="str"))


def rows(table=contract_rows.assaults, **changes) -> pd.DataFrame:
    return table(
        *[
            {**NO_STREET, "easting": EAST + x, "northing": NORTH + y, **changes}
            for x, y, n in SITES
            for _ in range(n)
        ]
    )


def found(assaults, boundary, *, crimes=None, neighbours=None, **options):
    return analyse(
        assaults,
        contract_rows.crimes(n=0) if crimes is None else crimes,
        {},
        gazetteer=gazetteer(boundary=boundary),
        partnership="Marford",
        provider_names={},
        period_to=date(2026, 3, 31),
        neighbours=neighbours,
        **options,
    )


def parted(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    west = table["easting"] < EAST
    return table[west], table[~west]


@pytest.fixture(scope="module")
def analysed():
    """All as one area; its west and its east, each beside the other."""
    both = rows()
    west, east = parted(both)
    beyond = {"W": east.assign(area_code="E"), "E": west.assign(area_code="W")}
    return (
        found(both, shapely.union(WEST, OUTSIDE), themes=("alcohol",)),
        found(west, WEST, neighbours=Neighbours("W", beyond["W"], NOBODY), themes=("alcohol",)),
        found(east, OUTSIDE, neighbours=Neighbours("E", beyond["E"], NOBODY), themes=("alcohol",)),
    )


def cells(surface) -> dict[tuple[float, float], float]:
    """Density by cell, of the cells in the boundary with any."""
    values = np.asarray(getattr(surface, "values"))  # noqa: B009
    kept = values > 1e-6  # a kernel's edge is rounding
    row, column = np.nonzero(kept)
    places = zip(surface.x[column], surface.y[row], strict=True)
    return dict(zip(places, values[kept], strict=True))


def test_two_halves_draw_the_surface_of_the_whole_cell_by_cell(analysed):
    whole, west, east = analysed
    for of in (lambda f: f.assaults.surface, lambda f: f.themes[0].surface):
        halves = cells(of(west)) | cells(of(east))

        assert halves.keys() == cells(of(whole)).keys()
        assert halves == pytest.approx(cells(of(whole)))


def test_the_support_of_a_cell_is_that_of_the_whole(analysed):
    whole, west, _ = analysed
    column = np.searchsorted(whole.assaults.surface.x, EAST - 12.5)
    own = np.searchsorted(west.assaults.surface.x, EAST - 12.5)

    assert whole.assaults.support[:, column].max() == west.assaults.support[:, own].max()


def test_a_hot_spot_astride_the_border_is_told_of_once_and_whole(analysed):
    whole, west, east = analysed
    spots = [f.assaults.hot_spots for f in (west, east)]
    both = gpd.GeoDataFrame(pd.concat(spots, ignore_index=True))
    columns = ["hotspot_id", "n", "n_incidents", "n_peak", "alcohol_yes"]
    one = whole.assaults.hot_spots.sort_values("hotspot_id", ignore_index=True)
    both = both.sort_values("hotspot_id", ignore_index=True)

    # 14 of its 33 incidents lie in the west.
    assert [len(table) for table in spots] == [1, 2]
    assert spots[1]["n"].tolist() == [33, 13]
    pd.testing.assert_frame_equal(pd.DataFrame(both[columns]), pd.DataFrame(one[columns]))
    assert both.geometry.geom_equals(one.geometry).all()


def test_ranks_and_members_are_of_the_areas_own_hot_spots(analysed):
    _, west, east = analysed
    for findings in (west, east):
        spots = findings.assaults.hot_spots

        assert spots["rank"].tolist() == list(range(1, len(spots) + 1))
        assert set(findings.assaults.members.dropna()) == set(spots["hotspot_id"])


def test_counts_are_of_the_areas_own_records(analysed):
    whole, west, east = analysed

    assert (west.n_recorded, east.n_recorded, whole.n_recorded) == (35, 38, 73)
    assert west.n_mapped == west.themes[0].n_recorded == west.themes[0].n_mapped == 35
    assert west.methods["n"].tolist() == [35]
    assert west.night_bands["n"].sum() == pytest.approx(35)
    assert west.providers["n_recorded"].tolist() == [35]
    assert west.themes[0].by_hot_spot["n"].tolist() == [12]


def test_police_records_of_neighbours_reach_into_the_map_alike():
    place = {"place_name": None, "lsoa": None}
    crimes = contract_rows.crimes(
        *[
            {**place, "easting": EAST + x, "northing": NORTH + y}
            for x, y, n in SITES
            for _ in range(n)
        ]
    )
    west, east = parted(crimes)
    nobody = contract_rows.assaults(n=0)
    whole = found(nobody, shapely.union(WEST, OUTSIDE), crimes=crimes)
    beside = Neighbours("E", nobody.assign(area_code=""), west.assign(area_code="W"))
    half = found(nobody, OUTSIDE, crimes=east, neighbours=beside)
    eastern = {k: v for k, v in cells(whole.police.surface).items() if k[0] > EAST}

    assert half.police.hot_spots["n"].tolist() == [33, 13]
    assert half.areas["n_police"].sum() == 0
    assert cells(half.police.surface) == pytest.approx(eastern)


def test_an_area_without_police_records_draws_none_of_its_neighbours():
    crimes = contract_rows.crimes(n=12).assign(area_code="E")
    beside = Neighbours("W", rows().iloc[:0].assign(area_code=""), crimes)

    assert found(rows(), WEST, neighbours=beside).police is None


@pytest.mark.parametrize(("own", "other", "told"), [(6, 5, True), (5, 6, False), (5, 5, True)])
def test_a_hot_spot_goes_to_most_of_its_incidents_and_of_equal_ones_to_the_smaller_code(
    own, other, told
):
    # Two patients of one incident count once; incidents in no area do not count.
    incident = [*range(own), 0, *range(own, own + other), 90, 91, 92, 93, 94, 95, 96]
    points = pd.DataFrame({"incident": incident})
    beyond = pd.Series(["B"] * other + [None] * 7, index=range(own + 1, len(incident)), dtype="str")
    spots = gpd.GeoDataFrame({"hotspot_id": ["H"], "rank": [4]}, geometry=[shapely.Point(0, 0)])
    members = pd.Series("H", index=points.index)
    kept = own_hot_spots(
        HotSpotMap(None, None, spots, members),
        points,
        Neighbours("A", pd.DataFrame(), pd.DataFrame()),
        pd.DataFrame({"area_code": beyond}),
    )

    assert kept.hot_spots["rank"].tolist() == ([1] if told else [])
    assert kept.members.notna().all() == told


def test_the_halo_covers_kernels_and_clusters():
    # Clusters: 2 * 150 + 2 * 100 + 2 * 4 * 150 = 1700 m; kernels: 2 * 200 m.
    assert default_halo_m(bandwidth_m=200, eps_m=100, largest_radius_m=150) == 1700
    assert default_halo_m(bandwidth_m=2000, eps_m=100, largest_radius_m=150) == 4000


@pytest.mark.parametrize("seed", range(3))
def test_in_a_dense_town_hot_spots_at_the_border_are_those_of_the_whole(seed):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 700, (40, 2))
    at = centres[rng.integers(0, 40, 1500)] + rng.normal(0, 90, (1500, 2))
    base = contract_rows.assaults().iloc[[0] * len(at)].reset_index(drop=True)
    points = assault_points(
        base.assign(easting=EAST + at[:, 0].round(), northing=NORTH + at[:, 1].round()), gazetteer()
    )
    halo_m = default_halo_m(bandwidth_m=200, eps_m=100, largest_radius_m=150)
    near = points[points["easting"] < EAST + halo_m]
    whole, _ = draw_hot_spots(points, gazetteer=gazetteer(), **SPOTS)
    part, _ = draw_hot_spots(near, gazetteer=gazetteer(), **SPOTS)
    west = whole.geometry.centroid.x < EAST
    kept = part.geometry.centroid.x < EAST

    assert west.sum() > 10
    assert set(part.loc[kept, "hotspot_id"]) == set(whole.loc[west, "hotspot_id"])
    assert part[kept].union_all().equals(whole[west].union_all())
