"""Two referees: the nearest crime in the window, and an oracle that knows how the sides err."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from benchmarks.evaluation.linkage_scenarios import Simulated
from ed_ingest.matching import assign

WINDOW_M, WINDOW_MIN = 200.0, 120.0
_REACH_M, _REACH_MIN = 400.0, 240.0
_METRES = np.array([0, 10, 20, 30, 45, 60, 80, 100, 130, 160, 200, 250, 300, _REACH_M])
_MINUTES = np.array([-1, 0.5, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, _REACH_MIN])


def nearest_first(assaults: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """Link the nearest in space within 200 m and 2 h, nearest pairs first, one-to-one."""
    pairs = _pairs(assaults, crimes, WINDOW_M, WINDOW_MIN)
    return _greedy(pairs.sort_values(["distance_m", "gap_min", "i", "j"]).assign(probability=1.0))


def oracle(assaults: pd.DataFrame, crimes: pd.DataFrame, truth: Simulated) -> pd.DataFrame:
    """Link by the true distribution of distance and gap, true share and true density of chance.

    Told by the truth how far and how long after each other the two records of an incident are, for
    each way that the time was told; what remains is what place and time cannot tell.
    """
    pairs = _pairs(assaults, crimes, _REACH_M, _REACH_MIN)
    right = pd.MultiIndex.from_arrays(
        [assaults["event_id"].to_numpy()[pairs["i"]], crimes["crime_id"].to_numpy()[pairs["j"]]]
    ).isin(pd.MultiIndex.from_frame(truth.pairs))
    ring = np.digitize(pairs["distance_m"], _METRES[1:-1])
    wait = np.digitize(pairs["gap_min"], _MINUTES[1:-1])
    minute = assaults["assault_from"].dt.minute.to_numpy()
    exact = assaults["time_precision"].eq("minute").to_numpy()
    kind = np.select(
        [assaults["time_precision"].eq("date"), ~exact, minute == 0, minute == 30], [4, 3, 2, 1], 0
    )[pairs["i"]]
    long = (crimes["committed_to"] - crimes["committed_from"]).dt.total_seconds().to_numpy() / 60
    length = np.digitize(long, [61, 421])[pairs["j"]]
    ratio = np.ones(len(pairs))
    cell = (kind * 3 + length) * len(_MINUTES) + wait
    for feature in (ring, cell):
        found = np.bincount(feature, right, minlength=feature.max() + 1) + 0.02
        chance = np.bincount(feature, ~right, minlength=feature.max() + 1) + 0.5
        ratio *= ((found / found.sum()) / (chance / chance.sum()))[feature]
    # The chance pairs of each assault, smoothed over its neighbours in place and hour of the week.
    expected = _expected(assaults, pairs, right)[pairs["i"]]
    pairs["ratio"] = ratio * truth.known.mean() / (1 - truth.known.mean() + 1e-9) / expected
    total = pairs.groupby("i")["ratio"].transform("sum")
    pairs["probability"] = pairs["ratio"] / (1 + total)
    best = assign(*(pairs[c].to_numpy() for c in ("i", "j", "probability")))
    return _at_its_best(pairs[best], truth)


def one_to_one(links: pd.DataFrame) -> pd.DataFrame:
    """Choose one-to-one links from pairs, the likeliest first."""
    pairs = links.assign(i=pd.factorize(links["event_id"])[0], j=pd.factorize(links["crime_id"])[0])
    order = ["probability", "event_id", "crime_id"]
    return _greedy(pairs.sort_values(order, ascending=[False, True, True]))


def _at_its_best(links: pd.DataFrame, truth: Simulated) -> pd.DataFrame:
    """The strongest pairs, as many as give the greatest F1: the oracle may look."""
    links = links.sort_values("probability", ascending=False, kind="stable")
    right = pd.MultiIndex.from_frame(links[["event_id", "crime_id"]]).isin(
        pd.MultiIndex.from_frame(truth.pairs)
    )
    f1 = 2 * np.cumsum(right) / (np.arange(len(links)) + 1 + truth.pairs["event_id"].nunique())
    kept = links.iloc[: int(np.argmax(f1)) + 1] if len(links) else links
    return kept[["event_id", "crime_id"]].assign(probability=1.0)


def _expected(assaults: pd.DataFrame, pairs: pd.DataFrame, right: np.ndarray) -> np.ndarray:
    wrong = np.bincount(pairs["i"], ~right, minlength=len(assaults))
    hour = (assaults["assault_from"].dt.dayofweek * 24 + assaults["assault_from"].dt.hour) / 168
    width = (assaults["assault_to"] - assaults["assault_from"]).dt.total_seconds() / 3600
    at = np.column_stack(
        [
            assaults[["easting", "northing"]] / 150,
            2.5 * np.cos(2 * np.pi * hour),
            2.5 * np.sin(2 * np.pi * hour),
            width / 2,
        ]
    )
    _, near = cKDTree(at).query(at, k=min(25, len(at)))
    return np.maximum(wrong[near].mean(axis=1), 0.05)


def _pairs(
    assaults: pd.DataFrame, crimes: pd.DataFrame, reach_m: float, reach_min: float
) -> pd.DataFrame:
    ours, theirs = (t[["easting", "northing"]].to_numpy(float) for t in (assaults, crimes))
    found = cKDTree(ours).sparse_distance_matrix(cKDTree(theirs), reach_m, output_type="ndarray")
    first, last = (_minutes(assaults[c]) for c in ("assault_from", "assault_to"))
    start, end = (_minutes(crimes[c]) for c in ("committed_from", "committed_to"))
    i, j = found["i"], found["j"]
    gap = np.maximum(np.maximum(first[i] - end[j], start[j] - last[i]), 0.0)
    table = pd.DataFrame({"i": i, "j": j, "distance_m": found["v"], "gap_min": gap})
    table = table[gap <= reach_min].reset_index(drop=True)
    table["event_id"] = assaults["event_id"].to_numpy()[table["i"]]
    table["crime_id"] = crimes["crime_id"].to_numpy()[table["j"]]
    return table


def _greedy(pairs: pd.DataFrame) -> pd.DataFrame:
    """Take pairs in their order, each record once."""
    ours, theirs, kept = set(), set(), []
    for row, (i, j) in enumerate(zip(pairs["i"], pairs["j"], strict=True)):
        if i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
            kept.append(row)
    return pairs.iloc[kept][["event_id", "crime_id", "probability"]]


def _minutes(times: pd.Series) -> np.ndarray:
    return times.to_numpy().astype("datetime64[s]").astype("int64") / 60.0
