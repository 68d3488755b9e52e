"""The pages for people."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from prompt import BODY_MAX, CATEGORY_MAX, TITLE_MAX, Draft, Invalid, Prompt, search
from state import state
from store import Conflict

PER_PAGE = 24

# Shown once after a redirect. The text stays on the server and the code travels in the URL: flashing without a
# session needs no cookie, and no secret for several workers to share.
NOTICES = {
    "created": "Prompt saved.",
    "updated": "Changes saved.",
    "deleted": "Prompt deleted.",
    "not-deleted": "Not deleted: the prompt was changed in the meantime. This is how it looks now.",
}
LIMITS = {"title": TITLE_MAX, "body": BODY_MAX, "category": CATEGORY_MAX}

blueprint = Blueprint("pages", __name__)


@blueprint.app_context_processor
def notice() -> dict[str, object]:
    return {"notice": NOTICES.get(request.args.get("notice", ""))}


@blueprint.app_template_filter()
def day(time: str) -> str:
    return time[:10]


@blueprint.get("/")
def index() -> ResponseReturnValue:
    shelf = state.store.shelf()
    wanted = {name: request.args.get(name, "").strip() for name in ("q", "tag", "category")}
    found = search(shelf.prompts, wanted["q"], wanted["tag"], wanted["category"])
    page_count = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), page_count)
    return render_template(
        "index.html",
        prompts=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        found=len(found),
        total=len(shelf.prompts),
        skipped=shelf.skipped,
        wanted=wanted,
        # Left out of the links when empty, so that URLs stay short.
        filters={name: value for name, value in wanted.items() if value},
        page=page,
        page_count=page_count,
    )


@blueprint.get("/prompts/<prompt_id>")
def show(prompt_id: str) -> ResponseReturnValue:
    return render_template("show.html", prompt=state.store.get(prompt_id))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    return form()


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    try:
        prompt = state.store.create(Draft.parse(submitted()))
    except Invalid as error:
        return form(values=submitted(), problems=error.fields), 400
    return redirect(url_for(".show", prompt_id=prompt.id, notice="created"), 303)


@blueprint.get("/prompts/<prompt_id>/edit")
def edit(prompt_id: str) -> ResponseReturnValue:
    prompt = state.store.get(prompt_id)
    return form(prompt, asdict(prompt))


@blueprint.post("/prompts/<prompt_id>/edit")
def update(prompt_id: str) -> ResponseReturnValue:
    prompt = state.store.get(prompt_id)
    try:
        state.store.update(prompt_id, Draft.parse(submitted()), seen_version())
    except Invalid as error:
        # The version stays the one that was seen, so that the corrected form is still checked against it.
        return form(prompt, {**submitted(), "version": seen_version()}, error.fields), 400
    except Conflict as conflict:
        # Nobody's text is lost: theirs is saved, yours is in the form, and saving it again is a decision.
        return form(conflict.current, {**submitted(), "version": conflict.current.version}, conflict=True), 409
    return redirect(url_for(".show", prompt_id=prompt_id, notice="updated"), 303)


@blueprint.get("/prompts/<prompt_id>/delete")
def confirm_delete(prompt_id: str) -> ResponseReturnValue:
    return render_template("delete.html", prompt=state.store.get(prompt_id))


@blueprint.post("/prompts/<prompt_id>/delete")
def delete(prompt_id: str) -> ResponseReturnValue:
    try:
        state.store.delete(prompt_id, seen_version())
    except Conflict:
        return redirect(url_for(".show", prompt_id=prompt_id, notice="not-deleted"), 303)
    return redirect(url_for(".index", notice="deleted"), 303)


def submitted() -> dict[str, object]:
    values = {name: request.form.get(name, "") for name in ("title", "body", "category")}
    return {**values, "tags": request.form.get("tags", "").split(",")}


def seen_version() -> str:
    version = request.form.get("version")
    if not version:
        raise BadRequest("The form lacks the version of the prompt; open it again.")
    return version


def form(
    prompt: Prompt | None = None,
    values: dict[str, object] | None = None,
    problems: dict[str, str] | None = None,
    conflict: bool = False,
) -> str:
    """The form of a new prompt, or of an existing one, holding what was typed so far."""
    return render_template(
        "form.html", prompt=prompt, values=values or {}, problems=problems or {}, conflict=conflict, limits=LIMITS
    )
