"""Times told in words ("half past one", "quarter to 2", "ten o'clock") -> figures."""

from __future__ import annotations

import re

_HOURS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_MINUTES = _HOURS | {"quarter": 15, "half": 30, "twenty": 20, "twenty five": 25, "fifteen": 15}
_HOUR = r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PAST_OR_TO = re.compile(
    r"\b(?:a )?(\d{1,2}|half|quarter|twenty[ -]five|twenty|fifteen|five|ten)(?: minutes?| mins?)?"
    rf" (past|to|after|before) {_HOUR}\b(?![:.]\d)"
)
_SHARP = re.compile(rf"\b{_HOUR} ?(?:o'? ?clock|oclock)\b|\b({'|'.join(_HOURS)})(?= ?[ap]\.?m\b)")


def spelt_times(text: str) -> str:
    """Put figures in place of times in words; the rest of the text stays.

    >>> spelt_times("about half past one am")
    'about 1:30 am'
    """
    if not _MAY.search(text):
        return text
    text = _PAST_OR_TO.sub(_past_or_to, text)
    return _SHARP.sub(lambda match: f"{_hour(match[1] or match[2])}:00", text)


_MAY = re.compile(r"past|to|clock|half|quarter|after|before|[eonxr] ?[ap]\.?m\b")


def _past_or_to(match: re.Match[str]) -> str:
    minutes, hour = _number(match[1]), _hour(match[3])
    if minutes is None or minutes >= 60 or not 1 <= hour <= 24:
        return match[0]
    if match[2] in ("past", "after"):
        return f"{hour}:{minutes:02d}"
    return f"{hour - 1 if hour > 1 else 12}:{60 - minutes:02d}"


def _hour(text: str) -> int:
    return _HOURS[text] if text in _HOURS else int(text)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else _MINUTES.get(text.replace("-", " "))
