//! Bodies of calls: JSON that is read field by field, so that a refusal names the field.
// device-protocol.md 2.2 and 4.5, test of virl2-client (PROVEN): what is refused with 400.

use crate::device::profile::Transport;
use crate::device::state::Proxy;
use crate::facade::faults::Fault;
use crate::facade::{licenses, transport};
use serde_json::{Map, Value};
use url::Url;

/// The longest token (PROVEN: 257 characters are refused).
const TOKEN: usize = 256;
/// The longest reservation code (PROVEN: 8193 characters are refused).
const CODE: usize = 8192;
/// The longest certificate (PROVEN: 4097 characters are refused).
const CERTIFICATE: usize = 4096;

/// The whole body.
pub fn value(body: &[u8]) -> Result<Value, Fault> {
    serde_json::from_slice(body)
        .map_err(|error| Fault::invalid("body", format!("it must be JSON: {error}")))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Fault> {
    match value(body)? {
        Value::Object(members) => Ok(members),
        other => Err(wrong("body", &other, "an object")),
    }
}

/// A value of the wrong kind.
fn wrong(field: &str, value: &Value, rule: &str) -> Fault {
    let shown: String = value.to_string().chars().take(60).collect();
    Fault::invalid(field, format!("it must be {rule}, is {shown}"))
}

/// A text of 1 to `longest` characters, all printable.
fn text(field: &str, value: &Value, longest: usize) -> Result<String, Fault> {
    let rule = format!("a text of 1 to {longest} characters");
    let Value::String(text) = value else { return Err(wrong(field, value, &rule)) };
    let length = text.chars().count();
    if length == 0 || length > longest {
        return Err(Fault::invalid(field, format!("it must be {rule}, has {length}")));
    }
    let strange = |letter: char| letter.is_control() && !['\n', '\r', '\t'].contains(&letter);
    if text.contains(strange) {
        return Err(Fault::invalid(field, "it holds control characters: must be printable"));
    }
    Ok(text.clone())
}

/// User name and password.
pub fn credentials(body: &[u8]) -> Result<(String, String), Fault> {
    let members = object(body)?;
    let member = |name: &str| text(name, members.get(name).unwrap_or(&Value::Null), 1024);
    Ok((member("username")?, member("password")?))
}

/// Token, and whether to register over a registration.
pub fn registration(body: &[u8]) -> Result<(String, bool), Fault> {
    let members = object(body)?;
    let token = text("token", members.get("token").unwrap_or(&Value::Null), TOKEN)?;
    let reregister = match members.get("reregister") {
        None => false,
        Some(Value::Bool(reregister)) => *reregister,
        Some(other) => return Err(wrong("reregister", other, "true or false")),
    };
    Ok((token, reregister))
}

/// Server and proxy; `null` for the default server.
pub fn transport(
    body: &[u8],
    default: &str,
    present: Transport,
) -> Result<(Url, Transport, Option<Proxy>), Fault> {
    let members = object(body)?;
    let url = match members.get("ssms") {
        None | Some(Value::Null) => default.to_owned(),
        Some(other) => text("ssms", other, transport::LONGEST)?,
    };
    let (url, envelope) = transport::server_url("ssms", &url, present)?;
    let proxy = match members.get("proxy") {
        None | Some(Value::Null) => None,
        Some(Value::Object(proxy)) => self::proxy(proxy)?,
        Some(other) => return Err(wrong("proxy", other, "an object or null")),
    };
    Ok((url, envelope, proxy))
}

fn proxy(members: &Map<String, Value>) -> Result<Option<Proxy>, Fault> {
    let port = match members.get("port") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let port = value.as_u64().and_then(|port| u16::try_from(port).ok());
            let port = port.filter(|port| *port > 0);
            Some(port.ok_or_else(|| wrong("proxy.port", value, "a whole number from 1 to 65535"))?)
        }
    };
    match members.get("server") {
        None | Some(Value::Null) if port.is_some() => {
            Err(Fault::invalid("proxy.server", "it is missing: a port needs a server"))
        }
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let server = text("proxy.server", value, transport::LONGEST)?;
            transport::proxy("proxy.server", &server, port).map(Some)
        }
    }
}

/// Counts by tag: a list of `{id, count}`, or the older `{id: count}`; both are PROVEN.
pub fn counts(body: &[u8], known: &[String]) -> Result<Vec<(String, u64)>, Fault> {
    let mut counts: Vec<(String, u64)> = Vec::new();
    match value(body)? {
        Value::Object(members) => {
            for (id, count) in &members {
                counts.push((id.clone(), whole(count)?));
            }
        }
        Value::Array(items) => {
            for item in &items {
                let id = item.get("id").unwrap_or(&Value::Null);
                let id = text("id", id, 255)?;
                counts.push((id, whole(item.get("count").unwrap_or(&Value::Null))?));
            }
        }
        other => return Err(wrong("body", &other, "a list of features or an object")),
    }
    check_features(&counts, known)?;
    Ok(counts)
}

fn check_features(counts: &[(String, u64)], known: &[String]) -> Result<(), Fault> {
    if counts.is_empty() {
        return Err(Fault::invalid("body", "it is empty: at least one feature must be named"));
    }
    for (at, (id, _)) in counts.iter().enumerate() {
        if !known.contains(id) {
            return Err(Fault::invalid("id", format!("'{id}' is no feature of this product")));
        }
        if counts.iter().take(at).any(|(earlier, _)| earlier == id) {
            return Err(Fault::invalid("id", format!("'{id}' is named twice: must be once")));
        }
    }
    Ok(())
}

fn whole(count: &Value) -> Result<u64, Fault> {
    match count {
        Value::Number(number) => licenses::count("count", &number.to_string()),
        other => Err(wrong("count", other, "a whole number")),
    }
}

/// The name of a product license.
pub fn product_license(body: &[u8]) -> Result<String, Fault> {
    text("product_license", &value(body)?, 64)
}

/// A CA certificate.
pub fn certificate(body: &[u8]) -> Result<String, Fault> {
    text("certificate", &value(body)?, CERTIFICATE)
}

/// Whether reservation is to be on.
pub fn mode(body: &[u8]) -> Result<bool, Fault> {
    match value(body)? {
        Value::Bool(on) => Ok(on),
        other => Err(wrong("body", &other, "true or false")),
    }
}

/// A reservation authorization code.
pub fn code(body: &[u8]) -> Result<String, Fault> {
    text("body", &value(body)?, CODE)
}

#[cfg(test)]
mod tests;
