"""The notice of a pack says where it is, and nothing of what it says."""

from __future__ import annotations

import email
import re
import smtplib
from datetime import UTC, datetime
from email.policy import default

import pytest

from hotspots.pack_mail import pack_message, send
from tests.hotspots.mail_server import mail_server

NOW = datetime(2026, 12, 15, 6, tzinfo=UTC)
SERVER = {"host": "127.0.0.1", "starttls": False, "user": None, "password": ""}


def message(pack="2026-11", **changes):
    given = {
        "partnership": "Marford",
        "folders": ["S:\\tasking\\2026-11"],
        "sender": "analyst@example.org",
        "to": ["chair@example.org", "police@example.org"],
        "at": NOW,
    }
    return pack_message(pack, **{**given, **changes})


def body(written) -> str:
    return written.get_content().replace("\r\n", "\n").strip()


def test_it_says_month_partnership_and_folder():
    written = message()

    assert body(written) == "The pack of November 2026 of Marford is in S:\\tasking\\2026-11"
    assert written["Subject"] == "Pack of November 2026 of Marford"
    assert written["To"] == "chair@example.org, police@example.org"


def test_a_corrected_pack_is_called_so():
    written = message("2026-11.v2", folders=["/s/2026-11.v2"])

    assert body(written) == (
        "The corrected pack of November 2026 of Marford, which replaces the earlier one, is in "
        "/s/2026-11.v2"
    )


def test_several_folders_stand_on_a_line_each():
    lines = body(message(folders=["/a/2026-11", "/b/2026-11"])).splitlines()

    assert lines[-2:] == ["/a/2026-11", "/b/2026-11"]


def test_the_only_figures_are_those_of_the_month():
    written = message(folders=["/tasking"])

    assert re.findall(r"\d+", written["Subject"] + body(written)) == ["2026", "2026"]


@pytest.mark.parametrize(
    "name",
    ["Marford\nBcc: someone@example.com", "Marford\r\n\r\nhello", "  Mar\tford ", "Môn – “M”"],
)
def test_a_name_stays_one_line_and_makes_no_header(name):
    written = email.message_from_bytes(message(partnership=name).as_bytes(), policy=default)

    assert written["Bcc"] is None
    assert written["Subject"] == f"Pack of November 2026 of {' '.join(name.split())}"
    assert {name.lower() for name in written} == {
        "subject", "from", "to", "date", "message-id", "auto-submitted", "content-type",
        "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_the_message_does_not_name_the_machine():
    assert message()["Message-ID"].endswith("@example.org>")


def test_it_is_handed_to_the_server():
    with mail_server() as box:
        refused = send(message(), port=box.port, **SERVER)

    assert refused == 0
    assert box.recipients == ["chair@example.org", "police@example.org"]
    (kept,) = (email.message_from_bytes(m, policy=default) for m in box.messages)
    assert body(kept) == body(message())


def test_addresses_that_are_refused_are_counted_while_others_are_taken():
    with mail_server(refuses="chair") as box:
        assert send(message(), port=box.port, **SERVER) == 1
        assert len(box.messages) == 1


def test_a_server_that_is_not_there_or_takes_nobody_is_an_os_error():
    with mail_server(refuses="@") as box:
        with pytest.raises(OSError, match=r".+"):
            send(message(), port=box.port, **SERVER)
        assert box.messages == []
    with pytest.raises(OSError, match=r".+"):
        send(message(), port=box.port, **SERVER)


def test_nothing_is_said_to_a_server_that_cannot_encrypt():
    with mail_server() as box:
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(message(), port=box.port, **{**SERVER, "starttls": True})
        assert box.recipients == []
