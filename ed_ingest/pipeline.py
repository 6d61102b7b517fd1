"""JOURNEY 1: a delivered file becomes stored, de-identified and located records."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.batches import overlapping_periods, period_of_records, rules_told
from ed_ingest.class_keeping import classes_told
from ed_ingest.deidentify import redact_file_name
from ed_ingest.errors import AlreadyTakenError, OtherProviderError
from ed_ingest.gazetteer import current_gazetteer
from ed_ingest.given import PathLike, path_of, require_kind
from ed_ingest.guarded import Limits, read_guarded
from ed_ingest.issues import all_issues, issue_kinds
from ed_ingest.kept_since import kept_since
from ed_ingest.place_review import purge_words, with_held
from ed_ingest.prepared import (
    AttendanceDelivery,
    CountsDelivery,
    CrimeDelivery,
    Delivery,
    Receipt,
)
from ed_ingest.providers import Provider, load_provider, load_providers
from ed_ingest.read import file_hash
from ed_ingest.stages import Arrival, delivery_of
from ed_ingest.store import Store, open_store
from ed_ingest.tables import Gazetteer, RawExtract
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
        places = gazetteer or current_gazetteer(workspace.reference)
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
    places = current_gazetteer(workspace.reference)
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
    """Make records of the file's rows, all in memory, unless it is another provider's."""
    claimants = [Claimant(p.id, p.site_code, p.columns) for p in load_providers(workspace.root)]
    refuse_another_providers(raw, provider.id, claimants, name=where)
    since = kept_since(_today(), workspace.settings.retention.records_months)
    return delivery_of(raw, Arrival(where, provider, batch_id, received_at, since, places, key))


def _with_overlaps(delivery: Delivery, store: Store, provider: Provider) -> Delivery:
    """Note counts whose days are stored by other periods already: a quarter after its months."""
    if not isinstance(delivery, CountsDelivery):
        return delivery
    note = overlapping_periods(delivery.records, store.count_periods(provider.id))
    return replace(delivery, issues=all_issues([delivery.issues, note]))


def _today() -> date:
    return datetime.now().astimezone().date()


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
