"""Both journeys, end to end, through the command line, against the simulation's truth."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from hotspots import cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as the terminal would: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def fresh(demo, tmp_path):
    """The demo's workspace with nothing stored yet."""
    copy = tmp_path / "fresh"
    shutil.copytree(demo, copy, ignore=shutil.ignore_patterns("store", "outputs"))
    (copy / "store").mkdir()
    return copy


def deliveries(workspace: Path, provider: str) -> list[Path]:
    return sorted((workspace / "inbox" / provider).iterdir())


def exported(run, workspace, table, tmp_path, *more) -> pd.DataFrame:
    out = tmp_path / f"{table}.csv"
    code, _, _ = run("export", table, out, "-w", workspace, *more)
    assert code == 0
    return pd.read_csv(out, dtype=str, keep_default_na=False, encoding="utf-8-sig")


# --- every row is accounted for ---------------------------------------------------------------


def test_every_row_of_every_delivery_ends_in_exactly_one_fate(run, demo):
    _, text, _ = run("status", "-w", demo, "--json")
    batches = pd.DataFrame(json.loads(text)["batches"])
    fates = ["n_stored", "n_outdated", "n_held_back", "n_not_assault", "n_duplicate"]
    fates = batches[fates].sum(axis=1)

    assert len(batches) >= 6 * 5 - 1
    assert (fates == batches["n_read"]).all()
    assert (batches["n_read"] > 0).all()


def test_a_month_sent_again_replaces_its_rows_and_adds_none(run, demo, tmp_path):
    _, text, _ = run("status", "-w", demo, "--json")
    replaced = sum(batch["n_replaced"] for batch in json.loads(text)["batches"])
    assaults = exported(run, demo, "assaults", tmp_path)

    assert replaced > 0
    assert assaults["event_id"].is_unique


def test_the_same_file_twice_changes_nothing_and_says_so(run, fresh, tmp_path):
    file = deliveries(fresh, "marford-general")[0]
    renamed = tmp_path / "another name.csv"
    shutil.copy(file, renamed)
    run("ingest", file, "-w", fresh, "--provider", "marford-general")
    before = exported(run, fresh, "assaults", tmp_path)
    code, text, _ = run("ingest", renamed, "-w", fresh, "--provider", "marford-general")

    assert code == 0
    assert "taken before" in text
    pd.testing.assert_frame_equal(before, exported(run, fresh, "assaults", tmp_path))


def test_rows_held_back_give_exit_code_1_and_are_explained(run, fresh):
    codes, batch = set(), None
    for file in deliveries(fresh, "marford-general"):
        code, text, _ = run("ingest", file, "-w", fresh, "--provider", "marford-general", "--json")
        receipt = json.loads(text)["files"][0]
        codes.add(code)
        if receipt["counts"]["n_held_back"]:
            assert code == 1
            batch = receipt["batch_id"]
    assert 1 in codes

    code, text, _ = run("why", batch, "-w", fresh, "--json")
    issues = json.loads(text)["issues"]
    assert code == 0
    assert any(issue["fate"] == "held_back" and issue["remedy"] for issue in issues)


def test_the_status_tells_how_many_stored_assaults_are_alike(run, demo, tmp_path):
    _, text, _ = run("status", "-w", demo, "--json")
    told = json.loads(text)["anonymity"]
    assaults = exported(run, demo, "assaults", tmp_path)

    assert told["all"]["n_records"] == len(assaults)
    assert sum(k["n_records"] for k in told["providers"].values()) == len(assaults)
    assert told["all"]["k_smallest"] >= 1
    assert 0 < told["all"]["n_k_1"] <= told["all"]["n_k_below_5"] <= len(assaults)
    assert told["all"]["share_k_1"] == told["all"]["n_k_1"] / len(assaults)
    _, lines, _ = run("status", "-w", demo)
    assert lines.count("(k = ") == len(told["providers"])


