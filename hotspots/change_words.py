"""What changed, in words: a change is called only where the test called one."""

from __future__ import annotations

import math

from hotspots.publishable import Publishable, PublishableChange
from hotspots.words import is_missing, period_words

NO_CHANGE = "no clear change"
NOT_COMPARED = "not compared"
# An arrow and a word: neither colour nor shape says it alone.
TRENDS = {
    "emerging": "▲ more",
    "new": "▲ new",
    "fading": "▼ fewer",
    "persistent": NO_CHANGE,
    "intermittent": NO_CHANGE,
    "recording_changed": "recording changed",
}
COMPARED_WITH = {
    "a_year_before": "the same months a year before",
    "the_months_before": "the months just before",
}


def trend_words(trend: object) -> str:
    """What became of a hot spot, as the test called it; ``not compared`` where there was none."""
    return TRENDS.get(str(trend), NOT_COMPARED)


def change_message(publishable: Publishable) -> str:
    """One sentence on what changed on the whole map; empty where nothing was compared."""
    change = publishable.change
    if change is None:
        return ""
    if not change.is_called:
        return "No change is called: recording changed."
    before = period_words(change.before_from, change.before_to)
    more = _names(change, ("emerging", "new"))
    fewer = _names(change, ("fading",))
    if not (more or fewer):
        return f"No clear change since {before}."
    parts = [f"more at {more}"] * bool(more) + [f"fewer at {fewer}"] * bool(fewer)
    return f"Since {before}: {'; '.join(parts)}; no clear change elsewhere."


def compared_words(change: PublishableChange) -> str:
    """Which months were compared with which."""
    now = period_words(change.now_from, change.now_to)
    before = period_words(change.before_from, change.before_to)
    return f"{now} beside {COMPARED_WITH[change.compared_with]}, {before}."


def ratio_words(low: float | None, high: float | None) -> str:
    """The interval of a rate now to that before, open where an end is not known; may be empty."""
    low_known, high_known = (
        not is_missing(end) and math.isfinite(float(end or 0)) for end in (low, high)
    )
    if low_known and high_known:
        return f"{low:.1f} to {high:.1f} times"
    if low_known:
        return f"at least {low:.1f} times"
    return f"at most {high:.1f} times" if high_known else ""


def _names(change: PublishableChange, trends: tuple[str, ...]) -> str:
    spots = change.hot_spots[change.hot_spots["trend"].isin(trends)]
    return ", ".join(str(name) for name in spots["name"])
