"""The JSON API: the same prompts, for programs."""

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from prompt import Draft, Invalid, Prompt, search
from state import state
from store import Conflict

WRITABLE = {"title", "body", "category", "tags"}
# Accepted and ignored, so that a client can change what it got and send it back.
READ_ONLY = {"id", "created", "updated", "version"}

blueprint = Blueprint("api", __name__, url_prefix="/api/prompts")


@blueprint.get("")
def index() -> ResponseReturnValue:
    shelf = state.store.shelf()
    args = request.args
    found = search(shelf.prompts, args.get("q", ""), args.get("tag", ""), args.get("category", ""))
    return {"prompts": [prompt.as_json() for prompt in found], "count": len(found), "skipped": len(shelf.skipped)}


@blueprint.post("")
def create() -> ResponseReturnValue:
    prompt = state.store.create(draft_from_request())
    response = respond(prompt)
    response.status_code = 201
    response.location = url_for("api.show", prompt_id=prompt.id)
    return response


@blueprint.get("/<prompt_id>")
def show(prompt_id: str) -> ResponseReturnValue:
    return respond(state.store.get(prompt_id)).make_conditional(request)


@blueprint.put("/<prompt_id>")
def replace(prompt_id: str) -> ResponseReturnValue:
    return respond(state.store.update(prompt_id, draft_from_request(), expected_version(prompt_id)))


@blueprint.delete("/<prompt_id>")
def delete(prompt_id: str) -> ResponseReturnValue:
    state.store.delete(prompt_id, expected_version(prompt_id))
    return "", 204


@blueprint.errorhandler(Invalid)
def invalid(error: Invalid) -> ResponseReturnValue:
    return {"error": str(error), "fields": error.fields}, 400


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> ResponseReturnValue:
    response = respond(error.current)
    response.data = jsonify(error="The prompt was changed since you read it; it is unchanged by this request.").data
    response.status_code = 412
    return response


def respond(prompt: Prompt) -> Response:
    response = jsonify(prompt.as_json())
    response.set_etag(prompt.version)
    return response


def expected_version(prompt_id: str) -> str | None:
    """The version that If-Match insists on; without the header, the caller means whatever is there."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    current = state.store.get(prompt_id)
    if not request.if_match.contains(current.version):
        raise Conflict(current)
    return current.version  # compared once more under the lock


def draft_from_request() -> Draft:
    try:
        fields = request.get_json()
    except RecursionError:
        raise BadRequest("The JSON is nested too deeply.") from None
    if not isinstance(fields, dict):
        raise BadRequest("The body must be a JSON object.")
    if unknown := fields.keys() - WRITABLE - READ_ONLY:
        raise BadRequest(f"Unknown field {min(unknown)!r}; a prompt has {', '.join(sorted(WRITABLE))}.")
    return Draft.parse(fields)
