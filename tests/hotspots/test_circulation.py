"""A published pack comes to its audiences, by hand or by the service; a failure undoes nothing."""

from __future__ import annotations

import json
import re
import shutil
import sys
from datetime import UTC, datetime

import pytest

from ed_ingest.alone import alone
from ed_ingest.audit import read_entries
from ed_ingest.errors import CirculationError, SettingsError
from ed_ingest.settings import load_settings
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace, open_workspace
from hotspots import circulation, cli
from hotspots.check_circulation import circulation_findings
from hotspots.circulated_files import Brought
from hotspots.circulation import (
    circulate,
    newest_progress,
    pack_to_circulate,
    progress,
    progress_lines,
    waiting_pack,
)
from hotspots.pack import Made
from tests.hotspots.mail_server import mail_server

AUDIENCES = ("tasking", "licensing", "data_quality", "analyst")
MAIL = {"from": "analyst@example.org", "to": ["chair@example.org"]}


def settings(root, folders, mail=None):
    """Set [circulation] of a workspace, and open it."""
    path = root / "settings.toml"
    text = path.read_text(encoding="utf-8").partition("\n[circulation]")[0]
    lines = ["", "[circulation]", *(f"{n} = {json.dumps(str(f))}" for n, f in folders.items())]
    lines += ["[circulation.mail]"] if mail else []
    lines += [f"{name} = {json.dumps(value)}" for name, value in (mail or {}).items()]
    path.write_text("\n".join([text, *lines, ""]), encoding="utf-8")
    return open_workspace(root)


def published(workspace, pack, audiences=("tasking", "data-quality", "analyst")):
    """A pack, as far as circulation looks at it."""
    for audience in audiences:
        folder = workspace.outputs / pack / audience
        folder.mkdir(parents=True)
        (folder / f"{audience}.txt").write_text(f"{pack} {audience}", encoding="utf-8")
    with open_store(workspace.store) as store:
        store.audit("publish", pack, {})


@pytest.fixture
def folders(tmp_path):
    found = {name: tmp_path / "shares" / name for name in AUDIENCES}
    for folder in found.values():
        folder.mkdir(parents=True)
    return found


@pytest.fixture
def workspace(tmp_path, folders):
    made = make_workspace(tmp_path / "w", name="Marford", marking="OFFICIAL", premises_names=False)
    published(made, "2026-10")
    published(made, "2026-11")
    return settings(made.root, {n: folders[n] for n in ("tasking", "analyst")})


def audited(workspace):
    with open_store(workspace.store) as store:
        entries = read_entries(store.connection)
    return [(e.subject, e.counts) for e in entries if e.action == "circulate"]


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_each_audience_gets_its_own_files_and_no_other(workspace, folders):
    done = circulate(workspace, "2026-11", anew=False)

    assert files(folders["tasking"]) == ["2026-11/tasking.txt", "latest.txt"]
    assert files(folders["analyst"]) == ["2026-11/analyst.txt", "latest.txt"]
    assert files(folders["data_quality"]) == []
    assert done.lines == ["tasking: 1 files, 1 of them new.", "analyst: 1 files, 1 of them new."]
    assert audited(workspace) == [
        ("2026-11 tasking", '{"files": 1}'), ("2026-11 analyst", '{"files": 1}'),
    ]  # fmt: skip


def test_done_again_it_changes_and_notes_nothing(workspace, folders):
    circulate(workspace, "2026-11", anew=True)
    before = audited(workspace)

    again = circulate(workspace, "2026-11", anew=True)

    assert again.figures["audiences"]["tasking"] == Brought(1, 0, 0)._asdict()
    assert audited(workspace) == before


def test_a_file_that_was_taken_away_comes_back_by_hand_and_that_is_noted(workspace, folders):
    circulate(workspace, "2026-11", anew=False)
    shutil.rmtree(folders["tasking"] / "2026-11")

    assert circulate(workspace, "2026-11", anew=False).lines == []
    circulate(workspace, "2026-11", anew=True)
    assert files(folders["tasking"]) == ["2026-11/tasking.txt", "latest.txt"]
    assert [subject for subject, _ in audited(workspace)].count("2026-11 tasking") == 2


