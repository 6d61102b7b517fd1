"""What the tasking brief says, on paper and on slides alike: one text for both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from hotspots.brief_sections import (
    Section,
    change_section,
    method_words,
    order_section,
    quality_section,
    themes_section,
)
from hotspots.change_words import change_message, trend_words
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.publishable import Publishable
from hotspots.score_words import predicted_section
from hotspots.words import (
    BANDS,
    MOST_HOT_SPOTS,
    SUPPRESSED,
    chance_words,
    count_words,
    coverage_words,
    headline,
    heat_rows,
    interval_words,
    is_missing,
    rounding_words,
    share_interval_words,
    share_words,
)

# A longer name would push the table off the page.
MOST_LETTERS = 90
ACTION_LINES = 3
LICENCES = (
    "Base map and names of places: as the partnership supplied them. Where they come from open "
    "data: contains OS data © Crown copyright and database right {year}; contains data of the "
    "Office for National Statistics and of the Food Standards Agency, and other public sector "
    "information licensed under the Open Government Licence v3.0."
)


@dataclass(frozen=True)
class SpotLine:
    """A line of the ranked table, in words; ``is_false_place``: most lie at a hospital or such."""

    rank: int
    name: str
    n: str
    interval: str
    peak: str
    change: str
    not_found: str
    is_false_place: bool


@dataclass(frozen=True)
class Brief:
    """All that brief and slides say, from figures after gate 2 alone.

    Attributes
    ----------
    title, subtitle, marking, headline
        Of the whole; the headline is true of the published figures.
    spots, more_spots, name_heading, is_compared
        The ranked table; how many hot spots are in the analyst's tables only; the heading of its
        first column; whether any line says what changed.
    bands, nights, night_notes
        The table of nights and bands, as from `words.heat_rows`; none where nothing can be shown.
    police
        On the share with no matching police record; empty where it is not known.
    actions
        What the lines to fill in begin with; empty for a free line.
    before_use
        Caveats, and how small numbers were treated.
    change, predicted, quality, order, themes
        Sections of the second page; ``order`` (of the hot spots) and ``themes`` may be None.
    method, small_print
        Sentences.
    map_alt, map_key
        The map for those who do not see it; its key in words.
    """

    title: str
    subtitle: str
    marking: str
    headline: str
    spots: list[SpotLine]
    more_spots: int
    name_heading: str
    is_compared: bool
    bands: list[str]
    nights: list[dict[str, object]]
    night_notes: list[str]
    police: str
    actions: list[str]
    before_use: list[str]
    change: Section
    predicted: Section
    quality: Section
    order: Section | None
    themes: Section | None
    method: list[str]
    small_print: list[str]
    map_alt: str
    map_key: str


def brief_of(publishable: Publishable, completeness: PublishableCompleteness) -> Brief:
    """Put what gate 2 let through into the words of the brief.

    Parameters
    ----------
    publishable
        Findings after gate 2; what is not known of them is said to be so.
    completeness
        Of the same partnership and month.
    """
    publishable = _with_short_names(publishable)
    spots = _spot_lines(publishable)
    any_timed = bool(publishable.night_bands["n"].notna().any())
    has_places = bool(publishable.hot_spots["place_name"].notna().any())
    theme = f" ({publishable.theme})" if publishable.theme else ""
    return Brief(
        title=f"Assaults treated in A&E{theme}: tasking brief, {publishable.partnership}",
        subtitle=coverage_words(publishable),
        marking=publishable.marking,
        headline=f"{headline(publishable)} {change_message(publishable)}".strip(),
        spots=spots,
        more_spots=len(publishable.hot_spots) - len(spots),
        name_heading="Street (premises)" if has_places else "Street",
        is_compared=bool(_trends(publishable).notna().any()),
        bands=list(BANDS),
        nights=heat_rows(publishable.night_bands) if any_timed else [],
        night_notes=_night_notes(publishable, any_timed),
        police=_police_words(publishable),
        actions=[f"{s.rank} {s.name}" for s in spots[:ACTION_LINES]] + [""],
        before_use=[*publishable.caveats, rounding_words(publishable)],
        change=change_section(publishable),
        predicted=predicted_section(publishable),
        quality=quality_section(completeness),
        order=order_section(publishable),
        themes=themes_section(publishable),
        method=method_words(publishable),
        small_print=_small_print(publishable),
        map_alt=_map_alt(publishable, spots),
        map_key="Outline with a number: hot spot, by its row in the table. Broken outline: at a "
        "hospital or police station."
        if any(spot.is_false_place for spot in spots)
        else "Outline with a number: hot spot, by its row in the table.",
    )


def _spot_lines(publishable: Publishable) -> list[SpotLine]:
    ranked = publishable.hot_spots.assign(trend=_trends(publishable)).sort_values("rank")
    return [
        SpotLine(
            rank=int(spot["rank"]),
            name=str(spot["name"]),
            n=count_words(spot["n"]),
            interval=interval_words(spot["n_low"], spot["n_high"]),
            peak=spot["peak"] if isinstance(spot["peak"], str) else "",
            change=trend_words(spot["trend"]),
            not_found=share_words(spot["share_not_found"]),
            is_false_place=bool(spot["false_place"]),
        )
        for spot in pd.DataFrame(ranked).head(MOST_HOT_SPOTS).to_dict("records")
    ]


def _trends(publishable: Publishable) -> pd.Series:
    """What became of each hot spot; missing where nothing was compared."""
    spots = publishable.hot_spots
    if "trend" in spots:
        return spots["trend"]
    return pd.Series(pd.NA, index=spots.index, dtype="str")


def _with_short_names(publishable: Publishable) -> Publishable:
    """The same with no name of more than `MOST_LETTERS` letters."""
    spots, change = publishable.hot_spots, publishable.change
    short = spots.assign(name=spots["name"].map(_shortened))
    if change is not None:
        changed = change.hot_spots
        named = changed.assign(name=changed["name"].map(_shortened))
        change = replace(change, hot_spots=named)
    place = _shortened(publishable.partnership)
    return replace(publishable, partnership=place, hot_spots=short, change=change)


def _shortened(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1].rstrip() + "…"


def _night_notes(publishable: Publishable, any_timed: bool) -> list[str]:
    if not any_timed:
        return ["No figures by night and time can be shown for this period."]
    start, end = publishable.nte_hours
    share = share_words(publishable.share_night_time_economy)
    of_what = "" if is_missing(publishable.share_night_time_economy) else " of those with an hour"
    notes = [
        "A night runs from 06:00 to 06:00: “Sat, 00–03” is early on Sunday.",
        f"In the night-time economy’s hours ({start:02d}:00–{end:02d}:00): {share}{of_what}.",
    ]
    held_back = bool(publishable.night_bands["n"].isna().any())
    return [*notes, *([f"{SUPPRESSED}: too few to show."] if held_back else [])]


def _police_words(publishable: Publishable) -> str:
    if is_missing(publishable.share_not_found):
        return ""
    share = share_interval_words(
        publishable.share_not_found,
        publishable.share_not_found_low,
        publishable.share_not_found_high,
    )
    words = f"No matching police record found: {share} of the assaults that could be checked."
    chance = chance_words(publishable.chance_rate)
    return f"{words} By chance alone a record would be found for {chance}." if chance else words


def _small_print(publishable: Publishable) -> list[str]:
    hospitals = [
        f"{name} ({months} {'month' if months == 1 else 'months'})"
        for name, months in zip(
            publishable.providers["name"], publishable.providers["months"], strict=True
        )
    ]
    return [
        *([f"Hospitals: {', '.join(hospitals)}."] if hospitals else []),
        *publishable.withheld,
        LICENCES.format(year=publishable.period_to.year),
    ]


def _map_alt(publishable: Publishable, spots: list[SpotLine]) -> str:
    where = f"Map of {publishable.partnership}."
    listed = "; ".join(f"{spot.rank} {spot.name}" for spot in spots)
    found = f"Hot spots by number: {listed}." if spots else "No hot spot."
    surface = (
        "No density is shown."
        if publishable.density is None
        else "Colours from yellow to dark purple show where assaults lie closer together."
    )
    return f"{where} {found} {surface} The table of hot spots says the same."
