"""For machines that watch the app: is it well, and who runs it?"""

import os
from time import monotonic

from flask import Blueprint
from flask.typing import ResponseReturnValue

from state import state
from store import Unavailable

VERSION = "0.1.0"

blueprint = Blueprint("status", __name__)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    count, reasons = None, [reason for check in state.checks if (reason := check())]
    try:
        count = len(state.store.shelf().prompts)
    except Unavailable as error:
        reasons = reasons or [str(error)]
    body = {
        "status": "unhealthy" if reasons else "healthy",
        "uptime": int(monotonic() - state.started),
        "mode": state.settings.mode,
        "version": VERSION,
        "prompts_count": count,
    }
    if reasons:
        body["reason"] = " ".join(reasons)
    return body, 503 if reasons else 200, {"Cache-Control": "no-store"}


@blueprint.get("/mcp-status")
def mcp_status() -> ResponseReturnValue:
    settings = state.settings
    body = {
        "mode": settings.mode,
        "managed": settings.managed,
        # As given at the start: the app is told its manager's pid, it does not look for one.
        "manager_pid": settings.manager_pid,
        # The answering process; under gunicorn that is a worker, a child of the process a manager started.
        "pid": os.getpid(),
        "run": settings.run,
        "process": settings.process,
    }
    return body, {"Cache-Control": "no-store"}
