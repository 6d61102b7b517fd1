from datetime import date

import pandas as pd
import pytest

from ed_ingest.completeness import CompletenessSummary
from ed_ingest.errors import AnalysisError
from hotspots.completeness_disclosure import disclose_completeness

PROVIDER = {"provider": "marford", "name": "Marford General Hospital"}
PLACE = {"item": "location", "title": "Location of incident"}


def summary_of(months=(30, 3, 60), asks_n=(9, 4), **changes) -> CompletenessSummary:
    """Completeness of one hospital: the type usable in every row, the place in a third."""
    n = sum(months)
    monthly = [
        {
            **PROVIDER, "month": f"2026-{i + 1:02d}", "n": m, "type_usable": m, "time_usable": m,
            "location_usable": m // 3, "complete": m // 3, "received_on": date(2026, i + 2, 9),
            "days_after_month": 9, "passed": True, "received": True,
        }
        for i, m in enumerate(months)
    ]  # fmt: skip
    counts = {"n": n, "n_stored": n - 2, "n_held_back": 2, "n_complete": n // 3}
    counts |= {"n_mapped": n // 2, "n_home": n // 4, "n_linkable": n // 3}
    fates = dict.fromkeys(["n_stored", "n_outdated", "n_held_back", "n_not_assault"], 3)
    parts = {
        "providers": [{**PROVIDER, **counts, "months_passed": 3, "months_received": 3,
                       "frequency": "monthly"}],
        "items": [{**PROVIDER, **PLACE, "national_2009": 70, "n": n, "present": n, "valid": n,
                   "usable": n // 3}],
        "months": monthly,
        "history": [{**PROVIDER, "item": "complete", "month": row["month"], "n": row["n"],
                     "usable": row["complete"]} for row in monthly],
        "asks": [{**PROVIDER, **PLACE, "received_instead": f"shape {i}", "n": k}
                 for i, k in enumerate(asks_n)],
        "gains": gains_of((61, 61), (2, 3)),
        "told": [{**PROVIDER, "item": "time", "code": code, "n": k}
                 for code, k in (("minute", 60), ("date", 2), ("missing", 31))],
        "habits": [habit("one_value", 40, 40), habit("midnight", 12, 60, expected=0.05)],
        "ledger": [{**PROVIDER, "month": "2026-01", "n_read": 15, **fates, "n_duplicate": 3}],
        "periods": [{**PROVIDER, "frequency": "monthly", "period_from": date(2026, 1, 1),
                     "period_to": date(2026, 1, 31), "words": "January 2026",
                     "received_on": date(2026, 2, 9), "days_after": 9, "state": "kept"}],
        "events": [{**PROVIDER, "month": "2026-01", "event": "New form", "new_limits": True}],
    }  # fmt: skip
    tables = {name: pd.DataFrame(rows) for name, rows in (parts | changes).items()}
    return CompletenessSummary(
        period_from=date(2026, 1, 1),
        period_to=date(2026, 3, 31),
        **tables,
        n_rows=n,
        n_complete=n // 3,
        n_mapped=n // 2,
        n_home=n // 4,
        n_linkable=n // 3,
        n_held_back=2,
        partnership_passed=True,
        partnership_received=True,
        received_by_any=True,
        usable_share=0.8,
        late_days=14,
    )


def gains_of(*alone_and_added: tuple[int, int]) -> list[dict]:
    return [
        {**PROVIDER, "rank": rank, "change": "c", "item": "time", "whom": "hospital",
         "words": f"ask {rank}", "n_alone": alone, "n_added": added, "n_months": 12}
        for rank, (alone, added) in enumerate(alone_and_added, start=1)
    ]  # fmt: skip


def habit(name: str, part: int, whole: int, expected: float | None = None) -> dict:
    return {**PROVIDER, "habit": name, "item": "drugs", "code": "no", "part": part, "whole": whole,
            "expected": float("nan") if expected is None else expected}  # fmt: skip


def completeness_of(months=(30, 3, 60), threshold=5, method="round5", asks_n=(9, 4), **changes):
    return disclose_completeness(
        summary_of(months, asks_n, **changes),
        partnership="Marford",
        marking="OFFICIAL",
        threshold=threshold,
        method=method,
    )


def test_completeness_is_rounded():
    safe = completeness_of()

    # 30, 3 and 60 of 93: 30, 5 and 60 of 95. A third of 93 is 31: 30 of 95 is 32 %.
    assert safe.months["n"].tolist() == [30, 5, 60]
    assert safe.items["n"].tolist() == [95]
    assert (safe.n_rows, safe.n_held_back) == (95, 5)
    assert safe.items["share_present"].tolist() == [1.0]
    assert safe.items["share_usable"].tolist() == [0.32]
    assert safe.share_complete == 0.32
    assert safe.months["share_location"].isna().tolist() == [False, True, False]
    assert safe.months["passed"].all()
    assert (safe.usable_share, safe.late_days) == (0.8, 14)


def test_months_are_rounded_where_exact_ones_would_give_a_small_one_away():
    safe = completeness_of(method="suppress_lt5")

    # 93 - 30 - 60 would give the 3 away.
    assert safe.months["n"].tolist() == [30, 5, 60]
    assert safe.n_rows == 93


def test_what_came_instead_is_told_only_where_it_came_often():
    assert completeness_of().asks["received_instead"].tolist() == ["shape 0"]


def test_completeness_of_nothing_is_nothing():
    safe = completeness_of(months=(0, 0), asks_n=(4,))

    assert (safe.n_rows, safe.share_complete, safe.share_mapped) == (0, None, None)
    assert safe.months["n"].tolist() == [0, 0]
    assert safe.asks.empty


@pytest.mark.parametrize("wrong", [{"method": "as_is"}, {"threshold": 2}])
def test_rules_that_no_agreement_may_set_are_refused(wrong):
    with pytest.raises(AnalysisError, match="small_numbers"):
        completeness_of(**wrong)


def test_what_is_shown_of_the_rows_received_adds_up():
    safe = completeness_of().ledger

    # Five parts of 3 rows are each shown as 5; 15 received are shown as their sum.
    parts = ["n_stored", "n_outdated", "n_held_back", "n_dropped", "n_duplicate"]
    assert safe[parts].iloc[0].tolist() == [5] * 5
    assert safe["n_received"].iloc[0] == 25


def test_gains_are_rounded_and_the_last_of_few_is_left_out():
    safe = completeness_of().gains

    assert safe["words"].tolist() == ["ask 1"]
    assert (safe["n_added"].iloc[0], safe["n_a_month"].iloc[0]) == (60, 5)


def test_a_month_that_gains_few_is_not_told():
    safe = completeness_of(gains=gains_of((20, 20))).gains

    assert safe["n_added"].tolist() == [20]
    assert safe["n_a_month"].isna().all()


def test_a_change_that_only_the_next_makes_worth_while_stays():
    safe = completeness_of(gains=gains_of((3, 3), (0, 0), (0, 50))).gains

    assert safe["n_added"].tolist() == [5, 0, 50]


def test_no_hospital_gains_when_few_rows_are_gained():
    assert completeness_of(gains=gains_of((4, 4))).gains.empty


def test_a_heap_is_odd_and_its_value_is_told_only_then():
    safe = completeness_of().habits.set_index("habit")

    # 40 of 40 are "no"; 12 of 60 are midnight, where 3 are expected.
    assert safe["odd"].to_dict() == {"one_value": True, "midnight": True}
    assert safe["code"].to_dict()["one_value"] == "no"
    few = completeness_of(habits=[habit("one_value", 8, 8)]).habits
    assert few["share"].isna().all()
    assert not few["odd"].any()
    assert few["code"].isna().all()


def test_levels_are_told_as_shares_of_rounded_counts():
    safe = completeness_of().told.set_index("code")["share"]

    # 60, 2 and 31 of 93: 60, 0 and 30 of 95.
    assert safe.round(2).to_dict() == {"minute": 0.63, "date": 0.0, "missing": 0.32}


def test_no_exact_count_is_among_what_is_shown():
    safe = completeness_of(months=(31, 33, 29))

    for name in ("items", "providers", "gains", "ledger", "asks"):
        counts = getattr(safe, name).filter(regex="^n$|^n_(?!a_month)")
        assert (counts.dropna().to_numpy() % 5 == 0).all(), name
