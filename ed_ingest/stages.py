"""What the rows of each kind of file go through: cells to records that may be stored, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ed_ingest.agreed_items import without_unagreed_cells
from ed_ingest.batches import counted, held_back_rows, numbered_ids
from ed_ingest.completeness import items_present
from ed_ingest.counts import CountsShape, read_counts
from ed_ingest.crimes import read_crimes
from ed_ingest.deidentify import redact_words, seal
from ed_ingest.held_words import words_to_place
from ed_ingest.issues import all_issues
from ed_ingest.layout import apply_mapping
from ed_ingest.normalise import normalise_attendances
from ed_ingest.places import locate
from ed_ingest.police_uk import crime_columns
from ed_ingest.prepared import AttendanceDelivery, CountsDelivery, CrimeDelivery, Delivery
from ed_ingest.providers import Provider
from ed_ingest.reading_notes import reading_notes
from ed_ingest.schema import load_spec
from ed_ingest.tables import Gazetteer, RawExtract
from ed_ingest.validate import validate


@dataclass(frozen=True)
class Arrival:
    """A file's sender, how it came, and what its rows are read with.

    Attributes
    ----------
    file_name
        As messages name it.
    provider
        Whose it is: mapping, codes and agreement.
    batch_id, received_at
        Of the delivery; local time.
    records_since
        The first day of which records are kept; None: all.
    places, key
        The workspace's reference data and secret key.
    """

    file_name: str
    provider: Provider
    batch_id: str
    received_at: datetime
    records_since: date | None
    places: Gazetteer
    key: bytes

    @property
    def mapping(self) -> str:
        """File and mapping, as messages name them."""
        return f"{self.file_name}, mapped by providers/{self.provider.id}.toml"


def delivery_of(raw: RawExtract, arrival: Arrival) -> Delivery:
    """Take the rows of a file through the stages of its kind.

    Raises
    ------
    EdHotspotsError
        If the columns do not fit the provider's mapping.
    """
    stages: Mapping[str, Callable[[RawExtract, Arrival], Delivery]] = {
        "ed": _attendances,
        "police": _crimes,
        "counts": _counts,
    }
    return stages[arrival.provider.kind](raw, arrival)


def _attendances(raw: RawExtract, arrival: Arrival) -> AttendanceDelivery:
    """The journey of assault attendances, a line a stage."""
    spec, provider = load_spec("ed_assault"), arrival.provider
    mapped = apply_mapping(raw, provider.columns, where=arrival.mapping, ticks=provider.ticks)
    present = items_present(without_unagreed_cells(mapped, provider.agreed))
    normalised = normalise_attendances(
        mapped,
        values=provider.values,
        date_order=provider.format.date_order,
        midnight_is_missing=provider.format.midnight_is_missing,
    )
    checked = validate(
        normalised, spec, received_on=arrival.received_at.date(), kept_since=arrival.records_since
    )
    redacted = redact_words(checked.attendances, spec, places=arrival.places)
    located = locate(redacted, gazetteer=arrival.places)
    sealed = seal(
        located,
        spec,
        key=arrival.key,
        provider=provider.id,
        source=provider.source,
        batch_id=arrival.batch_id,
        agreed=provider.agreed,
        lsoa_of_homes=provider.agreement.lsoa_of_homes,
    )
    held_back = held_back_rows(checked.held_back, present, key=arrival.key, provider=provider.id)
    counts = counted(
        len(raw),
        sealed,
        held_back=len(checked.held_back),
        not_assault=checked.n_not_assault,
        duplicate=checked.n_duplicate,
    )
    words = words_to_place(located, gazetteer=arrival.places).join(sealed["event_id"])
    if not {"location_text", "place_id"} <= set(provider.agreed):
        words = words.iloc[:0]  # words that may not be stored are not held for a while either
    issues = all_issues([checked.issues, reading_notes(raw.attrs)])
    others = normalised[~normalised.index.isin(sealed.index)]
    withdrawn = numbered_ids(others, key=arrival.key, provider=provider.id).dropna()
    numbered = numbered_ids(
        normalised.loc[sealed.index], key=arrival.key, provider=provider.id
    ).notna()
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


def _crimes(raw: RawExtract, arrival: Arrival) -> CrimeDelivery:
    """The journey of police recorded crimes: the same reading, mapping and checking."""
    spec, provider = load_spec("police_crime"), arrival.provider
    columns = crime_columns(raw, provider.columns)
    mapped = apply_mapping(raw, columns, where=arrival.mapping)
    checked = read_crimes(
        mapped,
        spec,
        key=arrival.key,
        provider=provider.id,
        batch_id=arrival.batch_id,
        places=arrival.places,
        values=provider.values,
        date_order=provider.format.date_order,
        agreed=provider.agreed,
        kept_since=arrival.records_since,
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


def _counts(raw: RawExtract, arrival: Arrival) -> CountsDelivery:
    """The journey of counts: a table is taken apart, and each count checked and placed."""
    provider, layout = arrival.provider, arrival.provider.counts
    read = read_counts(
        raw,
        load_spec("assault_counts"),
        columns=provider.columns,
        shape=CountsShape(layout.wide, layout.methods, layout.period, layout.blank),
        values=provider.values,
        places=arrival.places,
        key=arrival.key,
        provider=provider.id,
        batch_id=arrival.batch_id,
        received_on=arrival.received_at.date(),
        where=arrival.mapping,
        agreed=provider.agreed,
        kept_since=arrival.records_since,
    )
    counts = counted(
        read.n_read,
        read.counts,
        held_back=read.n_held_back,
        duplicate=read.n_duplicate,
    )
    issues = all_issues([read.issues, reading_notes(raw.attrs)])
    return CountsDelivery(read.counts, read.count_ids, issues, counts)
