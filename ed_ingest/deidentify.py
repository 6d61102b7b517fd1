"""GATE 1: people, numbers and homes leave the words (redact); only what is known stays (seal)."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pandas as pd

from ed_ingest.agreed_items import TIMES, without_items
from ed_ingest.answered_places import homes_named
from ed_ingest.coordinates import SMALL_AREA_CODE
from ed_ingest.file_names import redact_file_name
from ed_ingest.given import Texts, require_kind, texts_of
from ed_ingest.hidden_numbers import without_hidden_numbers
from ed_ingest.levels import HOMES
from ed_ingest.name_index import index_names
from ed_ingest.redaction import only_known_words, redact_texts
from ed_ingest.schema import Field, TableSpec
from ed_ingest.tables import Attendances, Gazetteer, Located, Redacted, Sealed
from ed_ingest.words import normal_form

__all__ = [
    "attendance_names",
    "opaque_ids",
    "redact",
    "redact_file_name",
    "redact_words",
    "seal",
    "with_held_words",
]

# Columns that the record of an assault at a home does not have.
OF_NO_HOME = (
    *("location_text", "place_id", "place_name", "easting", "northing"),
    *("location_uncertainty_m", "match_score"),
)
BAND_STARTS = (0, 16, 18, 25, 35, 45, 55, 65)  # years; one for each band of the schema but unknown
_OLDEST = 130
_PART = "\x1f"


def redact(texts: Texts, *, places: Gazetteer) -> pd.Series:
    """Take people, numbers and homes out of words; the names of places stay.

    Known places are protected first, so that "Jack Murphy's" stays and "at Jones's flat" goes. Of
    the rest, what is a name, a number that names somebody, or no known word at all is taken out,
    unless it stands where the name of a place does. Of a home only the words that say so stay, and
    so it is with a text that names what an analyst has said to be a home.

    Parameters
    ----------
    texts
        Locations in words, as delivered; may be missing. A list or array gets the index 0, 1, 2 …
    places
        Known places, as from `load_gazetteer`.

    Returns
    -------
    Series
        On the index of `texts`; ``[…]`` stands where words were taken out. Missing stays missing.
        This is not yet what may be stored: `seal` keeps less.

    Raises
    ------
    EdHotspotsError
        If `texts` is no column of texts, or `places` no gazetteer.
    """
    require_kind(places, Gazetteer, name="places", made_by="load_gazetteer")
    texts = texts_of(texts, name="texts")
    index = index_names(places)
    codes, distinct = pd.factorize(homes_named(texts, places.aliases))
    redacted = redact_texts([str(text) for text in distinct], index)
    redacted = [without_hidden_numbers(text) for text in redacted]
    # The code of a missing text is -1: the last entry.
    words = pd.Series([*redacted, None], dtype="str")
    return pd.Series(words.to_numpy()[codes], index=texts.index, dtype="str", name=texts.name)


def opaque_ids(key: bytes, provider: str, parts: pd.Series) -> pd.Series:
    """Name each record by a keyed hash that tells nothing without the workspace's key.

    Parameters
    ----------
    key
        The workspace's random key, 16 to 64 bytes, kept outside the database.
    provider
        Provider id; equal parts of two providers get unlike names.
    parts
        What tells one record of the provider from another; none missing.

    Returns
    -------
    Series
        32 hexadecimal digits each, on the index of `parts`; equal parts get equal names.

    Raises
    ------
    ValueError
        If the key is too short or too long, or a part is missing.
    """
    if not 16 <= len(key) <= 64:
        raise ValueError("The workspace's key must have 16 to 64 bytes.")
    if parts.isna().any():
        raise ValueError("A part that names a record is missing.")
    codes, distinct = pd.factorize(parts.astype(str))
    digests = [
        blake2b(f"{provider}\x1f{part}".encode(), key=key, digest_size=16).hexdigest()
        for part in distinct
    ]
    names = pd.Series(digests, dtype="str")
    return pd.Series(names.to_numpy()[codes], index=parts.index, dtype="str")


def redact_words(attendances: Attendances, spec: TableSpec, *, places: Gazetteer) -> Redacted:
    """Drop whole columns by role, and people, numbers and homes inside the words.

    Columns are kept by allow-list, so one that the schema has never heard of is dropped. No
    pseudonym of a person is made: nothing downstream needs to know that two rows are the same
    person.

    Parameters
    ----------
    attendances
        Rows that meet the schema.
    spec
        The table's schema, whose roles decide.
    places
        Known places, protected in the words.

    Returns
    -------
    Redacted
        The columns to keep, coarsen or use up that are present; ``age`` (years) and
        ``date_of_birth`` have become ``age_band``; the words of a home by its type are empty.
    """
    listed = [*spec.names("keep", "coarsen", "transient"), "type_unread"]
    kept = attendances[
        [c for c in listed if c in attendances and c not in ("age", "date_of_birth")]
    ]
    kept = kept.assign(age_band=_age_bands(attendances, spec))
    if "location_text" in kept:
        words = kept["location_text"].mask(kept["location_type"].isin(HOMES))
        kept = kept.assign(location_text=redact(words, places=places))
    return Redacted(kept)


def with_held_words(assaults: pd.DataFrame, held: pd.DataFrame, *, places: Gazetteer) -> Redacted:
    """Take stored records back to where they were before they were located.

    Parameters
    ----------
    assaults
        Stored records, with the contract's columns.
    held
        ``event_id, words`` of those to take; their words have been through `redact` and are held.
    places
        Known places and aliases.

    Returns
    -------
    Redacted
        The rows of `assaults` that have held words and are no homes, without a place or point.
    """
    words = assaults["event_id"].map(held.set_index("event_id")["words"])
    at_home = assaults["location_type"].isin(HOMES) | (assaults["location_level"] == "withheld")
    rows = assaults.assign(location_text=homes_named(words, places.aliases))
    placed = ["place_id", "place_name", "easting", "northing", "location_uncertainty_m"]
    rows = rows.drop(columns=[*placed, "match_score", "location_level"])
    return Redacted(rows[words.notna() & ~at_home])


def _age_bands(attendances: pd.DataFrame, spec: TableSpec) -> pd.Series:
    """Band of each age in years; the delivered band where there is no age."""
    bands = spec.fields["age_band"].codes
    unknown = pd.Series("unknown", index=attendances.index, dtype="str")
    delivered = attendances.get("age_band", unknown)
    if "age" not in attendances:
        return delivered
    age = attendances["age"].astype("float64")
    usable = age.between(0, _OLDEST)
    number = np.searchsorted(BAND_STARTS, age.where(usable, 0).to_numpy(), side="right") - 1
    banded = pd.Series(np.array(bands, dtype=object)[number], index=age.index, dtype="str")
    return banded.where(usable, delivered)


def seal(
    located: Located,
    spec: TableSpec,
    *,
    key: bytes,
    provider: str,
    source: str,
    batch_id: str,
    agreed: list[str],
    lsoa_of_homes: bool,
) -> Sealed:
    """Keep what may be stored and nothing else.

    Parameters
    ----------
    located
        Records after `redact_words` and `locate`.
    spec
        The table's schema: exactly its contract columns come back.
    key
        The workspace's key, for the event ids.
    provider, source, batch_id
        What the delivery is of.
    agreed
        Contract columns that the sharing agreement covers; the others become unknown or empty.
    lsoa_of_homes
        Whether the agreement lets the small area of a home be stored.

    Returns
    -------
    Sealed
        Contract columns in their order. Of the words only those of known places and those in the
        vocabulary of safe words stay. A home has no words, place or point.
    """
    kept: pd.DataFrame = located.reindex(columns=spec.contract)
    at_home = kept["location_type"].isin(HOMES) | (kept["location_level"] == "withheld")
    kept = kept.assign(
        event_id=_event_ids(located, key=key, provider=provider, batch_id=batch_id),
        provider=provider,
        source=source,
        batch_id=batch_id,
        transfer="no",
        incident_id=None,
        link_status=None,
        location_text=known_words(located),
        lsoa=kept["lsoa"].where(
            kept["lsoa"].str.fullmatch(SMALL_AREA_CODE).fillna(False).astype(bool)
        ),
    )
    kept = _withhold_homes(kept, at_home, lsoa_of_homes=lsoa_of_homes)
    if "arrived_at" not in agreed:  # a time that is told by the arrival alone tells the arrival
        kept = without_items(kept, spec, TIMES, among=kept["time_precision"] == "arrival")
    always = {*spec.primary_key, "provider", "source", "batch_id", "transfer"}
    columns = {
        field.name: _sealed_column(
            kept[field.name], field, agreed=field.name in always or field.name in agreed
        )
        for field in (spec.fields[name] for name in spec.contract)
    }
    return Sealed(pd.DataFrame(columns, index=located.index))


def attendance_names(numbers: pd.Series) -> pd.Series:
    """What names an attendance by its number, for `opaque_ids`; missing where there is none."""
    stripped = numbers.astype("str").str.strip()
    named: pd.Series = "number " + stripped.where(stripped != "")
    return named


def _event_ids(located: Located, *, key: bytes, provider: str, batch_id: str) -> pd.Series:
    """Names of attendances: by their number, else by arrival and ordinal among equal arrivals.

    An arrival at 00:00 may be a date alone: what else is known names it too, or two deliveries of
    one day would overwrite each other.
    """
    number = attendance_names(_texts(located, "attendance_number"))
    arrived = located["arrived_at"].dt.strftime("%Y-%m-%dT%H:%M").astype("str")
    midnight = located["arrived_at"].eq(located["arrived_at"].dt.normalize())
    arrived = arrived.mask(midnight, arrived + _content(located, _CONTENT))
    ordinal = _ordinals(arrived, located, number.isna())
    parts = number.fillna("arrival " + arrived + " " + ordinal)
    # Without both nothing names the attendance over two deliveries.
    return opaque_ids(key, provider, parts.fillna("batch " + batch_id + " " + ordinal))


def _ordinals(arrived: pd.Series, located: Located, nameless: pd.Series) -> pd.Series:
    """Number of each row without attendance number among those of its arrival.

    Rows that arrive in one minute are put in the order of what corrections change least (sex, age,
    the time told), then of the file: neither a file in another order nor a better weapon or place
    swaps their names. A correction of the first three may; both rows are then still replaced.
    """
    order = pd.DataFrame({"arrived": arrived, "content": _content(located, _LASTING)})
    ordered = order[nameless.to_numpy()].sort_values(["arrived", "content"], kind="stable")
    counted = ordered.groupby("arrived", dropna=False).cumcount()
    return counted.reindex(located.index).astype("Int64").astype("str")


_CONTENT = ("assault_from", "assault_method", "location_type", "sex", "age_band")
_LASTING = ("sex", "age_band", "assault_from")


def _content(located: Located, columns: tuple[str, ...]) -> pd.Series:
    """What is known of each attendance, written the same in whichever delivery it comes."""
    content = pd.Series("", index=located.index, dtype="str")
    for column in columns:
        if column == "assault_from":
            words = located[column].dt.strftime("%Y-%m-%dT%H:%M").astype("str")
        else:
            words = _texts(located, column)
        content = content + _PART + words.fillna("")
    return content


def _texts(table: pd.DataFrame, name: str) -> pd.Series:
    if name in table:
        return table[name].astype("str")
    return pd.Series(pd.NA, index=table.index, dtype="str")


def known_words(located: pd.DataFrame) -> pd.Series:
    """Words of the location that are of a known place or safe; a mark stands for the others."""
    texts = _texts(located, "location_text").fillna("")
    of_places = _texts(located, "place_words").fillna("") + " "
    of_places += normal_form(_texts(located, "place_name"))
    pairs = pd.MultiIndex.from_arrays([texts, of_places])
    codes, distinct = pd.factorize(pairs)
    known = [
        without_hidden_numbers(only_known_words(text, frozenset(names.split())))
        for text, names in distinct
    ]
    words = pd.Series(known, dtype="str").to_numpy()[codes]
    sealed = pd.Series(words, index=located.index, dtype="str")
    return sealed.where(sealed != "")


def _withhold_homes(kept: pd.DataFrame, at_home: pd.Series, *, lsoa_of_homes: bool) -> pd.DataFrame:
    private = [*OF_NO_HOME] if lsoa_of_homes else [*OF_NO_HOME, "lsoa"]
    columns = {name: kept[name].mask(at_home) for name in private}
    level = kept["location_level"].mask(at_home, "withheld")
    return kept.assign(**columns, location_level=level)


def _sealed_column(values: pd.Series, field: Field, *, agreed: bool) -> pd.Series:
    """One column as the contract wants it: only its codes, empty where it is not agreed."""
    if field.codes:
        least = next((c for c in ("unknown", "missing", "none") if c in field.codes), None)
        allowed = values.isin(field.codes)
        kept = values.where(allowed & agreed, least if field.required else None)
        return kept.astype("str")
    values = values.where(np.full(len(values), agreed))
    if field.kind in ("datetime", "date"):
        return pd.to_datetime(values).astype("datetime64[s]")
    return values.astype("float64") if field.kind == "number" else values.astype("str")
