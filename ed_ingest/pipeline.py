"""JOURNEY 1: a delivered file becomes stored, de-identified and located records."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.agreed_items import without_unagreed_cells
from ed_ingest.batches import (
    counted,
    held_back_rows,
    numbered_ids,
    overlapping_periods,
    period_of_records,
    rules_told,
)
from ed_ingest.class_keeping import classes_told
from ed_ingest.completeness import items_present
from ed_ingest.counts import CountsShape, read_counts
from ed_ingest.crimes import read_crimes
from ed_ingest.deidentify import (
    redact_file_name,
    redact_words,
    seal,
)
from ed_ingest.errors import AlreadyTakenError, OtherProviderError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.given import PathLike, path_of, require_kind
from ed_ingest.guarded import Limits, read_guarded
from ed_ingest.held_words import words_to_place
from ed_ingest.issues import all_issues, issue_kinds
from ed_ingest.kept_since import kept_since
from ed_ingest.layout import apply_mapping
from ed_ingest.normalise import normalise_attendances
from ed_ingest.place_review import purge_words, with_held
from ed_ingest.places import locate
from ed_ingest.police_uk import crime_columns
from ed_ingest.prepared import (
    AttendanceDelivery,
    CountsDelivery,
    CrimeDelivery,
    Delivery,
    Receipt,
)
from ed_ingest.providers import Provider, load_provider, load_providers
from ed_ingest.read import file_hash
from ed_ingest.reading_notes import reading_notes
from ed_ingest.schema import load_spec
from ed_ingest.store import Store, open_store
from ed_ingest.tables import Gazetteer, RawExtract
from ed_ingest.validate import validate
from ed_ingest.whose import Claimant, refuse_another_providers
from ed_ingest.workspace import Workspace


def ingest(
    path: PathLike,
    workspace: Workspace,
    provider_id: str,
    *,
    received_at: datetime,
    gazetteer: Gazetteer | None = None,
    file_id: str | None = None,
) -> Receipt:
    """Take one delivered file into the store, all of it or nothing.

    Parameters
    ----------
    path
        The file as delivered.
    workspace, provider_id
        Whose file it is, by the name of its providers/<id>.toml.
    received_at
        When the delivery came, local time; the sharing agreement must be in force on that day.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.
    file_id
        Its row of the watched folder's files, marked in the same transaction; None for a file that
        did not come that way.

    Returns
    -------
    Receipt
        ``state`` is ``stored``, or ``duplicate`` where this very file was stored before;
        ``batch_id``, and how many rows were read, stored, held back and dropped. Holds no value.

    Raises
    ------
    EdHotspotsError
        If the provider, its agreement, the file or its columns do not fit; nothing is stored.
    """
    path = path_of(path, name="path")
    provider, content = _admit(path, workspace, provider_id, received_at)
    with open_store(workspace.store) as store:
        purge_words(store, workspace.settings.retention.words_days)
        earlier = _taken_before(store, content, provider, path.name)
        if earlier is not None:
            return Receipt(path.name, provider.id, "duplicate", earlier)
        batch_id = f"{received_at:%Y%m%d}-{secrets.token_hex(4)}"
        places = gazetteer or load_gazetteer(workspace.reference)
        key = workspace.key(needed=store.holds_batches())
        raw = _read(path, provider, workspace)
        delivery = _prepare(raw, path.name, workspace, provider, places, key, batch_id, received_at)
        delivery = _with_overlaps(delivery, store, provider)
        delivery = with_held(delivery, store, workspace.settings.retention, places)
        batch = _batch(batch_id, provider, path, content, received_at, delivery)
        try:
            stored = _record(store, {**batch, "file_id": file_id}, delivery)
        except AlreadyTakenError:
            taken = str(store.batch_of_file(content, provider.id))
            return Receipt(path.name, provider.id, "duplicate", taken)
        counts = {**delivery.counts, **stored}
    told = (rules_told(delivery.issues), issue_kinds(delivery.issues))
    return Receipt(path.name, provider.id, "stored", batch_id, counts, *told)


def check(
    path: PathLike, workspace: Workspace, provider_id: str, *, received_at: datetime
) -> Receipt:
    """Tell what `ingest` would do with a file; nothing is written, no store or key is made.

    Parameters
    ----------
    path, workspace, provider_id, received_at
        As for `ingest`.

    Returns
    -------
    Receipt
        ``state`` is ``checked`` or ``duplicate``; the counts are those that `ingest` would give.

    Raises
    ------
    EdHotspotsError
        As for `ingest`.
    """
    path = path_of(path, name="path")
    provider, content = _admit(path, workspace, provider_id, received_at)
    if workspace.store.is_file():
        with open_store(workspace.store) as store:
            earlier = _taken_before(store, content, provider, path.name)
        if earlier is not None:
            return Receipt(path.name, provider.id, "duplicate", earlier)
    places = load_gazetteer(workspace.reference)
    throwaway_key = secrets.token_bytes(32)
    raw = _read(path, provider, workspace)
    delivery = _prepare(raw, path.name, workspace, provider, places, throwaway_key, "", received_at)
    counts = dict(delivery.counts)
    if isinstance(delivery, AttendanceDelivery):
        counts |= classes_told(delivery.records, k_min=delivery.k_min)
    told = (rules_told(delivery.issues), issue_kinds(delivery.issues))
    return Receipt(path.name, provider.id, "checked", "", counts, *told)


def _admit(
    path: Path, workspace: Workspace, provider_id: str, received_at: datetime
) -> tuple[Provider, str]:
    """The provider, its agreement in force, and the hash of its file."""
    require_kind(workspace, Workspace, name="workspace", made_by="open_workspace")
    require_kind(received_at, datetime, name="received_at", made_by="datetime(year, month, day)")
    provider = load_provider(workspace.root, provider_id)
    provider.require_in_force(received_at.date())
    return provider, file_hash(path)


def _taken_before(store: Store, content: str, provider: Provider, name: str) -> str | None:
    """The batch that this very file made for this provider; refused if it made one for another."""
    batches = store.batches_of_file(content)
    others = sorted(set(batches) - {provider.id})
    if others and provider.id not in batches:
        raise OtherProviderError(
            f"{name}: this very file was taken for provider {others[0]} as batch "
            f"{batches[others[0]]}.",
            named="Correct --provider, or ask the provider for the right file.",
            dropped=f"Delete it, and ask {provider.id} for the right file.",
        )
    return batches.get(provider.id)


def _read(path: Path, provider: Provider, workspace: Workspace) -> RawExtract:
    """Read the file in a process of its own, within the workspace's limits."""
    allowed = workspace.settings.reading
    return read_guarded(
        path,
        sheet=provider.format.sheet,
        header_row=provider.format.header_row,
        what="counts" if provider.kind == "counts" else "records",
        limits=Limits(allowed.max_memory_mb, allowed.max_seconds, allowed.max_file_mb),
    )


