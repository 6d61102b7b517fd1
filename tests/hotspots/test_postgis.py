"""The copy in PostGIS: equal to the store row by row after whatever happened, or as it was."""
# ruff: noqa: S608 (names of our own)

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (extra: postgis)")

from ed_ingest import audit  # noqa: E402
from ed_ingest.errors import EdHotspotsError  # noqa: E402
from ed_ingest.store import TABLES, open_store  # noqa: E402
from ed_ingest.what_left import databases, exported  # noqa: E402
from ed_ingest.workspace import make_workspace  # noqa: E402
from hotspots.cli import app  # noqa: E402
from hotspots.postgis import SCHEMA, export_to_postgis  # noqa: E402
from hotspots.postgis_rows import changed_since  # noqa: E402
from hotspots.postgis_tables import copied_tables, documented_columns  # noqa: E402
from tests.hotspots import changing_store as to  # noqa: E402
from tests.hotspots.postgis_server import PASSWORD, running_server, why_not  # noqa: E402

RELEASE = "ISA-2025-07"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def postgis_server():
    if reason := why_not():
        pytest.skip(reason)
    with running_server() as server:
        yield server


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("PGUSER", "writer")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


@pytest.fixture
def schema(postgis_server):
    """A schema of this test's own."""
    return f"copy_{next(_numbers)}"


@pytest.fixture
def admin(postgis_server):
    with psycopg.connect(**postgis_server.admin()) as connection:
        yield connection


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory):
    """Three hospitals' deliveries, crimes, counts and links."""
    path = tmp_path_factory.mktemp("filled") / "s.sqlite"
    with quick_store(path) as store:
        filled(store)
    return path


@pytest.fixture
def store(filled_store, tmp_path):
    """A store of this test's own, filled."""
    shutil.copy(filled_store, tmp_path / "s.sqlite")
    with quick_store(tmp_path / "s.sqlite") as store:
        yield store


@contextmanager
def quick_store(path):
    """A store that does not wait for the disk."""
    with open_store(path) as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        yield store


def filled(store):
    for n, change in enumerate((to.deliver, to.deliver_other, to.deliver_crimes, to.deliver_counts,
                                to.deliver, to.link)):  # fmt: skip
        change(store, n)


def copied(connection, schema, table) -> list[tuple]:
    """Rows of a table of the copy, the contract's columns only, in no order."""
    names = ", ".join(f'"{name}"' for name in copied_tables()[table].spec.contract)
    return sorted(connection.execute(f"SELECT {names} FROM {schema}.{table}"), key=repr)


def assert_in_step(store, connection, schema, *, released=True):
    for table in TABLES:
        here = to.plain_rows(store.read(table), table)
        if not released and table in ("crimes", "links"):
            here = []
        assert copied(connection, schema, table) == here, table


def versions(connection, schema) -> dict:
    """Of each row the transaction that wrote it and where it lies: another after any writing."""
    return {
        table: sorted(connection.execute(f"SELECT xmin::text, ctid::text FROM {schema}.{table}"))
        for table in (*TABLES, "fingerprints")
    }


def test_the_copy_is_equal_row_by_row_with_points_and_counts(store, admin, postgis_server, schema):
    done = export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

    assert_in_step(store, admin, schema)
    assert {name: step.rows for name, step in done.tables.items()} == {
        table: len(store.read(table)) for table in TABLES
    }
    points = admin.execute(
        f"SELECT ST_SRID(geom), ST_X(geom), ST_Y(geom) FROM {schema}.assaults"
        " WHERE event_id = 'e0a'"
    ).fetchall()
    assert points == [(27700, 420000.25, 310000.75)]
    without = f"SELECT count(*) FROM {schema}.assaults WHERE (geom IS NULL) <> (easting IS NULL)"
    assert admin.execute(without).fetchone() == (0,)


