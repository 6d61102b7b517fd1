"""Every identifier that the simulation plants is searched for in everything that is written."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.read import read_extract
from ed_ingest.store import open_store
from hotspots import cli
from tests.leaks import found_in

# Folders of a workspace that are written to; receipts may lie in a provider's own inbox folder.
WRITTEN = ("store", "outputs", "logs", "providers")
# The column of words of each simulated provider, as its files have it.
WORDS = {
    "marford-general": "AssaultLocation",
    "royal-infirmary": "LOCATION_NOTES",
    "st-teilos": "Premises",
    "wexshire-police": "Location",
}


def planted(workspace: Path) -> list[str]:
    table = pd.read_csv(workspace / "truth" / "identifiers.csv", dtype=str, keep_default_na=False)
    return sorted({text for text in table["identifier"] if text})


def test_no_planted_identifier_is_in_anything_written(demo):
    identifiers = planted(demo)
    assert len(identifiers) > 500

    for folder in (*(demo / name for name in WRITTEN), *(demo / "inbox").rglob("receipts")):
        assert found_in(folder, identifiers) == []


def test_more_than_one_text_in_twenty_holds_an_identifier(demo):
    planted = pd.read_csv(demo / "truth" / "identifiers.csv", dtype=str, keep_default_na=False)
    for provider, column in WORDS.items():
        files = [p for p in (demo / "inbox" / provider).iterdir() if p.is_file()]
        n_texts = sum(int(read_extract(path)[column].notna().sum()) for path in files)
        mine = planted[(planted["provider"] == provider) & (planted["column"] == column)]
        n_planted = len(mine[["file", "row"]].drop_duplicates())

        assert n_texts > 200
        assert n_planted / n_texts >= 0.05, provider


def test_nothing_printed_of_a_delivery_holds_an_identifier(demo, tmp_path, monkeypatch, capsys):
    def printed(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
        with pytest.raises(SystemExit):
            cli.main()
        return capsys.readouterr().out

    status = printed("status", "-w", demo, "--json")
    told = [status, printed("status", "-w", demo)]
    for batch in json.loads(status)["batches"][:12]:
        told += [printed("why", batch["batch_id"], "-w", demo, *more) for more in ((), ("--json",))]
    (tmp_path / "printed.txt").write_text("\n".join(told), encoding="utf-8")

    assert len(told) == 26
    assert found_in(tmp_path, planted(demo)) == []


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


SECRETS = [f"Quillfeather Zebedee {number:04}" for number in range(60)]


def write_and_delete(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", ((secret,) for secret in SECRETS))
    connection.execute("DELETE FROM t WHERE x LIKE '%0'")
    connection.execute("DROP TABLE t")
    connection.commit()


def test_the_search_finds_what_was_deleted_and_left_in_the_pages(tmp_path):
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    connection.execute("PRAGMA secure_delete = OFF")
    write_and_delete(connection)
    connection.close()

    # No row of it can be read any more; the bytes of the pages still hold them.
    assert len(found_in(tmp_path, SECRETS)) > 40


def test_what_is_deleted_from_the_store_is_gone_from_its_pages(tmp_path):
    with open_store(tmp_path / "x.sqlite") as store:
        write_and_delete(store.connection)
        during = found_in(tmp_path, SECRETS)

    assert during, "the write-ahead log holds what was written before it was deleted"
    assert found_in(tmp_path, SECRETS) == []


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
