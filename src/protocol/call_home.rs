//! Smart Call Home: the same signed JSON as the one attachment of an AML block in SOAP.
//!
//! The attachment is the message of Smart Transport, byte for byte. `docs/PROTOCOL.md` lists
//! every element with its mark.
// The outer shape is DOCUMENTED for alerts (CSR 1000V configuration guide, sample in XML); that
// licensing data travels as an inline attachment of that name is PROVEN by a log
// (device-protocol.md 1.2); all that is licensing's own beside the name is ours.

mod xml;

use super::message::LIMIT;
use crate::domain::time::Timestamp;
use xml::{Document, Element, Space};

/// The name of the attachment that carries the message (proven).
pub const ATTACHMENT: &str = "smart_licensing_data";

/// To whom an agent writes; not the URL that it posts to (proven).
pub const SESSION_TO: &str = "http://tools.cisco.com/neddce/services/DDCEService";

/// From whom it comes (documented).
pub const SESSION_FROM: &str = "http://www.cisco.com/appliance/uri";

/// What kind of block it is; that of the real agent is not public (ours).
const TYPE: &str = "urn:syncom:smart_licensing";

/// The longest text of the session header, and of a complaint, in characters (ours).
const LONGEST: usize = 255;

/// An envelope and what it carries, in both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallHomeMessage {
    /// To whom: [`SESSION_TO`] in requests.
    pub session_to: String,
    /// From whom: [`SESSION_FROM`] in requests.
    pub session_from: String,
    /// Of this envelope alone; an answer has another one.
    pub message_id: String,
    /// When the envelope was written; `None` where it says nothing that can be read. Nothing
    /// depends on it: the time that counts is inside the signature.
    pub created: Option<Timestamp>,
    /// The message of Smart Transport: one JSON document.
    pub attachment: String,
}

/// Why an envelope cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}, column {column}")]
pub struct BadEnvelope {
    /// What is wrong.
    pub problem: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl BadEnvelope {
    fn at(text: &str, offset: usize, problem: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        // The reader's own words may hold whole names out of the envelope.
        let problem = problem.into().chars().take(LONGEST).collect();
        Self { problem, line, column }
    }
}

impl CallHomeMessage {
    /// A request, as an agent writes it.
    pub fn request(message_id: String, created: Timestamp, attachment: String) -> Self {
        Self {
            session_to: SESSION_TO.to_owned(),
            session_from: SESSION_FROM.to_owned(),
            message_id,
            created: Some(created),
            attachment,
        }
    }

    /// The answer to `request`, or to something that could not be read: the same envelope, the
    /// other way round.
    pub fn answer(
        request: Option<&Self>,
        message_id: String,
        created: Timestamp,
        attachment: String,
    ) -> Self {
        let (to, from) = match request {
            Some(request) => (&*request.session_from, &*request.session_to),
            None => (SESSION_FROM, SESSION_TO),
        };
        Self {
            session_to: to.to_owned(),
            session_from: from.to_owned(),
            ..Self::request(message_id, created, attachment)
        }
    }

    /// Reads an envelope.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadEnvelope> {
        if bytes.len() > LIMIT {
            return Err(BadEnvelope::at("", 0, format!("it is longer than {LIMIT} bytes")));
        }
        let document = Document::read(bytes)?;
        let envelope = &document.root;
        if !envelope.is(Space::Soap, "Envelope") {
            let problem = "the outermost element must be Envelope of SOAP 1.2";
            return Err(document.complain(envelope, problem));
        }
        let header = document.one(envelope, Space::Soap, "Header")?;
        let session = document.one(header, Space::Session, "Session")?;
        let body = document.one(envelope, Space::Soap, "Body")?;
        let block = document.one(body, Space::Block, "Block")?;
        Ok(Self {
            session_to: document.word(session, "To")?,
            session_from: document.word(session, "From")?,
            message_id: document.word(session, "MessageId")?,
            created: created(block),
            attachment: document.attachment(block)?,
        })
    }