def in_step_after_each(changes, server):
    """Play changes, each by its number, and export after each; some exports without a release."""
    schema = f"copy_{next(_numbers)}"
    with (
        tempfile.TemporaryDirectory() as folder,
        quick_store(Path(folder) / "s.sqlite") as store,
        psycopg.connect(**server.admin()) as admin,
    ):
        for n, (change, released, tampered) in enumerate(changes):
            change(store, n)
            if tampered and n:
                admin.execute(f"UPDATE {schema}.assaults SET alcohol = 'no', easting = 1")
                admin.execute(f"DELETE FROM {schema}.issues")
                admin.execute(f"DELETE FROM {schema}.links")
            release = RELEASE if released else None
            export_to_postgis(store, server.address(), release=release, schema=schema)
            assert_in_step(store, admin, schema, released=released)
        before = versions(admin, schema)
        export_to_postgis(store, server.address(), release=release, schema=schema)
        assert versions(admin, schema) == before


SEQUENCES = st.lists(
    st.tuples(st.sampled_from(to.CHANGES), st.sampled_from([True, True, False]), st.booleans()),
    min_size=2,
    max_size=5,
)


@settings(max_examples=2)
@given(changes=SEQUENCES)
def test_after_any_changes_the_copy_is_in_step(changes, postgis_server):
    in_step_after_each(changes, postgis_server)


@pytest.mark.long
@settings(max_examples=80)
@given(changes=SEQUENCES)
def test_after_many_changes_the_copy_is_in_step(changes, postgis_server):
    in_step_after_each(changes, postgis_server)


def test_after_each_kind_of_change_the_copy_is_in_step(postgis_server):
    # Each kind at least twice, on a store that holds something of everything.
    order = (to.deliver, to.deliver_crimes, to.deliver_other, to.link, to.correct, to.link,
             to.deliver_counts, to.place_anew, to.withdraw, to.link, to.purge, to.deliver_counts,
             to.deliver_crimes, to.erase, to.correct, to.link)  # fmt: skip
    in_step_after_each([(change, True, False) for change in order], postgis_server)


def test_the_audit_tells_which_tables_may_have_changed(store):
    after = {table: to.plain_rows(store.read(table), table) for table in TABLES}
    for n, change in enumerate(to.CHANGES, start=6):
        before, head = after, audit.head(store.connection)
        assert changed_since(store.connection, head, TABLES) == set()
        change(store, n)
        after = {table: to.plain_rows(store.read(table), table) for table in TABLES}
        changed = {table for table in TABLES if before[table] != after[table]}
        assert changed
        assert changed <= changed_since(store.connection, head, TABLES)
    assert changed_since(store.connection, "another chain", TABLES) == set(TABLES)


def test_a_second_export_reads_no_records_and_writes_none(
    store, admin, postgis_server, schema, monkeypatch
):
    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)
    before = versions(admin, schema)
    monkeypatch.setattr("hotspots.postgis_rows.rows_of", None)
    monkeypatch.setattr("hotspots.postgis_step.rows_of", None)

    done = export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

    assert done.deliveries == 0
    assert {step[1:] for step in done.tables.values()} == {(0, 0, 0)}
    assert versions(admin, schema) == before


def test_what_others_changed_in_the_copy_is_mended(store, admin, postgis_server, schema):
    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)
    admin.execute(f"UPDATE {schema}.assaults SET alcohol = 'no', easting = 1 WHERE alcohol <> 'no'")
    admin.execute(f"DELETE FROM {schema}.issues")
    admin.execute(f"DELETE FROM {schema}.links")

    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

    assert_in_step(store, admin, schema)


def test_only_deliveries_that_changed_are_sent(store, postgis_server, schema):
    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)
    to.deliver(store, 9)

    done = export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

    assert done.deliveries == 1
    assert done.tables["assaults"][1:] == (2, 0, 0)
    assert done.tables["batches"][1:] == (1, 0, 0)
    assert done.tables["links"][1:] == (0, 0, 0)


def test_crimes_and_links_are_there_only_under_a_release(store, admin, postgis_server, schema):
    export_to_postgis(store, postgis_server.address(), release=None, schema=schema)
    assert_in_step(store, admin, schema, released=False)
    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)
    assert_in_step(store, admin, schema)
    n = len(store.read("crimes")) + len(store.read("links"))

    done = export_to_postgis(store, postgis_server.address(), release=" ", schema=schema)

    assert done.took_back == n > 0
    assert_in_step(store, admin, schema, released=False)
    assert admin.execute(f"SELECT release FROM {schema}.meta").fetchone() == (None,)


