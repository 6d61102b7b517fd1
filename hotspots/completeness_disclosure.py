"""GATE 2 of the completeness measures: what data managers may see; all else is held back.

Only this module makes `PublishableCompleteness`. Each column that goes out is named here.
"""

from __future__ import annotations

import pandas as pd

from ed_ingest.completeness import CompletenessSummary
from ed_ingest.habits import ONE_PLACE, ONE_VALUE
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
    s = summary
    away = s.n_rows - s.n_held_back - s.n_home
    return PublishableCompleteness(
        partnership=partnership,
        marking=marking,
        period_from=s.period_from,
        period_to=s.period_to,
        providers=_providers(s.providers, rules),
        items=_items(s.items, rules),
        months=_months(s.months, rules),
        history=_history(s.history, rules),
        asks=_asks(s.asks, rules),
        gains=_gains(s.gains, rules),
        told=_told(s.told, rules),
        habits=_habits(s.habits, rules),
        ledger=_ledger(s.ledger, rules),
        periods=s.periods[[*_WHO, *_PERIODS]],
        events=s.events[[*_WHO, "month", "event", "new_limits"]],
        n_rows=publish_total(s.n_rows, threshold=threshold, method=method),
        share_complete=share(s.n_complete, s.n_rows, threshold=threshold),
        share_mapped=share(s.n_mapped, s.n_rows, threshold=threshold),
        share_placed=share(s.n_mapped, away, threshold=threshold),
        share_linkable=share(s.n_linkable, s.n_rows, threshold=threshold),
        n_held_back=round_count(s.n_held_back, threshold=threshold),
        partnership_passed=s.partnership_passed,
        partnership_received=s.partnership_received,
        received_by_any=s.received_by_any,
        usable_share=s.usable_share,
        late_days=s.late_days,
        threshold=threshold,
        rounding=method,
    )


_WHO = ["provider", "name"]
_PERIODS = ["frequency", "period_from", "period_to", "words", "received_on", "days_after", "state"]
_FATES = {
    "n_stored": "n_stored",
    "n_outdated": "n_outdated",
    "n_held_back": "n_held_back",
    "n_not_assault": "n_dropped",
    "n_duplicate": "n_duplicate",
}
# From so many times the expected share on, and so many rows, a heap of values is odd; and so is one
# value, or one place, in such a share of at least so many rows.
ODD_TIMES, ODD_ROWS = 3.0, 10
ROUNDED_SHARE = 0.5
_ROUNDED = ("on_the_hour", "on_the_half_hour")
ONE_VALUE_SHARE, ONE_PLACE_SHARE, ONE_VALUE_ROWS = 0.95, 0.3, 30


def _providers(providers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    table = publish_table(providers, *_WHO, count="n", rules=rules)
    away = providers["n_stored"] - providers["n_home"]
    return table.assign(
        share_complete=shares(providers["n_complete"], providers["n"], rules.threshold),
        share_mapped=shares(providers["n_mapped"], providers["n"], rules.threshold),
        share_placed=shares(providers["n_mapped"], away, rules.threshold),
        share_linkable=shares(providers["n_linkable"], providers["n"], rules.threshold),
        months_passed=providers["months_passed"],
        months_received=providers["months_received"],
        frequency=providers["frequency"],
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
        received=months["received"],
    )


def _history(history: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    return history[[*_WHO, "item", "month"]].assign(
        share_usable=shares(history["usable"], history["n"], rules.threshold)
    )


def _asks(asks: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    often = asks[asks["n"] >= rules.threshold].reset_index(drop=True)
    return often[[*_WHO, "item", "title", "received_instead"]].assign(
        n=publish_counts(often["n"], threshold=rules.threshold, method="round5")
    )


def _gains(gains: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Up to the last change that adds as many; what a month adds of few is not told."""
    many = gains[gains["n_added"] >= rules.threshold].groupby("provider")["rank"].max()
    last = gains["provider"].map(many).fillna(0)
    kept = gains[gains["rank"] <= last].reset_index(drop=True)
    added = kept["n_added"].map(lambda n: round_count(n, threshold=rules.threshold))
    a_month = (added / kept["n_months"]).round().astype("Int64")
    return kept[[*_WHO, "rank", "item", "whom", "words"]].assign(
        n_alone=kept["n_alone"].map(lambda n: round_count(n, threshold=rules.threshold)),
        n_added=added.astype("int64"),
        n_a_month=a_month.mask(a_month < rules.threshold),
    )


def _told(told: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    whole = told.groupby(["provider", "item"])["n"].transform("sum")
    return told[[*_WHO, "item", "code"]].assign(share=shares(told["n"], whole, rules.threshold))


def _habits(habits: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    part, whole = habits["part"], habits["whole"]
    expected = habits["expected"] * whole
    heaped = (part > ODD_TIMES * expected) & (part >= max(ODD_ROWS, rules.threshold))
    # People round: only where half of all times are full hours do the minutes tell nothing.
    heaped &= ~habits["habit"].isin(_ROUNDED) | (part >= ROUNDED_SHARE * whole)
    many = whole >= ONE_VALUE_ROWS
    one_value = habits["habit"].eq(ONE_VALUE) & many & (part >= ONE_VALUE_SHARE * whole)
    one_place = habits["habit"].eq(ONE_PLACE) & many & (part >= ONE_PLACE_SHARE * whole)
    told = shares(part, whole, rules.threshold)
    return habits[[*_WHO, "habit", "item"]].assign(
        code=habits["code"].where(one_value),
        share=told,
        expected=habits["expected"].round(2).where(told.notna()),
        odd=(heaped | one_value | one_place) & told.notna(),
    )


def _ledger(ledger: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Each part is rounded, and the whole is the sum of what is shown: so that it adds up."""
    parts = {
        shown: ledger[name].map(lambda n: round_count(n, threshold=rules.threshold)).astype("int64")
        for name, shown in _FATES.items()
    }
    received = pd.DataFrame(parts, index=ledger.index).sum(axis=1).astype("int64")
    return ledger[[*_WHO, "month"]].assign(n_received=received, **parts)
