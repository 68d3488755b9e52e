"""PromptBin: a small web app for keeping prompts.

gunicorn --config gunicorn.conf.py app:app      in production
python app.py                                   alone; finds a free port
python app.py --debug                           restarts when a source file changes
"""

import argparse
import logging
import os
import sys

import logs
from factory import create_app
from server import listen, serve
from settings import Settings, settings_or_exit


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Keep prompts. Settings come from PROMPTBIN_* variables and the file that PROMPTBIN_CONFIG names."
    )
    parser.add_argument("--debug", action="store_true", help="Flask's debugger and reloader")
    options = parser.parse_args()
    settings = settings_or_exit()
    debug = options.debug or settings.debug
    logs.configure(settings)
    if debug and "WERKZEUG_RUN_MAIN" in os.environ:
        # The reloader's child: its parent holds the socket, and has put the port into the environment.
        create_app(settings).run(settings.host, settings.port, debug=True)
        return 0

    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        # Name resolution counts its errors from -1 down.
        known = error.errno is not None and error.errno > 0
        reason = os.strerror(error.errno) if known else "the host name cannot be resolved"
        print(f"promptbin: cannot listen on {address(settings, settings.port)}: {reason}.", file=sys.stderr)
        return 1
    port = listener.getsockname()[1]
    announce(f"PromptBin is at http://{address(settings, port)} ({settings.mode})", settings)
    if not debug:
        return serve(create_app(settings), listener)

    listener.close()  # Werkzeug's reloader opens its own
    os.environ["PROMPTBIN_PORT"] = str(port)
    create_app(settings).run(settings.host, port, debug=True)
    return 0


def announce(message: str, settings: Settings) -> None:
    if settings.log_format == "json":
        logging.getLogger("promptbin").info(message)
    else:
        print(message, flush=True)


def address(settings: Settings, port: int | None) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{port}" if port else host


if __name__ == "__main__":
    sys.exit(main())

app = create_app(settings_or_exit())
