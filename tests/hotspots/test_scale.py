"""Many areas at once: the same results whoever works, failures told, nothing done twice."""

from __future__ import annotations

import json
import pickle
from contextlib import nullcontext
from dataclasses import replace
from typing import ClassVar

import geopandas as gpd
import pandas as pd
import pytest

from ed_ingest.errors import AnalysisError, EdHotspotsError, ReferenceDataError
from hotspots import scale
from hotspots.area_files import read_areas, read_layer
from hotspots.area_inputs import Question
from hotspots.area_plan import plan_of
from hotspots.belonging import area_of_records, homes_of
from hotspots.scale import analyse_areas
from hotspots.workers import Done, Workers
from tests.hotspots import region
from tests.hotspots.town import gazetteer


class InProcess:
    """Workers that are this process; `failing` areas fail, after so many the run is broken off.

    The same task is done once in all tests: what they look at is the driver.
    """

    n = 1
    known: ClassVar[dict[bytes, object]] = {}

    def __init__(self, failing=(), break_after=None):
        self.failing, self.left = failing, break_after

    def run(self, function, tasks):
        for key, task in tasks.items() if isinstance(tasks, dict) else tasks:
            if key in self.failing:
                yield Done(key, None, "input: The map would have too many cells.")
                continue
            if self.left == 0:
                raise KeyboardInterrupt
            name = pickle.dumps((function.__name__, task))
            if name not in self.known:
                self.known[name] = function(task)
            yield Done(key, self.known[name])
            if function.__name__ == "analyse_area" and self.left is not None:
                self.left -= 1


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("region")
    workspace = region.workspace(root / "w")
    region.areas().to_file(root / "areas.gpkg")
    region.record_files(root / "records")
    return workspace, Question(
        root / "areas.gpkg", "CODE", records=str(root / "records"), month="2026-03"
    )


def analyse(made, folder, pool=None, **changes):
    workspace, question = made
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "workers", lambda *_, **__: nullcontext(pool or InProcess()))
        return analyse_areas(workspace, replace(question, folder=folder, **changes))


