"""What gate 2 held back, told for machines: which rule, in which table, how much and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from hotspots.publishable import HeldBack, Publishable
from hotspots.small_numbers import Method, Rules, is_rounded_instead
from hotspots.tables import Findings


def held_back(
    findings: Findings,
    shown: Publishable,
    rules: Rules,
    *,
    agreed: Method,
    beside: Sequence[str] = (),
) -> tuple[HeldBack, ...]:
    """List what is in the findings and not in what may be shown of them.

    Only how much was left out is told, never how large it was. A table of which nothing was held
    back is not listed.

    Parameters
    ----------
    findings
        Exact.
    shown
        What was let through of them.
    rules
        By which.
    agreed
        The method that the agreement names; `rules` may hold another.
    beside
        Earlier packs that count some of the same nights.
    """
    few = f"fewer than {rules.threshold}"
    found = [
        *_rounded_instead(findings, shown, rules, agreed, beside),
        *_counts(shown, f"{few} could be worked out from what is shown"),
        *_rows(findings, shown, f"{few} incidents"),
        *_premises(findings, shown, rules),
        *_themes(shown, few),
        HeldBack(
            "too_few_in_reach",
            "density",
            None,
            f"{few} incidents within {findings.bandwidth_m:g} m, or a small patch by itself",
        ),
        HeldBack("home", "hotspots", None, "assaults at homes are counted and never placed"),
    ]
    return tuple(each for each in found if each.cells != 0)


def _rounded_instead(
    findings: Findings, shown: Publishable, rules: Rules, agreed: Method, beside: Sequence[str]
) -> Iterator[HeldBack]:
    """Tables that the agreement would let show exact counts, and that show rounded ones."""
    if agreed != rules.method:
        packs = ", ".join(beside)
        yield HeldBack(
            "earlier_pack",
            "all",
            None,
            f"rounded, as these packs count some of the nights: {packs}",
        )
    tables = {
        "providers": (findings.providers["n_recorded"], shown.providers["n_recorded"]),
        # Shown in another order, on the same index.
        "methods": (findings.methods["n"], shown.methods["n"].sort_index()),
        "location_types": (findings.location_types["n"], shown.location_types["n"].sort_index()),
        "nights": (findings.night_bands["n"], shown.night_bands["n"]),
        "areas": (findings.areas["n_assaults"], shown.areas["n_assaults"]),
    }
    for name, (exact, told) in tables.items():
        if is_rounded_instead(exact, told, rules.method):
            why = f"exact counts would give away fewer than {rules.threshold}"
            yield HeldBack("rounded_instead", name, len(told), why)


def _counts(shown: Publishable, why: str) -> Iterator[HeldBack]:
    """Counts that are missing in tables that show every row."""
    tables = {
        "providers": shown.providers,
        "methods": shown.methods,
        "location_types": shown.location_types,
        "nights": shown.night_bands,
        "areas": shown.areas,
        "change": None if shown.change is None else shown.change.hot_spots,
        "compared_hot_spots": shown.compared_hot_spots,
        "special_nights": shown.special_nights,
        "near_repeat": shown.near_repeat,
        "evaluation": shown.evaluation,
        "ranked_premises": shown.ranked_premises,
    }
    for name, table in tables.items():
        if table is not None:
            yield HeldBack("small_number", name, n_missing(table), why)


def n_missing(table: pd.DataFrame) -> int:
    """Counts and hit rates of a table that are missing."""
    counts = table.filter(regex="^n$|^n_(?!low|high)|^hit_rate$")
    return int(counts.isna().to_numpy().sum())


def _rows(findings: Findings, shown: Publishable, why: str) -> Iterator[HeldBack]:
    """Hot spots, and other rows, that are left out whole."""
    pairs: dict[str, tuple[Any, Any]] = {
        "methods": (findings.methods, shown.methods),
        "location_types": (findings.location_types, shown.location_types),
        "hotspots": (findings.assaults and findings.assaults.hot_spots, shown.hot_spots),
        "police_hotspots": (findings.police and findings.police.hot_spots, shown.police_hot_spots),
        "hot_spot_bands": (findings.hot_spot_bands, shown.hot_spot_bands),
        "change": (
            findings.change and findings.change.hot_spots,
            shown.change and shown.change.hot_spots,
        ),
        "compared_hot_spots": (
            findings.comparison and findings.comparison.hot_spots,
            shown.compared_hot_spots,
        ),
        "comparison": (findings.comparison and findings.comparison.contours, shown.comparison),
        "ranked_premises": (findings.ranked_premises, shown.ranked_premises),
        "premises_bands": (findings.premises_bands, shown.premises_bands),
        "area_comparison": (findings.area_comparison, shown.area_comparison),
        "not_known_to_police": (
            findings.knowledge and findings.knowledge.by_group,
            shown.knowledge and shown.knowledge.by_group,
        ),
    }
    for name, (exact, published) in pairs.items():
        if exact is not None:
            n = len(exact) - (0 if published is None else len(published))
            yield HeldBack("too_few_incidents", name, n, why)
    if findings.concentration is not None and shown.concentration is None:
        yield HeldBack("too_few_incidents", "concentration", None, "too few incidents in all")


def _premises(findings: Findings, shown: Publishable, rules: Rules) -> Iterator[HeldBack]:
    if rules.premises_names:
        n = len(findings.premises) - len(shown.premises)
        yield HeldBack(
            "too_few_incidents", "premises", n, f"fewer than {rules.threshold} incidents"
        )
    else:
        yield HeldBack(
            "premises_names", "premises", None, "the sharing agreement does not allow the names"
        )


def _themes(shown: Publishable, few: str) -> Iterator[HeldBack]:
    for theme in shown.themes:
        name = f"themes.{theme.key}"
        if theme.n_recorded is None:
            yield HeldBack("small_number", name, None, f"{few} records of the theme")
            continue
        n = n_missing(theme.by_hot_spot) + n_missing(theme.night_bands)
        yield HeldBack("small_number", name, n, f"{few}, or none at all")
