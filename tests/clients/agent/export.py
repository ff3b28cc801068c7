"""Keys for licenses under export control (section 5.4)."""

from product import PLUS, UNKNOWN, Product, use
from refusals import REQUIRED, Refusal, drop, malformed, put

HSEC = "regid.2019-03.com.cisco.DNA_HSEC,1.0_509c41ab-05a8-431f-95fe-ec28086e8844"
NAME = "Router US Export Lic. for DNA"
ALLOWED = Refusal(148, "license",
                  "Export-controlled functionality is allowed for the product: it needs no key.")
NONE_FREE = Refusal(147, "license", f"No license of {NAME} is free: the request is kept, ask again.",
                    retry=3600)
HELD = Refusal(None, "export_key",
               f"The product holds an export authorization key for {NAME}: return it first.")

BODIES = [
    ("no action", drop("data", "action"), malformed("action", REQUIRED)),
    ("another action", put("data", action="KEEP"),
     malformed("action", "must be REQUEST, RETURN or CANCEL, is KEEP")),
    ("no license", drop("data", "license"), malformed("license", REQUIRED)),
    ("an empty license", put("data", license=""), malformed("license", "must not be empty")),
    ("a license of 513 characters", put("data", license="x" * 513),
     malformed("license", "must have at most 512 characters")),
]


def normal(tag):
    return Refusal(149, "license", f"The license '{tag}' is not export-restricted.")


def no_key(tag):
    return Refusal(150, "license", f"The product has no export authorization key for '{tag}', "
                                   "and waits for none.")


def key(product, action, tag=HSEC):
    return product.draft("EXPORT_KEY", action=action, license=tag)


def keys_of_products(world, report, refusals):
    """The virtual account of the token `other` has one license; its products have no flag."""
    route = world.routes[0]
    allowed = Product(world)
    allowed.register(route, world.tokens["valid"])
    refusals.expect("a key for a product that needs none", allowed, key(allowed, "REQUEST"), ALLOWED)
    first, second = Product(world), Product(world)
    for product in (first, second):
        product.register(route, world.tokens["other"])
    for tag in (PLUS, UNKNOWN):
        refusals.expect("a key for another license", first, key(first, "REQUEST", tag), normal(tag))
        refusals.expect("a key that nobody has", first, key(first, "RETURN", tag), no_key(tag))
    refusals.expect("nothing to cancel", first, key(first, "CANCEL"), no_key(HSEC))
    told = first.report(route, use(1, HSEC)).data["entitlements"][0]
    report.equal("in use without a key", (told["enforce_mode"], told["export_restricted"]),
                 ("not-authorized", True))
    for name, fault, refusal in BODIES:
        refusals.wrong(f"a key: {name}", first, key(first, "REQUEST"), fault, refusal)
    given = [first.own(first.fulfil(one, key(first, "REQUEST"))).data for one in world.routes]
    report.check("the same key each time", all(data["granted_at"] == given[0]["granted_at"]
                                               for data in given), given)
    report.equal("its license", (given[0]["license"], given[0]["display_name"]), (HSEC, NAME))
    told = first.report(route, use(1, HSEC)).data["entitlements"][0]
    report.equal("in use with a key", told["enforce_mode"], "in-compliance")
    first.report(route)
    # Kept although it is refused, so each time it is another message.
    for one in world.routes:
        refusals.expect("the last license is taken", second, key(second, "REQUEST"), NONE_FREE, [one])
    refusals.expect("leaving with a key", first, first.draft("DEREGISTRATION"), HELD)
    returned = first.own(first.fulfil(route, key(first, "RETURN"))).data
    report.equal("returned", returned["granted_at"], None)
    first.ask(route, "DEREGISTRATION")
    late = second.own(second.fulfil(route, key(second, "REQUEST"))).data
    report.check("free again", late["granted_at"] is not None, late)
    late = second.own(second.fulfil(route, key(second, "CANCEL"))).data
    report.check("too late to cancel", late["granted_at"] is not None, late)
    second.own(second.fulfil(route, key(second, "RETURN")))
    for product in (second, allowed):
        product.ask(route, "DEREGISTRATION")
