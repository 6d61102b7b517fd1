"""Erasure: nothing of a provider is left in the workspace, and it is said where else it may be."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pandas as pd
import pytest
from typer.testing import CliRunner

from ed_ingest.alone import BACKUP_LOCK, alone
from ed_ingest.audit import append
from ed_ingest.delivered_files import Seen
from ed_ingest.errors import SettingsError, WorkspaceError
from ed_ingest.file_states import change_file, new_file
from ed_ingest.receipts import receipt_name
from ed_ingest.retention import Purged
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace
from hotspots import erasing
from hotspots.cli import app
from hotspots.erasing import erase_provider
from hotspots.kept_packs import kept_packs, remove_packs
from hotspots.retention_commands import erase_lines, purge_lines
from tests.ed_ingest.contract_rows import crimes
from tests.ed_ingest.test_store import NO_ISSUES, batch, record, sealed
from tests.leaks import found_in

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
# What only st-elsewhere delivered; each stands in several places.
PLANTED = ["Zanzibar", "attendance-1", "attendance-9", "deadbeef" * 8, "Jane Doe 9990000018"]
FOLDERS = ("inbox", "processing", "quarantine", "archive")


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.reference / "places.csv").write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        "S1,High Street,,street,420000,310000,Marford,\n",
        encoding="utf-8",
    )
    for provider, kind in (("st-elsewhere", "ed"), ("other", "ed"), ("force", "police")):
        path = made.root / "providers" / f"{provider}.toml"
        path.write_text(f'name = "{provider}"\nkind = "{kind}"\n', encoding="utf-8")
    _store(made)
    _files(made)
    _packs(made)
    return made


def _store(workspace) -> None:
    point = {"easting": 420000.0, "northing": 310000.0, "location_level": "street"}
    point["location_uncertainty_m"] = 50.0
    with open_store(workspace.store) as store:
        for method in ("body_part", "glass"):  # the second replaces the first
            rows = sealed("attendance-1", "attendance-2", location_text="Zanzibar",
                          batch_id=f"b-{method}", assault_method=method, **point)  # fmt: skip
            digest = ("deadbeef" if method == "glass" else "f00dface") * 8
            withdrawn = ["attendance-9"]
            record(store, rows, batch_id=f"b-{method}", file_hash=digest, withdrawn=withdrawn)
        others = sealed("elsewhere-1", "elsewhere-2", provider="other", batch_id="b3", **point)
        store.record_attendances(
            {**batch(batch_id="b3", file_hash="a" * 64), "provider": "other"}, others,
            items_present=pd.Series(7, index=others.index),
            held_back=pd.DataFrame(columns=["row", "event_id", "month", "items_present"]),
            withdrawn=pd.Series([], dtype="object"), issues=NO_ISSUES,
        )  # fmt: skip
        store.connection.execute(
            "INSERT INTO held_words VALUES ('attendance-1', 'b-glass', 'Zanzibar', '', '',"
            " 'Zanzibar', '2026-03-01')"
        )
        store.connection.execute("INSERT INTO held_back VALUES ('b-glass', 2, 'st-elsewhere',"
                                 " 'attendance-9', '2025-03', 0)")  # fmt: skip
        store.connection.execute("INSERT INTO jobs VALUES ('notice st-elsewhere: x', 'x', 'y')")
        store.connection.execute(
            "INSERT INTO backups VALUES ('2026-02-01T00:00:00+00:00', 'one.zip', 's', ?)",
            (json.dumps(["other", "st-elsewhere"]),),
        )
        store.connection.execute(
            "INSERT INTO backups VALUES ('2025-02-01T00:00:00+00:00', 'early.zip', 's', ?)",
            (json.dumps(["st-elsewhere-annex"]),),
        )
        for action, subject in (
            ("publish", "2025-01"), ("publish", "2025-03"), ("publish", "2025-03.v2"),
            ("export", "assaults"),
        ):  # fmt: skip
            append(store.connection, action, subject, {})
        store.connection.execute("UPDATE assaults SET link_status = 'not_found'")


def _files(workspace) -> None:
    for place in FOLDERS:
        for provider in ("st-elsewhere", "other"):
            folder = workspace.root / place / provider
            (folder / "receipts").mkdir(parents=True)
            words = PLANTED[-1] if provider == "st-elsewhere" else "another"
            (folder / "file.csv").write_text(words, encoding="utf-8")
            (folder / "receipts" / "r.txt").write_text("deadbeef" * 8, encoding="utf-8")
    for place in FOLDERS:
        shutil.rmtree(workspace.root / place / "other" / "receipts")
    incoming = workspace.incoming / "f1"
    incoming.mkdir(parents=True)
    (incoming / "copy.csv").write_text(PLANTED[-1], encoding="utf-8")
    with open_store(workspace.store) as store:
        new_file(store.connection, path_key="k", name="Zanzibar.csv", ending=".csv",
                 provider="st-elsewhere", seen=Seen(1, 1, "s"), at=NOW, file_id="f1")  # fmt: skip


def _packs(workspace) -> None:
    named = {"2025-03": ["other", "st-elsewhere"], "2025-02": ["other"], "draft": ["st-elsewhere"],
             "2025-03.v2": ["st-elsewhere"], ".2025-04.unfinished": ["st-elsewhere"]}  # fmt: skip
    for name, providers in named.items():
        folder = workspace.outputs / name
        folder.mkdir()
        inputs = [{"provider": provider} for provider in providers]
        (folder / "manifest.json").write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
        words = "Zanzibar" if "st-elsewhere" in providers else "High Street"
        (folder / "index.html").write_text(words, encoding="utf-8")
    (workspace.outputs / "latest.txt").write_text("2025-03.v2\n", encoding="utf-8")


def rows_of(workspace, table) -> int:
    with open_store(workspace.store) as store:
        return store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


def test_nothing_of_the_provider_is_left_and_all_of_the_others_is(workspace):
    assert {hit.split("identifier ")[1] for hit in found_in(workspace.root, PLANTED)} == set(
        "01234"
    )

    erased = erase_provider(workspace, "st-elsewhere", now=NOW)

    assert found_in(workspace.root, PLANTED) == []
    assert erased.overwritten
    with open_store(workspace.store) as store:
        assert set(store.read("assaults")["provider"]) == {"other"}
        assert set(store.read("batches")["batch_id"]) == {"b3"}
    for table in ("held_words", "held_back", "withdrawn", "superseded", "files"):
        assert rows_of(workspace, table) == 0, table
    left = sorted(p.relative_to(workspace.root).parts[0] for p in workspace.root.rglob("file.csv"))
    assert left == sorted(FOLDERS)  # the other hospital's
    assert sorted(p.name for p in workspace.outputs.iterdir()) == ["2025-02", "latest.txt"]
    assert (workspace.outputs / "latest.txt").read_text(encoding="utf-8") == "2025-02\n"


def test_the_others_records_are_linked_again(workspace):
    erase_provider(workspace, "st-elsewhere", now=NOW)

    with open_store(workspace.store) as store:
        assert list(store.read("assaults")["link_status"].isna()) == [False, False]


def test_a_police_forces_links_go_with_it(workspace):
    rows = crimes(n=2).assign(provider="force", batch_id="b9", crime_id=["crime-1", "crime-2"])
    with open_store(workspace.store) as store:
        force = {**batch(batch_id="b9", file_hash="9" * 64), "provider": "force", "kind": "police"}
        store.record_crimes(force, rows, issues=NO_ISSUES)
        store.connection.execute("INSERT INTO links VALUES ('elsewhere-1', 'crime-1', 1, 1, 0.9)")
        store.connection.execute("UPDATE assaults SET link_status = 'linked'")

    erase_provider(workspace, "force", now=NOW)

    assert (rows_of(workspace, "crimes"), rows_of(workspace, "links")) == (0, 0)
    with open_store(workspace.store) as store:
        assert "linked" not in set(store.read("assaults")["link_status"])
    assert found_in(workspace.root, ["crime-1", "crime-2"]) == []


def test_it_says_where_else_the_records_may_be(workspace):
    other = erase_provider(workspace, "st-elsewhere", now=NOW).elsewhere

    assert [one.name for one in other.backups] == ["one.zip"]
    # 2025-01 was published once and is not here any more: nobody can tell what it was made from.
    assert [one.name for one in other.packs] == ["2025-01", "2025-03", "2025-03.v2"]
    assert [one.name for one in other.exports] == ["assaults"]


def test_the_audit_stays_and_tells_of_the_erasure(workspace):
    erase_provider(workspace, "st-elsewhere", now=NOW)

    with open_store(workspace.store) as store:
        last = store.connection.execute(
            "SELECT action, subject, counts FROM audit WHERE action LIKE 'erase%' ORDER BY number"
        ).fetchall()
    assert [row[:2] for row in last] == [("erase begun", "st-elsewhere"), ("erase", "st-elsewhere")]
    assert json.loads(last[1][2])["assaults"] == 2


STEPS = ["empty_folder", "remove_packs", "remove_provider", "link_records", "overwrite_freed"]


@pytest.mark.parametrize("step", STEPS)
def test_an_end_in_the_middle_is_finished_by_doing_it_again(workspace, monkeypatch, step):
    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(erasing, step, killed)
    with pytest.raises(Killed):
        erase_provider(workspace, "st-elsewhere", now=NOW)
    monkeypatch.undo()
    with open_store(workspace.store) as store:
        # Whoever publishes now links first: nothing counts that was due to the one erased.
        unlinked = store.read("assaults")["link_status"].isna().all()
    assert unlinked == (step == "link_records")

    again = erase_provider(workspace, "st-elsewhere", now=NOW)

    assert found_in(workspace.root, PLANTED) == []
    assert {one.name for one in again.elsewhere.packs} == {"2025-01", "2025-03", "2025-03.v2"}
    with open_store(workspace.store) as store:
        assert list(store.read("assaults")["link_status"].isna()) == [False, False]


def test_a_pack_half_removed_is_removed_the_next_time(workspace, monkeypatch):
    real = shutil.rmtree

    def some(folder, **options):
        if not (folder / "manifest.json").exists():
            return real(folder, **options)
        (folder / "manifest.json").unlink()
        raise PermissionError

    monkeypatch.setattr("hotspots.kept_packs.shutil.rmtree", some)
    with pytest.raises(WorkspaceError, match="give the same command again"):
        erase_provider(workspace, "st-elsewhere", now=NOW)
    monkeypatch.undo()

    erase_provider(workspace, "st-elsewhere", now=NOW)

    assert found_in(workspace.root, PLANTED) == []


def test_a_pack_whose_manifest_cannot_be_read_is_told_and_kept(workspace):
    (workspace.outputs / "2025-02" / "manifest.json").write_text("{", encoding="utf-8")

    erased = erase_provider(workspace, "st-elsewhere", now=NOW)

    assert erased.elsewhere.unreadable == ["2025-02"]
    assert (workspace.outputs / "2025-02").is_dir()


def _dropped_wrongly(workspace, text: str, file_id: str, *, of: str = "other") -> None:
    """A file lies in a provider's quarantine, with its reason, row and receipt."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    path = workspace.quarantine / of / f"{file_id}.csv"
    path.write_bytes(text.encode())
    path.with_name(f"{file_id}.reason.txt").write_text("taken for st-elsewhere", encoding="utf-8")
    with open_store(workspace.store) as store:
        row = new_file(store.connection, path_key="", name="…csv", ending=".csv", provider=of,
                       seen=Seen(1, 1, "s"), at=NOW, file_id=file_id)  # fmt: skip
        change_file(store.connection, file_id, at=NOW, state="refused", file_hash=digest,
                    place="quarantine")  # fmt: skip
    receipt = workspace.inbox / of / "receipts" / receipt_name(row)
    receipt.parent.mkdir(exist_ok=True)
    receipt.write_text("taken for st-elsewhere", encoding="utf-8")


