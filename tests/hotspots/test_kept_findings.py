"""Journey 2 is not worked out twice from the same inputs, and anew from others."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime

import pytest

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.store import open_store
from ed_ingest.store_analyses import NEWEST, AnalysisKey, keep_analysis, read_analysis
from ed_ingest.store_hot_spots import read_hot_spots_before
from ed_ingest.workspace import open_workspace
from hotspots import kept_findings
from hotspots.erasing import erase_provider
from hotspots.kept_findings import findings_of
from tests.hotspots.test_findings_code import assert_same

PERIOD = date(2025, 1, 1), date(2025, 12, 31)
NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def workspace(demo, tmp_path):
    copy = tmp_path / "workspace"
    shutil.copytree(demo, copy)
    return open_workspace(copy)


@pytest.fixture
def worked_out(monkeypatch):
    """How often the analysis was really done."""
    done = []
    analyse = kept_findings.analyse

    def counted(*arguments, **options):
        done.append(options["theme"])
        return analyse(*arguments, **options)

    monkeypatch.setattr(kept_findings, "analyse", counted)
    return done


def kept(workspace):
    with open_store(workspace.store) as store:
        return store.connection.execute("SELECT COUNT(*) FROM analyses").fetchone()[0]


def change(workspace, statement):
    with open_store(workspace.store) as store:
        store.connection.execute(statement)


def test_unchanged_inputs_are_not_worked_out_again(workspace, worked_out):
    places = load_gazetteer(workspace.reference)
    change(workspace, "DELETE FROM analyses")
    first = findings_of(workspace, PERIOD, places)
    second = findings_of(workspace, PERIOD, places)

    assert worked_out == [None]
    assert_same(first, second)


@pytest.mark.parametrize(
    "changed",
    ["record", "crime", "link figures", "delivery", "reference", "setting", "name", "theme"],
)
def test_another_input_is_worked_out_anew(workspace, worked_out, changed):
    places = load_gazetteer(workspace.reference)
    findings_of(workspace, PERIOD, places)
    worked_out.clear()
    statements = {
        "record": "UPDATE assaults SET alcohol = 'yes' WHERE event_id = (SELECT MIN(event_id)"
        " FROM assaults WHERE alcohol <> 'yes')",
        "crime": "DELETE FROM crimes WHERE crime_id = (SELECT MIN(crime_id) FROM crimes)",
        "link figures": "UPDATE figures SET value = '{}' WHERE name = 'links'",
        "delivery": "UPDATE batches SET received_at = '2030-01-01 09:00' WHERE batch_id ="
        " (SELECT MIN(batch_id) FROM batches)",
    }
    files = {
        "reference": (workspace.reference / "events.csv", "first_night,last_night,name\n", ""),
        "setting": (workspace.root / "settings.toml", "bandwidth_m = 300", "bandwidth_m = 200"),
    }
    if changed in statements:
        change(workspace, statements[changed])
    elif changed in files:
        path, new, old = files[changed]
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
    elif changed == "name":
        path = sorted((workspace.root / "providers").glob("*.toml"))[0]
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('name = "', 'name = "New '), encoding="utf-8")
    theme = "alcohol" if changed == "theme" else None
    findings_of(open_workspace(workspace.root), PERIOD, places, theme=theme)

    assert worked_out == [theme]


def test_findings_of_other_data_go_when_new_ones_are_kept(workspace):
    places = load_gazetteer(workspace.reference)
    findings_of(workspace, PERIOD, places)
    change(workspace, "UPDATE figures SET value = '{}' WHERE name = 'links'")
    findings_of(workspace, PERIOD, places)

    assert kept(workspace) == 1


def test_the_hot_spots_of_a_whole_months_map_are_kept_for_the_next_month(workspace):
    change(workspace, "DELETE FROM analyses")
    change(workspace, "DELETE FROM hot_spot_history")
    places = load_gazetteer(workspace.reference)
    findings_of(workspace, (date(2025, 10, 1), date(2025, 12, 31)), places)
    findings_of(workspace, PERIOD, places, theme="alcohol")
    with open_store(workspace.store) as store:
        assert read_hot_spots_before(store.connection, "2026-01") is None
    found = findings_of(workspace, PERIOD, places)
    with open_store(workspace.store) as store:
        before = read_hot_spots_before(store.connection, "2026-01")

    assert list(before["hotspot_id"]) == list(found.assaults.hot_spots["hotspot_id"])


def test_nothing_kept_is_left_of_an_erased_hospital(workspace):
    with open_store(workspace.store) as store:
        gone = store.read("assaults")["provider"].iloc[0]
    findings_of(workspace, PERIOD, load_gazetteer(workspace.reference))

    erase_provider(workspace, gone, now=NOW)

    assert kept(workspace) == 0
    with open_store(workspace.store) as store:
        assert read_hot_spots_before(store.connection, "2030-01") is None


def test_only_the_newest_few_are_kept(tmp_path):
    keys = [AnalysisKey(*PERIOD, str(k), "s", "d") for k in range(NEWEST + 2)]
    with open_store(tmp_path / "s.sqlite") as store:
        for key in keys:
            keep_analysis(store.connection, key, key.theme.encode(), at=NOW)
        left = [read_analysis(store.connection, key) for key in keys]

    assert left == [None, None, *(key.theme.encode() for key in keys[2:])]
