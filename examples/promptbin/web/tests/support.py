"""Servers as real processes, and waiting for conditions instead of for time."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

WEB = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WEB))

GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:app")
STANDALONE = (sys.executable, "app.py")

PATIENCE_SECONDS = 20  # for a loaded machine; every wait ends as soon as its condition holds


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"timed out waiting for {what}")
        time.sleep(0.01)
    return result


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """A server in a process group of its own, with its output in a file."""

    def __init__(self, command, folder, **variables):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PROMPTBIN_", "PORT"))}
        environment = clean | {"PROMPTBIN_DATA_DIR": str(folder / "data"), "PROMPTBIN_TEST_ROUTES": "1", **variables}
        self.port = int(variables.get("PROMPTBIN_PORT", 0))
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=WEB, env=environment, stdout=output, stderr=output, start_new_session=True
            )

    def wait_ready(self):
        def healthy():
            if self.process.poll() is not None:
                raise AssertionError(f"exited with {self.process.returncode}:\n{self.log()}")
            with contextlib.suppress(OSError):
                return self.request("GET", "/health")[0] == 200

        wait_until(healthy, "a healthy server")
        return self

    def request(self, method, path, body=None, headers=None):
        """Returns (status, parsed JSON or text)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode()
            is_json = response.headers.get_content_type() == "application/json"
            return response.status, json.loads(text) if is_json else text

    @contextlib.contextmanager
    def stream(self):
        """A GET of /events, whose lines come one by one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", "/events")
            with connection.getresponse() as response:
                yield response

    def in_background(self, path):
        """Start a GET; returns a function that waits for its answer, or raises what it raised."""
        outcome = []

        def run():
            try:
                outcome.append(self.request("GET", path))
            except Exception as error:  # handed to the waiting test
                outcome.append(error)

        thread = threading.Thread(target=run)
        thread.start()

        def answer():
            thread.join()
            if isinstance(outcome[0], Exception):
                raise outcome[0]
            return outcome[0]

        return answer

    def log(self):
        return self.output.read_text(errors="replace")

    def wait_exit(self):
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class FolderCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="promptbin-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, command, **variables):
        server = Server(command, self.folder, **variables)
        self.addCleanup(server.kill)
        return server
