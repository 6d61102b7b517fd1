"""Where an agreement sets a least k, no stored record tells sex or age in too small a class."""

import json
import random

import pandas as pd
import pytest

from ed_ingest.anonymity import class_sizes
from ed_ingest.class_keeping import keep_classes
from ed_ingest.history import Changes
from ed_ingest.store import open_store
from ed_ingest.store_tables import plain_values
from tests.ed_ingest.test_store import record, sealed

MAN = {"sex": "male", "age_band": "18-24"}
WOMAN = {"sex": "female", "age_band": "18-24"}


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "s.sqlite") as opened:
        yield opened


def send(store, *parts, n=1, received="2025-04-02 09:00", k_min=3, withdrawn=()):
    """Deliver rows as batch b1, b2 …"""
    rows = pd.concat(parts).set_axis(pd.RangeIndex(2, 2 + sum(map(len, parts)), name="row"))
    name = {"batch_id": f"b{n}", "file_hash": f"{n:064}", "received_at": received}
    return record(store, rows.assign(batch_id=f"b{n}"), k_min=k_min, withdrawn=withdrawn, **name)


def told(store):
    rows = store.read("assaults")
    return dict(zip(rows["event_id"], rows["sex"] + " " + rows["age_band"], strict=True))


def assert_few_tell_nothing(rows, k_min):
    few = rows[class_sizes(rows) < k_min]
    assert (few[["sex", "age_band"]] == "unknown").all(axis=None)


def test_without_a_least_k_nothing_is_changed_and_the_classes_are_told(store):
    counts = send(store, sealed("a", "b", **MAN), sealed("c", **WOMAN), k_min=None)

    assert told(store) == {"a": "male 18-24", "b": "male 18-24", "c": "female 18-24"}
    assert (counts["k_smallest"], counts["n_k_1"], counts["n_k_below_5"]) == (1, 1, 3)
    assert counts["n_sex_withheld"] == counts["n_age_band_withheld"] == 0


def test_records_of_small_classes_lose_their_sex_then_their_age(store):
    old = sealed("d", sex="male", age_band="65+")
    counts = send(store, sealed("a", "b", **MAN), sealed("c", **WOMAN), old)

    assert told(store) == {
        **dict.fromkeys("abc", "unknown 18-24"),  # three alike without their sex
        "d": "unknown unknown",
    }
    assert (counts["n_sex_withheld"], counts["n_age_band_withheld"]) == (4, 1)
    # Three alike, and one alone of whom nothing but night and place is told.
    assert (counts["k_smallest"], counts["n_k_1"], counts["n_k_below_5"]) == (1, 1, 4)


def test_records_stored_before_count_for_the_class(store):
    send(store, sealed("a", "b", "c", **MAN))
    counts = send(store, sealed("d", **MAN), n=2)

    assert set(told(store).values()) == {"male 18-24"}
    assert counts["n_sex_withheld"] == 0
    assert counts["k_smallest"] == 4


def test_a_row_sent_again_is_counted_once(store):
    send(store, sealed("a", "b", "c", **MAN), k_min=None)
    send(store, sealed("a", "b", **MAN, alcohol="yes"), n=2)

    assert told(store) == dict.fromkeys("abc", "male 18-24")
    send(store, sealed("c", sex="female", age_band="65+"), n=3)
    assert told(store) == {**dict.fromkeys("ab", "unknown unknown"), "c": "unknown unknown"}


def test_others_lose_theirs_when_a_fellow_is_taken_out(store):
    send(store, sealed("a", "b", "c", **MAN))
    counts = send(
        store, sealed("z", **MAN, night_of=pd.Timestamp("2025-03-09")), n=2, withdrawn=["a"]
    )

    assert told(store) == dict.fromkeys("bcz", "unknown unknown")
    assert counts["n_earlier_withheld"] == 2


def test_an_agreement_that_sets_a_least_k_later_is_kept_from_the_next_delivery_on(store):
    send(store, sealed("a", **MAN), k_min=None)
    other = sealed("z", **WOMAN, night_of=pd.Timestamp("2025-03-09"))
    send(store, other, n=2)

    assert told(store) == dict.fromkeys("az", "unknown unknown")


