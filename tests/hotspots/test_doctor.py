import json
import os
import shutil
import sys
from datetime import datetime

import pytest

from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace
from hotspots import cli
from hotspots.doctor import examine, told
from hotspots.findings import Finding, counted, worst

posix = pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")


def run(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["ed-hotspots", "doctor", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0), capsys.readouterr().out


@pytest.fixture
def patient(demo, tmp_path):
    """A copy of the demo's workspace that may be made ill."""
    shutil.copytree(demo, tmp_path / "w")
    return tmp_path / "w"


@pytest.mark.parametrize(
    ("states", "state"),
    [([], "ok"), (["ok", "warning"], "warning"), (["fault", "warning", "ok"], "fault")],
)
def test_the_worst_state_counts(states, state):
    assert worst(Finding("x", s, "") for s in states) == state


def test_counts_are_words():
    assert [counted(n, "delivery", "deliveries") for n in (1, 1200)] == [
        "1 delivery", "1,200 deliveries",
    ]  # fmt: skip
    assert counted(0, "fault") == "0 faults"


def test_a_demo_has_no_fault_while_its_deliveries_come(demo):
    with open_store(demo / "store" / "ed-hotspots.sqlite") as store:
        newest = store.read("batches")["received_at"].max()

    findings = told(examine(demo, now=newest.to_pydatetime()))

    faults = [c for c in findings["checks"] if c["state"] == "fault"]
    assert faults == []
    assert findings["counts"]["ok"] > 15
    providers = {c["check"] for c in findings["checks"] if c["group"] == "Providers"}
    assert len(providers) == 5


def test_nothing_is_changed(demo):
    def files():
        """Size and time; not SQLite's own empty files, which come and go with every reader."""
        looks = {p: p.stat() for p in demo.rglob("*") if p.is_file()}
        return {
            path: (look.st_size, look.st_mtime_ns)
            for path, look in looks.items()
            if not path.name.endswith("-shm") and (look.st_size or not path.name.endswith("-wal"))
        }

    before = files()
    examine(demo, now=datetime(2026, 3, 1))

    assert files() == before


def test_json_and_table_tell_the_same_and_warnings_are_no_failure(demo, monkeypatch, capsys):
    code, text = run(["-w", str(demo), "--json"], monkeypatch, capsys)
    found = json.loads(text)
    shown_code, shown = run(["-w", str(demo)], monkeypatch, capsys)

    assert (code, shown_code) == (0, 0)
    assert found["state"] == "warning"
    assert {"group", "check", "state", "sentence", "remedy"} == set(found["checks"][0])
    assert f"{found['counts']['warning']} warning" in shown
    assert "Reference data" in shown


def test_a_fault_ends_with_code_2(patient, monkeypatch, capsys):
    (patient / "store" / "workspace.key").unlink()

    code, text = run(["-w", str(patient)], monkeypatch, capsys)

    assert code == 2
    assert "1 fault," in text
    assert "back-up" in text


def test_a_folder_that_is_no_workspace_is_refused_in_one_sentence(tmp_path, monkeypatch, capsys):
    assert run(["-w", str(tmp_path)], monkeypatch, capsys)[0] == 2


def test_a_new_workspace_is_told_what_it_needs(tmp_path, monkeypatch, capsys):
    make_workspace(tmp_path / "w", name="M", marking=None, premises_names=None)

    code, text = run(["-w", str(tmp_path / "w"), "--json"], monkeypatch, capsys)

    asked = {c["check"] for c in json.loads(text)["checks"] if c["state"] != "ok"}
    assert code == 2
    assert {"settings.toml", "providers", "premises", "streets", "boundary", "places"} <= asked


def test_no_cell_of_a_record_and_no_key_is_printed(demo, monkeypatch, capsys):
    _, text = run(["-w", str(demo), "--json"], monkeypatch, capsys)
    key = (demo / "store" / "workspace.key").read_text(encoding="ascii").strip()
    with open_store(demo / "store" / "ed-hotspots.sqlite") as store:
        assaults = store.read("assaults")
    words = assaults["location_text"].dropna()

    assert key not in text
    assert not [w for w in words[words.str.len() > 8].unique() if w in text]
    assert not [e for e in assaults["event_id"] if e in text]
