"""The watched folder: every file taken exactly once, waited for, refused or tried again."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from ed_ingest import claiming, taking, unpacking, watched
from ed_ingest.errors import StoreError, WorkspaceError
from ed_ingest.file_states import read_files
from ed_ingest.quarantine import retry_refused
from ed_ingest.store import open_store
from ed_ingest.watched import take_inbox
from ed_ingest.workspace import Workspace, open_workspace
from tests.ed_ingest.watched_workspace import (
    COLUMNS,
    Clock,
    drop,
    make_watched,
    month_text,
    raw_files,
    scans,
    states,
    stored_ids,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def workspace(tmp_path):
    return make_watched(tmp_path / "w", ("st-marys", "royal"))


def receipts(workspace, provider="st-marys"):
    folder = workspace.inbox / provider / "receipts"
    return [p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.txt"))]


def reasons(workspace):
    with open_store(workspace.store) as store:
        return [row.reason for row in read_files(store.connection)]


def set_retention(workspace, line):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8").replace("raw_days = 0", line)
    path.write_text(text, encoding="utf-8")
    return open_workspace(workspace.root)


# --- when a file is taken ------------------------------------------------------------------------


def test_a_file_that_holds_still_over_two_scans_is_taken_once(workspace, clock):
    drop(workspace, month_text())

    assert scans(workspace, clock, 1) == []
    assert states(workspace) == [("seen", "inbox")]
    (handled,) = scans(workspace, clock, 3)

    assert (handled.state, handled.counts["n_stored"]) == ("stored", 5)
    assert states(workspace) == [("stored", "gone")]
    assert raw_files(workspace) == []
    assert len(stored_ids(workspace)) == 5


def test_two_scans_at_once_are_not_enough(workspace, clock):
    # File-system events wake the scan early: a file that was seen a moment ago has not held still.
    drop(workspace, month_text())

    for _ in range(5):
        assert take_inbox(workspace, now=clock) == []
        clock.move(1)


def test_a_file_that_grows_is_left_alone_until_it_is_whole(workspace, clock):
    text = month_text(rows=30)
    path = workspace.inbox / "st-marys" / "march.csv"
    for end in range(0, len(text), 200):
        path.write_text(text[:end], encoding="utf-8")
        assert scans(workspace, clock, 1) == []
    path.write_text(text, encoding="utf-8")
    handled = scans(workspace, clock, 4)

    assert [h.counts["n_stored"] for h in handled] == [30]


def test_a_part_file_is_ignored_until_it_is_renamed(workspace, clock):
    part = drop(workspace, month_text(), "march.csv.part")
    assert scans(workspace, clock, 3) == []
    assert states(workspace) == []
    part.rename(part.with_suffix(""))
    scans(workspace, clock, 1)
    os.utime(part.with_suffix(""))  # touched: it must hold still again

    assert scans(workspace, clock, 1) == []
    assert [h.state for h in scans(workspace, clock, 2)] == ["stored"]


@pytest.mark.parametrize(
    "name",
    [
        *("~$march.xlsx", ".~lock.march.csv#", "._march.csv", "march.csv.tmp", "Thumbs.db"),
        *("march.crdownload", ".stfolder", ".syncthing.march.csv.tmp", "desktop.ini", ".DS_Store"),
    ],
)
def test_what_programs_leave_is_no_delivery(workspace, clock, name):
    path = drop(workspace, month_text(), name)
    scans(workspace, clock, 3)

    assert states(workspace) == []
    assert path.exists()


def test_a_file_of_the_same_size_and_time_with_other_content_is_not_taken_half_written(
    workspace, clock
):
    # Some copying programs make the whole file first and set its time: only the content tells.
    path = drop(workspace, month_text(first=1))
    times = path.stat().st_mtime_ns
    scans(workspace, clock, 1)
    path.write_text(month_text(first=2), encoding="utf-8")
    os.utime(path, ns=(times, times))

    assert scans(workspace, clock, 1) == []
    assert states(workspace) == [("waiting", "inbox")]
    assert [h.state for h in scans(workspace, clock, 2)] == ["stored"]


def test_a_folder_that_is_moved_in_is_walked(workspace, clock):
    drop(workspace, month_text(1), "a.csv", "st-marys/2025/first half")
    drop(workspace, month_text(20, month="2025-02"), "b.csv", "st-marys/2025")

    assert [h.state for h in scans(workspace, clock)] == ["stored", "stored"]
    assert len(stored_ids(workspace)) == 10


def test_a_file_in_no_providers_folder_waits_and_says_why(workspace, clock):
    path = drop(workspace, month_text(), "march.csv", ".")
    scans(workspace, clock, 3)
    assert states(workspace) == [("waiting", "inbox")]
    assert "no provider's folder" in reasons(workspace)[0]

    path.rename(workspace.inbox / "st-marys" / "march.csv")
    assert [h.provider for h in scans(workspace, clock, 3)] == ["st-marys"]


def test_a_folder_of_a_provider_that_comes_later_is_taken_then(workspace, clock):
    drop(workspace, month_text(), folder="general")
    scans(workspace, clock, 3)
    assert "name of no provider" in reasons(workspace)[0]

    (workspace.root / "providers" / "general.toml").write_text(COLUMNS, encoding="utf-8")
    assert [h.state for h in scans(workspace, clock)] == ["stored"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of POSIX")
def test_links_and_pipes_are_refused_and_never_opened(workspace, clock, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text(month_text(), encoding="utf-8")
    (workspace.inbox / "st-marys" / "link.csv").symlink_to(outside)
    (workspace.inbox / "st-marys" / "folder").symlink_to(tmp_path)
    os.mkfifo(workspace.inbox / "st-marys" / "pipe.csv")
    scans(workspace, clock, 4)

    assert set(states(workspace)) == {("refused", "inbox")}
    assert len(states(workspace)) == 3
    assert outside.exists()
    assert stored_ids(workspace) == []


def test_a_file_taken_back_before_it_was_read_is_forgotten(workspace, clock):
    path = drop(workspace, month_text())
    scans(workspace, clock, 1)
    path.unlink()
    scans(workspace, clock, 1)

    assert states(workspace) == []


def test_an_empty_file_is_waited_for_longer(workspace, clock):
    drop(workspace, "")

    assert scans(workspace, clock, 6) == []
    assert [h.state for h in scans(workspace, clock, 3)] == ["refused"]


def test_a_clock_that_is_set_back_delays_but_does_not_stop(workspace, clock):
    drop(workspace, month_text())
    scans(workspace, clock, 1)
    clock.move(-86_400)

    assert [h.state for h in scans(workspace, clock, 3)] == ["stored"]


# --- what becomes of it --------------------------------------------------------------------------


def test_the_same_content_again_is_a_duplicate_with_a_receipt(workspace, clock):
    drop(workspace, month_text(), "one.csv")
    (first,) = scans(workspace, clock)
    drop(workspace, month_text(), "two.csv")
    (second,) = scans(workspace, clock)

    assert (second.state, second.batch_id) == ("duplicate", first.batch_id)
    assert raw_files(workspace) == []
    assert "was stored before" in " ".join(receipts(workspace))


def test_a_receipt_tells_counts_and_no_name_or_value(workspace, clock):
    drop(workspace, month_text(), "march Jane Doe 9434765919.csv")
    scans(workspace, clock)

    (text,) = receipts(workspace)
    assert "5 rows read\n5 stored\n0 held back" in text
    assert "march-….csv" in text
    assert not any(word in text for word in ("Jane", "Doe", "9434765919", "Harbour"))


def test_a_refused_file_goes_to_quarantine_and_is_taken_up_when_its_cause_is_mended(
    workspace, clock
):
    text = month_text().replace("Method", "How")
    drop(workspace, text)
    (refused,) = scans(workspace, clock)

    assert refused.state == "refused"
    assert "assault_method" in refused.reason
    (kept, _) = sorted((workspace.quarantine / "st-marys").iterdir())
    assert kept.read_text(encoding="utf-8") == text
    assert "assault_method" in kept.with_name(f"{kept.stem}.reason.txt").read_text("utf-8")
    assert scans(workspace, clock, 3) == []  # it is not tried again by itself

    mended = COLUMNS.replace('"Method"', '"How"')
    (workspace.root / "providers" / "st-marys.toml").write_text(mended, encoding="utf-8")
    assert retry_refused(workspace, now=clock) == (1, 0)
    (stored,) = scans(workspace, clock, 1)

    assert (stored.state, stored.counts["n_stored"]) == ("stored", 5)
    assert list((workspace.quarantine / "st-marys").iterdir()) == []
    assert "Stored as batch" in receipts(workspace)[0]


def test_what_was_taken_away_from_quarantine_is_gone_until_it_is_put_back(workspace, clock):
    drop(workspace, "nothing\n")
    scans(workspace, clock)
    kept = next(workspace.quarantine.rglob("*.csv"))
    aside = kept.rename(workspace.root / "aside.csv")

    assert retry_refused(workspace, now=clock) == (0, 1)
    assert states(workspace) == [("refused", "gone")]
    aside.rename(kept)
    scans(workspace, clock, 1)
    assert states(workspace) == [("refused", "quarantine")]
    shutil.rmtree(kept.parent)
    scans(workspace, clock, 1)
    assert states(workspace) == [("refused", "gone")]


def test_a_file_taken_away_from_quarantine_before_its_retry_was_read_before(workspace, clock):
    drop(workspace, "nothing\n")
    scans(workspace, clock)
    retry_refused(workspace, now=clock)
    shutil.rmtree(workspace.quarantine / "st-marys")
    scans(workspace, clock, 1)

    with open_store(workspace.store) as store:
        (row,) = read_files(store.connection)
    assert (row.state, row.place) == ("refused", "gone")
    assert row.reason == "It was refused, and then taken away from quarantine/."


def test_a_dropped_file_of_another_provider_is_to_be_moved_or_deleted(tmp_path, clock):
    workspace = make_watched(tmp_path / "two", ("north", "south"))
    south = COLUMNS.replace("[columns]", 'site_code = "RXX01"\n[columns]')
    (workspace.root / "providers" / "south.toml").write_text(south, encoding="utf-8")
    lines = month_text().splitlines()
    text = "\n".join([f"Site code,{lines[0]}", *(f"RXX01,{line}" for line in lines[1:])])
    drop(workspace, text, folder="north")
    (refused,) = scans(workspace, clock)

    assert "Move it to inbox/south, or delete it" in refused.reason
    assert "--provider" not in refused.reason


def test_a_file_that_is_refused_again_keeps_its_place(workspace, clock):
    drop(workspace, "nothing\n")
    scans(workspace, clock)
    retry_refused(workspace, now=clock)
    (again,) = scans(workspace, clock, 1)

    assert again.state == "refused"
    assert states(workspace) == [("refused", "quarantine")]
    assert len(raw_files(workspace)) == 1


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_what_is_kept_is_its_owners_only(workspace, clock):
    workspace = set_retention(workspace, "raw_days = 5")
    drop(workspace, month_text(), "good.csv")
    drop(workspace, "nothing\n", "bad.csv")
    scans(workspace, clock)

    kept = [*workspace.quarantine.rglob("*"), *workspace.archive.rglob("*")]
    assert len(kept) == 5
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_raw_files_are_archived_where_the_settings_say_so(workspace, clock):
    workspace = set_retention(workspace, "raw_days = 5")
    drop(workspace, month_text())
    (handled,) = scans(workspace, clock)

    (kept,) = raw_files(workspace)
    assert kept == workspace.archive / "st-marys" / f"{handled.batch_id}.csv"
    assert states(workspace) == [("stored", "archive")]


def test_the_day_of_receipt_is_that_on_which_the_file_came(workspace, clock):
    agreement = COLUMNS.replace("[columns]", "[agreement]\nvalid_to = 2025-04-03\n[columns]")
    (workspace.root / "providers" / "st-marys.toml").write_text(agreement, encoding="utf-8")
    drop(workspace, "nothing\n", "bad.csv")
    scans(workspace, clock)
    clock.move(86_400 * 3)  # the agreement has run out since; the file came while it was in force
    retry_refused(workspace, now=clock)
    path = next(workspace.quarantine.rglob("*.csv"))
    path.write_text(month_text(), encoding="utf-8")
    handled = scans(workspace, clock, 4)

    assert [h.state for h in handled] == ["stored"]
    drop(workspace, month_text(50), "late.csv")
    (late,) = scans(workspace, clock)
    assert late.state == "refused"
    assert "not in force" in late.reason


def test_a_fault_of_the_program_stops_no_other_file_and_tells_no_value(
    workspace, clock, monkeypatch
):
    real = taking.ingest

    def ingest(path, *args, **kwargs):
        if "2025-02" in path.read_text(encoding="utf-8"):
            raise ValueError("Jane Doe")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(taking, "ingest", ingest)
    drop(workspace, month_text(month="2025-02"), "a.csv")
    drop(workspace, month_text(), "b.csv")
    handled = scans(workspace, clock)

    assert sorted(h.state for h in handled) == ["refused", "stored"]
    (reason,) = (h.reason for h in handled if h.state == "refused")
    assert "ValueError at test_watched.py" in reason
    assert "Jane" not in reason


POLICE = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
    "{id},{month},F,F,-3.18,51.48,On or near High Street,W01000001,A,"
    "Violence and sexual offences,,\n"
)


def drop_download(workspace, months):
    (workspace.root / "providers" / "police-uk.toml").write_text(POLICE, encoding="utf-8")
    (workspace.inbox / "police-uk").mkdir(exist_ok=True)
    path = workspace.inbox / "police-uk" / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for month in months:
            text = STREET.format(id=f"c{month}", month=month)
            archive.writestr(f"{month}/{month}-south-wales-street.csv", text)
        archive.writestr("2025-01/2025-01-south-wales-outcomes.csv", "Crime ID,Outcome type\nx,y\n")


def test_a_download_of_police_uk_is_unpacked_and_each_month_taken(workspace, clock):
    drop_download(workspace, ["2025-01", "2025-02"])
    handled = scans(workspace, clock, 4)

    assert [(h.state, bool(h.batch_id)) for h in handled] == [
        ("stored", False),
        ("stored", True),
        ("stored", True),
    ]
    with open_store(workspace.store) as store:
        assert len(store.read("crimes")) == 2
    assert raw_files(workspace) == []
    assert sum("Unpacked" in text for text in receipts(workspace, "police-uk")) == 1
    drop_download(workspace, ["2025-01", "2025-02"])
    assert sorted(h.state for h in scans(workspace, clock, 4))[:2] == ["duplicate", "duplicate"]


def test_an_end_while_a_download_is_unpacked_doubles_nothing(workspace, clock, monkeypatch):
    drop_download(workspace, ["2025-01", "2025-02", "2025-03"])
    real = unpacking.new_file
    monkeypatch.setattr(unpacking, "new_file", failing(KeyboardInterrupt(), 2)(real))
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            scans(workspace, clock, 6)
    scans(workspace, clock, 8)

    assert sorted(set(states(workspace))) == [("stored", "gone")]
    assert len(states(workspace)) == 4
    with open_store(workspace.store) as store:
        assert len(store.read("crimes")) == 3
    assert raw_files(workspace) == []


def test_a_zip_of_a_hospital_is_refused(workspace, clock):
    with zipfile.ZipFile(workspace.inbox / "st-marys" / "march.zip", "w") as archive:
        archive.writestr("march.csv", month_text())

    assert [h.state for h in scans(workspace, clock, 3)] == ["refused"]


# --- what passes is tried again ------------------------------------------------------------------


def failing(error, times):
    """A stand-in that fails so many times and then does what it stands for."""

    def wrap(real):
        def call(*args, **kwargs):
            nonlocal times
            times -= 1
            if times >= 0:
                raise error
            return real(*args, **kwargs)

        return call

    return wrap


@pytest.mark.parametrize(
    ("where", "error", "words"),
    [
        ("ed_ingest.taking.copy_of", OSError(errno.ENOSPC, "x"), "disk is full"),
        ("ed_ingest.taking.file_hash", PermissionError(13, "x"), "open"),
        ("ed_ingest.taking.claim", PermissionError(13, "x"), "open"),
        ("ed_ingest.taking.ingest", StoreError("The store is in use."), "in use"),
        ("ed_ingest.taking.ingest", OSError(errno.EIO, "x"), "reached"),
        ("ed_ingest.taking.ingest", MemoryError(), "memory"),
        ("ed_ingest.pipeline.file_hash", OSError(errno.ENOSPC, "x"), "disk is full"),
        ("ed_ingest.store.put_rows", OSError(errno.ENOSPC, "x"), "disk is full"),
    ],
)
def test_a_passing_error_is_told_and_tried_again_until_it_has_passed(
    workspace, clock, monkeypatch, where, error, words
):
    module, name = where.rsplit(".", 1)
    real = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(where, failing(error, 2)(real))
    path = drop(workspace, month_text())
    (first,) = scans(workspace, clock, 2)

    assert first.state == "retry"
    assert words in first.reason
    assert str(path) not in first.reason
    handled = scans(workspace, clock, 9)
    assert [h.state for h in handled] == ["retry", "stored"]
    assert raw_files(workspace) == []
    assert len(stored_ids(workspace)) == 5


def test_the_wait_grows_and_has_an_end(workspace, clock, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(taking, "copy_of", full)
    drop(workspace, month_text())
    waits = []
    for _ in range(70):
        clock.move(90)
        if scans(workspace, clock, 1):
            with open_store(workspace.store) as store:
                (row,) = read_files(store.connection)
            waits.append((row.next_try - row.changed_at).total_seconds())

    assert waits[:4] == [10, 20, 40, 80]
    assert max(waits) == 900
    assert waits == sorted(waits)


def test_a_source_that_cannot_be_removed_is_taken_once_and_removed_later(
    workspace, clock, monkeypatch
):
    monkeypatch.setattr("pathlib.Path.unlink", failing(PermissionError(13, "x"), 3)(Path.unlink))
    drop(workspace, month_text())
    handled = scans(workspace, clock, 4)

    assert [h.state for h in handled] == ["stored"]
    assert states(workspace) == [("stored", "gone")]
    assert raw_files(workspace) == []


def test_where_a_share_forbids_renames_the_row_alone_claims(workspace, clock, monkeypatch):
    def forbidden(*_):
        raise PermissionError(1, "x")

    monkeypatch.setattr("pathlib.Path.replace", forbidden)
    monkeypatch.setattr(watched, "write_whole", lambda *_: None)
    drop(workspace, month_text())

    assert [h.state for h in scans(workspace, clock, 4)] == ["stored"]
    assert raw_files(workspace) == []


def test_a_read_only_inbox_is_waited_for(workspace, clock, monkeypatch):
    # The rights of a folder stop nobody who is root: the calls fail here instead.
    real_replace, real_touch = Path.replace, Path.touch
    read_only = True

    def refuse(real):
        def call(path, *args, **kwargs):
            if read_only and path.is_relative_to(workspace.inbox):
                raise PermissionError(13, "x")
            return real(path, *args, **kwargs)

        return call

    monkeypatch.setattr("pathlib.Path.replace", refuse(real_replace))
    monkeypatch.setattr("pathlib.Path.touch", refuse(real_touch))
    drop(workspace, month_text())
    assert {h.state for h in scans(workspace, clock, 5)} == {"retry"}
    read_only = False

    assert [h.state for h in scans(workspace, clock, 10)] == ["stored"]
    assert len(receipts(workspace)) == 1


def test_an_inbox_that_cannot_be_reached_forgets_nothing(workspace, clock):
    drop(workspace, month_text())
    scans(workspace, clock, 1)
    aside = workspace.inbox.rename(workspace.root / "aside")
    with pytest.raises(WorkspaceError, match="inbox cannot be reached"):
        scans(workspace, clock, 1)
    assert states(workspace) == [("seen", "inbox")]

    aside.rename(workspace.inbox)
    assert [h.state for h in scans(workspace, clock, 1)] == ["stored"]


@pytest.mark.parametrize("mount_point_stays", [False, True])
def test_a_share_that_goes_away_with_a_claimed_file_loses_nothing(
    workspace, clock, monkeypatch, mount_point_stays
):
    # The folder of claimed files lies on the share, and is away with it.
    settings = workspace.root / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace('# inbox = "S:/partnership', 'inbox = "../')
    settings.write_text(text, encoding="utf-8")
    workspace.inbox.rename(workspace.root.parent / "inbox")
    workspace = open_workspace(workspace.root)
    monkeypatch.setattr(Workspace, "processing", property(lambda self: self.inbox / ".processing"))
    monkeypatch.setattr(taking, "copy_of", failing(OSError(errno.ENOSPC, "x"), 1)(taking.copy_of))
    drop(workspace, month_text())
    assert [h.state for h in scans(workspace, clock)] == ["retry"]
    assert states(workspace) == [("retry", "processing")]

    aside = workspace.inbox.rename(workspace.root / "aside")
    if mount_point_stays:
        workspace.inbox.mkdir()
        assert scans(workspace, clock, 3) == []
        workspace.inbox.rmdir()
    else:
        with pytest.raises(WorkspaceError, match="inbox cannot be reached"):
            scans(workspace, clock, 1)
    assert states(workspace) == [("retry", "processing")]
    aside.rename(workspace.inbox)

    assert [h.state for h in scans(workspace, clock, 3)] == ["stored"]
    assert raw_files(workspace) == []
    assert len(receipts(workspace)) == 1


@pytest.mark.parametrize("mount_point_stays", [False, True])
def test_a_receipt_waits_for_a_share_that_is_away(workspace, clock, monkeypatch, mount_point_stays):
    with monkeypatch.context() as patched:
        patched.setattr(watched, "write_whole", failing(OSError(errno.EIO, "x"), 9)(lambda *_: 0))
        drop(workspace, month_text())
        assert [h.state for h in scans(workspace, clock)] == ["stored"]
    aside = workspace.inbox.rename(workspace.root / "aside")
    if mount_point_stays:
        workspace.inbox.mkdir()
        scans(workspace, clock, 1)
        assert list(workspace.inbox.iterdir()) == []
        workspace.inbox.rmdir()
    else:
        with pytest.raises(WorkspaceError, match="inbox cannot be reached"):
            scans(workspace, clock, 1)
        assert not workspace.inbox.exists()
    aside.rename(workspace.inbox)
    scans(workspace, clock, 1)

    assert "Stored as batch" in receipts(workspace)[0]


def test_a_claimed_file_that_comes_back_is_taken_after_all(workspace, clock, monkeypatch):
    monkeypatch.setattr(taking, "copy_of", failing(OSError(errno.ENOSPC, "x"), 1)(taking.copy_of))
    drop(workspace, month_text())
    scans(workspace, clock)
    (claimed,) = raw_files(workspace)
    aside = claimed.rename(workspace.root / "aside.csv")
    scans(workspace, clock, 3)
    assert states(workspace) == [("refused", "gone")]
    aside.rename(claimed)

    assert [h.state for h in scans(workspace, clock, 2)] == ["stored"]
    assert raw_files(workspace) == []
    assert "Stored as batch" in receipts(workspace)[0]


def test_reference_data_that_cannot_be_read_are_waited_for(workspace, clock):
    path = workspace.reference / "places.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text("no such columns\n", encoding="utf-8")
    drop(workspace, month_text())
    (first,) = scans(workspace, clock)
    assert first.state == "retry"
    path.write_text(good, encoding="utf-8")

    assert [h.state for h in scans(workspace, clock, 2)] == ["stored"]


def test_a_store_locked_by_another_program_is_waited_for(workspace, clock, monkeypatch):
    monkeypatch.setattr("ed_ingest.store.BUSY_SECONDS", 0.05)
    drop(workspace, month_text())
    scans(workspace, clock, 1)
    other = sqlite3.connect(workspace.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use by another program"):
        scans(workspace, clock, 1)
    other.execute("ROLLBACK")
    other.close()

    assert [h.state for h in scans(workspace, clock, 3)] == ["stored"]


def test_an_older_twin_that_was_changed_while_it_was_taken_is_a_delivery_of_its_own(
    workspace, clock, monkeypatch
):
    # A program that still has the file open writes to it after the claim: nothing of it is lost.
    real = taking.ingest

    def ingest(copy, *args, **kwargs):
        receipt = real(copy, *args, **kwargs)
        for path in (workspace.processing / "st-marys").iterdir():
            if path.read_text(encoding="utf-8") == month_text():
                path.write_text(month_text() + month_text(rows=7)[len(month_text()) :], "utf-8")
        return receipt

    monkeypatch.setattr(taking, "ingest", ingest)
    drop(workspace, month_text())
    handled = scans(workspace, clock, 4)

    assert [h.counts["n_stored"] for h in handled] == [5, 7]
    assert len(stored_ids(workspace)) == 7
    assert raw_files(workspace) == []


# --- after an end in mid-delivery ----------------------------------------------------------------


def test_files_that_no_row_knows_are_taken_up(workspace, clock):
    # As after a back-up of the store was restored.
    drop(workspace, month_text(), "good.csv")
    drop(workspace, "nothing\n", "bad.csv")
    scans(workspace, clock)
    lost = workspace.processing / "st-marys" / "abc123.csv"
    lost.write_text(month_text(90), encoding="utf-8")
    shutil.rmtree(workspace.store.parent)
    workspace.store.parent.mkdir()
    handled = scans(workspace, clock, 3)

    assert [h.counts["n_stored"] for h in handled] == [5]
    assert ("refused", "quarantine") in states(workspace)
    assert "no rows" in " ".join(reasons(workspace))


def test_a_file_that_ends_the_program_each_time_does_not_hold_up_the_others(
    workspace, clock, monkeypatch
):
    real = taking.ingest

    def ingest(path, *args, **kwargs):
        if "2025-02" in path.read_text(encoding="utf-8"):
            raise KeyboardInterrupt  # as far as the store can tell, the process was killed
        return real(path, *args, **kwargs)

    monkeypatch.setattr(taking, "ingest", ingest)
    os.utime(drop(workspace, month_text(month="2025-02"), "a.csv"), (1, 1))  # the first in line
    drop(workspace, month_text(), "b.csv")
    for _ in range(4):
        with suppress(KeyboardInterrupt):
            scans(workspace, clock, 1)
        clock.move(10)

    assert ("stored", "gone") in states(workspace)
    monkeypatch.setattr(taking, "ingest", real)
    clock.move(60)
    assert [h.state for h in scans(workspace, clock, 3)] == ["stored"]


def test_an_end_just_after_the_records_were_stored_is_told_as_stored(workspace, clock, monkeypatch):
    real = taking.ingest

    def ingest(*args, **kwargs):
        real(*args, **kwargs)
        raise KeyboardInterrupt

    drop(workspace, month_text())
    with monkeypatch.context() as patched:
        patched.setattr(taking, "ingest", ingest)
        with pytest.raises(KeyboardInterrupt):
            scans(workspace, clock)
    assert states(workspace) == [("claimed", "processing")]
    scans(workspace, clock, 1)

    assert states(workspace) == [("stored", "gone")]
    assert len(stored_ids(workspace)) == 5
    assert raw_files(workspace) == []


def test_stop_ends_a_scan_between_two_files(workspace, clock):
    for n in range(3):
        drop(workspace, month_text(first=1 + 10 * n), f"{n}.csv")
    scans(workspace, clock, 1)
    told = []
    take_inbox(workspace, now=clock, stop=lambda: len(told) == 1, tell=told.append)

    assert len(told) == 1
    assert len(scans(workspace, clock, 1)) == 2


def test_the_probe_for_renames_leaves_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert claiming._renames_work(tmp_path / "a", tmp_path / "b")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b"]
