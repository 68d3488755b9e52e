"""How changed prompts reach open pages.

GET  /events     a stream of server-sent events; `prompts` says that the list is another one
POST /changed    for whoever watches the files, such as promptbin: every stream looks at once
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

import guard
from state import state

blueprint = Blueprint("live", __name__)


@blueprint.get("/events")
def events() -> ResponseReturnValue:
    # A page of another site could not read it, but could take all places.
    guard.refuse_other_sites("A page of another site may not follow the prompts.")
    streams = state.streams
    if not streams.take():
        raise ServiceUnavailable("So many pages follow the prompts that this one has to look by itself.", retry_after=10)
    response = Response(streams.events(), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
    # Not at the end of the generator: one that never began does not end either.
    response.call_on_close(streams.give_back)
    return response


@blueprint.post("/changed")
def changed() -> ResponseReturnValue:
    """What is sent does not count: it is looked, so whoever calls can make nobody believe anything."""
    guard.refuse_other_machines("Only this machine can know of changed files.")
    state.streams.wake()
    return "", 204
