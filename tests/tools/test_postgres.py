"""The throw-away server: it answers while the command runs, and is gone afterwards."""

import socket
from urllib.parse import urlsplit

import psycopg
import pytest

from tools import postgres


def test_a_server_answers_and_is_gone_afterwards() -> None:
    try:
        with postgres.running() as url:
            with psycopg.connect(url) as connection:
                assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
                folder = connection.execute("SHOW data_directory").fetchone()
            port = urlsplit(url).port
    except postgres.NoServer as reason:
        pytest.skip(str(reason))
    assert port is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert folder is not None
    assert not postgres.Path(folder[0]).exists()


def test_no_programs_means_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.Path, "glob", lambda *_: iter(()))
    monkeypatch.setattr(postgres.shutil, "which", lambda _: None)
    with pytest.raises(postgres.NoServer, match="not installed"):
        postgres.find_programs()
