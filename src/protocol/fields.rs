//! Reading JSON objects strictly: every complaint names the field, the problem and the rule.
//!
//! Unknown members are passed over, because agents of other versions send more than we know.

use crate::domain::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use uuid::Uuid;

/// The largest count of one entitlement tag that is accepted.
pub const MAX_COUNT: u64 = 1_000_000_000;

/// The longest text accepted where a field has no limit of its own, in characters.
const MAX_TEXT: usize = 1_000;

/// The largest certificate or signing request accepted, in bytes.
const MAX_DER: usize = 16 * 1024;

/// What is wrong with which member of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct FieldError {
    /// Path of the member, such as `entitlements[2].count`.
    pub field: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// The result of reading one member.
pub type Read<T> = Result<T, FieldError>;

/// A JSON object and where it stands in the message.
pub struct Object<'a> {
    path: String,
    members: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// The outermost object; `name` is what complaints call it as a whole.
    pub fn root(value: &'a Value, name: &str) -> Read<Self> {
        match value {
            Value::Object(members) => Ok(Self { path: String::new(), members }),
            other => Err(complaint(name.to_owned(), "an object", other)),
        }
    }

    /// A complaint about the member `name`.
    pub fn complain(&self, name: &str, problem: impl Into<String>) -> FieldError {
        FieldError { field: self.path_of(name), problem: problem.into() }
    }

    /// A required text.
    pub fn text(&self, name: &str) -> Read<String> {
        self.optional_text(name)?.ok_or_else(|| self.missing(name))
    }

    /// A text that may be absent or null.
    pub fn optional_text(&self, name: &str) -> Read<Option<String>> {
        self.optional_text_of(name, MAX_TEXT)
    }

    /// A required text with its own limit of characters.
    pub fn text_of(&self, name: &str, limit: usize) -> Read<String> {
        let text = self.optional_text_of(name, limit)?.ok_or_else(|| self.missing(name))?;
        if text.is_empty() {
            return Err(self.complain(name, "must not be empty"));
        }
        Ok(text)
    }

    fn optional_text_of(&self, name: &str, limit: usize) -> Read<Option<String>> {
        let Some(text) = self.optional_str(name)? else { return Ok(None) };
        if text.chars().count() > limit {
            return Err(self.complain(name, format!("must have at most {limit} characters")));
        }
        if text.chars().any(char::is_control) {
            return Err(self.complain(name, "must not contain control characters"));
        }
        Ok(Some(text.to_owned()))
    }

    /// A required text of any length, as it stands: the carrier of a nested document.
    pub fn document(&self, name: &str) -> Read<&'a str> {
        self.optional_str(name)?.ok_or_else(|| self.missing(name))
    }

    /// A text of any length that may be absent or null.
    pub fn optional_str(&self, name: &str) -> Read<Option<&'a str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(complaint(self.path_of(name), "a text", other)),
        }
    }

    /// A required whole number.
    pub fn integer(&self, name: &str) -> Read<i64> {
        self.optional_integer(name)?.ok_or_else(|| self.missing(name))
    }

    /// A whole number that may be absent or null.
    pub fn optional_integer(&self, name: &str) -> Read<Option<i64>> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(complaint(self.path_of(name), "a whole number", value)),
            },
        }
    }

    /// A required count of licenses: a whole number from 0 to [`MAX_COUNT`].
    pub fn count(&self, name: &str) -> Read<u64> {
        let value = self.get(name).ok_or_else(|| self.missing(name))?;
        match (value, value.as_u64()) {
            (_, Some(count)) if count <= MAX_COUNT => Ok(count),
            (Value::Number(number), None) if number.as_i64().is_some() => {
                Err(self.complain(name, format!("must not be negative, is {number}")))
            }
            (Value::Number(number), _) if number.is_u64() || number.as_f64() > Some(1e9) => {
                Err(self.complain(name, format!("must be at most {MAX_COUNT}, is {number}")))
            }
            _ => Err(complaint(self.path_of(name), "a whole number", value)),
        }
    }

    /// A required truth value.
    pub fn boolean(&self, name: &str) -> Read<bool> {
        match self.get(name) {
            None => Err(self.missing(name)),
            Some(Value::Bool(value)) => Ok(*value),
            Some(other) => Err(complaint(self.path_of(name), "true or false", other)),
        }
    }

    /// A truth value that counts as false when absent or null.
    pub fn flag(&self, name: &str) -> Read<bool> {
        self.get(name).map_or(Ok(false), |_| self.boolean(name))
    }

    /// A required instant in milliseconds since 1970.
    pub fn millis(&self, name: &str) -> Read<Timestamp> {
        self.optional_millis(name)?.ok_or_else(|| self.missing(name))
    }

    /// An instant in milliseconds since 1970 that may be absent or null.
    pub fn optional_millis(&self, name: &str) -> Read<Option<Timestamp>> {
        let Some(number) = self.optional_integer(name)? else { return Ok(None) };
        // The year 9999 is the last that certificates and ISO 8601 texts can name.
        match Timestamp::from_millis(number).filter(|_| (0..253_402_300_800_000).contains(&number))
        {
            Some(instant) => Ok(Some(instant)),
            None => Err(self.complain(name, "must be milliseconds since 1970, before year 10000")),
        }
    }

    /// A UUID that may be absent or null.
    pub fn optional_uuid(&self, name: &str) -> Read<Option<Uuid>> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        match Uuid::try_parse(&text) {
            Ok(uuid) if text.len() == 36 => Ok(Some(uuid)),
            _ => Err(self.complain(name, "must be a UUID of the form 8-4-4-4-12")),
        }
    }

    /// A serial number as decimal text that may be absent or null.
    pub fn optional_serial(&self, name: &str) -> Read<Option<u64>> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        match text.parse() {
            Ok(serial) if is_decimal(&text) => Ok(Some(serial)),
            _ => Err(self.complain(name, "must be a decimal number as text")),
        }
    }

    /// A required nonce: decimal digits as text.
    pub fn nonce(&self, name: &str) -> Read<String> {
        let text = self.text_of(name, 40)?;
        if is_decimal(&text) {
            return Ok(text);
        }
        Err(self.complain(name, "must be decimal digits as text"))
    }

    /// Required bytes in base64.
    pub fn der(&self, name: &str) -> Read<Der> {
        let text = self.document(name)?;
        self.decode(name, text)
    }

    /// A list of byte strings in base64; empty when absent or null.
    pub fn ders(&self, name: &str) -> Read<Vec<Der>> {
        self.list(name)?
            .iter()
            .enumerate()
            .map(|(index, value)| match value {
                Value::String(text) => self.decode(&format!("{name}[{index}]"), text),
                other => Err(complaint(self.path_of(&format!("{name}[{index}]")), "a text", other)),
            })
            .collect()
    }

    fn decode(&self, name: &str, text: &str) -> Read<Der> {
        match STANDARD.decode(text) {
            Ok(bytes) if (1..=MAX_DER).contains(&bytes.len()) => Ok(Der(bytes)),
            Ok(_) => Err(self.complain(name, format!("must have 1 to {MAX_DER} bytes"))),
            Err(_) => Err(self.complain(name, "must be base64")),
        }
    }

    /// A required nested object.
    pub fn object(&self, name: &str) -> Read<Object<'a>> {
        self.optional_object(name)?.ok_or_else(|| self.missing(name))
    }

    /// A nested object that may be absent or null.
    pub fn optional_object(&self, name: &str) -> Read<Option<Object<'a>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Object { path: self.path_of(name), members })),
            Some(other) => Err(complaint(self.path_of(name), "an object", other)),
        }
    }

    /// A list of objects, at most `limit` of them; empty when absent or null.
    pub fn objects(&self, name: &str, limit: usize) -> Read<Vec<Object<'a>>> {
        let values = self.list(name)?;
        if values.len() > limit {
            return Err(self.complain(name, format!("must have at most {limit} elements")));
        }
        let each = values.iter().enumerate().map(|(index, value)| {
            let path = self.path_of(&format!("{name}[{index}]"));
            match value {
                Value::Object(members) => Ok(Object { path, members }),
                other => Err(complaint(path, "an object", other)),
            }
        });
        each.collect()
    }

    /// A list as it stands; empty when absent or null.
    pub fn list(&self, name: &str) -> Read<&'a [Value]> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(values)) => Ok(values),
            Some(other) => Err(complaint(self.path_of(name), "a list", other)),
        }
    }

    /// The complaint that `name` is required.
    pub fn missing(&self, name: &str) -> FieldError {
        self.complain(name, "is required")
    }

    /// The member as it stands; null counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn complaint(field: String, rule: &str, found: &Value) -> FieldError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction or exponent",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    FieldError { field, problem: format!("must be {rule}, is {found}") }
}

/// Bytes that travel as standard base64: certificates, signing requests, signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct Der(pub Vec<u8>);

impl fmt::Debug for Der {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Der({} bytes)", self.0.len())
    }
}

impl Serialize for Der {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

/// Writes an instant as milliseconds since 1970.
pub(super) fn write_millis<S: Serializer>(instant: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_i64(instant.millis())
}

/// Writes a serial number as decimal text.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the member")]
pub(super) fn write_serial<S: Serializer>(serial: &Option<u64>, s: S) -> Result<S::Ok, S::Error> {
    serial.map(|number| number.to_string()).serialize(s)
}
