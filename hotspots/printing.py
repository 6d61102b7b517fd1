"""What the commands print: lines for people, JSON for machines, receipts, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hotspots.plain_text import plain_text

if TYPE_CHECKING:
    from ed_ingest.issues import IssueKind
    from ed_ingest.prepared import Receipt

DONE, HELD_BACK, REFUSED, FAULT = 0, 1, 2, 3

# What a receipt tells only where it happened.
CHANGES = {
    "n_withdrawn": "stored earlier were taken out, as this file says they are no assaults or "
    "must be mended",
    "n_superseded": "stored earlier were taken out, as this file sends their period again "
    "without them",
    "n_outdated": "not stored, because a later delivery has said otherwise",
}

out = Console(highlight=False)


def print_figures(figures: Any, lines: list[str], as_json: bool) -> None:
    """Print the lines, or the figures where JSON is asked for."""
    if as_json:
        print_json(figures)
        return
    tell_lines(lines)


def print_json(document: Any) -> None:
    """Strict JSON: what is not known (NaN) is null."""
    plain = json.loads(json.dumps(document, default=str), parse_constant=lambda _: None)
    sys.stdout.write(json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def print_receipts(receipts: list[Receipt], as_json: bool, *, refused: int = DONE) -> None:
    """Print what became of each file, and end with the command's exit code."""
    if as_json:
        print_json({"files": [asdict(receipt) for receipt in receipts]})
    else:
        for receipt in receipts:
            _print_receipt(receipt)
    held_back = any(receipt.counts.get("n_held_back") for receipt in receipts)
    raise typer.Exit(refused or (HELD_BACK if held_back else DONE))


def _print_receipt(receipt: Receipt) -> None:
    if receipt.state == "duplicate":
        line = f"{receipt.file}: taken before as batch {receipt.batch_id}; nothing changed."
    else:
        verb = "would be stored" if receipt.state == "checked" else "stored"
        n = receipt.counts
        line = (
            f"{receipt.file}: {n['n_read']} rows read, {n['n_stored']} {verb} "
            f"({n['n_replaced']} replaced, {n['n_no_place']} without a place), "
            f"{n['n_held_back']} held back, {n['n_not_assault']} not assaults, "
            f"{n['n_duplicate']} duplicates."
        ) + (f" Batch {receipt.batch_id}." if receipt.batch_id else "")
        for key, words in CHANGES.items():
            line += f" {n[key]} {words}." if n.get(key) else ""
    tell_lines([line, *class_lines(receipt.counts)])
    for issue in receipt.issues:
        tell_lines([f"  {told}" for told in issue_lines(issue)])


def class_lines(counts: Mapping[str, int]) -> list[str]:
    """How many records are alike, of a receipt's counts, and what was withheld for it."""
    if not counts.get("k_smallest"):
        return []
    lines = [
        f"  {counts['n_k_1']} of these are the only stored record of their {_ALIKE}, "
        f"{counts['n_k_below_5']} share them with fewer than four others (k = "
        f"{counts['k_smallest']}): de-identified, not anonymous"
    ]
    withheld = [counts[f"n_{what}_withheld"] for what in ("sex", "age_band", "earlier")]
    if any(withheld):
        lines.append(
            "  withheld, as the agreement's k_min asks: sex of {} records, age band of {}; either "
            "of {} stored earlier".format(*withheld)
        )
    return lines


_ALIKE = "provider, night, place, age band and sex"


def k_lines(told: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The k of the stored assaults by provider; one line each."""
    return [
        f"{provider}: {k['n_records']} assaults stored; {k['n_k_1']} ({k['share_k_1']:.1%}) the "
        f"only one of their {_ALIKE}, {k['n_k_below_5']} ({k['share_k_below_5']:.1%}) shared by "
        f"fewer than five (k = {k['k_smallest']}): de-identified, not anonymous"
        for provider, k in told.items()
    ]


def issue_lines(issue: IssueKind) -> list[str]:
    """One kind of issue in plain words; the shape of what came, never its value."""
    n = "1 row" if issue.rows == 1 else f"{issue.rows:,} rows"
    what = f"{n if issue.first else 'The whole file'} {issue.fate.replace('_', ' ')}"
    where = [issue.column] * bool(issue.column) + [_row_words(issue)] * bool(issue.first)
    came = [f"  came:     {issue.shape} {SHAPE}"] if issue.shape else []
    return [
        f"{what}: expected {issue.rule}" + (f" ({'; '.join(where)})" if where else ""),
        *came,
        f"  do:       {issue.remedy}",
    ]


SHAPE = "(shape of what came: 9 for a digit, A for a letter)"


def _row_words(issue: IssueKind) -> str:
    numbers = ", ".join(str(number) for number in issue.first)
    more = " and others" if issue.rows > len(issue.first) else ""
    return f"row {numbers}" if issue.rows == 1 else f"rows {numbers}{more}"


def tell_lines(lines: list[str]) -> None:
    """Print lines as they are, but for what would move the cursor or turn the words round."""
    for line in lines:
        out.print(plain_text(line), soft_wrap=True, markup=False)


def progress(as_json: bool) -> Progress:
    """A progress bar on a terminal; nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=out, transient=True, disable=as_json or not out.is_terminal)
