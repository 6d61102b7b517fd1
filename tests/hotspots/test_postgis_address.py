"""The address of a database: who comes in and with what is never in it, and never told."""

from __future__ import annotations

import pytest

from ed_ingest.errors import EdHotspotsError
from hotspots.postgis_address import DatabaseAddress, is_database, read_address
from hotspots.postgis_faults import at_work, on_connecting


@pytest.mark.parametrize(
    ("address", "host", "port", "database"),
    [
        ("postgresql://db.marford.example/hotspots", "db.marford.example", "", "hotspots"),
        ("postgres://10.0.0.5:5433/hot-spots", "10.0.0.5", "5433", "hot-spots"),
        ("postgresql://[fd00::5]:5432/hotspots", "fd00::5", "5432", "hotspots"),
        ("postgresql:///hotspots", "", "", "hotspots"),
    ],
)
def test_an_address_is_host_port_and_database(address, host, port, database):
    assert is_database(address)
    assert read_address(address) == DatabaseAddress(host, port, database)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ana:Tr0ub4dor@db/hotspots",
        "postgresql://ana@db/hotspots",
        "postgresql://ana:Tr0/ub4dor@db/hotspots",
        "POSTGRESQL://ana:Tr0ub4dor@db",
    ],
)
def test_a_user_or_password_in_the_address_is_refused_and_not_repeated(address):
    with pytest.raises(EdHotspotsError, match="PGPASSFILE or PGPASSWORD in the env") as refused:
        read_address(address)

    assert "ub4dor" not in str(refused.value)
    assert "ana" not in str(refused.value)


def test_a_password_as_an_option_is_refused_and_not_repeated():
    with pytest.raises(EdHotspotsError, match="Set them in the environment") as refused:
        read_address("postgresql://db/hotspots?user=ana&password=Tr0ub4dor")

    assert "Tr0ub4dor" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://db",
        "postgresql://db/",
        "postgresql://db:five/hotspots",
        "postgresql://db:/hotspots",
        "postgresql://db:0/hotspots",
        "postgresql://db:65536/hotspots",
        "postgresql://db,other/hotspots",
        "postgresql://db/hotspots/more",
        "postgresql://db/hot spots",
        "postgresql://db/host=x password=Tr0ub4dor",
        "postgresql://-oProxy/hotspots",
        "postgresql://[fd00::5/hotspots",
        "postgresql://db/" + "x" * 64,
        "postgresql://db/a%00b",
        "mysql://db/hotspots",
    ],
)
def test_what_is_not_such_an_address_is_refused_and_not_repeated(address):
    with pytest.raises(EdHotspotsError, match="Expected postgresql://HOST") as refused:
        read_address(address)

    assert "Tr0ub4dor" not in str(refused.value)


def test_the_address_as_told_is_the_address_as_given():
    assert read_address("postgresql://db:5433/hotspots").words == "postgresql://db:5433/hotspots"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ('FATAL:  password authentication failed for user "ana"', "Set PGUSER, and PGPASSFILE"),
        ('no pg_hba.conf entry for host "10.0.0.9", user "ana", SSL off', "pg_hba.conf"),
        ('FATAL:  database "hotspots" does not exist', "no database of that name"),
        ('FATAL:  role "ana" does not exist', "no such user"),
        ('could not translate host name "db" to address', "Correct the host"),
        ("connection to server failed: Connection refused", "does not answer"),
        ("server does not support SSL, but SSL was required", "PGSSLMODE"),
        ("La connexion a échoué", "does not answer"),
    ],
)
def test_why_no_connection_was_made_is_told_in_words_of_our_own(message, told):
    said = on_connecting(DatabaseAddress("db", "", "hotspots"), message)

    assert told in said
    assert "ana" not in said


def test_an_error_at_work_is_told_by_its_code():
    assert "statement_timeout" in at_work("57014")
    assert "was stopped" in at_work("57P01")
    assert "Drop the schema" in at_work("42703")
    assert "lacks a right" in at_work("42501")
    assert "connection was lost" in at_work(None)
    assert "code 22P05" in at_work("22P05")
