//! What real clients really send: bodies that are `null`, numbers as text,
//! parameters in the address (rest-api 0.4, 0.6, 0.10).
//!
//! Whatever cannot be meant is refused by naming the field and the rule.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde_json::{Map, Value};
use std::fmt;

/// The largest body that is read, in bytes (ours).
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// How much of a larger body is taken off the line before the refusal, so that
/// the client can read the answer on a connection that stays usable (ours).
pub const DRAIN_LIMIT: usize = 32 * 1024 * 1024;
/// The largest whole number that a JSON float holds exactly: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// How much of a wrong value is shown, in characters.
const SHOWN: usize = 60;

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// 400, or 413 for a body that is too large.
    pub status: StatusCode,
    /// The field, the problem and the rule.
    pub text: String,
    /// Whether the rest of the body is still on the line.
    pub unread: bool,
}

impl Bad {
    /// A field breaks a rule.
    pub fn field(field: &str, problem: impl fmt::Display) -> Self {
        let text = format!("{field}: {problem}");
        Self { status: StatusCode::BAD_REQUEST, text, unread: false }
    }

    fn too_large(unread: bool) -> Self {
        let text = format!("body: larger than the limit of {BODY_LIMIT} bytes");
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, text, unread }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads a whole body. Of one that is too large, the rest is read and dropped
/// up to [`DRAIN_LIMIT`].
pub async fn read(payload: &mut Payload) -> Result<Bytes, Bad> {
    let mut whole = BytesMut::new();
    let mut seen = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        seen += chunk.len();
        if seen > DRAIN_LIMIT {
            return Err(Bad::too_large(true));
        }
        if seen <= BODY_LIMIT {
            whole.extend_from_slice(&chunk);
        }
    }
    if seen > BODY_LIMIT { Err(Bad::too_large(false)) } else { Ok(whole.freeze()) }
}

fn unreadable(error: &PayloadError) -> Bad {
    Bad { unread: true, ..Bad::field("body", format!("it cannot be read: {error}")) }
}

/// The parameters of a request by name, with the loose types of real clients.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Map<String, Value>,
    /// Where they stand, such as `licenses[0].`; for error texts.
    place: String,
}

