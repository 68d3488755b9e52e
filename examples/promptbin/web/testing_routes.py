"""Misbehaviour on demand, for testing whoever manages the app. Present only with PROMPTBIN_TEST_ROUTES=1.

GET /_test/slow?seconds=2   answers after that time
GET /_test/crash            kills the server as a fatal error would: no answer, no clean-up
GET /_test/unhealthy        makes /health answer 503; the next call makes it well again, and so does a restart
"""

import logging
import os
import signal
import time

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from state import state

log = logging.getLogger("promptbin.testing")

blueprint = Blueprint("testing", __name__, url_prefix="/_test")


@blueprint.get("/slow")
def slow() -> ResponseReturnValue:
    seconds = request.args.get("seconds", default=2.0, type=float)
    if not 0 <= seconds <= 60:
        abort(400, "seconds must be from 0 to 60.")
    log.warning("slow request began")  # a test waits for this line before it sends a signal
    time.sleep(seconds)
    return {"slept": seconds}


@blueprint.get("/crash")
def crash() -> ResponseReturnValue:
    log.warning("crashing on request")
    # gunicorn would replace a lost worker by itself; its master is the process that a manager watches.
    if request.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn"):
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


@blueprint.get("/unhealthy")
def unhealthy() -> ResponseReturnValue:
    if made_unhealthy in state.checks:
        state.checks.remove(made_unhealthy)
    else:
        state.checks.append(made_unhealthy)
    return {"unhealthy": made_unhealthy in state.checks}


def made_unhealthy() -> str:
    return "Made unhealthy by /_test/unhealthy."
