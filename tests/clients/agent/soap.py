"""The envelope of Smart Call Home: section 1.2 of docs/PROTOCOL.md."""

import re
import time
import xml.etree.ElementTree as ElementTree

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SESSION = "http://www.cisco.com/2004/01/aml-session"
BLOCK = "http://www.cisco.com/2004/01/aml-block"
SERVICE = "http://tools.cisco.com/neddce/services/DDCEService"
APPLIANCE = "http://www.cisco.com/appliance/uri"
ATTACHMENT = "smart_licensing_data"

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="{soap}">
<s:Header>
<t:Session xmlns:t="{session}" s:mustUnderstand="true" s:role="{soap}/role/next">
<t:To>{to}</t:To><t:Path><t:Via>{sender}</t:Via></t:Path><t:From>{sender}</t:From>
<t:MessageId>{id}</t:MessageId>
</t:Session>
</s:Header>
<s:Body>
<b:Block xmlns:b="{block}">
<b:Header>
<b:Type>urn:syncom:smart_licensing</b:Type><b:CreationDate>{created}</b:CreationDate>
<b:Builder><b:Name>Agent</b:Name><b:Version>1.0</b:Version></b:Builder>
<b:BlockGroup><b:GroupId>{id}</b:GroupId><b:Number>0</b:Number><b:IsLast>true</b:IsLast>
<b:IsPrimary>true</b:IsPrimary><b:WaitForPrimary>false</b:WaitForPrimary></b:BlockGroup>
<b:Severity>1</b:Severity>
</b:Header>
<b:Content/>
<b:Attachments>
<b:Attachment type="inline"><b:Name>{name}</b:Name><b:Data encoding="plain">{data}</b:Data></b:Attachment>
</b:Attachments>
</b:Block>
</s:Body>
</s:Envelope>
"""


class Unreadable(Exception):
    """An envelope that breaks a rule."""


def escape(text):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def write(document, message_id, milliseconds):
    moment = time.strftime("%Y-%m-%d %H:%M:%S GMT+00:00", time.gmtime(milliseconds // 1000))
    return ENVELOPE.format(
        soap=SOAP, session=SESSION, block=BLOCK, to=SERVICE, sender=APPLIANCE, id=message_id,
        created=moment, name=ATTACHMENT, data=escape(document),
    )


class Strict(ElementTree.TreeBuilder):
    """Without a DOCTYPE there are no entities to expand."""

    def doctype(self, name, public, system):
        raise Unreadable("a DOCTYPE is not allowed")


def one(parent, namespace, name):
    found = parent.findall(f"{{{namespace}}}{name}")
    if len(found) != 1:
        raise Unreadable(f"{len(found)} elements {name}")
    return found[0]


def text(parent, name):
    value = (one(parent, SESSION, name).text or "").strip()
    if not 1 <= len(value) <= 255:
        raise Unreadable(f"{name} has {len(value)} characters")
    return value


def read(document):
    """The names of the session, and the attachment."""
    if re.search(rb"<!DOCTYPE", document):
        raise Unreadable("a DOCTYPE is not allowed")
    try:
        root = ElementTree.fromstring(document, ElementTree.XMLParser(target=Strict()))
    except ElementTree.ParseError as error:
        raise Unreadable(str(error)) from error
    if root.tag != f"{{{SOAP}}}Envelope":
        raise Unreadable(f"the root is {root.tag}")
    session = one(one(root, SOAP, "Header"), SESSION, "Session")
    names = {name: text(session, name) for name in ("To", "From", "MessageId")}
    via = one(one(session, SESSION, "Path"), SESSION, "Via").text
    block = one(one(root, SOAP, "Body"), BLOCK, "Block")
    return {**names, "Via": via}, attachment(one(block, BLOCK, "Attachments"))


def attachment(parent):
    ours = []
    for candidate in parent.findall(f"{{{BLOCK}}}Attachment"):
        if (one(candidate, BLOCK, "Name").text or "").strip() == ATTACHMENT:
            ours.append(candidate)
    if len(ours) != 1 or ours[0].get("type", "inline") != "inline":
        raise Unreadable(f"{len(ours)} inline attachments {ATTACHMENT}")
    data = one(ours[0], BLOCK, "Data")
    if len(data) or data.get("encoding", "plain") != "plain":
        raise Unreadable("the attachment is not plain text")
    return data.text or ""
