"""Failures in the caller's language: JSON under /api, a page elsewhere."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge, ServiceUnavailable

import store

TITLES = {
    400: "That request did not make sense",
    403: "Not allowed from there",
    404: "Nothing here",
    405: "Not possible here",
    413: "That is too much text",
    503: "The prompts are out of reach",
}


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(store.NotFound, lambda error: answer(NotFound("There is no such prompt.")))
    app.register_error_handler(store.Unavailable, unavailable)


def unavailable(error: store.Unavailable) -> ResponseReturnValue:
    return answer(ServiceUnavailable(str(error), retry_after=1))


def answer(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # a redirect that routing raised
        return error.response
    code, text = error.code or 500, error.description or error.name
    if isinstance(error, RequestEntityTooLarge):
        text = f"A request may hold {request.max_content_length:,} bytes at most."
    if request.path.startswith("/api/"):
        body: Response | str = jsonify(error=text)
    else:
        body = render_template("error.html", code=code, title=TITLES.get(code, error.name), text=text)
    # The exception knows headers that belong to its code: Allow, Retry-After.
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return make_response(body, code, headers)
