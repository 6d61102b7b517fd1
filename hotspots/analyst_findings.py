"""The analyst's tables beyond the map: nights, themes, change, comparison, scores, premises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from hotspots.plain_text import plain_texts
from hotspots.publishable import Publishable, PublishableChange, PublishableTheme
from hotspots.published_premises import RANKED_COLUMNS
from hotspots.published_scores import NIGHT_COLUMNS, PAIR_COLUMNS, SCORE_COLUMNS
from hotspots.words import BANDS, NIGHTS

CHANGE_COLUMNS = (
    "hotspot_id", "name", "trend", "n_now", "n_before", "ratio_low", "ratio_high",
)  # fmt: skip
PERIOD_COLUMNS = (
    "now_from", "now_to", "before_from", "before_to", "compared_with", "is_called", "n_now",
    "n_before", "providers", "left_out", "note",
)  # fmt: skip
COMPARED_COLUMNS = (
    "name", "n_hospital", "n_police", "rank_hospital", "rank_police", "rank_difference",
)  # fmt: skip
THEME_COLUMNS = ("theme", "title", "note", "n_recorded", "n_mapped")
CONCENTRATION_COLUMNS = ("share_premises", "share_incidents", "share_if_equal")
# A column without any value has its kind all the same.
_WHOLE = frozenset(
    {
        "rank", "n", "n_low", "n_high", "n_assaults", "n_police", "population", "rank_low",
        "rank_high", "rank_before", "n_now", "n_before", "n_hospital", "n_recorded", "n_mapped",
        "n_named", "n_near", "n_police_near", "n_shrunk", "n_shrunk_low", "n_shrunk_high",
        "n_nights", "n_pairs", "night", "band",
    }
)  # fmt: skip
_WORDS = frozenset(
    {
        "hotspot_id", "name", "place_name", "peak", "trend", "more", "code", "note", "left_out",
        "compared_with", "providers",
    }
)  # fmt: skip
_MEASURES = frozenset(
    {
        "ratio_low", "ratio_high", "share_not_found", "share_alcohol", "share_weapon", "share_top",
        "harm",
    }
)  # fmt: skip


def beyond_the_map(publishable: Publishable) -> dict[str, pd.DataFrame]:
    """What stands beside the hot spots, by the table's name; what was not worked out is left out.

    Parameters
    ----------
    publishable
        What gate 2 let through.

    Returns
    -------
    dict
        ``hotspot_bands``, ``themes``, ``themes_by_hotspot``, ``themes_by_night``, ``changes``,
        ``compared_periods``, ``compared_hotspots``, ``evaluation``, ``special_nights``,
        ``near_repeats``, ``ranked_premises``, ``premises_bands`` and ``concentration``. A figure
        that was held back is missing, and so is a column that was not worked out.
    """
    p = publishable
    wholes: dict[str, tuple[pd.DataFrame | None, Sequence[str]]] = {
        "compared_hotspots": (p.compared_hot_spots, COMPARED_COLUMNS),
        "evaluation": (p.evaluation, SCORE_COLUMNS),
        "special_nights": (p.special_nights, NIGHT_COLUMNS),
        "near_repeats": (p.near_repeat, (*PAIR_COLUMNS, "n_pairs", "ratio", "p_permuted")),
        "ranked_premises": (p.ranked_premises, RANKED_COLUMNS),
        "concentration": (p.concentration, CONCENTRATION_COLUMNS),
    }
    found = {} if p.hot_spot_bands is None else {"hotspot_bands": named_bands(p.hot_spot_bands)}
    if p.premises_bands is not None:
        found["premises_bands"] = named_bands(p.premises_bands)
    if p.themes:
        found |= _themes(p.themes)
    if p.change is not None:
        found["changes"] = plain(p.change.hot_spots, CHANGE_COLUMNS)
    if p.change is not None or p.change_note:
        found["compared_periods"] = _compared_periods(p.change, p.change_note)
    for name, (table, columns) in wholes.items():
        if table is not None:
            found[name] = plain(table, columns)
    return found


def plain(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Exactly these columns, in this order; whole numbers as such, words without unseen marks."""
    plain = pd.DataFrame(table).reindex(columns=list(columns)).reset_index(drop=True)
    by_kind = {"Int64": _WHOLE, "str": _WORDS, "float64": _MEASURES}
    typed = plain.astype({n: k for k, names in by_kind.items() for n in columns if n in names})
    return plain_columns(typed)


def named_bands(bands: pd.DataFrame) -> pd.DataFrame:
    """Give night and band (-1: all) their names, before ``n``; other columns come first."""
    every = {-1: "all"}
    first = [name for name in bands.columns if name not in ("night", "band", "n")]
    named = bands.assign(
        night_name=bands["night"].map(every | dict(enumerate(NIGHTS))).astype("str"),
        band_name=bands["band"].map(every | dict(enumerate(BANDS))).astype("str"),
    )
    return plain(named, (*first, "night", "night_name", "band", "band_name", "n"))


def _themes(themes: Sequence[PublishableTheme]) -> dict[str, pd.DataFrame]:
    """The themes themselves; and, in long form, their counts by hot spot and by night."""
    listed = pd.DataFrame(
        [(t.key, t.title, t.note, t.n_recorded, t.n_mapped) for t in themes],
        columns=list(THEME_COLUMNS),
    )
    by_spot = pd.concat([t.by_hot_spot.assign(theme=t.key) for t in themes])
    by_night = pd.concat([t.night_bands.astype({"n": "Int64"}).assign(theme=t.key) for t in themes])
    return {
        "themes": plain(listed, THEME_COLUMNS),
        "themes_by_hotspot": plain(by_spot, ("theme", "hotspot_id", "n")),
        "themes_by_night": named_bands(by_night[["theme", "night", "band", "n"]]),
    }


def _compared_periods(change: PublishableChange | None, note: str) -> pd.DataFrame:
    """One row: what was compared with what; or why nothing was."""
    told: dict[str, Any] = dict.fromkeys(PERIOD_COLUMNS) | {"note": note}
    if change is not None:
        told |= {name: _day(getattr(change, name)) for name in PERIOD_COLUMNS[:4]}
        told |= {n: getattr(change, n) for n in ("compared_with", "is_called", "n_now", "n_before")}
        told |= {n: "; ".join(getattr(change, n)) for n in ("providers", "left_out")}
    return plain(pd.DataFrame([told]), PERIOD_COLUMNS)


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def plain_columns(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with every text in its columns plain."""
    told = [
        name
        for name, kind in table.dtypes.items()
        if isinstance(kind, pd.StringDtype) or pd.api.types.is_object_dtype(kind)
    ]
    plain = {
        str(name): table[name].map(plain_texts, na_action="ignore").astype(table[name].dtype)
        for name in told
    }
    return table.assign(**plain)