def _prepare(
    raw: RawExtract,
    where: str,
    workspace: Workspace,
    provider: Provider,
    places: Gazetteer,
    key: bytes,
    batch_id: str,
    received_at: datetime,
) -> Delivery:
    """Take the file through the stages of its kind, all in memory."""
    claimants = [Claimant(p.id, p.site_code, p.columns) for p in load_providers(workspace.root)]
    refuse_another_providers(raw, provider.id, claimants, name=where)
    stages: Mapping[str, Callable[..., Delivery]] = {
        "ed": _attendance_delivery,
        "police": _crimes_delivery,
        "counts": _counts_delivery,
    }
    return stages[provider.kind](
        raw,
        provider,
        places=places,
        key=key,
        batch_id=batch_id,
        received_at=received_at,
        records_since=kept_since(_today(), workspace.settings.retention.records_months),
        where=where,
    )


def _attendance_delivery(
    raw: RawExtract,
    provider: Provider,
    *,
    places: Gazetteer,
    key: bytes,
    batch_id: str,
    received_at: datetime,
    records_since: date | None,
    where: str,
) -> AttendanceDelivery:
    """The journey of assault attendances, a line a stage."""
    spec = load_spec("ed_assault")
    mapped = apply_mapping(
        raw, provider.columns, where=_where(where, provider), ticks=provider.ticks
    )
    present = items_present(without_unagreed_cells(mapped, provider.agreed))
    normalised = normalise_attendances(
        mapped,
        values=provider.values,
        date_order=provider.format.date_order,
        midnight_is_missing=provider.format.midnight_is_missing,
    )
    checked = validate(normalised, spec, received_on=received_at.date(), kept_since=records_since)
    redacted = redact_words(checked.attendances, spec, places=places)
    located = locate(redacted, gazetteer=places)
    sealed = seal(
        located,
        spec,
        key=key,
        provider=provider.id,
        source=provider.source,
        batch_id=batch_id,
        agreed=provider.agreed,
        lsoa_of_homes=provider.agreement.lsoa_of_homes,
    )
    held_back = held_back_rows(checked.held_back, present, key=key, provider=provider.id)
    counts = counted(
        len(raw),
        sealed,
        held_back=len(checked.held_back),
        not_assault=checked.n_not_assault,
        duplicate=checked.n_duplicate,
    )
    words = words_to_place(located, gazetteer=places).join(sealed["event_id"])
    if not {"location_text", "place_id"} <= set(provider.agreed):
        words = words.iloc[:0]  # words that may not be stored are not held for a while either
    issues = all_issues([checked.issues, reading_notes(raw.attrs)])
    others = normalised[~normalised.index.isin(sealed.index)]
    withdrawn = numbered_ids(others, key=key, provider=provider.id).dropna()
    numbered = numbered_ids(normalised.loc[sealed.index], key=key, provider=provider.id).notna()
    return AttendanceDelivery(
        records=sealed,
        issues=issues,
        held_back=held_back,
        items_present=present.loc[sealed.index],
        numbered=numbered,
        withdrawn=withdrawn,
        words=words,
        counts=counts,
        k_min=provider.agreement.k_min,
    )


