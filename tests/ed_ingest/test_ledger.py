from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.ledger import FATES, ledger, ledger_by_month


def batches(*rows: dict) -> pd.DataFrame:
    base = {
        "batch_id": "b0", "provider": "marford", "received_at": pd.Timestamp("2026-04-08"),
        "period_to": pd.Timestamp("2026-03-31"), "n_read": 10, "n_stored": 10,
        **dict.fromkeys(FATES[1:], 0),
    }  # fmt: skip
    return pd.DataFrame([{**base, "batch_id": f"b{i}", **row} for i, row in enumerate(rows)])


def test_a_delivery_is_of_its_last_month_else_of_the_month_before_it_came():
    found = ledger(batches({}, {"period_to": pd.NaT}, {"period_to": pd.Timestamp("2026-02-01")}))

    assert found["month"].tolist() == ["2026-03", "2026-03", "2026-02"]


def test_deliveries_of_a_month_are_summed():
    found = ledger_by_month(batches({}, {"n_read": 4, "n_stored": 1, "n_duplicate": 3}))

    assert found[["n_read", "n_stored", "n_duplicate"]].to_numpy().tolist() == [[14, 11, 3]]


def test_no_deliveries_have_no_ledger():
    assert ledger_by_month(batches({}).iloc[:0]).empty


@pytest.mark.parametrize("spoilt", [True, False])
def test_rows_of_every_delivery_of_a_town_add_up(demo, spoilt):
    from ed_ingest.store import open_store
    from ed_ingest.workspace import open_workspace

    with open_store(open_workspace(Path(demo)).store) as store:
        table = store.read("batches")
    table = table[table["kind"].eq("ed")]
    if spoilt:
        table.loc[table.index[0], "n_stored"] += 1

    found = ledger(table)

    added_up = found[list(FATES)].sum(axis=1) == found["n_read"]
    assert len(found) >= 15
    assert int((~added_up).sum()) == int(spoilt)
    assert found[["n_duplicate", "n_not_assault", "n_held_back"]].sum().gt(0).all()
