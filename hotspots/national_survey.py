"""The Home Office survey of Community Safety Partnerships of 2009, as printed."""

from __future__ import annotations

from importlib import resources

import pandas as pd


def load_survey() -> pd.DataFrame:
    """Tables 1 to 5 and C1 to C20 of Steel, Ward and Diamond.

    Returns
    -------
    DataFrame
        ``table, row, column`` (words, as printed), ``count`` and ``base`` (partnerships; responses
        in C18 to C20) and ``percent`` (whole per cents as printed; missing in C10). The source and
        its licence: ``hotspots/survey_2009/README.md``.
    """
    with resources.files("hotspots").joinpath("survey_2009/tables.csv").open("rb") as file:
        return pd.read_csv(
            file,
            dtype={"table": "str", "row": "str", "column": "str", "percent": "Int64"},
            encoding="utf-8",
        )
