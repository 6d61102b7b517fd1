"""The demo: simulate a partnership, take its files through both journeys, say where to look."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd

from ed_ingest.errors import WorkspaceError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.linking import link_records
from ed_ingest.pipeline import ingest
from ed_ingest.prepared import Receipt
from ed_ingest.reference import adopt_reference
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace, open_workspace
from hotspots.pack import Made, publish_month
from hotspots.simulate import simulate
from hotspots.words import chance_words, home_words

MARKER = ".ed-hotspots-demo"

# stage in words, steps done, steps in all
Tell = Callable[[str, int, int], None]


def run_demo(
    folder: Path,
    *,
    assaults: int = 5000,
    months: int = 12,
    seed: int = 1,
    reference: Path | None = None,
    tell: Tell = lambda stage, done, total: None,
) -> Made:
    """Simulate a partnership, ingest, link, analyse and publish.

    Parameters
    ----------
    folder
        New workspace folder; an earlier demo's is made anew.
    assaults, months, seed
        Size of the simulation, and its seed.
    reference
        Folder of open data as downloaded (places, boundary, small areas, police.uk files); the
        hospital extracts are then simulated on those real places.
    tell
        Told of the progress.

    Raises
    ------
    WorkspaceError
        If the folder holds something that is not an earlier demo.
    """
    _make_room(folder)
    tell("Simulating the partnership", 0, 1)
    truth = _simulate(folder, assaults, months, seed, reference)
    (folder / MARKER).write_text("Made by ed-hotspots demo, which may replace it.\n", "utf-8")
    workspace = open_workspace(folder)
    places = load_gazetteer(workspace.reference)
    receipts = _ingest_all(workspace, truth, places, tell)
    tell("Linking with police records", 0, 1)
    link_records(workspace, gazetteer=places)
    tell("Finding hot spots, making the pack", 0, 1)
    made = publish_month(workspace, gazetteer=places)
    return Made(made.folder, {**made.figures, **_received(receipts)}, _summary(made, receipts))


def _make_room(folder: Path) -> None:
    """Take away an earlier demo, known by the marker that it left; never anything else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARKER).is_file():
        raise WorkspaceError(f"{folder}: not empty and not an earlier demo. Name a new folder.")
    shutil.rmtree(folder)


def _simulate(folder: Path, assaults: int, months: int, seed: int, reference: Path | None) -> Path:
    if reference is None:
        return simulate(folder, assaults=assaults, months=months, seed=seed)
    with tempfile.TemporaryDirectory() as adopted:
        adopt_reference(reference, Path(adopted))
        streets = sorted(reference.rglob("*-street.csv"))
        return simulate(
            folder,
            assaults=assaults,
            months=months,
            seed=seed,
            reference=Path(adopted),
            police_uk=streets[0].parent if streets else None,
        )


def _ingest_all(workspace: Workspace, truth: Path, places: Gazetteer, tell: Tell) -> list[Receipt]:
    """Take every simulated delivery, in the order and on the day that it came."""
    deliveries = pd.read_csv(truth / "deliveries.csv", dtype=str).sort_values(
        ["received_on", "provider", "file"]
    )
    receipts = []
    for done, row in enumerate(deliveries.to_dict("records")):
        tell("Ingesting deliveries", done, len(deliveries))
        path = workspace.inbox / row["provider"] / row["file"]
        received = datetime.fromisoformat(row["received_on"])
        receipts.append(
            ingest(path, workspace, row["provider"], received_at=received, gazetteer=places)
        )
    return receipts


def _received(receipts: list[Receipt]) -> dict[str, int]:
    return {
        "deliveries": len(receipts),
        "rows_read": sum(r.counts.get("n_read", 0) for r in receipts),
        "rows_held_back": sum(r.counts.get("n_held_back", 0) for r in receipts),
        "rows_without_place": sum(r.counts.get("n_no_place", 0) for r in receipts),
    }


def _summary(made: Made, receipts: list[Receipt]) -> list[str]:
    """Five lines and the pack's place."""
    rows, n = _received(receipts), made.figures
    share, low, high = (
        n[k] for k in ("share_not_found", "share_not_found_low", "share_not_found_high")
    )
    top = n["hot_spots"][0]["name"] if n["hot_spots"] else "none"
    unseen = "too few to say"
    chance = chance_words(n["chance_rate"])
    by_chance = f" (by chance alone a record would be found for {chance})" if chance else ""
    if share is not None:
        unseen = f"{share:.0%} (95 % interval {low:.0%}–{high:.0%})"
    return [
        f"Received:    {rows['rows_read']:,} rows in {rows['deliveries']} deliveries",
        f"Held back:   {rows['rows_held_back']:,} rows, each with a reason (ed-hotspots why)",
        f"Mapped:      about {n['n_mapped']:,} of {n['n_recorded']:,} assaults; "
        f"{home_words(n['n_home'])}",
        f"Hot spots:   {len(n['hot_spots'])}, first: {top}",
        f"No matching police record found: {unseen} of the assaults that could be linked"
        f"{by_chance}",
        f"Pack:        {made.folder / 'index.html'}",
    ]
