"""Hot spots of earlier months: kept by month, read from the latest, gone with their records."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pytest
from shapely.geometry import box

from ed_ingest.store import open_store
from ed_ingest.store_hot_spots import keep_hot_spots, read_hot_spots_before
from ed_ingest.store_removal import remove_older, remove_provider
from ed_ingest.store_tables import transaction


@pytest.fixture
def connection(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        yield store.connection


def spots(*names):
    squares = [box(x, 176000, x + 60, 176050.25) for x in range(318000, 319000, 100)]
    return gpd.GeoDataFrame(
        {
            "hotspot_id": list(names),
            "rank": range(1, len(names) + 1),
            "n_incidents": range(20, 20 - len(names), -1),
        },
        geometry=squares[: len(names)],
        crs="EPSG:27700",
    )


def keep(connection, month, hot_spots, *, providers=("a",), since=date(2025, 1, 1)):
    keep_hot_spots(
        connection, month, hot_spots, period_from=since, providers=providers, settings="s1"
    )


def months(connection):
    return [m for (m,) in connection.execute("SELECT DISTINCT month FROM hot_spot_history")]


def test_what_was_kept_comes_back_exact(connection):
    kept = spots("H-1", "H-2")
    keep(connection, "2025-12", kept)

    read = read_hot_spots_before(connection, "2026-01")

    assert list(read["hotspot_id"]) == ["H-1", "H-2"]
    assert list(read["rank"]) == [1, 2]
    assert list(read["n_incidents"]) == [20, 19]
    assert set(read["month"]) == {"2025-12"}
    assert set(read["settings"]) == {"s1"}
    assert read.crs == "EPSG:27700"
    assert all(a.equals(b) for a, b in zip(read.geometry, kept.geometry, strict=True))


def test_the_latest_month_before_is_read_never_the_month_itself(connection):
    for month in ("2025-10", "2025-12", "2026-01", "2026-02"):
        keep(connection, month, spots(f"H-{month}"))

    assert list(read_hot_spots_before(connection, "2026-01")["hotspot_id"]) == ["H-2025-12"]
    assert read_hot_spots_before(connection, "2025-10") is None


def test_a_month_analysed_again_takes_the_place_of_what_was_kept_of_it(connection):
    keep(connection, "2025-12", spots("H-1", "H-2", "H-3"))
    keep(connection, "2025-12", spots("H-9"))

    assert list(read_hot_spots_before(connection, "2026-01")["hotspot_id"]) == ["H-9"]


def test_hot_spots_of_an_erased_hospital_go_and_those_of_others_stay(connection):
    keep(connection, "2025-11", spots("H-1"), providers=["b"])
    keep(connection, "2025-12", spots("H-1"), providers=["a", "b"])
    with transaction(connection):
        removed = remove_provider(connection, "a")

    assert months(connection) == ["2025-11"]
    assert removed["hot_spot_history"] == 1


def test_hot_spots_that_hold_purged_nights_go(connection):
    keep(connection, "2025-12", spots("H-1"), since=date(2025, 1, 1))
    keep(connection, "2026-01", spots("H-1"), since=date(2025, 2, 1))
    with transaction(connection):
        remove_older(connection, date(2025, 2, 1))

    assert months(connection) == ["2026-01"]
