"""What changed: the months to compare, hot spots drawn from both periods, and the test of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import pandas as pd

from ed_ingest.errors import AnalysisError
from ed_ingest.tables import Gazetteer
from hotspots.change import Change, find_changes
from hotspots.compared_months import Months, months_to_compare, period_of_nights
from hotspots.points import assault_points
from hotspots.premises_change import find_premises_changes
from hotspots.tables import ChangeFindings
from hotspots.timing import nights_of

Draw = Callable[[pd.DataFrame], tuple[gpd.GeoDataFrame, pd.Series]]
_NO_POINT = "No assault of the months to compare has a point: nothing can be compared."


def what_changed(
    assaults: pd.DataFrame,
    delivered: pd.DataFrame,
    period_to: date,
    *,
    months: int,
    gazetteer: Gazetteer,
    draw: Draw,
    least: int = 5,
) -> tuple[ChangeFindings | None, str]:
    """Compare the latest months with those before, at hot spots drawn from both together.

    Parameters
    ----------
    assaults
        Attendances at emergency departments of all time, a transferred patient once.
    delivered
        As from `delivered_months.delivered_months`.
    period_to
        Last night of the map; the last month compared is the last one that is over by then.
    months
        Length of each period, 1 to 12.
    gazetteer
        For names.
    draw
        `hot_spots.draw_hot_spots` with its settings. It is given the points of both periods, and
        not which one each is of.
    least
        Premises with fewer incidents in both periods together are not compared.

    Returns
    -------
    tuple
        What changed, and an empty text; or None, and why nothing can be compared.
    """
    try:
        compared = months_to_compare(delivered, period_to=_last_whole(period_to), months=months)
    except AnalysisError as why:
        return None, str(why)
    both = _of_both(assaults, compared)
    points = assault_points(both, gazetteer)
    if points.empty:
        return None, _NO_POINT
    hot_spots, _ = draw(points)
    found = find_changes(
        assaults, hot_spots, complete=delivered, period_to=_last_whole(period_to), months=months
    )
    shapes = hot_spots[["hotspot_id", "name", "geometry"]]
    now_from, now_to = _ends(compared.now, compared.length)
    before_from, before_to = _ends(compared.before, compared.length)
    return ChangeFindings(
        hot_spots=gpd.GeoDataFrame(shapes.merge(found.hot_spots, on="hotspot_id", how="left")),
        months=found.months,
        shares=found.shares,
        now_from=now_from,
        now_to=now_to,
        before_from=before_from,
        before_to=before_to,
        compared_with=compared.compared_with,
        providers=compared.providers,
        left_out=compared.left_out,
        n_now=found.n_now,
        n_before=found.n_before,
        is_called=found.is_called,
        premises=_premises(points, both, found, least=least),
    ), ""


def _premises(
    points: pd.DataFrame, both: pd.DataFrame, found: Change, *, least: int
) -> pd.DataFrame:
    return find_premises_changes(
        points,
        both["provider"].reindex(points.index).astype("str"),
        compared=found.compared,
        shares=found.shares,
        is_called=found.is_called,
        least=least,
    )


def _of_both(assaults: pd.DataFrame, compared: Months) -> pd.DataFrame:
    taking_part = assaults[assaults["provider"].isin(compared.providers)]
    return taking_part[period_of_nights(nights_of(taking_part), compared).notna()]


def _last_whole(period_to: date) -> date:
    """A day of the last month that is over after this night."""
    month = pd.Period(period_to, freq="M")
    last: date = (month if period_to == month.end_time.date() else month - 1).end_time.date()
    return last


def _ends(first: pd.Period, length: int) -> tuple[date, date]:
    return first.start_time.date(), (first + length - 1).end_time.date()
