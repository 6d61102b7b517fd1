import os
from pathlib import Path, PureWindowsPath

import pytest

from ed_ingest import file_systems
from ed_ingest.errors import StoreError
from ed_ingest.file_systems import keep_owner_only, make_owner_only, on_network, only_of, owner_only

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


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")
def test_what_is_made_is_its_owners_only_whatever_the_umask(tmp_path):
    earlier = os.umask(0o022)
    try:
        make_owner_only(tmp_path / "made")
        (tmp_path / "came").mkdir()
        (tmp_path / "came" / "file").touch()
        (tmp_path / "link").symlink_to(tmp_path / "came")
        keep_owner_only(tmp_path / "link")
        linked = owner_only(tmp_path / "came")
        for path in (tmp_path / "came", tmp_path / "came" / "file"):
            keep_owner_only(path)
    finally:
        os.umask(earlier)

    assert linked is False  # a link does not pass the rights on to what it leads to
    assert [owner_only(tmp_path / p) for p in ("made", "came", "came/file")] == [True] * 3
    keep_owner_only(tmp_path / "gone")  # nothing there is no fault


@pytest.mark.parametrize(
    ("listed", "alone"),
    [
        (r"C:\W\store PC\Ann:(OI)(CI)(F)" + "\n\n1 file processed", True),
        (r"C:\W\store pc\ann:(OI)(CI)(F)" + "\n            PC\\ANN:(F)\n", True),
        (r"C:\W\store PC\Ann:(F)" + "\n            VORDEFINIERT\\Benutzer:(I)(RX)\n", False),
        (r"C:\W\store PC\Joanna:(F)" + "\n", False),
        ("Zugriff verweigert\n", None),
    ],
)
def test_on_windows_the_listing_of_rights_tells_whose_a_folder_is(listed, alone):
    assert only_of(listed, r"C:\W\store", r"PC\Ann") is alone


def test_on_windows_rights_are_set_by_the_systems_own_command(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(file_systems, "has_rights", lambda: False)
    monkeypatch.setattr(file_systems, "_account", lambda: r"PC\Ann")
    monkeypatch.setattr(file_systems, "_icacls", lambda *words: asked.append(words))
    (tmp_path / "file").touch()

    keep_owner_only(tmp_path)
    keep_owner_only(tmp_path / "file")

    change = ("/inheritance:r", "/grant:r")
    assert asked == [
        (str(tmp_path), *change, r"PC\Ann:(OI)(CI)F"),
        (str(tmp_path / "file"), *change, r"PC\Ann:F"),
    ]


@pytest.mark.skipif(os.name != "posix", reason="links are made otherwise there")
def test_a_store_whose_folder_is_a_link_to_a_share_is_refused(tmp_path, monkeypatch):
    (tmp_path / "share").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "share")
    monkeypatch.setattr(file_systems, "on_network", lambda path: "share" in path.parts)

    with pytest.raises(StoreError, match="network share"):
        file_systems.require_local(tmp_path / "store" / "s.sqlite")
    file_systems.require_local(tmp_path / "s.sqlite")
