"""What somebody should be told of sharing agreements and deliveries, until it is mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

import pandas as pd

from ed_ingest.overdue import Frequency, overdue

NOT_RECORDED = "not recorded"
_MOST_NAMED = 3


class Sender(NamedTuple):
    """What is known of a provider's agreement.

    ``reference``: of the agreement, or `NOT_RECORDED`; ``minimum_withheld``: what it withholds of
    ``type``, ``time``, ``location``; ``open_data``: published for everybody, under no agreement.
    """

    id: str
    reference: str
    valid_from: date | None
    valid_to: date | None
    frequency: Frequency
    minimum_withheld: tuple[str, ...] = ()
    open_data: bool = False

    @property
    def undated(self) -> bool:
        """Whether no date is recorded that a delivery could be checked against."""
        return not (self.open_data or self.valid_from or self.valid_to)


class Notice(NamedTuple):
    """One thing to be told.

    ``id``: the same as long as the same thing stands; ``state``: ``fault`` where deliveries are
    refused; ``sentence`` and ``remedy`` hold no value of a record.
    """

    id: str
    provider: str
    state: Literal["warning", "fault"]
    sentence: str
    remedy: str


def standing_notices(
    senders: Sequence[Sender],
    deliveries: pd.DataFrame,
    *,
    today: date,
    expiry_days: int = 60,
    late_days: int = 31,
) -> list[Notice]:
    """Tell what stands of each provider's agreement and deliveries.

    Parameters
    ----------
    senders
        The providers.
    deliveries
        ``provider, received_at, period_from, period_to`` of all deliveries taken.
    today
        The day to judge by.
    expiry_days
        An agreement that ends within so many days is told.
    late_days
        As for `overdue`.

    Returns
    -------
    list of Notice
        By provider, in the order of `senders`. Who has no agreement in force is not late.
    """
    found: list[Notice] = []
    for sender in senders:
        own = deliveries[deliveries["provider"] == sender.id]
        found += _of_agreement(sender, today=today, expiry_days=expiry_days)
        found += _of_deliveries(sender, own, today=today, late_days=late_days)
    return found


def _of_agreement(sender: Sender, *, today: date, expiry_days: int) -> Iterator[Notice]:
    file = f"providers/{sender.id}.toml"
    yield from _recorded(sender, file)
    if sender.valid_from and today < sender.valid_from:
        yield Notice(
            f"{sender.id}: agreement begins {sender.valid_from}",
            sender.id,
            "fault",
            f"The agreement begins on {sender.valid_from:%d %B %Y}: deliveries are refused until "
            "then.",
            f"Wait, or correct valid_from in {file}.",
        )
    left = (sender.valid_to - today).days if sender.valid_to else expiry_days + 1
    if sender.valid_to and left <= expiry_days:
        ended = left < 0
        days = "1 day" if left == 1 else f"{left} days"
        yield Notice(
            f"{sender.id}: agreement {'ended' if ended else 'ends'} {sender.valid_to}",
            sender.id,
            "fault" if ended else "warning",
            f"The agreement ended on {sender.valid_to:%d %B %Y}: deliveries are refused."
            if ended
            else f"The agreement ends in {days}, on {sender.valid_to:%d %B %Y}.",
            f"Renew it, and put its new dates into {file}.",
        )
    if sender.minimum_withheld:
        told = " and ".join(sender.minimum_withheld)
        yield Notice(
            f"{sender.id}: minimum data set withheld, {told}",
            sender.id,
            "warning",
            f"The agreement withholds {told}: without type, time and location no month passes, "
            "and no hot spot can be found.",
            f"Agree on the minimum data set, and shorten not_agreed in {file}.",
        )


def _recorded(sender: Sender, file: str) -> Iterator[Notice]:
    """Whether reference and dates are recorded."""
    ask = f"Put its reference and dates under [agreement] of {file}."
    if sender.reference == NOT_RECORDED:
        yield Notice(
            f"{sender.id}: agreement not recorded",
            sender.id,
            "warning",
            "No sharing agreement is recorded."
            + " No delivery is checked against its dates." * sender.undated,
            ask,
        )
    elif sender.undated:
        yield Notice(
            f"{sender.id}: agreement without dates",
            sender.id,
            "warning",
            "The agreement's dates are not recorded: no delivery is checked against them, and "
            "nobody will be told when it ends.",
            f"Put valid_from and valid_to under [agreement] of {file}.",
        )
    elif sender.valid_to is None and not sender.open_data:
        yield Notice(
            f"{sender.id}: agreement without last day",
            sender.id,
            "warning",
            "The agreement has no last day: nobody will be told when it ends.",
            f"Put valid_to under [agreement] of {file}.",
        )


def _of_deliveries(
    sender: Sender, deliveries: pd.DataFrame, *, today: date, late_days: int
) -> Iterator[Notice]:
    begun = sender.valid_from is None or sender.valid_from <= today
    if not begun or (sender.valid_to and sender.valid_to < today):
        return
    if deliveries.empty:
        yield Notice(
            f"{sender.id}: nothing received",
            sender.id,
            "warning",
            "Nothing was received yet.",
            "Ask for the first delivery, or ingest it.",
        )
    elif not sender.open_data:
        missing = overdue(deliveries, frequency=sender.frequency, today=today, late_days=late_days)
        if missing:
            yield Notice(
                f"{sender.id}: deliveries missing up to {missing[-1].end}",
                sender.id,
                "warning",
                f"Its deliveries are to be {sender.frequency}; none has come for "
                f"{_listed([period.words for period in missing])}.",
                "Ask the provider for what is missing.",
            )


def _listed(words: list[str]) -> str:
    """The newest periods by name, and how many more there are."""
    named, more = words[-_MOST_NAMED:], len(words) - _MOST_NAMED
    text = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return text + (f" ({more} earlier)" if more > 0 else "")
