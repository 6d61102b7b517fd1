"""Numbers and addresses that name a person or a record of one: find them and take them out."""

from __future__ import annotations

import re
from collections.abc import Collection, Set

import phonenumbers
from nhs_number.validate import is_valid as is_nhs_number

MARK = "[…]"
_MARKED = f" {MARK} "

_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@(\w[\w.]*)")
_CUED_HANDLE = re.compile(
    r"\b((?:insta(?:gram)?|ig|snap(?:chat)?|facebook|fb|tiktok|twitter|username|user name|handle)"
    r"(?:\s+(?:name|handle|account|user))?)\s*[:=-]?\s*@?(\w*[\d_.]\w[\w.]*)",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<!\d)(\d{3}[ .-]?\d{3}[ .-]?\d{4})(?!\d)")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}|00\d{2}|\(?0)[\d\s()./-]{7,16}\d(?!\d)")
_INSURANCE = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?[A-D]?\b",
    re.IGNORECASE,
)
_VEHICLE = re.compile(r"\b[A-Z]{2}[0-9]{2}\s?[A-Z]{3}\b", re.IGNORECASE)
_CUED_VEHICLE = re.compile(
    r"\b((?:reg(?:istration)?|vrm|plate|car|vehicle|van|taxi)(?:\s+(?:no|number|plate))?[.:#]?)\s*"
    r"(?![ABM]\d{1,4}\b)(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{2,4}\s?[A-Z0-9]{2,4}\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(d\.?o\.?b\.?|date of birth|born|b\.)(?:\s+(?:in|on))?\s*:?\s*\d[\w ./-]{1,12}\d",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:aged?\s*:?\s*\d{1,3}(?:\s*(?:years|yrs?))?|\d{1,3}\s*-?\s*(?:y\s?/?\s?o\b|yoa|yof|yom|"
    r"y(?:ea)?rs?(?:\s+|-)(?:of\s+age|old))|\d{2}\s?[mf](?=\s*(?:[,;:)-]|$)))"
    r"|\bturn(?:ed|s|ing)\s+\d{1,2}(?:\s+today)?|\d{1,2}/12\s+old|\b[mf]\s?/\s?\d{2}\b|\b\d{2}\s?/\s?[mf]\b"
    r"|(?<=\()\s*\d{1,3}\s*(?:years|yrs?|y)(?=\s*\))"
    r"|\b\d{2}(?=\s+(?:yr\s+)?(?:male|female|man|woman|lad|lass|girl|boy|lady|gentleman)\b)"
    r"|^\W*\d{1,3}\s?(?:years|yrs?|y)\b(?!\s*(?:ago|back))|\bf\d{2}\b"
    r"|\b(?:1\d|[2-9]\d)\s?(?:yrs?|years?)\b(?!\s*(?:ago|back|of))|\d{1,3}\s?y\s+old\b"
    r"|(?<=male )\d{2}\b(?!\s*(?:y(?:ar)?ds|m\b|met|min|h(?:ou)?rs?|st\b|nd\b|rd\b|th\b))"
    r"|(?<=girl )\(?\d{1,2}\)?(?=\s*(?:[,;.]|$))|(?<=boy )\(?\d{1,2}\)?(?=\s*(?:[,;.]|$))"
    r"|(?<=his )\d0'?s\b|(?<=her )\d0'?s\b|(?<=their )\d0'?s\b"
    r"|(?<=\bpt is )\d{2}\b|(?<=\bpt )\d{2}(?=\s*[,;.)])|\b(?:early|mid|late)\s?-?\s?\d0'?s\b"
    r"|(?<=\bpt )\d{1,3}\s*(?:years|yrs?|y)\b(?!\s*(?:ago|back))|^\W*\d{2}\s?[mf]\b"
    r"(?!\s+(?:from|away|past|along|down|up|outside|to|inside|off|north|south|east|west|before|after))",
    re.IGNORECASE,
)
_SPELT_AGE = re.compile(
    r"\b(aged|(?:pt|px|patient|he|she|victim)\s+is)\s+(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?\b",
    re.IGNORECASE,
)
# A cue and a number or code behind it; the cue may stay, the number goes.
_CUED = re.compile(
    r"\b((?:nhs|mrn|hosp(?:ital)?|pas|crn|ed|cad|log|incident|inc|occ(?:urrence)?|crime|niche|urn|"
    r"pnc|ref(?:erence)?|badge|collar|warrant|shoulder|tel(?:ephone)?|phone|mob(?:ile)?|nino|"
    r"national insurance|passport|attendance|episode|case|account|id|pc|pcso|sgt|sergeant|dc|ds|"
    r"wpc|officer|constable|licence|sia|unit\s(?:no|number))\b"
    r"(?:[\s.:#(]*(?:no|num(?:ber)?|ref(?:erence)?|id|log)\b)*[\s.:#(]*)"
    r"((?:(?=[\w/-]*\d)[A-Z]{0,6}[\s/-]?|[A-Z]\s(?=\d{3}))\d[\w/-]*"
    r"(?:[ -](?!(?:[01]\d|2[0-3])[0-5]\d\b)\d{3,5}\b)*)",
    re.IGNORECASE,
)
_LONG_RUN = re.compile(
    r"(?<![\w.])[A-Z]{0,6}\d[\dA-Z/.-]*\d{2,}[\dA-Z]*|(?<!\d)\d{3,}(?:[ -]\d{3,})+",
    re.IGNORECASE,
)
_TIME_RANGE = re.compile(r"[0-2]?\d[:.]?[0-5]\d\s?-\s?[0-2]?\d[:.]?[0-5]\d$")
_BLOOD_PRESSURE = re.compile(r"\d{2,3}/\d{2,3}$")
_ROAD_NUMBER = re.compile(r"[ABM]\d{1,4}(?:\(M\))?$", re.IGNORECASE)
MOST_DIGITS = 5  # a run of more digits than this is no time, count or house number
_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPS-UW]|"
    r"[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])\s{0,2}[0-9][ABD-HJLNP-UW-Z]{2}\b",
    re.IGNORECASE,
)
# Where somebody lives, beside the place where it happened: up to the next punctuation, or farther
# where an address goes on: "unit 3, Llys Court", "Rose Cottage, Mill Lane".
_END = (
    r"(?:(?! [-–] )[^,;.()\n]|(?<=\b(?:unit|flat|room)\s\w),|(?<=\b(?:unit|flat|room)\s\w\w),"
    r"|(?<=cottage),|(?<=house),|(?<=lodge),|(?<=villa),|(?<=flats),"
    r"|\([^()]*\b(?:house|court|lodge|flats|villa|cottage|hostel)\))*"
)
_UNIT = r"(?:\s+given\s+as)?[\s:=]*(?:(?:unit|flat|apt|apartment|room|rm|block)\s*\w{1,4}\s*,\s*)*"
_LIVES = re.compile(
    r"(?<!where pt is )(?<!where he is )(?<!where she is )(?<!where patient is )"
    r"\b(?:lives|living|lived|resides|residing)\b(?!\s+(?:there|here|with|alone|room|together|rough))"
    rf"{_UNIT}{_END}"
    r"|\b(?:pts?|px|patient|victim|male|female|man|woman|lady|gentleman|student|resident|residence)"
    rf"\s+of\s+(?=\d){_END}",
    re.IGNORECASE,
)
# "home address …" alone is where it happened; beside other words it is where somebody lives.
_ADDRESS = re.compile(
    rf"(?<=\w)\s*[.,;:(–-]\s*(?:home\s+)?addr(?:ess)?\b(?=[^,;]*\d){_UNIT}{_END}"
    rf"|^\W*(?:(?:pt'?s?|px'?s?|patient'?s?|victim'?s?|nok)\s+)?(?:home\s+)?addr(?:ess)?\b"
    rf"(?=[^,;]*\d){_UNIT}{_END}(?=[,;.]\s*\w)",
    re.IGNORECASE,
)
_RESIDENCE = re.compile(
    r"\b(?:liv(?:es|ing|ed)|resid\w+|address|addr|home|house|flat|postcode|from)\b", re.IGNORECASE
)


