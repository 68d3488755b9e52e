from support import FolderCase

from factory import create_app
from prompt import Draft
from settings import Settings
from state import KEY

GOOD = {"title": "Review", "body": "Look at {{diff}}", "category": "Work", "tags": ["code", "git"]}
FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


class WebCase(FolderCase):
    settings = {}

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        app = create_app(Settings(data_dir=self.data, log_level="CRITICAL", **self.settings))
        self.store = app.extensions[KEY].store
        self.client = app.test_client()


class ApiTest(WebCase):
    def create(self, **fields):
        return self.client.post("/api/prompts", json=GOOD | fields)

    def test_the_life_of_a_prompt(self):
        created = self.create()
        self.assertEqual(created.status_code, 201)
        prompt, url = created.json, created.headers["Location"]
        self.assertEqual({name: prompt[name] for name in GOOD}, GOOD)
        self.assertEqual(self.client.get(url).json, prompt)

        changed = self.client.put(url, json=prompt | {"title": "New"}, headers={"If-Match": created.headers["ETag"]})
        self.assertEqual((changed.status_code, changed.json["title"]), (200, "New"))
        self.assertNotEqual(changed.headers["ETag"], created.headers["ETag"])

        self.assertEqual(self.client.delete(url).status_code, 204)
        for gone in (self.client.get(url), self.client.put(url, json=GOOD), self.client.delete(url)):
            self.assertEqual((gone.status_code, gone.json), (404, {"error": "There is no such prompt."}))

    def test_list_and_search(self):
        for title, tag in (("One", "a"), ("Two", "b")):
            self.create(title=title, tags=[tag])
        self.assertEqual(
            [prompt["title"] for prompt in self.client.get("/api/prompts").json["prompts"]], ["Two", "One"]
        )
        for query in ("q=one", "tag=A", "q=diff&tag=a"):
            answer = self.client.get(f"/api/prompts?{query}").json
            self.assertEqual((answer["count"], answer["prompts"][0]["title"]), (1, "One"))

    def test_bad_requests(self):
        cases = [
            ({"json": {"body": "b"}}, 400, "title is required"),
            ({"json": []}, 400, "must be a JSON object"),
            ({"json": GOOD | {"titel": "x"}}, 400, "Unknown field 'titel'"),
            ({"data": "{", "content_type": "application/json"}, 400, "could not understand"),
            ({"data": "[" * 200_000, "content_type": "application/json"}, 400, "nested too deeply"),
            ({"data": '{"title": "\\ud800", "body": "b"}', "content_type": "application/json"}, 400, "Unicode"),
            ({"data": "title=a&body=b"}, 415, "application/json"),
            ({"data": b"x" * (2 << 20), "content_type": "application/json"}, 413, "1,048,576 bytes"),
        ]
        for request, code, text in cases:
            answer = self.client.post("/api/prompts", **request)
            with self.subTest(text):
                self.assertEqual(answer.status_code, code)
                self.assertIn(text, answer.json["error"])
        self.assertEqual(self.client.post("/api/prompts", json={"body": "b"}).json["fields"].keys(), {"title"})
        self.assertEqual(self.store.shelf().prompts, [])

    def test_if_match(self):
        created = self.create()
        url, stale = created.headers["Location"], {"If-Match": created.headers["ETag"]}
        current = self.client.put(url, json=GOOD | {"title": "Theirs"}, headers=stale)
        for refused in (self.client.put(url, json=GOOD, headers=stale), self.client.delete(url, headers=stale)):
            self.assertEqual(refused.status_code, 412)
            self.assertIn("changed since", refused.json["error"])
            self.assertEqual(refused.headers["ETag"], current.headers["ETag"])
        self.assertEqual(self.client.get(url).json["title"], "Theirs")
        self.assertEqual(self.client.put(url, json=GOOD, headers={"If-Match": "*"}).status_code, 200)

    def test_unchanged_prompts_are_not_sent_again(self):
        created = self.create()
        again = self.client.get(created.headers["Location"], headers={"If-None-Match": created.headers["ETag"]})
        self.assertEqual((again.status_code, again.data), (304, b""))

    def test_errors_are_json(self):
        for method, path, code in (
            ("get", "/api/nothing", 404),
            ("patch", "/api/prompts", 405),
            ("get", "/api/prompts/..", 404),
        ):
            answer = getattr(self.client, method)(path)
            self.assertEqual((answer.status_code, list(answer.json)), (code, ["error"]))


