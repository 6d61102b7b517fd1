"""The watch over agreements on a workspace: what stands, and that each is told once."""

from datetime import UTC, date, datetime

import pytest

from ed_ingest.agreements import new_notices, notices_of
from ed_ingest.workspace import make_workspace

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)


def describe(workspace, agreement: str) -> None:
    text = f'name = "A"\nkind = "ed"\n[agreement]\n{agreement}'
    (workspace.root / "providers" / "a.toml").write_text(text, encoding="utf-8")


def test_what_stands_is_told_once_and_again_when_it_comes_again(workspace):
    describe(workspace, "")
    first, second = (new_notices(workspace, now=NOW) for _ in range(2))
    describe(workspace, 'reference = "ISA-1"\nvalid_to = 2030-01-01\n')
    mended = new_notices(workspace, now=NOW)
    describe(workspace, "")
    again = new_notices(workspace, now=NOW)

    assert [n.id for n in first] == ["a: agreement not recorded", "a: nothing received"]
    assert second == mended == []
    assert [n.id for n in again] == ["a: agreement not recorded"]
    assert len(notices_of(workspace, today=date(2026, 3, 1))) == 2  # it stands all the while


def test_an_agreement_that_withholds_the_time_is_told(workspace):
    describe(workspace, 'reference = "X"\nvalid_to = 2030-01-01\nnot_agreed = ["assault_to"]\n')

    sentences = [n.sentence for n in notices_of(workspace, today=date(2026, 3, 1))]

    assert any("withholds time" in sentence for sentence in sentences)
