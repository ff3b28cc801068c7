"""Sends a wrong message by every route and compares the refusal with section 7."""

import keys
from message import HOUR, NOBODY, check, check_echo, pattern

READ = "The message cannot be read: …."
REQUIRED = "is required"
IDENTITY = "The identity for the instance {} is not valid.Please re-register the instance."
NOT_CONSUMING = "Product Instance is not consuming this tag : {}"
MISMATCH = ("Timestamp mismatch: the message says {}, the server's time is …; "
            "at most 1 hour is allowed.")
SPREAD = "is a number with a fraction or exponent"


class Refusal:
    """What section 7 says that comes back."""

    def __init__(self, code, field, text, status="FAILED", http=200, retry=0):
        self.code, self.field, self.text = code, field, text
        self.status, self.http, self.retry = status, http, retry

    def compare(self, answer):
        check((answer.status, answer.code) == (self.status, self.code), "status",
              f"{answer.status} {answer.code} {answer.message_text}")
        check(list(answer.message) == [self.field], "field", answer.message_text)
        texts = answer.message[self.field]
        check(len(texts) == 1 and pattern(self.text).fullmatch(texts[0]), "text",
              f"{texts}, not {self.text!r}")
        check(answer.retry == self.retry, "retry", answer.retry)


def unreadable(field, text=READ, code=49):
    """A message whose header could not be read: HTTP 400."""
    return Refusal(code, field, text, http=400)


def malformed(field, text, http=200):
    """A member that breaks a rule."""
    return Refusal(36, field, text, http=http)


def put(where, **members):
    """A fault: other values of members of the header or of the body."""
    return lambda draft: getattr(draft, where).update(members)


def drop(where, name):
    """A fault: a member is missing."""
    return lambda draft: getattr(draft, where).pop(name)


def written(old, new):
    """A fault in the text of `request_data`, before it is signed."""
    def fault(draft):
        draft.data_text = draft.dumped_data().replace(old, new, 1)
        assert new in draft.data_text, "nothing was changed"
    return fault


def outer(**members):
    """A fault of the outermost document, after it is signed; `None` takes a member away."""
    def change(document):
        document.update(members)
        for name in [name for name, value in members.items() if value is None]:
            del document[name]
    return lambda draft: draft.edit(change)


def forged(draft):
    """Signed with a key of somebody else, of the same kind."""
    rsa = isinstance(draft.key, keys.rsa.RSAPrivateKey)
    draft.key = keys.new_key("rsa" if rsa else "p256")


def aged(milliseconds):
    """A fault: the message was written so much later than now."""
    def fault(draft):
        draft.data["timestamp"] += milliseconds
    return fault


class Refusals:
    """Tells each wrong message once, however many routes it took."""

    def __init__(self, world, report):
        self.world, self.report = world, report
        self.turn = 0

    def next_route(self):
        self.turn += 1
        return self.world.routes[self.turn % len(self.world.routes)]

    def expect(self, name, product, draft, refusal, routes=None):
        """Sends this draft by each route; the sum counts one refusal."""
        def every():
            for route in routes or self.world.routes:
                try:
                    self.send(product, route, draft, refusal)
                except Exception as error:
                    raise AssertionError(f"{route.name}: {error}") from error
        before = self.report.failures
        self.report.run(f"refused: {name}", every)
        self.report.refusals += self.report.failures == before

    def send(self, product, route, draft, refusal, body=None):
        body = body or route.wrap(draft.document(), self.world.now())
        answer = product.accept(route, route.send(body), refusal.http)
        if refusal.http == 200:
            header = draft.header
            check_echo(answer, header["nonce"], header["request_type"], header["sudi"])
            product.check_delivery(answer, header["signing_cert_serial_number"])
        else:
            check_echo(answer, "0", "UNKNOWN", NOBODY)
            check(answer.chain(), 45, "no certificates came with an unreadable message")
        refusal.compare(answer)
        check(answer.data is None or answer.chain(), 49, "data, but no certificates")

    def wrong(self, name, product, valid, fault, refusal):
        """One fault in a valid message; then the valid one, with the nonce and the time of the other."""
        faulty = valid.clone()
        fault(faulty)
        self.expect(name, product, faulty, refusal)
        self.still_accepted(name, product, valid)

    def still_accepted(self, name, product, valid):
        register = valid.header["request_type"] == "REGISTRATION"
        accept = product.registered if register else product.fulfil
        self.report.run(f"without the fault it is accepted: {name}", accept, self.next_route(), valid)

    def edge(self):
        """How far a timestamp must be away to be refused; certain only where the clock stands."""
        return HOUR if self.world.stands else HOUR + 5000


def moment(milliseconds):
    """An instant in a text of the server."""
    return f"{keys.instant(milliseconds):%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"
