"""An agent written from docs/PROTOCOL.md alone: it lives a life and sends wrong messages.

Every answer is checked as section 4 says; any answer that the page does not give is a failure.
`python tests/clients/agent --help` tells the arguments.
"""

import argparse
import json
import sys

import expired
import life
from export import keys_of_products
from refusals import Refusals
from report import Report
from world import World
from wrong_bodies import bodies
from wrong_messages import messages
from wrong_registrations import registrations


def options():
    parser = argparse.ArgumentParser(prog="agent", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--url", required=True, help="the server, plain HTTP")
    parser.add_argument("--tls-url", required=True, help="the same over TLS")
    parser.add_argument("--satellite-url", help="a satellite that is not registered")
    parser.add_argument("--ca", required=True, help="ca.pem of the lab")
    parser.add_argument("--tokens", required=True, help="JSON: tokens and their virtual accounts")
    parser.add_argument("--document", help="PROTOCOL.md, to check its vector")
    parser.add_argument("--now", type=int, help="where the server's clock stands, in ms since 1970")
    parser.add_argument("--keep", help="write two registered products to this file")
    parser.add_argument("--kept", help="such a file: their certificates have expired meanwhile")
    return parser.parse_args()


def main():
    chosen, report = options(), Report()
    with open(chosen.tokens, encoding="utf-8") as file:
        world = World(chosen, json.load(file))
    refusals = Refusals(world, report)
    if chosen.kept:
        report.run("a year later", expired.expired, world, report, refusals, chosen.kept)
        return report.summary()
    life.lives(world, report)
    for part in (messages, registrations, bodies):
        report.run(f"{part.__name__} were all sent", part, world, report, refusals)
    report.run("keys were asked for and returned", keys_of_products, world, report, refusals)
    if chosen.keep:
        report.run("what a second start needs is written", expired.keep, world, chosen.keep)
    return report.summary()


if __name__ == "__main__":
    sys.exit(main())
