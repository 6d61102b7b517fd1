import os
import shutil
from collections import namedtuple
from datetime import datetime, timedelta
from pathlib import Path, PureWindowsPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from hotspots import check_machine
from hotspots.check_machine import (
    disk_findings,
    file_system_findings,
    on_network,
    owner_only,
    time_findings,
)

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
//server/share /mnt/share cifs rw 0 0
server:/export /mnt/share/local\\040disk nfs4 rw 0 0
/dev/sdb1 /mnt/share/usb vfat rw 0 0
sshfs#x /home/me/far fuse.sshfs rw 0 0
gvfsd-fuse /home/me/near fuse.ntfs-3g rw 0 0
short line
"""
NOW = datetime(2026, 3, 1, 9, 30)
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/srv/w", False),
        ("/mnt/share/w/store", True),
        ("/mnt/shared", False),  # begins alike, is another folder
        ("/mnt/share/usb/w", False),
        ("/mnt/share/local disk/w", True),
        ("/home/me/far/w", True),
        ("/home/me/near/w", False),
        ("//server/share/w", True),
    ],
)
def test_a_network_file_system_is_known_by_its_mount(path, remote):
    assert on_network(Path(path), platform="linux", mounts=MOUNTS) is remote


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_it_cannot_be_told_it_is_said(platform):
    # No Windows here: asking it for the kind of drive fails, and must not crash.
    assert on_network(Path("/srv/w"), platform=platform) is None
    assert on_network(Path("/srv/w"), platform="linux", mounts="") is None


def test_a_windows_share_is_known_by_its_name():
    share = PureWindowsPath(r"\\server\share\w")

    assert on_network(share, platform="win32") is True


@pytest.mark.parametrize(("remote", "state"), [(True, "fault"), (False, "ok"), (None, "warning")])
def test_a_store_on_a_share_is_a_fault(monkeypatch, remote, state):
    monkeypatch.setattr(check_machine, "on_network", lambda _: remote)

    (finding,) = file_system_findings(Path("/srv/w/store"))

    assert finding.state == state


def test_a_store_in_a_cloud_folder_is_a_fault():
    findings = file_system_findings(Path("/home/me/OneDrive - Council/w/store"))

    assert [f.state for f in findings if f.check == "cloud folder"] == ["fault"]


@pytest.mark.parametrize(
    ("free", "state"),
    [(199_999_999, "fault"), (2e8, "warning"), (1_999_999_999, "warning"), (2e9, "ok")],
)
def test_too_little_room_is_told(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))

    (finding,) = disk_findings([("the store", tmp_path / "not" / "there")])

    assert finding.state == state


def test_room_that_cannot_be_told_is_a_warning(monkeypatch, tmp_path):
    def refuse(_):
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", refuse)

    assert disk_findings([("the store", tmp_path)])[0].state == "warning"


def missing_zone(name):
    raise ZoneInfoNotFoundError(name)


@pytest.mark.parametrize(
    ("zone", "state"),
    [(ZoneInfo, "ok"), (missing_zone, "fault"), (lambda _: ZoneInfo("UTC"), "fault")],
)
def test_clock_changes_need_time_zone_data(monkeypatch, zone, state):
    monkeypatch.setattr(check_machine, "_here", lambda _: timedelta(0))

    found = time_findings(NOW, newest=None, zone=zone)[0]

    assert found.state == state


def test_a_machine_in_another_time_zone_is_told(monkeypatch):
    monkeypatch.setattr(check_machine, "_here", lambda _: timedelta(hours=-5))

    assert time_findings(NOW, newest=None)[0].state == "warning"


@pytest.mark.parametrize(
    ("now", "newest", "state"),
    [
        (NOW, None, "ok"),
        (NOW, NOW - timedelta(days=3), "ok"),
        (NOW, NOW + timedelta(hours=20), "ok"),
        (NOW, NOW + timedelta(days=2), "warning"),
        (datetime(1970, 1, 1, 0, 5), None, "fault"),
    ],
)
def test_the_clock_must_be_plausible(now, newest, state):
    assert time_findings(now, newest=newest)[1].state == state


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")
def test_rights_of_a_file_are_read_where_there_are_any(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.touch(mode=0o600)

    assert owner_only(path) is True
    path.chmod(0o640)
    assert owner_only(path) is False
    # The store's journal may go while we look.
    assert owner_only(path.with_name("gone")) is None
    monkeypatch.setattr(check_machine, "has_rights", lambda: False)
    assert owner_only(path) is None
