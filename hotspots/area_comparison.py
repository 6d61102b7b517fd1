"""Hospital assaults beside police.uk's violence, by small area: ranks, and how they differ.

For partnerships whose only police records are those of police.uk, which have a month and the
nearest of a fixed set of places: fit for counts by small area and for nothing finer (Tompson and
others 2015, DOI 10.1080/15230406.2014.972456).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from ed_ingest.levels import HOMES
from ed_ingest.linkable import at_defaulted_place, false_places
from ed_ingest.small_areas import area_codes
from ed_ingest.tables import Gazetteer
from hotspots.hot_spot_facts import poisson_interval

# An area is one of business where premises are this many times as thick as in the partnership ...
TIMES_AS_THICK = 2.0
# ... and there are so many: one pub in a hamlet makes no town centre.
FEWEST_PREMISES = 5
# Where police.uk puts what has no place of its own: as false as a hospital is for hospitals.
FALSE_POINTS = ("police station", "prison")
COLUMNS = ("code", "name", "n_assaults", "n_police")
RANK_COLUMNS = (
    "rank_hospitals", "rank_hospitals_low", "rank_hospitals_high",
    "rank_police", "rank_police_low", "rank_police_high", "rank_difference", "ranked_higher_by",
)  # fmt: skip
HOSPITALS, POLICE, NOT_CLEAR = "hospitals", "police", "no_clear_difference"


def compare_areas(
    assaults: pd.DataFrame, violence: pd.DataFrame, gazetteer: Gazetteer
) -> pd.DataFrame:
    """Count hospital assaults and police violence in each non-residential small area.

    Parameters
    ----------
    assaults
        The contract's columns, of the period. Those at homes are left out, and those whose point
        is a hospital's or police station's for want of a better one.
    violence
        police.uk's violence of the period (`police.comparable_violence`). Violence at homes is in
        it and cannot be told apart; what stands at the points "Police Station" and "Prison" is
        left out.
    gazetteer
        Small areas and premises.

    Returns
    -------
    DataFrame
        ``code, name, n_assaults, n_police``: one row per non-residential area, by code; exact.
        Empty without small areas or without premises.
    """
    table = gazetteer.areas.drop_duplicates("code").sort_values("code", ignore_index=True)
    chosen = pd.DataFrame(table.loc[non_residential(gazetteer), ["code", "name"]])
    defaulted = at_defaulted_place(assaults, false_places(gazetteer.places))
    outside = assaults[~assaults["location_type"].isin(HOMES) & ~defaulted]
    false_point = violence["place_name"].astype("str").str.casefold().isin(FALSE_POINTS)
    for column, codes in (
        ("n_assaults", outside["lsoa"]),
        ("n_police", violence.loc[~false_point, "lsoa"]),
    ):
        chosen[column] = chosen["code"].map(codes.value_counts()).fillna(0).astype("int64")
    return chosen.reset_index(drop=True)


def non_residential(gazetteer: Gazetteer) -> NDArray[np.bool_]:
    """Tell which small areas are of business rather than of homes, by the premises in them.

    Premises per resident, or per km² where a population is not known, at least `TIMES_AS_THICK`
    times that of all areas together, and at least `FEWEST_PREMISES` premises. Every LSOA has
    residents: the word says what the area mostly is.

    Returns
    -------
    array of bool
        Of each small area, in the order of codes; all False where no premises are known.
    """
    areas = gazetteer.areas.drop_duplicates("code").sort_values("code", ignore_index=True)
    premises = gazetteer.places[gazetteer.places["kind"] == "premises"]
    codes = area_codes(premises["easting"], premises["northing"], areas)
    n = areas["code"].map(codes.value_counts()).fillna(0).to_numpy(dtype=float)
    people = pd.to_numeric(areas["population"], errors="coerce").to_numpy(dtype=float)
    size = people if (people > 0).all() else areas.geometry.area.to_numpy(dtype=float)
    if not n.sum() or not size.sum():
        return np.zeros(len(areas), dtype=bool)
    return np.asarray((n >= TIMES_AS_THICK * size * n.sum() / size.sum()) & (n >= FEWEST_PREMISES))


def rank_areas(table: pd.DataFrame, *, rounded_to: int = 1) -> pd.DataFrame:
    """Rank areas by each source, with the ranks that chance allows, and compare the ranks.

    Parameters
    ----------
    table
        ``n_assaults, n_police``: counts, one row per area.
    rounded_to
        The counts were rounded to multiples of this; their intervals are widened by half of it.

    Returns
    -------
    DataFrame
        `table` with `RANK_COLUMNS`: rank 1 has the most, equal counts share the mean of their
        ranks. ``…_low`` and ``…_high``: the least and the greatest rank that the exact 95 % Poisson
        intervals of all counts leave room for. ``rank_difference``: the police's rank less the
        hospitals', above 0 where hospitals rank the area higher. ``ranked_higher_by``:
        ``hospitals`` or ``police`` where the two ranges of ranks do not meet, else
        ``no_clear_difference``.
    """
    ours, theirs = (
        _ranks(table[column].to_numpy(dtype=float), rounded_to)
        for column in ("n_assaults", "n_police")
    )
    clear = [ours[2] < theirs[1], theirs[2] < ours[1]]
    return table.assign(
        **dict(zip(RANK_COLUMNS[:3], ours, strict=True)),
        **dict(zip(RANK_COLUMNS[3:6], theirs, strict=True)),
        rank_difference=theirs[0] - ours[0],
        ranked_higher_by=pd.Series(
            np.select(clear, [HOSPITALS, POLICE], NOT_CLEAR), index=table.index, dtype="str"
        ),
    )


def _ranks(
    n: NDArray[np.float64], rounded_to: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Rank of each count, and the least and greatest rank that chance leaves it."""
    half = (rounded_to - 1) / 2
    low, high = poisson_interval(np.maximum(n - half, 0))[0], poisson_interval(n + half)[1]
    surely_more = (low[None, :] > high[:, None]).sum(axis=1)
    surely_fewer = (high[None, :] < low[:, None]).sum(axis=1)
    rank = rankdata(-n, method="average") if len(n) else np.zeros(0)
    return np.asarray(rank, dtype=float), 1 + surely_more, len(n) - surely_fewer
