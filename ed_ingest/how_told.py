"""At which level hospitals tell the place of an assault, and how precisely the time."""

from __future__ import annotations

import pandas as pd

from ed_ingest.levels import HOMES

HOME = "home"
# From the best to none; a home is specific, and withheld.
PLACE_LEVELS = ("coordinates", "premises", "junction", "street", "postcode", "locality", "area",
                HOME, "none")  # fmt: skip
TIME_PRECISIONS = ("minute", "part_of_day", "date", "arrival", "missing")


def how_told(assaults: pd.DataFrame, providers: list[str]) -> pd.DataFrame:
    """Count stored rows by level of place and precision of time.

    Parameters
    ----------
    assaults
        Contract columns.
    providers
        To tell of, each with every level.

    Returns
    -------
    DataFrame
        ``provider, item`` (``location`` or ``time``), ``code`` (of `PLACE_LEVELS` or
        `TIME_PRECISIONS`), ``n``: those of one provider and item add up to its stored rows.
    """
    home = assaults["location_type"].isin(HOMES) | assaults["location_level"].eq("withheld")
    places = assaults["location_level"].mask(home, HOME)
    both = (
        ("location", places, PLACE_LEVELS),
        ("time", assaults["time_precision"], TIME_PRECISIONS),
    )
    tables = []
    for item, codes, order in both:
        keys = pd.MultiIndex.from_product([providers, order], names=["provider", "code"])
        counted = pd.DataFrame({"provider": assaults["provider"], "code": codes}).value_counts()
        table = counted.reindex(keys, fill_value=0).rename("n").reset_index()
        tables.append(table.assign(item=item))
    told = pd.concat(tables, ignore_index=True)[["provider", "item", "code", "n"]]
    return told.sort_values(["provider", "item"], kind="stable", ignore_index=True)
