"""Faults of the envelope, the header and the identity, in an `AUTHORIZATION`."""

import re

import keys
import soap
import wire
from message import dump
from product import Product, use
from refusals import (IDENTITY, MISMATCH, READ, REQUIRED, SPREAD, Refusal, drop, forged, malformed,
                      moment, outer, put, unreadable)

STRANGER = "019b8d6c-2a00-7000-8000-5d8f2c641f0e"
VERSION = "must be two numbers with a dot, such as 1.3"
SAME = "The {} of header and request_data must be the same."
NONCES = Refusal(30, "nonce", "The nonces of header, request and request_data must be the same.")
FORGED = Refusal(45, "signature", "The signature of the request is not valid.")
NAMELESS = ("the product must name itself: udi_pid with udi_serial_number, uuid, suvi, "
            "host_identifier or mac_address")
TYPES = "REGISTRATION, AUTHORIZATION, THIRD_PARTY_KEY, EXPORT_KEY, ID_CERT_RENEW or DEREGISTRATION"


def request(change):
    """A fault of the `request` text, before it is signed."""
    def fault(draft):
        draft.request_text = lambda members: change(members) or dump(members)
    return fault


def whole(text):
    return lambda draft: draft.edit(lambda _: text)


def other_sudi(draft):
    draft.data["sudi"]["udi_serial_number"] = "ANOTHER"


def other_instance(draft):
    draft.data["product_instance_identifier"] = STRANGER


def both_instances(draft):
    for part in (draft.header, draft.data):
        part["product_instance_identifier"] = STRANGER


def set_nonce(draft):
    draft.nonce = "1"


def body_text(text):
    def fault(draft):
        draft.data_text = text
    return fault


def after_signing(document):
    """Another count than the one that was signed."""
    document["request"] = document["request"].replace('\\"count\\":1', '\\"count\\":2')


def version(text):
    return put("header", version=text)


OUTER = [
    ("not JSON", whole('{"a":'), unreadable("message")),
    ("a list", whole("[]"), malformed("message", "must be an object, is a list", 400)),
    ("no signature", outer(signature=None), malformed("signature", REQUIRED, 400)),
    ("no request", outer(request=None), malformed("request", REQUIRED, 400)),
    ("request is an object", outer(request={}), malformed("request", "must be a text, is an object", 400)),
    ("another hash", outer(signature={"type": "MD5", "value": "AA=="}),
     malformed("signature.type", "must be SHA-256", 400)),
    ("a signature that is no base64", outer(signature={"type": "SHA-256", "value": "%"}),
     malformed("signature.value", "must be base64", 400)),
    ("request is no JSON", request(lambda _: "nope"), unreadable("request")),
    ("no header", request(lambda members: members.pop("header") and None),
     malformed("header", REQUIRED, 400)),
]

