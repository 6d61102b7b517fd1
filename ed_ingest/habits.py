"""Habits of recording that hide what is not known: full hours, 00:00, one value for all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ed_ingest.items import is_present, was_midnight, was_one_word
from ed_ingest.levels import HOMES, MAPPED_LEVELS

MINUTES_AN_HOUR = 60
# Items whose codes are counted for one that stands in nearly every row.
CODED = {
    "type": "assault_method", "alcohol": "alcohol", "drugs": "drugs",
    "domestic_abuse": "domestic_abuse", "reported_to_police": "reported_to_police",
    "relationship": "relationship", "assailants": "assailants", "gang_related": "gang_related",
}  # fmt: skip
ONE_VALUE, ONE_PLACE, ONE_TIME = "one_value", "one_place", "one_time"
_AROUND = (-2, -1, 1, 2)  # hours beside the one whose count is judged
COLUMNS = ["provider", "habit", "item", "code", "part", "whole", "expected"]


def habits(assaults: pd.DataFrame, batches: pd.DataFrame) -> pd.DataFrame:
    """Measure how each hospital's values are heaped, repeated or out of order.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of stored assaults.
    batches
        ``provider, n_read, n_duplicate`` of the deliveries.

    Returns
    -------
    DataFrame
        ``provider, habit, item, code, part, whole, expected``: ``part`` of ``whole`` rows, and the
        share (0 to 1) that would be expected of true values, missing where none can be named.

        ``on_the_hour``, ``on_the_half_hour``: of times to the minute; a sixtieth each is expected.
        ``midnight``: of times delivered, exactly 00:00, also where it stood for "not known";
        expected as many as of the four full hours beside it. ``one_time``: the commonest other
        time of day; expected as many as of the same minute of the four hours beside it.
        ``after_arrival``: assaults told as after the arrival, of those with both to the minute.
        ``one_word``: of locations told in words, those of a single word. ``place_found``: of
        locations told, not at a home, those with a specific place: the hit rate. ``one_place``: of
        these, those at the commonest place. ``one_value``: of valid values of an ``item``, those
        with the commonest ``code``. ``duplicate``: of rows received, equal to an earlier one in
        every cell.
    """
    measured = [
        *_of_times(assaults),
        _after_arrival(assaults),
        *_of_places(assaults),
        *(_one_value(assaults, item) for item in CODED),
        _duplicates(batches),
    ]
    table = pd.concat(measured, ignore_index=True).reindex(columns=COLUMNS)
    table = table[table["whole"] > 0].sort_values("provider", kind="stable", ignore_index=True)
    return table.astype({"part": "int64", "whole": "int64", "expected": "float64"})


def _of_times(assaults: pd.DataFrame) -> Iterator[pd.DataFrame]:
    exact = assaults[assaults["time_precision"].eq("minute")]
    past, provider = exact["assault_from"].dt.minute, exact["provider"]
    for habit, minute in (("on_the_hour", 0), ("on_the_half_hour", 30)):
        heaped = _counted(past.eq(minute), provider, habit)
        yield heaped.assign(item="time", expected=1 / MINUTES_AN_HOUR)
    minutes = exact["assault_from"].dt.hour * MINUTES_AN_HOUR + past
    by_minute = pd.crosstab(provider, minutes).reindex(columns=range(24 * 60), fill_value=0)
    delivered = is_present(assaults["items_present"], "time")
    midnight = _counted(
        was_midnight(assaults["items_present"])[delivered],
        assaults.loc[delivered, "provider"],
        "midnight",
    )
    beside = _beside(by_minute)[0].reindex(midnight["provider"]).fillna(0).to_numpy()
    yield midnight.assign(item="time", expected=beside / midnight["whole"].to_numpy())
    if len(by_minute):
        others = by_minute.drop(columns=0)
        commonest = others.idxmax(axis=1)
        places = list(zip(others.index, commonest, strict=True))
        expected = [float(_beside(by_minute).loc[place]) for place in places]
        yield pd.DataFrame(
            {
                "provider": others.index.astype("str"),
                "habit": ONE_TIME,
                "item": "time",
                "part": [others.loc[place] for place in places],
                "whole": by_minute.sum(axis=1).to_numpy(),
                "expected": expected / by_minute.sum(axis=1).to_numpy(),
            }
        )


def _beside(by_minute: pd.DataFrame) -> pd.DataFrame:
    """Mean count of the same minute of the four hours beside each."""
    counts = by_minute.to_numpy(dtype=float)
    mean = np.mean([np.roll(counts, hours * MINUTES_AN_HOUR, axis=1) for hours in _AROUND], axis=0)
    return pd.DataFrame(mean, index=by_minute.index, columns=by_minute.columns)


def _after_arrival(assaults: pd.DataFrame) -> pd.DataFrame:
    # An arrival at exactly midnight may be a date without a time.
    arrived = assaults["arrived_at"]
    both = assaults["time_precision"].eq("minute") & arrived.notna()
    both &= arrived.ne(arrived.dt.normalize())
    rows = assaults[both]
    after = rows["assault_from"] > rows["arrived_at"]
    return _counted(after, rows["provider"], "after_arrival").assign(item="time")


def _of_places(assaults: pd.DataFrame) -> Iterator[pd.DataFrame]:
    masks = assaults["items_present"]
    away = ~assaults["location_type"].isin(HOMES)
    words = is_present(masks, "premises")
    yield _counted(was_one_word(masks)[words], assaults.loc[words, "provider"], "one_word").assign(
        item="location"
    )
    told = away & is_present(masks, "location")
    found = assaults["location_level"].isin(MAPPED_LEVELS)
    yield _counted(found[told], assaults.loc[told, "provider"], "place_found").assign(
        item="location"
    )
    named = assaults[away & found & assaults["place_id"].notna()]
    yield _commonest(named["provider"], named["place_id"]).assign(habit=ONE_PLACE, item="location")


def _one_value(assaults: pd.DataFrame, item: str) -> pd.DataFrame:
    valid = assaults[assaults[CODED[item]].ne("unknown")]
    table = _commonest(valid["provider"], valid[CODED[item]], named=True)
    return table.assign(habit=ONE_VALUE, item=item)


def _commonest(provider: pd.Series, values: pd.Series, *, named: bool = False) -> pd.DataFrame:
    """The value that most rows of a provider have: how many, and of how many."""
    counts = pd.DataFrame({"provider": provider, "code": values}).value_counts().reset_index()
    counts = counts.sort_values(["provider", "count", "code"], ascending=[True, False, True])
    first = counts.drop_duplicates("provider")
    whole = counts.groupby("provider")["count"].sum().reindex(first["provider"]).to_numpy()
    table = first.rename(columns={"count": "part"}).assign(whole=whole)
    return table if named else table.drop(columns="code")


def _duplicates(batches: pd.DataFrame) -> pd.DataFrame:
    sums = batches.groupby("provider", as_index=False)[["n_duplicate", "n_read"]].sum()
    return sums.rename(columns={"n_duplicate": "part", "n_read": "whole"}).assign(habit="duplicate")


def _counted(part: pd.Series, provider: pd.Series, habit: str) -> pd.DataFrame:
    rows = pd.DataFrame({"provider": provider, "part": part.astype("int64"), "whole": 1})
    return rows.groupby("provider", as_index=False)[["part", "whole"]].sum().assign(habit=habit)
