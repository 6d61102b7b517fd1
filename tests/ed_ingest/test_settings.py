"""Settings and providers: checked once, every problem told at once, no value of a record."""

from __future__ import annotations

from datetime import date, time

import pytest

from ed_ingest.errors import AgreementError, SettingsError, WorkspaceError
from ed_ingest.providers import load_provider
from ed_ingest.settings import ScheduleSettings, load_settings
from ed_ingest.workspace import make_workspace, open_workspace

PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[agreement]
reference = "ISA-1"
valid_from = 2025-01-01
valid_to = 2025-12-31
[columns]
arrived_at = "Arrival"
"""


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name='Mar"ford', marking="OFFICIAL", premises_names=True)
    return made.root


def write_provider(workspace, text):
    (workspace / "providers" / "st-elsewhere.toml").write_text(text, encoding="utf-8")


def test_a_new_workspace_opens_with_what_was_answered(workspace):
    settings = open_workspace(workspace).settings

    assert settings.partnership.name == 'Mar"ford'
    assert settings.partnership.marking == "OFFICIAL"
    assert settings.audiences.tasking.premises_names is True


def test_what_was_not_answered_has_no_silent_default(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking=None, premises_names=None)

    assert made.settings.partnership.marking is None
    assert made.settings.audiences.tasking.premises_names is None


def test_a_folder_that_holds_something_is_not_made_a_workspace(workspace):
    with pytest.raises(WorkspaceError, match="not empty"):
        make_workspace(workspace, name="x", marking=None, premises_names=None)


def test_a_missing_workspace_is_told_with_the_remedy(tmp_path):
    with pytest.raises(WorkspaceError, match="ed-hotspots init"):
        load_settings(tmp_path / "nowhere")


def test_every_wrong_setting_is_told_at_once(workspace):
    path = workspace / "settings.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("cell_m = 25", "cell_m = -1").replace("months = 12", "moths = 12")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=r"(?s)moths.*cell_m|cell_m.*moths"):
        load_settings(workspace)


def test_an_unknown_provider_is_told_which_are_known(workspace):
    write_provider(workspace, PROVIDER)

    with pytest.raises(SettingsError, match="known: st-elsewhere"):
        load_provider(workspace, "st-nowhere")


def test_a_path_is_no_provider_id(workspace):
    with pytest.raises(SettingsError, match="no provider"):
        load_provider(workspace, "../settings")


@pytest.mark.parametrize(
    ("on", "in_force"),
    [(date(2024, 12, 31), False), (date(2025, 1, 1), True), (date(2025, 12, 31), True),
     (date(2026, 1, 1), False)],
)  # fmt: skip
def test_the_agreement_is_in_force_from_its_first_to_its_last_day(workspace, on, in_force):
    write_provider(workspace, PROVIDER)
    provider = load_provider(workspace, "st-elsewhere")

    if in_force:
        provider.require_in_force(on)
    else:
        with pytest.raises(AgreementError, match="ISA-1 is not in force"):
            provider.require_in_force(on)


def test_age_and_sex_are_agreed_only_when_named(workspace):
    write_provider(workspace, PROVIDER)
    assert not {"age_band", "sex"} & set(load_provider(workspace, "st-elsewhere").agreed)

    named = PROVIDER.replace('"ISA-1"', '"ISA-1"\nitems = ["sex"]')
    write_provider(workspace, named)
    agreed = set(load_provider(workspace, "st-elsewhere").agreed)
    assert "sex" in agreed
    assert "age_band" not in agreed


@pytest.mark.parametrize("k_min", ["1", "0", '"five"', "2.5"])
def test_a_least_k_below_two_is_refused(workspace, k_min):
    path = workspace / "providers" / "st-elsewhere.toml"
    path.write_text(
        PROVIDER.replace("[agreement]", f"[agreement]\nk_min = {k_min}"), encoding="utf-8"
    )

    with pytest.raises(SettingsError, match=r"agreement\.k_min"):
        load_provider(workspace, "st-elsewhere")


def test_no_least_k_is_asked_unless_the_agreement_names_one(workspace):
    path = workspace / "providers" / "st-elsewhere.toml"
    path.write_text(PROVIDER, encoding="utf-8")
    assert load_provider(workspace, "st-elsewhere").agreement.k_min is None

    path.write_text(PROVIDER.replace("[agreement]", "[agreement]\nk_min = 5"), encoding="utf-8")
    assert load_provider(workspace, "st-elsewhere").agreement.k_min == 5


def test_a_mapping_that_names_an_identifier_is_refused(workspace):
    write_provider(workspace, PROVIDER + 'nhs_number = "NHS No"\nweapon = "Weapon"\n')

    with pytest.raises(SettingsError, match=r"weapon.*take out: nhs_number"):
        load_provider(workspace, "st-elsewhere")


def test_a_broken_provider_file_names_the_line(workspace):
    write_provider(workspace, "name = \nkind = 1\n")

    with pytest.raises(SettingsError, match=r"not valid TOML.*line 1"):
        load_provider(workspace, "st-elsewhere")


def test_the_key_is_random_and_stays_the_same(workspace, tmp_path):
    other = make_workspace(tmp_path / "o", name="x", marking=None, premises_names=None)
    key = open_workspace(workspace).key(needed=False)

    assert len(key) == 32
    assert key == open_workspace(workspace).key(needed=True)
    assert key != other.key(needed=False)


@pytest.mark.parametrize("content", [None, "", "abcd", "no key"])
def test_a_key_that_is_needed_is_never_made_anew(workspace, content):
    path = workspace / "store" / "workspace.key"
    if content is not None:
        path.write_text(content, encoding="ascii")

    with pytest.raises(WorkspaceError, match="Restore it from the back-up"):
        open_workspace(workspace).key(needed=True)


def test_paths_in_the_settings_are_meant_from_the_workspace(workspace):
    path = workspace / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[paths]", '[paths]\noutputs = "pub"'), encoding="utf-8")

    assert open_workspace(workspace).outputs == workspace.resolve() / "pub"


def test_words_are_held_for_a_quarter_unless_the_settings_say_otherwise(workspace):
    path = workspace / "settings.toml"
    retention = load_settings(workspace).retention
    assert (retention.words_days, retention.words_min_records) == (92, 3)

    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("words_min_records = 3", "words_min_records = 1"), "utf-8")
    with pytest.raises(SettingsError, match=r"retention\.words_min_records: .* 2"):
        load_settings(workspace)


def schedule_of(workspace, lines):
    path = workspace / "settings.toml"
    head = path.read_text(encoding="utf-8").partition("[schedule]")[0]
    path.write_text(head + "[schedule]\n" + lines, encoding="utf-8")
    return load_settings(workspace).schedule


def test_the_commented_settings_of_a_new_workspace_are_the_defaults_of_the_schedule(workspace):
    written = load_settings(workspace).schedule

    assert written == ScheduleSettings()
    assert (written.pack_day, written.pack_at) == (15, time(6))


@pytest.mark.parametrize("at", ['"01:30"', "01:30:00"])
def test_a_time_of_the_schedule_is_local_and_to_the_minute(workspace, at):
    assert schedule_of(workspace, f"purge_at = {at}\n").purge_at == time(1, 30)


@pytest.mark.parametrize(
    "line",
    ['purge_at = "25:00"', 'purge_at = "03:00:30"', 'purge_at = "03:00Z"', "pack_day = 29"],
)
def test_a_wrong_time_of_the_schedule_is_told(workspace, line):
    with pytest.raises(SettingsError, match=r"settings.toml: schedule\.(purge_at|pack_day)"):
        schedule_of(workspace, line + "\n")
