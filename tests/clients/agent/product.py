"""An agent: what it remembers, what it sends, what it accepts (sections 4 to 6)."""

import itertools
import json
import random

import keys
from message import (HOUR, Answer, Unacceptable, check, check_echo, check_signature, check_time,
                     new_draft)

DAY = 86_400_000
SOFTWARE = "regid.2026-11.example.agent.PYTHON,1.0_5f0b8a52-35c8-4c3e-8a57-0f6a3b6f0c11"
PLUS = "regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0002"
UNKNOWN = "regid.2026-11.example.agent.NOTHING,1.0_5f0b8a52-35c8-4c3e-8a57-0f6a3b6f0c12"


def use(count, tag=PLUS, version="1.0"):
    return {"tag": tag, "version": version, "count": count}


class Product:
    """One licensed product."""

    # Another start against the same server has products of its own.
    serials = itertools.count(random.randrange(10**6, 10**9) * 1000)

    def __init__(self, world, kind="p256", roots=None, sudi=None):
        self.world = world
        self.key = keys.new_key(kind)
        self.trusted = world.roots if roots is None else roots
        self.sudi = sudi or self.new_sudi()
        self.signing = []
        self.instance = None
        self.certificate = None
        self.written = 0
        self.last = 0
        self.accepted = None

    @classmethod
    def new_sudi(cls):
        return {"suvi": None, "uuid": None, "host_identifier": None, "mac_address": None,
                "udi_pid": "PY", "udi_serial_number": f"PY{next(cls.serials)}", "udi_vid": "V01"}

    # What it writes.

    def stamp(self):
        """Later than the last message, unless that one was too far ahead to be accepted."""
        now = self.world.now()
        last = self.written if self.written - now < HOUR else 0
        self.written = max(now, last + 1)
        return self.written

    def known(self):
        return str(self.signing[0].serial_number) if self.signing else None

    def registration(self, token, key=None, **more):
        key = key or self.key
        body = {"idtoken": token, "csr": keys.signing_request(key),
                "software_tag_identifier": SOFTWARE, "hostname": "agent.example",
                "product_name": "Agent in Python", "product_version": "1.0", **more}
        return new_draft("REGISTRATION", self.sudi, self.stamp(), key, body)

    def draft(self, kind, **body):
        serial = str(self.certificate.serial_number)
        return new_draft(kind, self.sudi, self.stamp(), self.key, body, self.known(),
                         self.instance, serial)

    def authorization(self, *entitlements):
        return self.draft("AUTHORIZATION", entitlements=list(entitlements))

    # What it accepts.

    def exchange(self, route, draft, document=None):
        """Sends and checks up to the status; `document` is a text that replaces the draft's."""
        body = route.wrap(document or draft.document(), self.world.now())
        answer = self.accept(route, route.send(body), 200)
        check_echo(answer, draft.header["nonce"], draft.header["request_type"],
                   draft.header["sudi"])
        self.check_delivery(answer, draft.header["signing_cert_serial_number"])
        return answer

    def accept(self, route, reply, status):
        """Checks 1 and 2, and what HTTP says."""
        check(reply.status == status, "HTTP", f"{reply.status}, not {status}: {reply.body[:200]!r}")
        kind = reply.headers.get("content-type", "")
        expected = "text/xml; charset=utf-8" if route.call_home else "application/json"
        check(kind == expected, "HTTP", f"content type {kind}")
        answer = Answer(reply.document(route.call_home))
        answer.session, answer.content_type = reply.session, kind
        self.signing = check_signature(answer, self.signing, self.trusted)
        if not self.trusted:
            self.trusted = [self.signing[2]]
        return answer

    def check_delivery(self, answer, known):
        """The certificates come when the agent does not name the present one."""
        came, serial = answer.chain(), str(self.signing[0].serial_number)
        check(bool(came) == (known != serial), 45, f"{len(came)} certificates for one who knows {known}")

    def fulfil(self, route, draft):
        """Sends, and checks an answer that must be `OK`."""
        answer = self.exchange(route, draft)
        check(answer.status == "OK", answer.code, f"{answer.status} {answer.message_text}")
        check((answer.code, answer.message, answer.retry) == (None, None, 0), 49,
              f"an OK with {answer.code}, {answer.message_text}, {answer.retry}")
        check_time(answer, self.world.now())
        self.last = max(self.last, draft.data["timestamp"])
        self.written = max(self.written, self.last)
        self.accepted = answer
        return answer

    def register(self, route, token, kind=None, **more):
        if kind:
            self.key = keys.new_key(kind)
        return self.registered(route, self.registration(token, **more))

    def registered(self, route, draft):
        answer = self.fulfil(route, draft)
        instance = answer.data["product_instance_identifier"]
        check(instance, 28, "no instance")
        self.instance = instance
        self.take(answer, draft.key)
        check_subject(self.certificate, draft.data["product_name"], instance)
        return answer

    def take(self, answer, key):
        """Check 6: the certificate is for the key and the instance, and of the same sub-CA."""
        one = keys.certificate(answer.data["id_certificate"])
        keys.check_chain([one, *self.signing[1:]], self.trusted, answer.header["timestamp"])
        check(keys.spki(one.public_key()) == keys.spki(key.public_key()), 48, "another key")
        begin, end = answer.header["timestamp"], keys.milliseconds(one.not_valid_after_utc)
        expires, renew = answer.data["expires_at"], answer.data["renew_at"]
        check(expires == end, 48, f"it ends at {end}, said was {expires}")
        # A certificate knows whole seconds, and a clock that does not stand goes on.
        check(near(expires - begin, 365 * DAY) and near(renew - begin, 180 * DAY), 48,
              f"renew after {renew - begin} ms, expires after {expires - begin} ms")
        self.key, self.certificate = key, one

    def ask(self, route, kind, **body):
        return self.own(self.fulfil(route, self.draft(kind, **body)))

    def own(self, answer):
        given = answer.data["product_instance_identifier"]
        check(given == self.instance, 28, f"the answer is for {given}")
        return answer

    def report(self, route, *entitlements):
        return self.ask(route, "AUTHORIZATION", entitlements=list(entitlements))

    def renew(self, route, key=None):
        key = key or self.key
        answer = self.ask(route, "ID_CERT_RENEW", csr=keys.signing_request(key))
        self.take(answer, key)
        check_subject(self.certificate, None, self.instance)
        return answer

    def voucher(self, wanted, answered, in_use):
        """Checks one voucher against what was asked; returns its members."""
        check(answered["id"] == wanted["id"], 30, f"the voucher of {answered['id']}")
        signature = answered["signature"]
        check(signature["type"] == "SHA-256" and signature["key"] == self.known(), 47, str(signature))
        keys.verify(self.signing[0].public_key(), signature["value"], answered["voucher"])
        told = json.loads(answered["voucher"])
        for name in ("id", "name", "value", "routing", "action", "key_id"):
            check(told[name] == wanted.get(name), 30, f"{name}: {told[name]}")
        check(told["issuer"] == f"O={keys.ORGANISATION}", 48, told["issuer"])
        check(told["product_instance_identifier"] == self.instance, 28, "another instance")
        check(told["count"] == in_use, 30, f"count {told['count']}, in use are {in_use}")
        return told


def near(one, other):
    return abs(one - other) < 2000


def check_subject(one, name, instance):
    told = keys.subject_of(one)
    expected = [("CN", name or told[0][1]), ("SERIALNUMBER", instance), ("O", keys.ORGANISATION)]
    check(told == expected, 48, f"the subject is {told}")


def wanted(number=1, **more):
    return {"id": f"voucher-{number}", "name": PLUS, "value": " <a&b> \u00e9\uffff ", "routing": "NUANCE",
            "action": "REGISTER", "key_id": None, **more}


__all__ = ["DAY", "PLUS", "SOFTWARE", "UNKNOWN", "Product", "Unacceptable", "near", "use", "wanted"]
