"""What web/prompt.py and web/prompt_file.py make of a table of cases, as JSON: alike.test.ts asks its own side the same."""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "web"))

from prompt import Draft, Invalid, new_id, search
from prompt_file import decode, encode

TIME = "2026-01-02T03:04:05.000006+00:00"


def draft(fields):
    try:
        parsed = Draft.parse(fields)
    except Invalid as error:
        return {"problems": sorted(error.fields)}
    content = encode(parsed, TIME, TIME)
    return {"content": content.decode(), "slug": new_id(parsed.title)[:-9], "version": decode("a", content).version}


def file(case):
    try:
        prompt = decode(case["id"], base64.b64decode(case["content"]))
    except (ValueError, RecursionError):
        return None
    return prompt.as_json()


def found(case):
    prompts = [Draft.parse(fields) for fields in case["prompts"]]
    return [prompt.title for prompt in search(prompts, case["query"], case["tag"], case["category"])]


table = json.load(sys.stdin)
answers = {
    "drafts": [draft(fields) for fields in table["drafts"]],
    "files": [file(case) for case in table["files"]],
    "searches": [found(case) for case in table["searches"]],
}
json.dump(answers, sys.stdout)
