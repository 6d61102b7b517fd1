"""What stands after several deliveries: the last word on each attendance, each counted once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

# A period was sent again when this share of what an earlier delivery holds of it is sent again:
# more than a file of corrected rows has, less than a month with some arrivals corrected.
RESENT_SHARE = 0.8
# Two rows of two prove nothing; and of five, four are the first that are at least 80 %.
FEWEST_AGAIN = 4
# No delivery is agreed for less than a week, so a shorter one is a file of single rows.
SHORTEST_DAYS = 6
_MINUTE = pd.Timedelta(minutes=1)

# A file without attendance numbers is of the same attendances as one with them when this share of
# its rows arrived in the same minutes.
SAME_MINUTES_SHARE = 0.5


class Claim(NamedTuple):
    """What one delivery says of one attendance.

    ``numbered``: named by an attendance number; None where a store of the first version did not
    say. ``stored`` is False where the delivery says that it is no assault, or must be mended.
    """

    batch_id: str
    delivered_id: str
    arrived_at: pd.Timestamp | None
    numbered: bool | None
    stored: bool


class Settled(NamedTuple):
    """What became of the claims, by their position.

    ``event_id``: the name of the attendance that each claim is of; ``by``: batch that overruled it,
    empty where it stands; ``resent``: it was overruled because its period was sent again without
    it. ``covered``: batches all of whose days a later one sent again.
    """

    event_id: list[str]
    by: list[str]
    resent: list[bool]
    covered: set[str]


class _State(NamedTuple):
    """Event id -> position of the claim that stands; batch -> event ids that it told of."""

    standing: dict[str, int]
    told: dict[str, set[str]]


def settle(claims: Sequence[Claim], order: Iterable[str], *, of_days: bool = True) -> Settled:
    """Play deliveries in the order in which they came, and tell which claims stand.

    The later word on an attendance replaces the earlier. What an earlier delivery told of a period,
    and a later one that holds most of the same leaves out, is taken out. A row without attendance
    number whose minute of arrival is that of a numbered one is taken for the same attendance, and
    the other way round; the numbered name stays.

    Parameters
    ----------
    claims
        All that was ever delivered by one provider; ``delivered_id`` once in each batch.
    order
        Batch ids, the earliest received first.
    of_days
        The claims are of attendances, spread over days; not of whole periods, as counts are, of
        which one alone may be sent again.

    Returns
    -------
    Settled
        The same whatever the order in which the files were taken.
    """
    n = len(claims)
    settled = Settled([c.delivered_id for c in claims], [""] * n, [False] * n, set())
    state = _State({}, {})
    mixed = len({claim.numbered for claim in claims}) > 1
    of_batch: dict[str, list[int]] = {}
    for place, claim in enumerate(claims):
        of_batch.setdefault(claim.batch_id, []).append(place)
    for batch in order:
        _take(batch, of_batch.get(batch, []), claims, state, settled, of_days=of_days, mixed=mixed)
    return settled


def period_of(arrivals: Sequence[pd.Timestamp]) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First arrival, and the minute after the last; None without an arrival.

    Exact on purpose: windows that begin at eight in the morning leave the hours before to the
    window before.
    """
    if not arrivals:
        return None
    return min(arrivals), max(arrivals) + _MINUTE


def _take(
    batch: str,
    mine: list[int],
    claims: Sequence[Claim],
    state: _State,
    settled: Settled,
    *,
    of_days: bool,
    mixed: bool,
) -> None:
    """Let one delivery speak: first on what it names, then on what it leaves out.

    `mixed`: some claims are named by a number and some are not.
    """
    displaced = _same_arrivals(mine, claims, state, settled) if mixed else []
    named = {settled.event_id[place] for place in mine}
    left_out = _left_out(mine, named | set(displaced), claims, state, settled, of_days=of_days)
    for event_id in displaced:
        settled.by[state.standing.pop(event_id)] = batch
    for place in mine:
        earlier = state.standing.pop(settled.event_id[place], None)
        if earlier is not None:
            settled.by[earlier] = batch
        if claims[place].stored:
            state.standing[settled.event_id[place]] = place
    for event_id in left_out:
        gone = state.standing.pop(event_id)
        settled.by[gone], settled.resent[gone] = batch, True
    state.told[batch] = named


