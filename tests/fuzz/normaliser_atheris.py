"""Fuzz the normaliser with coverage as the guide.

Run as ``python tests/fuzz/normaliser_atheris.py -runs=20000``. Needs atheris; without it the
script says so and ends. Cells are made from the fuzzer's bytes; the same promises are held as in
tests/ed_ingest/test_wild_cells.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["ed_ingest"]):
    from ed_ingest.clock import read_clock
    from ed_ingest.when import read_moments

import pandas as pd

from tests.ed_ingest.test_wild_cells import (
    RECEIVED,
    assert_contract,
    assert_one_fate_each,
    normalised,
)
from tests.ed_ingest.wild_cells import COLUMNS, SPEC


def one_input(content: bytes) -> None:
    data = atheris.FuzzedDataProvider(content)
    names = [COLUMNS[data.ConsumeIntInRange(0, len(COLUMNS) - 1)] for _ in range(4)]
    rows = [[_cell(data) for _ in names] for _ in range(data.ConsumeIntInRange(1, 3))]
    raw = pd.DataFrame(rows, columns=names, dtype="object")
    raw = raw.loc[:, ~raw.columns.duplicated()].set_axis(
        pd.RangeIndex(2, len(rows) + 2, name="row")
    )
    for cell in rows[0]:
        read_clock(cell, bare_hhmm=data.ConsumeBool())
    read_moments(pd.Series(rows[0], dtype="object"))
    from ed_ingest.validate import validate

    normal = normalised(raw)
    assert_contract(normal)
    assert_one_fate_each(normal, validate(normal, SPEC, received_on=RECEIVED))


def _cell(data: atheris.FuzzedDataProvider) -> object:
    kind = data.ConsumeIntInRange(0, 4)
    if kind == 0:
        return None
    if kind == 1:
        return data.ConsumeRegularFloat()
    if kind == 2:
        return data.ConsumeBool()
    return data.ConsumeUnicodeNoSurrogates(24)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