def test_check_tells_what_ingest_would_do_and_writes_nothing(run, fresh):
    file = deliveries(fresh, "st-teilos")[0]
    before = sorted(p for p in fresh.rglob("*"))
    _, told, _ = run("check", file, "-w", fresh, "--provider", "st-teilos", "--json")
    assert sorted(p for p in fresh.rglob("*")) == before

    _, done, _ = run("ingest", file, "-w", fresh, "--provider", "st-teilos", "--json")
    assert json.loads(told)["files"][0]["counts"] == json.loads(done)["files"][0]["counts"]


# --- what comes out is near the truth ------------------------------------------------------------


def test_the_places_found_are_the_true_places(run, demo, tmp_path):
    assaults = exported(run, demo, "assaults", tmp_path)
    truth = pd.read_csv(demo / "truth" / "assaults.csv", dtype=str, keep_default_na=False)
    found = assaults[assaults["location_level"] == "premises"]
    both = found.merge(truth, on=["provider", "arrived_at"], suffixes=("", "_true"))
    both = both.drop_duplicates("event_id")
    east = both["easting"].astype(float) - both["easting_true"].astype(float)
    north = both["northing"].astype(float) - both["northing_true"].astype(float)
    near = (east**2 + north**2) ** 0.5 <= 100

    assert len(both) > 200
    assert near.mean() > 0.9


def test_the_share_with_no_police_record_is_near_the_truth(run, demo, tmp_path):
    # In a copy: records that are linked anew are analysed anew.
    shutil.copytree(demo, tmp_path / "copy", ignore=shutil.ignore_patterns("outputs", "inbox"))
    _, text, _ = run("link", "-w", tmp_path / "copy", "--json")
    figures = json.loads(text)

    assert figures["n_linkable"] > 200
    # 41 % of the incidents are known to the police.
    assert 0.30 <= figures["known_share"] <= 0.52
    assert figures["known_share_low"] <= figures["known_share"] <= figures["known_share_high"]
    assert 0 <= figures["chance_rate"] < 0.2


def test_the_pack_is_complete_and_named_as_the_latest(demo):
    latest = (demo / "outputs" / "latest.txt").read_text(encoding="utf-8").strip()
    pack = demo / "outputs" / latest
    files = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()}

    assert {
        "index.html", "manifest.json", "tasking/tasking-map.html",
        "tasking/tasking-brief.pdf", "tasking/tasking-brief.pptx",
        "data-quality/completeness.html", "analyst/hotspots.gpkg", "analyst/hotspots.csv",
        "analyst/cells.csv", "licensing/premises.html", "licensing/premises.xlsx",
    } <= files  # fmt: skip
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["bandwidth_m"] == 200
    assert {"tasking/tasking-brief.pdf", "tasking/tasking-brief.pptx"} <= set(manifest["files"])
    index = (pack / "index.html").read_text(encoding="utf-8")
    assert "tasking/tasking-brief.pdf" in index
    assert "tasking/tasking-brief.pptx" in index
    assert "licensing/premises.html" in index
    assert "licensing/premises.xlsx" in manifest["files"]
    assert len(manifest["inputs"]) >= 29


def test_a_pack_is_frozen_and_a_second_one_is_a_new_version(run, demo, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    latest = (copy / "outputs" / "latest.txt").read_text(encoding="utf-8").strip()
    manifest = copy / "outputs" / latest / "manifest.json"
    before = manifest.read_bytes()
    code, text, _ = run("publish", "-w", copy, "--json")

    assert code == 0
    assert json.loads(text)["folder"].endswith(f"{latest}.v2")
    assert manifest.read_bytes() == before


def test_the_draft_and_the_completeness_report_are_made_anew(run, demo):
    assert run("analyse", "-w", demo)[0] == 0
    assert (demo / "outputs" / "draft" / "tasking" / "tasking-map.html").is_file()

    code, text, _ = run("completeness", "-w", demo, "--json")
    assert code == 0
    assert {"n_rows", "share_complete", "items", "months"} <= set(json.loads(text))


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".gpkg"])
def test_every_table_is_exported_to_every_format(run, demo, tmp_path, suffix):
    for table in ("assaults", "crimes", "links", "issues", "batches", "assault_counts"):
        out = tmp_path / f"{table}{suffix}"
        code, _, error = run("export", table, out, "-w", demo, "--release", "ISA-X")
        assert code == 0, error
        assert out.stat().st_size > 0


