"""The real service, killed again and again while files are dropped, loses and doubles nothing."""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import subprocess
import time
from collections import Counter
from io import BytesIO

import openpyxl
import pytest

from benchmarks.evaluation.live_service import (
    HEADER,
    change_settings,
    command,
    environment,
    file_counts,
    kill,
    live,
    make_live,
    month_file,
    n_handled,
    start,
    wait_until,
)
from ed_ingest.file_states import read_files
from ed_ingest.job_states import newest_data, read_done
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does"),
]
PROVIDERS = ("north", "royal", "walk-in", "force")
MONTHS = [f"2025-{m:02d}" for m in (11, 12)] + [f"2026-{m:02d}" for m in range(1, 11)]
N_KILLS = int(os.environ.get("ED_HOTSPOTS_KILLS", "200"))
POLICE = """
name = "The Force"
kind = "police"
[columns]
crime_reference = "Ref"
committed_from = "Committed"
offence = "Offence"
easting = "E"
northing = "N"
"""


def make(root):
    workspace = make_live(root, PROVIDERS, scan_s=0.1, settle_s=0)
    numberless = (root / "providers" / "walk-in.toml").read_text(encoding="utf-8")
    numberless = numberless.replace('attendance_number = "Number"\n', "")
    (root / "providers" / "walk-in.toml").write_text(numberless, encoding="utf-8")
    (root / "providers" / "force.toml").write_text(POLICE, encoding="utf-8")
    return workspace


def workbook_of(text):
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@functools.cache
def deliveries():
    """Sixty files in the order in which they are dropped: (provider, name, content)."""
    early, late = [], []
    for i, month in enumerate(MONTHS):
        text = month_file(month, 1000 * i, 30)
        spoilt = text.replace(f"{month}-03 23", "nonsense 23")  # a row that is held back
        early.append(("north", f"{month}.csv", spoilt.encode()))
        early.append(("royal", f"{month}.csv", month_file(month, 7000 * i, 25).encode()))
        bare = "\n".join(line.partition(",")[2] for line in text.splitlines())
        early.append(("walk-in", f"{month}.csv", bare.encode()))
        if i < 5:
            crimes = "".join(
                f"C{i}-{n},{month}-{1 + n:02d} 22:10,Assault with injury,318900,176900\n"
                for n in range(20)
            )
            police = f"Ref,Committed,Offence,E,N\n{crimes}"
            early.append(("force", f"{month}.csv", police.encode()))
            late.append(("north", f"again {month}.csv", spoilt.encode()))
        if i < 3:
            mended = month_file(month, 1000 * i, 29, place="The Old Mill")
            late.append(("north", f"{month} corrected.csv", mended.encode()))
            late.append(("royal", f"copy of {month}.csv", month_file(month, 7000 * i, 25).encode()))
        if i < 4:
            late.append(("royal", f"other layout {month}.csv", f"a,b\n{i},2\n".encode()))
    late.append(("walk-in", "broken.xlsx", b"PK\x03\x04 no workbook"))
    late.append(("royal", "more.xlsx", workbook_of(month_file("2026-10", 90_000, 40))))
    late.append(("north", "nothing.csv", HEADER.encode()))
    found = early + late
    extra = 60 - len(found)
    found += [("north", f"small {i}.csv", month_file("2026-09", 50_000 + 100 * i, 3).encode())
              for i in range(extra)]  # fmt: skip
    assert len(found) == 60
    return found


def drop(workspace, delivery, *, in_place):
    """Put a file in as programs do: under another name first, or growing in its place."""
    provider, name, content = delivery
    path = workspace.inbox / provider / name
    if in_place:
        with path.open("wb") as file:
            for begin in range(0, len(content), 400):
                file.write(content[begin : begin + 400])
                file.flush()
        return
    part = path.with_name(name + ".part")
    part.write_bytes(content)
    part.rename(path)


def phase(root, process):
    """What the service was doing, as far as its files tell."""
    said = root / "logs" / "health.json"
    if not said.is_file() or f'"pid": {process.pid}' not in said.read_text(encoding="utf-8"):
        return "starting"
    if any((root / "store" / "incoming").glob("*/*")):
        return "reading or storing a file"
    if any((root / "outputs").glob(".*.unfinished")):
        return "building outputs"
    return "between"