class PagesTest(WebCase):
    form = {"title": "Review", "body": "Look", "category": "", "tags": "code, git"}

    def test_the_life_of_a_prompt(self):
        created = self.client.post("/new", data=self.form, follow_redirects=True)
        self.assertIn("Prompt saved.", created.text)
        prompt = self.store.shelf().prompts[0]
        self.assertEqual(prompt.tags, ("code", "git"))
        url = f"/prompts/{prompt.id}"

        self.assertIn(f'value="{prompt.version}"', self.client.get(f"{url}/edit").text)
        changed = self.form | {"title": "New", "version": prompt.version}
        self.assertIn("Changes saved.", self.client.post(f"{url}/edit", data=changed, follow_redirects=True).text)

        self.assertIn("Delete this prompt?", self.client.get(f"{url}/delete").text)
        version = {"version": self.store.get(prompt.id).version}
        deleted = self.client.post(f"{url}/delete", data=version, follow_redirects=True)
        self.assertIn("Prompt deleted.", deleted.text)
        self.assertIn("No prompts yet", deleted.text)

    def test_invalid_form_keeps_what_was_typed(self):
        answer = self.client.post("/new", data=self.form | {"title": " ", "body": "\nprecious"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn(">\n\nprecious</textarea>", answer.text)
        self.assertIn("A title is required.", answer.text)

    def test_conflicting_edit_overwrites_only_when_asked_again(self):
        prompt = self.store.create(Draft("One", "text"))
        self.store.update(prompt.id, Draft("Theirs", "text"), None)
        url, mine = f"/prompts/{prompt.id}/edit", self.form | {"title": "Mine"}
        answer = self.client.post(url, data=mine | {"version": prompt.version})
        self.assertEqual(answer.status_code, 409)
        self.assertIn('value="Mine"', answer.text)
        self.assertEqual(self.store.get(prompt.id).title, "Theirs")

        current = self.store.get(prompt.id).version
        self.assertIn(current, answer.text)
        self.assertEqual(self.client.post(url, data=mine | {"version": current}).status_code, 303)
        self.assertEqual(self.store.get(prompt.id).title, "Mine")

    def test_a_changed_prompt_is_not_deleted(self):
        prompt = self.store.create(Draft("One", "text"))
        self.store.update(prompt.id, Draft("Theirs", "text"), None)
        answer = self.client.post(
            f"/prompts/{prompt.id}/delete", data={"version": prompt.version}, follow_redirects=True
        )
        self.assertIn("Not deleted", answer.text)
        self.assertEqual(self.store.get(prompt.id).title, "Theirs")

    def test_text_is_escaped(self):
        hostile = '"><script>alert(1)</script>'
        prompt = self.store.create(Draft(hostile, hostile, hostile, (hostile,)))
        for path in ("/", f"/prompts/{prompt.id}", f"/prompts/{prompt.id}/edit", f"/?q={hostile}&tag={hostile}"):
            self.assertNotIn("<script>alert", self.client.get(path).text)

    def test_search_and_pages(self):
        for number in range(30):
            self.store.create(Draft(f"Title {number}", "text", "", ("even",) if number % 2 == 0 else ()))
        self.assertEqual(self.client.get("/").text.count('class="card"'), 24)
        self.assertEqual(self.client.get("/?page=2").text.count('class="card"'), 6)
        self.assertEqual(self.client.get("/?page=99").status_code, 200)
        self.assertEqual(self.client.get("/?tag=even").text.count('class="card"'), 15)
        self.assertIn("No prompt matches", self.client.get("/?q=nothing").text)

    def test_a_corrupt_file_is_mentioned(self):
        self.store.create(Draft("Kept", "text"))
        (self.data / "broken.json").write_text("{")
        answer = self.client.get("/")
        self.assertIn("Kept", answer.text)
        self.assertIn("broken.json", answer.text)

    def test_errors_are_pages(self):
        prompt = self.store.create(Draft("One", "text"))
        cases = [
            (self.client.get("/nothing"), 404),
            (self.client.get("/prompts/..%2f..%2fetc%2fpasswd"), 404),
            (self.client.post("/new", data={"body": "x" * (2 << 20)}), 413),
            (self.client.post(f"/prompts/{prompt.id}/edit", data=self.form), 400),
            (self.client.post("/"), 405),
        ]
        for answer, code in cases:
            self.assertEqual(answer.status_code, code)
            self.assertIn(f'<p class="code">{code}</p>', answer.text)

    def test_a_lost_data_directory_is_a_503(self):
        self.data.rmdir()
        for answer in (
            self.client.get("/"),
            self.client.get("/api/prompts"),
            self.client.post("/api/prompts", json=GOOD),
        ):
            self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "1"))


