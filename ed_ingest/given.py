"""What callers give to the public functions: brought to one form, or refused in one sentence.

The command line gives what the product made itself; a notebook gives lists, text for numbers, a
path as text, or a table that lacks a column. What cannot be meant is refused here, before it comes
to a stage, and no message holds a value.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError, EdHotspotsError

# A file or folder, as text too.
PathLike: TypeAlias = str | os.PathLike[str]
Texts: TypeAlias = pd.Series | list[str] | list[str | None] | NDArray[np.generic]


def path_of(given: PathLike, *, name: str) -> Path:
    """A path, also where it was given as text.

    Raises
    ------
    EdHotspotsError
        If it is neither.
    """
    try:
        return Path(given)
    except TypeError:
        raise EdHotspotsError(f"{name} must be a path, as text or pathlib.Path.") from None


def texts_of(given: object, *, name: str) -> pd.Series:
    """A column of texts; a list or array becomes one, its index counting from 0.

    Raises
    ------
    AnalysisError
        If it is neither column, list nor array of one dimension.
    """
    if isinstance(given, pd.Series):
        # What holds no text at all, such as a column without any value, has no text's type.
        return given if given.dtype.kind == "O" else given.astype("str")
    if isinstance(given, np.ndarray) and given.ndim == 1:
        return pd.Series(given, dtype="str")
    if isinstance(given, list | tuple):
        return pd.Series([None if pd.isna(text) else str(text) for text in given], dtype="str")
    raise AnalysisError(f"{name} must be a column of texts: a pandas Series, a list or an array.")


def numbers_of(given: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """One number for each event, as float64; what is missing is NaN.

    Raises
    ------
    AnalysisError
        If it is not of one dimension, or holds texts or dates.
    """
    told: Any = given if hasattr(given, "dtype") else _array(given)
    kind = "" if told is None else told.dtype.kind
    # Text that reads as a number is refused too: the next file's may have a comma.
    if kind in "iufb" or (kind == "O" and not any(isinstance(v, str) for v in np.ravel(told))):
        try:
            made = np.asarray(told, dtype=np.float64)
        except (TypeError, ValueError):
            made = None
        if made is not None and made.ndim == 1 and kind:
            return made
    raise AnalysisError(
        f"{name} must be one number for each event, in a list, an array or a column. "
        "Texts and dates are no numbers: convert them first."
    )


def _array(given: ArrayLike) -> NDArray[np.generic] | None:
    try:
        return np.asarray(given)
    except (TypeError, ValueError):  # lists of different lengths
        return None


def points_of(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Both coordinates of each event, one row an event.

    Raises
    ------
    AnalysisError
        If they are not numbers, or not equally many.
    """
    east, north = numbers_of(x, name="x"), numbers_of(y, name="y")
    if len(east) != len(north):
        raise AnalysisError("x and y must be equally many: one of each for each event.")
    return np.column_stack([east, north])


def require_number(given: object, *, name: str) -> None:
    """Refuse what is not one number; which numbers are allowed, the caller says.

    Raises
    ------
    AnalysisError
        If it is no single number.
    """
    if not isinstance(given, int | float | np.number):
        raise AnalysisError(f"{name} must be one number.")


def require_share(given: object, *, name: str) -> None:
    """Refuse what is not a number from 0 to 1.

    Raises
    ------
    AnalysisError
        If it is not.
    """
    if not isinstance(given, int | float | np.number) or not 0 <= float(given) <= 1:
        raise AnalysisError(f"{name} must be a number from 0 to 1.")


def require_records(given: object, columns: Sequence[str], *, name: str) -> None:
    """Refuse records that lack columns, or of which two have the same label.

    Raises
    ------
    AnalysisError
        If they are no table, lack a column, or two rows share a label of the index.
    """
    require_columns(given, columns, name=name)
    if isinstance(given, pd.DataFrame) and not given.index.is_unique:
        raise AnalysisError(
            f"{name}: two rows have the same label, so that results could not be told apart. "
            "Give it reset_index(drop=True)."
        )


def require_columns(given: object, columns: Sequence[str], *, name: str) -> None:
    """Refuse a table that lacks columns.

    Raises
    ------
    AnalysisError
        If it is no table, or lacks one; says which.
    """
    if not isinstance(given, pd.DataFrame):
        raise AnalysisError(f"{name} must be a pandas DataFrame with: {', '.join(columns)}.")
    missing = [column for column in columns if column not in given]
    if missing:
        raise AnalysisError(
            f"{name}: no column {', '.join(missing)}. The columns are those of docs/contract.md."
        )


def require_kind(given: object, kind: type, *, name: str, made_by: str) -> None:
    """Refuse what is not of a class of ours.

    Raises
    ------
    EdHotspotsError
        If it is of another; says what makes one.
    """
    if not isinstance(given, kind):
        raise EdHotspotsError(f"{name} must be a {kind.__name__}: make one with {made_by}.")
