"""Settings of what a partnership shares: its arrangements, and where its packs go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from ed_ingest.toml_tables import Table

SMTP_PASSWORD = "ED_HOTSPOTS_SMTP_PASSWORD"  # noqa: S105 (the variable's name)


def _score(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise ValueError("write a whole number from 1 (worst) to 5 (best)")
    return value


Score = Annotated[int, BeforeValidator(_score)]


class SharingArrangement(Table):
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


class SelfAssessment(Table):
    """What the partnership says of its own sharing, by the names of the survey of 2009."""

    answered_on: date | None = None
    arrangements: Annotated[
        Mapping[ArrangementName, SharingArrangement], _known(get_args(ArrangementName))
    ] = Field(default_factory=dict)
    agencies: Annotated[Mapping[AgencyName, SharingArrangement], _known(get_args(AgencyName))] = (
        Field(default_factory=dict)
    )


Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$")]


class MailSettings(Table):
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


class Circulation(Table):
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
