//! docs/PROTOCOL.md says what the code does: names, refusals and the vector are compared.

use super::super::answers::EnforceMode;
use super::super::call_home::CallHomeMessage;
use super::super::error_codes::{Fault, Mark, StatusCode};
use super::super::fields::FieldError;
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
fn the_example_of_call_home_carries_the_vector() {
    let created = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
    let message = block("request").to_owned();
    let message = CallHomeMessage::request("M1:SIM000001:695B7E90".to_owned(), created, message);
    assert_eq!(block("xml"), message.to_xml().trim_end());
    assert_eq!(CallHomeMessage::parse(block("xml").as_bytes()), Ok(message));
}

/// A row of the table of refusals.
struct Row {
    status: &'static str,
    code: &'static str,
    field: &'static str,
    text: &'static str,
    mark: &'static str,
}

fn rows() -> Vec<Row> {
    let section = DOCUMENT.split("## 7. Refusals").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [status, code, field, text, mark] = cells[..] else { panic!("{line}") };
        Row { status: status.trim_matches('`'), code, field, text, mark }
    };
    lines.map(row).collect()
}

impl Row {
    fn tells(&self, fault: &Fault) -> bool {
        let refusal = fault.refusal();
        let path = refusal.field.contains(['.', '[']) && self.field == "path of the member";
        self.status == refusal.status.name()
            && self.code == refusal.code.map_or(String::new(), |code| code.to_string())
            && self.mark.starts_with(match refusal.mark {
                Mark::Proven => "proven",
                Mark::Documented => "documented",
                Mark::Ours => "ours",
            })
            && (path || self.field.split('`').any(|name| name == refusal.field))
            && self.says(&fault.to_string())
    }

    /// Whether a text has all that stands around the `…` of the cell, in its order.
    fn says(&self, text: &str) -> bool {
        if self.text.starts_with("what ") {
            return true;
        }
        let mut pieces = self.text.split('…');
        let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
            return false;
        };
        for piece in pieces {
            let Some((_, after)) = rest.split_once(piece) else { return false };
            rest = if piece.is_empty() { "" } else { after };
        }
        rest.is_empty()
    }
}

#[test]
fn the_table_of_refusals_is_that_of_the_code_in_both_directions() {
    let (rows, faults) = (rows(), faults());
    assert!(rows.len() > 20, "only {} rows were read", rows.len());
    for fault in &faults {
        let found = rows.iter().filter(|row| row.tells(fault)).count();
        assert_eq!(found, 1, "{:?}: {fault}", fault.refusal());
    }
    for row in &rows {
        assert!(faults.iter().any(|fault| row.tells(fault)), "nobody says {}", row.text);
    }
    let kinds: std::collections::BTreeSet<usize> = faults.iter().map(place).collect();
    assert_eq!(kinds, (0..KINDS).collect(), "a refusal has no sample here");
}

/// How many kinds of refusal there are.
const KINDS: usize = 31;

/// A number for each kind: a new one does not compile before it has one.
fn place(fault: &Fault) -> usize {
    match fault {
        Fault::TokenInvalid { .. } => 0,
        Fault::TokenExpired { .. } => 1,
        Fault::TokenRevoked { .. } => 2,
        Fault::TokenExhausted { .. } => 3,
        Fault::AlreadyRegistered { .. } => 4,
        Fault::IdentityInvalid { .. } => 5,
        Fault::IdentityExpired { .. } => 6,
        Fault::Reserved { .. } => 7,
        Fault::SignatureInvalid => 8,
        Fault::NonceMismatch => 9,
        Fault::InstanceMismatch { .. } => 10,
        Fault::TimestampReplayed => 11,
        Fault::NonceReplayed => 12,
        Fault::ClockSkew { .. } => 13,
        Fault::Unreadable { .. } => 14,
        Fault::Field(_) => 15,
        Fault::VersionTooHigh { .. } => 16,
        Fault::VersionTooLow { .. } => 17,
        Fault::UnknownRequestType { .. } => 18,
        Fault::CsrInvalid { .. } => 19,
        Fault::SoftwareTagInvalid { .. } => 20,
        Fault::SiteNotRegistered => 21,
        Fault::NotConsuming { .. } => 22,
        Fault::NotInCompliance { .. } => 23,
        Fault::AccountRefuses { .. } => 24,
        Fault::ServerTrouble { .. } => 25,
        Fault::ExportAllowed => 26,
        Fault::NotExportRestricted { .. } => 27,
        Fault::NoExportKey { .. } => 28,
        Fault::RestrictedNotAvailable { .. } => 29,
        Fault::ExportKeyHeld { .. } => 30,
    }
}

/// One of each kind, and of each field that a kind has.
fn faults() -> Vec<Fault> {
    let at = || "@".to_owned();
    let sudi = || Box::new(Sudi::hardware("@", "@"));
    let field = || "data[0].name".to_owned();
    let part = |part| Fault::Unreadable { part, problem: at() };
    vec![
        Fault::TokenInvalid { token: at() },
        Fault::TokenExpired { token: at() },
        Fault::TokenRevoked { token: at() },
        Fault::TokenExhausted { token: at(), max_uses: 5 },
        Fault::AlreadyRegistered { software_tag: at(), sudi: sudi() },
        Fault::IdentityInvalid { instance: at() },
        Fault::IdentityExpired { instance: uuid::Uuid::nil() },
        Fault::Reserved { sudi: sudi() },
        Fault::SignatureInvalid,
        Fault::NonceMismatch,
        Fault::InstanceMismatch { field: "sudi" },
        Fault::InstanceMismatch { field: "product_instance_identifier" },
        Fault::TimestampReplayed,
        Fault::NonceReplayed,
        Fault::ClockSkew { device: now(), server: now() },
        part("envelope"),
        part("message"),
        part("request"),
        part("request_data"),
        Fault::Field(FieldError { field: field(), problem: at() }),
        Fault::VersionTooHigh { version: at() },
        Fault::VersionTooLow { version: at() },
        Fault::UnknownRequestType { name: at() },
        Fault::CsrInvalid { problem: at() },
        Fault::SoftwareTagInvalid { tag: at() },
        Fault::SiteNotRegistered,
        Fault::NotConsuming { field: field(), tag: at() },
        Fault::NotInCompliance { licenses: at() },
        Fault::ExportAllowed,
        Fault::NotExportRestricted { license: at() },
        Fault::NoExportKey { license: at() },
        Fault::RestrictedNotAvailable { license: at() },
        Fault::ExportKeyHeld { licenses: at() },
        Fault::AccountRefuses { problem: at() },
        Fault::ServerTrouble { problem: "LS_LICENGINE_FAIL_TO_CONNECT" },
    ]
}