class GuardTest(WebCase):
    def test_writes_from_other_sites_are_refused(self):
        prompt = self.store.create(Draft("One", "text"))
        writes = [
            lambda headers: self.client.post("/new", data=PagesTest.form, headers=headers),
            lambda headers: self.client.post(
                f"/prompts/{prompt.id}/delete", data={"version": prompt.version}, headers=headers
            ),
            lambda headers: self.client.post("/api/prompts", json=GOOD, headers=headers),
            lambda headers: self.client.delete(f"/api/prompts/{prompt.id}", headers=headers),
        ]
        for headers in FOREIGN:
            for write in writes:
                self.assertEqual(write(headers).status_code, 403)
        self.assertEqual(self.store.shelf().prompts, [prompt])

    def test_own_pages_and_programs_may_write(self):
        for headers in (
            {},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
            {"Host": "[::1]:5000", "Origin": "http://[::1]:5000"},
        ):
            self.assertEqual(self.client.post("/api/prompts", json=GOOD, headers=headers).status_code, 201, headers)

    def test_an_origin_on_another_port_is_foreign(self):
        headers = {"Host": "localhost:5000", "Origin": "http://localhost:8000"}
        self.assertEqual(self.client.post("/api/prompts", json=GOOD, headers=headers).status_code, 403)

    def test_other_sites_may_link_here(self):
        self.assertEqual(self.client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code, 200)

    def test_host_names(self):
        for host, code in {
            "127.0.0.1:5000": 200,
            "LOCALHOST": 200,
            "[::1]:5000": 200,
            "evil.example": 403,
            "localhost.evil.example": 403,
            "127.0.0.1.evil.example:5000": 403,
            "evil@localhost.example": 403,
            "[::1": 403,
            "": 403,
        }.items():
            for path in ("/", "/health", "/api/prompts"):
                self.assertEqual(self.client.get(path, headers={"Host": host}).status_code, code, host)

    def test_headers(self):
        for path in ("/", "/nothing", "/api/prompts", "/static/style.css"):
            with self.client.get(path) as answer:  # closes the file that a static answer streams
                headers = answer.headers
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")


class ConfiguredHostTest(WebCase):
    settings = {"host": "Bin.Example"}

    def test_the_configured_host_is_answered(self):
        self.assertEqual(self.client.get("/", headers={"Host": "bin.example:5000"}).status_code, 200)


class StatusTest(WebCase):
    def test_health(self):
        self.store.create(Draft("One", "text"))
        answer = self.client.get("/health")
        expected = {"status": "healthy", "uptime": 0, "mode": "standalone", "version": "0.1.0", "prompts_count": 1}
        self.assertEqual((answer.status_code, answer.json), (200, expected))

    def test_a_lost_data_directory_is_unhealthy(self):
        self.data.rmdir()
        answer = self.client.get("/health")
        self.assertEqual((answer.status_code, answer.json["status"]), (503, "unhealthy"))
        self.assertIn("missing", answer.json["reason"])

    def test_standalone(self):
        answer = self.client.get("/mcp-status").json
        self.assertEqual((answer["mode"], answer["managed"], answer["manager_pid"]), ("standalone", False, None))

    def test_no_test_routes(self):
        self.assertEqual(self.client.get("/_test/slow").status_code, 404)


class ManagedTest(WebCase):
    settings = {"mode": "mcp-managed", "manager_pid": 42, "run": 3, "process": "web", "test_routes": True}

    def test_mcp_status(self):
        answer = self.client.get("/mcp-status").json
        self.assertIsInstance(answer.pop("pid"), int)
        expected = {"mode": "mcp-managed", "managed": True, "manager_pid": 42, "run": 3, "process": "web"}
        self.assertEqual(answer, expected)

    def test_unhealthy_on_demand(self):
        self.client.get("/_test/unhealthy")
        self.assertEqual(self.client.get("/health").status_code, 503)
        self.client.get("/_test/unhealthy")
        self.assertEqual(self.client.get("/health").status_code, 200)
