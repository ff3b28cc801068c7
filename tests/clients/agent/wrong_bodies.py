"""Faults of the other bodies: reports of use, vouchers, renewals."""

import keys
from product import PLUS, UNKNOWN, Product, use, wanted
from refusals import NOT_CONSUMING, REQUIRED, SPREAD, Refusal, drop, malformed, put, written
from wrong_registrations import GARBAGE, P384, REFUSED

WHOLE = "must be a whole number, "


def reported(field, text, *entitlements):
    return put("data", entitlements=list(entitlements)), malformed(f"entitlements{field}", text)


REPORTS = [
    ("no entitlements", drop("data", "entitlements"), malformed("entitlements", REQUIRED)),
    ("a tag twice", *reported("[1].tag", "must not be listed twice", use(1), use(2))),
    ("a negative count", *reported("[0].count", "must not be negative, is -1", use(-1))),
    ("too high a count", *reported(
        "[0].count", "must be at most 1000000000, is 1000000001", use(1_000_000_001))),
    ("a count that is a text", *reported("[0].count", f"{WHOLE}is a text", use("4"))),
    ("a count of 4.0", written('"count":1', '"count":4.0'),
     malformed("entitlements[0].count", WHOLE + SPREAD)),
    ("a count of 4.5", *reported("[0].count", WHOLE + SPREAD, use(4.5))),
    ("a count that is true", *reported("[0].count", f"{WHOLE}is true or false", use(True))),
    ("no count", *reported("[0].count", REQUIRED, {"tag": PLUS, "version": "1.0"})),
    ("no tag", *reported("[0].tag", REQUIRED, {"version": "1.0", "count": 1})),
    ("an empty tag", *reported("[0].tag", "must not be empty", use(1, ""))),
    ("a tag of 513 characters", *reported("[0].tag", "must have at most 512 characters", use(1, "x" * 513))),
    ("a tag with a line feed", *reported("[0].tag", "must not contain control characters", use(1, "a\nb"))),
    ("a version that is a number", *reported("[0].version", "must be a text, is a number",
                                             use(1, version=1))),
    ("an entitlement that is a text", *reported("[0]", "must be an object, is a text", "x")),
    ("entitlements in an object", put("data", entitlements={}),
     malformed("entitlements", "must be a list, is an object")),
    ("1001 entitlements", *reported("", "must have at most 1000 elements",
                                    *(use(1, f"tag-{n}") for n in range(1001)))),
]


def asked(field, text, *data, code=36):
    return put("data", data=list(data)), Refusal(code, f"data{field}", text)


def lacking(name):
    voucher = wanted()
    del voucher[name]
    return (f"a voucher without {name}", *asked(f"[0].{name}", REQUIRED, voucher))


VOUCHERS = [
    ("a tag that is not in use", *asked("[1].name", NOT_CONSUMING.format(UNKNOWN), wanted(1),
                                        wanted(2, name=UNKNOWN), code=None)),
    ("no live", drop("data", "live"), malformed("live", REQUIRED)),
    ("live 1", put("data", live=1), malformed("live", "must be true or false, is a number")),
    ("compliance_required is a text", put("data", compliance_required="x"),
     malformed("compliance_required", "must be true or false, is a text")),
    ("no vouchers", *asked("", "must have at least one element")),
    ("101 vouchers", *asked("", "must have at most 100 elements", *map(wanted, range(101)))),
    ("an id twice", *asked("[1].id", "must not be listed twice", wanted(1), wanted(1))),
    ("an empty id", *asked("[0].id", "must not be empty", wanted(id=""))),
    ("an id of 256 characters", *asked("[0].id", "must have at most 255 characters", wanted(id="x" * 256))),
    ("a name of 513 characters", *asked("[0].name", "must have at most 512 characters",
                                        wanted(name="x" * 513))),
    ("a value of 1001 characters", *asked("[0].value", "must have at most 1000 characters",
                                          wanted(value="x" * 1001))),
    ("a value with a tabulator", *asked("[0].value", "must not contain control characters",
                                        wanted(value="a\tb"))),
    ("a value that is a number", *asked("[0].value", "must be a text, is a number", wanted(value=5))),
    ("another routing", *asked("[0].routing", "must be NUANCE, is OTHER", wanted(routing="OTHER"))),
    ("another action", *asked("[0].action", "must be REGISTER or DEREGISTER, is DROP",
                              wanted(action="DROP"))),
    *map(lacking, ("id", "name", "value", "routing", "action")),
]

RENEWALS = [
    ("no csr", drop("data", "csr"), malformed("csr", REQUIRED)),
    ("a csr of garbage", put("data", csr=GARBAGE), Refusal(44, "csr", REFUSED)),
    ("a csr with a wrong signature", put("data", csr=keys.forged_request(keys.new_key("rsa"))),
     Refusal(44, "csr", REFUSED)),
    ("a csr for P-384", put("data", csr=P384), Refusal(44, "csr", REFUSED)),
]


def bodies(world, report, refusals):
    product = Product(world)
    product.register(world.routes[0], world.tokens["valid"])
    for name, fault, refusal in REPORTS:
        refusals.wrong(f"use: {name}", product, product.authorization(use(1)), fault, refusal)
    for name, fault, refusal in VOUCHERS:
        valid = product.draft("THIRD_PARTY_KEY", live=True, data=[wanted()])
        refusals.wrong(f"vouchers: {name}", product, valid, fault, refusal)
    for name, fault, refusal in RENEWALS:
        key = keys.new_key("p256")
        valid = product.draft("ID_CERT_RENEW", csr=keys.signing_request(key))
        refusals.wrong(f"renewal: {name}", product, valid, fault, refusal)
        # The valid one was accepted: its certificate counts from now on.
        report.run("the renewed certificate is kept", renewed, product, key)
    report.run("in use under it", product.report, world.routes[0], use(1))
    non_compliant(world, refusals)


def renewed(product, key):
    product.take(product.accepted, key)


def non_compliant(world, refusals):
    """`compliance_required` looks at this instant; the pool is not the one of the other checks."""
    product = Product(world)
    product.register(world.routes[0], world.tokens["other"])
    product.report(world.routes[0], use(1_000_000))
    data = [wanted(1)]
    valid = product.draft("THIRD_PARTY_KEY", live=True, data=data)
    refusals.wrong("vouchers while out of compliance", product, valid,
                   put("data", compliance_required=True),
                   Refusal(None, "compliance_required",
                           "The product instance is out of compliance: UCM Enhanced Plus."))
    product.report(world.routes[0])
    refusals.expect("vouchers after the release", product,
                    product.draft("THIRD_PARTY_KEY", live=True, data=data),
                    Refusal(None, "data[0].name", NOT_CONSUMING.format(PLUS)))
    product.report(world.routes[0], use(1, UNKNOWN))
    refusals.expect("vouchers for a tag that nobody knows", product,
                    product.draft("THIRD_PARTY_KEY", live=True, data=[wanted(name=UNKNOWN)]),
                    Refusal(None, "data[0].name", NOT_CONSUMING.format(UNKNOWN)))
