//! The XML of an envelope, read strictly into a small tree.
//!
//! No DOCTYPE, no entities but the five of XML itself, bounds on depth, elements and attributes.
//! Namespaces are told by their URI. What belongs to no namespace of ours is checked for its form
//! and passed over.

use super::BadEnvelope;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use quick_xml::{XmlVersion, escape};

/// How deep elements may stand in one another.
const DEPTH: usize = 32;
/// The most elements.
const ELEMENTS: usize = 1_000;
/// The most attributes of one element, and the most namespaces in force.
const ATTRIBUTES: usize = 32;

/// A namespace of the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// SOAP 1.2.
    Soap,
    /// Who talks to whom.
    Session,
    /// What is carried.
    Block,
}

impl Space {
    pub(super) const ALL: [Self; 3] = [Self::Soap, Self::Session, Self::Block];

    // CSR 1000V configuration guide, sample of an alert in XML: all three DOCUMENTED.
    pub(super) fn uri(self) -> &'static str {
        match self {
            Self::Soap => "http://www.w3.org/2003/05/soap-envelope",
            Self::Session => "http://www.cisco.com/2004/01/aml-session",
            Self::Block => "http://www.cisco.com/2004/01/aml-block",
        }
    }

    fn of(resolved: &ResolveResult<'_>) -> Option<Self> {
        let ResolveResult::Bound(namespace) = resolved else { return None };
        Self::ALL.into_iter().find(|space| space.uri() == namespace.as_ref())
    }
}

/// An element of one of our namespaces.
#[derive(Debug)]
pub(super) struct Element {
    space: Space,
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Self>,
    /// All text directly inside, with references resolved.
    pub(super) text: String,
    /// Whether any element, of whatever namespace, stands inside.
    pub(super) nested: bool,
    /// Where its tag begins.
    pub(super) at: usize,
}

impl Element {
    pub(super) fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// The children of that name.
    pub(super) fn all(&self, space: Space, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.is(space, name))
    }

    /// The value of an attribute without a prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A document and the tree that was read from it.
pub(super) struct Document<'a> {
    text: &'a str,
    pub(super) root: Element,
}

impl<'a> Document<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, BadEnvelope> {
        let text = std::str::from_utf8(bytes).map_err(|bad| {
            let (valid, _) = bytes.split_at(bad.valid_up_to());
            BadEnvelope::at(&String::from_utf8_lossy(valid), bad.valid_up_to(), "it is not UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some((at, _)) = text.char_indices().find(|(_, c)| !is_allowed(*c)) {
            return Err(BadEnvelope::at(text, at, "a character that XML does not allow"));
        }
        let root = Tree::default().grow(text)?;
        Ok(Self { text, root })
    }

    /// A complaint about an element.
    pub(super) fn complain(&self, about: &Element, problem: impl Into<String>) -> BadEnvelope {
        BadEnvelope::at(self.text, about.at, problem)
    }
}

/// Whether XML 1.0 knows the character.
pub(super) fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => c >= ' ',
    }
}

/// A tree that grows.
#[derive(Default)]
struct Tree {
    /// The open elements of our namespaces.
    open: Vec<Element>,
    /// How many elements are open inside the innermost of them that are not ours.
    foreign: usize,
    count: usize,
    root: Option<Element>,
}

type Grown<T = ()> = Result<T, String>;

impl Tree {
    fn grow(mut self, text: &str) -> Result<Element, BadEnvelope> {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        reader.resolver_mut().set_max_namespace_bindings(ATTRIBUTES);
        loop {
            let at = position(reader.buffer_position());
            let (space, event) = match reader.read_resolved_event() {
                Ok((resolved, event)) => (Space::of(&resolved), event),
                Err(error) => {
                    let at = position(reader.error_position());
                    return Err(BadEnvelope::at(text, at, error.to_string()));
                }
            };
            if matches!(event, Event::Eof) {
                let ended = self.root.filter(|_| self.open.is_empty());
                return ended.ok_or_else(|| BadEnvelope::at(text, at, "it ends too early"));
            }
            self.take(space, event, at).map_err(|problem| BadEnvelope::at(text, at, problem))?;
        }
    }

