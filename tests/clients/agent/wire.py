"""Four routes to the server: two transports, each in the clear and over TLS (section 1)."""

import http.client
import itertools
import ssl
from urllib.parse import urlsplit

import soap

SMART_TRANSPORT = "/licservice/license"
CALL_HOME = "/its/service/oddce/services/DDCEService"
GATEWAY = "/Transportgateway/services/DeviceRequestHandler"
LONGEST = 3_145_728


class Reply:
    """What came back by HTTP, before anything in it is believed."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.session = None

    def document(self, call_home):
        """The outer JSON, out of its envelope."""
        if not call_home:
            return self.body.decode("utf-8")
        self.session, text = soap.read(self.body)
        return text


class Route:
    """One way to reach one server."""

    numbers = itertools.count(1)

    def __init__(self, name, url, path, context=None):
        self.name = name
        self.call_home = path in (CALL_HOME, GATEWAY)
        self.path = path
        self.parts = urlsplit(url)
        self.context = context

    def send(self, body, kind=None, method="POST"):
        host, port = self.parts.hostname, self.parts.port
        if self.parts.scheme == "https":
            line = http.client.HTTPSConnection(host, port, timeout=60, context=self.context)
        else:
            line = http.client.HTTPConnection(host, port, timeout=60)
        kind = kind or ("text/xml" if self.call_home else "application/json")
        try:
            line.request(method, self.path, body=body, headers={"Content-Type": kind})
            answer = line.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, headers, answer.read())
        finally:
            line.close()

    def beside(self, path):
        """The same server at another path."""
        return Route(path, self.parts.geturl(), path, self.context)

    def wrap(self, document, milliseconds):
        """The bytes to post for a message."""
        if not self.call_home:
            return document.encode()
        message_id = f"M1:AGENT:{next(self.numbers):08X}"
        return soap.write(document, message_id, milliseconds).encode()


def routes(url, tls_url, ca):
    context = ssl.create_default_context(cafile=ca)
    return [
        Route("Smart Transport", url, SMART_TRANSPORT),
        Route("Call Home", url, CALL_HOME),
        Route("Smart Transport, TLS", tls_url, SMART_TRANSPORT, context),
        Route("Call Home, TLS", tls_url, GATEWAY, context),
    ]