def without_identifiers(text: str, *, venues: Collection[str], postcodes: Collection[str]) -> str:
    """Put the mark in place of each number, code or address that names a person or a record.

    Parameters
    ----------
    text
        One location in words.
    venues
        Names of venues without space, lower case: ``@name`` of one is a place, not a handle.
    postcodes
        Postcodes of known premises, upper case without space; any other may be a home's and goes,
        and so does one of these beside words of residence.
    """
    lower = text.lower()
    text = _without_links_and_homes(text, lower, venues)
    n = _n_digits(text)
    if n == 0:
        return _CUED_HANDLE.sub(rf"\1{_MARKED}", text) if "." in text or "_" in text else text
    said = _words_of(lower)
    if "addr" in lower:
        text = _ADDRESS.sub(_MARKED, text)
    if n >= _FEW_DIGITS:
        text = _without_long_numbers(text, n)
    if said & _MEDIA:
        text = _CUED_HANDLE.sub(rf"\1{_MARKED}", text)
    if said & _BIRTH:
        text = _BORN.sub(_MARKED, text)
    if _AGED.search(text):
        text = _AGE.sub(_MARKED, text)
    if said & _CUES:
        text = _CUED.sub(rf"\1{_MARKED}", text)
    return text if n < _FEW_DIGITS - 1 else _without_codes(text, n, said, postcodes)


