"""How the share of usable rows goes from month to month: XmR limits, marks, and since when."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.completeness import COMPLETE
from hotspots.words import is_missing, month_words, share_words
from hotspots.xmr import Point, xmr_chart

MET, NEAR = 0.90, 0.75  # of the rows usable
# The whole row, and the minimum data set.
CHARTED = (COMPLETE, "type", "time", "location")
COLUMNS = ["provider", "name", "item", "month", "share", "mean", "lower", "upper", "side", "rules",
           "phase", "trial"]  # fmt: skip
_RULE_WORDS = {
    "beyond": "outside the limits",
    "run": "seven or more in a row on one side of the average",
    "near": "two of three close to a limit",
    "trend": "seven or more in a row rising or falling",
}


def trends(history: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Judge the published shares by the rules of `xmr_chart`.

    Parameters
    ----------
    history, events
        As in `PublishableCompleteness`. Everything here follows from figures that are published,
        so it tells nothing more.

    Returns
    -------
    DataFrame
        ``provider, name, item`` (of `CHARTED`), ``month`` (every calendar month from the first
        with rows to the last), ``share`` (0 to 1), ``mean, lower, upper`` (limits kept within 0
        and 1; all missing where a phase has too few months), ``side`` (1 better, −1 worse, 0
        usual), ``rules`` (names, separated by spaces), ``phase, trial``.
    """
    tables = []
    charted = history[history["item"].isin(CHARTED)]
    for key, own in charted.groupby(["provider", "name", "item"], sort=False):
        provider, name, item = (str(part) for part in key)
        months = pd.period_range(own["month"].min(), own["month"].max(), freq="M").astype("str")
        shares = own.set_index("month")["share_usable"].reindex(list(months))
        new = events["provider"].eq(provider) & events["new_limits"].astype(bool)
        anew = events.loc[new, "month"]
        starts = [place for place, month in enumerate(months) if month in set(anew)]
        points = xmr_chart([None if is_missing(s) else float(s) for s in shares], starts=starts)
        rows = [_row(month, point) for month, point in zip(months, points, strict=True)]
        tables.append(pd.DataFrame(rows).assign(provider=provider, name=name, item=item))
    return pd.concat(tables, ignore_index=True)[COLUMNS] if tables else _no_trends()


def since_when(history: pd.DataFrame, *, target: float) -> pd.DataFrame:
    """The first of the latest months in a row in which an item fell short of a share.

    Parameters
    ----------
    history
        As in `PublishableCompleteness`; months without a figure are passed over.
    target
        Share, 0 to 1.

    Returns
    -------
    DataFrame
        ``provider, item, month``: of items whose latest month with a figure falls short; ``ever``:
        they did in every month that there is a figure of.
    """
    rows = []
    known = history[history["share_usable"].notna()].sort_values("month")
    for (provider, item), own in known.groupby(["provider", "item"], sort=False):
        short = own["share_usable"].lt(target).to_numpy()
        if short[-1]:
            met = [place for place, is_short in enumerate(short) if not is_short]
            first = own["month"].iloc[met[-1] + 1 if met else 0]
            rows.append({"provider": provider, "item": item, "month": first, "ever": not met})
    return pd.DataFrame(rows, columns=["provider", "item", "month", "ever"])


def trend_words(trend: pd.DataFrame) -> str:
    """One sentence on where one provider's item stands now.

    Parameters
    ----------
    trend
        The rows of `trends` of one provider and item.
    """
    known = trend[trend["share"].notna()]
    if known.empty:
        return "No month has a figure."
    last = known.iloc[-1]
    if is_missing(last["mean"]):
        return f"Too few months for limits; the latest, {month_words(last['month'])}, is " + (
            f"{share_words(last['share'])}."
        )
    now = f"{month_words(last['month'])}: {share_words(last['share'])}"
    usual = f"average {share_words(last['mean'])}, limits {share_words(last['lower'])} to " + (
        share_words(last["upper"])
    )
    if last["side"] == 0:
        return f"{now}, usual variation ({usual})."
    word = "better" if last["side"] > 0 else "worse"
    run = known[_latest_run(known["side"])]
    begin = str(run["month"].iloc[0])
    rules = {rule for one in run["rules"] for rule in str(one).split()}
    why = "; ".join(words for rule, words in _RULE_WORDS.items() if rule in rules)
    since = "" if begin == last["month"] else f" since {month_words(begin)}"
    return f"{now}, {word} than usual{since}: {why} ({usual})."


def _latest_run(side: pd.Series) -> NDArray[np.bool_]:
    """Which values belong to the marks on one side that reach to the latest."""
    other = side.ne(side.iloc[-1]).to_numpy()
    return np.arange(len(side)) > (np.flatnonzero(other).max() if other.any() else -1)


def _row(month: str, point: Point) -> dict[str, object]:
    limits = point.limits
    return {
        "month": month,
        "share": float("nan") if point.value is None else point.value,
        "mean": float("nan") if limits is None else limits.mean,
        "lower": float("nan") if limits is None else max(limits.lower, 0.0),
        "upper": float("nan") if limits is None else min(limits.upper, 1.0),
        "side": point.side,
        "rules": " ".join(point.rules),
        "phase": point.phase,
        "trial": point.trial,
    }


def _no_trends() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS)
