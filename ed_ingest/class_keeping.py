"""The k of what a delivery leaves stored; where the agreement sets a least k, it is kept."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

import pandas as pd

from ed_ingest.anonymity import COLUMNS, WITHHELD, class_sizes, describe_k, withhold_of_few
from ed_ingest.history import ASSAULTS, Changes
from ed_ingest.schema import load_spec
from ed_ingest.store_tables import typed_values

_KEY = ASSAULTS.key


class Kept(NamedTuple):
    """A delivery's changes after small classes were seen to.

    ``stored``: ``event_id`` and new ``sex, age_band`` of rows stored before; ``counts`` for the
    receipt.
    """

    changes: Changes
    stored: pd.DataFrame
    counts: dict[str, int]


def keep_classes(
    connection: sqlite3.Connection, provider: str, changes: Changes, *, k_min: int | None
) -> Kept:
    """Count classes over all that will stand of a provider, and withhold what `k_min` asks.

    Nothing is written. Only records of one provider can be alike, so others need not be read.
    With a least k the whole of the provider's records is looked at, so that afterwards no stored
    record tells sex or age band in a class of fewer: not one whose fellows were taken out, nor one
    stored before the agreement set it. Former versions of rows then keep neither.

    Parameters
    ----------
    connection
        The store, in a transaction.
    provider
        Whose delivery it is.
    changes
        What the delivery changes.
    k_min
        The agreement's least k; None changes no value.

    Returns
    -------
    Kept
        The counts are `describe_k` of the delivery's own rows, ``n_sex_withheld`` and
        ``n_age_band_withheld`` of them, and ``n_earlier_withheld``: rows stored before that lost
        either.
    """
    own = changes.put[[_KEY, *COLUMNS]]
    back = _typed(pd.DataFrame(changes.back, columns=[_KEY, *COLUMNS]))
    earlier = _standing(connection, provider, own if k_min is None else None)
    leaving = {*changes.gone, *own[_KEY], *back[_KEY]}
    earlier = earlier[~earlier[_KEY].isin(leaving)]
    table = pd.concat([part for part in (own, back, earlier) if len(part)] or [own])
    table = table.set_axis(range(len(table)), axis="index")
    n = len(own)
    if k_min is None:
        return Kept(changes, earlier[:0], _told(class_sizes(table)[:n]))
    values = withhold_of_few(table, k_min=k_min)
    sizes = class_sizes(table.assign(**values))
    lost = values.ne(table[list(WITHHELD)])
    stored = pd.concat([table[_KEY], values], axis=1)[n + len(back) :]
    stored = stored[lost[n + len(back) :].any(axis=1)]
    return Kept(
        _with_values(changes, values),
        stored,
        _told(sizes[:n], lost[:n], len(stored)),
    )


def withheld_of_standing(
    connection: sqlite3.Connection, provider: str, *, k_min: int
) -> pd.DataFrame:
    """Stored rows of a provider that lose sex or age band where classes have become too small.

    Returns
    -------
    DataFrame
        ``event_id`` and the new ``sex, age_band``.
    """
    standing = _standing(connection, provider, None)
    values = withhold_of_few(standing, k_min=k_min)
    lost = values.ne(standing[list(WITHHELD)]).any(axis=1)
    return pd.concat([standing[_KEY], values], axis=1)[lost]


def classes_told(sealed: pd.DataFrame, *, k_min: int | None) -> dict[str, int]:
    """What `keep_classes` would tell of a delivery of which nothing is stored yet."""
    if k_min is None:
        return _told(class_sizes(sealed))
    values = withhold_of_few(sealed, k_min=k_min)
    lost = values.ne(sealed[list(WITHHELD)])
    return _told(class_sizes(sealed.assign(**values)), lost)


def _told(sizes: pd.Series, lost: pd.DataFrame | None = None, n_earlier: int = 0) -> dict[str, int]:
    withheld = {
        f"n_{name}_withheld": 0 if lost is None else int(lost[name].sum()) for name in WITHHELD
    }
    return {**describe_k(sizes), **withheld, "n_earlier_withheld": n_earlier}


def _standing(
    connection: sqlite3.Connection, provider: str, own: pd.DataFrame | None
) -> pd.DataFrame:
    """Stored rows of a provider; with `own`, only those that some of these could be like."""
    names = ", ".join(f'"{name}"' for name in (_KEY, *COLUMNS))
    query = f"SELECT {names} FROM {ASSAULTS.table} WHERE provider = ?"  # noqa: S608 (our own names)
    asked = [provider]
    if own is not None:
        nights = own["night_of"].dropna().dt.strftime("%Y-%m-%d")
        query += " AND (night_of IS NULL OR night_of BETWEEN ? AND ?)"
        asked += [nights.min(), nights.max()] if len(nights) else ["", ""]
    return _typed(pd.read_sql_query(query, connection, params=asked))


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    return typed_values(rows, load_spec("ed_assault"))


def _with_values(changes: Changes, values: pd.DataFrame) -> Changes:
    """Put the values into the rows that are to be stored; former versions keep none."""
    n = len(changes.put)
    put = changes.put.assign(**{name: values[name].to_numpy()[:n] for name in WITHHELD})
    told = values[n : n + len(changes.back)].to_dict("records")
    back = [{**row, **new} for row, new in zip(changes.back, told, strict=True)]
    nothing = dict.fromkeys(WITHHELD, "unknown")
    past = [
        (name, batch_id, by, json.dumps({**json.loads(row), **nothing}))
        for name, batch_id, by, row in changes.past
    ]
    return changes._replace(put=put, back=back, past=past)
