"""Police recorded violence that can stand beside hospital assaults."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd
import shapely

from ed_ingest.tables import Gazetteer
from hotspots.grid import inside
from hotspots.timing import evening_of

# What an emergency department would see; the rest of violence is mostly without injury.
COMPARABLE = ("homicide", "violence_with_injury", "robbery")
POLICE_UK = "violence_and_sexual"
FORCE_NOTE = (
    "Police figures are crimes recorded by the force: homicide, violence with injury and robbery, "
    "not at homes and not domestic."
)
POLICE_UK_NOTE = (
    "Police figures are police.uk's category of violence and sexual offences. police.uk points are "
    "snapped to the nearest of a fixed set of places and have a month but no day; police figures "
    "include violence at home and without injury. They are for the analyst and are not comparable "
    "with hospital figures."
)


class Violence(NamedTuple):
    """Police violence of the period, what it holds in words, and whether points are snapped."""

    crimes: pd.DataFrame
    note: str
    is_snapped: bool


def comparable_violence(
    crimes: pd.DataFrame,
    *,
    period_from: date,
    period_to: date,
    gazetteer: Gazetteer | None,
    snapped: bool | None = None,
) -> Violence:
    """Choose the police records of the period and of the partnership to set beside hospital ones.

    The force's own records where there are any: homicide, violence with injury and robbery, not at
    homes, not domestic. Else police.uk's one category. The two are never mixed.

    Parameters
    ----------
    crimes
        The contract's columns.
    period_from, period_to
        First and last night; police.uk's months count by their calendar month.
    gazetteer
        A crime is the partnership's by its small area's code; without a code, or without small
        areas, by its point inside the boundary (else the rectangle around the small areas). None:
        all crimes are the partnership's.
    snapped
        True: only police.uk's; False: only the force's own; None: the force's own where there are
        any.

    Returns
    -------
    Violence
        ``note`` is empty where there are no records.
    """
    own = crimes[_in_period(crimes, period_from, period_to)]
    if gazetteer is not None:
        own = own[_in_partnership(own, gazetteer)]
    is_snapped = own["location_level"].eq("snapped") | own["offence_group"].eq(POLICE_UK)
    force = own[
        ~is_snapped
        & own["offence_group"].isin(COMPARABLE)
        & own["location_type"].ne("home")
        & own["location_level"].ne("withheld")
        & own["domestic_abuse"].ne("yes")
    ]
    if snapped is False or (snapped is None and len(force)):
        return Violence(force, FORCE_NOTE if len(force) else "", False)
    open_data = own[is_snapped & own["offence_group"].eq(POLICE_UK)]
    return Violence(open_data, POLICE_UK_NOTE if len(open_data) else "", bool(len(open_data)))


def _in_period(crimes: pd.DataFrame, period_from: date, period_to: date) -> pd.Series:
    month_only = crimes["time_precision"] == "month"
    day = crimes["committed_from"].dt.floor("D")
    night = day.where(month_only, evening_of(crimes["committed_from"]))
    in_period: pd.Series = night.between(pd.Timestamp(period_from), pd.Timestamp(period_to))
    return in_period


def _in_partnership(crimes: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """By the area's code first: published areas are simplified, so points may fall beside them."""
    if gazetteer.boundary is None and gazetteer.areas.empty:
        return pd.Series(True, index=crimes.index)
    region = gazetteer.boundary or shapely.box(*gazetteer.areas.total_bounds)
    within = inside(crimes["easting"], crimes["northing"], region)
    if gazetteer.areas.empty:
        return pd.Series(within, index=crimes.index)
    by_code = crimes["lsoa"].isin(gazetteer.areas["code"]).to_numpy()
    without_code = crimes["lsoa"].isna().to_numpy()
    return pd.Series(by_code | (without_code & within), index=crimes.index)
