"""The end in mid-job: no thread sees the children end before the process itself has ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from hotspots.stopping import catch_stops

# A thread waits for the child, as the job does for its reader, and would call its end a bad file.
SCRIPT = """
import subprocess, sys, threading, time
from pathlib import Path
from hotspots.stopping import end_at_once
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
def wait():
    child.wait()
    Path(sys.argv[1], "refused").touch()
threading.Thread(target=wait, daemon=True).start()
print(child.pid, flush=True)
time.sleep(0.1)
end_at_once(0)
"""


def test_a_reader_that_is_ended_with_the_process_is_not_taken_for_a_bad_file(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    child = int(ran.stdout)
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child still runs")
    assert not (tmp_path / "refused").exists()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_signals_are_noted_and_handled_as_before_afterwards(name):
    number = getattr(signal, name)
    before, asked = signal.getsignal(number), []
    with catch_stops(asked):
        signal.raise_signal(number)

    assert asked == [number]
    assert signal.getsignal(number) == before
