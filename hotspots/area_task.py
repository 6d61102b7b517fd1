"""One area's analysis, as a worker does it: records read, journey 2 and gate 2, small tables."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ed_ingest.linkable import covered, false_places
from ed_ingest.linkage import Linkage, link_all
from ed_ingest.linked import link_assaults
from ed_ingest.tables import Gazetteer
from hotspots.belonging import area_of_records
from hotspots.delivered_months import Delivered
from hotspots.disclosure import disclose
from hotspots.geofiles import layers_of
from hotspots.halo import Neighbours
from hotspots.linked_analysis import Beside, analyse_linked
from hotspots.plain_text import plain_text
from hotspots.publishable import Publishable
from hotspots.record_files import RecordFiles, read_records
from hotspots.small_numbers import Method

TABLES = ("assaults", "crimes")


@dataclass(frozen=True)
class Rules:
    """What is the same for every area.

    Attributes
    ----------
    chosen
        Arguments of `analysis.analyse` by name, without the partnership's name.
    period
        First and last night.
    halo_m
        How far beyond an area its neighbours' records are read, metres.
    link_threshold, capture_recapture
        Settings of linkage.
    method, threshold, premises_names, marking
        As for `disclosure.disclose`.
    """

    chosen: Mapping[str, Any]
    period: tuple[date, date]
    halo_m: float
    link_threshold: float
    capture_recapture: bool
    method: Method
    threshold: int
    premises_names: bool
    marking: str


@dataclass(frozen=True)
class AreaTask:
    """All that a worker needs for one area; small, but for its part of the gazetteer.

    Attributes
    ----------
    code, name
        Of the area.
    files, paths
        Where the records are; the files of each of `TABLES` that may hold some of the area or of
        its halo.
    areas
        ``code, geometry``: the area and those that its halo reaches into.
    of_small_area, homes
        As for `belonging.area_of_records`.
    gazetteer
        What lies in the area and its halo; its boundary is the area, its small areas are its own.
    delivered
        By all records of the providers.
    beside
        Reference tables.
    rules
        The same for every area.
    """

    code: str
    name: str
    files: RecordFiles
    paths: Mapping[str, tuple[str, ...]]
    areas: gpd.GeoDataFrame
    of_small_area: pd.Series
    homes: Mapping[str, str]
    gazetteer: Gazetteer
    delivered: Delivered
    beside: Beside
    rules: Rules


@dataclass(frozen=True)
class AreaResult:
    """What a worker gives back of one area: only what passed gate 2.

    Attributes
    ----------
    layers
        As from `geofiles.layers_of`, with ``area_code, area_name`` first.
    figures
        ``n_recorded, n_mapped, n_hot_spots, share_known, share_known_low, share_known_high`` (None
        where not known) and ``police``: ``force``, ``police.uk`` or empty, whose records they are.
    processor_s, peak_mb
        Processor time that the area took; the most memory that the worker has held until now.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    figures: Mapping[str, float | str | None]
    processor_s: float
    peak_mb: float


def analyse_area(task: AreaTask) -> AreaResult:
    """Analyse one area and hold back what may not be shown.

    Raises
    ------
    AnalysisError
        As `analysis.analyse` and `disclosure.disclose` do.
    """
    started = time.process_time()
    rules = task.rules
    assaults, crimes = (_near(task, table) for table in TABLES)
    linked, linkage = _linked(assaults, crimes, task)
    assaults, linkage = _own_police_alone(linked, linkage, crimes, assaults, task.code)
    own = {"assaults": _own(assaults, task.code), "crimes": _own(crimes, task.code)}
    beyond = [rows[rows["area_code"].ne(task.code)] for rows in (assaults, crimes)]
    findings = analyse_linked(
        own,
        {"chance_rate": linkage.chance_rate},
        linkage=linkage,
        capture_recapture=rules.capture_recapture,
        gazetteer=task.gazetteer,
        period=rules.period,
        beside=task.beside,
        chosen={**rules.chosen, "partnership": task.name},
        neighbours=Neighbours(task.code, beyond[0], beyond[1], task.delivered),
    )
    shown = disclose(
        findings,
        threshold=rules.threshold,
        method=rules.method,
        premises_names=rules.premises_names,
        marking=rules.marking,
    )
    layers = {
        name: _named(layer.features, task.code, task.name)
        for name, layer in layers_of(shown).items()
    }
    return AreaResult(layers, _figures(shown), time.process_time() - started, _peak_mb())


