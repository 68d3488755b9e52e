"""Puts the app together."""

from flask import Flask

import api
import errors
import guard
import live
import logs
import pages
import status
import testing_routes
from settings import Settings
from state import KEY, State
from store import PromptStore
from streams import Streams

# The longest allowed body, percent-encoded by a form (three bytes each, nine characters), still fits.
MAX_REQUEST_BYTES = 1024 * 1024


def create_app(settings: Settings) -> Flask:
    logs.configure(settings)

    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES, MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES)
    app.config["TEMPLATES_AUTO_RELOAD"] = settings.debug
    app.json.sort_keys = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}

    store = PromptStore(settings.data_dir)
    store.prepare()
    app.extensions[KEY] = State(settings, store, Streams(store.stamps), checks=[store.problem])

    guard.install(app)
    errors.install(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(live.blueprint)
    app.register_blueprint(status.blueprint)
    if settings.test_routes:
        app.register_blueprint(testing_routes.blueprint)
    return app
