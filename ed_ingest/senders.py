"""What the watch over agreements needs to know of a provider, from its file."""

from __future__ import annotations

from ed_ingest.agreed_items import minimum_withheld
from ed_ingest.notices import Sender
from ed_ingest.providers import Provider
from ed_ingest.schema import load_spec

_OPEN_LICENCE = "police-uk-street"


def sender(provider: Provider) -> Sender:
    """The agreement of a provider as the notices take it."""
    agreement = provider.agreement
    return Sender(
        id=provider.id,
        reference=agreement.reference,
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        frequency=agreement.frequency,
        minimum_withheld=tuple(minimum_withheld(load_spec(provider.schema_name), provider.agreed)),
        open_data=provider.layout == _OPEN_LICENCE,
    )
