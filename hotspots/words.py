"""Figures, dates and the tables of a map or brief in the words that people read."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from hotspots.publishable import Publishable

SUPPRESSED = "[c]"
NOT_KNOWN = "not known"
NIGHTS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BANDS = ("06–09", "09–12", "12–15", "15–18", "18–21", "21–00", "00–03", "03–06")
# Bands that fall on the calendar day after the night's own.
NEXT_DAY_BANDS = (6, 7)
SHADES = 6
# As many hot spots as one sheet of paper shows; the rest are in the analyst's tables.
MOST_HOT_SPOTS = 10
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROUNDING = {
    "round5": "Counts are rounded to the nearest {base}; 1 to {last} are shown as {base}.",
    "suppress_lt5": "Counts under {threshold} are not shown ({mark}); those of hot spots, of "
    "mapped assaults and of some tables are rounded to the nearest {base} instead: exact ones "
    "would give small ones away.",
}


def count_words(n: float | None) -> str:
    """A count as people write it; ``[c]`` (held back, too few) where it is missing."""
    return SUPPRESSED if is_missing(n) else f"{n:,.0f}"


def share_words(share: float | None) -> str:
    """A share (0 to 1) as a whole per cent."""
    return NOT_KNOWN if is_missing(share) else f"{100 * float(share or 0):.0f}%"


def interval_words(low: float | None, high: float | None) -> str:
    """An interval of counts; empty where either end is missing."""
    return "" if is_missing(low) or is_missing(high) else f"{low:,.0f}–{high:,.0f}"


def share_interval_words(share: float | None, low: float | None, high: float | None) -> str:
    """A share with its interval where that is known: ``59% (54–63%)``."""
    if is_missing(share) or is_missing(low) or is_missing(high):
        return share_words(share)
    return f"{share_words(share)} ({100 * float(low or 0):.0f}–{share_words(high)})"


def chance_words(rate: float | None) -> str:
    """The share that is found by chance alone; empty where it is not known."""
    if is_missing(rate):
        return ""
    return "under 1%" if float(rate or 0) < 0.01 else share_words(rate)


def home_words(n_home: int | None) -> str:
    """That assaults at homes are never placed; with their number where it may be told."""
    told = "those" if n_home is None else count_words(n_home)
    return f"{told} at homes are never placed"


def month_words(month: str) -> str:
    """A month written as ``YYYY-MM`` in words: ``Mar 2026``."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def period_words(first: date, last: date) -> str:
    """The nights from `first` to `last`: whole months without days of the month."""
    whole = first.day == 1 and bool(pd.Timestamp(last).is_month_end)
    texts = [_month_words(day) if whole else _day_words(day) for day in (first, last)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} – {texts[1]}"


def band_words(night: int, band: int) -> str:
    """A night and band as people say it: ``Sat night, 00–03 (Sun)``; ``Sat, 12–15`` by day."""
    if band in NEXT_DAY_BANDS:
        return f"{NIGHTS[night]} night, {BANDS[band]} ({NIGHTS[(night + 1) % 7]})"
    return f"{NIGHTS[night]}{' night' if band >= 4 else ''}, {BANDS[band]}"


def heat_rows(night_bands: pd.DataFrame) -> list[dict[str, object]]:
    """The nights × bands table: for each night its name and 8 cells with text and shade.

    Parameters
    ----------
    night_bands
        ``night`` (0 Monday .. 6 Sunday), ``band`` (0 is 06–09 .. 7 is 03–06), ``n`` (missing
        where held back).

    Returns
    -------
    list
        ``name`` and ``cells`` of ``text, shade``: 0 (none or not shown) to `SHADES` (the most).
    """
    counts = dict(
        zip(
            zip(night_bands["night"], night_bands["band"], strict=True),
            night_bands["n"],
            strict=True,
        )
    )
    most = max((n for n in counts.values() if not is_missing(n)), default=0)
    return [
        {
            "name": name,
            "cells": [_heat_cell(counts.get((night, band)), most) for band in range(len(BANDS))],
        }
        for night, name in enumerate(NIGHTS)
    ]


def coverage_words(publishable: Publishable) -> str:
    """The line under a title: the nights, how many were recorded and mapped, and the homes."""
    period = period_words(publishable.period_from, publishable.period_to)
    mapped, recorded = count_words(publishable.n_mapped), count_words(publishable.n_recorded)
    share = share_words(publishable.share_mapped)
    homes = f"; {home_words(publishable.n_home)}" if publishable.n_home != 0 else ""
    return f"{period} · {mapped} of {recorded} assaults mapped ({share}){homes}"


def headline(publishable: Publishable) -> str:
    """The message in one or two sentences, from the published figures alone.

    A rank or a peak is claimed only where the rounded figures bear it out: no peak is named when
    two bands share the highest figure.
    """
    parts = []
    names = list(publishable.hot_spots.sort_values("rank")["name"].head(3))
    if names:
        listed = "; ".join(f"{rank} {name}" for rank, name in enumerate(names, start=1))
        parts.append(f"Most assaults: {listed}.")
    if peak := busiest(publishable.night_bands):
        parts.append(f"Busiest: {peak}.")
    if not is_missing(publishable.share_not_found):
        share = share_words(publishable.share_not_found)
        parts.append(f"No matching police record found for {share} of those checked.")
    return " ".join(parts)


def busiest(night_bands: pd.DataFrame) -> str:
    """The one night and band with the highest count, in words; empty where there is none."""
    known = night_bands[night_bands["n"].notna()]
    top = known[known["n"] == known["n"].max()]
    if len(top) != 1 or not top["n"].iloc[0] > 0:
        return ""
    return band_words(int(top["night"].iloc[0]), int(top["band"].iloc[0]))


def rounding_words(publishable: Publishable) -> str:
    """How small numbers were treated."""
    base = max(5, publishable.threshold)
    return ROUNDING[publishable.rounding].format(
        base=base,
        last=math.ceil(1.5 * base) - 1,
        threshold=publishable.threshold,
        mark=SUPPRESSED,
    )


def is_missing(value: float | None) -> bool:
    """Whether a figure is absent: None, NaN or NA."""
    return value is None or bool(pd.isna(value))


def _heat_cell(n: float | None, most: float) -> dict[str, object]:
    shade = 0 if is_missing(n) or not n else math.ceil(SHADES * n / most)
    return {"text": count_words(n), "shade": shade}


def _month_words(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _day_words(day: date) -> str:
    return f"{day.day} {_month_words(day)}"
