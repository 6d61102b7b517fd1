"""Journey 2 is not worked out twice from the same inputs, and anew from others."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ed_ingest.backup import make_backup
from ed_ingest.errors import AnalysisError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.restore import restore_backup
from ed_ingest.store import open_store
from ed_ingest.store_analyses import NEWEST, AnalysisKey, keep_analysis, read_analysis
from ed_ingest.store_hot_spots import read_hot_spots_before
from ed_ingest.workspace import open_workspace
from hotspots import linked_analysis
from hotspots.erasing import erase_provider
from hotspots.kept_findings import findings_of
from tests.ed_ingest.kept_workspace import kept_workspace
from tests.hotspots.test_findings_code import assert_same
from tests.hotspots.town import findings, gazetteer, spread_out

PERIOD = date(2025, 4, 1), date(2026, 3, 31)
NOW = datetime(2026, 4, 2, tzinfo=UTC)
PLACES = gazetteer()


@pytest.fixture(scope="module")
def found():
    """What an analysis finds: worked out once, whatever the store holds."""
    return findings(*spread_out(30))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    workspace = kept_workspace(tmp_path_factory.mktemp("kept") / "w")
    # A file that a table program opened is in no back-up, and these places are not to be read.
    for name in ("~$places.xlsx", "aliases.csv"):
        (workspace.reference / name).unlink()
    change(workspace, "INSERT INTO figures VALUES ('links', '{\"known_share\": 0.5}')")
    return workspace.root


@pytest.fixture
def workspace(made, tmp_path):
    shutil.copytree(made, tmp_path / "workspace")
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def worked_out(monkeypatch, found):
    """The theme of each analysis that was really done; none takes any time."""
    done = []

    def analysed(*records, period_from, period_to, **options):
        done.append(options["theme"])
        return replace(found, period_from=period_from, period_to=period_to)

    monkeypatch.setattr(linked_analysis, "analyse", analysed)
    return done


def kept(workspace):
    with open_store(workspace.store) as store:
        return store.connection.execute("SELECT COUNT(*) FROM analyses").fetchone()[0]


def before(workspace, month):
    with open_store(workspace.store) as store:
        return read_hot_spots_before(store.connection, month)


def change(workspace, statement):
    with open_store(workspace.store) as store:
        store.connection.execute(statement)


def test_unchanged_inputs_are_not_worked_out_again(workspace, worked_out):
    first = findings_of(workspace, PERIOD, PLACES)
    second = findings_of(workspace, PERIOD, PLACES)

    assert worked_out == [None]
    assert_same(first, second)


STATEMENTS = {
    "record": "UPDATE assaults SET alcohol = 'yes' WHERE event_id = (SELECT MIN(event_id)"
    " FROM assaults)",
    "link": "INSERT INTO links (event_id, crime_id) VALUES ('e1', 'c1')",
    "link figures": "UPDATE figures SET value = '{}' WHERE name = 'links'",
    "delivery": "UPDATE batches SET received_at = '2030-01-01 09:00'",
}


@pytest.mark.parametrize("changed", [*STATEMENTS, "reference", "setting", "name", "theme"])
def test_another_input_is_worked_out_anew(workspace, worked_out, changed):
    findings_of(workspace, PERIOD, PLACES)
    worked_out.clear()
    if changed in STATEMENTS:
        change(workspace, STATEMENTS[changed])
    if changed == "reference":
        (workspace.reference / "events.csv").write_text("first_night,last_night,name\n", "utf-8")
    if changed in ("setting", "name"):
        path, old, new = {
            "setting": (workspace.root / "settings.toml", "bandwidth_m = 200", "bandwidth_m = 300"),
            "name": (workspace.root / "providers" / "st-elsewhere.toml", "St Else", "St Some"),
        }[changed]
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    theme = "alcohol" if changed == "theme" else None
    findings_of(open_workspace(workspace.root), PERIOD, PLACES, theme=theme)

    assert worked_out == [theme]


def test_another_period_is_worked_out_anew_and_both_are_kept(workspace, worked_out):
    for period in (PERIOD, (date(2026, 3, 1), date(2026, 3, 3)), PERIOD):
        assert findings_of(workspace, period, PLACES).period_from == period[0]

    assert len(worked_out) == kept(workspace) == 2


def test_findings_of_other_data_go_when_new_ones_are_kept(workspace, worked_out):
    findings_of(workspace, PERIOD, PLACES)
    change(workspace, STATEMENTS["link figures"])
    findings_of(workspace, PERIOD, PLACES)

    assert kept(workspace) == 1


def test_a_period_without_a_record_is_said_and_not_kept(workspace, monkeypatch):
    monkeypatch.setattr(linked_analysis, "analyse", lambda *_, **__: findings())
    with pytest.raises(AnalysisError, match="no records from 01 April 2025 to 31 March 2026"):
        findings_of(workspace, PERIOD, PLACES)

    assert kept(workspace) == 0


@pytest.mark.parametrize(
    ("period", "theme"),
    [((date(2026, 1, 1), PERIOD[1]), None), (PERIOD, "alcohol"), ((PERIOD[0], NOW.date()), None)],
    ids=["three months", "theme", "some nights"],
)
def test_only_a_map_of_whole_months_of_all_assaults_gives_ids_to_the_next(
    workspace, worked_out, period, theme
):
    findings_of(workspace, period, PLACES, theme=theme)

    assert before(workspace, "2030-01") is None


def test_the_hot_spots_of_a_whole_months_map_are_kept_for_the_next_month(workspace, worked_out):
    found = findings_of(workspace, PERIOD, PLACES)
    earlier = before(workspace, "2026-04")

    assert list(earlier["hotspot_id"]) == list(found.assaults.hot_spots["hotspot_id"]) != []
    assert before(workspace, "2026-03") is None


def test_a_backup_carries_kept_findings_and_hot_spots_and_a_restore_brings_them_back(
    workspace, worked_out, tmp_path
):
    first = findings_of(workspace, PERIOD, PLACES)
    make_backup(workspace, tmp_path / "b.zip", at=NOW)
    restore_backup(tmp_path / "b.zip", tmp_path / "new", at=NOW)
    new = open_workspace(tmp_path / "new")

    assert_same(findings_of(new, PERIOD, PLACES), first)
    assert worked_out == [None]
    assert before(new, "2026-04").equals(before(workspace, "2026-04"))


def test_nothing_kept_is_left_of_an_erased_hospital(workspace, worked_out):
    with open_store(workspace.store) as store:
        gone = store.read("assaults")["provider"].iloc[0]
    change(workspace, "DELETE FROM hot_spot_history")
    findings_of(workspace, PERIOD, PLACES)
    change(workspace, f"UPDATE hot_spot_history SET providers = '[\"{gone}\"]'")  # noqa: S608

    erase_provider(workspace, gone, now=NOW)

    assert kept(workspace) == 0
    assert before(workspace, "2030-01") is None


def test_the_real_analysis_is_given_the_settings_under_its_own_names(workspace):
    # Two records without a place: enough to see that every argument is known.
    year = date(2024, 4, 1), date(2025, 3, 31)
    real = findings_of(workspace, year, load_gazetteer(workspace.reference))

    assert real.n_recorded == 2


def test_only_the_newest_few_are_kept(tmp_path):
    keys = [AnalysisKey(*PERIOD, str(k), "s", "d") for k in range(NEWEST + 2)]
    with open_store(tmp_path / "s.sqlite") as store:
        for key in keys:
            keep_analysis(store.connection, key, key.theme.encode(), at=NOW)
        left = [read_analysis(store.connection, key) for key in keys]

    assert left == [None, None, *(key.theme.encode() for key in keys[2:])]
