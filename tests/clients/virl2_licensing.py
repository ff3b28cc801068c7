"""Drives the published virl2-client, unmodified, against the licensing of a simulated product.

Prints what it answers, one JSON text a line. Arguments: the product's URL, user, password; then
`here` with the server's URL and a good, an expired and an exhausted token, `reserve` with a
feature and three authorization codes, or `away` when the server does not run any more.
"""

import json
import sys

from virl2_client import ClientLibrary

url, user, password, where, *rest = sys.argv[1:]


def show(what, call, *arguments, **named):
    """Calls, and prints the result or the client's own account of the failure."""
    try:
        line = {"what": what, "result": call(*arguments, **named)}
    except Exception as error:  # the test judges it
        line = {"what": what, "error": str(error), "kind": type(error).__name__}
    print(json.dumps(line), flush=True)
    return line.get("result")


def client(secret):
    return ClientLibrary(url, user, secret, allow_http=True, raise_for_auth_failure=True)


licensing = client(password).licensing
licensing.wait_interval = 0.05
licensing.max_wait = 400


def settled(call):
    """The agent sends one message at a time, and says so."""
    for _ in range(400):
        try:
            return call()
        except Exception as error:
            if "in progress" not in str(error):
                raise
    raise RuntimeError("it never settled")


def refused(what, token):
    show(f"{what}: register", licensing.register, token)
    show(f"{what}: wait", licensing.wait_for_status, "registration", "FAILED")
    show(what, lambda: licensing.status()["registration"])


def here(server, good, expired, exhausted):
    show("wrong password", lambda: client("wrong") and None)
    show("fresh", licensing.status)
    show("transport: proxy", licensing.set_transport, server, "127.0.0.1", 49152)
    show("proxied", lambda: licensing.status()["transport"])
    show("transport: default", licensing.set_transport, None)
    show("defaulted", lambda: licensing.status()["transport"])
    show("transport: set", licensing.set_transport, server)
    show("default transport", licensing.set_default_transport)
    show("transport: bad", licensing.set_transport, 1)

    refused("bad", "BadRegistrationToken")
    refused("expired", expired)
    refused("exhausted", exhausted)

    feature = licensing.status()["features"][0]["id"]
    show("use: list", licensing.update_features, [{"id": feature, "count": 3}])
    show("evaluating", lambda: licensing.status()["authorization"])
    show("register", licensing.register_wait, good)
    show("registered", licensing.status)
    show("renew authorization", settled, licensing.renew_authorization)
    show("renew registration", settled, licensing.register_renew)
    show("use: map", settled, lambda: licensing.update_features({feature: 2}))
    show("use: nothing", licensing.update_features, [])
    show("use: unknown", licensing.update_features, [{"id": "unknown", "count": 1}])
    show("use: negative", licensing.update_features, [{"id": feature, "count": -1}])
    show("features", licensing.features)
    show("again", settled, lambda: licensing.register(good))
    show("reregister", settled, lambda: licensing.register_wait(good, reregister=True))
    show("tech support", licensing.tech_support)
    show("product license", licensing.set_product_license, "/bad")

    show("deregister", settled, licensing.deregister)
    show("left", licensing.status)
    show("deregister again", licensing.deregister)
    for call in (
        licensing.disable_reservation_mode,
        licensing.request_reservation,
        licensing.cancel_reservation,
        licensing.release_reservation,
        licensing.get_reservation_confirmation_code,
        licensing.delete_reservation_confirmation_code,
        licensing.get_reservation_return_code,
        licensing.delete_reservation_return_code,
    ):
        show("reservation", call)
    show("reservation", licensing.complete_reservation, "<specificPLR/>")
    show("reservation", licensing.discard_reservation, "<specificPLR/>")
    show("register once more", licensing.register_wait, good)


def reserve(feature, first, update, unused):
    one = licensing
    show("off: request", one.request_reservation)
    show("off: again", one.disable_reservation_mode)
    show("on", one.enable_reservation_mode)
    show("on: again", one.enable_reservation_mode)
    show("cancel nothing", one.cancel_reservation)
    show("online", one.register, "token")
    show("no request: complete", one.complete_reservation, first)
    show("none: release", one.release_reservation)
    show("none: confirmation", one.get_reservation_confirmation_code)
    show("request", one.request_reservation)
    show("request again", one.request_reservation)
    show("asked", one.status)
    show("bad: complete", one.complete_reservation, "<specificPLR/>")
    show("bad: discard", one.discard_reservation, "<specificPLR/>")
    show("complete", one.complete_reservation, first)
    show("confirmation", one.get_reservation_confirmation_code)
    show("installed: again", one.complete_reservation, first)
    show("installed: cancel", one.cancel_reservation)
    show("use", one.update_features, [{"id": feature, "count": 3}])
    show("over", one.update_features, [{"id": feature, "count": 4}])
    show("reserved", one.status)
    show("update", one.complete_reservation, update)
    show("forget confirmation", one.delete_reservation_confirmation_code)
    show("release", one.release_reservation)
    show("return code", one.get_reservation_return_code)
    show("forget return", one.delete_reservation_return_code)
    show("request once more", one.request_reservation)
    show("returned: complete", one.complete_reservation, update)
    show("discard", one.discard_reservation, unused)
    show("mode off", one.disable_reservation_mode)


def away():
    show("deregister away", settled, licensing.deregister)
    show("left away", licensing.status)


if where == "here":
    here(*rest)
elif where == "reserve":
    reserve(*rest)
else:
    away()
