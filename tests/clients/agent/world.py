"""What the script was started with: the server, its CA, the tokens and the time."""

import time

import keys
import wire
from message import Answer, new_draft


class World:
    def __init__(self, options, tokens):
        self.routes = wire.routes(options.url, options.tls_url, options.ca)
        self.roots = keys.roots(options.ca)
        self.document = options.document
        self.tokens = tokens["tokens"]
        self.accounts = tokens["accounts"]
        self.satellite = options.satellite_url
        self.stands = options.now is not None
        self.start = time.monotonic()
        self.begin = options.now if self.stands else self.told_time()

    def now(self):
        """Milliseconds since 1970, in the server's world."""
        passed = 0 if self.stands else int((time.monotonic() - self.start) * 1000)
        return self.begin + passed

    def told_time(self):
        """The server's time out of its signed refusal of a message that is far too old."""
        key, route = keys.new_key("p256"), self.routes[0]
        sudi = {"udi_pid": "PY", "udi_serial_number": "CLOCK"}
        body = {"idtoken": "none", "csr": keys.signing_request(key), "product_name": "clock",
                "software_tag_identifier": "regid.2026-11.example.agent.CLOCK,1.0_"
                                           "5f0b8a52-35c8-4c3e-8a57-0f6a3b6f0c13"}
        draft = new_draft("REGISTRATION", sudi, 0, key, body)
        reply = route.send(route.wrap(draft.document(), 0))
        answer = Answer(reply.document(False))
        chain = answer.chain()
        keys.check_chain(chain, self.roots, answer.header["timestamp"])
        keys.verify(chain[0].public_key(), answer.signature["value"], answer.text)
        assert "timestamp" in answer.message, answer.message_text
        return answer.header["timestamp"]
