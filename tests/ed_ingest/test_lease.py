"""The lease of a workspace: one holder, known to others, freed at the end."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from ed_ingest.errors import LeaseError
from ed_ingest.lease import holder_of, lease

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_a_second_holder_is_told_who_has_it_and_since_when(tmp_path):
    with lease(tmp_path / "store", now=NOW) as first:
        told = pytest.raises(LeaseError, match=rf"process {os.getpid()} of .+ since 2026-03-29T")
        with told, lease(tmp_path / "store", now=NOW):
            raise AssertionError
        assert holder_of(tmp_path / "store") == first


def test_a_lease_is_free_after_its_block_and_after_an_error_in_it(tmp_path):
    with pytest.raises(ZeroDivisionError), lease(tmp_path, now=NOW):
        1 / 0  # noqa: B018
    with lease(tmp_path, now=NOW):
        pass

    assert holder_of(tmp_path) is None


def test_what_a_dead_service_left_does_not_hold_the_lease(tmp_path):
    (tmp_path / "service.lock").touch()
    left = {"pid": 1, "user": "u", "machine": "m", "since": "2020-01-01T00:00:00+00:00"}
    (tmp_path / "service.json").write_text(json.dumps(left), encoding="utf-8")

    with lease(tmp_path, now=NOW) as holder:
        assert holder.pid == os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_file_that_is_cut_short_is_no_fault(tmp_path, text):
    (tmp_path / "service.json").write_text(text, encoding="utf-8")

    assert holder_of(tmp_path) is None


@pytest.mark.skipif(os.name != "posix", reason="rights are told otherwise there")
def test_lock_and_holder_are_the_owners_only(tmp_path):
    with lease(tmp_path, now=NOW):
        modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}

    assert modes == {"service.lock": 0o600, "service.json": 0o600}
