import os
from pathlib import Path, PureWindowsPath

import pytest

from ed_ingest import file_systems
from ed_ingest.file_systems import on_network, owner_only

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


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")
def test_rights_of_a_file_are_read_where_there_are_any(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.touch(mode=0o600)

    assert owner_only(path) is True
    path.chmod(0o640)
    assert owner_only(path) is False
    # The store's journal may go while we look.
    assert owner_only(path.with_name("gone")) is None
    monkeypatch.setattr(file_systems, "has_rights", lambda: False)
    assert owner_only(path) is None
