"""GATE 2 of the completeness measures: what data managers may see; all else is held back.

Only this module makes `PublishableCompleteness`. Each column that goes out is named here.
"""

from __future__ import annotations

import pandas as pd

from ed_ingest.completeness import CompletenessSummary
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.published_counts import publish_table
from hotspots.small_numbers import (
    Method,
    Rules,
    publish_counts,
    publish_total,
    require_rules,
    round_count,
    share,
    shares,
)


def disclose_completeness(
    summary: CompletenessSummary,
    *,
    partnership: str,
    marking: str,
    threshold: int,
    method: Method,
) -> PublishableCompleteness:
    """Make of the completeness measures what data managers may see.

    Parameters
    ----------
    summary
        As from `ed_ingest.completeness.summarise`.
    partnership, marking
        For display.
    threshold, method
        As for `disclose`. What came instead of a value is told only where it came that often.

    Raises
    ------
    AnalysisError
        If the method is not one of the two or the threshold is below 3.
    """
    require_rules(threshold, method)
    rules = Rules(threshold, method, summary.n_rows, premises_names=False)
    often = summary.asks[summary.asks["n"] >= threshold].reset_index(drop=True)
    asks = often[["provider", "name", "item", "title", "received_instead"]].assign(
        n=publish_counts(often["n"], threshold=threshold, method="round5")
    )
    return PublishableCompleteness(
        partnership=partnership,
        marking=marking,
        period_from=summary.period_from,
        period_to=summary.period_to,
        items=_items(summary.items, rules),
        months=_months(summary.months, rules),
        asks=asks,
        n_rows=publish_total(summary.n_rows, threshold=threshold, method=method),
        share_complete=share(summary.n_complete, summary.n_rows, threshold=threshold),
        share_mapped=share(summary.n_mapped, summary.n_rows, threshold=threshold),
        n_held_back=round_count(summary.n_held_back, threshold=threshold),
        partnership_passed=summary.partnership_passed,
        usable_share=summary.usable_share,
        late_days=summary.late_days,
        threshold=threshold,
        rounding=method,
    )


def _items(items: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The items of `PublishableCompleteness`, from counts per provider and item."""
    rows = items.drop_duplicates("provider")[["provider", "n"]]
    safe = publish_table(rows, "provider", count="n", rules=rules).set_index("provider")["n"]
    table = items[["provider", "name", "item", "title", "national_2009"]]
    return table.assign(
        n=safe.reindex(items["provider"]).to_numpy(dtype=object),
        share_present=shares(items["present"], items["n"], rules.threshold),
        share_valid=shares(items["valid"], items["n"], rules.threshold),
        share_usable=shares(items["usable"], items["n"], rules.threshold),
    ).astype({"n": "Int64"})


def _months(months: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The months of `PublishableCompleteness`, from counts per provider and month."""
    safe = [
        publish_table(own, count="n", rules=rules._replace(total=int(own["n"].sum())))
        for _, own in months.groupby("provider")
    ]
    n = pd.concat(safe)["n"] if safe else months["n"].astype("Int64")
    return months[["provider", "name", "month"]].assign(
        n=n,
        share_type=shares(months["type_usable"], months["n"], rules.threshold),
        share_time=shares(months["time_usable"], months["n"], rules.threshold),
        share_location=shares(months["location_usable"], months["n"], rules.threshold),
        share_complete=shares(months["complete"], months["n"], rules.threshold),
        received_on=months["received_on"],
        days_after_month=months["days_after_month"],
        passed=months["passed"],
    )
