"""One page to send to each hospital: what came, what could be used, and what would help most."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from scipy import stats

from ed_ingest.gains import HOSPITAL
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_trend import MET, NEAR
from hotspots.report import MINIMUM_DATA_SET
from hotspots.typesetting import typeset
from hotspots.words import count_words, is_missing, period_words, share_words

MOST_ASKS = 3
LATEST_MONTHS, LEAST_BEFORE = 3, 5
CALLED_FROM = 0.05  # two-sided chance below which a change is called one
MOST_REASONS = 2  # of each
# What the partnership has to mend itself.
_NOT_THE_HOSPITALS = ("words in which no place was found", "words or codes that the list does")
_PLEASE = {
    "type": "please give the weapon, or the part of the body that was used",
    "time": "please give when it happened, and leave it blank where that is not known",
    "location": "please give the premises, the street or the junction; a home only as “home”",
}
_PLEASE_OTHERWISE = "please fill it in wherever it is known"


def write_feedback(found: PublishableCompleteness, folder: Path) -> list[tuple[str, str]]:
    """Write ``feedback-<provider>.pdf`` for each hospital; earlier ones are taken away first.

    Nothing is in them but what gate 2 let through: shares, and counts above the threshold. No
    hospital's sheet tells of another.

    Parameters
    ----------
    found
        What gate 2 let through.
    folder
        The data-quality folder; made where it is missing.

    Returns
    -------
    list
        Name of each file, and of its hospital.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.glob("feedback-*.pdf"):
        earlier.unlink()
    written = []
    hospitals = found.items.drop_duplicates("provider")
    for provider, name in zip(hospitals["provider"], hospitals["name"], strict=True):
        sheet = feedback_sheet(found, provider)
        pdf = typeset("feedback.typ", data=sheet, dated=found.period_to)
        path = folder / f"feedback-{provider}.pdf"
        path.write_bytes(pdf)
        written.append((path.name, str(name)))
    return written


def feedback_sheet(found: PublishableCompleteness, provider: str) -> dict[str, object]:
    """What one hospital's sheet shows, as `typesetting.typeset` takes it."""
    items = found.items[found.items["provider"] == provider]
    months = found.months[found.months["provider"] == provider].sort_values("month")
    month = f"{found.period_to:%B %Y}"
    latest = months[months["month"] == f"{found.period_to:%Y-%m}"]
    never = list(items.loc[items["share_present"].eq(0), "title"])
    came = bool(len(latest)) and not is_missing(latest["received_on"].iloc[0])
    return {
        "title": f"Assault data: {month}",
        "subtitle": f"Feedback to {items['name'].iloc[0]}",
        "marking": found.marking,
        "partnership": found.partnership,
        "month": month,
        "period": period_words(found.period_from, found.period_to),
        "came": came,
        "facts": _facts(latest.iloc[0], months, found.late_days) if came else [],
        "items": [_item(row) for _, row in items.iterrows()],
        "months": [_month(row) for _, row in months.iterrows()],
        "asks": _asks(found, provider, never=never),
        "never": never,
        "met": share_words(MET),
        "near": share_words(NEAR),
        "rounded": found.rounding == "round5",
    }


def trend_word(shares: list[float | None]) -> str:
    """Whether the latest three months stand apart from those before.

    Parameters
    ----------
    shares
        Complete rows by month, 0 to 1, in order of time; None where there is no figure.

    Returns
    -------
    str
        ``better``, ``worse``, ``no clear change``, or ``too few months to tell``. A change is
        called where the two-sided test of Mann and Whitney (1947, doi:10.1214/aoms/1177730491),
        exact where no two shares are equal, gives less than 0.05.
    """
    known = [float(share) for share in shares if share is not None and not is_missing(share)]
    latest, before = known[-LATEST_MONTHS:], known[:-LATEST_MONTHS]
    if len(before) < LEAST_BEFORE:
        return "too few months to tell"
    test = stats.mannwhitneyu(latest, before, alternative="two-sided")
    if test.pvalue >= CALLED_FROM:
        return "no clear change"
    return "better" if test.statistic > len(latest) * len(before) / 2 else "worse"


