"""Processes that `make run` starts, and that only it starts."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from guidance.models import Question
from sharingwell.dev import run
from sharingwell.dev.ports import HOST

ROOT = Path(__file__).resolve().parents[3]


def test_importing_settings_starts_no_process() -> None:
    program = """
        import sys

        def refuse(event, arguments):
            if event in {"subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn", "os.system"}:
                raise AssertionError(f"{event} {arguments}")

        sys.addaudithook(refuse)
        from sharingwell import settings
        assert settings.DATABASES["default"]["ENGINE"] == "sharingwell.database"
    """
    environment = {"SECRET_KEY": "only-for-this-test"}
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, env=environment, check=True)


def test_a_guide_that_was_published_in_other_words_stays_and_nothing_stops(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(run.FIRST_GUIDE, tmp_path / "guide"))
    monkeypatch.setattr(run, "FIRST_GUIDE", folder)
    run.load_first_guide()
    questions = folder / "questions.yaml"
    questions.write_text(
        questions.read_text().replace("How urgent is the matter?", "How soon does it matter?")
    )

    run.load_first_guide()

    assert "Going on with what is there" in capsys.readouterr().out
    assert Question.objects.get(key="what.urgency").text == "How urgent is the matter?"


def test_a_guide_that_cannot_be_read_says_where(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "FIRST_GUIDE", tmp_path / "nowhere")

    with pytest.raises(SystemExit, match="there is no such folder"):
        run.load_first_guide()


def test_the_server_tells_no_version(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(
        "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n"
    )
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "hello:application",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            assert server_header(port) == "granian"
        finally:
            server.terminate()


def server_header(port: int) -> str | None:
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().getheader("Server")
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
        finally:
            connection.close()
