"""The watched folder and names of people, of no code page, too long, or that lead elsewhere."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta

import pytest

from ed_ingest import taking
from ed_ingest.errors import SettingsError
from ed_ingest.retention import purge
from ed_ingest.workspace import open_workspace
from tests.ed_ingest.watched_workspace import (
    COLUMNS,
    Clock,
    drop,
    make_watched,
    month_text,
    scans,
    states,
    stored_ids,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def workspace(tmp_path):
    return make_watched(tmp_path / "w")


def written_by_us(workspace):
    """Names and bytes of all that the product wrote."""
    skipped = (workspace.root / "providers", workspace.root / "reference")
    found = [p for p in workspace.root.rglob("*") if not p.is_relative_to(skipped[0])]
    names = " ".join(p.relative_to(workspace.root).as_posix() for p in found)
    content = b" ".join(p.read_bytes() for p in found if p.is_file())
    return os.fsencode(names) + content


@pytest.mark.parametrize(
    "name", ["Assaults for J.Penry", "March.Jane Penry 9434765919", "march.csv.Penry"]
)
def test_of_a_name_nothing_is_kept_after_its_dot_either(workspace, clock, name):
    drop(workspace, month_text(), name)
    (handled,) = scans(workspace, clock)

    assert handled.state == "refused"
    assert b"penry" not in written_by_us(workspace).lower()


def test_the_name_of_a_folder_of_no_provider_is_not_kept(workspace, clock):
    path = drop(workspace, month_text(), folder="Jane Penry")
    scans(workspace, clock, 3)
    assert states(workspace) == [("waiting", "inbox")]

    path.unlink()
    path.parent.rmdir()
    assert b"Penry" not in written_by_us(workspace)


@pytest.mark.parametrize("folder", ["quarantine", "processing"])
def test_a_file_put_by_hand_where_ours_lie_gets_a_name_of_ours(workspace, clock, folder):
    put = workspace.root / folder / "st-marys" / "Jane Penry.csv"
    put.parent.mkdir()
    put.write_text(month_text(), encoding="utf-8")
    scans(workspace, clock, 3)

    expected = {"quarantine": ("refused", "quarantine"), "processing": ("stored", "gone")}
    assert states(workspace) == [expected[folder]]
    assert b"Penry" not in written_by_us(workspace)


@pytest.mark.parametrize("folder", ["quarantine", "processing"])
def test_a_folder_of_no_provider_where_ours_lie_is_left_alone(workspace, clock, folder):
    put = workspace.root / folder / "Jane Penry" / "0123456789ab.csv"
    put.parent.mkdir()
    put.write_text(month_text(), encoding="utf-8")
    scans(workspace, clock, 3)

    assert states(workspace) == []
    assert put.exists()


def test_receipts_in_a_folder_that_somebody_made_in_capitals_are_receipts(workspace, clock):
    # As on Windows, where "receipts" leads to it: a receipt for each receipt would have no end.
    drop(workspace, "Receipt", "2025-04-03-0123456789ab.txt", "st-marys/Receipts")
    scans(workspace, clock, 3)

    assert states(workspace) == []


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
@pytest.mark.parametrize("where", [b"st-marys/march.csv\xe4", b"M\xe4rz/march.csv", b"\xe4.csv"])
def test_a_name_of_no_code_page_stops_no_other_file(workspace, clock, where):
    drop(workspace, month_text(50), os.fsdecode(where), ".")
    drop(workspace, month_text())
    scans(workspace, clock)

    assert ("stored", "gone") in states(workspace)
    assert len(states(workspace)) == 2


@pytest.mark.parametrize("name", ["a 1 " * 55 + ".csv", "m." + "x" * 200])
def test_a_name_as_long_as_names_may_be_is_dealt_with(workspace, clock, name):
    drop(workspace, month_text(), name)

    (handled,) = scans(workspace, clock)
    assert handled.state in ("stored", "refused")


def test_a_delivery_in_the_folder_of_receipts_is_taken_and_a_receipt_is_not(workspace, clock):
    drop(workspace, month_text())
    scans(workspace, clock)
    drop(workspace, month_text(50), "april.csv", "st-marys/receipts")
    scans(workspace, clock, 4)

    assert states(workspace) == [("stored", "gone")] * 2
    assert len(list((workspace.inbox / "st-marys" / "receipts").iterdir())) == 2


def test_a_provider_may_be_called_receipts(workspace, clock):
    (workspace.root / "providers" / "receipts.toml").write_text(COLUMNS, encoding="utf-8")
    drop(workspace, month_text(), folder="receipts")

    assert [one.state for one in scans(workspace, clock, 3)] == ["stored"]


@pytest.mark.skipif(os.name != "posix", reason="links are made otherwise there")
@pytest.mark.parametrize("linked", ["st-marys/receipts", "st-marys"])
def test_a_link_in_the_inbox_lets_nothing_be_written_or_purged_elsewhere(
    workspace, clock, tmp_path, linked
):
    precious = tmp_path / "elsewhere" / "receipts" / "2001-01-01-0123456789ab.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("x", encoding="utf-8")
    drop(workspace, month_text())
    scans(workspace, clock, 1)
    (taken,) = (workspace.inbox / "st-marys").iterdir()
    if linked == "st-marys":
        taken.unlink()
        taken.parent.rmdir()
        (workspace.inbox / linked).symlink_to(precious.parent.parent)
    else:
        (workspace.inbox / linked).symlink_to(precious.parent)
    scans(workspace, clock, 3)
    purge(workspace, now=datetime.now(UTC) + timedelta(days=400))

    assert list(precious.parent.iterdir()) == [precious]
    assert len(stored_ids(workspace)) == (5 if linked != "st-marys" else 0)


def test_purge_removes_only_receipts_from_their_folder(workspace):
    folder = workspace.inbox / "st-marys" / "receipts"
    folder.mkdir()
    (folder / "2025-01-01-0123456789ab.txt").touch()
    (folder / "april.csv").touch()
    purged = purge(workspace, now=datetime.now(UTC) + timedelta(days=400))

    assert purged.counts == {"receipts": 1}
    assert [p.name for p in folder.iterdir()] == ["april.csv"]


def test_a_file_taken_away_between_scan_and_turn_stops_no_other(workspace, clock, monkeypatch):
    first, second = drop(workspace, month_text(), "a.csv"), drop(workspace, month_text(50), "b.csv")
    os.utime(second, ns=(first.stat().st_mtime_ns + 10**9,) * 2)
    scans(workspace, clock, 1)
    real = taking.file_hash

    def away(path):
        first.unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(taking, "file_hash", away)
    handled = scans(workspace, clock)

    assert [one.state for one in handled] == ["retry", "stored"]
    assert "a.csv" not in handled[0].reason
    assert states(workspace) == [("stored", "gone")]


def test_a_share_that_was_away_for_a_while_loses_no_claimed_file(workspace, clock, monkeypatch):
    # An unmounted share looks like an empty folder.
    drop(workspace, month_text())
    with monkeypatch.context() as patch:
        patch.setattr(taking, "copy_of", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "x")))
        scans(workspace, clock)
    away = workspace.root / "away"
    workspace.processing.rename(away)
    (workspace.processing / "st-marys").mkdir(parents=True)
    clock.move(60)
    scans(workspace, clock)
    assert states(workspace) == [("refused", "gone")]

    shutil.rmtree(workspace.processing)
    away.rename(workspace.processing)
    assert [one.state for one in scans(workspace, clock)] == ["stored"]
    (receipt,) = (workspace.inbox / "st-marys" / "receipts").iterdir()
    assert "Stored as batch" in receipt.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["inbox", "outputs"])
@pytest.mark.parametrize("place", [".", "quarantine", "store/x", "../w", "processing"])
def test_inbox_and_outputs_have_folders_of_their_own(workspace, name, place):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8").replace("[paths]", f'[paths]\n{name} = "{place}"')
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match="inbox and outputs must"):
        open_workspace(workspace.root)


def test_neither_of_inbox_and_outputs_lies_in_the_other(workspace, tmp_path):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    chosen = f"[paths]\ninbox = '{tmp_path / 'in'}'\noutputs = '{tmp_path / 'in' / 'out'}'"
    path.write_text(text.replace("[paths]", chosen), encoding="utf-8")
    with pytest.raises(SettingsError, match="lie apart"):
        open_workspace(workspace.root)

    path.write_text(text.replace("[paths]", chosen.replace("/in/out", "/out")), encoding="utf-8")
    assert open_workspace(workspace.root).inbox == tmp_path / "in"
