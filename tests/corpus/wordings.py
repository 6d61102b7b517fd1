"""The labelled wordings: words of methods, places and other items, and times as they are written."""

# ruff: noqa: E501, S311 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from telling import (
    Form,
    Told,
    about,
    between,
    exactly,
    hours_ago,
    last_night,
    lost_zeros,
    lowered,
    noon,
    nothing,
    on_the_hour,
    part,
    tell,
    the_midnight,
    this_morning,
    twenty_four,
    yesterday_evening,
)  # fmt: skip

HEAD = {
    "methods": ["description", "code", "acceptable"],
    "locations": ["description", "code", "acceptable"],
    "other_codes": ["column", "description", "code", "acceptable"],
}
TIMES = [
    "arrival",
    "date",
    "time",
    "from_min",
    "from_max",
    "to_min",
    "to_max",
    "precision",
    "precision_alt",
]


def read_words(path: Path) -> list[list[str]]:
    """Sections ``[code|also]`` or ``[column code]`` of wordings between semicolons; ``|`` in a wording adds codes."""
    rows: list[list[str]] = []
    column, codes = "", [""]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            column, _, listed = line.strip("[]").rpartition(" ")
            codes = listed.split("|")
        elif line and not line.startswith("#"):
            for entry in line.split(";"):
                text, *also = (part.strip() for part in entry.split("|"))
                if text:
                    rows.append(
                        [
                            *([column] if column else []),
                            text,
                            codes[0],
                            "|".join(dict.fromkeys([*codes, *also])),
                        ]
                    )
    seen: set[tuple[str, ...]] = set()
    return [row for row in rows if not (tuple(row[:-2]) in seen or seen.add(tuple(row[:-2])))]  # type: ignore[func-returns-value]


def apart(rows: Iterable[list[str]], seed: str) -> list[list[str]]:
    """One third aside, by chance."""
    rng = random.Random(seed)
    return [[*row, "aside" if rng.random() < 1 / 3 else "tune"] for row in rows]