    fn take(&mut self, space: Option<Space>, event: Event<'_>, at: usize) -> Grown {
        match event {
            Event::Start(tag) => self.enter(space, &tag, at),
            Event::End(_) => {
                self.leave();
                Ok(())
            }
            Event::Text(text) => self.add(&text.xml10_content()),
            Event::CData(text) if self.open.is_empty() => {
                Err(format!("text outside of the envelope: {}", text.len()))
            }
            Event::CData(text) => self.add(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add(resolve(&reference)?.encode_utf8(&mut [0; 4])),
            Event::Decl(declaration) if at == 0 => check_declaration(&declaration),
            Event::Decl(_) => Err("an XML declaration that is not at the beginning".to_owned()),
            Event::DocType(_) => Err("a DOCTYPE is not allowed".to_owned()),
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn enter(&mut self, space: Option<Space>, tag: &BytesStart<'_>, at: usize) -> Grown {
        if self.root.is_some() {
            return Err("a second element beside the envelope".to_owned());
        }
        self.count += 1;
        if self.count > ELEMENTS {
            return Err(format!("more than {ELEMENTS} elements"));
        }
        if self.open.len() + self.foreign >= DEPTH {
            return Err(format!("elements stand more than {DEPTH} deep"));
        }
        let attributes = attributes(tag)?;
        if let Some(outer) = self.open.last_mut() {
            outer.nested = true;
        }
        match space {
            Some(space) if self.foreign == 0 => self.open.push(Element {
                space,
                name: tag.local_name().into_inner().to_owned(),
                attributes,
                children: Vec::new(),
                text: String::new(),
                nested: false,
                at,
            }),
            None if self.open.is_empty() => {
                return Err("the outermost element must be Envelope of SOAP 1.2".to_owned());
            }
            Some(_) | None => self.foreign += 1,
        }
        Ok(())
    }

    fn leave(&mut self) {
        if self.foreign > 0 {
            self.foreign -= 1;
            return;
        }
        let Some(closed) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(outer) => outer.children.push(closed),
            None => self.root = Some(closed),
        }
    }

    fn add(&mut self, text: &str) -> Grown {
        match self.open.last_mut() {
            Some(inner) if self.foreign == 0 => inner.text.push_str(text),
            Some(_) => {}
            None if text.chars().all(|c| c.is_ascii_whitespace()) => {}
            None => return Err("text outside of the envelope".to_owned()),
        }
        Ok(())
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

/// Attributes without a prefix; all are checked.
fn attributes(tag: &BytesStart<'_>) -> Grown<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (index, attribute) in tag.attributes().enumerate() {
        if index >= ATTRIBUTES {
            return Err(format!("an element has more than {ATTRIBUTES} attributes"));
        }
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| error.to_string())?;
        if value.chars().any(|c| !is_allowed(c)) {
            return Err("a character that XML does not allow".to_owned());
        }
        if attribute.key.prefix().is_none() {
            found.push((attribute.key.into_inner().to_owned(), value.into_owned()));
        }
    }
    Ok(found)
}

/// The character that a reference stands for.
fn resolve(reference: &BytesRef<'_>) -> Grown<char> {
    let named = || {
        let text = escape::resolve_xml_entity(reference)?;
        text.chars().next()
    };
    let found = match reference.resolve_char_ref() {
        Ok(found) => found.or_else(named),
        Err(error) => return Err(error.to_string()),
    };
    let found = found.ok_or_else(|| format!("the entity '{}' is not known", short(reference)))?;
    if is_allowed(found) {
        return Ok(found);
    }
    Err("a character that XML does not allow".to_owned())
}

fn check_declaration(declaration: &BytesDecl<'_>) -> Grown {
    let version = declaration.version().map_err(|error| error.to_string())?;
    if version != "1.0" {
        return Err("the XML version must be 1.0".to_owned());
    }
    match declaration.encoding().transpose().map_err(|error| error.to_string())? {
        Some(encoding)
            if !["utf-8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str()) =>
        {
            Err("the encoding must be UTF-8".to_owned())
        }
        Some(_) | None => Ok(()),
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
