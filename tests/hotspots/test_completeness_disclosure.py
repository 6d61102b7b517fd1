from datetime import date

import pandas as pd
import pytest

from ed_ingest.completeness import CompletenessSummary
from ed_ingest.errors import AnalysisError
from hotspots.completeness_disclosure import disclose_completeness


def completeness_of(months=(30, 3, 60), threshold=5, method="round5", asks_n=(9, 4)):
    """Completeness of one hospital: the type usable in every row, the place in a third."""
    n = sum(months)
    provider = {"provider": "marford", "name": "Marford General Hospital"}
    place = {"item": "location", "title": "Location of incident"}
    monthly = [
        {
            **provider, "month": f"2026-{i + 1:02d}", "n": m, "type_usable": m, "time_usable": m,
            "location_usable": m // 3, "complete": m // 3, "received_on": date(2026, i + 2, 9),
            "days_after_month": 9, "passed": True,
        }
        for i, m in enumerate(months)
    ]  # fmt: skip
    summary = CompletenessSummary(
        period_from=date(2026, 1, 1),
        period_to=date(2026, 3, 31),
        items=pd.DataFrame(
            [{**provider, **place, "national_2009": 70, "n": n, "present": n, "valid": n,
              "usable": n // 3}]
        ),
        months=pd.DataFrame(monthly),
        asks=pd.DataFrame(
            [{**provider, **place, "received_instead": f"shape {i}", "n": k}
             for i, k in enumerate(asks_n)]
        ),
        n_rows=n,
        n_complete=n // 3,
        n_mapped=n // 2,
        n_held_back=2,
        partnership_passed=True,
        usable_share=0.8,
        late_days=14,
    )  # fmt: skip
    return disclose_completeness(
        summary, partnership="Marford", marking="OFFICIAL", threshold=threshold, method=method
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


def test_completeness_is_suppressed_with_what_would_give_it_away():
    safe = completeness_of(method="suppress_lt5")

    assert safe.months["n"].isna().tolist() == [True, True, False]
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