def halo_of(boundary: BaseGeometry, halo_m: float) -> tuple[float, float, float, float]:
    """Bounds of an area and its halo: west, south, east, north."""
    west, south, east, north = boundary.bounds
    return west - halo_m, south - halo_m, east + halo_m, north + halo_m


def _near(task: AreaTask, table: str) -> pd.DataFrame:
    """The rows of a table that are the area's or lie in its halo, with ``area_code``."""
    rows = read_records(task.files, table, paths=task.paths[table]).reset_index(drop=True)
    area = area_of_records(
        rows,
        task.areas,
        of_small_area=task.of_small_area,
        homes=task.homes if table == "assaults" else None,
    )
    boundary = task.areas.set_index("code").geometry[task.code]
    west, south, east, north = halo_of(boundary, task.rules.halo_m)
    within = rows["easting"].between(west, east) & rows["northing"].between(south, north)
    near = rows.index[within & area.ne(task.code)]
    shapely.prepare(boundary)
    points = shapely.points(rows.loc[near, "easting"], rows.loc[near, "northing"])
    kept = area.eq(task.code)
    kept[near[shapely.dwithin(boundary, points, task.rules.halo_m)]] = True
    return rows.assign(area_code=area)[kept]


def _linked(
    assaults: pd.DataFrame, crimes: pd.DataFrame, task: AreaTask
) -> tuple[pd.DataFrame, Linkage]:
    """Records and their linkage; records that were never linked as a whole are linked here."""
    options: dict[str, Any] = {
        "threshold": task.rules.link_threshold,
        "false_places": false_places(task.gazetteer.places),
    }
    if assaults["link_status"].isna().any():
        return link_assaults(assaults, crimes, **options)
    return assaults, link_all(assaults, crimes, **options)


def _own_police_alone(
    linked: pd.DataFrame,
    linkage: Linkage,
    crimes: pd.DataFrame,
    read: pd.DataFrame,
    code: str,
) -> tuple[pd.DataFrame, Linkage]:
    """Where an area's own police sent nothing, neighbours' records do not tell what they know.

    An assault at the border can be linked to a crime beyond it; that none is found there says
    nothing while nobody could look within the area.
    """
    of_police = crimes[crimes["area_code"].eq(code)]
    nobody = linked["area_code"].eq(code) & ~covered(linked, of_police)
    weighed = linkage.weighed.drop(linked.index[nobody], errors="ignore")
    if read["link_status"].isna().any():
        unseen = nobody & linked["link_status"].eq("not_found")
        linked = linked.assign(link_status=linked["link_status"].mask(unseen, "not_linkable"))
    return linked, linkage._replace(weighed=weighed)


def _own(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    return rows[rows["area_code"].eq(code)].drop(columns="area_code")


def _named(features: gpd.GeoDataFrame, code: str, name: str) -> gpd.GeoDataFrame:
    named = features.copy()
    named.insert(0, "area_code", pd.Series(code, index=named.index, dtype="str"))
    named.insert(1, "area_name", pd.Series(plain_text(name), index=named.index, dtype="str"))
    return named


def _figures(shown: Publishable) -> dict[str, float | str | None]:
    ends = {
        "share_known": shown.share_not_found,
        "share_known_low": shown.share_not_found_high,
        "share_known_high": shown.share_not_found_low,
    }
    return {
        "n_recorded": shown.n_recorded,
        "n_mapped": shown.n_mapped,
        "n_hot_spots": len(shown.hot_spots),
        "police": _police(shown),
        **{name: None if end is None else round(1 - end, 2) for name, end in ends.items()},
    }


def _police(shown: Publishable) -> str:
    if not shown.police_note:
        return ""
    return "police.uk" if shown.police_analyst_only else "force"


def _peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 1e6)  # type: ignore[attr-defined]
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6
