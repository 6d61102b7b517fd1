"""A service whose work is made up: `python service_double.py WORKSPACE [once]`.

What a file's name says is done with it: ``slow`` writes to the store and heeds no stop,
``patient`` works until it is asked to stop, ``bad`` fails; any other is stored.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ed_ingest.errors import EdHotspotsError
from ed_ingest.schedule import BackOff
from ed_ingest.store import open_store
from ed_ingest.watched import Handled
from hotspots.service import run_service
from hotspots.service_jobs import Work
from hotspots.service_turns import Pace


def noted(workspace, what):
    with (workspace.root / "calls.txt").open("a", encoding="utf-8") as file:
        file.write(what + "\n")


def take_inbox(workspace, *, now, stop, tell):
    done = []
    for path in sorted(workspace.inbox.glob("*/*.csv")):
        if "slow" in path.name:
            write_for_long(workspace)
        if "bad" in path.name:
            raise ValueError(path.read_text(encoding="utf-8"))
        while "patient" in path.name and not stop():
            noted(workspace, "patient")
            time.sleep(0.02)
        if stop():
            break
        path.unlink()
        with open_store(workspace.store) as store:
            store.audit("ingest", "b1", {"n_stored": 1})
        done.append(Handled("f1", "a.csv", path.parent.name, "stored", "b1", "", {"n_stored": 1}))
        tell(done[-1])
    return done


def write_for_long(workspace):
    with open_store(workspace.store) as store:
        store.connection.execute("BEGIN IMMEDIATE")
        store.connection.execute("INSERT OR REPLACE INTO figures VALUES ('half', '1')")
        noted(workspace, "slow")
        time.sleep(60)
        store.connection.execute("COMMIT")


def renew(workspace, stop):
    noted(workspace, "draft")
    return True


WORK = Work(
    take_inbox=take_inbox,
    renew=renew,
    publish=lambda workspace, month: "",
    waiting=lambda workspace: None,
    circulate=lambda workspace, pack: [],
    purge=lambda workspace, now: {"words": 3},
    notices=lambda workspace, now: ["north: the agreement ends in 30 days."],
)
PACE = Pace(due_s=0.1, alive_s=0.1, stop_s=1, retry_scan=BackOff(0.1, 0.2))

if __name__ == "__main__":
    try:
        sys.exit(run_service(Path(sys.argv[1]), once="once" in sys.argv, work=WORK, pace=PACE))
    except EdHotspotsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
