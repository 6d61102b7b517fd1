"""What profile asks a person at the terminal, in plain words, and what it shows first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ed_ingest.profiling import PlainProfile, Profile
from ed_ingest.proposal import LIKELY, ON_REQUEST, Suggestion, with_choice
from ed_ingest.provider_file import confidence_word

# Column of the schema -> what it is, as one would say it to a colleague.
PLAIN = {
    "arrived_at": "date and time of arrival",
    "arrived_date": "date of arrival",
    "arrived_time": "time of arrival",
    "assault_at": "date and time of the assault",
    "assault_date": "date of the assault",
    "assault_time": "time of the assault",
    "assault_method": "how: weapon or part of the body",
    "location_type": "kind of place of the assault",
    "location_text": "place of the assault in words",
    "easting": "easting of the assault",
    "northing": "northing of the assault",
    "latitude": "latitude of the assault",
    "longitude": "longitude of the assault",
    "grid_reference": "grid reference of the assault",
    "lsoa": "small area (LSOA) of the assault",
    "alcohol": "alcohol involved",
    "drugs": "drugs involved",
    "domestic_abuse": "domestic abuse",
    "reported_to_police": "reported to the police",
    "gang_related": "gang related",
    "assailants": "number of assailants",
    "relationship": "who the assailant was to the patient",
    "admitted": "admitted, or how the visit ended",
    "attendance_number": "number of the attendance (kept only as an opaque name)",
    "attendance_reason": "whether it was an assault",
    "duplicate_flag": "marks rows that the hospital knows to be doubled",
    "age_band": "age band",
    "age": "age (kept as a band)",
    "date_of_birth": "date of birth (kept as an age band)",
    "sex": "sex",
}
LEFT, NEVER = "left behind", "never read: names people or records"
NOT_AGREED = "left behind: --agreed does not name it"
OLD_DATES = "left behind: its dates are years older than the others, as of births"

# Asks with a text and a default, returns the answer; typer.prompt and a test's list both fit.
Ask = Callable[[str, str], str]


def proposal_lines(profile: Profile) -> list[str]:
    """The proposed mapping, a line a column; no cell of the file is shown."""
    suggestions = profile.proposal.suggestions
    ticked = {h: c for c, headings in profile.proposal.ticks.items() for h in headings}
    width = min(max((len(_short(s.heading)) for s in suggestions), default=0), 40)
    lines = [f"{profile.file}: {profile.n_rows:,} rows, {len(suggestions)} columns."]
    for number, suggestion in enumerate(suggestions, 1):
        meaning, surely = _meaning(suggestion, ticked, profile.proposal.agreed), ""
        if suggestion.columns or suggestion.heading in ticked:
            surely = f"  ({confidence_word(suggestion.confidence)})"
        lines.append(f"{number:3}  {_short(suggestion.heading):{width}}  {meaning}{surely}")
    lines += [f"No column was found for {item}." for item in profile.missing]
    return lines


def ask_about(profile: Profile, ask: Ask) -> Profile:
    """Ask about what is not sure and what is missing; the profile with the answers in it.

    Parameters
    ----------
    profile
        The proposal.
    ask
        Puts a question with a default answer to the person, returns the answer.
    """
    for suggestion in profile.proposal.suggestions:
        if suggestion.columns and suggestion.confidence < LIKELY:
            meant = " and ".join(PLAIN[column] for column in suggestion.columns)
            right = ask(f"Is the column “{_short(suggestion.heading)}” the {meant}? (y/n)", "y")
            if not right.strip().lower().startswith("y"):
                profile = _with(profile, suggestion.heading, ())
    while True:
        answer = ask("Number of a column to change, or Enter if all is right", "")
        if not answer.strip():
            return profile
        profile = _changed(profile, answer.strip(), ask)


def _changed(profile: Profile, answer: str, ask: Ask) -> Profile:
    suggestions = profile.proposal.suggestions
    if not answer.isdigit() or not 1 <= int(answer) <= len(suggestions):
        return profile
    heading = suggestions[int(answer) - 1].heading
    choices = list(PLAIN.items())
    menu = "\n".join(f"{n:3}  {text}" for n, (_, text) in enumerate(choices, 1))
    chosen = ask(f"{menu}\n  0  leave it behind\nWhat is “{_short(heading)}”? (number)", "0")
    if not chosen.isdigit() or int(chosen) > len(choices):
        return profile
    return _with(profile, heading, (choices[int(chosen) - 1][0],) if int(chosen) else ())


def _with(profile: Profile, heading: str, columns: tuple[str, ...]) -> Profile:
    return replace(profile, proposal=with_choice(profile.proposal, heading, columns))


def _meaning(suggestion: Suggestion, ticked: dict[str, str], agreed: frozenset[str]) -> str:
    if suggestion.heading in ticked:
        return f"box to tick: {PLAIN[ticked[suggestion.heading]]}"
    if suggestion.columns:
        return "; ".join(PLAIN[column] for column in suggestion.columns)
    if suggestion.old:
        return OLD_DATES
    if suggestion.meaning in ON_REQUEST:
        item = "sex" if suggestion.meaning == "sex" else "age_band"
        return LEFT if item in agreed else NOT_AGREED
    return NEVER if suggestion.identifier else LEFT


def _short(heading: str) -> str:
    plain = " ".join(heading.split())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def profile_figures(profile: Profile, provider: str, written: str | None) -> dict[str, object]:
    """The same for machines."""
    ticked = {h: c for c, headings in profile.proposal.ticks.items() for h in headings}

    def columns(suggestion: Suggestion) -> Sequence[str]:
        own = ticked.get(suggestion.heading)
        return [own] if own else list(suggestion.columns)

    return {
        "provider": provider,
        "rows": profile.n_rows,
        "written": written,
        "date_order": profile.proposal.date_order,
        "midnight_is_missing": profile.layout.midnight_is_missing,
        "missing": profile.missing,
        "columns": [
            {
                "header": suggestion.heading,
                "maps_to": columns(suggestion),
                "confidence": suggestion.confidence,
                "identifier": suggestion.identifier,
                "tick": suggestion.heading in ticked,
            }
            for suggestion in profile.proposal.suggestions
        ],
    }


def plain_lines(profile: PlainProfile) -> list[str]:
    """The proposal for a police file or for counts, a line a column."""
    width = min(max((len(_short(s.heading)) for s in profile.suggestions), default=0), 40)
    lines = [f"{profile.file}: {profile.n_rows:,} rows, {len(profile.suggestions)} columns."]
    for number, suggestion in enumerate(profile.suggestions, 1):
        meaning = "; ".join(c.replace("_", " ") for c in suggestion.columns)
        meaning = meaning or (NEVER if suggestion.identifier else LEFT)
        lines.append(f"{number:3}  {_short(suggestion.heading):{width}}  {meaning}")
    return [*lines, *profile.questions, *profile.notes]


def plain_figures(profile: PlainProfile, provider: str, written: str | None) -> dict[str, object]:
    """The same for machines."""
    return {
        "provider": provider,
        "kind": profile.kind,
        "rows": profile.n_rows,
        "written": written,
        "questions": list(profile.questions),
        "columns": [
            {
                "header": suggestion.heading,
                "maps_to": list(suggestion.columns),
                "confidence": suggestion.confidence,
                "identifier": suggestion.identifier,
            }
            for suggestion in profile.suggestions
        ],
    }
