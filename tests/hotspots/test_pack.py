"""From stored records to folders: which month, which version, what stays when it fails."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date

import pytest

from ed_ingest import audit
from ed_ingest.errors import AnalysisError, SettingsError, WorkspaceError
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace
from hotspots import pack, pack_files
from hotspots.demo import run_demo
from hotspots.pack_files import OUTPUTS, next_version


@pytest.fixture
def workspace(demo, tmp_path, few_files):
    copy = tmp_path / "workspace"
    shutil.copytree(demo, copy)
    return open_workspace(copy)


def changed(workspace, statement, *values):
    with open_store(workspace.store) as store:
        store.connection.execute(statement, values)


def latest(workspace):
    return (workspace.outputs / "latest.txt").read_text(encoding="utf-8").strip()


@pytest.mark.usefixtures("found_before")
def test_a_month_that_was_not_over_when_its_records_came_is_no_month_for_a_pack(workspace):
    # One arrival after midnight of the first, in the file of the month before.
    changed(
        workspace,
        "UPDATE assaults SET arrived_at = '2026-01-01 00:40' WHERE event_id ="
        " (SELECT MIN(event_id) FROM assaults WHERE batch_id LIKE '20260%')",
    )

    assert pack.publish_month(workspace).folder.name.startswith("2025-12")


@pytest.mark.parametrize("month", ["2025", "", "2025-13", "December", "2025-12-01"])
def test_what_is_no_month_is_refused(workspace, month):
    with pytest.raises(SettingsError, match="YYYY-MM"):
        pack.publish_month(workspace, month=month)


@pytest.mark.long
def test_capture_and_recapture_is_made_only_where_it_is_set(workspace, monkeypatch):
    monkeypatch.setattr(pack_files, "OUTPUTS", OUTPUTS[-2:])
    tables = workspace.outputs / "draft" / "analyst"
    assert not list(workspace.outputs.rglob("capture_recapture.csv"))
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("capture_recapture = false", "capture_recapture = true"), encoding="utf-8"
    )
    made = pack.renew_draft(open_workspace(workspace.root))

    assert "odds_ratio" in (tables / "capture_recapture.csv").read_text(encoding="utf-8-sig")
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["links"]["chance_rate"] == made.figures["chance_rate"] < 0.1
    assert manifest["links"]["share_not_found"] == made.figures["share_not_found"]


def test_a_month_without_records_is_refused_and_leaves_no_folder(workspace):
    with pytest.raises(AnalysisError, match="no records from 01 February 2018 to 31 January 2019"):
        pack.publish_month(workspace, month="2019-01")

    assert not (workspace.outputs / "2019-01").exists()


@pytest.mark.usefixtures("found_before")
def test_a_pack_of_an_older_month_is_not_named_the_latest(workspace):
    newest = latest(workspace)
    pack.publish_month(workspace, month="2025-10")

    assert latest(workspace) == newest


def test_a_second_version_says_what_it_replaces_and_rounds_its_counts(workspace):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"round5"', '"suppress_lt5"'), encoding="utf-8")
    undated = min((workspace.root / "providers").glob("*.toml"))
    lines = undated.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("valid_")]
    undated.write_text("\n".join(kept), encoding="utf-8")
    again = pack.publish_month(open_workspace(workspace.root))
    manifest = json.loads((again.folder / "manifest.json").read_text(encoding="utf-8"))

    assert again.folder.name == "2025-12.v2"
    assert manifest["replaces"] == "2025-12"
    assert manifest["counts"]["rounding"] == "round5"
    assert undated.stem in manifest["providers_without_agreement_dates"]


@pytest.mark.usefixtures("found_before")
def test_the_manifest_prints_the_head_of_the_audit_for_later(workspace):
    made = pack.publish_month(workspace)
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    with open_store(workspace.store) as store:
        found = audit.verify(store.connection, expect=manifest["audit_head"])
        entries = audit.read_entries(store.connection)

    assert found.problem == ""
    assert entries[-1].action == "publish"
    assert entries[-2].hash == manifest["audit_head"]


def test_records_that_are_not_linked_yet_are_linked_first(workspace):
    before = pack.publish_month(workspace).figures["n_recorded"]
    changed(
        workspace, "UPDATE assaults SET link_status = NULL, transfer = 'no', incident_id = NULL"
    )

    assert pack.publish_month(workspace).figures["n_recorded"] == before


@pytest.mark.usefixtures("found_before")
def test_a_pack_that_cannot_be_put_in_place_leaves_the_old_one_whole(workspace, monkeypatch):
    draft = pack.renew_draft(workspace).folder
    files = sorted(p.name for p in draft.rglob("*"))

    def held(self, target):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.rename", held)
    with pytest.raises(WorkspaceError, match="Close its files"):
        pack.renew_draft(workspace)

    assert sorted(p.name for p in draft.rglob("*")) == files


def test_every_file_of_a_pack_has_a_name_that_windows_and_sharepoint_take(demo):
    packs = [p for p in (demo / "outputs").iterdir() if p.is_dir()]
    names = {part for pack in packs for p in pack.rglob("*") for part in p.relative_to(demo).parts}

    # https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    reserved = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    assert len(names) > 30
    for name in names:
        assert not re.search(r'[<>:"/\\|?*#%\x00-\x1f]|[. ]$|^ ', name), name
        assert not reserved.fullmatch(name), name


def test_the_demo_takes_away_only_an_earlier_demo(tmp_path):
    mine = tmp_path / "mine"
    (mine / "truth").mkdir(parents=True)
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(WorkspaceError, match="not an earlier demo"):
        run_demo(mine, assaults=60, months=1)
    assert (mine / "thesis.txt").is_file()


@pytest.mark.long
def test_any_nights_can_be_analysed_for_the_draft(workspace):
    nights = (date(2025, 11, 10), date(2025, 12, 7))
    made = pack.renew_draft(workspace, nights=nights)
    whole = pack.renew_draft(workspace)

    assert (made.figures["period_from"], made.figures["period_to"]) == ("2025-11-10", "2025-12-07")
    assert 0 < made.figures["n_recorded"] < whole.figures["n_recorded"] / 4


def test_nights_in_the_wrong_order_are_refused(workspace):
    with pytest.raises(SettingsError, match="in order"):
        pack.renew_draft(workspace, nights=(date(2025, 12, 7), date(2025, 11, 10)))


def test_a_pack_that_went_out_and_is_gone_gives_its_name_to_no_other(tmp_path):
    assert next_version(tmp_path / "2025-03", {"2025-03", "2025-03.v2"}).name == "2025-03.v3"
    assert next_version(tmp_path / "2025-03", set()).name == "2025-03"


@pytest.mark.usefixtures("found_before")
def test_sheets_for_hospitals_and_the_self_assessment_lie_beside_the_completeness_report(workspace):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8").replace("\n[self_assessment]\n", "\n")
    path.write_text(
        f"{text}\n[self_assessment]\narrangements.marac = {{ in_place = true, used = 4 }}\n",
        encoding="utf-8",
    )
    made = pack.renew_completeness(open_workspace(workspace.root)).folder
    hospitals = {p.stem for p in made.glob("feedback-*.pdf")}

    assert hospitals == {
        f"feedback-{name}" for name in ("marford-general", "royal-infirmary", "st-teilos")
    }
    assert (made / "self-assessment.html").is_file()

    folder = pack.publish_month(open_workspace(workspace.root)).folder
    front = (folder / "index.html").read_text(encoding="utf-8")
    for name in (*(f"{stem}.pdf" for stem in sorted(hospitals)), "self-assessment.html"):
        assert (folder / "data-quality" / name).is_file()
        assert f'href="data-quality/{name}"' in front