HEADER = [
    ("no version", drop("header", "version"), malformed("header.version", REQUIRED, 400)),
    ("version is a number", put("header", version=1.3),
     malformed("header.version", f"must be a text, {SPREAD}", 400)),
    ("version x", version("x"), malformed("version", VERSION)),
    ("version 1.0", version("1.0"),
     Refusal(None, "version", "Message version 1.0 is too low: at least 1.1.")),
    ("version 1.4", version("1.4"), Refusal(
        127, "version", "Message version 1.4 is too high: at most 1.3.", "VERSION_TOO_HIGH")),
    ("an unknown request type", put("header", request_type="POLL"), Refusal(
        None, "request_type", f"The request type 'POLL' is not known: must be {TYPES}.")),
    ("no request type", drop("header", "request_type"), malformed("header.request_type", REQUIRED, 400)),
    ("a nonce with a letter", put("header", nonce="1a"),
     malformed("header.nonce", "must be decimal digits as text", 400)),
    ("a nonce of 41 digits", put("header", nonce="1" * 41),
     malformed("header.nonce", "must have at most 40 characters", 400)),
    ("a nonce that is a number", put("header", nonce=1),
     malformed("header.nonce", "must be a text, is a number", 400)),
    ("a serial number with a letter", put("header", id_cert_serial_number="x"),
     malformed("header.id_cert_serial_number", "must be a decimal number as text", 400)),
    ("no serial number", put("header", id_cert_serial_number=None),
     malformed("header.id_cert_serial_number", REQUIRED)),
    ("no instance", put("header", product_instance_identifier=None),
     malformed("header.product_instance_identifier", REQUIRED)),
    ("an instance that is no UUID", put("header", product_instance_identifier="x"),
     malformed("header.product_instance_identifier", "must be a UUID of the form 8-4-4-4-12", 400)),
    ("connect_info is a text", put("header", connect_info="x"),
     malformed("header.connect_info", "must be an object, is a text", 400)),
    ("capabilities of numbers", put("header", connect_info={"capabilities": [5]}),
     malformed("header.connect_info.capabilities", "must be a list of texts", 400)),
    ("a serial number of 2^64", put("header", id_cert_serial_number=str(2**64)),
     malformed("header.id_cert_serial_number", "must be a decimal number as text", 400)),
    ("a version of 21 characters", version("1." + "1" * 19),
     malformed("header.version", "must have at most 20 characters", 400)),
    ("a product without a name", put("header", sudi={"udi_vid": "V"}),
     malformed("header.sudi.udi_pid", NAMELESS, 400)),
    ("udi_pid alone", put("header", sudi={"udi_pid": "PY"}),
     malformed("header.sudi.udi_serial_number", "must come with udi_pid", 400)),
    ("another nonce in the header", put("header", nonce="1"), NONCES),
    ("another nonce in request", set_nonce, NONCES),
    ("another nonce in request_data", put("data", nonce="1"), NONCES),
    ("no nonce in request", request(lambda members: members.pop("nonce") and None),
     malformed("nonce", REQUIRED)),
    ("no request_data", request(lambda members: members.pop("request_data") and None),
     malformed("request_data", REQUIRED)),
    ("request_data is no JSON", body_text("nope"), Refusal(49, "request_data", READ)),
    ("128 levels deep", body_text('{"deep":' + "[" * 127 + "]" * 127 + "}"),
     Refusal(49, "request_data", READ)),
    ("request_data is a list", body_text("[]"), malformed("request_data", "must be an object, is a list")),
    ("another sudi in request_data", other_sudi, Refusal(28, "sudi", SAME.format("sudi"))),
    ("another instance in request_data", other_instance, Refusal(
        28, "product_instance_identifier", SAME.format("product_instance_identifier"))),
    ("no sudi in request_data", drop("data", "sudi"), malformed("sudi", REQUIRED)),
    ("no timestamp", drop("data", "timestamp"), malformed("timestamp", REQUIRED)),
    ("a timestamp that is a text", put("data", timestamp="1767603600000"),
     malformed("timestamp", "must be a whole number, is a text")),
    ("a timestamp with a fraction", put("data", timestamp=1767603600000.5),
     malformed("timestamp", f"must be a whole number, {SPREAD}")),
    ("a negative timestamp", put("data", timestamp=-1),
     malformed("timestamp", "must be milliseconds since 1970, before year 10000")),
    ("a forged signature", forged, FORGED),
    ("changed after signing", lambda draft: draft.edit(after_signing), FORGED),
    ("an unknown instance", both_instances,
     Refusal(None, "product_instance_identifier", IDENTITY.format(STRANGER))),
]


