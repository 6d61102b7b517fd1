"""How the partnership shares information, beside the 178 partnerships of the survey of 2009.

The survey: Steel, Ward and Diamond, Information sharing aimed at reducing violent crime, Home
Office; Tables 1, 3 and C13 to C15, and Annex A for the indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

SCORES = ("ease", "working", "used")
ANSWERS = ("in_place", "data_shared", "protocol_signed", *SCORES)
# Shares of partnerships with a formal protocol, averages over the arrangements: the survey's text,
# under "Are formal information sharing protocols in place".
PROTOCOLS_2009 = {"arrangements": 0.46, "agencies": 0.74}

_SCORE_TABLES = {"ease": "C13", "working": "C14", "used": "C15"}
_IN_PLACE = "Initiative currently in place in the CSP"
_SHARED = "Data shared directly with CSP and/or other agencies in the area"
# Name in settings: what people read, row of Table 1, row of Tables C13 to C15.
ARRANGEMENTS: Mapping[str, tuple[str, str, str]] = {
    "marac": (
        "MARAC or other domestic abuse case conferences",
        "MARACs or other multi-agency DV case conferences",
        "MARAC or other multi-agency DV case conferences",
    ),
    "mappa": (
        "MAPPA (multi-agency public protection)",
        "Multi-agency Public Protection Arrangements (MAPPA)",
        "MAPPA",
    ),
    "ppo": (
        "PPO (prolific and priority offenders)",
        "Prolific and other Priority Offender (PPO) programmes",
        "PPO",
    ),
    "safeguarding_children": ("Safeguarding children", "Safeguarding Children’s Board", "SCB"),
    "vulnerable_adults": (
        "Protection of vulnerable adults",
        "Protection of Older Vulnerable Adults (POVA)",
        "POVA",
    ),
    "youth_offending": ("Youth offending teams", "Youth Offender Teams (YOTs)", ""),
}
# Name in settings: what people read, row of Table 3, row of Tables C13 to C15.
AGENCIES: Mapping[str, tuple[str, str, str]] = {
    "local_authority": ("Local authority", "Local Authority", ""),
    "anti_social_behaviour": ("Council: anti-social behaviour", "Anti-social behaviour", ""),
    "abandoned_vehicles": ("Council: abandoned vehicles", "Abandoned vehicles", ""),
    "noise": ("Council: noise", "Noise pollution", ""),
    "complaint_lines": (
        "Council: emergency and complaint lines",
        "Emergency or council complaint phone lines",
        "",
    ),
    "used_needles": ("Council: used needles", "Used needle collection", ""),
    "fire_and_rescue": ("Fire and rescue", "Fire and Rescue authority", ""),
    "police": ("Police", "The Police/Police authority", ""),
    "domestic_violence_projects": (
        "Domestic violence projects",
        "Domestic Violence projects",
        "",
    ),
    "drug_action_teams": ("Drug action teams", "Drug Action teams", ""),
    "probation": ("Probation", "Local probation board", ""),
    "health_boards": (
        "Health boards (2009: and primary care trusts)",
        "Local Health Boards or Primary Care Trusts",
        "",
    ),
    "alcohol_teams": ("Alcohol teams", "Alcohol Teams", ""),
    "emergency_departments": (
        "Emergency departments",
        "Emergency Department information sharing",
        "ED",
    ),
    "criminal_justice_boards": (
        "Local criminal justice boards",
        "Local Criminal Justice Boards",
        "",
    ),
    "social_landlords": ("Registered social landlords", "Registered social landlords", ""),
    "ambulance": ("Ambulance service", "Ambulance services", ""),
    "environment_agency": ("Environment agency", "Environmental agency", ""),
}
# The survey rated these five only, and put the six of Table 1 into the number.
RATED = tuple(name for name, (_, _, row) in ARRANGEMENTS.items() if row)


@dataclass(frozen=True)
class Effectiveness:
    """The survey's indicator of how well personalised information is shared.

    Attributes
    ----------
    n_in_place
        Arrangements in place, of six (an average in the national figure).
    mean_used
        Mean score, 1 to 5, of how well what is shared is used; None where none was scored.
    value
        Their product, 0 to 30; None where there is no mean.
    """

    n_in_place: float
    mean_used: float | None

    @property
    def value(self) -> float | None:
        """Number of arrangements × mean score."""
        return None if self.mean_used is None else self.n_in_place * self.mean_used


@dataclass(frozen=True)
class Assessment:
    """The partnership's answers beside the national figures of 2009.

    Attributes
    ----------
    arrangements, agencies
        One row for each that the survey asked about, in its order: ``name, title``, the answers
        ``in_place, data_shared, protocol_signed`` (missing where not answered), ``ease, working,
        used`` (1 to 5), and ``national_…`` of each: shares of partnerships (0 to 1), mean scores;
        missing where the survey prints none.
    effectiveness, national_effectiveness
        The partnership's and that of the survey's totals.
    """

    arrangements: pd.DataFrame
    agencies: pd.DataFrame
    effectiveness: Effectiveness
    national_effectiveness: Effectiveness


def assess(
    arrangements: Mapping[str, Mapping[str, object]],
    agencies: Mapping[str, Mapping[str, object]],
    survey: pd.DataFrame,
) -> Assessment:
    """Set the partnership's answers beside the survey's.

    Parameters
    ----------
    arrangements, agencies
        By the names of `ARRANGEMENTS` and `AGENCIES`: the answers, any of `ANSWERS`; a name or an
        answer that is left out is not answered.
    survey
        As from `national_survey.load_survey`.

    Returns
    -------
    Assessment
        With every arrangement and agency, answered or not.
    """
    counted = survey.assign(share=survey["count"] / survey["base"])
    first = counted[counted["table"] == "1"].pivot_table(
        index="row", columns="column", values="share"
    )
    third = counted[counted["table"] == "3"].set_index("row")["share"]
    means = _mean_scores(survey)
    table = _answered(ARRANGEMENTS, arrangements, means)
    rows = [row for _, row, _ in ARRANGEMENTS.values()]
    table["national_in_place"] = first.loc[rows, _IN_PLACE].to_numpy()
    table["national_data_shared"] = first.loc[rows, _SHARED].to_numpy()
    others = _answered(AGENCIES, agencies, means)
    others["national_in_place"] = third.loc[[row for _, row, _ in AGENCIES.values()]].to_numpy()
    others["national_data_shared"] = float("nan")
    return Assessment(
        table, others, effectiveness(table), national_effectiveness(first[_IN_PLACE], survey)
    )


def effectiveness(arrangements: pd.DataFrame) -> Effectiveness:
    """The survey's proxy indicator, Annex A: number of arrangements × mean score of their use.

    The number is of the six of Table 1 that are in place; the mean is over those of the five that
    the survey rated (youth offending was not) which are in place and scored. What is not answered
    counts as not in place, as in the survey. Of its two questions the survey took the second (here
    ``used``, Table C15), as it had fewer missing answers.

    Parameters
    ----------
    arrangements
        ``name, in_place, used``.
    """
    in_place = arrangements["in_place"].eq(True)
    scored = arrangements.loc[in_place & arrangements["name"].isin(RATED), "used"].dropna()
    return Effectiveness(int(in_place.sum()), float(scored.mean()) if len(scored) else None)


def national_effectiveness(in_place: pd.Series, survey: pd.DataFrame) -> Effectiveness:
    """The same of the survey's totals, since it prints no mean of the indicator.

    Parameters
    ----------
    in_place
        Share of partnerships with each arrangement of Table 1: their sum is the mean number.
    survey
        As from `load_survey`; all scores of Table C15 but those of hospital data count alike.
    """
    used = survey[(survey["table"] == _SCORE_TABLES["used"]) & (survey["row"] != "ED")]
    score = used["column"].astype(int)
    mean = float((score * used["count"]).sum() / used["count"].sum())
    return Effectiveness(float(in_place.sum()), mean)


def _mean_scores(survey: pd.DataFrame) -> pd.DataFrame:
    """Mean score by row of Tables C13 to C15 (index) and question (columns)."""
    columns = {}
    for question, table in _SCORE_TABLES.items():
        own = survey[survey["table"] == table]
        sums = own["count"].mul(own["column"].astype(int)).groupby(own["row"]).sum()
        columns[question] = sums / own.groupby("row")["count"].sum()
    return pd.DataFrame(columns)


def _answered(
    known: Mapping[str, tuple[str, str, str]],
    answers: Mapping[str, Mapping[str, object]],
    means: pd.DataFrame,
) -> pd.DataFrame:
    rows = [
        {
            "name": name,
            "title": title,
            **{answer: answers.get(name, {}).get(answer) for answer in ANSWERS},
            **{f"national_{s}": means[s].get(row, float("nan")) for s in SCORES},
        }
        for name, (title, _, row) in known.items()
    ]
    table = pd.DataFrame(rows)
    yes_no = dict.fromkeys(("in_place", "data_shared", "protocol_signed"), "boolean")
    return table.astype(yes_no | dict.fromkeys(SCORES, "Int64"))
