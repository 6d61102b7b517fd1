"""Hospitals beside the force's own records: like violence, at points, of the same whole months."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ed_ingest.errors import AnalysisError
from ed_ingest.tables import Gazetteer
from hotspots.changed import Draw
from hotspots.compare import relative_risk, tolerance_contours
from hotspots.compared_hot_spots import compare_hot_spots
from hotspots.delivered_months import Delivered
from hotspots.points import assault_points, crime_points
from hotspots.police import Violence
from hotspots.study_area import grid_over_points
from hotspots.tables import Comparison
from hotspots.timing import evening_of, nights_of

# Half the usual bandwidth: contours are no finer than the kernel, whatever the cells.
CELL_M = 100.0
# The least p is 1/200: a contour is where it is 1/20 or below.
DEALS = 199


def beside_police(
    seen: pd.DataFrame,
    violence: Violence,
    delivered: Delivered,
    *,
    gazetteer: Gazetteer,
    draw: Draw,
    bandwidth_m: float,
) -> Comparison | None:
    """Set hospital incidents beside the crimes that a hospital could have seen.

    Left out are assaults marked domestic, as the crimes are chosen; places known less well than the
    bandwidth, which would seem spread out; and months that a hospital of the period or the police
    did not deliver whole.

    Parameters
    ----------
    seen
        The assaults of the period, contract columns, a transferred patient once.
    violence
        As from `police.comparable_violence` for the same period.
    delivered
        As from `delivered_months.delivered_by_source`.
    gazetteer, draw
        As for `changed.what_changed`.
    bandwidth_m
        Of the map, metres.

    Returns
    -------
    Comparison or None
        None without the force's own records, or where a source has no point in such a month.
    """
    if violence.is_snapped or violence.crimes.empty or seen.empty:
        return None
    months = _whole_in_both(seen, violence.crimes, delivered)
    alike = seen[_month(nights_of(seen)).isin(months) & seen["domestic_abuse"].ne("yes")]
    of_months = _month(evening_of(violence.crimes["committed_from"])).isin(months)
    like = violence._replace(crimes=violence.crimes[of_months])
    points = assault_points(alike, gazetteer)
    points = points[points["uncertainty_m"] <= bandwidth_m]
    crimes = crime_points(like.crimes)
    grid = grid_over_points(gazetteer, [points, crimes], cell_m=CELL_M, margin_m=bandwidth_m)
    try:
        risk = relative_risk(
            points,
            like,
            grid=grid,
            bandwidth_m=bandwidth_m,
            boundary=gazetteer.boundary,
            permutations=DEALS,
        )
    except AnalysisError:  # one of them has no point in these months
        return None
    hot_spots, _ = draw(_pooled(points, crimes))
    compared = compare_hot_spots(points, like, hot_spots)
    shapes = hot_spots[["hotspot_id", "name", "geometry"]]
    return Comparison(
        contours=tolerance_contours(risk),
        hot_spots=gpd.GeoDataFrame(shapes.merge(compared, on="hotspot_id", how="left")),
        n_hospital=risk.n_hospital,
        n_police=risk.n_police,
    )


def _month(nights: pd.Series) -> pd.Series:
    months: pd.Series = nights.dt.to_period("M").dt.start_time.astype("datetime64[s]")
    return months


def _whole_in_both(
    seen: pd.DataFrame, crimes: pd.DataFrame, delivered: Delivered
) -> set[pd.Timestamp]:
    """Months that every hospital and every police provider of the period delivered whole."""
    whole: list[set[pd.Timestamp]] = []
    for records, table in ((seen, delivered.hospitals), (crimes, delivered.police)):
        for provider in records["provider"].unique():
            whole.append(set(table.loc[table["provider"] == provider, "month"]))
    return set.intersection(*whole)


def _pooled(points: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """Both sources' incidents as one table: which one each is of is not told."""
    once = points.sort_values(["northing", "easting"], kind="stable").drop_duplicates("incident")
    both = pd.concat([once, crimes], ignore_index=True)
    return both.assign(incident=range(len(both)))