def save(path: Path, head: list[str], rows: list[list[str]]) -> None:
    """Write one table."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*head, "set"])
        writer.writerows(rows)


# ---------------------------------------------------------------- times

FORMS: list[Form] = [
    exactly("%H:%M"), exactly("%H:%M:%S"), exactly("%H%M"), exactly("%H.%M"), exactly("%H%Mhrs"), exactly("%H%M hrs"), exactly("%H:%M hrs"), exactly("%Hh%M"),
    exactly("{12}:%M %p"), lowered("{12}.%M%p"), lowered("{12}:%M%p"), lowered("{12}.%M %p"), exactly("%H;%M"), exactly(" %H:%M "), lost_zeros,
    on_the_hour("{}"), on_the_hour("{}", " "), on_the_hour("at {}"), on_the_hour("{} ish"), on_the_hour("about {}"), on_the_hour("approx {}"), on_the_hour("@{}"), on_the_hour("approximately {}", " "),
    about("approx {}"), about("approx. {}", "%H.%M"), about("approx {}", "%H%M"), about("c. {}", "%H%M"), about("circa {}"), about("about {}"), about("around {}", "%H.%M"), about("~{}"), about("{} approx"), about("{}ish"),
    about("?{}"), about("{}?"), about("roughly {}"), about("est {}"), about("tua {}"), about("oddeutu {}"), about("aprox {}", "%H.%M"), about("abt {}", "%H%M"), about("{} (approx)", "%H%M"),
    between("between {2} and {1}"), between("between {0} and {1}"), between("between {0} and {1}", "%H:%M"), between("{0}-{1}", "%H:%M"), between("{0} - {1}", "%H:%M"), between("{0}-{1}", "%H%M"), between("{2}-{1}"), between("{0}-{1}"), between("{0} to {1}"), between("from {0} to {1}", "%H:%M"), between("{0} / {1}", "%H:%M"), between("rhwng {0} a {1}", "%H:%M"), between("btwn {0} + {1}", "%H%M"),
    part("early hours"), part("early hours", "Early hours of morning"), part("early hours", "early hrs"), part("early hours", "oriau mân y bore"), part("early hours", "small hours"), part("morning"), part("morning", "AM"), part("morning", "in the morning"), part("morning", "bore"), part("lunchtime"), part("lunchtime", "lunch time"), part("lunchtime", "dinner time (midday)"),
    part("afternoon"), part("afternoon", "in afternoon"), part("afternoon", "prynhawn"), part("afternoon", "p.m. - afternoon"), part("teatime"), part("teatime", "tea time"), part("evening"), part("evening", "Evening"), part("evening", "eve"), part("evening", "in the evening"), part("evening", "gyda'r nos"), part("late evening"), part("late evening", "late eve"), part("night"), part("night", "at night"), part("night", "overnight"), part("night", "night time"), part("night", "yn y nos"),
    the_midnight("midnight"), the_midnight("12 midnight"), the_midnight("12am"), twenty_four(), twenty_four("2400"), twenty_four("24.00"), noon("midday"), noon("noon"), noon("12 noon"), noon("12pm"), noon("hanner dydd"),
    nothing("NK"), nothing("N/K"), nothing("?"), nothing("unknown"), nothing("not known"), nothing("unsure"), nothing("can't recall"), nothing(""), nothing("-"), nothing("anhysbys"), nothing("Not stated"), nothing("99:99"), nothing("UTO"), nothing("n/a"), nothing("time unknown"), nothing("Not Recorded"),
]  # fmt: skip
UNDATED: list[Form] = [
    last_night(),
    last_night("Last night"),
    last_night("late last night"),
    last_night("neithiwr"),
    yesterday_evening(),
    yesterday_evening("yest evening"),
    this_morning(),
    this_morning("this am"),
    this_morning("bore 'ma"),
    hours_ago("{} hours ago"),
    hours_ago("{} hrs ago"),
    hours_ago("{}h ago"),
    hours_ago("approx {} hours before arrival"),
]

# Written by hand: arrival, date, time, the bounds of from and to, precision and alternative.
BY_HAND = """
2026-02-14 02:10 | 14/02/2026 | half past one | 14 01:00 | 14 01:30 | 14 01:30 | 14 02:30 | minute | part_of_day
2026-02-14 02:10 | 13/02/2026 | half 11 at night | 13 23:00 | 13 23:30 | 13 23:30 | 14 00:30 | minute | part_of_day
2026-02-14 02:10 | 13/02/2026 | quarter to midnight | 13 23:15 | 13 23:45 | 13 23:45 | 14 00:30 | minute | part_of_day
2026-02-14 02:10 | 13/02/2026 | before 11pm | 13 00:00 | 13 22:00 | 13 22:00 | 13 23:00 | part_of_day |
2026-02-14 02:10 | 13/02/2026 | after 10pm | 13 22:00 | 13 22:00 | 13 22:30 | 14 02:10 | part_of_day | minute
2026-02-14 02:10 | 14/02/2026 | just after midnight | 14 00:00 | 14 00:10 | 14 00:10 | 14 01:30 | part_of_day | minute
2026-02-14 02:10 | 14/02/2026 | after midnight | 14 00:00 | 14 00:05 | 14 00:30 | 14 06:00 | part_of_day | minute
2026-02-14 02:10 | 13/02/2026 | 10pm-11.30pm | 13 22:00 | 13 22:00 | 13 23:29 | 13 23:30 | part_of_day |
2026-02-14 02:10 | 13/02/2026 | 2230/2300 | 13 22:30 | 13 22:30 | 13 22:59 | 13 23:00 | part_of_day |
2026-02-14 05:30 | 13/02/2026 | between 11pm and 1am | 13 23:00 | 13 23:00 | 14 00:59 | 14 01:00 | part_of_day |
2026-02-14 05:30 | 13/02/2026 | 23:00-01:00 | 13 23:00 | 13 23:00 | 14 00:59 | 14 01:00 | part_of_day |
2026-02-14 05:30 | 13/02/2026 | 10pm - 2am | 13 22:00 | 13 22:00 | 14 01:59 | 14 02:00 | part_of_day |
2026-02-14 05:30 | 13/02/2026 | 2200 to 0300 | 13 22:00 | 13 22:00 | 14 02:59 | 14 03:00 | part_of_day |
2026-02-14 05:30 | 14/02/2026 | 1-2 am | 14 01:00 | 14 01:00 | 14 01:59 | 14 02:00 | part_of_day |
2026-02-14 05:30 | 14/02/2026 | 2 - 4am | 14 02:00 | 14 02:00 | 14 03:59 | 14 04:00 | part_of_day |
2026-02-14 05:30 | 14/02/2026 | 0130-0200 | 14 01:30 | 14 01:30 | 14 01:59 | 14 02:00 | part_of_day |
2026-02-14 16:20 | 14/02/2026 | 12-1pm | 14 12:00 | 14 12:00 | 14 12:59 | 14 13:00 | part_of_day |
2026-02-14 16:20 | 14/02/2026 | between 11 and 12 | 14 11:00 | 14 11:00 | 14 11:59 | 14 12:00 | part_of_day |
2026-02-14 16:20 | 14/02/2026 | mid morning | 14 08:30 | 14 10:30 | 14 10:30 | 14 12:00 | part_of_day |
2026-02-14 16:20 | 14/02/2026 | late morning | 14 06:00 | 14 11:30 | 14 11:00 | 14 13:00 | part_of_day |
2026-02-14 19:20 | 14/02/2026 | early evening | 14 16:00 | 14 18:30 | 14 18:00 | 14 21:00 | part_of_day |
2026-02-14 19:20 | 14/02/2026 | late afternoon | 14 12:00 | 14 17:00 | 14 16:30 | 14 18:59 | part_of_day |
2026-02-14 19:20 | 14/02/2026 | daytime | 14 05:00 | 14 10:00 | 14 16:00 | 14 19:20 | part_of_day | date
2026-02-14 02:10 | 14/02/2026 | 00:00 | 14 00:00 | 14 00:00 | 14 00:00 | 14 23:59 | minute | date
2026-02-14 02:10 | 14/02/2026 | 0015 | 14 00:15 | 14 00:15 | 14 00:15 | 14 00:15 | minute |
2026-02-14 02:10 | 14/02/2026 | 15 | 14 00:15 | 14 00:15 | 14 00:15 | 14 00:15 | minute |
2026-02-14 02:10 | 14/02/2026 | 5 | 14 00:05 | 14 00:05 | 14 00:05 | 14 00:05 | minute |
2026-02-14 02:10 | 14/02/2026 | 130 | 14 01:30 | 14 01:30 | 14 01:30 | 14 01:30 | minute |
2026-02-14 02:10 | 14/02/2026 | 12.20am | 14 00:20 | 14 00:20 | 14 00:20 | 14 00:20 | minute |
2026-02-14 15:10 | 14/02/2026 | 12.20pm | 14 12:20 | 14 12:20 | 14 12:20 | 14 12:20 | minute |
2026-02-14 15:10 | 14/02/2026 | 0.5 | 14 12:00 | 14 12:00 | 14 12:00 | 14 12:00 | minute |
2026-02-14 15:10 | 14/02/2026 | 0.4375 | 14 10:30 | 14 10:30 | 14 10:30 | 14 10:30 | minute |
2026-02-14 15:10 | 14/02/2026 | 0.0833333333333333 | 14 02:00 | 14 02:00 | 14 02:00 | 14 02:00 | minute |
2026-02-14 15:10 | 14/02/2026 | 9.05 AM | 14 09:05 | 14 09:05 | 14 09:05 | 14 09:05 | minute |
2026-02-14 15:10 | 14/02/2026 | 9:05:00 am | 14 09:05 | 14 09:05 | 14 09:05 | 14 09:05 | minute |
2026-02-14 15:10 | 14/02/2026 | 09:05:00.000 | 14 09:05 | 14 09:05 | 14 09:05 | 14 09:05 | minute |
2026-02-14 15:10 | 14/02/2026 | 25:10 | 14 00:00 | 14 00:00 | 14 15:10 | 15 00:00 | date |
2026-02-14 15:10 | 14/02/2026 | 1275 | 14 00:00 | 14 00:00 | 14 15:10 | 15 00:00 | date |
2026-02-14 15:10 | 14/02/2026 | 99 | 14 00:00 | 14 00:00 | 14 15:10 | 15 00:00 | date |
2026-02-14 15:10 | 14/02/2026 | see notes | 14 00:00 | 14 00:00 | 14 15:10 | 15 00:00 | date |
2026-02-14 02:10 | 13/02/2026 | kicking out time | 13 00:00 | 13 23:59 | 13 23:00 | 14 02:10 | part_of_day | date
2026-02-14 02:10 | 13/02/2026 | closing time | 13 00:00 | 13 23:59 | 13 23:00 | 14 02:10 | part_of_day | date
2026-02-14 10:10 |  |  | 13 10:10 | 13 10:10 | 14 10:10 | 14 10:10 | arrival | missing
2026-02-14 10:10 | 01/01/1900 |  | 13 10:10 | 13 10:10 | 14 10:10 | 14 10:10 | arrival | missing
2026-02-14 10:10 | 11/11/1811 | 00:00 | 13 10:10 | 13 10:10 | 14 10:10 | 14 10:10 | arrival | missing
2026-02-14 10:10 | 31/12/9999 |  | 13 10:10 | 13 10:10 | 14 10:10 | 14 10:10 | arrival | missing
2026-02-14 10:10 | NK | NK | 13 10:10 | 13 10:10 | 14 10:10 | 14 10:10 | arrival | missing
2026-02-14 10:10 | 13/2/26 | 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | Fri 13 Feb 2026 | 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | Friday 13th February 2026 | 10.05pm | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | 13-Feb-26 | 2205 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | 20260213 | 2205 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | 13.02.2026 | 22.05 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | 2026-02-13T00:00:00 | 22:05:00 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | 46066 | 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | yesterday | 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | 13 22:05 | minute |
2026-02-14 10:10 | today | 08:05 | 14 08:05 | 14 08:05 | 14 08:05 | 14 08:05 | minute |
"""


def _hand_row(line: str) -> list[str]:
    arrival, day, time, *bounds = (cell.strip() for cell in line.split("|"))
    stamps = [f"{arrival[:8]}{bound}" for bound in bounds[:4]]
    return [arrival, day, time, *stamps, bounds[4], bounds[5] if len(bounds) > 5 else ""]


def _made_row(rng: random.Random, form: Form, *, dated: bool) -> list[str]:
    while True:
        at = datetime(2026, 1, 5) + timedelta(minutes=rng.randrange(60 * 24 * 75))
        if rng.random() < 0.4:
            at = at.replace(minute=0)
        arrived = at + timedelta(minutes=rng.randrange(20, 760))
        if at.date() == datetime(2026, 3, 29).date():
            continue
        told: Told | None = form(rng, at, arrived)
        if told is not None:
            break
    bounds = (
        told.from_min or told.start,
        told.from_max or told.start,
        told.to_min or told.end,
        told.to_max or told.end,
    )
    day = (told.written or at).strftime("%d/%m/%Y") if dated else ""
    return [
        f"{arrived:%Y-%m-%d %H:%M}",
        day,
        told.text,
        *(f"{b:%Y-%m-%d %H:%M}" for b in bounds),
        told.precision,
        told.also,
    ]


def times() -> list[list[str]]:
    """Every form once or twice, and those written by hand."""
    rng = random.Random("times")
    rows = [_made_row(rng, form, dated=True) for form in FORMS for _ in range(1)]
    rows += [_made_row(rng, form, dated=False) for form in UNDATED]
    return rows + [_hand_row(line) for line in BY_HAND.strip().splitlines()]


def write_all(words: Path, folder: Path) -> None:
    """The four tables."""
    for name, head in HEAD.items():
        save(folder / f"{name}.csv", head, apart(read_words(words / f"{name}.txt"), name))
    save(folder / "times.csv", TIMES, apart(times(), "times"))


__all__ = ["tell", "write_all"]