def whole_outputs(root):
    """Every folder of outputs is whole; the draft may be missing for a moment."""
    wanted = {"index.html", "manifest.json", "tasking/tasking-map.html",
              "data-quality/completeness.html", "analyst/hotspots.gpkg"}  # fmt: skip
    for folder in (root / "outputs").glob("[!.]*/"):
        held = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        assert wanted <= held, folder
        assert not any(name.endswith((".part", "-journal", "-wal")) for name in held), folder


def table_of(workspace, query):
    with open_store(workspace.store) as store:
        return sorted(store.connection.execute(query).fetchall(), key=repr)


def as_stored(workspace):
    """Records and counts, apart from what differs from run to run: batch ids and times."""
    with open_store(workspace.store) as store:
        hashes = dict(
            store.connection.execute("SELECT batch_id, file_hash FROM batches").fetchall()
        )
        tables = {}
        for name in ("assaults", "crimes", "held_back"):
            cursor = store.connection.execute(f"SELECT * FROM {name}")  # noqa: S608
            columns = [c[0] for c in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor]
            for row in rows:
                row["batch_id"] = hashes[row["batch_id"]]
            tables[name] = sorted((sorted(row.items()) for row in rows), key=repr)
    tables["batches"] = table_of(
        workspace,
        "SELECT provider, file_hash, n_read, n_stored, n_held_back, n_not_assault, n_duplicate,"
        " n_outdated, n_replaced, n_withdrawn, n_superseded, n_no_place FROM batches",
    )
    return tables


def assert_all_in_order(workspace):
    root = workspace.root
    with open_store(workspace.store) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = read_files(store.connection)
        batches = store.read("batches")
    assert {row.state for row in rows} <= {"stored", "duplicate", "refused"}
    assert all(row.told for row in rows)
    assert len(rows) == 60
    # Each content made one batch for its provider, and each batch has one file that says so.
    stored = [row for row in rows if row.state == "stored"]
    assert sorted(row.batch_id for row in stored) == sorted(batches["batch_id"])
    left_out = batches[["n_held_back", "n_not_assault", "n_duplicate", "n_outdated"]].sum(axis=1)
    assert (batches["n_read"] == batches["n_stored"] + left_out).all()
    # Nothing lies anywhere but what is refused and the receipts.
    refused = [row for row in rows if row.state == "refused"]
    in_quarantine = {p.stem for p in (root / "quarantine").rglob("*") if p.is_file()
                     and not p.name.endswith(".reason.txt")}  # fmt: skip
    assert in_quarantine == {row.file_id for row in refused}
    reasons = list((root / "quarantine").rglob("*.reason.txt"))
    assert len(reasons) == len(refused)
    receipts = list(workspace.inbox.glob("*/receipts/*.txt"))
    assert len(receipts) == 60
    folders = ("inbox", "processing", "archive", "store/incoming")
    left = [p for f in folders for p in (root / f).rglob("*") if p.is_file() and p not in receipts]
    assert left == []
    hidden = [p for p in root.rglob("*") if p.name.endswith((".part", ".unfinished", ".old"))]
    assert hidden == []
    assert audit_verifies(root)
    whole_outputs(root)


def audit_verifies(root):
    told = subprocess.run(command("audit verify", root), env=environment(), check=False,
                          capture_output=True)  # fmt: skip
    return told.returncode == 0


def is_settled(workspace):
    """All files handled and put away, receipts written, and every job of the schedule done."""
    if n_handled(workspace) < 60:
        return False
    with open_store(workspace.store) as store:
        jobs, rows = read_done(store.connection), read_files(store.connection)
    put_away = all(row.told and row.place in ("gone", "quarantine") for row in rows)
    return put_away and {"purge", "notices"} <= set(jobs) and draft_is_new(workspace)


def undisturbed(root, key_of):
    """The same files into a second workspace with the same key, with nothing in the way."""
    twin = make(root)
    shutil.copy(key_of.root / "store" / "workspace.key", root / "store" / "workspace.key")
    with live(root):
        for delivery in deliveries():
            drop(twin, delivery, in_place=False)
        wait_until(lambda: is_settled(twin), seconds=600)
    return twin


