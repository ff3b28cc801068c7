"""Answers that an agent must not accept, made from good ones on their way back (section 4)."""

import json

import keys
from message import HOUR, Unacceptable
from product import Product, use


class Meddler:
    """A route on which somebody changes the answers of Smart Transport."""

    def __init__(self, route, change):
        self.route, self.change, self.call_home = route, change, False
        self.wrap = route.wrap

    def send(self, body):
        reply = self.route.send(body)
        outer = json.loads(reply.body)
        self.change(outer)
        reply.body = json.dumps(outer).encode()
        return reply


def another_text(outer):
    outer["response"] = outer["response"].replace('"status_code":"OK"', '"status_code": "OK"')


def another_key(outer):
    outer["signature"]["key"] = "4"


def another_signature(outer):
    outer["signature"]["value"] = keys.tampered(outer["signature"]["value"])


def another_hash(outer):
    outer["signature"]["type"] = "SHA-1"


def distrust(world, report):
    route = world.routes[0]
    product = Product(world)
    product.register(route, world.tokens["valid"])
    earlier = {}
    product.report(Meddler(route, earlier.update), use(1))
    cases = [
        ("a changed text", another_text, "signature"), ("another key", another_key, "47"),
        ("another signature", another_signature, "signature"), ("another hash", another_hash, "99"),
        ("the answer to an earlier message", lambda outer: outer.update(earlier), "30"),
    ]
    for name, change, why in cases:
        refused(report, name, why, product.report, Meddler(route, change), use(1))
    stranger = Product(world, roots=[keys.stranger()])
    refused(report, "a chain to another root", "root", stranger.register, route, world.tokens["valid"])
    draft = product.authorization(use(1))
    world.begin += HOUR
    refused(report, "a server an hour behind", "ms away", product.fulfil, route, draft)
    world.begin -= HOUR


def refused(report, name, why, action, *arguments):
    """The agent itself must complain, for this reason."""
    try:
        action(*arguments)
    except (keys.Untrusted, Unacceptable) as error:
        report.check(f"not accepted: {name}", why in str(error), error)
    else:
        report.check(f"not accepted: {name}", False, "it was accepted")
