"""The schema engine beside pandera, pointblank and frictionless, on the same million rows."""

from __future__ import annotations

import csv
import json
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from machine import machine, timed

from ed_ingest.schema import TableSpec, load_spec, schema_folder
from ed_ingest.schema_checks import PRIMARY_KEY, failing_cells

N, WRONG_SHARE, N_REFEREE = 1_000_000, 0.001, 10_000
Cells = set[tuple[int, str]]


def contract_table(n: int, spec: TableSpec, *, seed: int = 1) -> pd.DataFrame:
    """Assaults as the contract has them: typed, and with about one cell in a thousand wrong."""
    rng = np.random.default_rng(seed)
    minutes = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(rng.integers(0, 1_000_000, n), unit="min")
    columns = {}
    for name in spec.contract:
        field = spec.fields[name]
        if field.codes:
            columns[name] = pd.Series(rng.choice(field.codes, n), dtype="str")
        elif field.kind == "number":
            columns[name] = pd.Series(rng.uniform(0, field.maximum or 5000, n))
        elif field.kind in ("date", "datetime"):
            at = pd.Series(minutes).astype("datetime64[s]")
            columns[name] = at.dt.normalize() if field.kind == "date" else at
        else:
            words = pd.Series([f"{name} {i}" for i in range(5000)], dtype="str")
            columns[name] = words.take(rng.integers(0, 5000, n)).reset_index(drop=True)
    columns["event_id"] = pd.Series(np.arange(n).astype("str")).str.zfill(32).astype("str")
    table = pd.DataFrame(columns)
    spoilt = [f for f in spec.fields.values() if f.name in table and (f.codes or f.required)]
    spoilt += [f for f in spec.fields.values() if f.name in table and f.kind == "number"]
    for field in spoilt:
        at = rng.choice(n, int(n * WRONG_SHARE), replace=False)
        wrong = -1.0 if field.kind == "number" else ("not a code" if field.codes else None)
        table.loc[at, field.name] = wrong
    return table


def ours(table: pd.DataFrame, spec: TableSpec) -> Cells:
    found = failing_cells(table, spec)
    # A key that is empty fails as a required cell too.
    found = found[found["rule"] != PRIMARY_KEY]
    return set(zip(found["row"], found["column"], strict=True))


def by_pandera(table: pd.DataFrame, spec: TableSpec) -> tuple[float, Cells]:
    import pandera.pandas as pa

    kinds = {"string": "str", "number": "float64"}
    columns = {}
    for name in spec.contract:
        field = spec.fields[name]
        checks = [pa.Check.isin(field.codes)] if field.codes else []
        checks += [pa.Check.ge(field.minimum)] if field.minimum is not None else []
        checks += [pa.Check.le(field.maximum)] if field.maximum is not None else []
        columns[name] = pa.Column(
            kinds.get(field.kind, "datetime64[s]"), checks, nullable=not field.required
        )
    schema = pa.DataFrameSchema(
        columns, unique=list(spec.primary_key), report_duplicates="exclude_first"
    )

    def check() -> pd.DataFrame:
        try:
            schema.validate(table, lazy=True)
        except pa.errors.SchemaErrors as error:
            return error.failure_cases
        return pd.DataFrame()

    seconds, cases = timed(check, repeat=1)
    cases = cases[cases["index"].notna() & (cases["check"] != "multiple_fields_uniqueness")]
    return seconds, set(zip(cases["index"].astype(int), cases["column"], strict=True))


def by_pointblank(table: pd.DataFrame, spec: TableSpec) -> tuple[float, int]:
    import pointblank as pb

    def check() -> int:
        plan = pb.Validate(table)
        for name in spec.contract:
            field = spec.fields[name]
            if field.required:
                plan = plan.col_vals_not_null(name)
            if field.codes:
                plan = plan.col_vals_in_set(name, [*field.codes, None])
            if field.minimum is not None:
                plan = plan.col_vals_ge(name, field.minimum, na_pass=True)
            if field.maximum is not None:
                plan = plan.col_vals_le(name, field.maximum, na_pass=True)
        plan = plan.rows_distinct(list(spec.primary_key)).interrogate(collect_extracts=False)
        return sum(int(n) for n in plan.n_failed().values())

    with redirect_stdout(StringIO()):
        return timed(check, repeat=1)


def as_text(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """The same cells as a CSV file of the export holds them."""
    text = {}
    for name in table:
        field, column = spec.fields[str(name)], table[name]
        if field.kind in ("date", "datetime"):
            column = column.dt.strftime(field.format)
        text[name] = column.astype("str").fillna("")
    return pd.DataFrame(text)


def by_frictionless(text: pd.DataFrame) -> tuple[float, Cells]:
    from frictionless import Resource

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([text.columns, *text.to_numpy()])
        document = json.loads((schema_folder() / "ed_assault.json").read_text(encoding="utf-8"))
        document["fields"] = [f for f in document["fields"] if f["name"] in text]
        described = {"name": "cells", "path": path.name, "schema": document}
        resource = Resource.from_descriptor(described, basepath=folder)
        seconds, report = timed(lambda: resource.validate(limit_errors=10**7), repeat=1)
    errors = [e for e in report.tasks[0].errors if e.type != "primary-key"]
    return seconds, {(e.row_number - 2, e.field_name) for e in errors}


def main() -> None:
    spec = load_spec("ed_assault")
    table = contract_table(N, spec)
    print(
        f"## Validation, {N:,} rows of ed_assault ({len(table.columns)} columns)\n\n{machine()}\n"
    )
    seconds, _ = timed(lambda: failing_cells(table, spec))
    cells = ours(table, spec)
    theirs, flagged = by_pandera(table, spec)
    assert flagged == cells, "pandera flags other cells"
    print("| engine | seconds | times ours | cells flagged |\n|---|---|---|---|")
    print(f"| ours, typed cells | {seconds:.2f} | 1 | {len(cells):,} |")
    print(f"| pandera, typed cells | {theirs:.2f} | {theirs / seconds:.1f} | the same |")
    try:
        points, n_failed = by_pointblank(table, spec)
        print(f"| pointblank, typed cells | {points:.2f} | {points / seconds:.1f} | {n_failed:,} |")
    except ImportError:
        print("| pointblank | not installed | | |")
    text = as_text(table, spec)
    on_text, _ = timed(lambda: failing_cells(text, spec))
    assert ours(text, spec) == cells, "text and typed cells differ"
    print(f"| ours, cells as text | {on_text:.2f} | {on_text / seconds:.1f} | the same |")
    slow, refereed = by_frictionless(text.head(N_REFEREE))
    assert refereed == {cell for cell in cells if cell[0] < N_REFEREE}, "frictionless differs"
    slow *= N / N_REFEREE
    share = f"the same (first {N_REFEREE:,} rows, time extrapolated)"
    print(f"| frictionless, cells as text | {slow:.0f} | {slow / seconds:.0f} | {share} |")
    print()


if __name__ == "__main__":
    main()
