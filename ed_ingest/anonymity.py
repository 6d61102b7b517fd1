"""How many stored assaults are alike in what somebody could know from elsewhere: their k."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# What somebody who saw or heard of an assault could know; with the place, the quasi-identifiers.
KNOWN_ELSEWHERE = ("provider", "night_of", "age_band", "sex")
# The finest place that is stored: the first of these that a record has.
PLACES = (("place_id",), ("easting", "northing"), ("lsoa",))
COLUMNS = (*KNOWN_ELSEWHERE, *(name for names in PLACES for name in names))
# What may be withheld of a record that too few are like, in this order.
WITHHELD = ("sex", "age_band")
FEW = 5
_UNKNOWN = "unknown"


def class_sizes(assaults: pd.DataFrame) -> pd.Series:
    """Count the records that are alike in all quasi-identifiers, for each record: its k.

    The quasi-identifiers are the age band, the sex, the night, the provider and the finest place
    that is stored (known place, else point, else small area). What is not known counts as a value
    of its own: a record is never hidden among those it might be like.

    Parameters
    ----------
    assaults
        ``provider, night_of, age_band, sex, place_id, easting, northing, lsoa`` as the contract has
        them; any may be missing in a row.

    Returns
    -------
    Series
        Whole numbers from 1, named ``k``, on the index of `assaults`.
    """
    columns = [*(assaults[name] for name in KNOWN_ELSEWHERE), _place_numbers(assaults)]
    numbers, n = _numbered(columns, len(assaults))
    counted = np.bincount(numbers, minlength=n)
    return pd.Series(counted[numbers], index=assaults.index, dtype="int64", name="k")


def describe_k(sizes: pd.Series) -> dict[str, int]:
    """Tell how small the classes of some records are.

    Parameters
    ----------
    sizes
        Their k, from `class_sizes`.

    Returns
    -------
    dict
        ``k_smallest`` (0 where there are no records); ``n_k_1``: records that no other is like;
        ``n_k_below_5``: records whose class has fewer than five.
    """
    return {
        "k_smallest": int(sizes.min()) if len(sizes) else 0,
        "n_k_1": int((sizes == 1).sum()),
        "n_k_below_5": int((sizes < FEW).sum()),
    }


def summarise_k(assaults: pd.DataFrame) -> dict[str, float]:
    """Tell the k of a whole table: `describe_k` with ``n_records`` and shares.

    Returns
    -------
    dict
        ``n_records``, ``k_smallest``, ``n_k_1``, ``n_k_below_5``; ``share_k_1`` and
        ``share_k_below_5`` (0 to 1; 0 where there are no records).
    """
    n, told = len(assaults), describe_k(class_sizes(assaults))
    shares = {f"share_{name}": told[f"n_{name}"] / max(n, 1) for name in ("k_1", "k_below_5")}
    return {"n_records": n, **told, **shares}


def k_by_provider(assaults: pd.DataFrame) -> dict[str, Any]:
    """Tell the k of all stored assaults, and of each provider's.

    Returns
    -------
    dict
        ``quasi_identifiers``: names of what was compared; ``all``: `summarise_k` of the table;
        ``providers``: the same by provider id.
    """
    return {
        "quasi_identifiers": ["provider", "night", "place or small area", "age_band", "sex"],
        "all": summarise_k(assaults),
        "providers": {
            str(provider): summarise_k(rows) for provider, rows in assaults.groupby("provider")
        },
    }


def withhold_of_few(assaults: pd.DataFrame, *, k_min: int) -> pd.DataFrame:
    """Withhold the sex, then the age band, of records in classes of fewer than `k_min`.

    Classes change as a whole: first the sex of all records in too small classes becomes unknown;
    then the age band of those whose class is still too small. Time and place are never changed, so
    a class may stay smaller than `k_min`; then it tells neither.

    Parameters
    ----------
    assaults
        As for `class_sizes`.
    k_min
        Least size of a class that may tell sex or age band; 2 or more.

    Returns
    -------
    DataFrame
        ``sex, age_band`` on the index of `assaults`.
    """
    changed = assaults
    for column in WITHHELD:
        few = class_sizes(changed) < k_min
        changed = changed.assign(**{column: changed[column].mask(few, _UNKNOWN)})
    return changed[list(WITHHELD)]


def _place_numbers(assaults: pd.DataFrame) -> pd.Series:
    """A number for each place; equal where the finest place stored is the same. None: -1."""
    places = np.full(len(assaults), -1, dtype=np.int64)
    start = 0
    for names in PLACES:
        here = assaults[list(names)].notna().all(axis=1).to_numpy() & (places < 0)
        numbers, n = _numbered([assaults[name] for name in names], len(assaults))
        places[here] = numbers[here] + start
        start += n
    return pd.Series(places, index=assaults.index)


def _numbered(columns: list[pd.Series], n_rows: int) -> tuple[NDArray[np.int64], int]:
    """A number from 0 for each distinct row of the columns, missing a value like others; how many.

    Numbered anew after each column, so that no product of numbers grows past the rows squared.
    """
    numbers, n = np.zeros(n_rows, dtype=np.int64), 1
    for column in columns:
        codes, distinct = pd.factorize(column, use_na_sentinel=True)
        # -1, the code of what is missing, becomes 0.
        numbers, found = pd.factorize(numbers * (len(distinct) + 1) + codes + 1)
        n = len(found)
    return numbers, n
