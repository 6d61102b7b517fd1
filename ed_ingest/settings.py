"""Workspace settings and providers: read from TOML, checked once, every problem told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from ed_ingest.agreed_items import agreed_columns, always_stored
from ed_ingest.errors import AgreementError, SettingsError, WorkspaceError
from ed_ingest.schema import TableSpec, layout_names, load_layout, load_spec

PROVIDER_ID = r"[a-z0-9][a-z0-9_-]{0,40}"
Identifier = Annotated[str, Field(pattern=f"^{PROVIDER_ID}$")]
SMTP_PASSWORD = "ED_HOTSPOTS_SMTP_PASSWORD"  # noqa: S105 (the variable's name)


_T = TypeVar("_T", bound=BaseModel)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Partnership(_Table):
    """Who owns the workspace; the marking has no default because it is the agreement's to say."""

    name: str
    marking: str | None = None


class Tasking(_Table):
    """What a tasking meeting may see; no default for names of premises."""

    premises_names: bool | None = None


class Audiences(_Table):
    """Rules by audience."""

    tasking: Tasking = Tasking()


class SmallNumbers(_Table):
    """Disclosure control: threshold in incidents; how published counts are changed."""

    threshold: int = Field(5, ge=3, le=50)
    method: Literal["round5", "suppress_lt5"] = "round5"


class MapSettings(_Table):
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


class ThemeSettings(_Table):
    """Which themes a map offers, and which age bands count as young."""

    show: tuple[ThemeKey, ...] = get_args(ThemeKey)
    youth_bands: tuple[Literal["0-15", "16-17", "18-24"], ...] = ("0-15", "16-17")


class HarmSettings(_Table):
    """Harm of one assault by its method; no default, as it is the partnership's to judge.

    ``admitted``: what is added for a patient who was admitted.
    """

    weights: Mapping[Method, Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        default_factory=dict
    )
    admitted: float = Field(0, ge=0, le=1_000_000)


class NightTimeEconomy(_Table):
    """The window of the night-time economy, local hours; whose bank holidays."""

    start_hour: int = Field(18, ge=12, le=23)
    end_hour: int = Field(6, ge=0, le=11)
    country: Literal["England", "Wales", "Scotland", "Northern Ireland"] = "England"


class ChangeSettings(_Table):
    """Months of each of the two periods that are compared."""

    months: int = Field(3, ge=1, le=12)


class LinkageSettings(_Table):
    """Linkage with police records; capture and recapture is an analyst's table, off by default."""

    threshold: float = Field(0.5, gt=0, lt=1)
    capture_recapture: bool = False


class CompletenessSettings(_Table):
    """When a provider's month passes the minimum data set test."""

    usable_share: float = Field(0.5, gt=0, le=1)
    late_days: int = Field(31, ge=1, le=120)


class InboxSettings(_Table):
    """How often the watched folder is looked at; a file that held still so long is complete."""

    scan_seconds: float = Field(10, ge=0.05, le=3600)


class AgreementSettings(_Table):
    """How long before its end a sharing agreement is told to be ending."""

    expiry_days: int = Field(60, ge=1, le=366)


def _to_the_minute(at: time) -> time:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError("write a local time as HH:MM, in quotes")
    return at


LocalTime = Annotated[time, AfterValidator(_to_the_minute)]


class ScheduleSettings(_Table):
    """When the service does what; local times of Europe/London.

    ``settle_seconds``: between the last new records and a new draft, so that deliveries that come
    together make one. ``pack_day``: of the month; 0: a month pack is made by ``publish`` alone.
    """

    settle_seconds: float = Field(2, ge=0, le=3600)
    pack_day: int = Field(15, ge=0, le=28)
    pack_at: LocalTime = time(6)
    purge_at: LocalTime = time(3)
    notices_at: LocalTime = time(7)


class RetentionSettings(_Table):
    """How long what was delivered is kept; days, months, and records that must share a word.

    ``records_months``: whole months before the present one; no default, as the agreements say it.
    """

    raw_days: int = Field(0, ge=0, le=731)
    quarantine_days: int = Field(30, ge=1, le=731)
    records_months: int | None = Field(None, ge=1, le=600)
    logs_days: int = Field(92, ge=7, le=731)
    words_days: int = Field(92, ge=0, le=731)
    words_min_records: int = Field(3, ge=2, le=100)


class ReadingSettings(_Table):
    """What reading one delivered file may take; beyond it the file is refused."""

    max_file_mb: int = Field(1024, ge=1, le=65_536)
    max_memory_mb: int = Field(2048, ge=256, le=1_048_576)
    max_seconds: int = Field(300, ge=5, le=86_400)


