"""Ingest, inbox and service run where what only POSIX systems have is missing, as on Windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HIDDEN = Path(__file__).parent / "without_posix"

# Two services at once; an ingest, which reads in another process; a pass of the service.
SCRIPT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
sys.modules["fcntl"] is None and not hasattr(os, "getuid") and not hasattr(signal, "SIGKILL") or 1/0

from ed_ingest.errors import LeaseError
from ed_ingest.lease import lease
from ed_ingest.pipeline import ingest
from ed_ingest.workspace import open_workspace
from hotspots.service import run_service

root, file = Path(sys.argv[1]), Path(sys.argv[2])
receipt = ingest(file, open_workspace(root), "north", received_at=datetime(2025, 4, 2))
print(receipt.state, receipt.counts["n_stored"])
with lease(root / "store", now=datetime.now(UTC)):
    try:
        run_service(root, once=True)
    except LeaseError as error:
        print("refused")
print(run_service(root, once=True))
"""
PROVIDER = """
name = "North"
kind = "ed"
[columns]
attendance_number = "Number"
arrived_at = "Arrival"
assault_date = "Date"
assault_time = "Time"
assault_method = "Method"
location_type = "Place"
location_text = "Where"
"""


def test_ingest_inbox_and_service_run_without_what_only_posix_has(tmp_path):
    from ed_ingest.workspace import make_workspace

    made = make_workspace(tmp_path / "w", name="P", marking="M", premises_names=False)
    (made.root / "providers" / "north.toml").write_text(PROVIDER, encoding="utf-8")
    rows = "".join(
        f"A{day:02},{day:02}/03/2025 03:15,{day:02}/03/2025,02:30,Fists/feet/head,Street,High St\n"
        for day in range(1, 29)
    )
    file = tmp_path / "march.csv"
    header = "Number,Arrival,Date,Time,Method,Place,Where\n"
    file.write_text(header + rows, encoding="utf-8")
    settings = made.root / "settings.toml"
    quick = settings.read_text(encoding="utf-8").replace("scan_seconds = 10", "scan_seconds = 0.1")
    settings.write_text(quick, encoding="utf-8")
    dropped = made.inbox / "north" / "april.csv"
    dropped.parent.mkdir()
    dropped.write_text(header + rows.replace("/03/", "/02/").replace("A", "B"), encoding="utf-8")
    (dropped.parent / "bad.csv").write_text("nothing", encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(made.root), str(file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HIDDEN), str(ROOT)])},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = ran.stdout.splitlines()
    assert told[0] == "stored 28"
    assert told[1] == "refused"
    assert told[-1] == "2"  # for the file that was refused
    assert [p.name for p in dropped.parent.iterdir()] == ["receipts"]
    assert len(list((made.root / "quarantine" / "north").glob("*.csv"))) == 1
    assert (made.outputs / "draft" / "tasking" / "tasking-map.html").is_file()
    log = (made.root / "logs" / "service.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["event"] for line in log.splitlines()][-1] == "stopped"
