"""Rows that a delivery replaces, takes out or brings back, kept with what they were before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ed_ingest.deliveries import Claim, Settled, period_of, settle
from ed_ingest.store_tables import plain_values


class Kind(NamedTuple):
    """A table whose rows are replaced: its key, its moment, and where the delivered name stands."""

    table: str
    key: str
    moment: str
    delivered: str
    numbered: str


ASSAULTS = Kind("assaults", "event_id", "arrived_at", "delivered_id", "numbered")
COUNTS = Kind("assault_counts", "count_id", "period_from", "count_id", "1")


class Changes(NamedTuple):
    """What one delivery changes.

    ``put``: its rows that are to be stored; ``back``: rows stored before that stand again or have
    another key; ``gone``: keys to be taken out; ``past``: ``event_id, batch_id, by_batch_id, row``
    for the history; ``counts`` for the receipt; ``covered``: batches all of whose days were sent
    again.
    """

    put: pd.DataFrame
    back: list[dict[str, object]]
    gone: list[str]
    past: list[tuple[str, str, str, str]]
    counts: dict[str, int]
    covered: set[str]


def work_out(
    connection: sqlite3.Connection,
    kind: Kind,
    *,
    provider: str,
    batch_id: str,
    received_at: str,
    rows: pd.DataFrame,
    withdrawn: Sequence[str] = (),
) -> Changes:
    """Tell what a delivery changes among the rows of its provider; nothing is written.

    Parameters
    ----------
    connection
        The store, in a transaction.
    kind
        Which table.
    provider, batch_id, received_at
        Of the delivery; the time as the store writes it.
    rows
        What it holds, with every column of the table.
    withdrawn
        Names of attendances that it says are no assaults, or must be mended.
    """
    if _is_all_new(connection, kind, provider, received_at, rows, withdrawn):
        return Changes(rows, [], [], [], _counted(len(rows)), set())
    claims = _known_claims(connection, kind, provider)
    claims += _claims_of(rows, kind)
    claims += [Claim(batch_id, name, None, True, False) for name in withdrawn]
    claims.sort(key=lambda claim: (claim.batch_id, claim.delivered_id))
    order = _batches_in_order(connection, provider, batch_id, received_at)
    settled = settle(claims, order, of_days=kind is ASSAULTS)
    return _changes(connection, kind, provider, batch_id, rows, claims, settled)


def keep_past(
    connection: sqlite3.Connection, kind: Kind, provider: str, audit: int, changes: Changes
) -> None:
    """Write the former versions of rows, tied to the audit entry of the change."""
    connection.executemany(
        "INSERT INTO superseded (audit, record, provider, event_id, batch_id, by_batch_id, row)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((audit, kind.table, provider, *past) for past in changes.past),
    )


def _claims_of(rows: pd.DataFrame, kind: Kind) -> list[Claim]:
    numbered = rows[kind.numbered].astype(bool) if kind is ASSAULTS else [True] * len(rows)
    return [
        Claim(batch_id, name, None if pd.isna(moment) else moment, by_number, True)
        for batch_id, name, moment, by_number in zip(
            rows["batch_id"], rows[kind.delivered], rows[kind.moment], numbered, strict=True
        )
    ]


def _is_all_new(
    connection: sqlite3.Connection,
    kind: Kind,
    provider: str,
    received_at: str,
    rows: pd.DataFrame,
    withdrawn: Sequence[str],
) -> bool:
    """Whether a delivery touches nothing stored: the usual month, without playing all again."""
    later = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM batches WHERE provider = ? AND received_at > ?)",
        (provider, received_at),
    ).fetchone()[0]
    moments = rows[kind.moment].dropna()
    period = period_of([moments.min(), moments.max()]) if len(moments) else None
    first, last = (f"{period[0]:%Y-%m-%d}", f"{period[1]:%Y-%m-%d %H:%M}") if period else ("", "")
    nearby = connection.execute(
        f"SELECT EXISTS (SELECT 1 FROM {kind.table} WHERE provider = ?"  # noqa: S608
        f" AND {kind.moment} >= ? AND {kind.moment} < ?)",
        (provider, first, last),
    ).fetchone()[0]
    if later or nearby:
        return False
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM incoming")
    connection.executemany(
        "INSERT OR IGNORE INTO incoming VALUES (?)",
        ((name,) for name in (*rows[kind.delivered], *withdrawn)),
    )
    known = connection.execute(
        # CROSS JOIN: in this order. Else all that is stored is gone through.
        f"SELECT EXISTS (SELECT 1 FROM incoming CROSS JOIN {kind.table}"  # noqa: S608
        f" ON {kind.key} = id)"
    ).fetchone()[0]
    return not known


def _known_claims(connection: sqlite3.Connection, kind: Kind, provider: str) -> list[Claim]:
    """All that the provider ever delivered: what stands, what was overruled, what it withdrew."""
    stored = connection.execute(
        f"SELECT batch_id, {kind.delivered}, {kind.moment}, {kind.numbered}, 1"  # noqa: S608
        f" FROM {kind.table} WHERE provider = :provider"
        " UNION SELECT batch_id, row ->> :delivered, row ->> :moment, row ->> :numbered, 1"
        " FROM superseded WHERE provider = :provider AND record = :table"
        " UNION SELECT batch_id, event_id, NULL, 1, 0"
        " FROM withdrawn JOIN batches USING (batch_id)"
        " WHERE provider = :provider AND :table = 'assaults'",
        {
            "provider": provider,
            "table": kind.table,
            "delivered": kind.delivered,
            "moment": kind.moment,
            "numbered": kind.numbered,
        },
    ).fetchall()
    table = pd.DataFrame(stored, columns=list(Claim._fields))
    moments = pd.to_datetime(table["arrived_at"], format="ISO8601")
    return [
        Claim(
            batch_id,
            delivered_id,
            None if pd.isna(moment) else moment,
            None if kind is ASSAULTS and numbered is None else bool(numbered or kind is COUNTS),
            bool(told),
        )
        for (batch_id, delivered_id, _, numbered, told), moment in zip(stored, moments, strict=True)
    ]


def _batches_in_order(
    connection: sqlite3.Connection, provider: str, batch_id: str, received_at: str
) -> list[str]:
    """The provider's batches as they were received; of one minute, as they were taken."""
    known = connection.execute(
        "SELECT received_at, rowid, batch_id FROM batches WHERE provider = ?", (provider,)
    ).fetchall()
    last = max((row[1] for row in known), default=0) + 1
    return [row[2] for row in sorted([*known, (received_at, last, batch_id)])]