def _score(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise ValueError("write a whole number from 1 (worst) to 5 (best)")
    return value


Score = Annotated[int, BeforeValidator(_score)]


class SharingArrangement(_Table):
    """One line of the self-assessment: the partnership's own answers, and never a person's data.

    ``ease`` of setting up, how well it is ``working``, how well what is shared is ``used``: 1 to 5.
    """

    in_place: bool
    data_shared: bool | None = None
    protocol_signed: bool | None = None
    ease: Score | None = None
    working: Score | None = None
    used: Score | None = None

    @model_validator(mode="after")
    def _only_of_what_is_there(self) -> Self:
        # Ease may be told of what was tried and is not in place.
        if not self.in_place and (
            self.data_shared or self.protocol_signed or self.working or self.used
        ):
            raise ValueError(
                "not in place, and yet shared, signed or scored: set in_place = true, or take "
                "data_shared, protocol_signed, working and used out"
            )
        return self


ArrangementName = Literal[
    "marac", "mappa", "ppo", "safeguarding_children", "vulnerable_adults", "youth_offending"
]
AgencyName = Literal[
    "local_authority",
    "anti_social_behaviour",
    "abandoned_vehicles",
    "noise",
    "complaint_lines",
    "used_needles",
    "fire_and_rescue",
    "police",
    "domestic_violence_projects",
    "drug_action_teams",
    "probation",
    "health_boards",
    "alcohol_teams",
    "emergency_departments",
    "criminal_justice_boards",
    "social_landlords",
    "ambulance",
    "environment_agency",
]


def _known(names: tuple[str, ...]) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, Mapping) and not set(value) <= set(names):
            raise ValueError(f"names what the survey did not ask about; use {', '.join(names)}")
        return value

    return BeforeValidator(check)


class SelfAssessment(_Table):
    """What the partnership says of its own sharing, by the names of the survey of 2009."""

    answered_on: date | None = None
    arrangements: Annotated[
        Mapping[ArrangementName, SharingArrangement], _known(get_args(ArrangementName))
    ] = Field(default_factory=dict)
    agencies: Annotated[Mapping[AgencyName, SharingArrangement], _known(get_args(AgencyName))] = (
        Field(default_factory=dict)
    )


class Paths(_Table):
    """Folders that may lie on a share; the store never does."""

    inbox: Path | None = None
    outputs: Path | None = None


Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$")]


class MailSettings(_Table):
    """The mail server through which the notice of a pack goes, from whom and to whom.

    ``user``: where the server asks for one; its password stands in the environment alone.
    """

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(587, ge=1, le=65_535)
    starttls: bool = True
    sender: Address = Field(alias="from")
    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    user: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "password" in given:
            raise ValueError(
                f"a password never stands in settings.toml: take it out, set {SMTP_PASSWORD} in "
                "the environment, and change it, as it was written down here"
            )
        return given

    @model_validator(mode="after")
    def _password_only_encrypted(self) -> Self:
        if self.user and not self.starttls:
            raise ValueError("with a user set starttls = true: no password is sent in clear")
        return self


class Circulation(_Table):
    """Where the files of each audience are copied after a pack is published; nowhere unless set."""

    tasking: Path | None = None
    licensing: Path | None = None
    data_quality: Path | None = None
    analyst: Path | None = None
    mail: MailSettings | None = None

    @property
    def folders(self) -> dict[str, Path]:
        """The folders that are set, by the audience's name."""
        named = {
            "tasking": self.tasking,
            "licensing": self.licensing,
            "data_quality": self.data_quality,
            "analyst": self.analyst,
        }
        return {name: folder for name, folder in named.items() if folder is not None}

    @model_validator(mode="after")
    def _mail_of_something(self) -> Self:
        if self.mail and not self.folders:
            raise ValueError("mail tells where a pack was copied to: set a folder too")
        return self


class Settings(_Table):
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


class Agreement(_Table):
    """The information sharing protocol with a provider.

    ``items``: what is agreed beyond the default; ``not_agreed``: what it withholds of the default.
    ``k_min``: least number of records alike in age band, sex, place, night and provider that may
    tell sex or age band; none asked unless named.
    """

    reference: str = "not recorded"
    valid_from: date | None = None
    valid_to: date | None = None
    items: tuple[str, ...] = ()
    not_agreed: tuple[str, ...] = ()
    lsoa_of_homes: bool = False
    k_min: int | None = Field(None, ge=2, le=1000)
    frequency: Literal["weekly", "fortnightly", "monthly", "quarterly"] = "monthly"


class Format(_Table):
    """How the provider's file is laid out."""

    sheet: str | None = None
    header_row: int | None = Field(None, ge=1)
    # None: judged anew from the evidence of each file.
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    midnight_is_missing: bool | None = None


class CountsTable(_Table):
    """How a provider's table of counts is laid out.

    ``wide``: what the columns of counts are of. ``methods``: their headers -> contract codes; those
    understood when none are named. ``period``: of a file that tells it nowhere, or the year of one
    that tells only months. ``blank``: what an empty cell stands for.
    """

    wide: Literal["no", "method", "period", "method_and_period"] = "no"
    methods: Mapping[str, str] = Field(default_factory=dict)
    period: str | None = None
    blank: Literal["suppressed", "zero", "left_out"] = "suppressed"