def test_a_share_that_is_away_stops_no_other_and_is_tried_again(workspace, folders):
    folders["tasking"].rename(folders["tasking"].with_name("away"))

    with pytest.raises(CirculationError) as told:
        circulate(workspace, "2026-11", anew=False)
    assert "The pack 2026-11 stands" in str(told.value)
    assert "[circulation] tasking: the folder is not there: connect the share" in str(told.value)
    assert "ed-hotspots circulate --month 2026-11" in str(told.value)
    assert files(folders["analyst"]) == ["2026-11/analyst.txt", "latest.txt"]
    assert not folders["tasking"].exists()
    assert progress(workspace, "2026-11")[1:] == (["analyst"], ["tasking"])
    assert waiting_pack(workspace) == "2026-11"

    folders["tasking"].with_name("away").rename(folders["tasking"])
    assert circulate(workspace, "2026-11", anew=False).lines == ["tasking: 1 files, 1 of them new."]
    assert waiting_pack(workspace) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "x"), "may not be written to"),
        (OSError(28, "x"), "no room left"),
        (OSError(5, "x"), "did not read back"),
        (OSError(112, "x"), "could not be reached"),
    ],
)
def test_each_failure_has_its_remedy_in_our_own_words(workspace, monkeypatch, error, words):
    def fails(source, folder, name):
        raise error

    monkeypatch.setattr(circulation, "bring", fails)

    with pytest.raises(CirculationError, match=words) as told:
        circulate(workspace, "2026-11", anew=False)
    assert str(workspace.root.parent) not in str(told.value)


def test_a_pack_without_files_for_an_audience_is_done_with(workspace, folders):
    workspace = settings(workspace.root, {"licensing": folders["licensing"]})

    lines = circulate(workspace, "2026-11", anew=False).lines

    assert lines == ["licensing: the pack 2026-11 has no files for it."]
    assert files(folders["licensing"]) == []
    assert waiting_pack(workspace) is None


def test_the_audience_data_quality_gets_the_folder_of_that_name(workspace, folders):
    workspace = settings(workspace.root, {"data_quality": folders["data_quality"]})
    circulate(workspace, "2026-11", anew=False)

    assert files(folders["data_quality"]) == ["2026-11/data-quality.txt", "latest.txt"]


def test_only_the_newest_of_old_packs_waits_and_later_ones_in_their_order(workspace):
    assert waiting_pack(workspace) == "2026-11"
    circulate(workspace, "2026-11", anew=False)
    assert waiting_pack(workspace) is None

    for pack in ("2026-10.v2", "2026-12"):
        published(workspace, pack)
    assert waiting_pack(workspace) == "2026-10.v2"
    circulate(workspace, "2026-10.v2", anew=False)
    assert waiting_pack(workspace) == "2026-12"


def test_a_pack_that_stands_no_more_does_not_wait(workspace):
    shutil.rmtree(workspace.outputs / "2026-11")

    assert waiting_pack(workspace) is None


def test_an_audience_that_is_added_later_gets_the_newest_pack(workspace, folders):
    circulate(workspace, "2026-11", anew=False)
    workspace = settings(workspace.root, folders)

    assert waiting_pack(workspace) == "2026-11"
    circulate(workspace, "2026-11", anew=False)
    assert files(folders["data_quality"]) == ["2026-11/data-quality.txt", "latest.txt"]
    assert waiting_pack(workspace) is None


def test_without_a_folder_nothing_waits_and_by_hand_it_is_refused(workspace):
    workspace = settings(workspace.root, {})

    assert waiting_pack(workspace) is None
    assert newest_progress(workspace) is None
    with pytest.raises(SettingsError, match="no folder is set"):
        circulate(workspace, "2026-11", anew=True)


def test_a_month_has_its_newest_version_and_one_without_a_pack_says_what_to_do(workspace):
    published(workspace, "2026-10.v2")

    assert pack_to_circulate(workspace, None) == "2026-11"
    assert pack_to_circulate(workspace, "2026-10") == "2026-10.v2"
    with pytest.raises(CirculationError, match="ed-hotspots publish --month 2026-09"):
        pack_to_circulate(workspace, "2026-09")


def test_two_at_once_are_refused(workspace):
    lock = alone(workspace.store.parent, "circulation.lock", busy=RuntimeError)
    with lock, pytest.raises(CirculationError, match="Another process"):
        circulate(workspace, "2026-11", anew=False)


