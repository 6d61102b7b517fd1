"""Settings of a workspace: read from settings.toml, checked once, every problem told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    Field,
)

from ed_ingest.errors import WorkspaceError
from ed_ingest.sharing_settings import Circulation, SelfAssessment
from ed_ingest.toml_tables import Table, checked, read_toml


class Partnership(Table):
    """Who owns the workspace; the marking has no default because it is the agreement's to say."""

    name: str
    marking: str | None = None


class Tasking(Table):
    """What a tasking meeting may see; no default for names of premises."""

    premises_names: bool | None = None


class Audiences(Table):
    """Rules by audience."""

    tasking: Tasking = Tasking()


class SmallNumbers(Table):
    """Disclosure control: threshold in incidents; how published counts are changed."""

    threshold: int = Field(5, ge=3, le=50)
    method: Literal["round5", "suppress_lt5"] = "round5"


class MapSettings(Table):
    """Density and hot spots; metres, months."""

    months: int = Field(12, ge=1, le=60)
    cell_m: float = Field(25, ge=5, le=500)
    bandwidth_m: float = Field(200, ge=25, le=5000)
    eps_m: float = Field(100, ge=10, le=2000)
    min_samples: int = Field(10, ge=3, le=1000)
    largest_radius_m: float = Field(150, ge=25, le=2000)


ThemeKey = Literal[
    "night_time_economy",
    "knife",
    "firearm",
    "domestic_abuse",
    "youth",
    "alcohol",
    "licensed_premises",
    "public_space",
    "serious",
]


Method = Literal[
    "body_part",
    "sharp_object",
    "glass",
    "blunt_object",
    "firearm",
    "strangulation",
    "corrosive_or_burn",
    "vehicle",
    "sexual",
    "other",
    "unknown",
]


class ThemeSettings(Table):
    """Which themes a map offers, and which age bands count as young."""

    show: tuple[ThemeKey, ...] = get_args(ThemeKey)
    youth_bands: tuple[Literal["0-15", "16-17", "18-24"], ...] = ("0-15", "16-17")


class HarmSettings(Table):
    """Harm of one assault by its method; no default, as it is the partnership's to judge.

    ``admitted``: what is added for a patient who was admitted.
    """

    weights: Mapping[Method, Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        default_factory=dict
    )
    admitted: float = Field(0, ge=0, le=1_000_000)


class NightTimeEconomy(Table):
    """The window of the night-time economy, local hours; whose bank holidays."""

    start_hour: int = Field(18, ge=12, le=23)
    end_hour: int = Field(6, ge=0, le=11)
    country: Literal["England", "Wales", "Scotland", "Northern Ireland"] = "England"


class ChangeSettings(Table):
    """Months of each of the two periods that are compared."""

    months: int = Field(3, ge=1, le=12)


class LinkageSettings(Table):
    """Linkage with police records; capture and recapture is an analyst's table, off by default."""

    threshold: float = Field(0.5, gt=0, lt=1)
    capture_recapture: bool = False


class CompletenessSettings(Table):
    """When a provider's month passes the minimum data set test."""

    usable_share: float = Field(0.5, gt=0, le=1)
    late_days: int = Field(31, ge=1, le=120)


class InboxSettings(Table):
    """How often the watched folder is looked at; a file that held still so long is complete."""

    scan_seconds: float = Field(10, ge=0.05, le=3600)


class AgreementSettings(Table):
    """How long before its end a sharing agreement is told to be ending."""

    expiry_days: int = Field(60, ge=1, le=366)


def _to_the_minute(at: time) -> time:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError("write a local time as HH:MM, in quotes")
    return at


LocalTime = Annotated[time, AfterValidator(_to_the_minute)]


class ScheduleSettings(Table):
    """When the service does what; local times of Europe/London.

    ``settle_seconds``: between the last new records and a new draft, so that deliveries that come
    together make one. ``pack_day``: of the month; 0: a month pack is made by ``publish`` alone.
    """

    settle_seconds: float = Field(2, ge=0, le=3600)
    pack_day: int = Field(15, ge=0, le=28)
    pack_at: LocalTime = time(6)
    purge_at: LocalTime = time(3)
    notices_at: LocalTime = time(7)


class RetentionSettings(Table):
    """How long what was delivered is kept; days, months, and records that must share a word.

    ``records_months``: whole months before the present one; no default, as the agreements say it.
    """

    raw_days: int = Field(0, ge=0, le=731)
    quarantine_days: int = Field(30, ge=1, le=731)
    records_months: int | None = Field(None, ge=1, le=600)
    logs_days: int = Field(92, ge=7, le=731)
    words_days: int = Field(92, ge=0, le=731)
    words_min_records: int = Field(3, ge=2, le=100)


class ReadingSettings(Table):
    """What reading one delivered file may take; beyond it the file is refused."""

    max_file_mb: int = Field(1024, ge=1, le=65_536)
    max_memory_mb: int = Field(2048, ge=256, le=1_048_576)
    max_seconds: int = Field(300, ge=5, le=86_400)


class Paths(Table):
    """Folders that may lie on a share; the store never does."""

    inbox: Path | None = None
    outputs: Path | None = None


class Settings(Table):
    """settings.toml of a workspace."""

    partnership: Partnership
    audiences: Audiences = Audiences()
    small_numbers: SmallNumbers = SmallNumbers()
    map: MapSettings = MapSettings()
    night_time_economy: NightTimeEconomy = NightTimeEconomy()
    themes: ThemeSettings = ThemeSettings()
    harm: HarmSettings = HarmSettings()
    change: ChangeSettings = ChangeSettings()
    linkage: LinkageSettings = LinkageSettings()
    completeness: CompletenessSettings = CompletenessSettings()
    reading: ReadingSettings = ReadingSettings()
    inbox: InboxSettings = InboxSettings()
    agreements: AgreementSettings = AgreementSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    retention: RetentionSettings = RetentionSettings()
    self_assessment: SelfAssessment = SelfAssessment()
    paths: Paths = Paths()
    circulation: Circulation = Circulation()


def load_settings(workspace: Path) -> Settings:
    """Read settings.toml.

    Raises
    ------
    WorkspaceError
        If the folder is not a workspace.
    SettingsError
        If a setting is wrong; the message lists every problem.
    """
    path = workspace / "settings.toml"
    if not path.is_file():
        raise WorkspaceError(
            f"{workspace}: no workspace here (settings.toml is missing). "
            f"Make one with: ed-hotspots init {workspace}"
        )
    return checked(Settings, read_toml(path), path.name)
