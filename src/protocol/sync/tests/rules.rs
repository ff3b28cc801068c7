//! Lines that break a rule, although they are truly signed: the line, the member and the rule.

use super::*;
use serde_json::{Value, json};

/// What is said about a request with one line, signed as it is.
fn said(line: &str) -> String {
    let key = key();
    refusal(&signed(&[line], &header(Direction::Request), &key), &public(&key))
}

/// A record with one member changed; `None` takes it out.
fn with(record: &Record, path: &str, value: Option<Value>) -> String {
    let mut all = serde_json::to_value(record).unwrap();
    let (parent, name) = path.rsplit_once('/').unwrap();
    let members = all.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name).unwrap()),
    }
    all.to_string()
}

/// B-SYN-13, AS-39: what is wrong in a record is named.
#[test]
fn a_record_that_breaks_a_rule_is_named_with_line_and_member() {
    let instance = Record::Instance(Box::new(instance()));
    let token = Record::Token(token());
    for (line, member, rule) in [
        (with(&instance, "/instance/id", None), "instance", "missing field `id`"),
        (with(&instance, "/instance/id", Some(json!("x"))), "instance.id", "UUID"),
        (with(&instance, "/instance/extra", Some(json!(1))), "instance", "unknown field `extra`"),
        (with(&instance, "/instance/udi/x", Some(json!(1))), "instance.udi", "unknown field `x`"),
        (with(&instance, "/instance/hostname", Some(Value::Null)), "instance.hostname", "null"),
        (with(&instance, "/instance/hostname", Some(json!("a\0"))), "hostname", "U+0000"),
        (with(&instance, "/instance/uses/r", Some(json!(0))), "uses.r", "1 to 1000000000"),
        (with(&instance, "/instance/uses/r", Some(json!(-1))), "uses.r", "1 to 1000000000"),
        (with(&instance, "/instance/uses/r", Some(json!(1.5))), "uses.r", "floating point"),
        (
            with(&instance, "/instance/registered_at", Some(json!("2026-01-05"))),
            "instance.registered_at",
            "an instant like 2026-01-05T09:00:00Z",
        ),
        (
            with(&instance, "/instance/registered_at", Some(json!("2026-01-05T09:00:00+01:00"))),
            "instance.registered_at",
            "an instant like",
        ),
        (with(&token, "/token/uses", Some(json!(-1))), "token.uses", "0 to 1000000000"),
        (with(&token, "/token/max_uses", Some(json!(2_000_000_000))), "token.max_uses", "0 to"),
        (with(&token, "/token/created_by", Some(json!("x".repeat(20_000)))), "created_by", "16384"),
    ] {
        let said = said(&line);
        assert!(said.starts_with("Line 2 of the file, "), "{said}");
        assert!(said.contains(member) && said.contains(rule), "{said}");
        assert!(said.len() < 600, "{said}");
    }
}