def test_the_notice_goes_out_once_when_all_have_their_files(workspace, folders):
    with mail_server() as box:
        server = {"host": "127.0.0.1", "port": box.port, "starttls": False}
        workspace = settings(
            workspace.root, {n: folders[n] for n in ("tasking", "analyst")}, {**MAIL, **server}
        )
        away = folders["tasking"].with_name("away")
        folders["tasking"].rename(away)
        with pytest.raises(CirculationError, match="tasking"):
            circulate(workspace, "2026-11", anew=False)
        assert box.messages == []

        away.rename(folders["tasking"])
        done = circulate(workspace, "2026-11", anew=False)
        circulate(workspace, "2026-11", anew=True)

    assert done.figures["mail"] == "sent"
    assert done.lines[-1] == "Notice sent by mail."
    (kept,) = box.messages
    text = re.sub(r"=\r?\n", "", kept.decode("ascii")).replace("\r\n", "\n")
    assert "The pack of November 2026 of Marford is in" in text
    assert f"{folders['analyst']}/2026-11" in text.replace("\\", "/")
    assert ("2026-11 mail", '{"addresses": 1}') in audited(workspace)


def test_a_mail_server_that_is_away_is_told_and_tried_again(workspace, folders):
    with mail_server() as box:
        port = box.port
    server = {"host": "127.0.0.1", "port": port, "starttls": False}
    workspace = settings(workspace.root, {"tasking": folders["tasking"]}, {**MAIL, **server})

    with pytest.raises(CirculationError, match=r"\[circulation.mail\]: the notice could not be"):
        circulate(workspace, "2026-11", anew=False)
    assert files(folders["tasking"]) == ["2026-11/tasking.txt", "latest.txt"]
    assert progress(workspace, "2026-11").waiting == ["mail"]
    assert waiting_pack(workspace) == "2026-11"


def test_a_user_needs_the_password_of_the_environment(workspace, folders, monkeypatch):
    monkeypatch.delenv("ED_HOTSPOTS_SMTP_PASSWORD", raising=False)
    mail = {**MAIL, "host": "smtp.example.org", "user": "analyst"}
    workspace = settings(workspace.root, {"tasking": folders["tasking"]}, mail)
    with pytest.raises(CirculationError, match="set ED_HOTSPOTS_SMTP_PASSWORD"):
        circulate(workspace, "2026-11", anew=False)

    monkeypatch.setenv("ED_HOTSPOTS_SMTP_PASSWORD", "of the environment")
    given = {}

    def hand_over(message, **server):
        given.update(server)
        return 0

    circulate(workspace, "2026-11", anew=False, hand_over=hand_over)
    assert given == {
        "host": "smtp.example.org", "port": 587, "starttls": True, "user": "analyst",
        "password": "of the environment",
    }  # fmt: skip


def test_addresses_that_the_server_refused_are_told(workspace, folders):
    workspace = settings(
        workspace.root, {"tasking": folders["tasking"]}, {**MAIL, "host": "smtp.example.org"}
    )

    lines = circulate(workspace, "2026-11", anew=False, hand_over=lambda m, **_: 1).lines

    assert "refused 1 of the addresses" in lines[-1]


def test_status_says_what_waits(workspace):
    assert progress_lines(newest_progress(workspace)) == [
        "Pack of 2026-11: not circulated yet; waiting: tasking, analyst. The service tries again; "
        "or see why with: ed-hotspots circulate --month 2026-11"
    ]
    circulate(workspace, "2026-11", anew=False)
    assert progress_lines(newest_progress(workspace)) == [
        "Pack of 2026-11: circulated to tasking, analyst"
    ]


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


def test_the_commands_say_it_and_end_with_their_codes(workspace, folders, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "circulate", "-w", workspace.root, "--json")
    assert (code, json.loads(out)["pack"]) == (0, "2026-11")
    _, out, _ = run(monkeypatch, capsys, "status", "-w", workspace.root, "--json")
    assert json.loads(out)["circulation"] == {
        "pack": "2026-11", "done": ["tasking", "analyst"], "waiting": [],
    }  # fmt: skip

    folders["analyst"].rename(folders["analyst"].with_name("away"))
    code, _, told = run(monkeypatch, capsys, "circulate", "-w", workspace.root)
    assert code == 2
    assert told.startswith("ed-hotspots: The pack 2026-11 stands")


def test_a_failure_after_publish_is_told_and_the_pack_stands(
    workspace, folders, monkeypatch, capsys
):
    def publish(opened, *, month):
        published(opened, "2026-12")
        return Made(opened.outputs / "2026-12", {"n": 1}, ["Pack"])

    monkeypatch.setattr("hotspots.pack.publish_month", publish)
    folders["analyst"].rename(folders["analyst"].with_name("away"))

    code, out, told = run(monkeypatch, capsys, "publish", "-w", workspace.root)

    assert code == 1
    assert "Pack" in out
    assert "[circulation] analyst" in told
    assert files(folders["tasking"]) == ["2026-12/tasking.txt", "latest.txt"]
    assert (workspace.outputs / "2026-12").is_dir()


