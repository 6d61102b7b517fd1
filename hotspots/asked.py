"""Whether what `analyse` is asked for can be meant; otherwise one sentence says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ed_ingest.errors import AnalysisError
from ed_ingest.given import require_kind, require_number, require_records
from ed_ingest.schema import load_spec
from ed_ingest.tables import Gazetteer
from hotspots.themes import THEMES
from hotspots.timing import whole_months


def require_question(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    gazetteer: Gazetteer,
    themes: Sequence[str],
    **numbers: float,
) -> None:
    """Refuse what cannot be analysed.

    Parameters
    ----------
    assaults, crimes
        To have the contract's columns, each row with a label of its own.
    gazetteer
        To be one.
    themes
        To be keys of `themes.THEMES`.
    **numbers
        By name; each to be above 0.

    Raises
    ------
    EdHotspotsError
        Saying which of them is wrong.
    """
    require_records(assaults, load_spec("ed_assault").contract, name="assaults")
    require_records(crimes, load_spec("police_crime").contract, name="crimes")
    require_kind(gazetteer, Gazetteer, name="gazetteer", made_by="load_gazetteer")
    for name, number in numbers.items():
        _require_above_zero(name, number)
    if not set(themes) <= set(THEMES):
        raise AnalysisError(f"There is no such theme. Use some of: {', '.join(THEMES)}.")


def nights_asked(period_from: date | None, period_to: date, *, months: int) -> tuple[date, date]:
    """First and last night: as given, or of so many whole months where no first one is given.

    Raises
    ------
    AnalysisError
        If one is no day, they are not in order, or `months` is not above 0.
    """
    _require_above_zero("months", months)
    days = [day for day in (period_from, period_to) if day is not None]
    # A time of day would cut a night in two.
    if any(type(day) is not date for day in days) or days != sorted(days) or period_to not in days:
        raise AnalysisError(
            "period_from and period_to must be days (datetime.date), the first not after the last."
        )
    return whole_months(period_to, months) if period_from is None else (period_from, period_to)


def _require_above_zero(name: str, number: float) -> None:
    require_number(number, name=name)
    if not number > 0:
        raise AnalysisError(f"{name} must be above 0.")