/// B-SYN-13: unknown kinds, lists of kinds, doubles and what is no object are refused by name.
#[test]
fn what_is_no_record_is_refused() {
    for (line, rule) in [
        (r#"{"gadget":{}}"#, "unknown variant `gadget`"),
        ("{}", "expected value"),
        ("[]", "expected"),
        ("null", "expected"),
        ("", "EOF"),
        (r#"{"token_removed":{"id":"x"}}"#, "UUID"),
        (r#"{"token_removed":{"id":"x","id":"y"}}"#, "token_removed.id"),
        ("{\"token_removed\":{\"id\":\"\u{7f}", "EOF"),
        (r#"{"instance_removed":{},"token_removed":{}}"#, "missing field `id`"),
    ] {
        let said = said(line);
        assert!(said.contains("Line 2 of the file") && said.contains(rule), "{line}: {said}");
    }
    let twice = r#"{"regid.a":1,"regid.a":2}"#;
    let record = serde_json::to_string(&Record::Instance(Box::new(instance()))).unwrap();
    let record = record.replace(r#"{"regid.a":4,"regid.b":1}"#, twice);
    assert!(said(&record).contains("regid.a stands there twice"));
}

/// AS-40: what only the other side may say is refused.
#[test]
fn a_record_of_the_other_direction_is_refused() {
    for record in records(Direction::Response) {
        let said = said(&serde_json::to_string(&record).unwrap());
        assert!(said.contains("does not belong in a file of this direction (request)"), "{said}");
        assert!(said.contains(record.kind()), "{said}");
    }
}

/// B-SYN-13: a reader stops at the first record that it cannot read, and says so once.
#[test]
fn nothing_comes_after_a_record_that_cannot_be_read() {
    let key = key();
    let good = serde_json::to_string(&records(Direction::Request)[0]).unwrap();
    let bytes = signed(&[&good, "x", &good], &header(Direction::Request), &key);
    let verified = check(&bytes, Limits::default()).unwrap().verify(&public(&key)).unwrap();
    let read: Vec<bool> = verified.records().map(|record| record.is_ok()).collect();
    assert_eq!(read, [true, false]);
}

/// The first line of a file with one member changed.
fn head(way: Direction, name: &str, value: Option<Value>) -> Vec<u8> {
    let mut line = Vec::new();
    header(way).write(&mut line).unwrap();
    let mut members: serde_json::Map<String, Value> = serde_json::from_slice(&line).unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name).unwrap()),
    }
    let text = serde_json::to_string(&members).unwrap();
    pack(format!("{text}\n").as_bytes())
}

/// B-SYN-13: a header is of one version, has no unknown members, and those of its direction.
#[test]
fn a_header_that_breaks_a_rule_is_named() {
    use Direction as D;
    let id = || Some(json!(Uuid::from_u128(1)));
    for (bytes, word) in [
        (head(D::Request, "syncom_sync", Some(json!(2))), "version 2"),
        (head(D::Request, "syncom_sync", None), "missing field `syncom_sync`"),
        (head(D::Request, "extra", Some(json!(1))), "unknown field `extra`"),
        (head(D::Request, "direction", Some(json!("up"))), "unknown variant `up`"),
        (head(D::Request, "kind", Some(json!("whole"))), "standard or full"),
        (head(D::Request, "kind", None), "kind: is missing"),
        (head(D::Request, "answers", id()), "answers: must not be in a file of this direction"),
        (head(D::Request, "sequence", Some(json!(-1))), "sequence"),
        (head(D::Response, "base", id()), "base: must not"),
        (head(D::Response, "answers", None), "answers: is missing"),
        (head(D::Response, "next_sequence", None), "next_sequence: is missing"),
        (head(D::Registration, "kind", Some(json!("full"))), "kind: must not"),
        (head(D::Authorization, "answers", None), "answers: is missing"),
        (head(D::Authorization, "since", Some(json!([Uuid::nil()]))), "since: must not"),
        (pack(b"[]\n"), "Line 1"),
        (pack(b"\xff\xfe\n"), "Line 1"),
    ] {
        let said = check(&bytes, Limits::default()).unwrap_err().to_string();
        assert!(said.contains(word), "{said}");
    }
}

/// B-SYN-13: number, digest and form of the trailer.
#[test]
fn a_trailer_that_is_wrong_is_refused() {
    let key = key();
    let text = unpack(&file(header(Direction::Request), &records(Direction::Request), &key));
    for (from, to, word) in [
        ("{\"records\":5", "{\"records\":4", "says 4, but there are 5"),
        ("{\"records\":5", "{\"records\": 5", "as the product writes it"),
        ("\"sha256\":\"", "\"sha256\":\"0", "not the digest"),
        ("\"signature\":\"", "\"signature\":\"AAAA", "signature of the file is invalid"),
        ("\"signature\":\"", "\"signature\":\"=", "base64"),
        ("\"quantity\"", "\"amount\"", ""),
        ("\"Simulator\"", "\"simulator\"", "they were changed"),
    ] {
        let changed = text.replacen(from, to, 1);
        if changed != text {
            let said = refusal(&pack(changed.as_bytes()), &public(&key));
            assert!(said.contains(word), "{said}");
        }
    }
}
