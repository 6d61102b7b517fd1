from datetime import date, datetime, timedelta

import pytest

from ed_ingest.settings import Agreement, Provider
from ed_ingest.workspace import make_workspace
from hotspots.check_providers import agreement_findings, delivery_findings, provider_findings

TODAY = date(2026, 3, 1)


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)


def provider(**agreement):
    return Provider(
        id="st-marys", name="St Mary's", kind="ed",
        agreement=Agreement(**{"reference": "ISA-1", "valid_to": date(2030, 1, 1), **agreement}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("agreement", "states"),
    [
        ({}, []),
        ({"reference": "not recorded"}, ["warning"]),
        ({"valid_to": None}, ["warning"]),
        ({"valid_to": TODAY - timedelta(days=1)}, ["fault"]),
        ({"valid_to": TODAY}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=60)}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=61)}, []),
        ({"valid_from": TODAY + timedelta(days=1)}, ["fault"]),
        ({"valid_from": TODAY}, []),
    ],
)
def test_an_agreement_must_be_recorded_and_in_force_for_a_while(agreement, states):
    assert [f.state for f in agreement_findings(provider(**agreement), today=TODAY)] == states


def test_open_data_need_no_last_day():
    open_data = provider(valid_to=None).model_copy(update={"layout": "police-uk-street"})

    assert agreement_findings(open_data, today=TODAY) == []


@pytest.mark.parametrize(
    ("frequency", "days", "late"),
    # Days agreed, and a week: 7 + 7, 14 + 7, 31 + 7, 92 + 7.
    [("weekly", 14, False), ("weekly", 15, True), ("fortnightly", 22, True),
     ("monthly", 38, False), ("monthly", 39, True), ("quarterly", 99, False),
     ("monthly", None, True)],
)  # fmt: skip
def test_deliveries_that_stay_away_are_told(frequency, days, late):
    newest = None if days is None else datetime(2026, 3, 1, 23, 59) - timedelta(days=days)

    found = delivery_findings(provider(frequency=frequency), newest=newest, today=TODAY)

    assert [f.state for f in found] == ["warning"] * late


def test_every_providers_file_is_read(workspace):
    folder = workspace.root / "providers"
    agreement = '[agreement]\nreference = "ISA-1"\nvalid_to = 2030-01-01\n'
    (folder / "right.toml").write_text(f'name = "R"\nkind = "ed"\n{agreement}', encoding="utf-8")
    (folder / "wrong.toml").write_text('name = "W"\nkind = "hospital"\n', encoding="utf-8")
    newest = {"right": datetime(2026, 2, 20)}

    found = provider_findings(workspace.root, newest=newest, today=TODAY)

    assert [(f.check, f.state) for f in found] == [
        ("provider right", "ok"),
        ("provider wrong", "fault"),
        ("police", "warning"),
    ]


def test_a_police_force_is_all_that_was_missing(workspace):
    text = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'
    text += '[agreement]\nreference = "Open Government Licence"\n'
    (workspace.root / "providers" / "police-uk.toml").write_text(text, encoding="utf-8")
    newest = {"police-uk": datetime(2026, 2, 20)}

    (found,) = provider_findings(workspace.root, newest=newest, today=TODAY)

    assert found.state == "ok"


def test_a_workspace_without_providers_is_told(workspace):
    (found,) = provider_findings(workspace.root, newest={}, today=TODAY)

    assert found.state == "warning"