# --- bad input ---------------------------------------------------------------------------------


def stored_rows(workspace: Path) -> int:
    from ed_ingest.store import open_store

    with open_store(workspace / "store" / "ed-hotspots.sqlite") as store:
        return len(store.read("assaults")) + len(store.read("batches"))


def refused(run, fresh, *arguments) -> str:
    code, text, error = run(*arguments)
    assert code == 2, error
    assert text == ""
    assert error.count("\n") == 1, "one sentence, one line"
    assert error.startswith("ed-hotspots: ")
    if (fresh / "store" / "ed-hotspots.sqlite").exists():
        assert stored_rows(fresh) == 0
    return error


def test_a_missing_workspace_is_refused(run, fresh, tmp_path):
    assert "ed-hotspots init" in refused(run, fresh, "status", "-w", tmp_path / "nowhere")


def test_an_unknown_provider_is_refused(run, fresh):
    file = deliveries(fresh, "marford-general")[0]
    assert "known: " in refused(run, fresh, "ingest", file, "-w", fresh, "--provider", "st-nowhere")


def test_a_missing_file_is_refused(run, fresh):
    arguments = ("ingest", fresh / "no.csv", "-w", fresh, "--provider", "marford-general")
    assert "no such file" in refused(run, fresh, *arguments)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b"\x00\x01\x02binary" * 100),
        ("x.csv", b""),
        ("x.xlsx", b"PK\x03\x04 but no workbook"),
        ("x.pdf", b"%PDF-1.7"),
        ("x.csv", b"a,b,c\n"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused(run, fresh, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    arguments = ("ingest", tmp_path / name, "-w", fresh, "--provider", "marford-general")
    refused(run, fresh, *arguments)


def test_a_column_that_the_file_lacks_is_named(run, fresh):
    path = fresh / "providers" / "marford-general.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[columns]", '[columns]\ndomestic_abuse = "DV flag?"'), "utf-8")
    file = deliveries(fresh, "marford-general")[0]
    error = refused(run, fresh, "ingest", file, "-w", fresh, "--provider", "marford-general")

    assert "domestic_abuse" in error
    assert "marford-general.toml" in error


def test_an_agreement_not_in_force_is_refused(run, fresh):
    file = deliveries(fresh, "marford-general")[0]
    arguments = ("ingest", file, "-w", fresh, "--provider", "marford-general")
    error = refused(run, fresh, *arguments, "--received", "1999-01-01")

    assert "not in force on 01 January 1999" in error


def test_publishing_without_the_agreements_choices_is_refused(run, demo, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    path = copy / "settings.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith("premises_names")), "utf-8")
    code, _, error = run("publish", "-w", copy)

    assert code == 2
    assert "premises_names" in error


@pytest.mark.parametrize("table", ["crimes", "links"])
def test_records_that_tie_hospital_and_police_need_a_release(run, demo, tmp_path, table):
    code, _, error = run("export", table, tmp_path / "x.csv", "-w", demo)

    assert code == 2
    assert "--release" in error
    assert not (tmp_path / "x.csv").exists()


def test_a_fault_shows_where_it_failed_but_never_a_value(run, monkeypatch, fresh):
    def broken(*_, **__):
        raise ValueError("could not convert 'Quillfeather'")

    monkeypatch.delenv("ED_HOTSPOTS_DEBUG", raising=False)
    monkeypatch.setattr("ed_ingest.store.open_store", broken)
    code, text, error = run("status", "-w", fresh)

    assert code == 3
    assert "Quillfeather" not in text + error
    assert "ValueError" in error