def test_its_file_in_another_providers_folders_goes_with_row_reason_and_receipt(workspace):
    _dropped_wrongly(workspace, "Jane Doe", "e1" * 6)
    _dropped_wrongly(workspace, "the other hospital's own", "b" * 12)
    content = hashlib.sha256(b"Jane Doe").hexdigest()
    (workspace.inbox / "other" / "again.csv").write_text("Jane Doe", encoding="utf-8")
    with open_store(workspace.store) as store:
        store.connection.execute(
            "UPDATE batches SET file_hash = ? WHERE batch_id = 'b-glass'", (content,)
        )

    erase_provider(workspace, "st-elsewhere", now=NOW)

    assert found_in(workspace.root, [*PLANTED, "Jane Doe", content, "e1" * 6]) == []
    left = {p.name for p in workspace.root.rglob("*b*") if "b" * 12 in p.name}
    receipt = "2026-03-10-bbbbbbbbbbbb.txt"
    assert left == {"bbbbbbbbbbbb.csv", "bbbbbbbbbbbb.reason.txt", receipt}
    assert not (workspace.inbox / "other" / "receipts" / receipt.replace("bb", "e1")).exists()
    assert rows_of(workspace, "files") == 1


def test_what_was_stored_for_another_provider_stays_though_it_lay_in_this_ones_folder(workspace):
    _dropped_wrongly(workspace, "the other's month", "c" * 12, of="st-elsewhere")
    content = hashlib.sha256(b"the other's month").hexdigest()
    archived = workspace.archive / "other" / "b3.csv"
    archived.write_text("the other's month", encoding="utf-8")
    with open_store(workspace.store) as store:
        store.connection.execute(
            "UPDATE batches SET file_hash = ? WHERE batch_id = 'b3'", (content,)
        )

    erase_provider(workspace, "st-elsewhere", now=NOW)

    assert archived.exists()


