"""Instances whose certificates are over are gone: a second start, a year after the first."""

import json

import keys
from product import Product, use
from refusals import IDENTITY, Refusal


def keep(world, path):
    """Registers a product of each kind of key and writes what it has to remember."""
    remembered = []
    for kind in ("p256", "rsa"):
        product = Product(world, kind)
        product.register(world.routes[0], world.tokens["valid"])
        remembered.append({
            "key": keys.keep(product.key), "sudi": product.sudi, "instance": product.instance,
            "last": product.written, "certificate": keys.text_of(product.certificate),
            "signing": [keys.text_of(one) for one in product.signing],
        })
    with open(path, "w", encoding="utf-8") as file:
        json.dump(remembered, file)


def remember(world, kept):
    product = Product(world, sudi=kept["sudi"])
    product.key, product.instance = keys.kept(kept["key"]), kept["instance"]
    product.written = kept["last"]
    product.certificate = keys.certificate(kept["certificate"])
    product.signing = [keys.certificate(text) for text in kept["signing"]]
    return product


def expired(world, report, refusals, path):
    with open(path, encoding="utf-8") as file:
        remembered = [remember(world, kept) for kept in json.load(file)]
    for product in remembered:
        over = Refusal(None, "product_instance_identifier", IDENTITY.format(product.instance))
        csr = keys.signing_request(product.key)
        for draft in (product.authorization(use(1)), product.draft("ID_CERT_RENEW", csr=csr),
                      product.draft("DEREGISTRATION")):
            refusals.expect(f"an expired certificate: {draft.header['request_type']}", product, draft, over)
        report.run("registered anew with force", product.register, world.routes[0],
                   world.tokens["valid"], None)
