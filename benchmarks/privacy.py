"""What redaction takes out and what it leaves, set by set, beside Presidio; texts per second.

With `--show` it lists what went wrong in the sets that are built on; of the set kept aside only
figures are ever shown.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

import pandas as pd
from evaluation import presidio_peer, privacy_scores, sets
from evaluation.counting import processor_seconds, share_cell, table
from evaluation.distinct import people_varied
from machine import machine

from ed_ingest.deidentify import redact
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.tables import Gazetteer

N_DISTINCT = 20_000
N_DISTINCT_PEER = 1_000
OURS = "ed-hotspots"
PEERS = {
    "Presidio: people and identifiers": presidio_peer.IDENTIFIERS,
    "Presidio: places and times too": presidio_peer.PLACES_TOO,
}


def cardiff(path: Path) -> Gazetteer:
    """The real gazetteer, alone in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "places.csv").write_bytes(path.read_bytes())
        return load_gazetteer(Path(folder))


MEASURES = (
    "identifiers removed", "… counted by character", "direct identifiers removed",
    "NHS numbers, telephones, e-mail, home addresses removed", "names of people removed",
    "homes emptied of their address", "texts with identifiers wholly clean",
    "place words survived", "details survived",
)  # fmt: skip


def figures(marks: pd.DataFrame) -> dict[str, tuple[float, int]]:
    """Each measure of one set, as what is good and what it is of."""
    told = marks[marks["measure"] == "identifier"]
    letters = told["characters"].sum()
    by_character = 1 - told["left"].sum() / letters if letters else 1.0
    of_kind = {
        "identifiers removed": told,
        "direct identifiers removed": told[told["kind"].isin(privacy_scores.DIRECT)],
        "NHS numbers, telephones, e-mail, home addresses removed": told[
            told["kind"].isin(privacy_scores.NEVER)
        ],
        "names of people removed": told[told["kind"] == "name"],
        "homes emptied of their address": marks[marks["measure"] == "home"],
        "texts with identifiers wholly clean": marks[marks["measure"] == "clean"],
        "place words survived": marks[marks["measure"] == "place"],
        "details survived": marks[marks["measure"] == "detail"],
    }
    shares = {name: (float(rows["good"].sum()), len(rows)) for name, rows in of_kind.items()}
    # The letters of one name stand or fall together: the interval is that of as many names.
    shares["… counted by character"] = (by_character * len(told), len(told))
    return shares


def print_shares(scores: dict[str, pd.DataFrame], names: list[str]) -> None:
    rows = []
    cells = {
        system: {name: figures(marks[marks["set"] == name]) for name in names}
        for system, marks in scores.items()
    }
    for measure in MEASURES:
        for system in scores:
            row = [share_cell(*cells[system][name][measure]) for name in names]
            rows.append([measure, system, *row])
    print(table(["share", "by", *names], rows), end="\n\n")


def print_kinds(scores: dict[str, pd.DataFrame]) -> None:
    """Each kind of identifier over all sets."""
    told = {s: marks[marks["measure"] == "identifier"] for s, marks in scores.items()}
    kinds = sorted(told[OURS]["kind"].unique())
    rows = []
    for kind in kinds:
        good = [marks.loc[marks["kind"] == kind, "good"] for marks in told.values()]
        rows.append([kind, *(share_cell(g.sum(), len(g)) for g in good)])
    print(table(["kind, all sets together", *scores], rows), end="\n\n")


def print_speed(labels: pd.DataFrame, places: Gazetteer, path: Path, without: object) -> None:
    """Distinct texts per second of one core; the index is built apart."""
    texts = people_varied(labels, N_DISTINCT)
    assert texts.is_unique
    build, _ = processor_seconds(lambda: redact(pd.Series(["o/s the pub"]), places=cardiff(path)))
    redact(texts.head(1), places=places)
    seconds, _ = processor_seconds(lambda: redact(texts, places=places))
    rows = [[OURS, f"{len(texts):,}", f"{len(texts) / seconds:,.0f}"]]
    if callable(without):
        part = texts.head(N_DISTINCT_PEER)
        for system, entities in PEERS.items():
            seconds, _ = processor_seconds(partial(without, part, entities))
            rows.append([system, f"{len(part):,}", f"{len(part) / seconds:,.0f}"])
    print(table(["redacted by", "distinct texts", "a second on one core"], rows))
    print(f"\nLoading and indexing {len(places.places):,} places takes {build:.1f} s once.\n")


def show(name: str, marks: pd.DataFrame, after: pd.Series) -> None:
    """List what went wrong, never of the set kept aside."""
    wrong = marks[~marks["good"] & marks["set"].isin(sets.SHOWN) & (marks["measure"] != "clean")]
    for _, row in wrong.iterrows():
        what = "left" if row["measure"] == "identifier" else row["measure"]
        print(f"  {name}: {what} {row['kind']} {row['label']!r} in {after.iloc[row['text']]!r}")


def main() -> None:
    print(f"## Privacy\n\n{machine()}\n")
    path = sets.cardiff_gazetteer()
    if path is None:
        print(sets.NO_GAZETTEER)
        return
    labels, places = sets.labelled_texts("privacy", path), cardiff(path)
    if labels.empty:
        print("Skipped: no labelled texts in tests/corpus/privacy.csv or beside the gazetteer.")
        return
    after = {OURS: redact(labels["text"], places=places)}
    without = presidio_peer.presidio()
    if without is None:
        print(presidio_peer.HOW_TO_INSTALL, end="\n\n")
    else:
        version = presidio_peer.version
        print(
            f"Presidio {version('presidio-analyzer')}, spaCy {version('spacy')} with "
            f"{presidio_peer.MODEL} {version(presidio_peer.MODEL)}; "
            "telephones at their most lenient, or the invented ones would be missed, at a cost in "
            "details.\n"
        )
        for system, entities in PEERS.items():
            answers = without(labels["text"], entities)
            after[system] = presidio_peer.as_series(labels["text"], answers)
    scores = {s: privacy_scores.score(labels, answers) for s, answers in after.items()}
    if "--show" in sys.argv[1:]:
        show(OURS, scores[OURS], after[OURS])
    print_shares(scores, sets.sets_of(labels))
    print_kinds(scores)
    print_speed(labels, places, path, without)


if __name__ == "__main__":
    main()