def _without_links_and_homes(text: str, lower: str, venues: Collection[str]) -> str:
    """Take out what needs no digit: links, e-mails, handles, where somebody lives, spelt ages."""
    if "www" in lower or "://" in lower:
        text = _LINK.sub(_MARKED, text)
    if "@" in text:
        text = _EMAIL.sub(_MARKED, text)
        text = _HANDLE.sub(lambda m: m[0] if m[1].lower() in venues else _MARKED, text)
    if "liv" in lower or "resid" in lower or " of " in lower:
        text = _LIVES.sub(_MARKED, text)
    if "ty" in lower:
        text = _SPELT_AGE.sub(rf"\1{_MARKED}", text)
    return text


def _without_codes(text: str, n: int, said: Set[str], postcodes: Collection[str]) -> str:
    """Take out postcodes of homes, vehicles' plates and long numbers of a text with `n` digits."""
    resident = _RESIDENCE.search(text) is not None
    text = _POSTCODE.sub(
        lambda m: m[0] if not resident and bare_postcode(m[0]) in postcodes else _MARKED, text
    )
    text = _VEHICLE.sub(_MARKED, text)
    if said & _VEHICLES:
        text = _CUED_VEHICLE.sub(rf"\1{_MARKED}", text)
    if n >= _FEW_DIGITS:
        text = _LONG_RUN.sub(lambda m: m[0] if _is_harmless(m[0]) else _MARKED, text)
    if n < _TELEPHONE_DIGITS or _n_digits(text) < _TELEPHONE_DIGITS:
        return text
    return _without_telephones(text)


def _words_of(lower: str) -> Set[str]:
    """Words of a text in lower case; all cues where signs beyond ASCII may stand between them."""
    return {*lower.translate(_SIGNS).split()} if lower.isascii() else _ALL_CUES


