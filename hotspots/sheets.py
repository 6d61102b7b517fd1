"""What a workbook of tables holds: sheets with one table each, and a cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

# In place of a figure that does not apply, or of which nothing came.
NOTHING = "[z]"


class Sheet(NamedTuple):
    """One sheet.

    ``columns``: of the table, with their headings, in order; ``shares``: those shown as per cent.
    """

    label: str
    title: str
    scope: str
    table: pd.DataFrame
    columns: Mapping[str, str]
    shares: tuple[str, ...] = ()


class Book(NamedTuple):
    """A workbook: its title and marking, the cover's paragraphs, sheets, notes and its date.

    ``of``: partnership and period; ``notes``: by the name that titles of sheets refer
    to as ``$$name$$``; ``shorthand``: what marks in cells mean.
    """

    title: str
    of: str
    marking: str
    about: Sequence[str]
    sheets: Sequence[Sheet]
    notes: Mapping[str, str]
    shorthand: str
    made_for: date
