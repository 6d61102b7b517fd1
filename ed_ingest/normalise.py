"""Words and local codes -> contract codes; dates and times -> intervals."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from ed_ingest.codes import UNKNOWN, check_values, read_codes
from ed_ingest.coordinates import point_faults, points, written_area_codes
from ed_ingest.date_order import judge_date_order
from ed_ingest.given import Texts, texts_of
from ed_ingest.intervals import arrivals, assault_times
from ed_ingest.layout import text_of
from ed_ingest.levels import HOMES
from ed_ingest.numbers_told import age_bands_told, assailants_told, people_counted
from ed_ingest.schema import load_spec
from ed_ingest.tables import Mapped, Normalised
from ed_ingest.when import DateOrder, read_moments

# Coded column -> its word list.
VOCABULARIES = MappingProxyType(
    {
        "assault_method": "assault_method",
        "location_type": "location_type",
        "alcohol": "alcohol",
        "drugs": "drugs",
        "domestic_abuse": "domestic_abuse",
        "reported_to_police": "reported_to_police",
        "gang_related": "gang_related",
        "admitted": "admitted",
        "assailants": "assailants",
        "relationship": "relationship",
        "sex": "sex",
    }
)
_WRITTEN_AS_SUCH = 0.5
REASONS = ("assault", "not_assault")
# The contract's column -> the delivered ones whose shapes are told when it is wrong.
_CAME = MappingProxyType(
    {
        "arrived_at": ("arrived_at", "arrived_date"),
        "assault_from": ("assault_at", "assault_date"),
        "easting": ("easting", "longitude", "northing", "latitude"),
    }
)
_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def normalise_attendances(
    mapped: Mapped,
    *,
    values: Mapping[str, Mapping[str, str]] = _NONE,
    date_order: DateOrder | None = None,
    midnight_is_missing: bool | None = None,
) -> Normalised:
    """Turn a hospital's cells into contract codes and typed values; nothing is checked yet.

    Parameters
    ----------
    mapped
        Cells under the schema's names.
    values
        The provider's own words and codes -> contract codes, by column; they come before the
        general word lists. For ``attendance_reason``: ``assault`` or ``not_assault``.
    date_order
        Order of figures in the file's dates; judged from them when not given.
    midnight_is_missing
        Whether 00:00 stands for an unknown time of the assault; an arrival's 00:00 never does.
        Judged from its share among the times when not given.

    Returns
    -------
    Normalised
        On the index of `mapped`: ``is_assault`` and the contract's columns as far as a hospital
        delivers them; an unmapped code is ``unknown``; ``age`` in years; ``age_band`` only where
        mapped; ``type_unread``: whether a type of location was not understood. Columns that begin
        with ``_`` are for the checks: ``_unread_<column>`` holds the text that was not understood.

    Raises
    ------
    SettingsError
        If the provider's words are mapped to what is no contract code.
    """
    check_values(values, _contract_codes())
    date_order = date_order or _date_order(mapped)
    arrival = arrivals(mapped, date_order=date_order)
    times = assault_times(
        mapped, arrival, date_order=date_order, midnight_is_missing=midnight_is_missing
    )
    table = pd.concat([arrival, times], axis=1)
    table["is_assault"] = _is_assault(mapped, values)
    for column in ("attendance_number", "location_text"):
        table[column] = text_of(mapped, column)
    table["lsoa"] = written_area_codes(text_of(mapped, "lsoa"))
    table["_unread_lsoa"] = text_of(mapped, "lsoa").where(table["lsoa"].isna())
    table = table.join(_codes(mapped, values))
    table["location_type"] = _with_homes_told(table["location_type"], table["location_text"])
    table["type_unread"] = table["_unread_location_type"].notna()
    place = points(mapped)
    table[["easting", "northing"]] = place[["easting", "northing"]]
    table["_point_fault"] = point_faults(mapped, place["refused"])
    table["age"] = _age(mapped, table["arrived_at"].fillna(table["assault_from"]), date_order)
    repeat = mapped["_repeat"] if "_repeat" in mapped else mapped.duplicated()
    marked = read_codes(text_of(mapped, "duplicate_flag"), "yes_no") == "yes"
    table["_repeat"] = repeat.astype(bool) | marked
    table["_misplaced"] = mapped.get("_misplaced", False)
    # For the shapes of what came; the cells themselves are shared with `mapped`, not copied.
    for column, names in _CAME.items():
        name = next((name for name in names if name in mapped), None)
        table[f"_came_{column}"] = mapped[name] if name else pd.Series(None, mapped.index, "str")
    return Normalised(table)


def _date_order(mapped: pd.DataFrame) -> DateOrder:
    dated = ("arrived_at", "arrived_date", "assault_at", "assault_date")
    return judge_date_order([mapped[name] for name in dated if name in mapped])


def assault_method(texts: Texts) -> pd.Series:
    """Read how patients were assaulted from words, or codes that hospitals commonly use.

    Parameters
    ----------
    texts
        Cells as delivered; may be missing. A list or array gets the index 0, 1, 2 …

    Returns
    -------
    Series
        The contract's codes of ``assault_method`` (docs/contract.md), on the index of `texts`;
        ``unknown`` where nothing is told or the words are not understood.

    Raises
    ------
    AnalysisError
        If `texts` is no column of texts.
    """
    return read_codes(texts_of(texts, name="texts"), "assault_method").fillna(UNKNOWN)


def location_type(texts: Texts) -> pd.Series:
    """Read what kind of place it was from words, or codes that hospitals commonly use.

    Parameters
    ----------
    texts
        Cells as delivered; may be missing. A list or array gets the index 0, 1, 2 …

    Returns
    -------
    Series
        The contract's codes of ``location_type`` (docs/contract.md), on the index of `texts`;
        ``unknown`` where nothing is told or the words are not understood.

    Raises
    ------
    AnalysisError
        If `texts` is no column of texts.
    """
    return read_codes(texts_of(texts, name="texts"), "location_type").fillna(UNKNOWN)


def _contract_codes() -> dict[str, tuple[str, ...]]:
    fields = load_spec("ed_assault").fields.values()
    return {**{field.name: field.codes for field in fields}, "attendance_reason": REASONS}


def _is_assault(mapped: pd.DataFrame, values: Mapping[str, Mapping[str, str]]) -> pd.Series:
    """Whether the reason says assault, or nothing; any other word says that it was none."""
    reason = text_of(mapped, "attendance_reason")
    # No guess: a toe that was stubbed was not stabbed.
    codes = read_codes(reason, "attendance_reason", values.get("attendance_reason"), guess=False)
    if "assault_method" in mapped and reason.equals(text_of(mapped, "assault_method")):
        # Methods that also tell accidents: one that the reasons do not know is of an assault, but
        # not where assaults are written as such ("Assault - fist", "Fall - stairs").
        written = reason.dropna().str.contains("assault|ymosod", case=False).mean()
        codes = codes if written > _WRITTEN_AS_SUCH else codes.fillna("assault")
    return codes.isin(["assault", UNKNOWN])


def _codes(mapped: pd.DataFrame, values: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Codes of every coded column, and the text of each cell that was not understood."""
    table = pd.DataFrame(index=mapped.index)
    mapped_bands = {"age_band": "age_band"} if "age_band" in mapped else {}
    for column, vocabulary in {**VOCABULARIES, **mapped_bands}.items():
        text = text_of(mapped, column)
        codes = read_codes(text, vocabulary, values.get(column))
        if column == "assailants":
            told = codes if column in values else people_counted(text).fillna(codes)
            codes = told.fillna(assailants_told(text))
        if column == "age_band":
            codes = codes.fillna(age_bands_told(text))
        table[column] = codes.fillna(UNKNOWN)
        table[f"_unread_{column}"] = text.where(codes.isna())
    return table