def _same_arrivals(
    mine: list[int], claims: Sequence[Claim], state: _State, settled: Settled
) -> list[str]:
    """Match rows with and without number by their minute of arrival; ids that numbers displace."""
    named = {claims[place].delivered_id for place in mine}
    displaced: list[str] = []
    for numbered in (True, False):
        new = [
            place
            for place in mine
            if claims[place].numbered is numbered
            and claims[place].stored
            and claims[place].delivered_id not in state.standing
        ]
        for place, other in _matches(new, not numbered, named, claims, state, settled):
            if numbered:
                displaced.append(other)
            else:
                settled.event_id[place] = other
    return displaced


def _matches(
    new: list[int],
    numbered: bool,
    named: set[str],
    claims: Sequence[Claim],
    state: _State,
    settled: Settled,
) -> list[tuple[int, str]]:
    """Pairs of a new row and the id of a standing one, with or without number, of its minute.

    None unless half of the new rows of the same days find one: two sites that share a provider
    have the one or other minute in common.
    """
    if not new:
        return []
    waiting: dict[pd.Timestamp, list[str]] = {}
    for event_id, place in state.standing.items():
        minute = _minute(claims[place])
        # What is known by a number keeps it, also where the last word came without.
        adopted = settled.event_id[place] != claims[place].delivered_id
        if minute and event_id not in named and (adopted or claims[place].numbered) is numbered:
            waiting.setdefault(minute, []).append(event_id)
    if not waiting:
        return []
    first, last = min(waiting), max(waiting)
    minutes = [(place, m) for place in new if (m := _minute(claims[place])) and first <= m <= last]
    found = [(place, waiting[m].pop(0)) for place, m in minutes if waiting.get(m)]
    return found if len(found) >= SAME_MINUTES_SHARE * len(minutes) else []


def _minute(claim: Claim) -> pd.Timestamp | None:
    """The minute of arrival; midnight may be a date alone, and is none to match by."""
    arrived = claim.arrived_at
    return None if arrived is None or arrived == arrived.normalize() else arrived


def _left_out(
    mine: list[int],
    named: set[str],
    claims: Sequence[Claim],
    state: _State,
    settled: Settled,
    *,
    of_days: bool,
) -> list[str]:
    """Attendances of a period that is sent again, which this delivery does not hold.

    Each earlier delivery is compared by itself: of another site's file, or of the month before,
    nothing is sent again, and nothing of it goes.
    """
    arrivals = [a for p in mine if claims[p].stored and (a := claims[p].arrived_at) is not None]
    period = period_of(arrivals)
    if period is None or not state.standing:
        return []
    if of_days and max(arrivals) - min(arrivals) < pd.Timedelta(days=SHORTEST_DAYS):
        return []
    gone: set[str] = set()
    for batch, told in state.told.items():
        if len(told & named) < FEWEST_AGAIN:  # nothing of it is sent again: the most usual
            continue
        times = {
            event_id: arrived
            for event_id in told
            if event_id in state.standing
            and (arrived := claims[state.standing[event_id]].arrived_at) is not None
        }
        if of_days and times:
            unnamed = [arrived for event_id, arrived in times.items() if event_id not in named]
            first, after = _with_edges(period, unnamed, last=max(times.values()))
        else:
            first, after = period
        theirs = {event_id for event_id, arrived in times.items() if first <= arrived < after}
        again = len(theirs & named)
        if again >= FEWEST_AGAIN and again >= RESENT_SHARE * len(theirs):
            gone |= theirs - named
            settled.covered.update([batch] if len(theirs) == len(times) else [])
    return sorted(gone)


def _with_edges(
    period: tuple[pd.Timestamp, pd.Timestamp], unnamed: list[pd.Timestamp], *, last: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The period, longer by a single row of an earlier delivery that lies beyond an end of it.

    A correction may leave out the very last row, or the first. But where it goes on beyond the last
    row of the earlier delivery, the window has moved on, and what lies before was left behind.
    """
    first, after = period
    before, beyond = [t for t in unnamed if t < first], [t for t in unnamed if t >= after]
    if len(beyond) == 1:
        after = max(after, beyond[0] + _MINUTE)
    if len(before) == 1 and period[1] <= last + _MINUTE:
        first = before[0]
    return first, after