def test_the_copy_is_of_one_moment_of_the_store(store, admin, postgis_server, schema):
    def meanwhile(words):
        if words.startswith("sending") and not store.batch("b9"):
            to.deliver(store, 9)

    export_to_postgis(
        store, postgis_server.address(), release=RELEASE, schema=schema, tell=meanwhile
    )
    assert admin.execute(f"SELECT count(*) FROM {schema}.batches").fetchone() == (5,)

    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)
    assert_in_step(store, admin, schema)


EXPORT = """
import sys
from pathlib import Path
from ed_ingest.store import open_store
from hotspots.postgis import export_to_postgis
with open_store(Path(sys.argv[1])) as store:
    export_to_postgis(store, sys.argv[2], release="r", schema=sys.argv[3])
"""


def test_a_killed_export_leaves_the_copy_as_it_was_and_the_next_ends_it(
    store, admin, postgis_server, schema, tmp_path
):
    address = postgis_server.address()
    export_to_postgis(store, address, release="r", schema=schema)
    before = {table: copied(admin, schema, table) for table in TABLES}
    to.deliver(store, 9)
    to.link(store, 10)
    # It is caught in the middle: the batches are written, an assault's row is held by another.
    with psycopg.connect(**{**postgis_server.admin(), "autocommit": False}) as holder:
        holder.execute(f"SELECT 1 FROM {schema}.assaults WHERE event_id = 'e0a' FOR UPDATE")
        child = subprocess.Popen(
            [sys.executable, "-c", EXPORT, str(tmp_path / "s.sqlite"), address, schema],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND application_name = 'ed-hotspots'"
        )
        for _ in range(600):
            if admin.execute(waiting).fetchone():
                break
            time.sleep(0.05)
        assert admin.execute(waiting).fetchone()
        assert {table: copied(admin, schema, table) for table in TABLES} == before
        with pytest.raises(EdHotspotsError, match="another export to it is running"):
            export_to_postgis(store, address, release="r", schema=schema)
        child.kill()
        child.wait()
    for _ in range(200):
        if not admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'ed-hotspots'"
        ).fetchone():
            break
        time.sleep(0.05)
    assert {table: copied(admin, schema, table) for table in TABLES} == before
    begun = store.connection.execute("SELECT count(*) FROM audit WHERE action = 'export begun'")
    assert begun.fetchone() == (2,)

    export_to_postgis(store, address, release="r", schema=schema)

    assert_in_step(store, admin, schema)


def test_neither_the_audit_nor_the_servers_log_holds_a_secret_or_a_value(
    store, postgis_server, schema
):
    export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

    told = store.connection.execute("SELECT action, subject, counts FROM audit").fetchall()
    assert ("export", f"{postgis_server.address()} {RELEASE}") in [row[:2] for row in told]
    assert PASSWORD not in str(told)
    assert [left.name for left in databases(store.connection)] == [postgis_server.address()]
    assert exported(store.connection) == []
    log = (postgis_server.socket / "log").read_text(encoding="utf-8")
    assert "COPY pg_temp.incoming_assaults" in log
    assert "Zanzibar" not in log


@pytest.mark.parametrize(
    ("setting", "value", "database", "told"),
    [
        ("PGPASSWORD", "Wr0ng-one", "copy", "Set PGUSER, and PGPASSFILE or PGPASSWORD"),
        ("PGUSER", "nobody-here", "copy", "Set PGUSER"),
        ("PGUSER", "writer", "nowhere", "no database of that name"),
        ("PGSSLMODE", "verify-full", "copy", "PGSSLMODE"),
    ],
)
def test_a_refused_connection_is_told_in_one_sentence_without_the_password(
    setting, value, database, told, store, postgis_server, monkeypatch
):
    monkeypatch.setenv(setting, value)

    with pytest.raises(EdHotspotsError, match=told) as refused:
        export_to_postgis(store, postgis_server.address(database), release=None)

    assert "Wr0ng-one" not in str(refused.value)
    assert PASSWORD not in str(refused.value)
    assert "FATAL" not in str(refused.value)


