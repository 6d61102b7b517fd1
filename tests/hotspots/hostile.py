"""Text that would do harm where it was taken for markup."""

from __future__ import annotations

from itertools import cycle, islice

from tests.hotspots.brief_builder import full
from tests.hotspots.builders import hot_spots, publishable
from tests.hotspots.completeness_builder import completeness

HOSTILE = (
    '#eval("1") #panic() #read("/etc/passwd")',
    "$x^2$ @cite \\ *b* _i_ `raw` = head",
    "<tag a='1'>&amp;</tag><script>alert(1)</script>",
    "{{ 7 * 7 }} ${alert(1)} {% x %}",
    "=1+1 ]]> <!-- --> <?xml?>",
    "#let x = 1; [b] // c /* d */",
)
# What is left out or put on one line: controls, marks of direction.
UNSEEN = "a\u202eb\u2066c\x00d\x0be\x1bf\u200bg\ufffei"
LONG = "Very Long Street " * 60


def hostile_brief():
    """Findings and completeness with hostile text in every field that holds free text."""
    spots, base = hot_spots(), publishable()
    found = full(
        partnership=HOSTILE[0],
        marking=HOSTILE[1],
        hot_spots=spots.assign(name=_many(len(spots)), peak=HOSTILE[2]),
        providers=base.providers.assign(name=_many(len(base.providers))),
        basemap=base.basemap.assign(name=_many(len(base.basemap))),
        caveats=HOSTILE,
        withheld=HOSTILE,
        theme=HOSTILE[3],
    )
    items = completeness().items
    return found, completeness(items=items.assign(name=items["provider"].map(_by_provider(items))))


def _many(n: int) -> list[str]:
    return list(islice(cycle(HOSTILE), n))


def _by_provider(items) -> dict[str, str]:
    providers = items["provider"].unique()
    return dict(zip(providers, _many(len(providers)), strict=True))
