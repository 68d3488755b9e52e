"""gunicorn's settings. What differs between machines comes from settings.py, which checks it.

`workers` is left to gunicorn's default: one, or what WEB_CONCURRENCY says. Every process shares the data directory
safely, so more than one is fine.
"""

import os
import sys

from gunicorn.glogging import Logger

# gunicorn reads this file before it applies --chdir.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from logs import JsonFormatter
from settings import DEFAULT_PORT, GRACEFUL_TIMEOUT_SECONDS, settings_or_exit


class QuietLogger(Logger):
    """Leaves health checks out of the access log: one every few seconds would bury everything else."""

    def setup(self, cfg):
        super().setup(cfg)
        if settings.log_format == "json":
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(JsonFormatter())

    def access(self, resp, req, environ, request_time):
        if environ.get("PATH_INFO") != "/health":
            super().access(resp, req, environ, request_time)


def post_worker_init(worker):
    """A stream is a request that never ends by itself: with one open, a stop would take the whole graceful timeout."""
    # Here, for what the master has imported its workers do not load anew, not even in debug mode.
    from state import KEY

    worker.wsgi.extensions[KEY].streams.is_over = lambda: not worker.alive


settings = settings_or_exit()
host = f"[{settings.host}]" if ":" in settings.host else settings.host

bind = f"{host}:{settings.port or DEFAULT_PORT}"
worker_class = "gthread"
threads = 8
# SIGTERM: stop accepting, finish what has begun, exit.
graceful_timeout = GRACEFUL_TIMEOUT_SECONDS
# A stopping worker keeps idle connections open for this long, so it is what a restart costs at least when a browser
# or a health checker has one.
keepalive = 1
# Heartbeat files on a disk can stall a worker whenever the disk does.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# The control socket would be one file in the user's home, shared by every gunicorn of that user.
control_socket_disable = True

# In debug mode a changed source file restarts the workers.
reload = settings.debug
loglevel = settings.log_level.lower()
logger_class = QuietLogger
accesslog = "-"
# RAW_URI, not the decoded path: a newline in a path cannot forge a line.
access_log_format = "%(m)s %({raw_uri}e)s %(s)s in %(M)s ms"