def test_the_service_tries_again_until_it_worked(workspace, folders):
    from ed_ingest.schedule import run_due
    from hotspots.service_jobs import jobs_of, ledger_of
    from hotspots.service_work import WORK

    told, failed, failures = [], [], {}

    def turn(hour):
        moment = datetime(2026, 12, 1, hour, tzinfo=UTC)
        jobs = jobs_of(
            workspace, WORK, now=lambda: moment, stop=lambda: False, tell=told.append, settle=True
        )
        run_due(
            [job for job in jobs if job.name == "circulation"],
            ledger_of(workspace),
            failures,
            now=lambda: moment,
            stop=lambda: False,
            failed=lambda name, error, attempts: failed.append(attempts),
        )

    folders["tasking"].rename(folders["tasking"].with_name("away"))
    for hour in (1, 3):
        turn(hour)
    assert failed == [1, 2]
    folders["tasking"].with_name("away").rename(folders["tasking"])
    for hour in (5, 6):
        turn(hour)

    assert failed == [1, 2]
    assert [event.notice for event in told] == ["2026-11, tasking: 1 files, 1 of them new."]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('tasking = "outputs/tasking"', "outside of the workspace"),
        ('tasking = ".."', "outside of the workspace"),
        ('tasking = "../s"\nanalyst = "../s/analyst"', "apart from the other folders"),
        ('tasking = "../s"\nanalyst = "../s"', "apart from the other folders"),
        ('tasking = "../s"\n[circulation.mail]\nhost = "h"\nfrom = "a"\nto = []', "mail.from"),
        ('[circulation.mail]\nhost = "h"\nfrom = "a@b.org"\nto = ["c@b.org"]', "set a folder too"),
        (
            'tasking = "../s"\n[circulation.mail]\nhost = "h"\nfrom = "a@b.org"\nto = ["c@b.org"]\n'
            'user = "a"\nstarttls = false',
            "starttls = true",
        ),
    ],
)
def test_settings_that_would_mix_audiences_or_send_a_password_in_clear_are_refused(
    workspace, lines, words
):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8").partition("\n[circulation]")[0]
    path.write_text(f"{text}\n[circulation]\n{lines}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=words):
        open_workspace(workspace.root)


def test_a_password_in_the_settings_is_refused_and_not_repeated(workspace, folders):
    mail = {**MAIL, "host": "smtp.example.org", "password": "hunter2"}
    with pytest.raises(SettingsError, match="ED_HOTSPOTS_SMTP_PASSWORD") as told:
        settings(workspace.root, {"tasking": folders["tasking"]}, mail)
    assert "hunter2" not in str(told.value)


def test_the_template_explains_circulation_and_sets_none(tmp_path):
    made = make_workspace(tmp_path / "new", name="M", marking="M", premises_names=False)
    path = made.root / "settings.toml"

    assert made.settings.circulation.folders == {}
    text = path.read_text(encoding="utf-8")
    at = text.index("[circulation]")
    bare = re.sub(r"^# (?=\w+ = |\[)", "", text[at:], flags=re.MULTILINE)
    path.write_text(text[:at] + bare, encoding="utf-8")
    found = load_settings(made.root).circulation
    assert list(found.folders) == list(AUDIENCES)
    assert (found.mail.port, found.mail.user) == (587, "analyst")


def test_doctor_looks_at_the_folders_and_the_password(workspace, folders):
    chosen = {n: folders[n] for n in ("tasking", "analyst")}
    mail = {**MAIL, "host": "smtp.example.org", "user": "analyst"}
    workspace = settings(workspace.root, chosen, mail)
    folders["analyst"].rmdir()

    def states(**environment):
        found = circulation_findings(
            workspace.settings.circulation, workspace.root, environment=environment
        )
        return [(f.check, f.state) for f in found]

    assert states() == [
        ("circulation tasking", "ok"), ("circulation analyst", "fault"), ("mail", "fault"),
    ]  # fmt: skip
    assert states(ED_HOTSPOTS_SMTP_PASSWORD="x")[-1] == ("mail", "ok")  # noqa: S106
