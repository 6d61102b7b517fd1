"""How far chance moves each hot spot's rank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.errors import AnalysisError

FEWEST_RESAMPLES = 100
ENDS = (0.025, 0.975)

Floats = NDArray[np.float64]


def rank_stability(
    members: pd.Series,
    incident: pd.Series,
    *,
    ids: Sequence[str],
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank the hot spots again and again, each time from as many incidents drawn anew.

    Incidents are drawn with replacement from all that were mapped, with all their records, so that
    six patients of one fight come and go together (the bootstrap, Efron 1979, DOI
    10.1214/aos/1176344552; for ranks Goldstein and Spiegelhalter 1996, DOI 10.2307/2983325). The
    hot spots are ranked by their records, as on the map; equal numbers in an order drawn by lot.

    Parameters
    ----------
    members
        Id of each record's hot spot, missing outside.
    incident
        Incident of each record, any key; same index. A missing one is an incident of its own.
    ids
        Ids of all hot spots, rank 1 first, as the map ranks them.
    resamples
        How often incidents are drawn, at least 100. Shares are within 1.5 points with 1000.
    seed
        The same one gives the same figures, for any order of the records and names of incidents.

    Returns
    -------
    DataFrame
        In the order of `ids`: ``hotspot_id``; ``rank_low, rank_high`` (the ranks that 95 % of the
        resamples lie between; 1 holds most); ``share_top`` (0 to 1: share of resamples in which it
        ranks as high as on the map or higher; of rank 3, "among the first three").

    Raises
    ------
    AnalysisError
        If an id stands twice, a record's hot spot is not among the ids, the two columns have not
        the same index, or there are too few resamples.
    """
    order = pd.Index(np.asarray(ids, dtype=object), dtype="str")
    if order.has_duplicates:
        raise AnalysisError("A hot spot's id stands twice. Draw the hot spots anew.")
    if not members.index.equals(incident.index):
        raise AnalysisError("Give each record's hot spot and incident on one index.")
    if not members.dropna().isin(order).all():
        raise AnalysisError("A record lies in a hot spot that is not among the ids. Give all ids.")
    if resamples < FEWEST_RESAMPLES:
        raise AnalysisError(f"Draw the incidents at least {FEWEST_RESAMPLES} times: set resamples.")
    kinds, count = _kinds_of_incident(members, incident, order)
    rng = np.random.default_rng(seed)
    ranks = _ranks(_drawn(kinds, count, resamples, rng), rng)
    low, high = np.quantile(ranks, ENDS, axis=0, method="inverted_cdf")
    own = np.arange(1, len(order) + 1)
    return pd.DataFrame(
        {
            "hotspot_id": order.to_numpy(),
            "rank_low": low.astype(np.int64),
            "rank_high": high.astype(np.int64),
            "share_top": (ranks <= own).mean(axis=0),
        }
    )


def _kinds_of_incident(
    members: pd.Series, incident: pd.Series, order: pd.Index
) -> tuple[Floats, NDArray[np.int64]]:
    """Kinds of incident (records at each hot spot; a row each), and how many there are of each.

    Only kinds are drawn, in an order of their own: the rows' order and the keys do not matter.
    """
    keys, names = pd.factorize(incident)
    keys = np.where(keys < 0, len(names) + np.arange(len(keys)), keys)
    spot = order.get_indexer(pd.Index(members))
    pairs = pd.DataFrame({"incident": keys, "spot": spot}).value_counts().rename("n").reset_index()
    pairs = pairs.sort_values(["incident", "spot"], ignore_index=True)
    kind = _in_words(pairs)
    # One incident stands for all of its kind.
    stands_for = kind.reset_index().groupby("kind")["incident"].agg(["first", "size"]).sort_index()
    row = pd.Series(np.arange(len(stands_for)), index=stands_for["first"].to_numpy())
    count = stands_for["size"]
    shown = pairs[pairs["incident"].isin(row.index) & (pairs["spot"] >= 0)]
    kinds = np.zeros((len(count), len(order)))
    kinds[row.reindex(shown["incident"]).to_numpy(), shown["spot"].to_numpy()] = shown["n"]
    return kinds, count.to_numpy(np.int64)


def _in_words(pairs: pd.DataFrame) -> pd.Series:
    """Records of each incident (index) at each hot spot, as a name of its kind."""
    code, known = pd.factorize(pairs["spot"] * (pairs["n"].max() + 1) + pairs["n"])
    words = pd.Series(known, dtype="int64").astype("str").to_numpy()[code]
    kind = pd.Series(words, index=pd.Index(pairs["incident"]), name="kind", dtype="str")
    spans = kind.index.duplicated(keep=False)
    joined = kind[spans].groupby(level=0).agg(" ".join)
    named: pd.Series = pd.concat([kind[~spans], joined]).rename("kind").rename_axis("incident")
    return named


def _drawn(
    kinds: Floats, count: NDArray[np.int64], resamples: int, rng: np.random.Generator
) -> Floats:
    """Records at each hot spot (a column each) in each resample (a row each)."""
    if not len(count):
        return np.zeros((resamples, kinds.shape[1]))
    drawn = rng.multinomial(count.sum(), count / count.sum(), size=resamples)
    return np.asarray(drawn @ kinds, dtype=np.float64)


def _ranks(records: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rank of each hot spot in each resample, 1 the most; equal numbers by lot."""
    lots = records + rng.random(records.shape)
    order = np.argsort(-lots, axis=1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, records.shape[1] + 1)[None, :], axis=1)
    return ranks
