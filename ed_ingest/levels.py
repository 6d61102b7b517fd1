"""Which types of location are homes, and which levels of location have a point to draw."""

from __future__ import annotations

import pandas as pd

HOMES = ("own_home", "other_home")
MAPPED_LEVELS = ("coordinates", "premises", "postcode", "junction", "street")
# Of these a person may know more: the words name no place, or one that is too large to draw.
UNPLACED_LEVELS = ("none", "locality", "area")


def may_be_homes(records: pd.DataFrame) -> pd.Series:
    """Whether the type does not tell that a record is of no home, and something hints that it is.

    Parameters
    ----------
    records
        ``location_type``; and, where delivered, ``domestic_abuse, relationship`` and
        ``type_unread``: whether the type came in words or codes that were not understood.

    Returns
    -------
    Series
        True where the type is unknown and it was domestic, by a partner or relative, or the type
        was not understood.
    """
    nothing = pd.Series("", index=records.index, dtype="str")
    hint = records.get("domestic_abuse", nothing).eq("yes")
    hint |= records.get("relationship", nothing).isin(("partner_or_ex", "family"))
    if "type_unread" in records:
        hint |= records["type_unread"]
    return hint & records["location_type"].eq("unknown")
