"""Keys, signatures, certificate signing requests and chains: section 4 of docs/PROTOCOL.md."""

import base64
import binascii
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

ORGANISATION = "Syncom Lab"


class Untrusted(Exception):
    """A signature or a certificate that an agent must not accept."""


def new_key(kind):
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}[kind])


def keep(key):
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(*pem, serialization.NoEncryption()).decode()


def kept(text):
    return serialization.load_pem_private_key(text.encode(), password=None)


def sign(key, text):
    data = text.encode()
    if isinstance(key, rsa.RSAPrivateKey):
        value = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    else:
        value = key.sign(data, ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(value).decode()


def verify(public_key, value, text):
    """Raises unless `value` is the signature of exactly these bytes."""
    try:
        signature = base64.b64decode(value, validate=True)
        if isinstance(public_key, rsa.RSAPublicKey):
            if not 2048 <= public_key.key_size <= 8192:
                raise Untrusted(f"an RSA key of {public_key.key_size} bits")
            public_key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public_key.curve, ec.SECP256R1):
            public_key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))
        else:
            raise Untrusted(f"a key on {public_key.curve.name}")
    except (InvalidSignature, binascii.Error, AttributeError) as error:
        raise Untrusted(f"the signature is not valid ({error!r})") from error


def spki(public_key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key.public_bytes(serialization.Encoding.DER, form)


def signing_request(key):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ignored")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def forged_request(key):
    """A request whose signature is that of no key, in the right form."""
    return tampered(signing_request(key))


def tampered(value):
    """The same base64 with another last byte: still well-formed."""
    data = bytearray(base64.b64decode(value))
    data[-1] ^= 1
    return base64.b64encode(bytes(data)).decode()


def certificate(text):
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise Untrusted(f"not a certificate in base64 DER: {error}") from error


def text_of(one):
    return base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode()


def roots(path):
    with open(path, "rb") as file:
        return x509.load_pem_x509_certificates(file.read())


def stranger():
    """A root of somebody else with the same names."""
    key, day = new_key("p256"), datetime(2026, 1, 1, tzinfo=timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION)])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=9))
    return made.sign(key, hashes.SHA256())


def instant(milliseconds):
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return epoch + timedelta(milliseconds=milliseconds)


def check_chain(chain, trusted, milliseconds):
    """Raises unless leaf, sub-CA and root hold together, today, and the root is a trusted one."""
    if len(chain) != 3:
        raise Untrusted(f"a chain of {len(chain)} certificates")
    if chain[2] not in trusted:
        raise Untrusted("the root is not one that was given")
    now = instant(milliseconds)
    for one, issuer in zip(chain, [*chain[1:], chain[2]]):
        check_issued(one, issuer)
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            raise Untrusted(f"{one.subject.rfc4514_string()} is not valid at {now}")
        names = [name.value for name in one.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        if names != [ORGANISATION]:
            raise Untrusted(f"the organisation is {names}")
    for depth, (one, ca) in enumerate(zip(chain, [False, True, True])):
        check_constraints(one, ca, depth - 1)


def check_issued(one, issuer):
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise Untrusted(f"{one.subject.rfc4514_string()} is not issued by the next") from error


def check_constraints(one, ca, below):
    """Basic constraints and key usage; `below` counts the CAs between this one and the leaf."""
    try:
        found = one.extensions.get_extension_for_class(x509.BasicConstraints)
        is_ca, longest, critical = found.value.ca, found.value.path_length, found.critical
    except x509.ExtensionNotFound:
        is_ca, longest, critical = False, None, True
    if is_ca != ca or (ca and not critical) or (longest is not None and longest < below):
        raise Untrusted(f"{one.subject.rfc4514_string()}: basic constraints ca={is_ca}, {longest}")
    try:
        usage = one.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.key_cert_sign if ca else usage.digital_signature):
        raise Untrusted(f"{one.subject.rfc4514_string()}: key usage")


def milliseconds(moment):
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (moment - epoch) // timedelta(milliseconds=1)


def subject_of(one):
    """The three names of an identity certificate, by their short form."""
    short = {NameOID.COMMON_NAME: "CN", NameOID.SERIAL_NUMBER: "SERIALNUMBER",
             NameOID.ORGANIZATION_NAME: "O"}
    return [(short.get(name.oid, name.oid.dotted_string), name.value) for name in one.subject]