def _changes(
    connection: sqlite3.Connection,
    kind: Kind,
    provider: str,
    batch_id: str,
    rows: pd.DataFrame,
    claims: list[Claim],
    settled: Settled,
) -> Changes:
    before = _standing_before(connection, kind, provider)
    withdrawing = {c.delivered_id for c in claims if c.batch_id == batch_id and not c.stored}
    own: dict[str, tuple[str, str]] = {}
    changes = Changes(rows, [], [], [], _counted(0), settled.covered)
    for claim, event_id, by, resent in zip(
        claims, settled.event_id, settled.by, settled.resent, strict=True
    ):
        if not claim.stored:
            continue
        stood = before.get((claim.batch_id, claim.delivered_id))
        if claim.batch_id == batch_id:
            own[claim.delivered_id] = (event_id, by)
        elif stood is None and not by:
            row = _past_row(connection, kind, provider, claim)
            changes.back.append({**row, kind.key: event_id})
        elif stood is not None and (by or stood != event_id):
            row = _stored_row(connection, kind, stood)
            changes.gone.append(stood)
            if by:
                changes.past.append((stood, claim.batch_id, by, json.dumps(row)))
                changes.counts[_kind_of_change(resent, event_id in withdrawing)] += 1
            else:
                changes.back.append({**row, kind.key: event_id})
    return _with_own(changes, kind, own)


