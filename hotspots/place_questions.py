"""What places review shows and asks at the terminal, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from ed_ingest.answered_places import HOME, LOCALITY, NOT_A_PLACE
from ed_ingest.errors import SettingsError
from ed_ingest.place_candidates import candidate_places
from ed_ingest.place_review import FORGET, Asked, Renewed
from ed_ingest.tables import Gazetteer
from ed_ingest.words import normal_text
from hotspots.questions import Ask

SKIP, STOP = "s", "q"
LETTERS = {"n": NOT_A_PLACE, "h": HOME, "l": LOCALITY, "f": FORGET}
_QUESTION = (
    "Number, place id or name; n no place, h a home, l a district, f forget (may be a person), "
    "s skip, q quit"
)


def given_answers(given: Sequence[str]) -> list[tuple[str, str]]:
    """Words and answer of each `TEXT=ANSWER`.

    Raises
    ------
    SettingsError
        If one is written in another way.
    """
    pairs = [tuple(part.strip() for part in one.rpartition("=")[::2]) for one in given]
    if not all(text and answer for text, answer in pairs):
        raise SettingsError("--answer: write it as TEXT=PLACE_ID, with both parts.")
    return [(text, answer) for text, answer in pairs]


def answers_to(
    asked: Asked, gazetteer: Gazetteer, *, ask: Ask, tell: Callable[[list[str]], None]
) -> Iterator[tuple[str, str]]:
    """Ask about one phrase after another; the phrase and the answer, as soon as it is given.

    Parameters
    ----------
    asked
        The phrases and their candidates.
    gazetteer
        Known places.
    ask
        Puts a question with a default answer to the person, returns the answer.
    tell
        Prints lines before the question.
    """
    for i, (phrase, records) in enumerate(
        asked.texts[["phrase", "records"]].itertuples(index=False, name=None), 1
    ):
        choices = asked.candidates[asked.candidates["text"] == phrase]
        head = f"{i}/{len(asked.texts)}  {phrase}: {records} records{_if_a_chain(choices)}"
        tell(["", head, *_numbered(choices)])
        while True:
            answer = ask(_QUESTION, SKIP).strip()
            if answer.lower() == STOP:
                return
            if answer.lower() == SKIP:
                break
            meant, choices = meaning(answer, choices, gazetteer)
            if meant:
                yield phrase, meant
                break
            tell(["No single place is called so. These are the most like it:", *_numbered(choices)])


def meaning(answer: str, choices: pd.DataFrame, gazetteer: Gazetteer) -> tuple[str, pd.DataFrame]:
    """What was answered, and what to choose from if that is not clear.

    Parameters
    ----------
    answer
        As typed: a letter, the number of a choice, a place id, or a name.
    choices
        ``place_id, …``, in the order shown.
    gazetteer
        Known places.

    Returns
    -------
    tuple
        A place id, an answer of `LETTERS` or the empty text; and the choices to show next.
    """
    if answer.lower() in LETTERS:
        return LETTERS[answer.lower()], choices
    # Before the ids: a list of the partnership's own may number its places 1, 2, 3.
    if answer.isdecimal() and 1 <= int(answer) <= len(choices):
        return str(choices["place_id"].iloc[int(answer) - 1]), choices
    if answer in set(gazetteer.places["place_id"]):
        return answer, choices
    names = gazetteer.names
    called = names.loc[names["name"] == normal_text(answer), "place_id"].unique()
    if len(called) == 1:
        return str(called[0]), choices
    return "", candidate_places([answer], gazetteer)


def _if_a_chain(choices: pd.DataFrame) -> str:
    """A warning where several places have the name: one answer moves all records to one."""
    same = choices[choices["score"] >= 1 - _ROUNDING]
    if len(same) < _SEVERAL:
        return ""
    return " (several places of this name: skip, unless one of them is always meant)"


_SEVERAL, _ROUNDING = 2, 0.005


def _numbered(choices: pd.DataFrame) -> list[str]:
    return [f"  {i}  {_place(row)}" for i, row in enumerate(choices.to_dict("records"), 1)]


def _place(row: dict[Any, Any]) -> str:
    address = "" if pd.isna(row["address"]) or not row["address"] else f", {row['address']}"
    return f"{row['name']}{address} ({row['kind']}, {row['place_id']}; {row['score']:.2f})"


def asked_lines(asked: Asked) -> list[str]:
    """The phrases that are still to be asked, with their candidates."""
    if not asked.n_texts:
        return ["No words are held that three records share and no place is known for."]
    lines = [
        f"{asked.n_texts} texts without a place, of {asked.n_held} records. The most frequent:"
    ]
    for phrase, records in asked.texts[["phrase", "records"]].itertuples(index=False, name=None):
        choices = asked.candidates[asked.candidates["text"] == phrase]
        lines.append(f"{records:5}  {phrase}{_if_a_chain(choices)}")
        lines += [f"         {_place(row)}" for row in choices.to_dict("records")]
    return [*lines, "Answer at a terminal, or with --answer TEXT=PLACE_ID."]


def renewed_lines(renewed: Renewed, n_answers: int, workspace: str) -> list[str]:
    """What became of the answers and of the stored records."""
    told = (
        (n_answers, "answers written to reference/aliases.csv."),
        (renewed.placed, "stored records placed anew."),
        (renewed.withheld, "stored records withheld, as they are at a home."),
        (renewed.forgotten, "records: the words were taken out."),
        (renewed.purged, "records: the words had been held long enough, and were taken out."),
    )
    lines = [f"{n} {words}" for n, words in told if n]
    if renewed.placed or renewed.withheld:
        lines.append(
            f"Their links are to be made again: ed-hotspots link -w {workspace}, then analyse."
        )
    return lines


def asked_figures(asked: Asked, renewed: Renewed, n_answers: int) -> dict[str, Any]:
    """The same for machines."""
    columns = ["place_id", "name", "kind", "address", "score"]
    texts = []
    for phrase, records in asked.texts[["phrase", "records"]].itertuples(index=False, name=None):
        choices = asked.candidates[asked.candidates["text"] == phrase][columns]
        rows = choices.astype(object).where(choices.notna(), None).to_dict("records")
        texts.append({"text": phrase, "records": int(records), "candidates": rows})
    return {
        "texts": texts,
        "n_texts": asked.n_texts,
        "n_records_held": asked.n_held,
        "n_answers": n_answers,
        "n_placed": renewed.placed,
        "n_withheld": renewed.withheld,
        "n_forgotten": renewed.forgotten,
        "n_purged": renewed.purged,
    }
