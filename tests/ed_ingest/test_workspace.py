"""How a workspace is made: its folders, whose they are, and that nothing of it is committed."""

import os
import subprocess

import pytest

from ed_ingest.file_systems import owner_only
from ed_ingest.workspace import PRIVATE_FOLDERS, make_workspace


@pytest.fixture
def workspace(tmp_path):
    earlier = os.umask(0o022)
    made = make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)
    made.key(needed=False)
    os.umask(earlier)
    return made


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")
def test_what_holds_records_is_its_owners_only(workspace):
    assert [owner_only(workspace.root / name) for name in PRIVATE_FOLDERS] == [True] * 6
    assert owner_only(workspace.root / "store" / "workspace.key") is True


def test_nothing_of_it_is_committed_by_mistake(workspace):
    git = ["git", "-C", str(workspace.root.parent)]
    try:
        subprocess.run([*git, "init", "-q"], check=True)
    except FileNotFoundError:
        pytest.skip("there is no git here")
    (workspace.inbox / "march.csv").touch()
    told = subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True)

    assert told.stdout == b""