class Provider(_Table):
    """providers/<id>.toml: what one provider sends, and under which agreement.

    ``columns`` maps a name of the schema to a header, or to several headers whose words are joined
    with a comma. ``ticks`` maps a coded column to the headers of its boxes to tick; a ticked box
    tells what its header says. ``values`` maps, for one such name, the provider's words or codes
    to contract codes; it comes before the general vocabulary.
    """

    id: Identifier
    name: str
    kind: Literal["ed", "police", "counts"]
    source: Literal["ed", "ambulance", "urgent_care"] = "ed"
    site_code: str = ""
    layout: str | None = None
    agreement: Agreement = Agreement()
    format: Format = Format()
    counts: CountsTable = CountsTable()
    columns: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    ticks: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    @property
    def schema_name(self) -> str:
        """The schema that the provider's rows must meet."""
        return {"ed": "ed_assault", "police": "police_crime", "counts": "assault_counts"}[self.kind]

    @property
    def agreed(self) -> list[str]:
        """Contract columns that may be stored, as `agreed_columns` tells them."""
        return agreed_columns(
            load_spec(self.schema_name),
            items=self.agreement.items,
            not_agreed=self.agreement.not_agreed,
        )

    def require_in_force(self, on: date) -> None:
        """Refuse a delivery outside the agreement's dates.

        Raises
        ------
        AgreementError
            If the agreement names dates and `on` is not among them.
        """
        start, end = self.agreement.valid_from, self.agreement.valid_to
        if (start and on < start) or (end and on > end):
            raise AgreementError(
                f"providers/{self.id}.toml: the sharing agreement {self.agreement.reference} is "
                f"not in force on {on:%d %B %Y}. Record the renewed dates under [agreement], or do "
                "not take this delivery."
            )


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
    return _checked(Settings, _read_toml(path), path.name)


def load_provider(workspace: Path, provider_id: str) -> Provider:
    """Read providers/<id>.toml, with the known layout that it names underneath.

    Raises
    ------
    SettingsError
        If there is no such provider, or its file is wrong; the message lists every problem.
    """
    path = workspace / "providers" / f"{provider_id}.toml"
    if provider_id not in provider_ids(workspace):
        known = ", ".join(provider_ids(workspace)) or "none yet"
        raise SettingsError(
            f"providers/: no provider of that name (known: {known}). "
            "Add its .toml file, or correct --provider."
        )
    document = _read_toml(path)
    where = f"providers/{path.name}"
    layout_name = document.get("layout")
    if layout_name is not None:
        if layout_name not in layout_names():
            raise SettingsError(
                f"{where}: layout is not a known one. Use one of: {', '.join(layout_names())}."
            )
        document = _over(load_layout(layout_name), document)
    provider = _checked(Provider, {"id": provider_id, **document}, where)
    _check_names(provider, where)
    return provider


def load_providers(workspace: Path) -> list[Provider]:
    """All providers whose file is right; a faulty one is told when its own delivery comes."""
    providers = []
    for provider_id in provider_ids(workspace):
        try:
            providers.append(load_provider(workspace, provider_id))
        except SettingsError:
            continue
    return providers


def provider_ids(workspace: Path) -> list[str]:
    """Ids of all providers that the workspace knows."""
    return sorted(p.stem for p in (workspace / "providers").glob("*.toml"))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not valid TOML ({error}). Correct that line.") from None


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two levels of tables; what stands in `above` wins."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = {**merged[key], **value} if both else value
    return merged


def _checked(model: type[_T], document: Mapping[str, Any], where: str) -> _T:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise SettingsError(f"{where}: {problems}. Correct these and try again.") from None


def _check_names(provider: Provider, where: str) -> None:
    spec = load_spec(provider.schema_name)
    identifiers = set(spec.names("identifier"))
    unknown = sorted(
        (set(provider.columns) | set(provider.ticks) | set(provider.values)) - set(spec.names())
    )
    named = sorted(set(provider.columns) & identifiers)
    problems = _agreement_problems(provider.agreement, spec)
    if unknown:
        problems.append(f"no such column in schemas/{spec.name}.json: {', '.join(unknown)}")
    if named:
        problems.append(f"identifiers are never read, take out: {', '.join(named)}")
    if problems:
        raise SettingsError(f"{where}: {'; '.join(problems)}.")


def _agreement_problems(agreement: Agreement, spec: TableSpec) -> list[str]:
    items, withheld = set(agreement.items), set(agreement.not_agreed)
    told = [
        ("agreement.items names unknown items", items - set(spec.contract)),
        ("agreement.not_agreed names unknown items", withheld - set(spec.contract)),
        ("agreement.not_agreed names what no record is without", withheld & {*always_stored(spec)}),
        ("agreement.items and agreement.not_agreed both name", items & withheld),
    ]
    problems = [f"{words}: {', '.join(sorted(names))}" for words, names in told if names]
    start, end = agreement.valid_from, agreement.valid_to
    if start and end and end < start:
        problems.append("agreement.valid_to is before agreement.valid_from")
    return problems