    /// Writes the envelope. The attachment's bytes are kept, save that the two characters that
    /// XML cannot carry (U+FFFE, U+FFFF) are written in JSON's own way.
    pub fn to_xml(&self) -> String {
        let (soap, block) = (Space::Soap.uri(), Space::Block.uri());
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <soap-env:Envelope xmlns:soap-env=\"{soap}\">\n\
             <soap-env:Header>\n{session}</soap-env:Header>\n\
             <soap-env:Body>\n\
             <aml-block:Block xmlns:aml-block=\"{block}\">\n\
             {header}\
             <aml-block:Content/>\n\
             <aml-block:Attachments>\n\
             <aml-block:Attachment type=\"inline\">\n\
             <aml-block:Name>{ATTACHMENT}</aml-block:Name>\n\
             <aml-block:Data encoding=\"plain\">{data}</aml-block:Data>\n\
             </aml-block:Attachment>\n\
             </aml-block:Attachments>\n\
             </aml-block:Block>\n\
             </soap-env:Body>\n\
             </soap-env:Envelope>\n",
            session = self.session(),
            header = self.block_header(),
            data = escaped(&self.attachment),
        )
    }

    fn session(&self) -> String {
        format!(
            "<aml-session:Session xmlns:aml-session=\"{session}\" \
             soap-env:mustUnderstand=\"true\" soap-env:role=\"{soap}/role/next\">\n\
             <aml-session:To>{to}</aml-session:To>\n\
             <aml-session:Path>\n\
             <aml-session:Via>{from}</aml-session:Via>\n\
             </aml-session:Path>\n\
             <aml-session:From>{from}</aml-session:From>\n\
             <aml-session:MessageId>{id}</aml-session:MessageId>\n\
             </aml-session:Session>\n",
            session = Space::Session.uri(),
            soap = Space::Soap.uri(),
            to = escaped(&self.session_to),
            from = escaped(&self.session_from),
            id = escaped(&self.message_id),
        )
    }

    fn block_header(&self) -> String {
        let date = self.created.map_or_else(String::new, |created| {
            let date = created.utc().format("%Y-%m-%d %H:%M:%S GMT+00:00");
            format!("<aml-block:CreationDate>{date}</aml-block:CreationDate>\n")
        });
        format!(
            "<aml-block:Header>\n\
             <aml-block:Type>{TYPE}</aml-block:Type>\n\
             {date}\
             <aml-block:Builder>\n\
             <aml-block:Name>Syncom</aml-block:Name>\n\
             <aml-block:Version>1.0</aml-block:Version>\n\
             </aml-block:Builder>\n\
             <aml-block:BlockGroup>\n\
             <aml-block:GroupId>{id}</aml-block:GroupId>\n\
             <aml-block:Number>0</aml-block:Number>\n\
             <aml-block:IsLast>true</aml-block:IsLast>\n\
             <aml-block:IsPrimary>true</aml-block:IsPrimary>\n\
             <aml-block:WaitForPrimary>false</aml-block:WaitForPrimary>\n\
             </aml-block:BlockGroup>\n\
             <aml-block:Severity>1</aml-block:Severity>\n\
             </aml-block:Header>\n",
            id = escaped(&self.message_id),
        )
    }
}

/// Text as it stands in an element. Readers of XML turn a bare carriage return into a line feed.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            '\u{fffe}' => escaped.push_str("\\ufffe"),
            '\u{ffff}' => escaped.push_str("\\uffff"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn created(block: &Element) -> Option<Timestamp> {
    let header = block.all(Space::Block, "Header").next()?;
    let text = header.all(Space::Block, "CreationDate").next()?.text.trim();
    let spelled = text.replacen(" GMT", "", 1).replacen(' ', "T", 1);
    Timestamp::parse(&spelled)
}

impl Document<'_> {
    /// The only child of that name.
    fn one<'e>(
        &self,
        inside: &'e Element,
        space: Space,
        name: &str,
    ) -> Result<&'e Element, BadEnvelope> {
        let mut found = inside.all(space, name);
        let first = found
            .next()
            .ok_or_else(|| self.complain(inside, format!("the element {name} is missing")))?;
        match found.next() {
            None => Ok(first),
            Some(second) => Err(self.complain(second, format!("a second element {name}"))),
        }
    }

    /// A short text of the session header.
    fn word(&self, session: &Element, name: &str) -> Result<String, BadEnvelope> {
        let element = self.one(session, Space::Session, name)?;
        let text = element.text.trim();
        if element.nested || text.is_empty() || text.chars().count() > LONGEST {
            let problem = format!("{name} must have 1 to {LONGEST} characters");
            return Err(self.complain(element, problem));
        }
        Ok(text.to_owned())
    }

    /// The text of the one attachment with licensing data; others are passed over.
    fn attachment(&self, block: &Element) -> Result<String, BadEnvelope> {
        let all = self.one(block, Space::Block, "Attachments")?;
        let named = |attachment: &&Element| {
            attachment.all(Space::Block, "Name").any(|name| name.text.trim() == ATTACHMENT)
        };
        let mut found = all.all(Space::Block, "Attachment").filter(named);
        let attachment = found.next().ok_or_else(|| {
            self.complain(all, format!("there is no Attachment with the Name {ATTACHMENT}"))
        })?;
        if let Some(second) = found.next() {
            return Err(self.complain(second, format!("a second Attachment {ATTACHMENT}")));
        }
        if attachment.attribute("type").is_some_and(|kind| kind != "inline") {
            return Err(self.complain(attachment, "the type of the Attachment must be inline"));
        }
        let data = self.one(attachment, Space::Block, "Data")?;
        if data.attribute("encoding").is_some_and(|encoding| encoding != "plain") {
            return Err(self.complain(data, "the encoding of Data must be plain"));
        }
        if data.nested {
            return Err(self.complain(data, "Data must hold text and no elements"));
        }
        Ok(data.text.clone())
    }
}
