import json
import os
import subprocess
import sys
import unittest
import unittest.mock

from support import WEB, FolderCase

from prompt import Draft, Invalid, new_id, search
from store import Conflict, NotFound, PromptStore, Unavailable

WRITER = """
import sys
from pathlib import Path
from prompt import Draft
from store import Conflict, PromptStore

store, name, shared = PromptStore(Path(sys.argv[1])), sys.argv[2], sys.argv[3]
for number in range(25):
    store.create(Draft(f"{name} {number}", "text"))
    while True:
        seen = store.get(shared)
        try:
            store.update(shared, Draft(seen.title, seen.body + f"{name} {number}\\n"), seen.version)
            break
        except Conflict:
            pass
"""


class StoreTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.store = PromptStore(self.data)
        self.store.prepare()

    def test_round_trip(self):
        saved = self.store.create(Draft("Résumé", "日本語\n", "Writing", ("a", "b")))
        self.assertRegex(saved.id, r"^resume-[0-9a-f]{8}$")
        self.assertEqual(PromptStore(self.data).get(saved.id), saved)

    def test_update_keeps_the_id_and_the_time_of_creation(self):
        saved = self.store.create(Draft("One", "text"))
        changed = self.store.update(saved.id, Draft("Two", "text"), saved.version)
        self.assertEqual((changed.id, changed.created, changed.title), (saved.id, saved.created, "Two"))
        self.assertGreater(changed.updated, saved.updated)

    def test_stale_version_is_a_conflict(self):
        saved = self.store.create(Draft("One", "text"))
        current = self.store.update(saved.id, Draft("Two", "text"), saved.version)
        for stale in (
            lambda: self.store.update(saved.id, Draft("Three", "text"), saved.version),
            lambda: self.store.delete(saved.id, saved.version),
        ):
            with self.assertRaises(Conflict) as caught:
                stale()
            self.assertEqual(caught.exception.current, current)
        self.assertEqual(self.store.get(saved.id), current)

    def test_edit_by_another_program_changes_the_version(self):
        saved = self.store.create(Draft("One", "text"))
        path = self.data / f"{saved.id}.json"
        path.write_text(path.read_text().replace("text", "by hand"))
        self.assertEqual(self.store.get(saved.id).body, "by hand")
        with self.assertRaises(Conflict):
            self.store.update(saved.id, Draft("Two", "text"), saved.version)

    def test_ids_name_nothing_outside_the_directory(self):
        (self.folder / "secret.json").write_text(json.dumps({"title": "secret", "body": "text"}))
        hostile_ids = [
            "../secret",
            "..%2fsecret",
            "/etc/passwd",
            ".",
            "..",
            "a/b",
            "a\\b",
            "A",
            "a.b",
            "",
            "a\0",
            "a\n",
        ]
        for hostile in hostile_ids:
            for use in (self.store.get, lambda id: self.store.delete(id, None)):
                with self.subTest(hostile), self.assertRaises(NotFound):
                    use(hostile)

    def test_unreadable_files_are_skipped_and_reported_once(self):
        kept = self.store.create(Draft("Kept", "text"))
        good = (self.data / f"{kept.id}.json").read_text()
        os.mkfifo(self.data / "fifo.json")
        (self.data / "folder.json").mkdir()
        (self.data / "dangling.json").symlink_to("nowhere")
        for name, content in {
            "cut": '{"title": "cu',
            "list": "[]",
            "empty": "",
            "deep": "[" * 100_000,
            "no-title": "{}",
            "Bad Name": good,
            "huge": good + " " * (2 << 20),
            "no-time": '{"title": "a", "body": "b"}',
        }.items():
            (self.data / f"{name}.json").write_text(content)
        (self.data / "latin.json").write_bytes(b'{"title": "\xe9"}')
        (self.data / "notes.txt").write_text("not ours")
        with self.assertLogs("promptbin.store", "WARNING") as logs:
            shelf = self.store.shelf()
            self.store.shelf()
        self.assertEqual(shelf.prompts, [kept])
        self.assertEqual(len(shelf.skipped), 11)
        self.assertEqual(len(logs.records), 11)
        with self.assertRaises(NotFound):
            self.store.get("cut")

    def test_failed_write_leaves_the_old_prompt_and_no_temporary_file(self):
        saved = self.store.create(Draft("One", "text"))
        before = sorted(os.listdir(self.data))
        full = unittest.mock.patch("os.replace", side_effect=OSError(28, "No space left on device"))
        with full, self.assertRaisesRegex(Unavailable, "No space left on device"):
            self.store.update(saved.id, Draft("Two", "text"), None)
        self.assertEqual(sorted(os.listdir(self.data)), before)
        self.assertEqual(self.store.get(saved.id), saved)

    def test_start_removes_what_killed_writers_left(self):
        for name in (".left.tmp", ".promptbin-0123456789abcdef~"):
            (self.data / name).write_text("half")
        dead = subprocess.Popen(["true"])
        dead.wait()
        (self.data / "prompts.lock").write_text(f"{dead.pid}\n{os.uname().nodename}\n")
        PromptStore(self.data).prepare()
        self.assertEqual(os.listdir(self.data), [])

    def test_a_missing_directory_is_a_problem_not_a_crash(self):
        lost = PromptStore(self.folder / "file" / "data")
        (self.folder / "file").write_text("")
        with self.assertLogs("promptbin.store", "ERROR"):
            lost.prepare()
        self.assertIn("missing", lost.problem())
        for use in (lost.shelf, lambda: lost.create(Draft("One", "text"))):
            with self.assertRaises(Unavailable):
                use()
        self.assertIsNone(self.store.problem())

    def test_concurrent_writers_lose_nothing(self):
        shared = self.store.create(Draft("Shared", "start\n")).id
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, self.data, name, shared], cwd=WEB) for name in ("a", "b")
        ]
        self.assertEqual([writer.wait(120) for writer in writers], [0, 0])
        expected = {f"{name} {number}" for name in ("a", "b") for number in range(25)}
        shelf = self.store.shelf()
        self.assertEqual({prompt.title for prompt in shelf.prompts}, expected | {"Shared"})
        self.assertEqual(sorted(self.store.get(shared).body.splitlines()), sorted(expected | {"start"}))
        self.assertEqual(shelf.skipped, [])
        self.assertEqual([name for name in os.listdir(self.data) if not name.endswith(".json")], [])


