"""What may happen to a store: deliveries, corrections, linkage, places, purge, erasure."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ed_ingest import audit
from ed_ingest.schema import load_spec
from ed_ingest.store import TABLES, Store
from ed_ingest.store_removal import remove_older, remove_provider
from ed_ingest.store_tables import transaction
from tests.ed_ingest import contract_rows
from tests.ed_ingest.test_store import NO_ISSUES, batch, record, sealed

POINT = {
    "easting": 420000.25,
    "northing": 310000.75,
    "location_level": "street",
    "location_uncertainty_m": 50.0,
}


def _named(n: int, **changes) -> dict:
    """Batch n, received on the n-th day of April."""
    received = f"2025-04-{n + 1:02} 09:00"
    return {**batch(f"b{n}", f"{n:064x}", received_at=received), **changes}


def _record(store: Store, n: int, rows: pd.DataFrame, **more) -> None:
    named = _named(n)
    changed = {name: named[name] for name in ("batch_id", "file_hash")}
    changed["received_at"] = f"2025-04-{n + 1:02} 09:00"
    record(store, rows.assign(batch_id=f"b{n}"), **changed, **more)


def deliver(store: Store, n: int) -> None:
    """Two new rows of a day of their own, and what was wrong with the file."""
    day = pd.Timestamp(f"2025-01-{n + 1:02} 02:10").as_unit("s")
    rows = sealed(f"e{n}a", f"e{n}b", location_text="Zanzibar Street", arrived_at=day, **POINT)
    wrong = [
        {"row": 0, "column": None, "rule": "a whole file", "fate": "noted", "remedy": "r"},
        {"row": 3, "column": "weapon", "rule": "a code", "fate": "noted", "remedy": "r"},
    ]
    _record(store, n, rows, issues=pd.DataFrame(wrong).assign(shape=""))


def correct(store: Store, n: int) -> None:
    """Rows of earlier deliveries, sent again with other words."""
    known = list(store.read("assaults")["event_id"])
    rows = sealed(*known[: 1 + n % 2], f"e{n}c", alcohol="yes", place_name="Caffi'r Bont \\ 5%")
    _record(store, n, rows)


def withdraw(store: Store, n: int) -> None:
    """A delivery that says of an earlier row that it is no assault."""
    _record(store, n, sealed(f"e{n}d"), withdrawn=list(store.read("assaults")["event_id"])[:1])


def deliver_other(store: Store, n: int) -> None:
    """Rows of another hospital."""
    rows = sealed(f"o{n}", provider="other", batch_id=f"b{n}", sex="male", age_band="18-24")
    store.record_attendances(
        _named(n, provider="other"),
        rows,
        items_present=pd.Series(7, index=rows.index),
        held_back=pd.DataFrame(columns=["row", "event_id", "month", "items_present"]),
        withdrawn=pd.Series([], dtype="object"),
        issues=NO_ISSUES,
        k_min=2 if n % 2 else None,
    )


def deliver_crimes(store: Store, n: int) -> None:
    """Crimes, of which all but the newest were known before and come with this delivery now."""
    rows = contract_rows.crimes(n=2 + n).assign(provider="force", batch_id=f"b{n}")
    named = _named(n, provider="force", kind="police")
    store.record_crimes(named, rows, issues=NO_ISSUES)


def deliver_counts(store: Store, n: int) -> None:
    """Counts, two of them alike but for what the store alone tells them by."""
    row = {
        "provider": "counts", "period_from": "2025-03-01", "period_to": "2025-03-31",
        "place_name": "Marford", "location_level": "locality", "assault_method": "glass", "n": 5,
    }  # fmt: skip
    rows = pd.DataFrame([row, row, {**row, "n": None}])
    for name in ("period_from", "period_to"):
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[s]")
    rows = rows.reindex(columns=load_spec("assault_counts").contract).assign(
        batch_id=f"b{n}", n=pd.array([5, 5, None], dtype="Int64")
    )
    store.record_counts(
        _named(n, provider="counts", kind="counts"),
        rows,
        count_ids=pd.Series([f"k{n}", "k1", "k2"], index=rows.index),
        issues=NO_ISSUES,
    )


def link(store: Store, n: int) -> None:
    """Linkage: each time other pairs, so that two assaults may change their crimes."""
    assaults, crimes = store.read("assaults"), store.read("crimes")
    size = min(len(assaults), len(crimes))
    turn = n % size if size else 0
    ids = list(crimes["crime_id"])[:size]
    links = pd.DataFrame(
        {
            "event_id": list(assaults["event_id"])[:size],
            "crime_id": ids[turn:] + ids[:turn],
            "distance_m": 12.5,
            "gap_min": 0.0,
            "probability": 0.1 + 0.8 / (n + 1),
        }
    )
    status = assaults["event_id"].isin(links["event_id"]).map({True: "linked", False: "not_found"})
    store.record_links(links, assaults.assign(link_status=status, incident_id=f"i{n}"), {})


def place_anew(store: Store, n: int) -> None:
    """Words that were held name a place now, and others a home."""
    store.connection.execute(
        "INSERT OR IGNORE INTO held_words SELECT event_id, batch_id, 'w', '', '', 'w', '2025-04-01'"
        " FROM assaults ORDER BY event_id LIMIT 2"
    )

    def work(assaults, held):
        rows = assaults[["event_id"]].assign(**POINT).reset_index(drop=True)
        home = {"easting": None, "northing": None, "location_level": "withheld"}
        rows.loc[rows.index % 2 == n % 2, list(home)] = list(home.values())
        return rows, held

    store.renew_places(work)


def purge(store: Store, n: int) -> None:
    """Records up to a day go; their deliveries stay."""
    with transaction(store.connection):
        counts = remove_older(store.connection, date(2025, 1, n + 1))
        if counts:
            audit.append(store.connection, "purge", "records", counts)


def erase(store: Store, n: int) -> None:
    """All of one provider goes."""
    with transaction(store.connection):
        provider = ("st-elsewhere", "other", "force", "counts")[n % 4]
        counts = remove_provider(store.connection, provider)
        audit.append(store.connection, "erase", provider, counts)


CHANGES = (
    deliver, correct, withdraw, deliver_other, deliver_crimes, deliver_counts, link, place_anew,
    purge, erase,
)  # fmt: skip


def plain_rows(frame: pd.DataFrame, table: str) -> list[tuple]:
    """Rows of a table of the store in Python's own values, in no order."""
    spec = load_spec(TABLES[table])
    columns = []
    for name in spec.contract:
        kind, values = spec.fields[name].kind, frame[name].astype(object)
        if kind in ("date", "datetime"):
            values = [None if pd.isna(v) else v.to_pydatetime() for v in values]
            values = [v.date() if v is not None and kind == "date" else v for v in values]
        else:
            values = [None if pd.isna(v) else v for v in values]
        columns.append(values)
    return sorted(zip(*columns, strict=True), key=repr)
