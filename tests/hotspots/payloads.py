"""Texts that would run, count or turn a page round where they were taken for more than text."""

from __future__ import annotations

import dataclasses
from itertools import cycle

import pandas as pd

from hotspots.plain_text import plain_text
from tests.hotspots.brief_builder import change, evaluation, spots_with_trend
from tests.hotspots.builders import EAST, NORTH, publishable, with_choices
from tests.hotspots.completeness_builder import completeness
from tests.hotspots.premises_builder import ranked, with_premises

# Whatever runs sets this global of the page.
RUN = "window.canary=1"
PAYLOADS = (
    # formulas of spreadsheets first: they must stand at the beginning of a cell
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\x00=1+1",
    "\ufeff=1+1",
    "\u200b@SUM(1)",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://canary.example/","Anchor")',
    '=WEBSERVICE("http://canary.example/")',
    "{=1+1}",
    '"=1+1"',
    "'=1+1",
    "_x003D_1+1",
    "[Anchor](http://canary.example/)",
    "http://canary.example/",
    "mailto:a@canary.example",
    "file:///etc/passwd",
    "$$usable$$",
    # markup of pages
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</title></style></textarea><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f'<iframe srcdoc="<script>{RUN}</script>">',
    f'<a href="javascript:{RUN}">Anchor</a>',
    f"javascript:{RUN}",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext></p><style><img src=x onerror={RUN}>",
    "<meta http-equiv=refresh content='0;url=http://canary.example/'>",
    "<base href='http://canary.example/'><link rel=stylesheet href=//canary.example>",
    "<style>body{display:none}</style>",
    f"x;width:expression({RUN});background:url(http://canary.example/)",
    "<!-- --> <!--[if IE]> --!> <![CDATA[ x ]]> ]]> <?xml version='1.0'?>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &NewLine; &x;",
    # templates and scripts
    f"${{{RUN}}} `${{{RUN}}}`",
    "{{ 7*7 }} {{ data.constructor }} {% for x in y %} {# z #}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    "#{7*7} <%= 7*7 %> %s %d %(x)s {0} {x!r}",
    f'"}}]; {RUN}; //',
    f"'; {RUN}; /* \\",
    "\\u003cscript\\u003e \\x3c \\\\ \\",
    "a\u2028b\u2029c\x85d",
    "__proto__",
    # typst
    '#eval("1+1") #panic() #read("/etc/passwd") #import "x"',
    "#set page(width: 1pt) #let data = 1; [b] // c /* d",
    "$x^2$ @cite <label> *b* _i_ `raw` ```raw``` = head",
    "- item / term: x ~ --- \\",
    # marks that turn a text round or hide in it
    "Anchor\u202egnp.exe",
    "\u2067Anchor\u2066 \u202dNo. 1",
    "\u200fAnchor\u200e\u061c",
    "An\u200bch\u200do\u2060r\u00ad\ufeff",
    "\u0338Anchor \u0338> <\u0338",
    "An\x00c\x07h\x0bo\x1br\x7f\x9b31m",
    "Anchor\ufffe\uffff\U000e0041\U000f0000",
    "Café cafe\u0301 ﬁ Ⅷ 😀 Tŷ Ŵ",
    # of systems
    "../../etc/passwd CON NUL a:b|c?*",
    "'); DROP TABLE assaults; --",
    "%00%0a%0d%3Cscript%3E",
    "$(touch /tmp/canary) `touch /tmp/canary` ; rm -rf x",
    "Anchor " * 60,
)
# Halves of surrogate pairs: no file that is UTF-8 can bring one, a program could.
HALVES = "An\ud800chor\udfff"


def told(n: int) -> list[str]:
    """`n` texts that together hold all payloads; each begins with another one."""
    return [" ¦ ".join(PAYLOADS[start::n]) for start in range(n)]


def one_each(n: int, *, start: int = 0) -> list[str]:
    """`n` payloads, one after the other, over and over."""
    turn = cycle((*PAYLOADS[start:], *PAYLOADS[:start]))
    return [text for text, _ in zip(turn, range(n), strict=False)]


def squeezed(text: str) -> str:
    """Without white space: lines break where the page ends."""
    return "".join(text.split())