@pytest.fixture(scope="module")
def analysed(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "many"
    return analyse(made, folder), folder


def content(folder):
    """All files but the figures, which tell of time."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_every_area_has_its_own_figures_and_layers(analysed):
    many, folder = analysed
    summary = gpd.read_file(folder / "areas.gpkg", layer="area_summary")
    spots = gpd.read_file(folder / "areas.gpkg", layer="hotspots")

    assert many.all_done
    assert (many.figures["areas"], many.figures["done"], many.figures["failed"]) == (4, 4, {})
    assert summary["area_code"].tolist() == list(region.CODES)
    assert summary["area_name"].tolist() == ["Westford", "Eastford", "Norham", "Overton"]
    assert set(summary["state"]) == {"done"}
    assert summary["n_hot_spots"].tolist() == spots.groupby("area_code").size().tolist()
    assert list(spots.columns[:2]) == ["area_code", "area_name"]
    assert spots["area_code"].is_monotonic_increasing
    assert not spots["hotspot_id"].duplicated().any()


def test_a_hot_spot_astride_a_border_is_told_of_by_one_area(analysed):
    _, folder = analysed
    spots = gpd.read_file(folder / "areas.gpkg", layer="hotspots")
    astride = spots[spots["name"] == "Border Road"]

    # About 60 assaults, fewer those without a place; 3 of 4 lie in X02.
    assert astride["area_code"].tolist() == ["X02"]
    assert astride["n"].tolist() == [55]
    assert astride.total_bounds[0] < region.EAST < astride.total_bounds[2]


def test_records_without_a_place_go_to_the_area_of_most_of_their_hospitals_others(analysed):
    _, folder = analysed
    summary = gpd.read_file(folder / "areas.gpkg", layer="area_summary").set_index("area_code")
    records = region.records()["assaults"]
    unplaced = records["easting"].isna().groupby(records["provider"]).sum()

    assert unplaced.tolist() == [12, 5]
    # Marford's lie mostly in X02, St Teilo's in X03.
    beyond = summary["n_recorded"] - summary["n_mapped"]
    assert beyond[["X01", "X04"]].tolist() == [0, 0]
    assert (beyond[["X02", "X03"]] > 0).all()


def test_the_data_set_reads_as_one_table(analysed):
    _, folder = analysed
    whole = gpd.read_parquet(folder / "areas" / "hotspots")
    layer = read_layer(folder, "hotspots", region.CODES)

    assert sorted(whole["hotspot_id"]) == sorted(layer["hotspot_id"])
    assert whole.crs.to_epsg() == 27700


def test_what_failed_is_told_and_the_rest_stands(made, tmp_path):
    many = analyse(made, tmp_path / "out", InProcess(failing=("X03",)))
    summary = gpd.read_file(tmp_path / "out" / "areas.gpkg", layer="area_summary")

    assert not many.all_done
    assert many.lines[0] == "X03: The map would have too many cells."
    assert summary["state"].tolist() == ["done", "done", "failed", "done"]
    assert summary["fault"].tolist()[2] == "The map would have too many cells."
    again = analyse(made, tmp_path / "out", resume=True)
    assert (again.figures["taken_from_before"], again.figures["done"]) == (3, 4)


def test_a_run_that_was_broken_off_is_taken_up(made, analysed, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        analyse(made, tmp_path / "out", InProcess(break_after=2))
    again = analyse(made, tmp_path / "out", resume=True)

    assert again.figures["taken_from_before"] == 2
    assert content(tmp_path / "out") == content(analysed[1])


def test_other_inputs_are_analysed_anew(made, tmp_path):
    analyse(made, tmp_path / "out", InProcess(failing=region.CODES[1:]))
    again = analyse(
        made, tmp_path / "out", InProcess(failing=region.CODES), resume=True, halo_m=500
    )

    assert (again.figures["taken_from_before"], again.figures["done"]) == (0, 0)


def test_a_folder_of_something_else_is_left_alone(made, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(EdHotspotsError, match="not of an earlier run"):
        analyse(made, tmp_path)


def test_two_workers_of_which_one_dies_give_the_same_bytes(made, analysed, tmp_path):
    # Processes: one run proves that tasks can be sent, and one kill that they are done again.
    from hotspots.workers import workers

    with workers(2) as pool:
        analyse(made, tmp_path / "out", _Killing(pool))

    assert content(tmp_path / "out") == content(analysed[1])


class _Killing:
    """Workers of which one is killed when the first area is done."""

    def __init__(self, pool: Workers):
        self.pool, self.n, self.killed = pool, pool.n, False

    def run(self, function, tasks):
        for done in self.pool.run(function, tasks):
            if function.__name__ == "analyse_area" and not self.killed:
                import os

                pids = list(self.pool.client.run(os.getpid).values())
                os.kill(pids[0], 9)
                self.killed = True
            yield done


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a: a.rename(columns={"CODE": "KEY"}), "no column CODE. --by names one of: KEY"),
        (lambda a: a.set_crs(None, allow_override=True), "does not say its reference system"),
        (lambda a: a.assign(CODE=["X01", None, "X03", "X04"]), "1 rows have no code"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_areas_file_is_said(tmp_path, change, says):
    change(region.areas()).to_file(tmp_path / "areas.geojson", driver="GeoJSON")
    if "reference" in says:  # GeoJSON always has one
        change(region.areas()).to_file(tmp_path / "areas.gpkg")
        path = tmp_path / "areas.gpkg"
    else:
        path = tmp_path / "areas.geojson"

    with pytest.raises(ReferenceDataError, match=says):
        read_areas(path, "CODE")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "holds no area"),
        ([0, 1, 1], "1 codes of areas come more than once"),
    ],
)
def test_areas_that_cannot_be_planned_are_refused(rows, says):
    areas = region.areas().rename(columns={"CODE": "code", "NAME": "name"})

    with pytest.raises(AnalysisError, match=says):
        plan_of(areas.iloc[rows], gazetteer())


def test_areas_that_overlap_are_refused_and_slivers_are_not():
    areas = region.areas().rename(columns={"CODE": "code", "NAME": "name"})
    sliver = areas.set_geometry([areas.geometry[0].buffer(0.5), *areas.geometry[1:]])
    plan_of(sliver, gazetteer())

    with pytest.raises(AnalysisError, match="X01 and X02 overlap"):
        plan_of(areas.set_geometry([areas.geometry[0].buffer(9), *areas.geometry[1:]]), gazetteer())


def test_a_record_belongs_by_its_small_area_then_its_point_then_its_hospital():
    areas = region.areas().rename(columns={"CODE": "code"})
    east, north = region.EAST, region.NORTH
    records = pd.DataFrame(
        [
            ("m", east - 5, north - 5, None), ("m", east - 5, north - 5, "L9"),
            ("m", east, north, None), ("m", None, None, None), ("t", None, None, None),
            ("m", east + 9e4, north, None), ("m", None, None, "L9"),
        ],
        columns=["provider", "easting", "northing", "lsoa"],
    ).astype({"lsoa": "str"})  # fmt: skip
    found = area_of_records(
        records, areas, of_small_area=pd.Series({"L9": "X04"}), homes={"m": "X02"}
    )

    told = ["X01", "X04", "X01", "X02", None, None, "X04"]
    assert found.astype(object).where(found.notna(), None).tolist() == told


def test_a_hospitals_home_is_where_most_lie_and_of_equal_ones_the_smaller_code():
    counts = pd.DataFrame(
        {"provider": list("aabbc"), "area_code": ["X2", "X1", "X2", "X1", None],
         "n_placed": [5, 5, 7, 6, 9]}
    )  # fmt: skip

    assert homes_of(counts) == {"a": "X1", "b": "X2"}


def test_options_of_many_areas_need_the_areas(run, made):
    code, _, error = run("analyse", "-w", made[0].root, "--workers", 2)

    assert code == 2
    assert "--workers: only together with --areas" in error


def test_the_command_tells_what_failed_and_ends_with_1(run, made, tmp_path, monkeypatch):
    workspace, question = made
    pool = InProcess(failing=region.CODES)
    monkeypatch.setattr(scale, "workers", lambda *_, **__: nullcontext(pool))
    code, printed, _ = run(
        "analyse", "-w", workspace.root, "--areas", question.areas, "--by", "CODE", "--records",
        question.records, "--month", "2026-03", "--to", tmp_path / "out", "--json",
    )  # fmt: skip

    assert code == 1
    assert json.loads(printed)["failed"].keys() == set(region.CODES)
    assert json.loads((tmp_path / "out" / "run.json").read_text())["areas"] == 4