def _with_own(changes: Changes, kind: Kind, own: dict[str, tuple[str, str]]) -> Changes:
    """Part the delivery's own rows into those that stand, and those that were overruled before."""
    rows = changes.put
    told = [own[name] for name in rows[kind.delivered]]
    stands = pd.Series([not by for _, by in told], index=rows.index, dtype=bool)
    keys = pd.Series([event_id for event_id, _ in told], index=rows.index, dtype="str")
    overruled = plain_values(rows[~stands])
    names = [str(name) for name in overruled.columns]
    for (event_id, by), row in zip(
        [each for each in told if each[1]], overruled.itertuples(index=False), strict=True
    ):
        text = json.dumps(dict(zip(names, row, strict=True)))
        changes.past.append((event_id, str(rows["batch_id"].iloc[0]), by, text))
    changes.counts["n_outdated"] = len(overruled)
    changes.counts["n_stored"] = int(stands.sum())
    return changes._replace(put=rows.assign(**{kind.key: keys})[stands])


def _kind_of_change(resent: bool, withdrawn: bool) -> str:
    if resent:
        return "n_superseded"
    return "n_withdrawn" if withdrawn else "n_replaced"


def _counted(n_stored: int) -> dict[str, int]:
    others = ("n_replaced", "n_withdrawn", "n_superseded", "n_outdated")
    return {"n_stored": n_stored, **dict.fromkeys(others, 0)}


def _standing_before(
    connection: sqlite3.Connection, kind: Kind, provider: str
) -> dict[tuple[str, str], str]:
    """Batch and delivered name of each stored row -> its key."""
    rows = connection.execute(
        f"SELECT batch_id, {kind.delivered}, {kind.key} FROM {kind.table}"  # noqa: S608
        " WHERE provider = ?",
        (provider,),
    )
    return {(batch_id, delivered): key for batch_id, delivered, key in rows}


def _stored_row(connection: sqlite3.Connection, kind: Kind, key: str) -> dict[str, object]:
    cursor = connection.execute(f"SELECT * FROM {kind.table} WHERE {kind.key} = ?", (key,))  # noqa: S608
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _past_row(
    connection: sqlite3.Connection, kind: Kind, provider: str, claim: Claim
) -> dict[str, object]:
    """The newest former version of a row that a batch delivered."""
    found = connection.execute(
        "SELECT row FROM superseded WHERE provider = ? AND record = ? AND batch_id = ?"
        " AND row ->> ? = ? ORDER BY number DESC LIMIT 1",
        (provider, kind.table, claim.batch_id, kind.delivered, claim.delivered_id),
    ).fetchone()
    row: dict[str, object] = json.loads(found[0])
    return row


def withhold_past(
    connection: sqlite3.Connection, keys: Sequence[str], private: Sequence[str]
) -> None:
    """Empty the `private` columns of former versions of assaults that turned out to be at homes."""
    emptied = ", ".join(f"'$.{name}', NULL" for name in private)
    connection.executemany(
        f"UPDATE superseded SET row = json_set(row, {emptied}, "  # noqa: S608 (our own names)
        "'$.location_level', 'withheld') WHERE record = ? AND event_id = ?",
        ((ASSAULTS.table, key) for key in keys),
    )


def forget_past(connection: sqlite3.Connection, provider: str, names: Sequence[str]) -> None:
    """Set columns of all former versions of a provider's assaults to unknown."""
    unknown = ", ".join(f"'$.{name}', 'unknown'" for name in names)
    connection.execute(
        f"UPDATE superseded SET row = json_set(row, {unknown}) "  # noqa: S608 (our own names)
        "WHERE record = ? AND provider = ?",
        (ASSAULTS.table, provider),
    )