impl Fields {
    /// From a JSON body; absent, empty and `null` are no parameters (proven; rest-api 0.6).
    pub fn from_json(body: &[u8]) -> Result<Self, Bad> {
        let Ok(text) = std::str::from_utf8(body) else {
            return Err(Bad::field("body", "it is not UTF-8 text"));
        };
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(values)) => Ok(Self { values, place: String::new() }),
            Ok(Value::Null) => Ok(Self::default()),
            Ok(other) => Err(Bad::field("body", format!("{} is not a JSON object", shown(&other)))),
            Err(error) => Err(Bad::field("body", format!("it is not JSON: {error}"))),
        }
    }

    /// Adds the parameters of a query or a form. A name given twice must have
    /// one value; with `over` these values win, else those already here do.
    pub fn add_pairs(&mut self, pairs: &str, over: bool) -> Result<(), Bad> {
        if pairs.is_empty() {
            return Ok(());
        }
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(pairs)
            .map_err(|error| Bad::field("query", format!("it cannot be read: {error}")))?;
        let mut own = Map::new();
        for (name, value) in pairs {
            let value = Value::String(value);
            if own.get(&name).is_some_and(|known| *known != value) {
                return Err(Bad::field(&name, "it is given twice, with two values"));
            }
            own.insert(name, value);
        }
        for (name, value) in own {
            if over || self.get(&name).is_none() {
                self.values.insert(name, value);
            }
        }
        Ok(())
    }

    /// The value of a name; `null` counts as absent.
    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// Whether a name has a value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn bad(&self, name: &str, problem: impl fmt::Display) -> Bad {
        Bad::field(&format!("{}{name}", self.place), problem)
    }

    fn wrong(&self, name: &str, value: &Value, rule: &str) -> Bad {
        self.bad(name, format!("{} is not {rule}", shown(value)))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Bad> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => self.printable(name, text).map(Some),
            Some(other) => Err(self.wrong(name, other, "text")),
        }
    }

    /// A text that must be there.
    pub fn needed(&self, name: &str) -> Result<&str, Bad> {
        match self.text(name)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.bad(name, "it is missing")),
        }
    }

    /// PostgreSQL cannot keep U+0000, so nobody may send it.
    fn printable<'a>(&self, name: &str, text: &'a str) -> Result<&'a str, Bad> {
        if text.contains('\0') {
            return Err(self.bad(name, "the character U+0000 is not allowed"));
        }
        Ok(text)
    }

    /// A list of texts; absent is empty.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Bad> {
        let rule = "a list of texts";
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(all)) => all
                .iter()
                .map(|value| match value {
                    Value::String(text) => self.printable(name, text).map(str::to_owned),
                    other => Err(self.wrong(name, other, rule)),
                })
                .collect(),
            Some(other) => Err(self.wrong(name, other, rule)),
        }
    }

    /// A list of 1 to `most` texts.
    pub fn needed_texts(&self, name: &str, most: usize) -> Result<Vec<String>, Bad> {
        let texts = self.texts(name)?;
        self.count(name, texts.len(), most)?;
        Ok(texts)
    }

    fn count(&self, name: &str, count: usize, most: usize) -> Result<(), Bad> {
        if (1..=most).contains(&count) {
            return Ok(());
        }
        Err(self.bad(name, format!("{count} entries; 1 to {most} in one call is the rule")))
    }

    /// A whole number: `30`, `"30"` or `30.0` (proven; rest-api 0.10).
    pub fn whole(&self, name: &str) -> Result<Option<i64>, Bad> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => {
                number.as_i64().or_else(|| number.as_f64().and_then(from_float))
            }
            Value::String(text) => from_text(text),
            _ => None,
        };
        let rule = "a whole number such as 30, \"30\" or 30.0";
        number.map(Some).ok_or_else(|| self.wrong(name, value, rule))
    }

    /// A whole number from zero that must be there.
    pub fn amount(&self, name: &str) -> Result<i64, Bad> {
        let number = self.whole(name)?.ok_or_else(|| self.bad(name, "it is missing"))?;
        if number < 0 {
            return Err(self.bad(name, format!("{number} is below zero")));
        }
        Ok(number)
    }

    /// A yes or no, as a JSON boolean or as text (proven; rest-api V1).
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Bad> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if ["true", "yes"].contains(&text.as_str()) => Ok(Some(true)),
            Some(Value::String(text)) if ["false", "no"].contains(&text.as_str()) => {
                Ok(Some(false))
            }
            Some(other) => Err(self.wrong(name, other, "true or false")),
        }
    }

    /// A word of a list, in any case.
    pub fn word<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        rule: &str,
    ) -> Result<Option<T>, Bad> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let wrong = || self.bad(name, format!("{} is not {rule}", cut(text)));
        parse(text.trim()).map(Some).ok_or_else(wrong)
    }

    /// A word of a list that must be there.
    pub fn needed_word<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        rule: &str,
    ) -> Result<T, Bad> {
        self.word(name, parse, rule)?.ok_or_else(|| self.bad(name, "it is missing"))
    }

    /// An object inside; absent is empty.
    pub fn object(&self, name: &str) -> Result<Self, Bad> {
        let place = format!("{}{name}.", self.place);
        match self.get(name) {
            None => Ok(Self { values: Map::new(), place }),
            Some(Value::Object(values)) => Ok(Self { values: values.clone(), place }),
            Some(other) => Err(self.wrong(name, other, "an object")),
        }
    }

    /// A list of 1 to `most` objects.
    pub fn objects(&self, name: &str, most: usize) -> Result<Vec<Self>, Bad> {
        let rule = "a list of objects";
        let all = match self.get(name) {
            None => return Err(self.bad(name, "it is missing")),
            Some(Value::Array(all)) => all,
            Some(other) => return Err(self.wrong(name, other, rule)),
        };
        self.count(name, all.len(), most)?;
        let entry = |(index, value): (usize, &Value)| match value {
            Value::Object(values) => {
                let place = format!("{}{name}[{index}].", self.place);
                Ok(Self { values: values.clone(), place })
            }
            other => Err(self.wrong(name, other, rule)),
        };
        all.iter().enumerate().map(entry).collect()
    }

    /// The value as it came, to be echoed.
    pub fn echo(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or(Value::Null)
    }
}

fn from_float(number: f64) -> Option<i64> {
    if number.fract() != 0.0 || number.abs() > EXACT {
        return None;
    }
    format!("{number:.0}").parse().ok()
}

fn from_text(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => digits,
        _ => text,
    };
    digits.parse().ok()
}

fn shown(value: &Value) -> String {
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests;
