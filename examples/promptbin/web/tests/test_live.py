import itertools
import unittest
import unittest.mock

from test_web import FOREIGN, GOOD, WebCase

from prompt import Draft
from state import KEY
from streams import STREAMS_MAX, Streams

NEWS = b"event: prompts\ndata: changed\n\n"
NOTHING = b":\n\n"


class EventsTest(WebCase):
    def follow(self):
        """The chunks of a new stream, the first of which has come."""
        answer = self.client.get("/events")
        self.addCleanup(answer.close)
        self.assertEqual((answer.status_code, answer.mimetype), (200, "text/event-stream"))
        chunks = answer.iter_encoded()
        self.assertIn(b"retry:", next(chunks))
        return answer, chunks

    def assert_news(self, chunks):
        # A sign of life may come before it.
        self.assertIn(NEWS, itertools.islice(chunks, 3))

    def test_every_kind_of_change_is_told(self):
        _, chunks = self.follow()
        self.assertEqual(next(chunks), NOTHING)
        prompt = self.store.create(Draft("One", "text"))
        self.assert_news(chunks)
        self.store.update(prompt.id, Draft("Two", "text"), None)
        self.assert_news(chunks)
        # In place, which the directory does not show.
        path = self.data / f"{prompt.id}.json"
        path.write_text(path.read_text().replace("text", "by hand"))
        self.assert_news(chunks)
        self.store.delete(prompt.id, None)
        self.assert_news(chunks)

    def test_what_is_no_prompt_is_no_news(self):
        _, chunks = self.follow()
        self.assertEqual(next(chunks), NOTHING)
        for name in ("prompts.lock", "notes.txt", ".half.json", ".promptbin-1~"):
            (self.data / name).write_text("x")
        self.client.post("/changed")
        self.assertEqual(next(chunks), NOTHING)

    def test_a_lost_directory_ends_no_stream(self):
        self.store.create(Draft("One", "text"))
        _, chunks = self.follow()
        self.data.rename(self.folder / "away")
        self.assert_news(chunks)
        (self.folder / "away").rename(self.data)
        self.assert_news(chunks)

    def test_places_are_few_and_come_back(self):
        answers = [self.follow()[0] for _ in range(STREAMS_MAX)]
        refused = self.client.get("/events")
        self.assertEqual((refused.status_code, refused.headers["Retry-After"]), (503, "10"))
        answers[0].close()
        self.follow()

    def test_it_ends_with_the_server(self):
        _, chunks = self.follow()
        self.client.application.extensions[KEY].streams.is_over = lambda: True
        self.assertEqual(list(chunks), [])

    def test_other_sites_may_not_follow(self):
        for headers in FOREIGN:
            self.assertEqual(self.client.get("/events", headers=headers).status_code, 403)

    def test_the_list_follows_and_a_form_does_not(self):
        self.assertIn('data-events="/events"', self.client.get("/?q=a").text)
        self.assertNotIn("live.js", self.client.get("/new").text)


class WakeTest(unittest.TestCase):
    def test_who_is_woken_looks_at_once(self):
        looks = iter(range(100))
        streams = Streams(lambda: next(looks))
        before = streams._state()
        streams.wake()
        self.assertEqual(streams._state(), before + 1)


class ChangedTest(WebCase):
    settings = {"host": "192.0.2.7"}

    def post(self, address, **headers):
        headers = {"Host": "127.0.0.1"} | headers
        return self.client.post("/changed", json=GOOD, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code

    def setUp(self):
        super().setUp()
        streams = self.client.application.extensions[KEY].streams
        self.wake = self.enterContext(unittest.mock.patch.object(streams, "wake"))

    def test_programs_of_this_machine_may_tell(self):
        addresses = ("127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "192.0.2.7")
        for address in addresses:
            self.assertEqual(self.post(address), 204, address)
        self.assertEqual(self.wake.call_count, len(addresses))

    def test_nobody_else_may(self):
        for address in ("192.0.2.8", "::ffff:192.0.2.8", "2001:db8::1"):
            self.assertEqual(self.post(address), 403, address)
        for headers in FOREIGN:
            self.assertEqual(self.post("127.0.0.1", **headers), 403, headers)
        self.assertEqual(self.post("127.0.0.1", Host="evil.example"), 403)
        self.assertEqual(self.client.get("/changed", headers={"Host": "127.0.0.1"}).status_code, 405)
        self.wake.assert_not_called()