def test_other_providers_are_left_alone(store):
    send(store, sealed("a", **MAN, provider="st-teilos"), k_min=None)
    with store.connection:
        store.connection.execute("UPDATE batches SET provider = 'st-teilos'")
    send(store, sealed("b", **MAN), n=2)

    assert told(store) == {"a": "male 18-24", "b": "unknown unknown"}


def test_a_whole_period_sent_again_gets_what_it_would_have_got_at_first(store):
    send(store, sealed("a", "b", **MAN))
    assert set(told(store).values()) == {"unknown unknown"}

    send(store, sealed("a", "b", "c", **MAN), n=2)
    assert set(told(store).values()) == {"male 18-24"}


def test_former_versions_keep_neither(store):
    send(store, sealed("a", "b", "c", **MAN))
    send(store, sealed("a", **MAN, alcohol="yes"), n=2)
    past = [json.loads(row) for (row,) in store.connection.execute("SELECT row FROM superseded")]

    assert [(row["event_id"], row["sex"], row["age_band"]) for row in past] == [
        ("a", "unknown", "unknown")
    ]


def test_versions_from_before_the_agreement_asked_keep_neither_from_then_on(store):
    send(store, sealed("a", "b", "c", **MAN), k_min=None)
    send(store, sealed("a", **MAN, alcohol="yes"), n=2, k_min=None)
    send(store, sealed("d", **MAN), n=3)
    past = [json.loads(row) for (row,) in store.connection.execute("SELECT row FROM superseded")]

    assert [(row["event_id"], row["sex"], row["age_band"]) for row in past] == [
        ("a", "unknown", "unknown")
    ]


def test_a_row_that_comes_to_stand_again_counts_and_loses_its_own(store):
    def back(name, band):
        row = plain_values(sealed(name, sex="male", age_band=band)).iloc[0].to_dict()
        return {**row, "items_present": 7, "delivered_id": name, "numbered": 1}

    again = [back("c", "18-24"), back("d", "65+")]
    changes = Changes(sealed("a", "b", **MAN), again, [], [], {}, set())
    kept = keep_classes(store.connection, "st-elsewhere", changes, k_min=3)

    assert kept.changes.put["sex"].tolist() == ["male", "male"]
    assert [(row["sex"], row["age_band"]) for row in kept.changes.back] == [
        ("male", "18-24"),
        ("unknown", "unknown"),
    ]
    assert kept.changes.back[1]["items_present"] == 7


def test_what_is_withheld_is_never_written(tmp_path):
    path = tmp_path / "s.sqlite"
    with open_store(path) as store:
        send(store, sealed("a", **WOMAN), sealed("b", "c", sex="male", age_band="65+"))
        written = b"".join(p.read_bytes() for p in tmp_path.iterdir())  # with the -wal

    assert b"2025-03-01 02:10" in written
    for value in (b"female", b"18-24", b"65+"):
        assert value not in written


def test_whatever_is_delivered_few_tell_nothing(store):
    seen = set()
    draw = random.Random(7)  # noqa: S311 (a made-up sequence of deliveries)
    for n in range(1, 25):
        rows = [
            sealed(
                f"e{i}",
                sex=draw.choice(["male", "male", "female"]),
                age_band=draw.choice(["18-24", "18-24", "65+"]),
                night_of=pd.Timestamp("2025-03-01") + pd.Timedelta(days=draw.randrange(2)),
                arrived_at=pd.Timestamp("2025-03-02 01:00") + pd.Timedelta(minutes=i),
            )
            for i in draw.sample(range(30), draw.randrange(1, 16))
        ]
        gone = [f"e{i}" for i in draw.sample(range(30), 2)]
        received = f"2025-04-{draw.randrange(1, 28):02} 09:00"
        send(store, *rows, n=n, received=received, withdrawn=gone, k_min=2)
        assert_few_tell_nothing(store.read("assaults"), 2)
        seen |= set(told(store).values())
    assert {"male 18-24", "unknown 18-24", "unknown unknown"} <= seen
