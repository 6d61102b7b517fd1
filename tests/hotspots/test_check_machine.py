import shutil
from collections import namedtuple
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from hotspots import check_machine
from hotspots.check_machine import (
    disk_findings,
    file_system_findings,
    time_findings,
)

NOW = datetime(2026, 3, 1, 9, 30)
Usage = namedtuple("Usage", "total used free")


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
