"""The life of an agent: everything in it has to work (sections 3 to 6)."""

import json
import re

import keys
import soap
from distrust import distrust
from product import DAY, PLUS, UNKNOWN, Product, near, use, wanted


def lives(world, report):
    vector(world, report)
    for number, route in enumerate(world.routes):
        kind = ("p256", "rsa")[number % 2]
        name = f"{route.name}, {kind}"
        report.run(f"{name}: a whole life", whole_life, world, report, route, kind, name)
    report.run("a product changes the transport between messages", changing, world, report)
    report.run("an HA group", group, world, report)
    report.run("trust on first use", first_use, world, report)
    report.run("liberties of the writer", liberties, world, report)
    report.run("answers that are not accepted", distrust, world, report)
    report.run("other methods", methods, world, report)


def vector(world, report):
    """Section 4.2 and the sample of 1.2, read from the page itself."""
    if not world.document:
        return
    with open(world.document, encoding="utf-8") as file:
        page = file.read()
    block = {name: re.search(rf"```{name}\n(.*?)\n```", page, re.DOTALL)[1]
             for name in ("spki", "request", "xml")}
    public = keys.serialization.load_der_public_key(keys.base64.b64decode(block["spki"]))
    outer = json.loads(block["request"])
    report.run("the vector's signature", keys.verify, public, outer["signature"]["value"],
               outer["request"])
    session, document = soap.read(block["xml"].encode())
    report.equal("the attachment of the sample is the vector", document, block["request"])
    report.equal("To of the sample", session["To"], soap.SERVICE)


def whole_life(world, report, route, kind, name):
    product = Product(world, kind)
    answer = product.register(route, world.tokens["valid"])
    data = answer.data
    report.equal(f"{name}: virtual account", data["virtual_account"], world.accounts["valid"])
    report.equal(f"{name}: export control", data["export_control_allowed"], True)
    report.check(f"{name}: registered now",
                 near(data["registration_date"], answer.header["timestamp"]), data)
    if route.call_home:
        report.equal(f"{name}: the session", [answer.session[key] for key in ("To", "From", "Via")],
                     [soap.APPLIANCE, soap.SERVICE, soap.SERVICE])
    use_and_release(report, product, route, name)
    renew(report, product, route, name)
    keep_vouchers(report, product, route, name)
    before = product.instance
    again = product.register(route, world.tokens["other"], kind, force=True)
    report.check(f"{name}: force makes a new instance", product.instance != before, before)
    report.equal(f"{name}: force leads where the token says", again.data["virtual_account"],
                 world.accounts["other"])
    report.equal(f"{name}: export control of the other token",
                 again.data["export_control_allowed"], False)
    over_use(report, product, route, name)
    answer = product.ask(route, "DEREGISTRATION")
    report.check(f"{name}: deregistered", answer.data["product_instance_identifier"] == product.instance)


def entitlement(answer, tag=PLUS):
    return next(one for one in answer.data["entitlements"] if one["tag"] == tag)


def authorized(report, answer, what, status, mode, count, renew, name):
    now = answer.header["timestamp"]
    one = entitlement(answer)
    report.equal(f"{name}: {what}: status", answer.data["status"], status)
    told = (one["enforce_mode"], one["count"], one["version"], one["display_name"],
            one["export_restricted"], one["subscription_id"], one["term_end"])
    report.equal(f"{name}: {what}: entitlement", told,
                 (mode, count, "1.0", "UCM Enhanced Plus", False, None, None))
    told = (answer.data["renew_at"] - now, answer.data["expires_at"] - now)
    report.check(f"{name}: {what}: dates", near(told[0], renew) and near(told[1], 90 * DAY), told)


