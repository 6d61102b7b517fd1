"""Which place a text names, set by set, beside rapidfuzz; texts per second of 50,000 places.

With `--show` it lists what went wrong in the sets that are built on; of the set kept aside only
figures are ever shown.
"""

from __future__ import annotations

import math
import sys
import tempfile
from functools import partial
from pathlib import Path

import pandas as pd
import rapidfuzz
from evaluation import places_scores, rapidfuzz_peer, sets
from evaluation.counting import processor_seconds, share_cell, table
from evaluation.distinct import wording_varied
from machine import machine

from ed_ingest.deidentify import redact
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.places import find_places
from ed_ingest.tables import Gazetteer

N_PLACES = 50_000
N_DISTINCT = 6_000
# The slow ones get fewer of the same texts.
N_DISTINCT_PEER = {"ratio": 300, "token_set_ratio": 100, "WRatio": 40}
OURS = "ed-hotspots"
AS_STORED = "ed-hotspots, words redacted first"
COMPARED = (
    "right where the text names a place", "right, all texts", "wrong but confident, of all texts",
)  # fmt: skip
FORMS = {True: "our normal form", False: "lower case"}


def gazetteer_of(places: Path | pd.DataFrame) -> Gazetteer:
    """A gazetteer of these places alone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "places.csv"
        if isinstance(places, Path):
            file.write_bytes(places.read_bytes())
        else:
            places.to_csv(file, index=False, encoding="utf-8")
        return load_gazetteer(Path(folder))


def rapidfuzz_found(labels: pd.DataFrame, gazetteer: Gazetteer) -> dict[str, pd.DataFrame]:
    """What each scorer finds, at the cut-off that suits it best on these very texts."""
    found = {}
    for normalised, form in FORMS.items():
        names = rapidfuzz_peer.names_to_compare(gazetteer, normalised=normalised)
        texts = rapidfuzz_peer.prepared(labels["text"], normalised=normalised)
        for scorer in rapidfuzz_peer.SCORERS:
            best = rapidfuzz_peer.likeliest(texts, names, scorer)
            tried = {
                cut: rapidfuzz_peer.answers(best, labels["text"], gazetteer, cut)
                for cut in rapidfuzz_peer.CUT_OFFS
            }
            cut = max(tried, key=lambda c: _gain(places_scores.score(labels, tried[c])))
            found[f"{scorer}, {form}, from {cut}"] = tried[cut]
    return found


def _gain(scored: pd.DataFrame) -> int:
    return int(scored["right"].sum() - scored["false"].sum())


def shares(scored: pd.DataFrame) -> dict[str, str]:
    """Each measure of one set as a cell."""
    named = places_scores.places_named(scored)
    junctions = scored[scored["kind"] == "junction"]
    near = junctions["error_m"] <= places_scores.JUNCTION_M
    inside = scored["within_uncertainty"].dropna()
    return {
        "right where the text names a place": _share(named["right"]),
        "right, all texts": _share(scored["right"]),
        "wrong but confident, of all texts": _share(scored["false"]),
        "non-places rejected": _share(scored.loc[scored["kind"] == "none", "right"]),
        "homes withheld": _share(scored.loc[scored["kind"] == "home", "right"]),
        "ambiguous not claimed": _share(scored.loc[scored["kind"] == "ambiguous", "right"]),
        "junctions within 60 m": _share(near),
        "true point within the radius told": _share(inside),
        "median error of points told": _metres(places_scores.error_at(scored, 0.5)),
        "95 % error of points told": _metres(places_scores.error_at(scored, 0.95)),
        "calibration error of the score": _plain(places_scores.calibration_error(scored)),
    }


def _share(good: pd.Series) -> str:
    return share_cell(float(good.sum()), len(good))


def _metres(error: float) -> str:
    return f"{error:,.0f} m" if math.isfinite(error) else "none told"


def _plain(number: float) -> str:
    return f"{number:.3f}" if math.isfinite(number) else "none told"


def print_shares(scores: dict[str, pd.DataFrame], names: list[str]) -> None:
    """One table, set by set; of the peers what can be compared."""
    cells = {s: {n: shares(t[t["set"] == n]) for n in names} for s, t in scores.items()}
    rows = [
        [measure, system, *(cells[system][name][measure] for name in names)]
        for measure in cells[OURS][names[0]]
        for system in scores
        if system.startswith(OURS) or measure in COMPARED
    ]
    print(table(["figure", "by", *names], rows), end="\n\n")


def print_reliability(scored: pd.DataFrame, names: list[str]) -> None:
    """How often answers of each tenth of the score are right."""
    by_set = {
        name: places_scores.reliability(scored[scored["set"] == name]).set_index("low")
        for name in names
    }
    rows = []
    for low in sorted(set().union(*(t.index for t in by_set.values()))):
        cells = [
            f"{t.loc[low, 'score']:.2f}, {t.loc[low, 'right']:.2f} of {t.loc[low, 'n']}"
            if low in t.index
            else "–"
            for t in by_set.values()
        ]
        rows.append([f"{low:.1f}–{low + 1 / places_scores.BINS:.1f}", *cells])
    header = ["match_score", *(f"{name}: mean score, share right" for name in names)]
    print(table(header, rows), end="\n\n")


def print_speed(texts: pd.Series, cardiff: Path) -> None:
    """Distinct texts per second of one core, against a large gazetteer; its index apart."""
    places, origin = sets.large_gazetteer(cardiff, N_PLACES)
    varied = wording_varied(texts, N_DISTINCT)
    assert varied.is_unique
    load, large = processor_seconds(lambda: gazetteer_of(places))
    # The first text has all that is looked up by made.
    build, _ = processor_seconds(lambda: find_places(pd.Series(["o/s Teh Pub"]), gazetteer=large))
    seconds, _ = processor_seconds(lambda: find_places(varied, gazetteer=large))
    rows = [[OURS, f"{len(varied):,}", f"{len(varied) / seconds:,.0f}"]]
    for normalised, form in FORMS.items():
        names = rapidfuzz_peer.names_to_compare(large, normalised=normalised)
        for scorer, n in N_DISTINCT_PEER.items():
            part = varied.head(n)
            call = partial(_prepare_and_find, part, names, scorer, normalised=normalised)
            seconds, _ = processor_seconds(call)
            rows.append([f"{scorer}, {form}", f"{n:,}", f"{n / seconds:,.0f}"])
    print(table(["found by", "distinct texts", "a second on one core"], rows))
    print(
        f"\nAgainst {len(large.places):,} places ({origin}): loading takes {load:.1f} s, the index "
        f"{build:.1f} s, once. The slow ones were given the first of the same texts only.\n"
    )


def _prepare_and_find(
    texts: pd.Series, names: pd.DataFrame, scorer: str, *, normalised: bool
) -> None:
    ready = rapidfuzz_peer.prepared(texts, normalised=normalised)
    rapidfuzz_peer.likeliest(ready, names, scorer)


def show(labels: pd.DataFrame, scored: pd.DataFrame, found: pd.DataFrame) -> None:
    """List what went wrong, never of the set kept aside."""
    rows = zip(labels.iterrows(), scored.iterrows(), found.iterrows(), strict=True)
    for (_, label), (_, row), (_, answer) in rows:
        if row["right"] or row["set"] not in sets.SHOWN:
            continue
        fault = "wrong" if row["false"] else "not right"
        print(
            f"  {fault}: {label['text']!r} is {label['truth_place_id']}, found "
            f"{answer['place_id']} {answer['location_level']} {_metres(row['error_m'])}"
        )


def main() -> None:
    print(f"## Places\n\n{machine()}\n")
    path = sets.cardiff_gazetteer()
    if path is None:
        print(sets.NO_GAZETTEER)
        return
    labels, gazetteer = sets.labelled_texts("places", path), gazetteer_of(path)
    if labels.empty:
        print("Skipped: no labelled texts in tests/corpus/places.csv or beside the gazetteer.")
        return
    names = sets.sets_of(labels)
    found = {OURS: find_places(labels["text"], gazetteer=gazetteer)}
    redacted = redact(labels["text"], places=gazetteer)
    found[AS_STORED] = find_places(redacted, gazetteer=gazetteer)
    found |= rapidfuzz_found(labels, gazetteer)
    scores = {system: places_scores.score(labels, answer) for system, answer in found.items()}
    if "--show" in sys.argv[1:]:
        show(labels, scores[OURS], found[OURS])
    print(
        f"rapidfuzz {rapidfuzz.__version__}: the likeliest name by one scorer, each from the "
        "cut-off with the most right less wrong on these very texts, which favours it.\n"
    )
    print_shares(scores, names)
    print_reliability(scores[OURS], names)
    print_speed(labels["text"], path)


if __name__ == "__main__":
    main()
