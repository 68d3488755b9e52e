"""Both servers as real processes, with real signals."""

import contextlib
import itertools
import json
import os
import signal
import socket

from support import GUNICORN, STANDALONE, FolderCase, free_port, wait_until

from streams import STREAMS_MAX


class ServerChecks:
    """What must hold for whichever server runs the app."""

    command = ()

    def ready(self, **variables):
        return self.start(self.command, PROMPTBIN_PORT=str(free_port()), **variables).wait_ready()

    def test_reports_who_manages_it(self):
        server = self.ready(
            PROMPTBIN_MODE="managed", PROMPTBIN_MANAGER_PID="42", PROMPTBIN_RUN="3", PROMPTBIN_PROCESS="web"
        )
        self.assertEqual(server.request("GET", "/health")[1]["mode"], "managed")
        answer = server.request("GET", "/mcp-status")[1]
        self.assertEqual((answer["manager_pid"], answer["run"], answer["process"]), (42, 3, "web"))

    def test_running_requests_finish_on_sigterm(self):
        self.check_running_requests_finish(os.kill)

    def test_running_requests_finish_when_the_whole_group_gets_sigterm(self):
        self.check_running_requests_finish(os.killpg)

    def check_running_requests_finish(self, send):
        server = self.ready()
        answer = server.in_background("/_test/slow?seconds=2")
        wait_until(lambda: "slow request began" in server.log(), "the request to begin")
        send(server.process.pid, signal.SIGTERM)
        wait_until(lambda: refused(server.port), "the port to be closed")
        self.assertEqual(answer(), (200, {"slept": 2.0}))
        self.assertEqual(server.wait_exit(), 0)

    def test_idle_connections_do_not_delay_the_stop(self):
        server = self.ready()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            self.assertIn(b"200 OK", client.recv(65536))
            os.kill(server.process.pid, signal.SIGTERM)
            self.assertEqual(server.process.wait(5), 0)

    def test_open_streams_do_not_delay_the_stop(self):
        server = self.ready()
        with server.stream() as stream:
            self.assertIn(b"retry:", stream.readline())
            os.kill(server.process.pid, signal.SIGTERM)
            # Less than the graceful timeout.
            self.assertEqual(server.wait_exit(), 0)
            self.assertNotIn(b"prompts", stream.read())

    def test_streams_hear_of_prompts_and_leave_their_places(self):
        server = self.ready()
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(server.stream()) for _ in range(STREAMS_MAX)]
            for stream in streams:
                stream.readline()
            self.assertEqual(server.request("GET", "/events")[0], 503)
            self.assertEqual(server.request("POST", "/api/prompts", {"title": "a", "body": "b"})[0], 201)
            for stream in streams:
                # While nothing happens two lines come each second.
                self.assertIn(b"event: prompts\n", itertools.islice(stream, 60))
        # Closed by the client, which the server notices when it writes.
        wait_until(lambda: self.opens_a_stream(server), "a free place")

    def opens_a_stream(self, server):
        with server.stream() as stream:
            return b"retry" in stream.readline()

    def test_bad_settings_are_one_sentence_and_exit_code_2(self):
        server = self.start(self.command, PORT="abc")
        self.assertEqual(server.wait_exit(), 2)
        self.assertEqual(server.log(), "promptbin: PORT must be a whole number from 1 to 65535, not 'abc'.\n")

    def test_a_lost_shared_file_is_one_sentence_and_exit_code_2(self):
        server = self.start(self.command, PROMPTBIN_CONFIG="/nowhere/shared.json")
        self.assertEqual(server.wait_exit(), 2)
        expected = "PROMPTBIN_CONFIG names /nowhere/shared.json, which cannot be read: No such file or directory."
        self.assertEqual(server.log(), f"promptbin: {expected}\n")

    def test_the_shared_file_says_where_to_listen_and_how_to_log(self):
        port = free_port()
        shared = self.folder / "shared.json"
        shared.write_text(json.dumps({"flask": {"port": port}, "logging": {"level": "INFO", "format": "json"}}))
        server = self.start(self.command, PROMPTBIN_CONFIG=str(shared))
        server.port = port
        server.wait_ready()
        server.request("GET", "/api/prompts?q=%0Aforged")
        with contextlib.suppress(OSError):
            server.request("GET", "/_test/slow?seconds=0")
        wait_until(lambda: "slow request began" in server.log(), "the log line")
        os.kill(server.process.pid, signal.SIGTERM)
        self.assertEqual(server.wait_exit(), 0)
        lines = [json.loads(line) for line in server.log().splitlines()]
        self.assertTrue(all(list(line)[:4] == ["time", "level", "logger", "message"] for line in lines), lines)
        said = [(line["level"], line["logger"], line["message"]) for line in lines]
        self.assertIn(("WARNING", "promptbin.testing", "slow request began"), said)
        self.assertTrue(any("/api/prompts?q=%0Aforged 200" in line["message"] for line in lines), lines)
        self.assertTrue(any(f"http://127.0.0.1:{port}" in line["message"] for line in lines), lines)

    def test_a_crash_takes_the_whole_server_down(self):
        server = self.ready()
        with contextlib.suppress(OSError):
            server.request("GET", "/_test/crash")
        self.assertEqual(server.wait_exit(), -signal.SIGKILL)
        wait_until(lambda: refused(server.port), "the port to be closed")

    def test_health_checks_are_not_logged(self):
        server = self.ready()
        server.request("GET", "/api/prompts?q=%0Aforged")
        wait_until(lambda: "/api/prompts?q=%0Aforged 200" in server.log(), "the log line")
        self.assertNotIn("/health", server.log())

    def test_oversized_requests_get_an_answer(self):
        server = self.ready()
        status, answer = server.request("POST", "/api/prompts", {"title": "a", "body": "x" * (2 << 20)})
        self.assertEqual((status, list(answer)), (413, ["error"]))


