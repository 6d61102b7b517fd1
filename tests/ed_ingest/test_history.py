"""Corrections, re-sent periods, migration and crashes, in the store itself."""

from __future__ import annotations

import json
import uuid

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ed_ingest import history
from ed_ingest.schema import load_spec
from ed_ingest.store import open_store
from tests.ed_ingest.test_store import NONE_HELD_BACK, record, sealed
from tests.effort import few

NAMES = "abcdefghij"


def month(names: str, **changes) -> pd.DataFrame:
    """Rows a to j of March 2025, on days 2, 5, 8 … 29."""
    days = [pd.Timestamp(2025, 3, 2 + 3 * NAMES.index(n), 12) for n in names]
    return sealed(*names, **changes).assign(
        arrived_at=pd.to_datetime(pd.Series(days)).astype("datetime64[s]").to_numpy()
    )


def send(store, number: int, names: str, *, day: int | None = None, held=NONE_HELD_BACK, **changes):
    received = f"2025-05-{day or number:02d} 09:00"
    return record(
        store,
        month(names, **changes),
        batch_id=f"b{number}",
        file_hash=f"{number:064d}",
        received_at=received,
        held_back=held,
    )


def past(store) -> list[tuple]:
    return store.connection.execute(
        "SELECT event_id, batch_id, by_batch_id, audit, row FROM superseded ORDER BY number"
    ).fetchall()


def test_former_versions_are_kept_with_the_audit_entry_of_their_change(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 1, NAMES, alcohol="no")
        changed = send(store, 2, NAMES[:9], alcohol="yes")
        kept = past(store)
        audit = store.connection.execute("SELECT MAX(number) FROM audit").fetchone()[0]

    assert (changed["n_replaced"], changed["n_superseded"], changed["n_stored"]) == (9, 1, 9)
    assert [row[0] for row in kept] == list(NAMES)
    assert {row[1:4] for row in kept} == {("b1", "b2", audit)}
    former = json.loads(kept[9][4])
    assert former["alcohol"] == "no"
    assert set(load_spec("ed_assault").contract) < set(former)


def test_a_late_older_delivery_is_put_in_its_place(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 2, NAMES[:9], day=20)
        changed = send(store, 1, NAMES, day=10)

        # The month was sent again later without j: it would have been taken out.
        assert (changed["n_stored"], changed["n_outdated"]) == (0, 10)
        assert "".join(store.read("assaults")["event_id"]) == NAMES[:9]
        assert [row[2] for row in past(store)] == ["b2"] * 10


def test_a_row_comes_back_when_an_older_delivery_shows_that_nothing_was_sent_again(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 1, "abcde", day=1)
        send(store, 3, "abcd", day=20)
        assert "e" not in set(store.read("assaults")["event_id"])

        # In between e came by itself: it is told by that delivery too, and goes with both.
        send(store, 2, "e", day=10, alcohol="yes")
        assert "e" not in set(store.read("assaults")["event_id"])
        # A later word on e brings it back.
        send(store, 4, "e", day=21)
        assert "e" in set(store.read("assaults")["event_id"])


def test_rows_held_back_without_number_go_with_the_period_sent_again(tmp_path):
    held = pd.DataFrame(
        {"row": [5], "event_id": [None], "month": ["2025-03"], "items_present": [3]}
    )
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 1, NAMES, held=held)
        send(store, 2, NAMES, held=held)
        assert store.read_held_back()["batch_id"].tolist() == ["b2"]


def test_links_of_rows_taken_out_go_with_them(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 1, NAMES)
        store.connection.executemany(
            "INSERT INTO links VALUES (?, ?, 1, 1, 0.9)", [("a", "c1"), ("j", "c2")]
        )
        send(store, 2, NAMES[:9])
        assert store.read("links")["event_id"].tolist() == ["a"]


@pytest.mark.parametrize("stage", ["take_out", "put", "hold_back", "audit.append", "keep_past"])
def test_a_fault_at_any_stage_leaves_all_as_it_was(tmp_path, monkeypatch, stage):
    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    path = tmp_path / "s.sqlite"
    with open_store(path) as store:
        send(store, 1, NAMES)
        before = list(store.connection.iterdump())
    with open_store(path) as store:
        monkeypatch.setattr(f"ed_ingest.store.{stage}", fail)
        with pytest.raises(OSError, match="disk is full"):
            send(store, 2, NAMES[:9])
    with open_store(path) as store:
        assert list(store.connection.iterdump()) == before


@few(4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(NAMES), min_size=1),
            st.sampled_from(["yes", "no"]),
        ),
        min_size=2,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_the_store_ends_alike_in_whatever_order_deliveries_are_taken(tmp_path, sent, random):
    order = list(range(len(sent)))
    ends = []
    for run in range(2):
        path = tmp_path / f"{uuid.uuid4()}.sqlite"
        with open_store(path) as store:
            for i in order:
                names, alcohol = sent[i]
                send(store, i + 1, "".join(sorted(names)), alcohol=alcohol)
            rows = store.read("assaults")[["event_id", "batch_id", "alcohol"]]
            kept = {row[0:2] for row in past(store)}
        ends.append((rows.to_dict("records"), len(rows)))
        told = {(name, f"b{i + 1}") for i, (names, _) in enumerate(sent) for name in names}
        # Nothing is lost: what does not stand is in the history.
        assert kept | set(zip(rows["event_id"], rows["batch_id"], strict=True)) == told
        if run == 0:
            random.shuffle(order)
    assert ends[0] == ends[1]


def test_an_ordinary_month_is_stored_without_playing_all_again(tmp_path, monkeypatch):
    with open_store(tmp_path / "s.sqlite") as store:
        send(store, 1, NAMES)
        monkeypatch.setattr(history, "settle", None)
        april = month(NAMES).assign(event_id=[f"n{i}" for i in range(10)])
        april["arrived_at"] += pd.Timedelta(days=31)
        record(store, april, batch_id="b2", file_hash="2" * 64, received_at="2025-06-01 09:00")
        assert len(store.read("assaults")) == 20
