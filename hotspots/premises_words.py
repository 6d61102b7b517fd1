"""What the page and the workbook say of premises: figures in words, and how far they go."""

from __future__ import annotations

import pandas as pd

from hotspots.change_words import COMPARED_WITH
from hotspots.named_premises import RADIUS_M
from hotspots.publishable import Publishable
from hotspots.words import BANDS, NIGHTS, band_words, count_words, period_words

# An arrow and a word: neither colour nor shape says it alone.
TRENDS = {
    "up": "▲ up",
    "down": "▼ down",
    "no_clear_change": "no clear change",
    "recording_changed": "recording changed",
    "too_few": "too few to compare",
}
NONE_STANDS_OUT = "too few to say"
MOST_TIMES = 3
ALL_HOURS = ALL_NIGHTS = -1


def trend_words(trend: object) -> str:
    """Whether premises are named more or less than before, as the test called it."""
    return TRENDS.get(str(trend), "not compared")


def times_of(bands: pd.DataFrame | None, place_id: str) -> dict[str, str]:
    """The busiest nights, hours, and night with hours of the premises, with their numbers.

    Parameters
    ----------
    bands
        ``premises_bands`` of `publishable.Publishable`.
    place_id
        Which premises.

    Returns
    -------
    dict
        ``nights`` and ``hours``: at most three of each, the busiest first; ``peak``: the one night
        and band with the most, empty where two share it or none holds enough.
    """
    empty = pd.DataFrame({"night": [], "band": [], "n": []}, dtype="int64")
    own = empty if bands is None else bands[bands["place_id"] == place_id]
    by_night = own[own["band"].eq(ALL_HOURS) & own["night"].ne(ALL_NIGHTS)]
    by_band = own[own["night"].eq(ALL_NIGHTS) & own["band"].ne(ALL_HOURS)]
    both = own[own["night"].ne(ALL_NIGHTS) & own["band"].ne(ALL_HOURS)]
    top = both[both["n"].eq(both["n"].max())]
    peak = [band_words(int(night), int(band)) for night, band in top[["night", "band"]].to_numpy()]
    return {
        "nights": _times(by_night, "night", NIGHTS),
        "hours": _times(by_band, "band", BANDS),
        "peak": peak[0] if len(peak) == 1 else "",
    }


def time_words(night: int, band: int) -> str:
    """One row of the nights and hours in words."""
    if band == ALL_HOURS:
        return f"{NIGHTS[night]}, all hours"
    return f"All nights, {BANDS[band]}" if night == ALL_NIGHTS else band_words(night, band)


def concentration_words(publishable: Publishable) -> str:
    """How few of the premises hold how many of the incidents, and what chance alone would give."""
    curve = publishable.concentration
    if curve is None:
        return ""
    known = curve[curve["share_premises"].lt(1) & curve["share_incidents"].notna()]
    if known.empty:
        return ""
    enough = known[known["share_incidents"] >= 0.8]
    row = (enough if len(enough) else known.iloc[-1:]).iloc[0]
    return (
        f"The busiest {row['share_premises']:.0%} of the {publishable.n_premises:,} premises in "
        f"the reference data hold {row['share_incidents']:.0%} of the incidents that name "
        f"premises. Were all premises alike, chance alone would put {row['share_if_equal']:.0%} "
        "there."
    )


def compared_sentence(publishable: Publishable) -> str:
    """Which months the trend compares, or why there is none."""
    change = publishable.change
    if change is None:
        return publishable.change_note or "There is no earlier period to compare with yet."
    now = period_words(change.now_from, change.now_to)
    before = period_words(change.before_from, change.before_to)
    sentence = f"Change: {now} beside {COMPARED_WITH[change.compared_with]}, {before}"
    left_out = f"; left out as incomplete: {', '.join(change.left_out)}" if change.left_out else ""
    called = (
        " Up or down is said only where an exact test, adjusted over the premises compared, says "
        "so."
        if change.is_called
        else " Recording changed between the two, so no change is called."
    )
    return f"{sentence}, at {', '.join(change.providers)}{left_out}.{called}"


def what_they_are(publishable: Publishable) -> list[str]:
    """What the figures count."""
    p = publishable
    police = p.ranked_premises is not None and "n_police_near" in p.ranked_premises
    beside = (
        f"Police: violence with injury, robbery and homicide that the force recorded within "
        f"{RADIUS_M:g} m, not at homes and not domestic: another source, not more incidents."
        if police
        else "Police figures stand beside them only where the force’s own records are at hand."
    )
    return [
        "Incidents of assault whose record at an emergency department names the premises: what "
        "patients said, "
        f"{period_words(p.period_from, p.period_to)}. Patients of one incident count once.",
        f"Of {count_words(p.n_recorded)} assaults recorded, {count_words(p.n_mapped)} have a place "
        "on the map; only those that name premises count here.",
        f"Near by: incidents within {RADIUS_M:g} m that name no premises. In a crowded street they "
        "lie near every door, so they are never added to the named ones.",
        beside,
    ]


def what_they_are_not(publishable: Publishable) -> list[str]:
    """What nobody may read into the figures."""
    least = publishable.threshold
    return [
        "Not evidence of fault. Premises are named by patients; a large, busy, well-run place is "
        "named often, and one whose staff call an ambulance early is named more.",
        "Not proof of where it happened: a patient may name where they last drank, or the best "
        "known door of the street.",
        "Not all violence: many assaults never reach an emergency department, and many records "
        "name no premises.",
        "Not a league table: where intervals overlap, the order may be chance.",
        f"Not complete: premises with fewer than {least} incidents are not listed, which does not "
        "say that they had any.",
    ]


def how_to_read(publishable: Publishable) -> list[str]:
    """What the columns mean."""
    p = publishable
    shrunk = p.ranked_premises is not None and "n_shrunk" in p.ranked_premises
    likely = (
        "Likely number: what a place picked for a high count most likely has in such a period, "
        "drawn towards what is usual (empirical Bayes), with its 95% interval."
    )
    return [
        "95% interval: exact, of a Poisson count. It holds for premises chosen beforehand; for one "
        "picked because it is high it promises too much"
        + (", so look at the likely number." if shrunk else "."),
        *([likely] if shrunk else []),
        compared_sentence(p),
        f"Nights and hours: those with at least {p.threshold} incidents whose hour is known. The "
        "night is that of the evening before: 02:00 on Sunday is Saturday night.",
    ]


def _times(rows: pd.DataFrame, name: str, words: tuple[str, ...]) -> str:
    first = rows.sort_values(["n", name], ascending=[False, True]).head(MOST_TIMES)
    return ", ".join(
        f"{words[int(at)]} {count_words(n)}" for at, n in first[[name, "n"]].to_numpy()
    )
