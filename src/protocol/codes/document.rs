//! The XML of an authorization code, read strictly: elements and text, nothing else.
// No DOCTYPE, no entities but the five of XML itself: a reader of this very format once fetched
// files for strangers (CVE-2026-20029).

use super::BadCode;
use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// How deep elements may stand in one another.
const DEPTH: usize = 8;
/// The most elements.
const ELEMENTS: usize = 4_000;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: String,
    /// The text directly inside, with references resolved and blanks around taken off.
    pub(super) text: String,
    /// The elements inside.
    pub(super) children: Vec<Self>,
    /// Where it stands, from its first to behind its last byte.
    pub(super) place: (usize, usize),
}

impl Element {
    /// The only child of that name.
    pub(super) fn one(&self, name: &str) -> Result<&Self, BadCode> {
        let mut all = self.children.iter().filter(|child| child.name == name);
        let found = all
            .next()
            .ok_or_else(|| BadCode::new(format!("<{name}> is missing in <{}>", self.name)))?;
        match all.next() {
            None => Ok(found),
            Some(_) => Err(BadCode::new(format!("<{name}> is there twice in <{}>", self.name))),
        }
    }

    /// The text of the only child of that name; none where the child is empty or missing.
    pub(super) fn some(&self, name: &str) -> Option<String> {
        let found = self.children.iter().find(|child| child.name == name)?;
        Some(found.text.clone()).filter(|text| !text.is_empty())
    }
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Element, BadCode> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Tree::default();
    loop {
        let from = position(reader.buffer_position());
        let event = reader.read_event();
        let event = event.map_err(|error| broken(position(reader.error_position()), error))?;
        let to = position(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return tree.root.filter(|_| tree.open.is_empty()).ok_or_else(|| {
                broken(to, "the document ends too early; perhaps a part is missing")
            });
        }
        tree.take(event, (from, to)).map_err(|problem| broken(from, problem))?;
    }
}

fn broken(at: usize, problem: impl std::fmt::Display) -> BadCode {
    BadCode::new(format!("it is no authorization code: byte {at}: {problem}"))
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    count: usize,
    root: Option<Element>,
}

impl Tree {
    fn take(&mut self, event: Event<'_>, place: (usize, usize)) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.enter(&tag, place.0),
            Event::End(_) => {
                self.leave(place.1);
                Ok(())
            }
            Event::Text(text) => self.add(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add(&resolve(&reference)?),
            Event::Decl(_) if place.0 == 0 => Ok(()),
            Event::Decl(_) => Err("an XML declaration that is not at the beginning".into()),
            Event::DocType(_) => Err("a DOCTYPE is not allowed".into()),
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => {
                Err("only elements and text are allowed".into())
            }
            Event::Empty(_) | Event::Eof => Ok(()),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), String> {
        if self.root.is_some() {
            return Err("a second document behind the first".into());
        }
        self.count += 1;
        if self.count > ELEMENTS || self.open.len() >= DEPTH {
            return Err(format!("at most {ELEMENTS} elements, at most {DEPTH} deep"));
        }
        if tag.attributes().next().is_some() {
            return Err("elements have no attributes".into());
        }
        let name = tag.name().into_inner().to_owned();
        self.open.push(Element { name, place: (at, at), ..Element::default() });
        Ok(())
    }

    fn leave(&mut self, at: usize) {
        let Some(mut closed) = self.open.pop() else { return };
        closed.place.1 = at;
        closed.text = closed.text.trim().into();
        match self.open.last_mut() {
            Some(outer) => outer.children.push(closed),
            None => self.root = Some(closed),
        }
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        if text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace()) {
            return Err("a character that XML does not allow".into());
        }
        match self.open.last_mut() {
            Some(inner) => inner.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("text outside of the document".into()),
        }
        Ok(())
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, String> {
    let found = reference.resolve_char_ref().map_err(|error| error.to_string())?;
    let named = || escape::resolve_xml_entity(reference).map(str::to_owned);
    found.map(String::from).or_else(named).ok_or_else(|| "an entity that is not known".into())
}