def test_files_that_nobody_owns_are_told(workspace):
    (workspace.inbox / "loose.csv").write_text("a", encoding="utf-8")
    (workspace.inbox / "st elsewhere").mkdir()
    (workspace.inbox / "st elsewhere" / "b.csv").write_text("b", encoding="utf-8")

    erased = erase_provider(workspace, "st-elsewhere", now=NOW)

    assert erased.elsewhere.nobodys == 2
    assert any("2 files lie in the inbox outside" in line for line in erase_lines(erased))


@pytest.mark.parametrize("forget", [False, True])
def test_earlier_provider_files_are_kept_and_told_or_go_too(workspace, forget):
    names = ["st-elsewhere.toml", "st-elsewhere.toml.old", "st-elsewhere.toml.old2"]
    for name in names[1:]:
        (workspace.root / "providers" / name).write_text("words", encoding="utf-8")

    erased = erase_provider(workspace, "st-elsewhere", now=NOW, forget_provider=forget)

    there = sorted(p.name for p in (workspace.root / "providers").glob("st-elsewhere*"))
    assert there == erased.files_kept == ([] if forget else names)
    assert forget != any("st-elsewhere.toml.old2" in line for line in erase_lines(erased))


def test_purge_says_that_back_ups_may_still_hold_what_went():
    assert any(
        "Back-ups" in line for line in purge_lines(Purged(None, {"logs": 1}, 0, True), False)
    )
    assert not any("Back-ups" in line for line in purge_lines(Purged(None, {}, 0, True), False))