class GunicornTest(ServerChecks, FolderCase):
    command = GUNICORN

    def test_leaves_nothing_behind(self):
        home = self.folder / "home"
        home.mkdir()
        server = self.ready(HOME=str(home), XDG_RUNTIME_DIR=str(home), TMPDIR=str(home))
        self.assertEqual(os.listdir(home), [])
        os.kill(server.process.pid, signal.SIGTERM)
        self.assertEqual(server.wait_exit(), 0)
        self.assertEqual(os.listdir(home), [])

    def test_several_workers_share_the_prompts(self):
        server = self.ready(WEB_CONCURRENCY="2")
        for number in range(20):
            self.assertEqual(server.request("POST", "/api/prompts", {"title": str(number), "body": "b"})[0], 201)
            self.assertEqual(server.request("GET", "/api/prompts")[1]["count"], number + 1)


class StandaloneTest(ServerChecks, FolderCase):
    command = STANDALONE

    def test_ctrl_c(self):
        server = self.ready()
        os.killpg(server.process.pid, signal.SIGINT)
        self.assertEqual(server.wait_exit(), 0)
        self.assertNotIn("Traceback", server.log())

    def test_a_second_signal_ends_it_at_once(self):
        server = self.ready()
        answer = server.in_background("/_test/slow?seconds=30")
        wait_until(lambda: "slow request began" in server.log(), "the request to begin")
        os.kill(server.process.pid, signal.SIGTERM)
        wait_until(lambda: refused(server.port), "the port to be closed")
        os.kill(server.process.pid, signal.SIGTERM)
        self.assertEqual(server.wait_exit(), -signal.SIGTERM)
        with self.assertRaises(OSError):
            answer()

    def test_finds_the_next_free_port_when_none_is_given(self):
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # taken already, which serves as well
                stack.enter_context(socket.create_server(("127.0.0.1", 5000)))
            server = self.start(self.command)
            line = wait_until(lambda: "PromptBin is at " in server.log() and server.log(), "the address")
            server.port = int(line.split("PromptBin is at http://127.0.0.1:")[1].split()[0])
            self.assertIn(server.port, range(5001, 5100))
            server.wait_ready()

    def test_a_given_port_is_not_exchanged(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            server = self.start(self.command, PORT=str(port))
            self.assertEqual(server.wait_exit(), 1)
            self.assertEqual(server.log(), f"promptbin: cannot listen on 127.0.0.1:{port}: Address already in use.\n")


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:  # reset while the server was closing
        return False
    return False
