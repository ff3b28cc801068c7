"""Faults of a `REGISTRATION`: tokens, signing requests, groups, replays."""

import keys
from product import SOFTWARE, Product, use
from refusals import MISMATCH, REQUIRED, Refusal, aged, drop, forged, malformed, moment, put
from wrong_messages import FORGED, NAMELESS

REGISTERED = ("The product {} and sudi containing {} has already been registered. "
              "Use force to replace the registration.")
REPLAYED = Refusal(None, "nonce", "The message was received before: its nonce is used.")
REFUSED = "The certificate signing request is refused: …."
TAG = ("The software tag '{}' is not valid: must be "
       "regid.YYYY-MM.<domain>.<product>,<version>_<UUID>.")
BARE = "regid.2026-11.example.agent.PYTHON,1.0"
P384 = keys.signing_request(keys.new_key("p384"))
GARBAGE = keys.base64.b64encode(b"garbage").decode()
OTHER = keys.new_key("p256")


def member(text, **value):
    """A member of the wrong type or length."""
    (name,) = value
    return name, put("data", **value), malformed(name, text)


FAULTS = [
    ("an unknown token", put("data", idtoken="nope"),
     Refusal(None, "token", "The token 'nope' is not valid.")),
    ("a software tag without a UUID", put("data", software_tag_identifier=BARE),
     Refusal(104, "software_tag_identifier", TAG.format(BARE))),
    ("a csr of garbage", put("data", csr=GARBAGE), Refusal(44, "csr", REFUSED)),
    ("a csr with a wrong signature", lambda draft: draft.data.update(csr=keys.forged_request(draft.key)),
     Refusal(44, "csr", REFUSED)),
    ("a csr for P-384", put("data", csr=P384), Refusal(44, "csr", REFUSED)),
    ("a csr for a key of 1024 bits", lambda draft: draft.data.update(csr=small_key()),
     Refusal(44, "csr", REFUSED)),
    ("signed with another key than that of the csr", forged, FORGED),
    ("a csr for another key than that of the signature",
     put("data", csr=keys.signing_request(OTHER)), FORGED),
    ("no csr", drop("data", "csr"), malformed("csr", REQUIRED)),
    ("no idtoken", drop("data", "idtoken"), malformed("idtoken", REQUIRED)),
    ("no product_name", drop("data", "product_name"), malformed("product_name", REQUIRED)),
    ("no software tag", drop("data", "software_tag_identifier"),
     malformed("software_tag_identifier", REQUIRED)),
    member("must be base64", csr="%%%"),
    member("must be base64", csr=GARBAGE.rstrip("=")),
    member("must have 1 to 16384 bytes", csr=""),
    member("must be a text, is a number", idtoken=5),
    member("must not be empty", idtoken=""),
    member("must have at most 1000 characters", idtoken="x" * 1001),
    member("must not contain control characters", hostname="a\tb"),
    member("must have at most 1000 characters", hostname="x" * 1001),
    member("must have at most 255 characters", product_name="x" * 256),
    member("must have at most 255 characters", software_tag_identifier="x" * 256),
    member("must be true or false, is a text", force="true"),
    member("must be a list, is an object", ha_members={}),
]


def small_key():
    return keys.signing_request(keys.rsa.generate_private_key(public_exponent=65537, key_size=1024))


def registrations(world, report, refusals):
    for number, (name, fault, refusal) in enumerate(FAULTS):
        product = Product(world, ("p256", "rsa")[number % 8 == 1])
        name = f"registration: {name} ({refusal.text})" if refusal.code == 36 else f"registration: {name}"
        refusals.wrong(name, product, product.registration(world.tokens["valid"]), fault, refusal)
    tokens(world, report, refusals)
    edges(world, report, refusals)
    registered(world, report, refusals)
    replayed(world, refusals)
    groups(world, report, refusals)


def tokens(world, report, refusals):
    """Tokens that worked once, or never will again."""
    texts = {"revoked": "The token '{}' has been revoked.", "expired": "The token '{}' has expired.",
             "exhausted": "The token '{}' has reached its maximum number of uses (1)."}
    report.run("the only use of a token", Product(world).register, world.routes[0],
               world.tokens["exhausted"])
    for name, text in texts.items():
        product, token = Product(world), world.tokens[name]
        valid = product.registration(world.tokens["valid"])
        refusals.wrong(f"a token that is {name}", product, valid, put("data", idtoken=token),
                       Refusal(None, "token", text.format(token)))


def edges(world, report, refusals):
    edge = refusals.edge()
    within = edge - 1 if world.stands else edge - 10_000
    for name, by, inside in (("past", -edge, -within), ("future", edge, within)):
        product = Product(world)
        valid = product.registration(world.tokens["valid"])
        told = moment(valid.data["timestamp"] + by)
        refusals.expect(f"registration: an hour in the {name}", product, changed(valid, aged(by)),
                        Refusal(None, "timestamp", MISMATCH.format(told)))
        report.run(f"registration: less than an hour in the {name}", product.registered,
                   refusals.next_route(), changed(valid, aged(inside)))


