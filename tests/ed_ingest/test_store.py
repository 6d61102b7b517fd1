"""The store: one transaction a delivery, nothing half done, nothing doubled."""

from __future__ import annotations

import sqlite3

import pandas as pd
import pytest

from ed_ingest.errors import StoreError
from ed_ingest.schema import load_spec
from ed_ingest.store import open_store
from ed_ingest.tables import ISSUE_COLUMNS
from tests.ed_ingest.contract_rows import crimes

SPEC = load_spec("ed_assault")


def sealed(*event_ids: str, **changes) -> pd.DataFrame:
    """Valid rows of the contract, all alike but for their ids."""
    values = {
        "provider": "st-elsewhere",
        "source": "ed",
        "batch_id": "b1",
        "arrived_at": pd.Timestamp("2025-03-01 02:10").as_unit("s"),
        "assault_from": pd.Timestamp("2025-03-01 01:30").as_unit("s"),
        "assault_to": pd.Timestamp("2025-03-01 01:30").as_unit("s"),
        "night_of": pd.Timestamp("2025-02-28").as_unit("s"),
        "time_precision": "minute",
        "clock_change": "none",
        "location_level": "none",
        "transfer": "no",
        **changes,
    }
    rows = pd.DataFrame(index=pd.RangeIndex(2, 2 + len(event_ids), name="row"))
    for name in SPEC.contract:
        field = SPEC.fields[name]
        default = "unknown" if "unknown" in field.codes else None
        rows[name] = values.get(name, default if field.kind == "string" else float("nan"))
    return rows.assign(event_id=list(event_ids))


def batch(batch_id="b1", file_hash="f" * 64, n_stored=1, received_at="2025-04-02 09:00") -> dict:
    return {
        "batch_id": batch_id,
        "provider": "st-elsewhere",
        "kind": "ed",
        "received_at": pd.Timestamp(received_at).as_unit("s"),
        "file_hash": file_hash,
        "file_name": "x.csv",
        "agreement": "ISA-1",
        "period_from": pd.Timestamp("2025-03-01").as_unit("s"),
        "period_to": pd.Timestamp("2025-03-31").as_unit("s"),
        "n_read": n_stored,
        "n_stored": n_stored,
        "n_replaced": 0,
        "n_withdrawn": 0,
        "n_superseded": 0,
        "n_outdated": 0,
        "n_held_back": 0,
        "n_not_assault": 0,
        "n_duplicate": 0,
        "n_no_place": 0,
    }


NO_ISSUES = pd.DataFrame(columns=list(ISSUE_COLUMNS))
NONE_HELD_BACK = pd.DataFrame(columns=["row", "event_id", "month", "items_present"])


def record(
    store,
    rows,
    *,
    held_back=NONE_HELD_BACK,
    withdrawn=(),
    issues=NO_ISSUES,
    k_min=None,
    **batch_changes,
):
    return store.record_attendances(
        batch(**batch_changes),
        rows,
        items_present=pd.Series(7, index=rows.index),
        held_back=held_back,
        withdrawn=pd.Series(list(withdrawn), dtype="object"),
        issues=issues,
        k_min=k_min,
    )


def without_classes(counts):
    """What became of the rows, without what is told of their k."""
    return {name: n for name, n in counts.items() if "k_" not in name and "_withheld" not in name}