_SIGNS = str.maketrans({sign: " " for sign in map(chr, range(128)) if not sign.isalnum()})
# Words that slow patterns begin with, each apart from what stands beside it.
_MEDIA = frozenset(
    {
        *("insta", "instagram", "ig", "snap", "snapchat", "facebook", "fb", "tiktok", "twitter"),
        *("username", "user", "handle"),
    }
)
_BIRTH = frozenset({"d", "dob", "do", "ob", "date", "born", "b"})
_CUES = frozenset(
    {
        *("nhs", "mrn", "hosp", "hospital", "pas", "crn", "ed", "cad", "log", "incident", "inc"),
        *("occ", "occurrence", "crime", "niche", "urn", "pnc", "ref", "reference", "badge", "case"),
        *("collar", "warrant", "shoulder", "tel", "telephone", "phone", "mob", "mobile", "nino"),
        *("national", "passport", "attendance", "episode", "account", "id", "pc", "pcso", "sgt"),
        *("sergeant", "dc", "ds", "wpc", "officer", "constable", "licence", "sia", "unit"),
    }
)
_VEHICLES = frozenset({"reg", "registration", "vrm", "plate", "car", "vehicle", "van", "taxi"})
_ALL_CUES = _MEDIA | _BIRTH | _CUES | _VEHICLES


# Quick tests whether a slow pattern can be in a text at all.
_AGED = re.compile(
    r"age|turn|old|pt |early|mid|late|male|girl|boy|his|her|their"
    r"|\d\s?[/-]?\s?[ymf]|[mf]\s?/?\s?\d|\d\s+[wlgb]",
    re.IGNORECASE,
)
# A text with fewer digits holds no date, telephone, NHS or national insurance number.
_FEW_DIGITS = 3
_INSURANCE_DIGITS, _TELEPHONE_DIGITS, _NHS_DIGITS = 6, 9, 10


def _without_long_numbers(text: str, n: int) -> str:
    """Take out NHS numbers, dates, telephones and insurance numbers of a text with `n` digits."""
    # NHS numbers first: later, looser patterns would take them for telephone numbers.
    if n >= _NHS_DIGITS:
        text = _NHS.sub(lambda m: _MARKED if _is_nhs_number(m[1]) else m[0], text)
    text = _DATE.sub(_MARKED, text)
    if n >= _TELEPHONE_DIGITS:
        text = _PHONE.sub(lambda m: _MARKED if _n_digits(m[0]) >= _TELEPHONE_DIGITS else m[0], text)
    return _INSURANCE.sub(_MARKED, text) if n >= _INSURANCE_DIGITS else text


def postcode_in(text: str) -> str | None:
    """The last full postcode, upper case without space; none beside words of residence."""
    found = _POSTCODE.findall(text)
    return bare_postcode(found[-1]) if found and _RESIDENCE.search(text) is None else None


def bare_postcode(postcode: str) -> str:
    """Upper case without space."""
    return "".join(postcode.split()).upper()


def _is_nhs_number(number: str) -> bool:
    digits = "".join(filter(str.isdigit, number))
    return bool(is_nhs_number(digits))


def _n_digits(text: str) -> int:
    # The quick way knows the ten figures of ASCII alone.
    return sum(map(text.count, "0123456789")) if text.isascii() else len(_DIGIT.findall(text))


def _is_harmless(run: str) -> bool:
    if _BLOOD_PRESSURE.match(run):
        return True
    if _TIME_RANGE.match(run) or _ROAD_NUMBER.match(run) or bare_postcode(run) == "":
        return True
    if _POSTCODE.fullmatch(run):
        return True
    return _n_digits(run) < MOST_DIGITS and not (run[0].isalpha() and _n_digits(run) >= 4)


def _without_telephones(text: str) -> str:
    """A second net for telephone numbers in shapes that the patterns do not know."""
    matches = phonenumbers.PhoneNumberMatcher(text, "GB", phonenumbers.Leniency.POSSIBLE)
    for match in reversed(list(matches)):
        if _n_digits(match.raw_string) >= _TELEPHONE_DIGITS:
            text = text[: match.start] + _MARKED + text[match.end :]
    return text