def test_two_hundred_kills_at_random_instants(tmp_path):
    chance = random.Random(5)  # noqa: S311
    root = tmp_path / "w"
    workspace = make(root)
    waiting = deliveries()
    dropped, phases = 0, Counter()
    for number in range(N_KILLS):
        process = start(root)
        end = time.monotonic() + chance.uniform(0, 5)
        if chance.random() < 0.5:  # else during the start as well as later
            until = time.monotonic() + 30
            while phase(root, process) == "starting" and time.monotonic() < until:
                time.sleep(0.01)
            end = time.monotonic() + chance.uniform(0, 2)
        due = round((number + 1) * len(waiting) / (0.9 * N_KILLS))
        while dropped < min(due, len(waiting)):
            drop(workspace, waiting[dropped], in_place=chance.random() < 0.5)
            dropped += 1
        while time.monotonic() < end:
            time.sleep(0.01)
        assert process.poll() is None, "it ended by itself"
        phases[phase(root, process)] += 1
        kill(process, reader_first=chance.random() < 0.3)
        whole_outputs(root)
    assert dropped == len(waiting)
    print(dict(phases), file_counts(workspace))
    with live(root):
        wait_until(lambda: is_settled(workspace), seconds=600)

    assert_all_in_order(workspace)
    twin = undisturbed(tmp_path / "twin", workspace)
    assert_all_in_order(twin)
    assert as_stored(workspace) == as_stored(twin)


def due_again(workspace):
    """Have the draft, the month pack and the purge due at the next start."""
    root = workspace.root
    change_settings(root, "# records_months = 36", "records_months = 6")
    change_settings(root, "months = 12 ", "months = 3 ")
    with open_store(workspace.store) as store:
        store.connection.execute("DELETE FROM jobs WHERE name IN ('draft', 'purge')")
        store.connection.execute("UPDATE jobs SET done_for = '2000-01' WHERE name = 'month pack'")
    shutil.rmtree(workspace.outputs / "draft")


def draft_is_new(workspace):
    with open_store(workspace.store) as store:
        newest = newest_data(store.connection)
        done = read_done(store.connection)
    return newest is not None and done.get("draft") == str(newest.number)


def jobs_done(workspace):
    with open_store(workspace.store) as store:
        done = read_done(store.connection)
    return "purge" in done and done["month pack"] != "2000-01" and draft_is_new(workspace)


def test_kills_during_the_jobs_of_the_schedule(tmp_path):
    chance = random.Random(7)  # noqa: S311
    template = make(tmp_path / "template")
    with live(template.root):
        for delivery in [d for d in deliveries() if d[0] in ("north", "force")][:17]:
            drop(template, delivery, in_place=False)
        wait_until(lambda: n_handled(template) == 17, seconds=120)
        wait_until(lambda: draft_is_new(template), seconds=120)
    due_again(template)
    months = {month: len(rows) for month, rows in by_month(template).items()}
    phases = Counter()
    for number in range(int(os.environ.get("ED_HOTSPOTS_ROUNDS", "12"))):
        root = tmp_path / f"w{number}"
        shutil.copytree(template.root, root)
        workspace = open_workspace(root)
        for _ in range(3):
            process = start(root)
            until = time.monotonic() + 30
            while phase(root, process) == "starting" and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.5, 7))
            phases[phase(root, process)] += 1
            kill(process)
            whole_outputs(root)
        with live(root):
            wait_until(lambda w=workspace: jobs_done(w), seconds=120)
        whole_outputs(root)
        assert sorted(p.name for p in (root / "outputs").iterdir()) == [
            "2026-10", "draft", "latest.txt"]  # fmt: skip
        assert audit_verifies(root)
        kept = {month: len(rows) for month, rows in by_month(workspace).items()}
        assert set(kept) < set(months)
        assert all(months[month] == n for month, n in kept.items())
        with open_store(workspace.store) as store:
            assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            entries = store.connection.execute("SELECT action, counts FROM audit").fetchall()
        assert [action for action, _ in entries].count("publish") == 1
        taken = [json.loads(counts) for action, counts in entries if action == "purge"]
        n_taken = sum(counts.get("assaults", 0) for counts in taken)
        assert n_taken == sum(months.values()) - sum(kept.values())
        shutil.rmtree(root)
    print(dict(phases))


def by_month(workspace):
    found = {}
    for (arrived,) in table_of(workspace, "SELECT arrived_at FROM assaults"):
        found.setdefault((arrived or "")[:7], []).append(arrived)
    return found
