"""What every column of the analyst's tables means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hotspots.dictionary_findings import METRES as _METRES
from hotspots.dictionary_findings import OF_FINDINGS
from hotspots.dictionary_findings import ROUNDED as _ROUNDED

_INTERVAL = "95 % interval, for sampling and doubt about links"
# Column -> unit and meaning; where a table means something else by it, "table.column".
_MEANINGS = {
    "hotspot_id": (
        "",
        "The 100 m square of its centre: another id where the centre moves out of it",
    ),
    "rank": ("", "1 has the most assaults"),
    "name": ("", "Street, junction or area"),
    "area_comparison.name": ("", "Name of the small area"),
    "areas.name": ("", "Name of the small area"),
    "premises.name": ("", "Name of the premises"),
    "place_name": ("", "Premises named most often, where the sharing agreement allows it"),
    "n": ("assault attendances", f"Number in the period; {_ROUNDED}"),
    "recorded_crime.n": (
        "offences",
        "Police recorded offences in the quarter, as published by the Home Office; not rounded",
    ),
    "area": ("", "Community Safety Partnership or police force, as the Home Office names it"),
    "quarter_from": ("date", "First day of the quarter"),
    "quarter_to": ("date", "Last day of the quarter"),
    "offence_group": ("", "Group of offences, as in the contract's crimes"),
    "n_low": ("assault attendances", f"Lower end of the 95 % interval for n; {_ROUNDED}"),
    "n_high": ("assault attendances", f"Upper end of the 95 % interval for n; {_ROUNDED}"),
    "peak": ("", "Busiest night and time; the night is that of the evening before"),
    "share_not_found": ("0 to 1", "Share for which no matching police record was found"),
    "share_alcohol": ("0 to 1", "Share with alcohol, of those for which this is known"),
    "share_weapon": ("0 to 1", "Share with a weapon, of those whose method is known"),
    "false_place": ("", "True: most lie at a hospital or police station, perhaps by default"),
    "easting": (_METRES, "Middle of the outline, to 10 m"),
    "cells.easting": (_METRES, "Centre of the cell"),
    "premises.easting": (_METRES, "Of the premises"),
    "northing": (_METRES, "Middle of the outline, to 10 m"),
    "cells.northing": (_METRES, "Centre of the cell"),
    "premises.northing": (_METRES, "Of the premises"),
    "area_ha": ("hectares", "Area of the outline"),
    "class": (
        "1 to 8",
        "Class of density; 8 is the highest. Cells that are not drawn are left out",
    ),
    "code": ("", "Code of the small area, such as its LSOA 2021 code"),
    "methods.code": ("", "How the patient was assaulted; one value for each assault"),
    "location_types.code": ("", "Kind of place of the assault"),
    "population": ("residents", "As supplied with the areas"),
    "n_assaults": ("assault attendances", f"Placed in the area; {_ROUNDED}"),
    "n_police": ("crimes", f"Police recorded violence in the area; {_ROUNDED}"),
    "rank_hospitals": (
        "",
        "1 has the most hospital assaults, those at homes left out; equal ones share a rank",
    ),
    "rank_hospitals_low": ("", "Least rank that chance allows (95 %)"),
    "rank_hospitals_high": ("", "Greatest rank that chance allows (95 %)"),
    "rank_police": (
        "",
        "1 has the most of police.uk's violence, which includes violence at home and without "
        "injury; equal ones share a rank",
    ),
    "rank_police_low": ("", "Least rank that chance allows (95 %)"),
    "rank_police_high": ("", "Greatest rank that chance allows (95 %)"),
    "rank_difference": (
        "ranks",
        "Rank by police less rank by hospitals: above 0 where hospitals rank the area higher",
    ),
    "ranked_higher_by": (
        "",
        "hospitals or police, where chance does not explain the difference; no_clear_difference",
    ),
    "by": ("", "What the assaults are grouped by; all: no grouping"),
    "group": ("", "Id of the hot spot, code of the small area, code, month, night or hours"),
    "not_known_to_police.name": ("", "Name of the hot spot or small area, else empty"),
    "not_known_to_police.n": (
        "assault attendances",
        f"Number in the period that could be compared with police records; {_ROUNDED}",
    ),
    "not_known_to_police.share_not_found": (
        "0 to 1",
        "Estimated share for which there is no matching police record: links in doubt count in "
        "part, and what chance finds is taken off",
    ),
    "share_not_found_low": ("0 to 1", f"Lower end of its {_INTERVAL}"),
    "share_not_found_high": ("0 to 1", f"Upper end of its {_INTERVAL}"),
    "share_not_found_incident": (
        "0 to 1",
        "The same where a record of any patient of the incident counts for all of them",
    ),
    "share_not_found_incident_low": ("0 to 1", f"Lower end of its {_INTERVAL}"),
    "share_not_found_incident_high": ("0 to 1", f"Upper end of its {_INTERVAL}"),
    "not_known_to_police.share_by_chance": (
        "0 to 1",
        "Mean share of a police record that is found when the assaults are moved by whole weeks, "
        "where none can be right",
    ),
    "said_reported": ("", "Whether the patient said that the police had been told"),
    "police_record": (
        "",
        "found; not_found: no matching police record found; not_comparable: without a point or "
        "date, at a home, or in a month that the police did not deliver",
    ),
    "distance_m": ("metres", "Farthest that a police record may lie from the assault"),
    "gap_min": ("minutes", "Longest time between the two as told"),
    "share_within": ("0 to 1", "Share of the assaults with any police record so near"),
    "share_by_chance": ("0 to 1", "The same with the assaults moved by 7, 14 and 28 days"),
    "share_corrected": ("0 to 1", "Share within, less what chance brings"),
    "stratum": ("", "weekend_nights (Friday, Saturday), other_nights, or all"),
    "odds_ratio": (
        "",
        "Dependence of the two sources that is assumed; 1 is none. The data cannot tell it",
    ),
    "capture_recapture.n_police": (
        "crimes",
        f"Injury violence in public places, not domestic; {_ROUNDED}",
    ),
    "n_both": ("assaults", f"Estimated to be on both lists; {_ROUNDED}"),
    "n_estimated": ("assaults", f"Estimated on either list or on none; {_ROUNDED}"),
    "n_estimated_low": (
        "assaults",
        f"Lower end of the 95 % interval for this odds ratio; {_ROUNDED}",
    ),
    "n_estimated_high": (
        "assaults",
        f"Upper end of the 95 % interval for this odds ratio; {_ROUNDED}",
    ),
    "night": ("", "0 is Monday's night, 6 is Sunday's; a night lasts from 06:00 to 06:00"),
    "night_name": ("", "Day on which the night begins"),
    "band": ("", "0 is 06:00 to 09:00, 7 is 03:00 to 06:00"),
    "band_name": ("hours, local time", "The three hours"),
    "place_id": ("", "Name of the place in the partnership's gazetteer"),
    "period_from": ("date", "First night counted"),
    "period_to": ("date", "Last night counted"),
    "file": ("", "The table, a CSV file in this folder"),
    "column": ("", "Its column"),
    "unit": ("", "Unit or range; empty for words and codes"),
    "meaning": ("", "What it holds"),
} | OF_FINDINGS


def dictionary(columns: Mapping[str, Sequence[str]], *, threshold: int) -> pd.DataFrame:
    """Explain the columns of each table.

    Parameters
    ----------
    columns
        Column names by the table's name.
    threshold
        Smallest count that may be read, for the words on what was held back.

    Returns
    -------
    DataFrame
        ``file, column, unit, meaning``: one row per column of every table, this one included.

    Raises
    ------
    KeyError
        If a column is not explained here.
    """
    everything = {**columns, "dictionary": ("file", "column", "unit", "meaning")}
    rows = []
    for table, names in everything.items():
        for name in names:
            unit, meaning = _MEANINGS.get(f"{table}.{name}") or _MEANINGS[name]
            words = meaning.replace(_ROUNDED, f"{_ROUNDED}, fewer than {threshold} could be read")
            rows.append((f"{table}.csv", name, unit, words))
    return pd.DataFrame(rows, columns=["file", "column", "unit", "meaning"], dtype="str")
