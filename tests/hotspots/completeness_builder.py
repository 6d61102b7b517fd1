"""A valid PublishableCompleteness of three invented hospitals, to change one thing of."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pandas as pd

from ed_ingest.completeness import ITEMS
from hotspots.completeness_tables import PublishableCompleteness

HOSPITALS = {
    "marford": "Marford General Hospital",
    "st-teilo": "St Teilo’s Infirmary",
    "royal": "Royal Infirmary",
}
MONTHS = [str(m) for m in pd.period_range("2025-11", "2026-10", freq="M")]
_ROWS = {"marford": 740, "st-teilo": 420, "royal": 450}
_USABLE = {
    "marford": (0.95, 0.93, 0.78, 0.62, 0.95, 0.81, 0.95, 0.95, 0.58, 0.44, 0.36, 0.62, 0.51, 0.0),
    "st-teilo": (0.9, 0.71, 0.41, 0.3, 0.9, 0.38, 0.9, 0.9, 0.0, 0.22, 0.0, 0.3, 0.0, 0.0),
    "royal": (0.94, 0.9, 0.83, 0.7, 0.94, 0.86, 0.94, 0.94, 0.77, 0.81, 0.55, 0.7, 0.92, 0.12),
}
_ASKS = [
    ("st-teilo", "time", "00:00, used for “not known”", 120),
    ("st-teilo", "location", "a town or district only", 150),
    ("st-teilo", "location", "words in which no place was found", 65),
    ("st-teilo", "location", "blank", 30),
    ("st-teilo", "alcohol", "blank", 240),
    ("st-teilo", "alcohol", "a word for “not known”", 55),
    ("st-teilo", "row", "rows that could not be stored: see “why” for each delivery", 30),
    ("marford", "location", "words in which no place was found", 105),
    ("marford", "relationship", "a word for “not known”", 280),
    ("royal", "location", "the kind of place only", 75),
]


def completeness(**changes) -> PublishableCompleteness:
    """What gate 2 might let through for Marford; `changes` replace single fields."""
    base = PublishableCompleteness(
        partnership="Marford",
        marking="OFFICIAL–SENSITIVE",
        period_from=date(2025, 11, 1),
        period_to=date(2026, 10, 31),
        items=items(),
        months=months(),
        asks=asks(),
        n_rows=1610,
        share_complete=0.68,
        share_mapped=0.83,
        n_held_back=35,
        partnership_passed=False,
        usable_share=0.5,
        late_days=31,
        threshold=5,
        rounding="round5",
    )
    return dataclasses.replace(base, **changes)


def items() -> pd.DataFrame:
    rows = [
        {
            "provider": provider, "name": name, "item": item.item, "title": item.title,
            "national_2009": item.national_2009, "n": _ROWS[provider],
            "share_present": min(usable * 1.05, 1.0), "share_valid": usable, "share_usable": usable,
        }
        for provider, name in HOSPITALS.items()
        for item, usable in zip(ITEMS, _USABLE[provider], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"n": "Int64"})


def months() -> pd.DataFrame:
    """All good but one late month, one weak year and two months of which nothing came."""
    rows = []
    for number, (provider, name) in enumerate(HOSPITALS.items()):
        base = (0.74, 0.42, 0.77)[number]
        for i, month in enumerate(MONTHS):
            complete = round(base + 0.05 * np.sin(2 * i + number) + 0.008 * i, 2)
            end = pd.Period(month).end_time.normalize()
            days = 44 if (provider, month) == ("royal", "2026-04") else 8
            row = {
                "provider": provider, "name": name, "month": month, "n": _ROWS[provider] // 60 * 5,
                "share_type": 0.95, "share_time": 0.9, "share_location": complete,
                "share_complete": complete, "received_on": end + pd.Timedelta(days=days),
                "days_after_month": days, "passed": complete >= 0.5 and days <= 31,
            }  # fmt: skip
            if provider == "st-teilo" and month in ("2026-05", "2026-06"):
                nothing = dict.fromkeys([c for c in row if c.startswith("share")], np.nan)
                row |= {**nothing, "n": 0, "received_on": pd.NaT, "days_after_month": pd.NA}
                row["passed"] = False
            rows.append(row)
    table = pd.DataFrame(rows).astype({"n": "Int64", "days_after_month": "Int64"})
    return table.assign(received_on=table["received_on"].astype("datetime64[s]"))


def asks() -> pd.DataFrame:
    titles = {item.item: item.title for item in ITEMS} | {"row": "Whole row"}
    rows = [
        {
            "provider": provider, "name": HOSPITALS[provider], "item": item, "title": titles[item],
            "received_instead": instead, "n": n,
        }
        for provider, item, instead, n in _ASKS
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"n": "Int64"})