def _facts(latest: pd.Series, months: pd.DataFrame, late_days: int) -> list[dict[str, str]]:
    days = int(latest["days_after_month"])
    unit = "day" if days == 1 else "days"
    trend = trend_word(list(months["share_complete"]))
    return [
        {"figure": count_words(latest["n"]), "words": "rows received for the month"},
        {
            "figure": "No figure"
            if is_missing(latest["share_complete"])
            else share_words(latest["share_complete"]),
            "words": "of them with a usable type, time and place",
        },
        {
            "figure": f"{days} {unit}",
            "words": f"after the month’s end; the aim is {late_days} at most",
        },
        {
            "figure": trend[:1].upper() + trend[1:],
            "words": "complete rows of the latest three months, beside those before",
        },
    ]


def _item(row: pd.Series) -> dict[str, object]:
    share = row["share_usable"]
    told = {"title": row["title"], "minimum": row["item"] in MINIMUM_DATA_SET}
    if is_missing(share):
        return {**told, "word": "No figure", "kind": "none", "share": "", "bar": 0}
    if row["share_present"] == 0:
        return {**told, "word": "Not sent", "kind": "none", "share": "", "bar": 0}
    kind = "met" if share >= MET else "near" if share >= NEAR else "below"
    bar = round(100 * float(share))
    return {
        **told,
        "word": kind.capitalize(),
        "kind": kind,
        "share": share_words(share),
        "bar": bar,
    }


def _month(row: pd.Series) -> dict[str, object]:
    share = row["share_complete"]
    month = pd.Period(row["month"])
    name = period_words(month.start_time.date(), month.end_time.date())
    missing = is_missing(share)
    return {
        "month": name.split()[0],
        "year": name.split()[1],
        "share": "–" if missing else share_words(share),
        "bar": 0 if missing else round(100 * float(share)),
    }


def _asks(
    found: PublishableCompleteness, provider: str, *, never: list[str]
) -> list[dict[str, str]]:
    """What to ask for: the changes that gain most complete rows, else what is missed most."""
    own = found.gains[found.gains["provider"] == provider]
    own = own[own["whom"].eq(HOSPITAL) & own["n_a_month"].notna()].sort_values("rank")
    came = _came_instead(found, provider, never=never)
    titles = dict(zip(found.items["item"], found.items["title"], strict=True))
    asks = [
        {
            "item": titles[row["item"]],
            "please": "please " + str(row["words"]),
            "gain": f"Gains about {count_words(row['n_a_month'])} complete rows a month.",
            "instead": came.get(titles[row["item"]], {}).get("instead", ""),
        }
        for row in own.to_dict("records")
    ]
    # Of one item its reasons stand at the first of its changes alone.
    for place, ask in enumerate(asks):
        if ask["item"] in {earlier["item"] for earlier in asks[:place]}:
            ask["instead"] = ""
    return (asks or list(came.values()))[:MOST_ASKS]


def _came_instead(
    found: PublishableCompleteness, provider: str, *, never: list[str]
) -> dict[str, dict[str, str]]:
    """What came instead of a value, by item; those of most rows first, the minimum data set's."""
    own = found.asks[(found.asks["provider"] == provider) & found.asks["item"].ne("row")]
    own = own[own["n"].gt(found.threshold).fillna(False)]
    own = own[~own["title"].isin(never)]  # told in a line of their own
    own = own[~own["received_instead"].str.startswith(_NOT_THE_HOSPITALS)]
    own = own.assign(
        other=~own["item"].isin(MINIMUM_DATA_SET), most=own.groupby("item")["n"].transform("max")
    )
    by = ["other", "most", "item", "n"]
    ranked = own.sort_values(by, ascending=[True, False, True, False], kind="stable")
    return {
        str(title): {
            "item": str(title),
            "please": _PLEASE.get(str(rows["item"].iloc[0]), _PLEASE_OTHERWISE),
            "gain": "",
            "instead": _instead(rows.head(MOST_REASONS)),
        }
        for title, rows in ranked.groupby("title", sort=False)
    }


def _instead(rows: pd.DataFrame) -> str:
    pairs = zip(rows["received_instead"], rows["n"], strict=True)
    return ", ".join(f"{instead} ({count_words(n)} rows)" for instead, n in pairs)