def _with_homes_told(codes: pd.Series, texts: pd.Series) -> pd.Series:
    """Take the words of the location for a home where the type is not known.

    A home must be recognised to be withheld, whichever column tells it.
    """
    asked = codes == UNKNOWN
    told = read_codes(texts.where(asked), "location_type", guess=False)
    return codes.mask(asked & told.isin(HOMES), told)


def _age(mapped: pd.DataFrame, on: pd.Series, date_order: DateOrder) -> pd.Series:
    """Age in years on the day of arrival, as told or from the date of birth; 0 to 120."""
    age = _told_age(text_of(mapped, "age"))
    if "date_of_birth" in mapped:
        born = read_moments(mapped["date_of_birth"], date_order=date_order)["day"]
        text = text_of(mapped, "date_of_birth")
        short_year = ~text.str.contains(r"\d{4}", na=True) | text.str.fullmatch(r"\d{6}", na=False)
        age = age.fillna(_completed_years(born, on, short_year))
    return age.where(age.between(0, 120)).astype("float64")


def _told_age(texts: pd.Series) -> pd.Series:
    """Age in years as told in figures, also in months."""
    places, distinct = pd.factorize(texts)
    told = pd.Series([*distinct, None], dtype="str")
    number = pd.to_numeric(told.str.extract(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)")[0])
    in_months = told.str.contains(r"\d\s*(?:m\b|mth|month)", case=False, na=False)
    return number.mask(in_months, number // 12).take(places).set_axis(texts.index)


def _completed_years(born: pd.Series, on: pd.Series, short_year: pd.Series) -> pd.Series:
    """Birthdays passed; a year of two figures that lies ahead is of the century before."""
    years = on.dt.year - born.dt.year
    early = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    completed: pd.Series = years - early
    return completed.mask(short_year & (completed < 0), completed + 100)