@pytest.mark.parametrize("name", ["nobody", "..", "other/../st-elsewhere", ""])
def test_a_name_that_nothing_is_of_is_refused(workspace, name):
    with pytest.raises(SettingsError, match="nothing here is of a provider of that name"):
        erase_provider(workspace, name, now=NOW)

    assert found_in(workspace.root, PLANTED)


def test_a_provider_without_its_file_can_be_erased(workspace):
    (workspace.root / "providers" / "st-elsewhere.toml").unlink()

    erase_provider(workspace, "st-elsewhere", now=NOW)

    assert found_in(workspace.root, PLANTED) == []


def test_the_last_pack_goes_with_its_name(tmp_path):
    (tmp_path / "2025-03").mkdir()
    (tmp_path / "2025-03" / "manifest.json").write_text('{"inputs": [{"provider": "a"}]}')
    (tmp_path / "latest.txt").write_text("2025-03\n", encoding="utf-8")

    remove_packs(tmp_path, kept_packs(tmp_path, "a").of_provider)

    assert list(tmp_path.iterdir()) == []


def test_while_a_back_up_is_made_nothing_is_erased(workspace):
    run = ["erase", "-w", str(workspace.root), "--provider", "st-elsewhere", "--yes"]
    with alone(workspace.store.parent, BACKUP_LOCK, busy=AssertionError):
        refused = CliRunner().invoke(app, run)

    assert "back-up is being made" in str(refused.exception)


def test_the_command_needs_a_yes_and_says_what_is_left_to_do(workspace):
    run = ["erase", "-w", str(workspace.root), "--provider", "st-elsewhere"]
    refused = CliRunner().invoke(app, run)
    assert "add --yes" in str(refused.exception)
    assert found_in(workspace.root, PLANTED)

    done = CliRunner().invoke(app, [*run, "--yes", "--forget-provider"])

    assert done.exit_code == 0, done.output
    for words in ("one.zip (2026-02-01)", "2025-03.v2", "Pack removed: 2025-03", "destroy them"):
        assert words in done.output
    assert not (workspace.root / "providers" / "st-elsewhere.toml").exists()


def test_purge_prints_what_it_did(workspace):
    done = CliRunner().invoke(app, ["purge", "-w", str(workspace.root), "--dry-run"])

    assert done.exit_code == 0, done.output
    assert "No time is set for records" in done.output
    assert "would be taken out" in done.output
    assert found_in(workspace.root, PLANTED)


def test_status_tells_what_stands_of_agreements(workspace):
    run = ["status", "-w", str(workspace.root)]
    told = json.loads(CliRunner().invoke(app, [*run, "--json"]).output)["notices"]

    assert {(n["provider"], n["sentence"]) for n in told} >= {
        ("force", "Nothing was received yet."),
        ("other", "No sharing agreement is recorded. No delivery is checked against its dates."),
    }
    assert "force: Nothing was received yet." in CliRunner().invoke(app, run).output