def changed(draft, fault):
    other = draft.clone()
    fault(other)
    return other


def named(sudi):
    return f"udiSerialNumber:{sudi['udi_serial_number']},udiPid:{sudi['udi_pid']}"


def registered(world, report, refusals):
    """A product that is registered, also as another version of itself."""
    product = Product(world)
    product.register(world.routes[0], world.tokens["valid"])
    refusal = Refusal(40, "sudi", REGISTERED.format(SOFTWARE, named(product.sudi)))
    for version in ("V01", "V02"):
        twin = Product(world, sudi={**product.sudi, "udi_vid": version})
        valid = twin.registration(world.tokens["other"], force=True)
        absent = changed(valid, put("data", force=False))
        refusals.expect(f"registered already, {version}", twin, absent, refusal)
    report.run("the registered one goes on", product.report, world.routes[0], use(1))
    refusals.still_accepted("registered already, with force", twin, valid)
    nameless = {"uuid": f"u-{product.sudi['udi_serial_number']}", "mac_address": "00:11"}
    first, second = Product(world, sudi=nameless), Product(world, sudi=nameless)
    first.register(world.routes[0], world.tokens["valid"])
    told = REGISTERED.format(SOFTWARE, f"UUID:{nameless['uuid']},MAC:00:11")
    refusals.expect("registered already, by its UUID", second,
                    second.registration(world.tokens["valid"]), Refusal(40, "sudi", told))


def replayed(world, refusals):
    """The nonce of an accepted registration, by whomever."""
    product, other = Product(world), Product(world)
    sent = product.registration(world.tokens["valid"])
    product.registered(world.routes[0], sent)
    refusals.expect("a registration again", product, sent, REPLAYED)
    refusals.expect("a registration again, with force", product,
                    changed(sent, put("data", force=True)), REPLAYED)

    def same_nonce(draft):
        draft.header["nonce"] = draft.data["nonce"] = draft.nonce = sent.nonce

    valid = other.registration(world.tokens["valid"])
    refusals.wrong("another product's nonce", other, valid, same_nonce, REPLAYED)


def units(*pairs):
    return [{"role": role, "sudi": getattr(one, "sudi", one)} for one, role in pairs]


def groups(world, report, refusals):
    """The rules of `ha_members`."""
    a, b, c = (Product(world) for _ in range(3))
    many = [(a, "Active"), *(({"uuid": f"unit-{n}"}, "Member") for n in range(64))]
    faults = [
        ("no Active", units((a, "Standby")), "ha_members", "must name one Active: the product itself"),
        ("two Active", units((a, "Active"), (b, "Active")), "ha_members[1].role",
         "must not be Active twice"),
        ("two Standby", units((a, "Active"), (b, "Standby"), (c, "Standby")), "ha_members[2].role",
         "must not be Standby twice"),
        ("another is Active", units((b, "Active"), (a, "Standby")), "ha_members[0].sudi",
         "of the Active must be that of the header"),
        ("a unit twice", units((a, "Active"), (b, "Standby"), (b, "Member")), "ha_members[2].sudi",
         "must not be listed twice"),
        ("an unknown role", units((a, "active")), "ha_members[0].role",
         "must be Active, Standby or Member"),
        ("no role", [{"sudi": a.sudi}], "ha_members[0].role", REQUIRED),
        ("no sudi", [{"role": "Active"}], "ha_members[0].sudi", REQUIRED),
        ("a unit without a name", units((a, "Active"), ({}, "Member")), "ha_members[1].sudi.udi_pid",
         NAMELESS),
        ("a unit that is a text", ["x"], "ha_members[0]", "must be an object, is a text"),
        ("65 units", units(*many), "ha_members", "must have at most 64 elements"),
    ]
    for name, members, field, text in faults:
        valid = a.registration(world.tokens["valid"], ha_members=units((a, "Active"), (b, "Standby")))
        faulty = changed(valid, put("data", ha_members=members))
        refusals.expect(f"HA: {name}", a, faulty, malformed(field, text))
    refusals.still_accepted("HA", a, valid)
    taken_units(world, report, refusals, a, b, c)


def taken_units(world, report, refusals, a, b, c):
    """Units that are another group's, or registered themselves."""
    token = world.tokens["valid"]
    of = {one: Refusal(40, "sudi", REGISTERED.format(SOFTWARE, named(one.sudi))) for one in (a, b)}
    refusals.expect("HA: a unit registers itself", b, b.registration(token), of[b])
    for one in (b, a):
        members = units((c, "Active"), (one, "Member"))
        refusals.expect(f"HA: {'a unit of' if one is b else 'the Active of'} another group", c,
                        c.registration(token, ha_members=members), of[one])
    report.run("HA: with force the unit leaves the other group", c.register, world.routes[0], token,
               None)
    forced = c.registration(token, ha_members=units((c, "Active"), (b, "Member")), force=True)
    report.run("HA: with force and the unit", c.registered, world.routes[0], forced)
    report.run("HA: the other group lives on", a.report, world.routes[0], use(1))