def use_and_release(report, product, route, name):
    answer = product.report(route, use(4))
    authorized(report, answer, "in use", "AUTHORIZED", "in-compliance", 4, 30 * DAY, name)
    answer = product.report(route, use(4), use(1, UNKNOWN, None))
    one = entitlement(answer, UNKNOWN)
    report.equal(f"{name}: an unknown tag", (one["enforce_mode"], one["display_name"], one["version"]),
                 ("invalid-tag", None, None))
    answer = product.report(route)
    report.equal(f"{name}: nothing in use", (answer.data["status"], answer.data["entitlements"]),
                 ("NO_LICENSES_IN_USE", []))


def over_use(report, product, route, name):
    answer = product.report(route, use(1_000_000))
    authorized(report, answer, "over-use", "OUT_OF_COMPLIANCE", "out-of-compliance", 1_000_000,
               DAY // 2, name)
    answer = product.report(route, use(0))
    report.equal(f"{name}: released", (answer.data["status"], entitlement(answer)["count"]),
                 ("NO_LICENSES_IN_USE", 0))


def renew(report, product, route, name):
    before = product.certificate.serial_number
    product.renew(route)
    report.check(f"{name}: renewed for the same key", product.certificate.serial_number != before)
    for kind in ("rsa", "p256"):
        product.renew(route, keys.new_key(kind))
    answer = product.report(route, use(4))
    report.equal(f"{name}: in use under the new key", answer.data["status"], "AUTHORIZED")


def keep_vouchers(report, product, route, name):
    asked = [wanted(1), wanted(2, action="DEREGISTER", key_id="7", value="")]
    for live in (True, False):
        answer = product.ask(route, "THIRD_PARTY_KEY", live=live, data=asked)
        report.equal(f"{name}: vouchers, live {live}", len(answer.data["data"]), 2)
        for one, answered in zip(asked, answer.data["data"]):
            told = product.voucher(one, answered, 4)
            issued = near(told["issued_at"], answer.header["timestamp"])
            report.check(f"{name}: voucher {one['id']}", told["live"] == live and issued, told)
    answer = product.ask(route, "THIRD_PARTY_KEY", live=True, data=asked, compliance_required=True)
    report.equal(f"{name}: vouchers while in compliance", len(answer.data["data"]), 2)


def changing(world, report):
    product = Product(world)
    product.register(world.routes[0], world.tokens["valid"])
    for route in world.routes:
        product.report(route, use(1))
    product.ask(world.routes[1], "DEREGISTRATION")


def unit(product_or_sudi, role):
    return {"role": role, "sudi": getattr(product_or_sudi, "sudi", product_or_sudi)}


def group(world, report):
    route, token = world.routes[0], world.tokens["valid"]
    first, second, third = (Product(world) for _ in range(3))
    members = [unit(first, "Active"), unit(second, "Standby"), unit(third, "Member")]
    first.register(route, token, ha_members=members)
    answer = first.report(route, use(2))
    report.equal("HA: the group reports as one", entitlement(answer)["count"], 2)
    second.register(route, token, ha_members=[unit(second, "Active"), unit(first, "Standby")], force=True)
    report.check("HA: the switch-over is a new instance", second.instance != first.instance)
    answer = second.report(route, use(2))
    report.equal("HA: the new active unit reports", answer.data["status"], "AUTHORIZED")
    third.register(route, token)
    report.check("HA: a unit that is no longer listed is free", third.instance)
    for product in (second, third):
        product.ask(route, "DEREGISTRATION")


def first_use(world, report):
    product = Product(world, roots=[])
    product.register(world.routes[0], world.tokens["valid"])
    report.check("trust on first use: the root is that of ca.pem", product.trusted[0] in world.roots)
    product.ask(world.routes[0], "DEREGISTRATION")


def liberties(world, report):
    """What the page says is accepted."""
    product, route = Product(world), world.routes[0]
    product.register(route, world.tokens["valid"])
    draft = product.authorization(use(1))
    draft.edit(lambda outer: outer["signature"].update(type="SHA256"))
    draft.edit(lambda outer: outer.update(more=1))
    draft.header["more"], draft.data["more"] = {}, []
    draft.header["connect_info"] = {"prod": False, "capabilities": "DLC,OK_TRY_AGAIN"}
    product.own(product.fulfil(route, draft))
    for version in ("1.1", "1.2"):
        draft = product.authorization(use(1))
        draft.header["version"] = version
        answer = product.own(product.fulfil(route, draft))
        report.equal(f"the answer carries version {version}", answer.header["version"], version)
        report.equal("the server understands", answer.header["connect_info"]["version"], "1.3")
    draft = product.authorization(use(1))
    draft.header["connect_info"], draft.header["locale"] = None, "de_DE"
    answer = product.own(product.fulfil(route, draft))
    report.equal("the answer carries the locale", answer.header["locale"], "de_DE")
    more_liberties(report, product, route)
    envelopes(world, report, product)
    product.ask(route, "DEREGISTRATION")


def more_liberties(report, product, route):
    """Absent is null, the last of two counts, and a unit speaks for itself."""
    draft = product.authorization(use(1))
    for name in ("locale", "timestamp", "agent_actions", "connect_info"):
        del draft.header[name]
    draft.edit(lambda outer: outer.pop("credential") and None)
    del draft.data["entitlements"][0]["version"]
    draft.data_text = draft.dumped_data().replace('"count":1', '"count":1,"count":2')
    answer = product.own(product.fulfil(route, draft))
    report.equal("the last of two members counts", entitlement(answer)["count"], 2)
    draft = product.authorization(use(1))
    for part in (draft.header, draft.data):
        part["sudi"]["udi_serial_number"] = "A-UNIT"
    report.run("another sudi, in both places", product.fulfil, route, draft)
    deep = "[" * 126 + "]" * 126
    draft = product.authorization(use(1))
    draft.data_text = draft.dumped_data()[:-1] + f',"deep":{deep}}}'
    report.run("127 levels deep", product.fulfil, route, draft)


def envelopes(world, report, product):
    """Other ways to write the same envelope."""
    ways = {
        "CDATA": lambda xml: re.sub(r'(<b:Data encoding="plain">)(.*?)(</b:Data>)', cdata, xml),
        "a byte order mark": lambda xml: "\ufeff" + xml,
        "no declaration": lambda xml: xml.split("\n", 1)[1],
        "blanks around To": lambda xml: xml.replace("<t:To>", "<t:To> \n"),
        "no type, no encoding": lambda xml: xml.replace(' type="inline"', "").replace(' encoding="plain"', ""),
        "another attachment": lambda xml: xml.replace(
            "<b:Attachments>", "<b:Attachments><b:Attachment><b:Name>x</b:Name></b:Attachment>"),
        "foreign elements": lambda xml: xml.replace("<b:Content/>", '<z:Z xmlns:z="urn:z"/><b:Odd/>'),
    }
    for name, change in ways.items():
        route = Changed(world.routes[1], change)
        report.run(f"envelope with {name}", product.report, route, use(1))


def cdata(found):
    plain = found[2].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return f"{found[1]}<![CDATA[{plain}]]>{found[3]}"


class Changed:
    """A route whose envelopes are written in another way."""

    def __init__(self, route, change):
        self.route, self.change, self.call_home = route, change, True

    def wrap(self, document, milliseconds):
        return self.change(self.route.wrap(document, milliseconds).decode()).encode()

    def send(self, body, kind=None):
        return self.route.send(body, kind)


def methods(world, report):
    """405 with `Allow`, for both transports."""
    for route in world.routes:
        for method in ("GET", "PUT"):
            reply = route.send(None, method=method)
            report.equal(f"{route.name}: {method}", (reply.status, reply.headers.get("allow")), (405, "POST"))
    other = world.routes[0].beside("/SmartTransport")
    report.equal("a path of another site", other.send(b"{}").status, 404)