class PromptTest(unittest.TestCase):
    def test_fields_are_cleaned(self):
        draft = Draft.parse({"title": "  a \n b ", "body": "x\r\ny", "tags": [" One", "one ", "", "two"]})
        self.assertEqual(draft, Draft("a b", "x\ny", "", ("One", "two")))

    def test_every_problem_is_told(self):
        with self.assertRaises(Invalid) as caught:
            Draft.parse({"title": " ", "body": 3, "category": "x" * 61, "tags": ["a,b"]})
        self.assertEqual(caught.exception.fields.keys(), {"title", "body", "category", "tags"})

    def test_refused(self):
        good = {"title": "a", "body": "b"}
        for bad in (
            {"title": "x" * 201},
            {"title": "a\0"},
            {"title": "\ud800"},
            {"title": None},
            {"body": "\n \t"},
            {"body": "x" * 100_001},
            {"tags": "a"},
            {"tags": [1]},
            {"tags": [str(number) for number in range(21)]},
            {"category": []},
        ):
            with self.subTest(str(bad)[:40]), self.assertRaises(Invalid):
                Draft.parse(good | bad)

    def test_ids_are_safe_for_any_title(self):
        for title in ("", "../../etc", "日本語", "-" * 300, "a" * 300, "CON", "x.json"):
            self.assertRegex(new_id(title), r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")

    def test_search(self):
        def prompt(**fields):
            return Draft(**{"title": "t", "body": "b", **fields})

        straße = prompt(title="Straße", tags=("Maps",))
        code = prompt(body="review the CODE", category="Work", tags=("maps", "x"))
        both = [straße, code]
        self.assertEqual(search(both, "STRASSE"), [straße])
        self.assertEqual(search(both, "code  work"), [code])
        self.assertEqual(search(both, "code nothing"), [])
        self.assertEqual(search(both, tag="MAPS"), both)
        self.assertEqual(search(both, tag="map"), [])
        self.assertEqual(search(both, category="work"), [code])
