"""providers/<id>.toml: what each provider sends, and under which agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import (
    Field,
)

from ed_ingest.agreed_items import agreed_columns, always_stored
from ed_ingest.errors import AgreementError, SettingsError
from ed_ingest.schema import TableSpec, layout_names, load_layout, load_spec
from ed_ingest.toml_tables import Identifier, Table, checked, merged_tables, read_toml


class Agreement(Table):
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


class Format(Table):
    """How the provider's file is laid out."""

    sheet: str | None = None
    header_row: int | None = Field(None, ge=1)
    # None: judged anew from the evidence of each file.
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    midnight_is_missing: bool | None = None


class CountsTable(Table):
    """How a provider's table of counts is laid out.

    ``wide``: what the columns of counts are of. ``methods``: their headers -> contract codes; those
    understood when none are named. ``period``: of a file that tells it nowhere, or the year of one
    that tells only months. ``blank``: what an empty cell stands for.
    """

    wide: Literal["no", "method", "period", "method_and_period"] = "no"
    methods: Mapping[str, str] = Field(default_factory=dict)
    period: str | None = None
    blank: Literal["suppressed", "zero", "left_out"] = "suppressed"


class Provider(Table):
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
    document = read_toml(path)
    where = f"providers/{path.name}"
    layout_name = document.get("layout")
    if layout_name is not None:
        if layout_name not in layout_names():
            raise SettingsError(
                f"{where}: layout is not a known one. Use one of: {', '.join(layout_names())}."
            )
        document = merged_tables(load_layout(layout_name), document)
    provider = checked(Provider, {"id": provider_id, **document}, where)
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
