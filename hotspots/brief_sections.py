"""The second page of the tasking brief: change, prediction, quality of the data, method."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hotspots.change_words import (
    compared_words,
    ratio_words,
    trend_words,
)
from hotspots.tables import (
    Publishable,
    PublishableChange,
    PublishableCompleteness,
    PublishableTheme,
)
from hotspots.words import (
    count_words,
    is_missing,
    period_words,
    share_interval_words,
    share_words,
)

MINIMUM_DATA_SET = {"type": "Type", "time": "Time", "location": "Place"}
MOST_LINES = 10
# The share of the area whose hits the sentence tells; the table has the others.
TOLD_AREA_SHARE = 0.02
NOTHING_BEFORE = "No earlier map to score: it takes records from before this period."


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
        sentences.append(f"Not complete in both periods, and left out: {_listed(change.left_out)}.")
    if not change.is_called:
        sentences.append(
            "Recording changed: the share of assaults that could be placed moved by over 5 points, "
            "so no change is called."
        )
    if change.compared_with == "the_months_before":
        sentences.append("The season is in this comparison: no hospital is complete a year before.")
    return Section(title, sentences, _change_table(change))


def predicted_section(publishable: Publishable) -> Section:
    """How the map of a month earlier foretold the last month, beside the naive one."""
    title, scores = "Did the last map predict?", publishable.evaluation
    if scores is None or scores["hit_rate"].isna().all():
        return Section(title, [NOTHING_BEFORE])
    month = period_words(publishable.period_to.replace(day=1), publishable.period_to)
    sentences = [
        f"A map made of the records before {month}, tried on the assaults of {month}, beside a "
        "plain count of each square, and a map that knows nothing."
    ]
    table = _scores_table(scores)
    return Section(title, [*_verdict(scores, month), *sentences], table)


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
    headings = ["Hot spot", "Rank may be (95%)", "A month earlier"]
    return Section("How sure is the order?", [], Table(headings, [False, True, True], rows))


def themes_section(publishable: Publishable) -> Section | None:
    """How many assaults are of each theme and where most are; None without themes."""
    if not publishable.themes:
        return None
    names = publishable.hot_spots.set_index("hotspot_id")
    rows = [
        [theme.title, count_words(theme.n_recorded), _most_in(theme, names)]
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
    called = spots["ratio_low"].notna()
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


def _scores_table(scores: pd.DataFrame) -> Table:
    """A line for each part of the area; beside our map the naive one, and what chance gives."""
    ours = scores[scores["map"] == "density"].set_index("area_share")
    naive = scores[scores["map"] == "counts"].set_index("area_share")
    rows = [
        [
            f"Hottest {share_words(share)} of the area",
            _hit_words(ours, share),
            _hit_words(naive, share),
            share_words(share),
        ]
        for share in sorted(set(scores["area_share"]))
    ]
    headings = ["Assaults that fell in the", "This map", "Plain count", "Chance"]
    return Table(headings, [False, True, True, True], rows)


def _hit_words(scores: pd.DataFrame, share: float) -> str:
    if share not in scores.index:
        return ""
    score = scores.loc[share]
    return share_interval_words(score["hit_rate"], score["hit_rate_low"], score["hit_rate_high"])


def _verdict(scores: pd.DataFrame, month: str) -> list[str]:
    """One sentence; which map is better is said only where the intervals are apart."""
    near = scores.assign(far=(scores["area_share"] - TOLD_AREA_SHARE).abs()).sort_values("far")
    firsts = near.drop_duplicates("map").set_index("map")
    if "density" not in firsts.index or is_missing(firsts.loc["density", "hit_rate"]):
        return []
    ours = firsts.loc["density"]
    told = (
        f"Yes, in part: {share_words(ours['hit_rate'])} of the assaults of {month} fell in the "
        f"hottest {share_words(ours['area_share'])} of the area."
        if ours["hit_rate_low"] > ours["area_share"]
        else f"Not clearly: {share_words(ours['hit_rate'])} of the assaults of {month} fell in the "
        f"hottest {share_words(ours['area_share'])} of the area, which chance may give as well."
    )
    if "counts" not in firsts.index or is_missing(firsts.loc["counts", "hit_rate"]):
        return [told]
    naive = firsts.loc["counts"]
    compared = (
        "more than"
        if ours["hit_rate_low"] > naive["hit_rate_high"]
        else "fewer than"
        if ours["hit_rate_high"] < naive["hit_rate_low"]
        else "no clear difference from"
    )
    return [f"{told} That is {compared} a plain count ({share_words(naive['hit_rate'])})."]


def _quality_table(completeness: PublishableCompleteness) -> Table:
    items, months = completeness.items, completeness.months
    shares = items.pivot_table(
        index="provider", columns="item", values="share_usable", dropna=False
    )
    passed = months.groupby("provider")["passed"].agg(["sum", "size"])
    rows = []
    for provider, of_one in items.groupby("provider", sort=False):
        cells = [share_words(shares.loc[provider].get(item)) for item in MINIMUM_DATA_SET]
        n_passed, n_months = passed.loc[provider] if provider in passed.index else (0, 0)
        rows.append(
            [
                str(of_one["name"].iloc[0]),
                count_words(of_one["n"].iloc[0]),
                *cells,
                f"{int(n_passed)} of {int(n_months)}",
            ]
        )
    headings = ["Hospital", "Records", *MINIMUM_DATA_SET.values(), "Months passed"]
    return Table(headings, [False, True, True, True, True, True], rows)


def _rank_words(low: float, high: float) -> str:
    return f"{int(low)}" if low == high else f"{int(low)} to {int(high)}"


def _most_in(theme: PublishableTheme, names: pd.DataFrame) -> str:
    if theme.note:
        return theme.note
    known = theme.by_hot_spot[theme.by_hot_spot["n"].notna() & theme.by_hot_spot["n"].gt(0)]
    known = known[known["hotspot_id"].isin(names.index)]
    top = known.sort_values("n", ascending=False, kind="stable").head(3)
    words = [
        f"{int(names.loc[spot, 'rank'])} {names.loc[spot, 'name']} ({count_words(n)})"
        for spot, n in zip(top["hotspot_id"], top["n"], strict=True)
    ]
    return "; ".join(words) or "no hot spot with enough of them"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)