def messages(world, report, refusals):
    for number, (name, fault, refusal) in enumerate(OUTER + HEADER):
        if number % 16 == 0:
            product = Product(world, ("p256", "rsa")[number // 16 % 2])
            product.register(world.routes[0], world.tokens["valid"])
        refusals.wrong(name, product, product.authorization(use(1)), fault, refusal)
    times(refusals, product)
    identity(world, report, refusals)
    envelopes(world, refusals, product)
    lengths(world, report, refusals, product)
    satellite(world, report, refusals)


def times(refusals, product):
    """Replays and the edges of the hour."""
    replayed = Refusal(None, "timestamp", "The message was received before: its timestamp must be "
                                          "later than that of the last one.")
    for name, earlier in (("the timestamp of the last message", 0), ("an earlier timestamp", 1)):
        valid = product.authorization(use(1))
        refusals.wrong(name, product, valid, put("data", timestamp=product.last - earlier), replayed)
    sent = product.authorization(use(1))
    product.fulfil(refusals.world.routes[0], sent)
    refusals.expect("the same message again", product, sent, replayed)
    edge = refusals.edge()
    for name, by in (("an hour in the past", -edge), ("an hour in the future", edge)):
        valid, then = product.authorization(use(1)), refusals.world.now() + by
        told = Refusal(None, "timestamp", MISMATCH.format(moment(then)))
        refusals.wrong(name, product, valid, put("data", timestamp=then), told)


def identity(world, report, refusals):
    """Certificates that are not, or are no longer, the instance's own."""
    route = world.routes[0]
    for kind in ("p256", "rsa"):
        product, other = Product(world, kind), Product(world)
        for one in (product, other):
            one.register(route, world.tokens["valid"])
        lost = Refusal(None, "product_instance_identifier", IDENTITY.format(product.instance))
        old_key, old = product.key, str(product.certificate.serial_number)
        product.renew(route, keys.new_key(kind))

        def superseded(draft):
            draft.header["id_cert_serial_number"], draft.key = old, old_key

        def foreign(draft):
            draft.header["id_cert_serial_number"] = str(other.certificate.serial_number)
            draft.key = other.key

        def superseded_forged(draft):
            superseded(draft)
            forged(draft)

        cases = [("a superseded certificate", superseded, lost),
                 ("a superseded certificate, forged", superseded_forged, FORGED),
                 ("another's certificate", foreign, lost),
                 ("an unknown certificate", put("header", id_cert_serial_number="7"), lost),
                 ("the key before", lambda draft: setattr(draft, "key", old_key), FORGED)]
        for name, fault, refusal in cases:
            refusals.wrong(f"{name}, {kind}", product, product.authorization(use(1)), fault, refusal)
        removed(refusals, product, lost, kind)
        report.run(f"the other instance is untouched, {kind}", other.report, route, use(1))


def removed(refusals, product, lost, kind):
    if kind == "rsa":
        product.ask(refusals.next_route(), "DEREGISTRATION")
        how = "a deregistered instance"
    else:
        again = Product(product.world, sudi=product.sudi)
        again.register(refusals.next_route(), product.world.tokens["other"], force=True)
        how = "an instance that was replaced with force"
    csr = keys.signing_request(product.key)
    for draft in (product.authorization(use(1)), product.draft("ID_CERT_RENEW", csr=csr),
                  product.draft("DEREGISTRATION")):
        refusals.expect(f"{how}: {draft.header['request_type']}", product, draft, lost)


def change(old, new, count=1):
    def fault(xml):
        assert re.search(old, xml, re.DOTALL), old
        return re.sub(old, new, xml, count=count, flags=re.DOTALL)
    return fault


ENVELOPES = [
    ("broken XML", change("</s:Body>", ""), READ),
    ("half an envelope", lambda xml: xml[:300], READ),
    ("a DOCTYPE", change(r"\?>\n", '?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n'),
     "The message cannot be read: a DOCTYPE is not allowed at line 2, column 1."),
    ("an unknown entity", change("PYTHON_AGENT", "&nbsp;"), READ),
    ("a namespace of SOAP 1.1", change(soap.SOAP, "http://schemas.xmlsoap.org/soap/envelope/", 0), READ),
    ("another namespace of the session", change(soap.SESSION, "urn:other"), READ),
    ("another namespace of the block", change(soap.BLOCK, "urn:other"), READ),
    ("no Session", change("<t:Session.*</t:Session>", ""), READ),
    ("no To", change("<t:To>.*</t:To>", ""), READ),
    ("an empty From", change("<t:From>.*</t:From>", "<t:From> </t:From>"), READ),
    ("a MessageId of 256 characters", change("<t:MessageId>.*</t:MessageId>",
                                             f"<t:MessageId>{'x' * 256}</t:MessageId>"), READ),
    ("no attachment", change("<b:Attachment .*</b:Attachment>", ""), READ),
    ("an attachment of another name", change("smart_licensing_data", "other_data"), READ),
    ("two attachments", change("(<b:Attachment .*</b:Attachment>)", r"\1\1"), READ),
    ("an attachment of another type", change('type="inline"', 'type="attached"'), READ),
    ("another encoding of Data", change('encoding="plain"', 'encoding="base64"'), READ),
    ("an element in Data", change("</b:Data>", "<b:X/></b:Data>"), READ),
    ("no Data", change("<b:Data.*</b:Data>", ""), READ),
    ("two bodies", change("</s:Envelope>", "<s:Body/></s:Envelope>"), READ),
    ("33 elements deep", change("<b:Content/>", "<a>" * 33 + "</a>" * 33), READ),
    ("1001 elements", change("<b:Content/>", "<a/>" * 1001), READ),
    ("33 attributes", change("<b:Content/>", f"<a {' '.join(f'a{n}=' + chr(34) * 2 for n in range(33))}/>"),
     READ),
    ("another encoding of the XML", change("UTF-8", "ISO-8859-1"), READ),
]


def envelopes(world, refusals, product):
    for name, fault, text in ENVELOPES:
        valid = product.authorization(use(1))
        routes = [Envelope(route, fault) for route in world.routes if route.call_home]
        refusals.expect(f"envelope: {name}", product, valid, unreadable("envelope", text), routes)
        refusals.still_accepted(name, product, valid)


class Envelope:
    """A route that breaks what it wraps; the answer comes in the envelope for strangers."""

    def __init__(self, route, fault):
        self.route, self.fault, self.name, self.call_home = route, fault, route.name, True

    def wrap(self, document, milliseconds):
        return self.fault(self.route.wrap(document, milliseconds).decode()).encode()

    def send(self, body):
        return self.route.send(body)


class Padded(Envelope):
    """A route whose messages have exactly this many bytes."""

    def __init__(self, route, length):
        super().__init__(route, None)
        self.length, self.call_home = length, route.call_home

    def wrap(self, document, milliseconds):
        body = self.route.wrap(document, milliseconds)
        return body + b" " * (self.length - len(body))


def lengths(world, report, refusals, product):
    text = f"The message cannot be read: it is longer than {wire.LONGEST} bytes."
    for route in world.routes:
        valid = product.authorization(use(1))
        field = "envelope" if route.call_home else "message"
        long = Refusal(49, field, text, http=413)
        refusals.expect(f"a byte too long, {route.name}", product, valid, long,
                        [Padded(route, wire.LONGEST + 1)])
        report.run(f"the longest message, {route.name}", product.fulfil, Padded(route, wire.LONGEST), valid)


def satellite(world, report, refusals):
    """One that is not registered refuses all, signed with its own keys."""
    if not world.satellite:
        return
    refusal = Refusal(None, "server", "This SSM On-Prem is not registered with CSSM: no product can "
                                      "register with it yet.")
    routes = [wire.Route(path, world.satellite, path) for path in ("/SmartTransport", wire.GATEWAY)]
    product = Product(world)
    refusals.expect("by a satellite", product, product.registration(world.tokens["valid"]), refusal, routes)
    stranger = Product(world)
    stranger.register(world.routes[0], world.tokens["valid"])
    report.check("the satellite has a sub-CA of its own", product.signing[1] != stranger.signing[1])
