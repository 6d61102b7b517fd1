"""GeoTIFFs written tile by tile: the cells of the one-machine surface, and what they are."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely

from ed_ingest.errors import AnalysisError
from ed_ingest.levels import HOMES
from hotspots import tile_surface, tiles
from hotspots.density import kernel_density
from hotspots.drawable import drawable_density
from hotspots.gathered import gathered_density
from hotspots.grid import grid_of_cells, make_grid
from hotspots.national_surface import write_national_surfaces
from hotspots.partition_points import assaults_to_draw, partition_tasks
from hotspots.record_files import write_records
from hotspots.tiled_raster import write_exact_raster, write_grouped_raster
from hotspots.workers import Done
from tests.ed_ingest.contract_rows import EAST, NORTH, assaults, crimes

rasterio = pytest.importorskip("rasterio")

REGION = shapely.Point(EAST, NORTH).buffer(2_300)
PERIOD = date(2026, 1, 1), date(2026, 12, 31)
DRAWN = {"cell_m": 50.0, "bandwidth_m": 300.0, "tags": {"MARKING": "OFFICIAL"}}


def run_here(function, tasks):
    """A crew of one: this process, last task first."""
    for key in reversed(list(tasks)):
        yield Done(key, function(tasks[key]))


CREW = SimpleNamespace(run=run_here)


@pytest.fixture(autouse=True)
def _small_tiles(monkeypatch):
    """Tiles of 32 cells, so that three by three make the region."""
    for function in (
        tiles.tile_at, tiles.row_and_column, tiles.quiet_tiles, tiles.events_of_tiles,
        tile_surface.tile_tasks,
    ):  # fmt: skip
        monkeypatch.setitem(function.__kwdefaults__, "tile_cells", 32)


def places(n=400, seed=1):
    rng = np.random.default_rng(seed)
    middle = rng.uniform(-1_200, 1_200, (6, 2))[rng.integers(0, 6, n)]
    x, y = (np.array([EAST, NORTH]) + middle + rng.normal(0, 90, (n, 2))).T
    error = rng.choice([0.0, 60.0, 900.0], n, p=[0.5, 0.45, 0.05])
    return pd.DataFrame(
        {"easting": x, "northing": y, "uncertainty_m": error, "incident": rng.integers(0, 350, n)}
    )


def test_an_exact_raster_is_the_surface_and_reads_as_such(tmp_path):
    points, path = places(), tmp_path / "police.tif"
    whole = kernel_density(
        points["easting"], points["northing"], grid=make_grid(REGION, cell_m=50), bandwidth_m=300,
        uncertainty_m=points["uncertainty_m"], boundary=REGION,
    )  # fmt: skip

    assert write_exact_raster(points, path, region=REGION, workers=CREW, **DRAWN)

    with rasterio.open(path) as found:
        drawn = found.read(1, masked=True)[::-1]
        assert found.crs.to_epsg() == 27700
        assert found.nodata == -1
        assert found.block_shapes == [(256, 256)]
        assert found.compression.value == "DEFLATE"
        assert found.transform.c == whole.x[0] - 25
        assert found.transform.f == whole.y[-1] + 25
        assert found.tags()["UNIT"] == "events per km2 for the period"
        assert "analysts only" in found.tags()["HANDLING"]
        assert found.tags()["MARKING"] == "OFFICIAL"
    np.testing.assert_array_equal(drawn.mask, np.isnan(whole.values))
    np.testing.assert_allclose(drawn.filled(0.0), np.nan_to_num(whole.values), rtol=1e-6, atol=1e-9)


def test_inside_a_region_it_is_known_that_nothing_happened(tmp_path):
    # One event in a region of three by three tiles: none of the corners is reached.
    one = places(1).assign(easting=EAST, northing=NORTH, uncertainty_m=0.0)

    write_exact_raster(one, tmp_path / "p.tif", region=REGION, workers=CREW, **DRAWN)

    with rasterio.open(tmp_path / "p.tif") as found:
        drawn = found.read(1, masked=True)[::-1]
    inside = make_grid(REGION, cell_m=50)["inside"].to_numpy().reshape(drawn.shape)
    np.testing.assert_array_equal(~drawn.mask, inside)
    assert drawn.sum() * 0.0025 == pytest.approx(1, rel=0.01)


def test_without_a_region_nothing_is_known_where_no_kernel_reaches(tmp_path):
    # Two events 20 km apart: most tiles between them are not even written.
    points = places().iloc[:2].assign(
        easting=[EAST, EAST + 20_000], northing=NORTH, uncertainty_m=0.0
    )  # fmt: skip

    write_exact_raster(points, tmp_path / "p.tif", region=None, workers=CREW, **DRAWN)

    with rasterio.open(tmp_path / "p.tif") as found:
        drawn = found.read(1, masked=True)
        assert found.overviews(1) == [2]
    # A circle of 300 m around each: 2 · π · 0.3² km² and 2 events.
    assert (~drawn.mask).sum() * 0.0025 == pytest.approx(2 * np.pi * 0.09, rel=0.05)
    assert drawn.sum() * 0.0025 == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("region", [REGION, None])
def test_a_raster_of_groups_is_what_may_be_drawn_of_the_whole(tmp_path, region):
    points, path = places(), tmp_path / "assaults.tif"

    assert write_grouped_raster(points, path, region=region, least=5, workers=CREW, **DRAWN)

    with rasterio.open(path) as found:
        drawn = found.read(1)[::-1]
        west, south, east, north = found.bounds
        assert found.nodata == 0
        assert found.tags()["UNIT"] == "class"
        assert "groups of at least 5 incidents" in found.tags()["HANDLING"]
    grid = grid_of_cells(
        range(int(west / 50), int(east / 50)), range(int(south / 50), int(north / 50)), cell_m=50,
        boundary=None,
    )  # fmt: skip
    surface, support = gathered_density(
        points, grid=grid, bandwidth_m=300, least=5, boundary=region
    )
    whole = drawable_density(surface, support, threshold=5)
    np.testing.assert_array_equal(drawn, whole.classes)
    assert len(np.unique(drawn)) > 4


def test_small_bumps_are_not_drawn(tmp_path):
    # One place of 400 incidents, and far from it 5 of which the place is less certain: h² is
    # 300² + 8 (300 / 2.448)² = 210,145 m², so their peak is 3 · 90,000 / 210,145 = 1.28 times the
    # least that is drawn; the second class begins at (3 · 80) to the power 1/8 = 1.98 times that.
    rows = np.repeat([0.0, 1_500.0], [400, 5])
    points = pd.DataFrame(
        {
            "easting": EAST + rows,
            "northing": NORTH,
            "uncertainty_m": rows / 5,
            "incident": range(405),
        }
    )

    write_grouped_raster(points, tmp_path / "a.tif", region=REGION, least=5, workers=CREW, **DRAWN)

    with rasterio.open(tmp_path / "a.tif") as found:
        drawn = found.read(1)
        row, column = found.index(EAST, NORTH)
        assert drawn[row, column] == 8
        assert not drawn[:, column + 15 :].any()


def test_too_few_to_draw_leave_no_file(tmp_path):
    path = tmp_path / "assaults.tif"
    path.write_text("an earlier one")

    assert not write_grouped_raster(places(4), path, region=REGION, least=5, workers=CREW, **DRAWN)
    assert not path.exists()
    assert not write_exact_raster(
        places(1).iloc[:0], tmp_path / "p.tif", region=REGION, workers=CREW, **DRAWN
    )


def test_a_tile_that_fails_leaves_no_file_and_is_told(tmp_path):
    failing = SimpleNamespace(
        run=lambda _, tasks: (Done(key, None, "its worker died") for key in tasks)
    )

    with pytest.raises(AnalysisError, match="tile 0 could not be done: its worker died"):
        write_exact_raster(places(), tmp_path / "p.tif", region=None, workers=failing, **DRAWN)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def records(tmp_path):
    """Assaults of two hospitals, and crimes of a force and of police.uk."""
    points = places(300)
    rows = [
        {
            "provider": f"ed{n % 2}", "easting": row.easting, "northing": row.northing,
            "location_uncertainty_m": row.uncertainty_m, "incident_id": f"i-{row.incident}",
        }
        for n, row in enumerate(points.itertuples())
    ]  # fmt: skip
    rows += [
        {"location_type": HOMES[0]},
        {"transfer": "yes"},
        {"night_of": pd.Timestamp("2025-12-31")},
        {"easting": None, "northing": None, "location_level": "none"},
        {"source": "ambulance"},
    ]
    snapped = {"provider": "uk", "offence_group": "violence_and_sexual"}
    snapped |= {"location_level": "snapped", "time_precision": "month"}
    seen = [{"easting": EAST + 10 * n} for n in range(40)]
    return write_records(
        {
            "assaults": assaults(*rows).assign(link_status="not_found"),
            "crimes": crimes(*seen, snapped, {"location_type": "home"}, {"easting": None}),
        },
        str(tmp_path / "records"),
    )


def surfaces(records, folder, told=None):
    return write_national_surfaces(
        records, REGION, cell_m=50, bandwidth_m=300, least=5, period=PERIOD, folder=folder,
        workers=CREW, tell=(told if told is not None else []).append, marking="OFFICIAL",
    )  # fmt: skip


def test_records_of_many_files_become_two_rasters(records, tmp_path):
    told = []

    written = surfaces(records, tmp_path / "out", told)

    assert [path.name for path in written] == ["surface-assaults.tif", "surface-police.tif"]
    assert told == [
        "1 records of police.uk left aside: some forces sent their own records.",
        "1 police records of violence have no point.",
        "surface-police.tif: drawn of 40 records with a point.",
        "surface-assaults.tif: drawn of 300 records with a point.",
    ]
    with rasterio.open(written[1]) as police:
        assert police.tags()["PERIOD_FROM"] == "2026-01-01"
        assert "not at homes" in police.tags()["POLICE_RECORDS"]
        # 40 crimes, and none of the one at a home.
        assert police.read(1, masked=True).sum() * 0.0025 == pytest.approx(40, rel=0.01)


def test_records_that_were_never_linked_are_refused(tmp_path):
    # Patients of one incident would be a group of several.
    records = write_records({"assaults": assaults({}, {})}, str(tmp_path / "records"))

    with pytest.raises(AnalysisError, match="ed-hotspots link"):
        surfaces(records, tmp_path / "out")


def test_points_of_record_files_are_those_that_the_analysis_draws(records):
    tasks = partition_tasks(records, "assaults", PERIOD)
    read = pd.concat([assaults_to_draw(task) for _, task in tasks])
    rows = places(300)

    assert len(read) == 300
    assert sorted(read["easting"]) == pytest.approx(sorted(rows["easting"]))
    assert read["incident_id"].nunique() == rows["incident"].nunique()
