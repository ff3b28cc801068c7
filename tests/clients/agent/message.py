"""A request, its faults, and an answer with all that an agent checks of it (sections 2 to 4)."""

import copy
import json
import random
import re

import keys

HOUR = 3_600_000
NAMES = ("suvi", "uuid", "host_identifier", "mac_address", "udi_pid", "udi_serial_number", "udi_vid")
NOBODY = dict.fromkeys(NAMES)
CAPABILITIES = ["OK_TRY_AGAIN", "DLC"]
HEADER = {
    "version", "locale", "sudi", "timestamp", "nonce", "request_type", "agent_actions",
    "connect_info", "product_instance_identifier", "id_cert_serial_number",
    "signing_cert_serial_number",
}


class Unacceptable(Exception):
    """An answer that an agent must not accept, with the vendor's number of the reason."""


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def new_nonce():
    return str(random.getrandbits(63))


class Draft:
    """A message before it is signed; a fault changes one thing of it."""

    def __init__(self, header, data, key):
        self.header = header
        self.nonce = header["nonce"]
        self.data = data
        self.key = key
        self.data_text = None
        self.request_text = None
        self.edits = []

    def clone(self):
        other = Draft(copy.deepcopy(self.header), copy.deepcopy(self.data), self.key)
        other.nonce = self.nonce
        return other

    def edit(self, change):
        """Lets a fault change the outermost document, after the signature."""
        self.edits.append(change)

    def dumped_data(self):
        return dump(self.data) if self.data_text is None else self.data_text

    def outer(self):
        data = self.dumped_data()
        request = {"header": self.header, "nonce": self.nonce, "request_data": data}
        text = dump(request) if self.request_text is None else self.request_text(request)
        signature = {"type": "SHA-256", "value": keys.sign(self.key, text)}
        return {"signature": signature, "credential": None, "request": text}

    def document(self):
        outer = self.outer()
        for change in self.edits:
            outer = change(outer) or outer
        return outer if isinstance(outer, str) else dump(outer)


def new_draft(kind, sudi, now, key, body, known=None, instance=None, serial=None):
    nonce = new_nonce()
    header = {
        "version": "1.3", "locale": "en_US.UTF-8", "sudi": copy.deepcopy(sudi), "timestamp": 0, "nonce": nonce,
        "request_type": kind, "agent_actions": None,
        "connect_info": {"name": "PYTHON_AGENT", "version": "1.3", "production": False,
                         "additional_info": "", "capabilities": CAPABILITIES},
        "product_instance_identifier": instance, "id_cert_serial_number": serial,
        "signing_cert_serial_number": known,
    }
    common = {"sudi": copy.deepcopy(sudi), "timestamp": now, "nonce": nonce,
              "product_instance_identifier": instance}
    return Draft(header, {**common, **body}, key)


class Answer:
    """The members of an answer; nothing of it is checked yet."""

    def __init__(self, document):
        outer = json.loads(document)
        self.signature = outer["signature"]
        self.text = outer["response"]
        response = json.loads(self.text)
        self.header = response["header"]
        self.nonce = response["nonce"]
        self.status = response["status_code"]
        self.code = response["error_code"]
        self.retry = response["retry_time_seconds"]
        self.message_text = response["status_message"]
        message = response["status_message"]
        self.message = None if message is None else json.loads(message)
        data = response["response_data"]
        self.data = None if data is None else json.loads(data)

    def refusal(self):
        return self.status, self.code, self.message

    def chain(self):
        texts = (self.data or {}).get("signing_certificates", [])
        return [keys.certificate(text) for text in texts]


def check(condition, code, text):
    if not condition:
        raise Unacceptable(f"{code}: {text}")


def check_signature(answer, signing, trusted):
    """Checks 1 and 2 of section 4; returns the chain that signs from now on."""
    chain = answer.chain() or signing
    check(chain, 45, "no signing certificate came, and none is known")
    keys.check_chain(chain, trusted or [chain[2]], answer.header["timestamp"])
    check(answer.signature["type"] == "SHA-256", 99, f"hash {answer.signature['type']}")
    serial = str(chain[0].serial_number)
    check(answer.signature["key"] == serial, 47, f"key {answer.signature['key']}, not {serial}")
    keys.verify(chain[0].public_key(), answer.signature["value"], answer.text)
    check(answer.header["signing_cert_serial_number"] == serial, 47, "serial number in the header")
    return chain


def check_echo(answer, nonce, kind, sudi):
    """Check 3 of section 4, and the members that the answer repeats."""
    inner = [answer.data["nonce"]] if answer.data else []
    places = [answer.header["nonce"], answer.nonce, *inner]
    check(set(places) == {nonce}, 30, f"nonces {places}, not {nonce}")
    check(answer.header["request_type"] == kind, 30, f"type {answer.header['request_type']}")
    check({**NOBODY, **answer.header["sudi"]} == {**NOBODY, **sudi}, 28, "the sudi")
    check(set(answer.header) == HEADER, 49, f"members of the header: {set(answer.header) ^ HEADER}")
    check(answer.header["connect_info"]["version"] == "1.3", 49, "the version of connect_info")
    production = answer.header["connect_info"]["production"]
    name = answer.header["connect_info"]["name"]
    check((name, production) == ("SYNCOM", False), 49, f"connect_info {name} {production}")


def check_time(answer, now):
    """Check 5 of section 4."""
    skew = answer.header["timestamp"] - now
    check(abs(skew) < HOUR, 42 if skew > 0 else 41, f"the server's time is {skew} ms away")


def pattern(template):
    """A text of section 7, in which `…` stands for a value."""
    return re.compile(".+?".join(re.escape(part) for part in template.split("…")), re.DOTALL)