def test_what_is_stored_comes_back_with_the_contracts_columns_and_types(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1", "e2"))
        rows = store.read("assaults")

    assert list(rows.columns) == SPEC.contract
    assert list(rows["event_id"]) == ["e1", "e2"]
    assert rows["assault_from"].dtype == "datetime64[s]"
    assert rows.loc[0, "night_of"] == pd.Timestamp("2025-02-28")
    assert rows["easting"].isna().all()


def test_a_row_sent_again_replaces_the_old_one_and_is_counted(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1", "e2"))
        changed = record(
            store,
            sealed("e2", "e3", alcohol="yes", batch_id="b2"),
            batch_id="b2",
            file_hash="0" * 64,
        )
        rows = store.read("assaults").set_index("event_id")

    assert without_classes(changed) == {
        "n_stored": 2,
        "n_replaced": 1,
        "n_withdrawn": 0,
        "n_superseded": 0,
        "n_outdated": 0,
    }
    assert rows["alcohol"].to_dict() == {"e1": "unknown", "e2": "yes", "e3": "yes"}


def test_a_row_that_is_no_assault_after_all_is_taken_out(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1", "e2"))
        changed = record(
            store, sealed("e3"), withdrawn=["e2", "e9"], batch_id="b2", file_hash="0" * 64
        )

        assert changed["n_withdrawn"] == 1
        assert store.read("assaults")["event_id"].tolist() == ["e1", "e3"]


def test_what_came_later_wins_in_whatever_order_it_is_taken(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        later = {"batch_id": "b2", "file_hash": "0" * 64, "received_at": "2025-05-02 09:00"}
        record(store, sealed("e1", alcohol="yes", batch_id="b2"), **later)
        changed = record(store, sealed("e1", "e2", alcohol="no"), withdrawn=[])

        assert without_classes(changed) == {
            "n_stored": 1,
            "n_replaced": 0,
            "n_withdrawn": 0,
            "n_superseded": 0,
            "n_outdated": 1,
        }
        assert store.read("assaults")["alcohol"].tolist() == ["yes", "no"]


def test_the_same_file_cannot_be_stored_twice(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1"))
        with pytest.raises(sqlite3.IntegrityError):
            store.connection.execute(
                "INSERT INTO batches SELECT 'other', provider, kind, received_at, file_hash,"
                " file_name, agreement, period_from, period_to, n_read, n_stored, n_replaced,"
                " n_withdrawn, n_superseded, n_outdated,"
                " n_held_back, n_not_assault, n_duplicate, n_no_place FROM batches"
            )

        assert store.batch_of_file("f" * 64, "st-elsewhere") == "b1"
        assert store.batch_of_file("f" * 64, "another") is None


def test_a_delivery_that_fails_half_way_leaves_nothing(tmp_path):
    broken = NO_ISSUES.assign(no_such_column=[])
    one = pd.DataFrame([{"row": 2, "rule": "x", "fate": "noted", "remedy": "y", "odd": 1}])
    with open_store(tmp_path / "s.sqlite") as store:
        with pytest.raises(sqlite3.OperationalError):
            record(store, sealed("e1"), issues=pd.concat([broken, one]))

        assert len(store.read("assaults")) == 0
        assert len(store.read("batches")) == 0


def test_a_row_held_back_and_then_mended_is_counted_once(tmp_path):
    held = pd.DataFrame(
        {"row": [5], "event_id": ["e9"], "month": ["2025-03"], "items_present": [3]}
    )
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1"), held_back=held)
        assert list(store.read_held_back()["event_id"]) == ["e9"]

        record(store, sealed("e9"), batch_id="b2", file_hash="0" * 64)
        assert len(store.read_held_back()) == 0


def test_erased_values_leave_no_trace_in_the_file(tmp_path):
    path = tmp_path / "s.sqlite"
    with open_store(path) as store:
        record(store, sealed("e1", place_name="Zzyzx Tavern"))
        record(store, sealed("e1", batch_id="b2"), batch_id="b2", file_hash="0" * 64)
        store.connection.execute("DELETE FROM superseded")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert b"Zzyzx" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


def test_a_file_that_is_no_store_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database, but long enough to look at " * 50)

    with pytest.raises(StoreError, match="not a store"), open_store(path):
        pass


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "s.sqlite"
    with open_store(path) as store:
        store.connection.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="newer version"), open_store(path):
        pass


def test_every_change_is_noted_in_the_audit(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1"))
        store.audit("export", "assaults", {"rows": 1})
        actions = [row[0] for row in store.connection.execute("SELECT action FROM audit")]

    assert actions == ["ingest", "export"]


def test_a_delivery_is_looked_up_and_never_gone_through_all_that_is_stored(tmp_path):
    # Else each month of a force's files takes longer than the one before.
    asked = []
    with open_store(tmp_path / "s.sqlite") as store:
        store.connection.set_trace_callback(asked.append)
        store.record_crimes(batch("c1"), crimes(), issues=NO_ISSUES)
        record(store, sealed("e1"), file_hash="e" * 64)
        store.connection.set_trace_callback(None)
        joins = [query for query in asked if "incoming" in query and "JOIN" in query]
        plans = [
            step[3]
            for one in joins
            for step in store.connection.execute(f"EXPLAIN QUERY PLAN {one}")
        ]

    assert len(joins) == 2
    assert not any(step.startswith(("SCAN crimes", "SCAN assaults")) for step in plans)
    assert sum(step.startswith(("SEARCH crimes", "SEARCH assaults")) for step in plans) == 2