def _crimes_delivery(
    raw: RawExtract,
    provider: Provider,
    *,
    places: Gazetteer,
    key: bytes,
    batch_id: str,
    received_at: datetime,
    records_since: date | None,
    where: str,
) -> CrimeDelivery:
    """The journey of police recorded crimes: the same reading, mapping and checking."""
    spec = load_spec("police_crime")
    columns = crime_columns(raw, provider.columns)
    mapped = apply_mapping(raw, columns, where=_where(where, provider))
    checked = read_crimes(
        mapped,
        spec,
        key=key,
        provider=provider.id,
        batch_id=batch_id,
        places=places,
        values=provider.values,
        date_order=provider.format.date_order,
        agreed=provider.agreed,
        kept_since=records_since,
    )
    crimes = checked.crimes
    held_back = int((checked.issues["fate"] == "held_back").sum())
    counts = counted(
        len(raw),
        crimes,
        held_back=len(raw) - len(crimes) - checked.n_duplicate if held_back else 0,
        duplicate=checked.n_duplicate,
    )
    return CrimeDelivery(crimes, all_issues([checked.issues, reading_notes(raw.attrs)]), counts)


def _counts_delivery(
    raw: RawExtract,
    provider: Provider,
    *,
    places: Gazetteer,
    key: bytes,
    batch_id: str,
    received_at: datetime,
    records_since: date | None,
    where: str,
) -> CountsDelivery:
    """The journey of counts: a table is taken apart, and each count checked and placed."""
    layout = provider.counts
    read = read_counts(
        raw,
        load_spec("assault_counts"),
        columns=provider.columns,
        shape=CountsShape(layout.wide, layout.methods, layout.period, layout.blank),
        values=provider.values,
        places=places,
        key=key,
        provider=provider.id,
        batch_id=batch_id,
        received_on=received_at.date(),
        where=_where(where, provider),
        agreed=provider.agreed,
        kept_since=records_since,
    )
    counts = counted(
        read.n_read,
        read.counts,
        held_back=read.n_held_back,
        duplicate=read.n_duplicate,
    )
    issues = all_issues([read.issues, reading_notes(raw.attrs)])
    return CountsDelivery(read.counts, read.count_ids, issues, counts)


def _with_overlaps(delivery: Delivery, store: Store, provider: Provider) -> Delivery:
    """Note counts whose days are stored by other periods already: a quarter after its months."""
    if not isinstance(delivery, CountsDelivery):
        return delivery
    note = overlapping_periods(delivery.records, store.count_periods(provider.id))
    return replace(delivery, issues=all_issues([delivery.issues, note]))


def _today() -> date:
    return datetime.now().astimezone().date()


def _where(name: str, provider: Provider) -> str:
    return f"{name}, mapped by providers/{provider.id}.toml"


def _batch(
    batch_id: str,
    provider: Provider,
    path: Path,
    content: str,
    received_at: datetime,
    delivery: Delivery,
) -> dict[str, Any]:
    first, last = period_of_records(delivery.records)
    return {
        "batch_id": batch_id,
        "provider": provider.id,
        "kind": provider.kind,
        "received_at": pd.Timestamp(received_at.replace(second=0, microsecond=0, tzinfo=None)),
        "file_hash": content,
        "file_name": redact_file_name(path.name, provider=provider.id),
        "agreement": provider.agreement.reference,
        "period_from": first,
        "period_to": last,
        **delivery.counts,
    }


def _record(store: Store, batch: Mapping[str, Any], delivery: Delivery) -> dict[str, int]:
    if isinstance(delivery, CrimeDelivery):
        return store.record_crimes(batch, delivery.records, issues=delivery.issues)
    if isinstance(delivery, CountsDelivery):
        return store.record_counts(
            batch, delivery.records, count_ids=delivery.count_ids, issues=delivery.issues
        )
    return store.record_attendances(
        batch,
        delivery.records,
        items_present=delivery.items_present,
        numbered=delivery.numbered,
        held_back=delivery.held_back,
        withdrawn=delivery.withdrawn,
        issues=delivery.issues,
        held=delivery.held,
        k_min=delivery.k_min,
    )