def shown(payload: str) -> str:
    """What is to be seen of a payload, without white space."""
    return squeezed(plain_text(payload))


def hostile_premises():
    """The same with premises whose names, ids and roads about them are payloads."""
    found, table = with_premises(), ranked()
    return hostile(
        ranked_premises=table.assign(name=told(len(table))),
        premises_bands=found.premises_bands,
        n_premises=found.n_premises,
        concentration=found.concentration,
    )


def hostile(**changes):
    """Findings after gate 2 with payloads in every field that holds a text."""
    base = with_choices()
    spots, whole = spots_with_trend(), " ¦ ".join((*PAYLOADS, HALVES))
    moved = change()
    parts = {
        "partnership": whole,
        "marking": whole,
        "hot_spots": spots.assign(name=told(len(spots)), place_name=told(len(spots))[::-1]),
        "providers": base.providers.assign(name=told(len(base.providers))),
        "basemap": base.basemap.assign(name=one_each(len(base.basemap))),
        "areas": base.areas.assign(
            name=one_each(len(base.areas)), code=one_each(len(base.areas), start=20)
        ),
        "premises": premises(),
        "themes": tuple(
            dataclasses.replace(theme, title=text, note=text)
            for theme, text in zip(base.themes, told(len(base.themes)), strict=True)
        ),
        "hot_spot_bands": base.hot_spot_bands,
        "methods": base.methods.assign(code=one_each(2)),
        "location_types": base.location_types.assign(code=one_each(1)),
        "caveats": (*PAYLOADS, HALVES),
        "withheld": (*PAYLOADS, HALVES),
        "analyst_notes": (*PAYLOADS, HALVES),
        "police_note": whole,
        "change": change(
            hot_spots=moved.hot_spots.assign(name=told(len(moved.hot_spots))),
            providers=tuple(PAYLOADS),
            left_out=tuple(PAYLOADS),
        ),
        "evaluation": evaluation(),
        "recorded_crime": recorded_crime(),
        "area_comparison": comparison(),
    }
    return publishable(**{**parts, **changes})


def premises() -> pd.DataFrame:
    """As many premises as payloads, each named by one."""
    n = len(PAYLOADS)
    return pd.DataFrame(
        {
            "place_id": one_each(n, start=5),
            "name": list(PAYLOADS),
            "n": [10] * n,
            "easting": [EAST + 40.0 * i for i in range(n)],
            "northing": [NORTH] * n,
        }
    )


def recorded_crime() -> pd.DataFrame:
    """Published offences of an area of a hostile name."""
    n = len(PAYLOADS)
    day = pd.Timestamp(2026, 1, 1)
    return pd.DataFrame(
        {"area": list(PAYLOADS), "quarter_from": day, "quarter_to": day, "n": 10,
         "offence_group": one_each(n, start=9)}
    )  # fmt: skip


def comparison() -> pd.DataFrame:
    """Ranks of small areas of hostile names."""
    return pd.DataFrame({"code": one_each(20), "name": one_each(20, start=20)})


def hostile_completeness():
    """Completeness after gate 2 with payloads in every field that holds a text."""
    base = completeness()
    hospitals = dict(zip(base.providers["provider"], told(len(base.providers)), strict=True))
    named = {
        part: table.assign(name=table["provider"].map(hospitals))
        for part, table in vars(base).items()
        if isinstance(table, pd.DataFrame) and "name" in table
    }
    n = len(PAYLOADS)
    months = sorted(base.months["month"].unique())
    events = pd.DataFrame(
        {
            "provider": base.providers["provider"].iloc[0],
            "name": hospitals[base.providers["provider"].iloc[0]],
            "month": [months[i % len(months)] for i in range(n)],
            "event": list(PAYLOADS),
            "new_limits": False,
        }
    )
    whole = " ¦ ".join((*PAYLOADS, HALVES))
    return completeness(
        **{
            **named,
            "partnership": whole,
            "marking": whole,
            "events": events,
            "asks": named["asks"].assign(received_instead=told(len(base.asks))),
            "gains": named["gains"].assign(words=told(len(base.gains))),
        }
    )
