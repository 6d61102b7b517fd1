"""The self-assessment's page, its command, and the answers in settings.toml."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import get_args

import pytest

from ed_ingest.errors import SettingsError
from ed_ingest.settings import Settings, load_settings
from ed_ingest.sharing_settings import AgencyName, ArrangementName
from ed_ingest.workspace import make_workspace, open_workspace
from hotspots.national_survey import load_survey
from hotspots.quality_extras import renew_self_assessment, write_extras
from hotspots.self_assessment import AGENCIES, ARRANGEMENTS, assess
from hotspots.self_assessment_report import figures, stands_out, write_self_assessment
from tests.hotspots.completeness_builder import completeness
from tests.hotspots.test_report import words

ANSWERS = """
[self_assessment]
answered_on = 2026-10-01

[self_assessment.arrangements]
marac = { in_place = true, data_shared = true, protocol_signed = true, ease = 3, working = 4, used = 4 }
ppo = { in_place = true, data_shared = false, protocol_signed = false, ease = 2, used = 2 }

[self_assessment.agencies]
police = { in_place = true, protocol_signed = true }
fire_and_rescue = { in_place = false }
environment_agency = { in_place = false }
"""  # noqa: E501


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="Marford", marking="OFFICIAL", premises_names=True)
    return made.root


def answered(workspace, text=ANSWERS):
    path = workspace / "settings.toml"
    kept = path.read_text(encoding="utf-8").replace("\n[self_assessment]\n", "\n")
    path.write_text(kept + text, encoding="utf-8")
    return workspace


def assessment(arrangements=None, agencies=None):
    return assess(arrangements or {}, agencies or {}, load_survey())


def page(tmp_path, found=None, **changes) -> str:
    path = tmp_path / "made" / "self-assessment.html"
    given = {"partnership": "Marford", "marking": "OFFICIAL", "answered_on": date(2026, 10, 1)}
    write_self_assessment(found or assessment(), path, **(given | changes))
    return path.read_text(encoding="utf-8")


def test_the_settings_know_the_names_that_the_survey_knows():
    assert get_args(ArrangementName) == tuple(ARRANGEMENTS)
    assert get_args(AgencyName) == tuple(AGENCIES)


def test_a_new_workspace_has_no_answers_and_shows_how_to_give_them(workspace):
    assert load_settings(workspace).self_assessment.arrangements == {}

    path = workspace / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^# (answered_on|arr|age)", r"\1", text, flags=re.M), encoding="utf-8")
    told = load_settings(workspace).self_assessment

    assert told.answered_on == date(2026, 10, 1)
    assert told.arrangements["marac"].used == 4
    assert told.agencies["fire_and_rescue"].protocol_signed is False


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("arrangements.marac = { in_place = true, used = 6 }", "from 1 .worst. to 5 .best."),
        ("arrangements.marac = { in_place = true, ease = true }", "from 1 .worst. to 5 .best."),
        ("arrangements.marac = { in_place = true, ease = 3.5 }", "from 1 .worst. to 5 .best."),
        ("arrangements.marak = { in_place = true }", "use marac, mappa, ppo"),
        ("agencies.marac = { in_place = true }", "use local_authority, anti_social"),
        ("arrangements.marac = { used = 3 }", "arrangements.marac.in_place: Field required"),
        ("arrangements.marac = { in_place = false, used = 3 }", "set in_place = true, or take"),
        ("arrangements.marac = { in_place = true, names = 'A B' }", "Extra inputs"),
    ],
)
def test_a_wrong_answer_is_told_in_plain_words(workspace, line, told):
    answered(workspace, f"\n[self_assessment]\n{line}\n")

    with pytest.raises(SettingsError, match=told) as error:
        load_settings(workspace)
    assert "Value error" not in str(error.value)
    assert "A B" not in str(error.value)


def test_what_was_tried_and_is_not_in_place_may_be_told_to_have_been_hard(workspace):
    answered(
        workspace,
        "\n[self_assessment]\nagencies.ambulance = { in_place = false, ease = 1 }\n",
    )

    assert load_settings(workspace).self_assessment.agencies["ambulance"].ease == 1


def test_the_three_figures_stand_beside_those_of_2009():
    found = assessment(
        {"marac": {"in_place": True, "used": 4}, "ppo": {"in_place": True, "used": 2}},
        {"police": {"in_place": True}},
    )

    told = [(f["figure"], f["then"]) for f in figures(found)]
    assert told == [
        ("2 of 6", "2009: 5.1 on average"),
        ("6.0", "2009: about 21"),  # 2 × (4 + 2) / 2
        ("1 of 18", "2009: 13 on average"),
    ]


def test_what_stands_out_is_named():
    found = assessment(
        {
            "marac": {"in_place": True, "protocol_signed": False, "data_shared": False},
            "mappa": {"in_place": True, "protocol_signed": True, "working": 2, "used": 3},
        },
        {
            "fire_and_rescue": {"in_place": False},
            "ambulance": {"in_place": False},
            "noise": {"in_place": True},
        },
    )
    told = list(stands_out(found))

    marac = "MARAC or other domestic abuse case conferences"
    assert told == [
        f"In place without a signed protocol: {marac}.",
        "Scored 1 or 2 for how well it works: MAPPA (multi-agency public protection).",
        f"In place, but no data are shared: {marac}.",
        # Ambulance services: 48 % in 2009, so not most.
        "Not in place here, though most partnerships had it in 2009: Fire and rescue (89%).",
        "Whether a protocol is signed is not answered: Council: noise.",
        "Not answered, and counted as not in place: 19 of 24.",
    ]


def test_all_well_and_nothing_answered_are_both_told(tmp_path):
    good = {"in_place": True, "data_shared": True, "protocol_signed": True, "used": 4}
    well = assessment(dict.fromkeys(ARRANGEMENTS, good), dict.fromkeys(AGENCIES, good))

    assert "Nothing: all is in place" in words(page(tmp_path, well))
    assert list(stands_out(assessment())) == ["Nothing is answered yet."]
    assert "No figure" in words(page(tmp_path))


def test_the_page_has_no_script_and_asks_the_network_for_nothing(tmp_path):
    html = page(tmp_path)

    assert "<script" not in html
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", html)
    assert not re.search(r"\sstyle=|\son\w+=|url\(", html)
    assert html.count('<p class="marking">OFFICIAL</p>') == 2
    assert html == page(tmp_path)


def test_the_partnerships_name_is_text(tmp_path):
    assert "<b>" not in page(tmp_path, partnership="<b>M</b>", marking="<b>X</b>")


def test_the_command_writes_the_page_and_tells_figures(workspace):
    told, lines = renew_self_assessment(open_workspace(answered(workspace)))
    made = workspace / "outputs" / "draft" / "data-quality" / "self-assessment.html"

    assert json.loads(json.dumps(told, default=str))["effectiveness"] == 6.0
    assert "Marford, answered on 1 Oct 2026" in words(made.read_text(encoding="utf-8"))
    assert lines[-1] == f"Report: {made}"


def test_without_answers_the_command_says_where_to_give_them(workspace):
    with pytest.raises(SettingsError, match=r"no answers under .self_assessment. yet"):
        renew_self_assessment(open_workspace(workspace))


def test_a_pack_has_the_page_only_where_there_are_answers(tmp_path, workspace):
    folder, scored = tmp_path / "data-quality", completeness()
    none = Settings.model_validate({"partnership": {"name": "Marford"}})

    sheets = write_extras(folder, none, scored)
    assert not (folder / "self-assessment.html").exists()
    entries = write_extras(folder, load_settings(answered(workspace)), scored)
    assert entries[:-1] == sheets
    assert entries[-1][0] == "data-quality/self-assessment.html"
    assert all((tmp_path / href).is_file() for href, _, _ in entries)
