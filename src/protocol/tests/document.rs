//! docs/PROTOCOL.md says what the code does: names, refusals and the vector are compared.

use super::super::answers::EnforceMode;
use super::super::error_codes::{Fault, StatusCode};
use super::round_trips::answers;
use super::*;
use crate::crypto::sign::PublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const DOCUMENT: &str = include_str!("../../../docs/PROTOCOL.md");

fn block(kind: &str) -> &'static str {
    let start = DOCUMENT.split(&format!("```{kind}\n")).nth(1).unwrap();
    start.split("\n```").next().unwrap()
}

#[test]
fn the_vector_is_a_message_signed_with_the_named_key() {
    let key = PublicKey::from_spki_der(&STANDARD.decode(block("spki")).unwrap()).unwrap();
    let signed = SignedRequest::parse(block("request").as_bytes()).unwrap();
    assert_eq!(key.verify(signed.text.as_bytes(), &signed.signature.0), Ok(()));
    assert_eq!(signed.request.to_text(), signed.text);
}

#[test]
fn every_member_that_is_written_is_described() {
    let mut names = Vec::new();
    for (request, body) in answers() {
        collect(&Parts::of(&request).header, &mut names);
        collect(&Parts::of(&request).data, &mut names);
        collect(&serde_json::to_value(body).unwrap(), &mut names);
    }
    collect(&serde_json::to_value(ConnectInfo::server()).unwrap(), &mut names);
    assert!(names.len() > 60, "{names:?}");
    for name in names {
        let spellings =
            [format!("`{name}`"), format!("`{name},"), format!(" {name},"), format!(" {name}}}")];
        assert!(spellings.iter().any(|text| DOCUMENT.contains(text)), "{name} is not described");
    }
}

fn collect(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                names.push(name.clone());
                collect(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}

#[test]
fn every_name_on_the_wire_is_described() {
    let types = RequestType::ALL.map(RequestType::name);
    let statuses = StatusCode::ALL.map(StatusCode::name);
    let modes = EnforceMode::ALL.map(EnforceMode::name);
    for name in types.into_iter().chain(statuses).chain(modes) {
        assert!(DOCUMENT.contains(&format!("`{name}`")), "{name} is not described");
    }
}

#[test]
fn every_refusal_stands_in_the_table() {
    for fault in faults() {
        let refusal = fault.refusal();
        let code = refusal.code.map_or(" ".to_owned(), |code| format!(" {code} "));
        let line = format!("| `{}` |{code}| ", refusal.status.name());
        let text = fault.to_string().replace('@', "…");
        let found = DOCUMENT.lines().any(|row| row.starts_with(&line) && row.contains(&text));
        assert!(found, "{line} … {text}");
    }
}

fn faults() -> Vec<Fault> {
    let at = || "@".to_owned();
    let sudi = || Box::new(Sudi { suvi: None, ..Sudi::hardware("@", "@") });
    vec![
        Fault::TokenInvalid { token: at() },
        Fault::TokenExpired { token: at() },
        Fault::TokenRevoked { token: at() },
        Fault::AlreadyRegistered { software_tag: at(), sudi: sudi() },
        Fault::IdentityInvalid { instance: at() },
        Fault::SignatureInvalid,
        Fault::NonceMismatch,
        Fault::TimestampReplayed,
        Fault::NonceReplayed,
        Fault::Unreadable { part: "message", problem: at() },
        Fault::VersionTooHigh { version: at() },
        Fault::VersionTooLow { version: at() },
        Fault::UnknownRequestType { name: at() },
        Fault::CsrInvalid { problem: at() },
        Fault::SoftwareTagInvalid { tag: at() },
        Fault::ServerTrouble { problem: "LS_LICENGINE_FAIL_TO_CONNECT" },
    ]
}
