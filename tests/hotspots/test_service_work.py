"""What the service's jobs do with a real store: the draft of the newest data, one pack a month."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from ed_ingest.job_states import newest_data
from ed_ingest.schedule import run_due
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace, open_workspace
from hotspots.pack import is_published
from hotspots.service_jobs import jobs_of, ledger_of
from hotspots.service_work import WORK


@pytest.fixture
def workspace(demo, tmp_path, few_files, found_before):
    copy = tmp_path / "workspace"
    shutil.copytree(demo, copy)
    return open_workspace(copy)


def newest(workspace):
    with open_store(workspace.store) as store:
        return newest_data(store.connection)


def run(workspace, moment, *, work=WORK, settle=True, told=None):
    """Do what is due at a moment; what was told, and what failed."""
    told, failed = [] if told is None else told, []
    run_due(
        jobs_of(
            workspace, work, now=lambda: moment, stop=lambda: False, tell=told.append, settle=settle
        ),
        ledger_of(workspace),
        {},
        now=lambda: moment,
        stop=lambda: False,
        failed=lambda name, error, attempts: failed.append((name, str(error))),
    )
    return [event.notice for event in told if event.notice], failed


def months(workspace):
    return sorted(p.name for p in workspace.outputs.iterdir() if p.name[:2] == "20")


def renewing(drafts):
    return WORK._replace(renew=lambda workspace, stop: drafts.append(1) is None)


def test_the_draft_is_renewed_once_for_the_newest_data_and_after_they_settled(workspace):
    drafts, at = [], newest(workspace).at
    work = renewing(drafts)

    run(workspace, at + timedelta(seconds=1.9), work=work)  # settle_seconds = 2
    assert drafts == []
    for seconds in (2, 3, 4000):
        run(workspace, at + timedelta(seconds=seconds), work=work)
    assert drafts == [1]

    with open_store(workspace.store) as store:
        store.audit("place anew", "held words", {})
    run(workspace, newest(workspace).at + timedelta(seconds=2), work=work)
    assert drafts == [1, 1]


def test_the_draft_waits_neither_for_a_clock_that_was_put_back_nor_when_run_once(workspace):
    drafts, at = [], newest(workspace).at
    run(workspace, at - timedelta(days=1), work=renewing(drafts))
    with open_store(workspace.store) as store:
        store.audit("place anew", "held words", {})
    run(workspace, newest(workspace).at, work=renewing(drafts), settle=False)

    assert drafts == [1, 1]


def linkages(workspace):
    with open_store(workspace.store) as store:
        query = "SELECT COUNT(*) FROM audit WHERE action = 'link'"
        return store.connection.execute(query).fetchone()[0]


def test_the_draft_has_the_completeness_report_and_is_linked_anew_also_for_crimes_alone(workspace):
    before = linkages(workspace)

    _, failed = run(workspace, newest(workspace).at + timedelta(days=1))

    assert failed == []
    assert (workspace.outputs / "draft" / "data-quality" / "completeness.html").is_file()
    # Every assault was linked already, as after a delivery of crimes.
    assert linkages(workspace) == before + 1


def test_a_store_without_records_makes_no_draft_and_no_failure(tmp_path):
    empty = make_workspace(tmp_path / "w", name="P", marking="M", premises_names=False)
    with open_store(empty.store) as store:
        store.audit("ingest", "b1", {})

    assert run(empty, datetime.now(UTC) + timedelta(days=1)) == ([], [])
    assert not (empty.outputs / "draft").exists()


NO_DRAFT = renewing([])
# The demo's months are 2025-07 to 2025-12; its pack of the last stands already.
DUE_FOR_NOVEMBER = datetime(2025, 12, 15, 6, tzinfo=UTC)
DUE_FOR_DECEMBER = datetime(2026, 1, 15, 6, tzinfo=UTC)


def begun(workspace, month="2025-11"):
    """The month pack was done for the month before, so that the next is due."""
    with open_store(workspace.store) as store:
        store.connection.execute(
            "INSERT INTO jobs VALUES ('month pack', ?, '2025-11-15T06:00:00+00:00')", (month,)
        )


def test_the_pack_of_the_month_before_is_made_once_and_never_a_second_version(workspace):
    begun(workspace)
    assert months(workspace) == ["2025-12"]

    for days in (-1, 0, 1, 20):
        told, failed = run(workspace, DUE_FOR_NOVEMBER + timedelta(days=days), work=NO_DRAFT)
        assert (told, failed) == ([], [])
    assert months(workspace) == ["2025-11", "2025-12"]
    # That of December was made by hand before its day: it stands.
    run(workspace, DUE_FOR_DECEMBER, work=NO_DRAFT)
    assert months(workspace) == ["2025-11", "2025-12"]


def test_a_first_start_makes_no_pack_of_a_day_that_is_past(workspace):
    run(workspace, DUE_FOR_NOVEMBER + timedelta(days=1), work=NO_DRAFT)

    assert months(workspace) == ["2025-12"]


@pytest.mark.parametrize(
    ("was", "becomes"), [('marking = "', '# marking = "'), ("premises_names = ", "# ")]
)
def test_without_marking_or_rule_on_names_a_notice_is_given_once_instead(workspace, was, becomes):
    begun(workspace)
    path = workspace.root / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    unset = open_workspace(workspace.root)

    told = [run(unset, DUE_FOR_NOVEMBER + timedelta(hours=h), work=NO_DRAFT)[0] for h in (0, 1)]

    assert told[1] == []
    (sentence,) = told[0]
    assert "ed-hotspots publish --month 2025-11" in sentence
    assert months(workspace) == ["2025-12"]


def test_a_month_of_which_nothing_came_makes_a_notice_instead_of_a_pack(workspace):
    begun(workspace, "2026-01")

    (sentence,), failed = run(workspace, datetime(2026, 2, 15, 6, tzinfo=UTC), work=NO_DRAFT)

    assert "no hospital's records of that month" in sentence
    assert failed == []
    assert months(workspace) == ["2025-12"]


def test_packs_by_hand_only(workspace):
    begun(workspace)
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("pack_day = 15", "pack_day = 0"), encoding="utf-8")

    run(open_workspace(workspace.root), DUE_FOR_NOVEMBER, work=NO_DRAFT)

    assert months(workspace) == ["2025-12"]


def test_a_pack_that_was_put_in_place_before_the_machine_failed_is_noted_afterwards(workspace):
    shutil.copytree(workspace.outputs / "2025-12", workspace.outputs / "2026-01")

    assert is_published(workspace, "2026-01")
    assert is_published(workspace, "2026-01")

    assert (workspace.outputs / "latest.txt").read_text(encoding="utf-8") == "2026-01\n"
    with open_store(workspace.store) as store:
        query = "SELECT COUNT(*) FROM audit WHERE action = 'publish' AND subject = '2026-01'"
        assert store.connection.execute(query).fetchone() == (1,)
    assert not is_published(workspace, "2026-02")
