"""Record files: what comes back, where it lies, what the index promises, who may read it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from itertools import count
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.dataset
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import EdHotspotsError, StoreError
from hotspots.record_files import (
    RECORD_TABLES,
    SQUARE_M,
    RecordFiles,
    open_records,
    partitions_touching,
    read_records,
    write_records,
)
from hotspots.record_layout import quoted, squares_of
from hotspots.record_storage import local_folder, told_address
from tests.hotspots.record_builder import table, tables, without

pytest.importorskip("fsspec")
NUMBERS = count()
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights as POSIX tells them")


def memory() -> str:
    """An address in memory that nothing was written to."""
    return f"memory://records/{next(NUMBERS)}"


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


TEXTS = st.sampled_from(
    [None, "", "Tŷ Gwyn, Ffordd yr Ŵyl", "a\nb", "=1+1", "NA", "12", "\U0001f37a"]
)
# The first Sunday hour that happens twice, the skipped one, the last minute of a year, none.
TIMES = st.sampled_from(
    [None, "2025-10-26 01:30", "2025-10-26 01:59", "2025-03-30 01:30", "2024-12-31 23:59"]
)
DATES = st.sampled_from([None, "2024-02-29", "1899-12-31"])
NUMBER = st.none() | st.floats(-1e7, 1e7) | st.just(0.1 + 0.2)
IDS = st.lists(st.text("abÿŵ01-", min_size=1, max_size=6), unique=True, max_size=6)


@st.composite
def any_tables(draw):
    """Tables of odd values, each possibly empty."""
    provider = st.sampled_from(["afon", "bryn"])
    assaults = [
        {
            "event_id": key, "provider": draw(provider), "arrived_at": draw(TIMES),
            "assault_from": draw(TIMES), "night_of": draw(DATES), "location_text": draw(TEXTS),
            "easting": draw(NUMBER), "northing": draw(NUMBER), "match_score": draw(NUMBER),
        }
        for key in draw(IDS)
    ]  # fmt: skip
    crimes = [
        {
            "crime_id": key, "provider": draw(provider), "committed_from": draw(TIMES),
            "offence_code": draw(TEXTS), "easting": draw(NUMBER), "northing": draw(NUMBER),
        }
        for key in draw(IDS)
    ]  # fmt: skip
    links = [
        {"event_id": one["event_id"], "crime_id": other["crime_id"], "gap_min": draw(NUMBER)}
        for one, other in zip(assaults, crimes, strict=False)
    ]
    batches = [
        {
            "batch_id": key, "provider": draw(provider), "received_at": draw(TIMES),
            "file_name": draw(TEXTS), "period_to": draw(DATES), "n_read": draw(st.integers(0, 9)),
        }
        for key in draw(IDS)
    ]  # fmt: skip
    rows = {"assaults": assaults, "crimes": crimes, "links": links, "batches": batches}
    return {name: table(name, some) for name, some in rows.items()}


@settings(max_examples=12)
@given(any_tables())
def test_what_is_read_is_what_the_store_would_give(records):
    files = write_records(records, memory())

    for name in RECORD_TABLES:
        pd.testing.assert_frame_equal(read_records(files, name), records[name])


def test_rows_lie_by_provider_and_month(tmp_path):
    files = write_records(tables(), str(tmp_path / "r"))

    found = files.partitions[["table", "provider", "month", "rows", "n_without_point"]]
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        ("assaults", "afon", "2025-02", 1, 1),  # no arrival: the month of the assault
        ("assaults", "afon", "2025-03", 1, 0),  # of arrival, though assaulted in February
        ("assaults", "bryn", "undated", 1, 1),
        ("batches", "afon", "2025-03", 1, 1),
        ("batches", "heddlu", "2025-03", 1, 1),
        ("crimes", "heddlu", "2025-02", 1, 0),
        ("crimes", "heddlu", "undated", 1, 1),
        ("links", "afon", "2025-03", 1, 1),  # with its assault
    ]
    assert files.partitions["squares"].to_list().count(frozenset({(31, 17)})) == 2
    assert all((tmp_path / "r" / path).is_file() for path in files.partitions["path"])
    assert files.partitions["path"][0].startswith("assaults/provider=afon/month=2025-02/part-0-")


def test_a_link_of_no_known_assault_is_kept():
    records = without(tables(), "e1") | {"links": tables()["links"]}

    files = write_records(records, memory())

    pd.testing.assert_frame_equal(read_records(files, "links"), records["links"])
    assert files.partitions.query("table == 'links'")["provider"].to_list() == [""]


def test_rows_in_any_order_make_the_same_files(tmp_path):
    records = tables()
    write_records(records, str(tmp_path / "a"))
    write_records({n: rows.iloc[::-1] for n, rows in records.items()}, str(tmp_path / "b"))

    first, second = content(tmp_path / "a"), content(tmp_path / "b")
    assert {p: c for p, (c, _) in first.items()} == {p: c for p, (c, _) in second.items()}


def test_the_same_records_written_again_change_no_file(tmp_path):
    write_records(tables(), str(tmp_path / "r"))
    before = content(tmp_path / "r")

    write_records(tables(), str(tmp_path / "r"))

    assert content(tmp_path / "r") == before


def test_a_record_that_is_gone_leaves_nothing(tmp_path):
    before = write_records(tables(), str(tmp_path / "r"))

    after = write_records(without(tables(), "e1"), str(tmp_path / "r"))

    assert read_records(after, "assaults")["event_id"].to_list() == ["e2", "e3"]
    assert len(after.partitions) == len(before.partitions) - 2  # its own file, and its link's
    assert not list((tmp_path / "r").rglob("month=2025-03/part-0-*.parquet"))[2:]  # two batches
    assert not (tmp_path / "r" / "links").exists()


def test_files_of_other_providers_stay():
    address, one, other = memory(), tables(), tables()
    write_records({"assaults": one["assaults"].query("provider == 'afon'")}, address)
    files = write_records({"assaults": other["assaults"].query("provider == 'bryn'")}, address)

    pd.testing.assert_frame_equal(read_records(files, "assaults"), tables()["assaults"])


def test_of_a_provider_that_its_store_has_no_more_nothing_is_left(tmp_path):
    address, alone = str(tmp_path / "r"), tables()["assaults"].query("provider == 'bryn'")
    write_records(tables(), address, source="store-1")
    write_records({"assaults": table("assaults", [{"event_id": "x", "provider": "else"}])}, address)

    files = write_records({"assaults": alone}, address, source="store-1")

    assert set(files.partitions["provider"]) == {"bryn", "else"}
    assert not [p for p in content(tmp_path / "r") if "afon" in p or "heddlu" in p]


def test_records_of_another_store_are_not_replaced():
    address = memory()
    write_records(tables(), address, source="store-1")

    with pytest.raises(EdHotspotsError, match=r"records of 3 of these providers from another"):
        write_records(tables(), address, source="store-2")


POINT = st.floats(-50_000, 700_000) | st.sampled_from([0.0, -0.0, 10_000.0, 19_999.999, -1e-9])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(POINT, POINT), min_size=1, max_size=20),
    st.tuples(POINT, POINT, POINT, POINT),
    st.booleans(),
)
def test_no_partition_with_a_point_within_bounds_is_missed(points, corners, on_a_point):
    west, east = sorted(corners[:2])
    south, north = sorted(corners[2:])
    if on_a_point:
        west = east = points[0][0]
        south = north = points[0][1]
    rows = [
        (
            "crimes",
            "p",
            "2025-01",
            str(n),
            1,
            squares_of(*(pd.array([v]).to_numpy() for v in xy)),
            0,
        )
        for n, xy in enumerate(points)
    ]
    files = RecordFiles(
        "",
        pd.DataFrame(rows, columns=["table", "provider", "month", "path", "rows", "squares", "n"]),
    )

    found = partitions_touching(files, "crimes", (west, south, east, north))

    within = {
        str(n) for n, (x, y) in enumerate(points) if west <= x <= east and south <= y <= north
    }
    assert within <= set(found["path"])
    near = {
        str(n)
        for n, (x, y) in enumerate(points)
        if west - SQUARE_M <= x <= east + SQUARE_M and south - SQUARE_M <= y <= north + SQUARE_M
    }
    assert set(found["path"]) <= near
    assert partitions_touching(files, "assaults", (west, south, east, north)).empty


def test_boundless_bounds_touch_all_that_has_a_point():
    files = write_records(tables(), memory())
    inf = float("inf")

    assert len(partitions_touching(files, "assaults", (-inf, -inf, inf, inf))) == 1


def test_some_files_and_columns_alone():
    files = write_records(tables(), memory())
    paths = files.partitions.query("table == 'assaults' and provider == 'afon'")["path"]

    some = read_records(files, "assaults", paths=paths, columns={"easting", "provider"})

    expected = tables()["assaults"].query("provider == 'afon'")[["provider", "easting"]]
    pd.testing.assert_frame_equal(some, expected)
    assert read_records(files, "assaults", paths=[]).empty


def test_each_row_tells_its_file_if_asked():
    files = write_records(tables(), memory())
    all_rows = read_records(files, "assaults", columns={"event_id"}, with_path=True)

    assert list(all_rows) == ["event_id", "path"]
    assert len(set(all_rows["path"])) > 1
    for path, rows in all_rows.groupby("path"):
        alone = read_records(files, "assaults", paths=[path], columns={"event_id"})
        assert rows["event_id"].tolist() == alone["event_id"].tolist()
    none = read_records(files, "assaults", paths=[], columns={"event_id"}, with_path=True)
    assert none.empty
    assert list(none) == ["event_id", "path"]


def test_what_is_not_there_is_said_in_one_sentence(tmp_path):
    address = str(tmp_path / "r")
    with pytest.raises(StoreError, match="holds no record files"):
        open_records(address)
    files = write_records(tables(), address)
    with pytest.raises(StoreError, match="no such table"):
        read_records(files, "issues")
    with pytest.raises(StoreError, match="no such column"):
        read_records(files, "links", columns=["nothing"])
    write_records(without(tables(), "e1"), address)
    with pytest.raises(StoreError, match="exported again meanwhile"):
        read_records(files, "assaults")
    with pytest.raises(StoreError, match="exported again meanwhile"):
        read_records(open_records(address), "assaults", paths=files.partitions["path"][:2])


def test_a_damaged_file_is_said_without_its_content(tmp_path):
    files = write_records(tables(), str(tmp_path / "r"))
    path = tmp_path / "r" / files.partitions["path"][0]
    path.write_bytes(b"PAR1 nothing PAR1")

    with pytest.raises(StoreError, match="damaged"):
        read_records(files, "assaults")

    write_records(tables(), str(tmp_path / "r"))  # its size is another: it is written again
    assert len(read_records(files, "assaults")) == 3


def test_files_of_another_version_are_refused(tmp_path):
    write_records(tables(), str(tmp_path))
    (tmp_path / "_index" / "about.json").write_text('{"format": 99}')

    for call in (lambda: open_records(str(tmp_path)), lambda: write_records({}, str(tmp_path))):
        with pytest.raises(StoreError, match="another version"):
            call()


def test_other_tools_read_geoparquet_by_provider_and_month(tmp_path):
    records = tables()
    files = write_records(records, str(tmp_path))

    whole = gpd.read_parquet(tmp_path / "assaults")
    one = gpd.read_parquet(tmp_path / files.partitions["path"][1])
    plain = pyarrow.dataset.dataset(tmp_path / "links", partitioning="hive").to_table()
    months = pyarrow.dataset.dataset(tmp_path / "assaults", partitioning="hive")

    assert (one.crs.to_epsg(), one.geometry.iloc[0].coords[0]) == (27700, (318_500.0, 176_250.0))
    assert (whole.crs.to_epsg(), whole.geometry.isna().sum(), len(whole)) == (27700, 2, 3)
    assert plain.select(["event_id", "provider", "month"]).to_pylist() == [
        {"event_id": "e1", "provider": "afon", "month": "2025-03"}
    ]
    assert months.count_rows(filter=pyarrow.dataset.field("month") == "undated") == 1
    (geo,) = [
        json.loads(pyarrow.parquet.read_metadata(path).metadata[b"geo"])
        for path in (tmp_path / "crimes").rglob("month=2025-02/*.parquet")
    ]
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"]) == ("1.0.0", "geometry")
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 27700}
    assert column["bbox"] == [318_540.0, 176_250.0, 318_540.0, 176_250.0]


def test_duckdb_reads_the_files_that_the_index_names(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    write_records(tables(), str(tmp_path))
    (tmp_path / "assaults/provider=afon/month=2025-02/part-0-0123456789abcdef.parquet").write_bytes(
        b"left by an export that was cut off"
    )

    there = tmp_path.as_posix()
    index = f"read_json('{there}/_index/provider=*.json', hive_partitioning = false)"
    duckdb.sql(
        f"SET VARIABLE files = (SELECT list('{there}/' || file.path) FROM (SELECT unnest(files) AS "  # noqa: S608
        f"file FROM {index}) WHERE file.\"table\" = 'assaults')"
    )
    query = (
        "SELECT provider, month FROM read_parquet(getvariable('files'), hive_partitioning = true)"
    )
    assert sorted(duckdb.sql(query).fetchall()) == [
        ("afon", "2025-02"), ("afon", "2025-03"), ("bryn", "undated"),
    ]  # fmt: skip


@pytest.mark.parametrize("provider", ["a/b", "..", "tŷ gwyn", "a%2Fb", "con.", "a=b"])
def test_any_provider_id_is_safe_in_a_path_and_comes_back(tmp_path, provider):
    records = {"assaults": table("assaults", [{"event_id": "e", "provider": provider}])}

    files = write_records(records, str(tmp_path))

    assert quoted(provider).strip("abcdefghijklmnopqrstuvwxyzABCDEF0123456789%") == ""
    pd.testing.assert_frame_equal(read_records(files, "assaults"), records["assaults"])
    read = pyarrow.dataset.dataset(tmp_path / "assaults", partitioning="hive").to_table()
    assert read["provider"].to_pylist() == [provider]


@POSIX
def test_only_the_owner_may_read_a_folder(tmp_path):
    (tmp_path / "r").mkdir(mode=0o755)

    write_records(tables(), str(tmp_path / "r"))

    made = [tmp_path / "r", *(tmp_path / "r").rglob("*")]
    assert [path for path in made if path.is_file() and path.stat().st_mode & 0o077] == []
    assert (tmp_path / "r").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("s3://user:hush@bucket/records", {}),
        ("abfs://records@account.example/x?sig=hush", {}),
        ("memory://x#hush", {}),
        ("memory://x", {"secret": "hush"}),
        ("memory://x", {"client_kwargs": {"aws_session_token": "hush"}}),
    ],
)
def test_credentials_are_refused_and_not_repeated(address, options):
    for call in (open_records, lambda a, options: write_records({}, a, options=options)):
        with pytest.raises(EdHotspotsError, match="holds a password or a token") as refused:
            call(address, options=options)
        assert "hush" not in str(refused.value)
    assert "hush" not in told_address(address)


def test_an_address_is_told_without_what_could_open_it():
    assert told_address("s3://u:p@bucket/a/b?token=t#u") == "s3://bucket/a/b"
    assert told_address("C:\\records") == "C:\\records"
    assert local_folder("file:///C:/records%20x") == Path("C:/records x")
    assert local_folder("D://records") == Path("D://records")
    assert local_folder("s3://bucket") is None


def test_a_chain_of_addresses_is_refused():
    with pytest.raises(EdHotspotsError, match="not a chain"):
        write_records(tables(), "simplecache::memory://records/chained")


def test_an_address_that_nothing_opens_is_said_in_one_sentence():
    with pytest.raises(EdHotspotsError, match=r"nothing:// cannot be opened here"):
        open_records("nothing://bucket")


def test_object_storage_needs_the_extra_and_a_folder_does_not(tmp_path, monkeypatch):
    for name in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(sys.modules, name, None)

    assert len(write_records(tables(), str(tmp_path)).partitions) == 8
    with pytest.raises(EdHotspotsError, match=r"pip install 'ed-hotspots\[cluster\]'"):
        open_records("memory://records/x")


def test_a_file_that_is_renamed_while_a_folder_is_looked_at_hides_no_other(tmp_path, monkeypatch):
    files = write_records(tables(), str(tmp_path / "r"))
    (tmp_path / "r" / "_index" / ".0.json.unfinished").write_text("{}")
    scan = os.scandir

    def scandir(path):
        entries = sorted(scan(path), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.endswith(".unfinished"):
                Path(entry.path).unlink()
        return nullcontext(entries)

    monkeypatch.setattr(os, "scandir", scandir)

    found = open_records(str(tmp_path / "r"))

    assert found.partitions["path"].tolist() == files.partitions["path"].tolist()


def test_a_folder_with_other_things_is_refused_and_keeps_its_rights(tmp_path):
    folder = tmp_path / "team"
    folder.mkdir(mode=0o755)
    (folder / "plan.docx").write_text("x")
    before = folder.stat().st_mode

    with pytest.raises(EdHotspotsError, match="holds other files"):
        write_records(tables(), str(folder))

    assert folder.stat().st_mode == before
    assert [path.name for path in folder.iterdir()] == ["plan.docx"]


def test_a_local_address_is_a_folder_by_whatever_scheme():
    assert local_folder("local:///srv/records") == local_folder("file:///srv/records")
