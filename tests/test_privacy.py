"""Every identifier that the simulation plants is searched for in everything that is written."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.leaks import found_in

WRITTEN = ("store", "outputs", "logs")


def planted(workspace: Path) -> list[str]:
    table = pd.read_csv(workspace / "truth" / "identifiers.csv", dtype=str, keep_default_na=False)
    return sorted({text for text in table["identifier"] if text})


def test_no_planted_identifier_is_in_anything_written(demo):
    identifiers = planted(demo)
    assert len(identifiers) > 500

    for folder in WRITTEN:
        assert found_in(demo / folder, identifiers) == []


def test_the_search_would_find_what_is_there(demo):
    # The inbox holds the deliveries as they came: the same search must find plenty there.
    assert len(found_in(demo / "inbox", planted(demo))) > 500


def test_the_force_s_files_hold_names_of_people_too(demo):
    table = pd.read_csv(demo / "truth" / "identifiers.csv", dtype=str, keep_default_na=False)
    police = table[(table["provider"] == "wexshire-police") & (table["column"] == "Location")]

    assert (police["kind"] == "surname").sum() > 30


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sqlite", "html"])
def test_the_search_looks_inside_every_kind_of_file(tmp_path, kind):
    secret, path = "Quillfeather Zebedee", tmp_path / f"x.{kind}"
    if kind == "xlsx":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sharedStrings.xml", f"<t>{secret}</t>" * 50)
    elif kind == "sqlite":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE t (x TEXT)")
            connection.execute("INSERT INTO t VALUES (?)", (secret.upper(),))
        connection.close()
    else:
        path.write_text(f"a;{secret.replace(' ', '&#32;')};b".replace("&#32;", " "), "utf-8")

    assert found_in(tmp_path, [secret]) == [f"x.{kind}: identifier 0"]


def test_no_home_has_a_place_or_words(demo):
    with sqlite3.connect(demo / "store" / "ed-hotspots.sqlite") as connection:
        homes = pd.read_sql_query(
            "SELECT * FROM assaults WHERE location_type IN ('own_home', 'other_home')", connection
        )
    connection.close()

    assert len(homes) > 100
    for column in ("easting", "northing", "place_id", "place_name", "location_text"):
        assert homes[column].isna().all(), column
    assert set(homes["location_level"]) == {"withheld"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in access lists, not in bits")
def test_what_belongs_to_the_owner_alone_is_the_owners(demo):
    for name in ("ed-hotspots.sqlite", "workspace.key"):
        assert (demo / "store" / name).stat().st_mode & 0o077 == 0
