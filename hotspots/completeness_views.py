"""What the completeness report shows beside its items: trend, gains, habits, account of rows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from ed_ingest.items import ITEMS
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_trend import trend_words, trends
from hotspots.control_chart import control_chart
from hotspots.publishable_words import LEAST_SHARE_PLACED
from hotspots.words import SUPPRESSED, count_words, is_missing, share_words

View = dict[str, object]

LEVEL_WORDS = {
    "coordinates": "A point on the map",
    "premises": "Named premises",
    "junction": "A junction",
    "street": "A street",
    "postcode": "A postcode",
    "locality": "A town or district only",
    "area": "A postcode district or area only",
    "home": "A home (withheld)",
    "none": "No place found",
}
PRECISION_WORDS = {
    "minute": "To the minute",
    "part_of_day": "Part of the day",
    "date": "Date only",
    "arrival": "No date: the day before arrival",
    "missing": "None",
}
HABIT_WORDS = {
    "on_the_hour": "Times on the full hour",
    "on_the_half_hour": "Times on the half hour",
    "midnight": "Times of exactly 00:00",
    "one_time": "Times that are the commonest one",
    "after_arrival": "Assaults told as after the arrival",
    "one_word": "Locations of a single word",
    "place_found": "Locations told for which a specific place was found",
    "one_place": "Places that are the commonest one",
    "duplicate": "Rows received twice, equal in every cell",
}
LEDGER_WORDS = {
    "n_received": "Received",
    "n_stored": "Stored",
    "n_outdated": "Overtaken by a later delivery",
    "n_held_back": "Held back",
    "n_dropped": "No assault: dropped",
    "n_duplicate": "Duplicate",
}
CHARTED_WORDS = {"type": "Type", "time": "Time", "location": "Place"}


def hospital_lines(found: PublishableCompleteness) -> list[View]:
    """For each hospital how it stands against the test, and what its rows are good for."""
    kept = _kept(found.periods)
    return [
        {
            "name": row["name"],
            "passed": f"{row['months_passed']} of 12",
            "received": f"{row['months_received']} of 12",
            "frequency": kept.get(row["provider"], "no period is over"),
            "complete": share_words(row["share_complete"]),
            "mapped": share_words(row["share_mapped"]),
            "placed": share_words(row["share_placed"]),
            "placed_low": _is_low(row["share_placed"]),
            "linkable": share_words(row["share_linkable"]),
        }
        for row in found.providers.to_dict("records")
    ]


def placed_warning(found: PublishableCompleteness) -> str:
    """A sentence where too few places are found for a map; empty where that is not so."""
    names = [row["name"] for row in hospital_lines(found) if row["placed_low"]]
    if not names and not _is_low(found.share_placed):
        return ""
    whose = f" of {listed([str(name) for name in names])}" if names else ""
    return (
        f"Fewer than {LEAST_SHARE_PLACED:.0%} of the assaults{whose} that were not at a home could "
        "be placed: below that a map may mislead (Ratcliffe 2004), and every map made from them "
        "says so."
    )


def trend_views(found: PublishableCompleteness) -> list[View]:
    """For each hospital its chart of complete rows, and sentences on type, time and place."""
    every = trends(found.history, found.events)
    views = []
    for row in found.providers.to_dict("records"):
        own = every[every["provider"] == row["provider"]]
        events = found.events[found.events["provider"] == row["provider"]]
        whole = own[own["item"] == "complete"].reset_index(drop=True)
        views.append(
            {
                "name": row["name"],
                "chart": control_chart(whole, events) if len(whole) else None,
                "sentence": trend_words(whole),
                "others": [
                    (words, trend_words(own[own["item"] == item]))
                    for item, words in CHARTED_WORDS.items()
                ],
                "trial": bool((whole["trial"].astype(bool) & whole["mean"].notna()).tail(1).any()),
            }
        )
    return views


def gain_views(found: PublishableCompleteness, provider: str) -> list[View]:
    """The changes that would make most rows complete, with what each adds."""
    own = found.gains[found.gains["provider"] == provider]
    return [
        {
            "rank": row["rank"],
            "words": f"{row['words'][:1].upper()}{row['words'][1:]}",
            "whom": "the hospital" if row["whom"] == "hospital" else "you",
            "a_year": f"+{count_words(row['n_added'])}" if row["n_added"] else "with the next",
            "a_month": "" if is_missing(row["n_a_month"]) else f"+{count_words(row['n_a_month'])}",
            "alone": f"+{count_words(row['n_alone'])}" if row["n_alone"] else "0",
        }
        for row in own.to_dict("records")
    ]


def told_rows(found: PublishableCompleteness, item: str, block: Sequence[View]) -> list[View]:
    """Shares by level of place, or precision of time, a row for each that somebody has."""
    words = LEVEL_WORDS if item == "location" else PRECISION_WORDS
    own = found.told[found.told["item"] == item].set_index(["provider", "code"])["share"]
    rows: list[View] = []
    for code, title in words.items():
        shares = [own.get((str(h["provider"]), code)) for h in block]
        if any(not is_missing(share) and share for share in shares):
            rows.append({"title": title, "cells": [share_words(share) for share in shares]})
    return rows


def habit_rows(found: PublishableCompleteness, block: Sequence[View]) -> list[View]:
    """Each habit with its share in each hospital, what would be expected, and whether it is odd."""
    own = found.habits[found.habits["habit"].isin(list(HABIT_WORDS))]
    rows = own.to_dict("records")
    lines = {(str(row["provider"]), str(row["habit"])): row for row in rows}
    return [
        {
            "title": title,
            "cells": [_habit_cell(lines.get((str(h["provider"]), habit))) for h in block],
        }
        for habit, title in HABIT_WORDS.items()
    ]


def one_value_sentences(found: PublishableCompleteness) -> list[str]:
    """Items in which nearly every row has the same value: perhaps nobody asks."""
    odd = found.habits[found.habits["habit"].eq("one_value") & found.habits["odd"]]
    titles = {item.item: item.title for item in ITEMS}
    return [
        f"{row['name']}: {titles[row['item']]} is “{str(row['code']).replace('_', ' ')}” in "
        f"{share_words(row['share'])} of its values. Is it filled in without asking?"
        for row in odd.to_dict("records")
    ]


def ledger_rows(found: PublishableCompleteness, block: Sequence[View]) -> list[View]:
    """Rows received of each hospital, and what became of them; what is shown adds up."""
    sums = found.ledger.groupby("provider")[list(LEDGER_WORDS)].sum()
    return [
        {
            "title": title,
            "cells": [
                count_words(sums[name].get(str(hospital["provider"]), 0)) for hospital in block
            ],
            "whole": name == "n_received",
        }
        for name, title in LEDGER_WORDS.items()
    ]


def period_sentences(found: PublishableCompleteness) -> list[str]:
    """Which agreed periods came late or not at all, hospital by hospital."""
    sentences = []
    for name, own in found.periods.groupby("name", sort=False):
        missing = own[own["state"] == "missing"]
        if len(missing):
            sentences.append(f"{name}: nothing received of {listed(_few(missing['words']))}.")
        late = own[own["state"] == "late"]
        if len(late):
            days = late["days_after"].astype("str")
            told = late["words"] + " (" + days + " days after its end)"
            sentences.append(f"{name}: came late: {listed(_few(told))}.")
    return sentences


def listed(words: Sequence[str]) -> str:
    """Words as people list them: the last with ``and``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _few(words: pd.Series, most: int = 6) -> list[str]:
    every = [str(word) for word in words]
    return every if len(every) <= most else [*every[:most], f"{len(every) - most} more"]


def _kept(periods: pd.DataFrame) -> dict[str, str]:
    """How many agreed periods came in time, by provider."""
    words = {}
    for provider, own in periods.groupby("provider"):
        in_time = int(own["state"].eq("kept").sum())
        words[str(provider)] = f"{own['frequency'].iloc[0]}: {in_time} of {len(own)} in time"
    return words


def _is_low(share: float | None) -> bool:
    return not is_missing(share) and float(share or 0) < LEAST_SHARE_PLACED


def _habit_cell(row: Mapping[Hashable, Any] | None) -> View:
    if row is None or is_missing(row["share"]):
        return {"share": SUPPRESSED if row else "none", "expected": "", "odd": False}
    expected = "" if is_missing(row["expected"]) else f"expected {share_words(row['expected'])}"
    return {"share": share_words(row["share"]), "expected": expected, "odd": bool(row["odd"])}
