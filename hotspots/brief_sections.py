"""The second page of the tasking brief: change, order, quality of the data, themes, method."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hotspots.change import CHANGED
from hotspots.change_words import (
    compared_words,
    ratio_words,
    trend_words,
)
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.publishable import Publishable, PublishableChange, PublishableTheme
from hotspots.words import (
    SUPPRESSED,
    count_words,
    is_missing,
    share_words,
)

MINIMUM_DATA_SET = {"type": "Type", "time": "Time", "location": "Place"}
MOST_LINES = 10


@dataclass(frozen=True)
class Table:
    """Headings and rows in words; ``numeric``: which columns hold figures."""

    headings: list[str]
    numeric: list[bool]
    rows: list[list[str]]


@dataclass(frozen=True)
class Section:
    """A title, sentences, and a table where there is one."""

    title: str
    sentences: list[str]
    table: Table | None = None


def change_section(publishable: Publishable) -> Section:
    """What changed since the earlier period; why nothing is said where nothing was compared."""
    title, change = "Change since last time", publishable.change
    if change is None:
        note = publishable.change_note or "There is no earlier period to compare with yet."
        return Section(title, [note])
    sentences = [
        compared_words(change),
        f"Incidents on the map: {count_words(change.n_now)} now, "
        f"{count_words(change.n_before)} before.",
        f"Hospitals compared: {', '.join(change.providers)}.",
    ]
    if change.left_out:
        sentences.append(
            f"Not complete in both periods, and left out: {', '.join(change.left_out)}."
        )
    if not change.is_called:
        sentences.append(
            "Recording changed: the share of assaults that could be placed moved by over 5 points, "
            "so no change is called."
        )
    if change.hot_spots[["n_now", "n_before"]].isna().any(axis=None):
        sentences.append(f"{SUPPRESSED}: too few to show, or none.")
    if change.compared_with == "the_months_before":
        sentences.append("The season is in this comparison: no hospital is complete a year before.")
    return Section(title, sentences, _change_table(change))


def quality_section(completeness: PublishableCompleteness) -> Section:
    """How complete the records are, hospital by hospital."""
    passed, months = int(completeness.months["passed"].sum()), len(completeness.months)
    verdict = "passed" if completeness.partnership_passed else "not passed"
    sentences = [
        f"{share_words(completeness.share_complete)} of {count_words(completeness.n_rows)} records "
        f"have a usable type, time and place; {share_words(completeness.share_mapped)} could be "
        f"put on the map; {count_words(completeness.n_held_back)} rows are held back for a person "
        "to check.",
        f"Type, time and place at least monthly: {verdict} ({passed} of {months} hospital months; "
        f"each usable in {share_words(completeness.usable_share)} of rows, within "
        f"{completeness.late_days} days).",
    ]
    return Section("Quality of the data", sentences, _quality_table(completeness))


def order_section(publishable: Publishable) -> Section | None:
    """Which ranks chance could change; None where that was not worked out."""
    spots = publishable.hot_spots
    if "rank_low" not in spots or spots["rank_low"].isna().all():
        return None
    known = spots[spots["rank_low"].notna()].sort_values("rank").head(MOST_LINES)
    rows = [
        [
            f"{int(spot['rank'])} {spot['name']}",
            _rank_words(spot["rank_low"], spot["rank_high"]),
            "" if is_missing(spot["rank_before"]) else f"{int(spot['rank_before'])}",
        ]
        for spot in pd.DataFrame(known).to_dict("records")
    ]
    headings, numeric = ["Hot spot", "Rank may be (95%)", "A month earlier"], [False, True, True]
    if known["rank_before"].isna().all():
        rows, headings, numeric = [row[:2] for row in rows], headings[:2], numeric[:2]
    return Section("How sure is the order?", [], Table(headings, numeric, rows))


def themes_section(publishable: Publishable) -> Section | None:
    """How many assaults are of each theme and where most are; None without themes."""
    if not publishable.themes:
        return None
    spots = pd.DataFrame(publishable.hot_spots)
    rows = [
        [theme.title, count_words(theme.n_recorded), _most_in(theme, spots)]
        for theme in publishable.themes
    ]
    table = Table(["Theme", "Assaults", "Most in"], [False, True, False], rows)
    return Section("Themes", [], table)


def method_words(publishable: Publishable) -> list[str]:
    """How the figures came about, in a few sentences."""
    return [
        f"Density: assaults within {publishable.bandwidth_m:g} m, nearer ones counting more, on "
        f"squares of {publishable.cell_m:g} m; eight classes, drawn only where at least "
        f"{publishable.threshold} incidents lie that near.",
        "Hot spots: places where assaults crowd together (DBSCAN), outlined, and ranked by "
        "assaults. The 95% interval is the range that chance alone gives (exact Poisson).",
        "Peak: records with an interval of time are spread over its hours.",
        "No matching police record found: records are matched on place, time and kind, one to "
        "one; what chance alone would find is taken off.",
        "Change: an exact test of two counts for each hot spot, set right for nights, hospitals "
        "and shares placed, and adjusted for the number of hot spots (Benjamini and Hochberg). "
        "Where it finds nothing: “no clear change”.",
    ]


def _change_table(change: PublishableChange) -> Table | None:
    if change.hot_spots.empty:
        return None
    spots = pd.DataFrame(change.hot_spots.drop(columns="geometry"))
    called = spots["trend"].isin(CHANGED)
    order = spots.assign(called=called).sort_values(
        ["called", "n_now", "name"], ascending=[False, False, True], kind="stable"
    )
    rows = [
        [
            str(spot["name"]),
            count_words(spot["n_before"]),
            count_words(spot["n_now"]),
            ratio_words(spot["ratio_low"], spot["ratio_high"]),
            trend_words(spot["trend"]),
        ]
        for spot in order.head(MOST_LINES).to_dict("records")
    ]
    headings = ["Hot spot", "Before", "Now", "Now to before (95%)", "Change"]
    return Table(headings, [False, True, True, True, False], rows)


def _quality_table(completeness: PublishableCompleteness) -> Table:
    rows = []
    for provider, items in completeness.items.groupby("provider", sort=False):
        shares = dict(zip(items["item"], items["share_usable"], strict=True))
        of_provider = completeness.months["provider"] == provider
        n_passed = int(completeness.months.loc[of_provider, "passed"].sum())
        rows.append(
            [
                str(items["name"].iloc[0]),
                count_words(items["n"].iloc[0]),
                *(share_words(shares.get(item)) for item in MINIMUM_DATA_SET),
                f"{n_passed} of {int(of_provider.sum())}",
            ]
        )
    headings = ["Hospital", "Records", *MINIMUM_DATA_SET.values(), "Months passed"]
    return Table(headings, [False, True, True, True, True, True], rows)


def _rank_words(low: float, high: float) -> str:
    return f"{int(low)}" if low == high else f"{int(low)} to {int(high)}"


def _most_in(theme: PublishableTheme, spots: pd.DataFrame) -> str:
    """Up to three hot spots with the most of a theme; its note where it has one."""
    if theme.note:
        return theme.note
    known = theme.by_hot_spot[theme.by_hot_spot["n"].fillna(0) > 0]
    top = known.merge(spots[["hotspot_id", "rank"]], on="hotspot_id")
    top = top.sort_values(["n", "rank"], ascending=[False, True]).head(3)
    words = [f"{int(spot['rank'])} ({count_words(spot['n'])})" for spot in top.to_dict("records")]
    return f"hot spot {', '.join(words)}" if words else "no hot spot with enough of them"
