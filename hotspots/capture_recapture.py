"""Capture and recapture: how many assaults neither the hospitals nor the police have, as a range.

An analyst's exercise, never a headline: the answer hangs on how the two sources depend on each
other, which two sources alone can never tell. So it is given for a range of odds ratios.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.known_share import known_share
from ed_ingest.linkable import comparable_crimes
from hotspots.timing import evening_of, nights_of

# Odds ratio of being known to the one source given the other: 1 is independence. Below 1 those whom
# hospitals see are less often known to the police than others; above 1 more often.
ODDS_RATIOS = (0.5, 1.0, 2.0, 4.0)
INJURY = ("homicide", "violence_with_injury")
STRATA = ("weekend_nights", "other_nights")
_WEEKEND = (4, 5)  # Friday's and Saturday's nights
ESTIMATE_COLUMNS = (
    "stratum", "odds_ratio", "n_hospital", "n_police", "n_both",
    "n_estimated", "n_estimated_low", "n_estimated_high",
)  # fmt: skip
STRATUM_COLUMNS = ("stratum", "n_hospital", "n_police", "share_both", "share_low", "share_high")


def chapman(n_one: float, n_other: float, n_both: float, *, odds_ratio: float = 1.0) -> float:
    """Estimate how many there are, from two lists and how many are on both.

    Chapman (1951): (n₁ + 1)(n₂ + 1)/(m + 1) - 1, which is all that are on a list and, of those on
    none, b c/(m + 1), where b and c are on one list alone. Where the lists depend on each other
    with this odds ratio, those on none are as many times more.

    Parameters
    ----------
    n_one, n_other
        Number on each list, 0 or more.
    n_both
        Number on both, at most the smaller.
    odds_ratio
        Dependence of the lists; 1 is none.
    """
    one_alone, other_alone = n_one - n_both, n_other - n_both
    on_none = odds_ratio * one_alone * other_alone / (n_both + 1)
    return n_both + one_alone + other_alone + on_none


def strata_of(
    weighed: pd.DataFrame, assaults: pd.DataFrame, crimes: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Count injury violence in public places on both lists, by kind of night.

    Parameters
    ----------
    weighed
        As `ed_ingest.linkage.weigh` gives it, for all records.
    assaults
        The hospitals' assaults of the period, contract columns, on the index of `weighed`.
    crimes
        The police records of the period's nights, contract columns.
    links
        As `ed_ingest.linkage.link` gives them: they tell which of the matches are of injury.

    Returns
    -------
    DataFrame
        `STRATUM_COLUMNS`: linkable assaults, none of them domestic; comparable crimes of homicide
        and violence with injury, none of them domestic; share of the assaults whose own crime is
        among these, corrected for missed and wrong links (`known_share`), with its 95 % interval.
    """
    listed = crimes[comparable_crimes(crimes) & crimes["domestic_abuse"].ne("yes")]
    injury = listed[listed["offence_group"].isin(INJURY)]
    mine = assaults.loc[assaults.index.intersection(weighed.index)]
    mine = mine[mine["domestic_abuse"].ne("yes")]
    kind = _kind_of_night(nights_of(mine))
    police = _kind_of_night(evening_of(injury["committed_from"])).value_counts()
    share = known_share(weighed, groups=kind.reindex(weighed.index)).reindex(list(STRATA))
    event = links.set_index("event_id")["probability"]
    of_injury = event[links["crime_id"].isin(injury["crime_id"]).to_numpy()]
    rows = []
    for stratum in STRATA:
        events = mine.loc[kind == stratum, "event_id"]
        matched, hurt = (float(p.reindex(events).sum()) for p in (event, of_injury))
        part = hurt / matched if matched > 0 else 0.0
        known = share.loc[stratum, ["known_share", "known_share_low", "known_share_high"]] * part
        rows.append((stratum, len(events), int(police.get(stratum, 0)), *known))
    return pd.DataFrame(rows, columns=list(STRATUM_COLUMNS))


def estimates(strata: pd.DataFrame) -> pd.DataFrame:
    """Estimate, for each stratum and for all, how many assaults there are.

    Parameters
    ----------
    strata
        `STRATUM_COLUMNS`.

    Returns
    -------
    DataFrame
        ``stratum`` (``all`` adds them up), ``odds_ratio``, ``n_hospital, n_police, n_both,
        n_estimated, n_estimated_low, n_estimated_high``. The interval is that of the share on both
        lists, which carries sampling and doubt about links; that of ``all`` takes the strata to be
        independent. It says nothing of the odds ratio, which the data cannot tell.
    """
    rows: list[tuple[str | float, ...]] = []
    numbers = strata[list(STRATUM_COLUMNS[1:])].to_numpy(dtype=float)
    for ratio in ODDS_RATIOS if len(strata) else ():
        own = np.array([_estimate(row, ratio) for row in numbers])
        rows += [(name, ratio, *row) for name, row in zip(strata["stratum"], own, strict=True)]
        rows.append(("all", ratio, *_together(own)))
    return pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))


def _estimate(numbers: NDArray[np.float64], ratio: float) -> tuple[float, ...]:
    ours, theirs, share, low, high = numbers.tolist()
    both = [min(part * ours, ours, theirs) for part in (share, high, low)]
    return ours, theirs, both[0], *(chapman(ours, theirs, m, odds_ratio=ratio) for m in both)


def _together(table: NDArray[np.float64]) -> tuple[float, ...]:
    total = table.sum(axis=0)
    below, above = (np.sqrt(((table[:, 3] - table[:, end]) ** 2).sum()) for end in (4, 5))
    return (*total[:4], total[3] - below, total[3] + above)


def _kind_of_night(nights: pd.Series) -> pd.Series:
    weekend = nights.dt.day_of_week.isin(_WEEKEND)
    kind: pd.Series = weekend.map({True: STRATA[0], False: STRATA[1]})
    return kind.where(nights.notna())