def test_a_server_that_is_not_there_is_told(store):
    with pytest.raises(EdHotspotsError, match=r"does not answer\. Check host"):
        export_to_postgis(store, "postgresql://127.0.0.1:1/copy", release=None)


def test_without_psycopg_it_says_how_to_install_it(store, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(EdHotspotsError, match=r"pip install 'ed-hotspots\[postgis\]'"):
        export_to_postgis(store, "postgresql://127.0.0.1:1/copy", release=None)


def test_a_database_that_is_not_utf_8_or_has_no_postgis_is_refused(store, admin, postgis_server):
    admin.execute("CREATE DATABASE latin OWNER writer ENCODING 'LATIN1' TEMPLATE template0")
    admin.execute("CREATE DATABASE bare OWNER writer")

    with pytest.raises(EdHotspotsError, match=r"encoding is LATIN1.*ENCODING 'UTF8'"):
        export_to_postgis(store, postgis_server.address("latin"), release=None)
    with pytest.raises(EdHotspotsError, match="CREATE EXTENSION postgis;"):
        export_to_postgis(store, postgis_server.address("bare"), release=None)


def test_a_user_without_rights_is_told_so_and_nothing_is_made(
    store, admin, postgis_server, schema, monkeypatch
):
    admin.execute(f"CREATE ROLE {schema} LOGIN PASSWORD '{PASSWORD}'")
    monkeypatch.setenv("PGUSER", schema)

    with pytest.raises(EdHotspotsError, match="lacks a right there"):
        export_to_postgis(store, postgis_server.address(), release=None, schema=schema)

    made = admin.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone()
    assert made == (None,)


def test_tables_of_another_layout_store_or_maker_are_refused(
    store, admin, postgis_server, schema, tmp_path
):
    address = postgis_server.address()
    export_to_postgis(store, address, release=None, schema=schema)

    with open_store(tmp_path / "other.sqlite") as other:
        to.deliver(other, 0)
        with pytest.raises(EdHotspotsError, match="of another workspace's store"):
            export_to_postgis(other, address, release=None, schema=schema)
    admin.execute(f"UPDATE {schema}.meta SET layout = '0-earlier'")
    with pytest.raises(EdHotspotsError, match=f"DROP SCHEMA {schema} CASCADE"):
        export_to_postgis(store, address, release=None, schema=schema)
    admin.execute(f"CREATE SCHEMA theirs_{schema}; CREATE TABLE theirs_{schema}.plans (a int)")
    with pytest.raises(EdHotspotsError, match="holds tables that this program did not make"):
        export_to_postgis(store, address, release=None, schema=f"theirs_{schema}")


def test_what_the_database_refuses_is_told_without_the_row(store, admin, postgis_server, schema):
    address = postgis_server.address()
    export_to_postgis(store, address, release=RELEASE, schema=schema)
    before = {table: copied(admin, schema, table) for table in TABLES}
    to.deliver(store, 9)
    store.connection.execute("UPDATE assaults SET alcohol = 'Quibell' WHERE event_id = 'e9a'")
    with pytest.raises(EdHotspotsError, match=r"code 23514.*Nothing was changed") as refused:
        export_to_postgis(store, address, release=RELEASE, schema=schema)
    assert "Quibell" not in str(refused.value)
    assert refused.value.__suppress_context__
    store.connection.execute("UPDATE assaults SET alcohol = 'no' WHERE event_id = 'e9a'")
    store.connection.execute("DELETE FROM links")
    store.connection.execute("INSERT INTO links VALUES ('e9a', 'nowhere', 1, 1, 0.5)")

    with pytest.raises(EdHotspotsError, match="Give ed-hotspots link"):
        export_to_postgis(store, address, release=RELEASE, schema=schema)

    assert {table: copied(admin, schema, table) for table in TABLES} == before


def test_tables_and_columns_say_what_they_are_and_carry_the_marking(
    store, admin, postgis_server, schema
):
    address = postgis_server.address()
    export_to_postgis(store, address, release=None, schema=schema, marking="OFFICIAL-SENSITIVE")

    described = "SELECT obj_description(%s::regclass)"
    for name, table in copied_tables().items():
        words = admin.execute(described, (f"{schema}.{name}",)).fetchone()[0]
        assert words.startswith("OFFICIAL-SENSITIVE. ")
        assert table.spec.description in words
        rows = admin.execute(
            "SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)"
            " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            (f"{schema}.{name}",),
        ).fetchall()
        told = [(a, b.replace("geometry(Point,", "geometry(Point, "), c) for a, b, c in rows]
        assert told == documented_columns(table)
    export_to_postgis(store, address, release=None, schema=schema, marking="OFFICIAL")
    words = admin.execute(described, (f"{schema}.assaults",)).fetchone()[0]
    assert words.startswith("OFFICIAL. ")


def test_points_have_an_index_and_rows_belong_to_their_deliveries(
    store, admin, postgis_server, schema
):
    export_to_postgis(store, postgis_server.address(), release=None, schema=schema)

    indexed = admin.execute(
        "SELECT tablename FROM pg_indexes WHERE schemaname = %s AND indexdef LIKE '%%gist (geom)'"
        " ORDER BY tablename",
        (schema,),
    ).fetchall()
    assert indexed == [("assault_counts",), ("assaults",), ("crimes",)]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        admin.execute(f"UPDATE {schema}.assaults SET batch_id = 'none'")
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(f"UPDATE {schema}.assaults SET assailants = 'many'")


def test_the_command_tells_what_was_done_and_refuses_a_password_in_the_address(
    postgis_server, admin, tmp_path
):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    with open_store(made.store) as store:
        filled(store)
        n = {table: len(store.read(table)) for table in TABLES}
    words = ["export", "-w", str(made.root), "--to", postgis_server.address()]

    done = CliRunner().invoke(app, [*words, "--release", RELEASE, "--json"])
    again = CliRunner().invoke(app, words)
    refused = CliRunner().invoke(app, [*words[:-1], f"postgresql://writer:{PASSWORD}@db/copy"])

    figures = json.loads(done.stdout)
    assert {name: step["new"] for name, step in figures["tables"].items()} == n
    assert figures["release"] == RELEASE
    assert "crimes: 0 rows (0 new, 0 changed" in again.stdout
    assert f"{n['crimes'] + n['links']} of them that were there by an earlier" in again.stdout
    assert isinstance(refused.exception, EdHotspotsError)
    assert PASSWORD not in refused.output + str(refused.exception)
    admin.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def test_the_rights_that_the_page_gives_are_enough_to_write_and_to_read(
    store, postgis_server, monkeypatch
):
    page = Path(__file__).parents[2] / "docs" / "postgis.md"
    sql = re.search(r"```sql\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)[1]
    plain = re.sub(r"--.*", "", sql).replace("…", PASSWORD)
    first, _, then = plain.partition("\\connect partnership")
    for statements, database in ((first, "postgres"), (then, "partnership")):
        with psycopg.connect(**postgis_server.admin(database)) as connection:
            for statement in filter(str.strip, statements.split(";")):
                connection.execute(statement)
            connection.execute("ALTER ROLE ed_hotspots_reader LOGIN")
    monkeypatch.setenv("PGUSER", "ed_hotspots_writer")

    export_to_postgis(store, postgis_server.address("partnership"), release=None)

    reader = {**postgis_server.admin("partnership"), "user": "ed_hotspots_reader"}
    with psycopg.connect(**reader) as connection:
        assert_in_step(store, connection, SCHEMA, released=False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"DELETE FROM {SCHEMA}.links")


@pytest.mark.long
def test_a_whole_partnership_is_in_step(demo, postgis_server, admin, schema):
    from ed_ingest.workspace import open_workspace

    with open_store(open_workspace(demo).store) as store:
        export_to_postgis(store, postgis_server.address(), release=RELEASE, schema=schema)

        assert_in_step(store, admin, schema)
