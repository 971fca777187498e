"""What a client's program is told (environment) and tells (a JSON line a check)."""

import json
import os

CLIENT, HUB, KAFKA = os.environ["CLIENT"], os.environ["HUB"], os.environ["KAFKA"]
CONNECTION_STRING, WRONG = os.environ["CONNECTION_STRING"], os.environ["WRONG_CONNECTION_STRING"]
TOKEN = os.environ["TOKEN"]
OUTCOMES, OUTCOME = os.environ["OUTCOMES"], os.environ["OUTCOME"]
VALUES = [f"{CLIENT} {index}" for index in range(20)]


def version(text):
    print(json.dumps({"version": text}), flush=True)


def check(name, work):
    try:
        work()
        print(json.dumps({"check": name, "ok": True}), flush=True)
    except Exception as error:
        print(json.dumps({"check": name, "ok": False, "detail": f"{type(error).__name__}: {error}"}), flush=True)


def must(holds, what):
    if not holds:
        raise AssertionError(what)
