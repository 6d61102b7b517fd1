"""The copy in PostGIS: equal to the store row by row after whatever happened, or as it was."""

from __future__ import annotations

import pytest

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (extra: postgis)")

from ed_ingest.store import open_store  # noqa: E402
from hotspots.postgis import export_to_postgis  # noqa: E402
from tests.ed_ingest.test_store import record, sealed  # noqa: E402
from tests.hotspots.postgis_server import PASSWORD, running_server  # noqa: E402


@pytest.fixture(scope="module")
def postgis_server():
    with running_server() as server:
        yield server


def test_first(postgis_server, tmp_path, monkeypatch):
    monkeypatch.setenv("PGUSER", "writer")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    import time
    with open_store(tmp_path / "s.sqlite") as store:
        record(store, sealed("e1", "e2", easting=420000.5, northing=310000.0))
        t=time.time()
        print(export_to_postgis(store, postgis_server.address(), release="ISA-1", marking="OFFICIAL"), time.time()-t)
        t=time.time()
        print(export_to_postgis(store, postgis_server.address(), release="ISA-1", marking="OFFICIAL"), time.time()-t)
        record(store, sealed("e2", "e3", batch_id="b2"), batch_id="b2", file_hash="0"*64)
        print(export_to_postgis(store, postgis_server.address(), release=None, marking="OFFICIAL"), time.time()-t)
    with psycopg.connect(**postgis_server.admin()) as c:
        for r in c.execute("select event_id, batch_id, st_astext(geom), arrived_at from ed_hotspots.assaults"): print(r)
        for r in c.execute("select * from ed_hotspots.fingerprints"): print(r)
        for r in c.execute("select * from ed_hotspots.meta"): print(r)
