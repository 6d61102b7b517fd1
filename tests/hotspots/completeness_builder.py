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
        providers=providers(),
        items=items(),
        months=months(),
        history=history(),
        asks=asks(),
        gains=gains(),
        told=told(),
        habits=habits(),
        ledger=ledger(),
        periods=periods(),
        events=events(),
        n_rows=1610,
        share_complete=0.68,
        share_mapped=0.83,
        share_placed=0.86,
        share_linkable=0.79,
        n_held_back=35,
        partnership_passed=False,
        partnership_received=False,
        received_by_any=True,
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
                "received": days <= 31,
            }  # fmt: skip
            if provider == "st-teilo" and month in ("2026-05", "2026-06"):
                nothing = dict.fromkeys([c for c in row if c.startswith("share")], np.nan)
                row |= {**nothing, "n": 0, "received_on": pd.NaT, "days_after_month": pd.NA}
                row["passed"] = row["received"] = False
            rows.append(row)
    table = pd.DataFrame(rows).astype({"n": "Int64", "days_after_month": "Int64"})
    return table.assign(received_on=table["received_on"].astype("datetime64[s]"))


def providers() -> pd.DataFrame:
    complete, placed = (0.74, 0.42, 0.77), (0.91, 0.62, 0.93)
    rows = [
        {
            "provider": provider, "name": name, "n": _ROWS[provider],
            "share_complete": complete[i], "share_mapped": placed[i] - 0.08,
            "share_placed": placed[i], "share_linkable": placed[i] - 0.12,
            "months_passed": (12, 2, 11)[i], "months_received": (12, 10, 11)[i],
            "frequency": ("monthly", "quarterly", "monthly")[i],
        }
        for i, (provider, name) in enumerate(HOSPITALS.items())
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"n": "Int64"})


def history() -> pd.DataFrame:
    """Two years: Marford's are usual, St Teilo's better since May 2026, the Royal's fell once."""
    every = [str(m) for m in pd.period_range("2024-11", "2026-10", freq="M")]
    rows = []
    for number, (provider, name) in enumerate(HOSPITALS.items()):
        for item, add in (("complete", 0.0), ("type", 0.2), ("time", 0.1), ("location", 0.02)):
            for i, month in enumerate(every):
                share = (0.70, 0.42, 0.75)[number] + add + 0.03 * (-1) ** i
                share += 0.18 if provider == "st-teilo" and month >= "2026-05" else 0.0
                share -= 0.3 if provider == "royal" and month == "2026-04" else 0.0
                gap = provider == "st-teilo" and month in ("2026-05", "2026-06")
                rows.append(
                    {"provider": provider, "name": name, "item": item, "month": month,
                     "share_usable": np.nan if gap else round(min(share, 1.0), 2)}
                )  # fmt: skip
    return pd.DataFrame(rows)


def gains() -> pd.DataFrame:
    rows = [
        ("st-teilo", 1, "location", "hospital", "ask for the name of the premises", 95, 95, 8),
        ("st-teilo", 2, "time", "hospital", "ask for the time of the assault", 30, 65, 5),
        ("st-teilo", 3, "location", "partnership", "answer “places review”", 15, 25, None),
        ("marford", 1, "location", "hospital", "ask for the name of the street", 60, 60, 5),
    ]
    columns = ["provider", "rank", "item", "whom", "words", "n_alone", "n_added", "n_a_month"]
    table = pd.DataFrame(rows, columns=columns).astype({"n_a_month": "Int64"})
    table.insert(1, "name", table["provider"].map(HOSPITALS))
    return table


def told() -> pd.DataFrame:
    shares = {
        "location": {"premises": 0.31, "street": 0.3, "locality": 0.1, "home": 0.2, "none": 0.09,
                     "area": 0.0},
        "time": {"minute": 0.7, "part_of_day": 0.1, "date": 0.2, "missing": 0.0},
    }  # fmt: skip
    return pd.DataFrame(
        [
            {"provider": p, "name": name, "item": item, "code": code, "share": share}
            for p, name in HOSPITALS.items()
            for item, codes in shares.items()
            for code, share in codes.items()
        ]
    )


def habits() -> pd.DataFrame:
    rows = [
        ("on_the_hour", "time", None, 0.31, 0.02, True),
        ("midnight", "time", None, 0.02, 0.03, False),
        ("place_found", "location", None, 0.8, None, False),
        ("one_value", "gang_related", "no", 0.99, None, True),
        ("duplicate", None, None, 0.01, None, False),
    ]
    columns = ["habit", "item", "code", "share", "expected", "odd"]
    table = pd.DataFrame(rows, columns=columns).merge(
        pd.DataFrame({"provider": list(HOSPITALS), "name": list(HOSPITALS.values())}), how="cross"
    )
    return table[["provider", "name", *columns]]


def ledger() -> pd.DataFrame:
    parts = {"n_stored": 60, "n_outdated": 0, "n_held_back": 5, "n_dropped": 10, "n_duplicate": 5}
    return pd.DataFrame(
        [
            {"provider": p, "name": name, "month": month, "n_received": 80, **parts}
            for p, name in HOSPITALS.items()
            for month in MONTHS
        ]
    )


def periods() -> pd.DataFrame:
    rows = []
    for provider, name in HOSPITALS.items():
        for month in MONTHS:
            first, state = pd.Period(month), "kept"
            if (provider, month) == ("royal", "2026-04"):
                state = "late"
            if provider == "st-teilo" and month in ("2026-05", "2026-06"):
                state = "missing"
            days = {"kept": 8, "late": 44, "missing": pd.NA}[state]
            end = first.end_time.normalize()
            rows.append(
                {"provider": provider, "name": name, "frequency": "monthly",
                 "period_from": first.start_time, "period_to": end, "words": f"{end:%B %Y}",
                 "received_on": pd.NaT if state == "missing" else end + pd.Timedelta(days=days),
                 "days_after": days, "state": state}
            )  # fmt: skip
    return pd.DataFrame(rows).astype({"days_after": "Int64"})


def events() -> pd.DataFrame:
    rows = [("st-teilo", "2026-03", "Training day at the desk", False)]
    table = pd.DataFrame(rows, columns=["provider", "month", "event", "new_limits"])
    table.insert(1, "name", table["provider"].map(HOSPITALS))
    return table


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
