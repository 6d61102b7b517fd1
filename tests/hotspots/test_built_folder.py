"""A folder of outputs is renewed whole, or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from ed_ingest.errors import WorkspaceError
from hotspots.pack_files import built


def test_a_folder_that_cannot_be_put_in_place_leaves_the_earlier_one(tmp_path, monkeypatch):
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "old").touch()
    rename = Path.rename

    def busy(path: Path, target: Path) -> Path:
        if path.name.endswith(".unfinished"):
            raise PermissionError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", busy)
    with pytest.raises(WorkspaceError, match="cannot be renewed"), built(draft) as folder:
        (folder / "new").touch()

    assert [path.name for path in draft.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [draft]
