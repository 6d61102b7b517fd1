"""The analyst's loop: words without a place are held, asked about, answered, and placed anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd

from ed_ingest.aliases import append_aliases
from ed_ingest.answered_places import SPECIAL
from ed_ingest.errors import SettingsError
from ed_ingest.held_words import hold_words
from ed_ingest.levels import UNPLACED_LEVELS
from ed_ingest.place_candidates import candidate_places
from ed_ingest.place_phrases import asked_form
from ed_ingest.placed_anew import place_anew
from ed_ingest.prepared import AttendanceDelivery, Delivery
from ed_ingest.providers import load_providers
from ed_ingest.settings import RetentionSettings
from ed_ingest.store import Store, open_store
from ed_ingest.tables import Gazetteer, Held, Replaced
from ed_ingest.workspace import Workspace

LEAST_LISTED = 3  # records: fewer are nobody's to look at
FORGET = "forget"  # an answer that is written nowhere: the words may name a person
_TEXT_COLUMNS = ["event_id", "words", "place_words", "town_words", "location_level", "night_of"]


@dataclass(frozen=True)
class Asked:
    """What is still to be asked: ``phrase, records``, most first, and the candidates of each."""

    texts: pd.DataFrame
    candidates: pd.DataFrame
    n_texts: int
    n_held: int


@dataclass(frozen=True)
class Renewed:
    """What became of the stored records with held words; numbers of records."""

    placed: int = 0
    withheld: int = 0
    purged: int = 0
    forgotten: int = 0


def purge_words(store: Store, words_days: int) -> int:
    """Take out words held for so many days or longer; of how many records they were."""
    today = datetime.now().astimezone().date()
    return store.purge_held_words(until=today - timedelta(days=words_days))


def with_held(
    delivery: Delivery, store: Store, retention: RetentionSettings, gazetteer: Gazetteer
) -> Delivery:
    """Choose the words that may be held, of a delivery together with what is held already."""
    if not isinstance(delivery, AttendanceDelivery):
        return delivery
    before = store.read_held_words()
    sent = set(delivery.records["event_id"]) | set(delivery.withdrawn)
    before = before[~before["event_id"].isin(sent) & ~before["delivered_id"].isin(sent)]
    texts = pd.concat([before[_TEXT_COLUMNS], delivery.words[_TEXT_COLUMNS]])
    if not retention.words_days:
        texts = texts.iloc[:0]
    held = hold_words(
        texts, min_records=retention.words_min_records, answered=set(gazetteer.aliases)
    )
    return replace(delivery, held=held)


def renew_places(
    workspace: Workspace, gazetteer: Gazetteer, *, forget: Collection[str] = ()
) -> Renewed:
    """Place the records whose words are held anew, by what reference data and aliases say now.

    Parameters
    ----------
    workspace
        An open workspace.
    gazetteer
        Its reference data, with the aliases.
    forget
        Phrases whose words are taken out at once, without an answer.
    """
    retention = workspace.settings.retention
    agreements = {p.id: p.agreement for p in load_providers(workspace.root)}
    allowed = {name for name, agreed in agreements.items() if agreed.lsoa_of_homes}
    k_min = {name: agreed.k_min for name, agreed in agreements.items() if agreed.k_min}
    forms = [asked_form(phrase) for phrase in forget]
    n_forgotten = 0

    def work(assaults: pd.DataFrame, held: pd.DataFrame) -> tuple[Replaced, Held]:
        nonlocal n_forgotten
        rows = place_anew(assaults, held, gazetteer=gazetteer, lsoa_of_homes=allowed)
        kept = held[~held["phrase"].isin(forms)]
        n_forgotten = len(held) - len(kept)
        open_rows = _still_open(kept, rows)
        fewest = retention.words_min_records
        return rows, hold_words(open_rows, min_records=fewest, answered=set(gazetteer.aliases))

    with open_store(workspace.store) as store:
        purged = purge_words(store, retention.words_days)
        rows = store.renew_places(work, k_min=k_min)
        if n_forgotten:
            store.audit("forget words", "held words", {"records": n_forgotten})
    homes = int((rows["location_level"] == "withheld").sum())
    return Renewed(len(rows) - homes, homes, purged, n_forgotten)


def _still_open(held: pd.DataFrame, rows: Replaced) -> pd.DataFrame:
    """Held words of the records that are not placed after all."""
    now = dict(zip(rows["event_id"], rows["location_level"], strict=True))
    levels = held["event_id"].map(now).astype("str").fillna(held["location_level"])
    return held.assign(location_level=levels)[levels.isin(UNPLACED_LEVELS)]


def texts_to_ask(
    workspace: Workspace, gazetteer: Gazetteer, *, most: int, candidates: int = 4
) -> Asked:
    """List the phrases of most records without a place, with the places that they may mean.

    Parameters
    ----------
    workspace
        An open workspace.
    gazetteer
        Its reference data.
    most
        Phrases at most.
    candidates
        Places a phrase gets at most.
    """
    with open_store(workspace.store) as store:
        held = store.read_held_words()
    counted = held.groupby("phrase")["event_id"].count().rename("records").reset_index()
    listed = counted[counted["records"] >= LEAST_LISTED]
    listed = listed.sort_values(["records", "phrase"], ascending=[False, True])
    texts = listed.head(most).reset_index(drop=True)
    found = candidate_places(list(texts["phrase"]), gazetteer, most=candidates)
    return Asked(texts, found, len(listed), len(held))


def check_answers(answers: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> dict[str, str]:
    """Tell which answers are new, by the words as they are asked about.

    Parameters
    ----------
    answers
        Words and place id, or one of `SPECIAL`.
    gazetteer
        Known places, with the aliases so far.

    Raises
    ------
    SettingsError
        If an answer has no words or no known place, or contradicts another one.
    """
    known = {*gazetteer.places["place_id"], *SPECIAL}
    checked = dict(gazetteer.aliases)
    for text, place_id in answers:
        form = asked_form(text)
        if not form:
            raise SettingsError("An answer has no words: write it as TEXT=PLACE_ID.")
        if place_id not in known:
            raise SettingsError(
                "An answer has a place id that is in no file of the reference data: use one that "
                f"is, or one of {', '.join(SPECIAL)}."
            )
        if checked.setdefault(form, place_id) != place_id:
            raise SettingsError(
                "An answer gives words another meaning than they have already: to change it, edit "
                "reference/aliases.csv."
            )
    return {form: p for form, p in checked.items() if form not in gazetteer.aliases}


def record_answers(
    workspace: Workspace, answers: Iterable[tuple[str, str]], gazetteer: Gazetteer
) -> int:
    """Write answers to reference/aliases.csv, all of them or none; how many were new."""
    new = check_answers(answers, gazetteer)
    if new:
        today = datetime.now().astimezone().date()
        append_aliases(workspace.reference, new, decided_on=today)
        with open_store(workspace.store) as store:
            store.audit("answer places", "reference/aliases.csv", {"answers": len(new)})
    return len(new)
