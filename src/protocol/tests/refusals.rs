//! Bad messages: each names its field and its rule.

use super::super::error_codes::{Fault, Mark, StatusCode};
use super::super::export_key::{Action, ExportKey};
use super::super::response::{Response, ResponseData};
use super::*;
use uuid::Uuid;

fn fault(parts: &Parts) -> Fault {
    SignedRequest::parse(&parts.bytes()).unwrap_err().fault
}

fn spoilt(request: &Request, spoil: impl FnOnce(&mut Parts)) -> Fault {
    let mut parts = Parts::of(request);
    spoil(&mut parts);
    fault(&parts)
}

fn words(fault: &Fault) -> String {
    format!("{}: {fault}", fault.refusal().field)
}

#[test]
fn a_truncated_message_is_refused_as_unreadable_at_every_length() {
    let whole = Parts::of(&authorization()).bytes();
    for length in 0..whole.len() {
        let rejected = SignedRequest::parse(&whole[..length]).unwrap_err();
        assert!(matches!(rejected.fault, Fault::Unreadable { part: "message", .. }), "{length}");
        assert_eq!(rejected.fault.refusal().code, Some(49));
    }
}

#[test]
fn a_truncated_inner_document_is_named() {
    let text = authorization().to_text();
    let cut = SignedRequest::envelope(&text[..text.len() - 5], vec![1]);
    let fault = SignedRequest::parse(cut.as_bytes()).unwrap_err().fault;
    assert!(words(&fault).starts_with("request: The message cannot be read: it ends too early"));
}

#[test]
fn invalid_utf8_and_absurd_nesting_are_unreadable() {
    for bytes in [b"{\"signature\":\"\xff\"}".to_vec(), b"[".repeat(100_000), b"\xff\xfe".to_vec()]
    {
        let fault = SignedRequest::parse(&bytes).unwrap_err().fault;
        assert!(matches!(fault, Fault::Unreadable { .. }), "{fault:?}");
    }
    for bytes in ["null", "[]", "7", "\"text\""] {
        let fault = SignedRequest::parse(bytes.as_bytes()).unwrap_err().fault;
        assert!(words(&fault).starts_with("message: must be an object"), "{fault:?}");
    }
}

#[test]
fn counts_must_be_whole_and_within_bounds() {
    let rule = |count: Value| {
        words(&spoilt(&authorization(), |p| p.data["entitlements"][0]["count"] = count))
    };
    assert_eq!(rule(json!("4")), "entitlements[0].count: must be a whole number, is a text");
    assert_eq!(rule(json!(-1)), "entitlements[0].count: must not be negative, is -1");
    assert!(rule(json!(4.0)).contains("must be a whole number"));
    assert!(rule(json!(1.5)).contains("must be a whole number"));
    assert!(rule(json!(null)).contains("is required"));
    assert!(rule(json!(true)).contains("must be a whole number"));
    for huge in [json!(1_000_000_001), json!(u64::MAX), json!(1e30)] {
        assert!(rule(huge).contains("must be at most 1000000000"));
    }
}

#[test]
fn a_missing_member_is_named_with_error_36() {
    for member in ["idtoken", "csr", "software_tag_identifier", "product_name", "timestamp"] {
        let fault = spoilt(&registration(), |p| p.data[member] = Value::Null);
        assert_eq!(words(&fault), format!("{member}: is required"));
        assert_eq!(fault.refusal().code, Some(36));
    }
    let fault = spoilt(&authorization(), |p| p.data["entitlements"] = Value::Null);
    assert_eq!(words(&fault), "entitlements: is required");
}

#[test]
fn control_characters_and_endless_texts_are_refused() {
    let nul = spoilt(&registration(), |p| p.data["hostname"] = json!("a\u{0}b"));
    assert_eq!(words(&nul), "hostname: must not contain control characters");
    let long = spoilt(&registration(), |p| p.data["product_name"] = json!("x".repeat(256)));
    assert_eq!(words(&long), "product_name: must have at most 255 characters");
    let csr = spoilt(&registration(), |p| p.data["csr"] = json!("AAAA".repeat(6_000)));
    assert_eq!(words(&csr), "csr: must have 1 to 16384 bytes");
    let base64 = spoilt(&registration(), |p| p.data["csr"] = json!("?"));
    assert_eq!(words(&base64), "csr: must be base64");
}

#[test]
fn the_three_nonces_must_agree_and_be_decimal() {
    let data = spoilt(&authorization(), |p| p.data["nonce"] = json!("1"));
    let middle = spoilt(&authorization(), |p| p.nonce = json!("1"));
    assert_eq!((data, middle), (Fault::NonceMismatch, Fault::NonceMismatch));
    let letters = spoilt(&authorization(), |p| p.header["nonce"] = json!("12ab"));
    assert_eq!(words(&letters), "header.nonce: must be decimal digits as text");
    let number = spoilt(&authorization(), |p| p.header["nonce"] = json!(12));
    assert_eq!(words(&number), "header.nonce: must be a text, is a number");
}

#[test]
fn header_and_data_must_name_the_same_product_and_instance() {
    let other = spoilt(&authorization(), |p| p.data["sudi"]["udi_pid"] = json!("OTHER"));
    assert_eq!(other, Fault::InstanceMismatch { field: "sudi" });
    let instance = spoilt(&authorization(), |p| {
        p.data["product_instance_identifier"] = json!(Uuid::from_u128(5).to_string());
    });
    assert_eq!(instance.refusal().code, Some(28));
}

#[test]
fn only_a_registration_may_come_from_nobody() {
    let mut registration = Parts::of(&registration());
    registration.header["product_instance_identifier"] = Value::Null;
    assert!(SignedRequest::parse(&registration.bytes()).is_ok());
    for member in ["product_instance_identifier", "id_cert_serial_number"] {
        let fault = spoilt(&authorization(), |p| p.header[member] = Value::Null);
        assert_eq!(words(&fault), format!("header.{member}: is required"));
    }
}

/// device-protocol.md 2.2: PID always with SN, error 104 for a tag without UUID.
#[test]
fn identities_and_software_tags_follow_their_rules() {
    let alone = spoilt(&authorization(), |p| p.header["sudi"]["udi_serial_number"] = Value::Null);
    assert_eq!(words(&alone), "header.sudi.udi_serial_number: must come with udi_pid");
    let nobody = spoilt(&authorization(), |p| p.header["sudi"] = json!({}));
    assert!(words(&nobody).contains("the product must name itself"));
    let tag = spoilt(&registration(), |p| p.data["software_tag_identifier"] = json!("regid.x,1"));
    assert_eq!(tag.refusal().code, Some(104));
}

/// device-protocol.md 1.4 and 2.6: what a voucher must say.
#[test]
fn vouchers_name_a_known_routing_and_action() {
    let data = vec![voucher(), VoucherRequest { id: "2".to_owned(), ..voucher() }];
    let wanted = ThirdPartyKey { live: true, data, compliance_required: false };
    let wanted = request(RequestBody::ThirdPartyKey(wanted));
    let rule = |member: &str, value: Value| {
        words(&spoilt(&wanted, |parts| parts.data["data"][1][member] = value))
    };
    assert_eq!(rule("routing", json!("ACME")), "data[1].routing: must be NUANCE, is ACME");
    let actions = "data[1].action: must be REGISTER or DEREGISTER, is EAT";
    assert_eq!(rule("action", json!("EAT")), actions);
    assert_eq!(rule("id", json!("1")), "data[1].id: must not be listed twice");
    assert_eq!(rule("id", json!(1)), "data[1].id: must be a text, is a number");
    assert_eq!(rule("name", Value::Null), "data[1].name: is required");
    let live = spoilt(&wanted, |parts| parts.data["live"] = Value::Null);
    assert_eq!(words(&live), "live: is required");
    let none = spoilt(&wanted, |parts| parts.data["data"] = json!([]));
    assert_eq!(words(&none), "data: must have at least one element");
}

/// device-protocol.md 2.7; A-EXP-03, A-EXP-04: three actions; only a license that is not free is
/// to be asked for again.
#[test]
fn keys_name_a_known_action_and_a_license() {
    let license = "regid.a,1.0_x".to_owned();
    let wanted = ExportKey { action: Action::Cancel, license: license.clone() };
    let wanted = request(RequestBody::ExportKey(wanted));
    let rule = |member: &str, value: Value| words(&spoilt(&wanted, |p| p.data[member] = value));
    assert_eq!(
        rule("action", json!("STEAL")),
        "action: must be REQUEST, RETURN or CANCEL, is STEAL"
    );
    assert_eq!(rule("action", Value::Null), "action: is required");
    assert_eq!(rule("license", json!("")), "license: must not be empty");
    assert_eq!(rule("license", json!(["a"])), "license: must be a text, is a list");
    let told = |fault: Fault| {
        let answer = Response::refuse(Some(&wanted.header), &fault, now());
        (answer.status, answer.error_code, answer.retry_time_seconds)
    };
    let none_free = Fault::RestrictedNotAvailable { license: license.clone() };
    assert_eq!(told(none_free), (StatusCode::Failed, Some(147), 3_600));
    assert_eq!(told(Fault::ExportAllowed), (StatusCode::Failed, Some(148), 0));
    let normal = Fault::NotExportRestricted { license: license.clone() };
    assert_eq!(told(normal), (StatusCode::Failed, Some(149), 0));
    assert_eq!(told(Fault::NoExportKey { license }), (StatusCode::Failed, Some(150), 0));
}

/// device-protocol.md 2.2: the words of the roles; the rules of groups are the domain's.
#[test]
fn units_of_a_group_have_a_role_and_a_name() {
    let words_of = |unit: Value| {
        words(&spoilt(&registration(), |parts| parts.data["ha_members"] = json!([unit])))
    };
    let sudi = json!({ "udi_pid": "SIM", "udi_serial_number": "1" });
    let role = words_of(json!({ "role": "active", "sudi": sudi }));
    assert_eq!(role, "ha_members[0].role: must be Active, Standby or Member");
    let nobody = words_of(json!({ "role": "Active" }));
    assert_eq!(nobody, "ha_members[0].sudi: is required");
    let half = words_of(json!({ "role": "Active", "sudi": { "udi_pid": "SIM" } }));
    assert_eq!(half, "ha_members[0].sudi.udi_serial_number: must come with udi_pid");
}

/// device-protocol.md 1.4: the capability `OK_TRY_AGAIN`.
#[test]
fn only_who_knows_it_is_told_to_try_again() {
    let trouble = Fault::ServerTrouble { problem: "LS_LICENGINE_FAIL_TO_CONNECT" };
    let told = |capabilities: Option<Value>| {
        let mut parts = Parts::of(&authorization());
        parts.header["connect_info"] =
            capabilities.map_or(Value::Null, |list| json!({ "name": "a", "capabilities": list }));
        let header = SignedRequest::parse(&parts.bytes()).unwrap().request.header;
        let answer = Response::refuse(Some(&header), &trouble, now());
        assert_eq!(
            (answer.error_code, answer.message),
            (Some(162), Some(trouble.status_message()))
        );
        (answer.status, answer.retry_time_seconds)
    };
    let again = (StatusCode::OkTryAgain, 60);
    for capabilities in [None, Some(json!([])), Some(json!("")), Some(json!("DLC, OK_TRY_AGAIN"))] {
        assert_eq!(told(capabilities), again);
    }
    assert_eq!(told(Some(json!(["DLC", "EXPORT_2"]))), (StatusCode::Failed, 0));
    assert_eq!(ConnectInfo::server().capabilities, ["MULTITIER", "OK_TRY_AGAIN"]);
}

#[test]
fn an_answer_speaks_the_version_of_its_request() {
    for version in ["1.1", "1.2", "1.3"] {
        let mut request = authorization();
        version.clone_into(&mut request.header.version);
        let refused = Response::refuse(Some(&request.header), &Fault::SignatureInvalid, now());
        assert_eq!(refused.header.version, version);
        let data = ResponseData {
            timestamp: now(),
            nonce: request.header.nonce.clone(),
            product_instance_identifier: None,
            signing_certificates: Vec::new(),
            body: None,
        };
        assert_eq!(Response::accept(&request, data).header.version, version);
    }
}

#[test]
fn versions_from_1_1_to_1_3_are_understood() {
    let version = |text: &str| {
        let mut parts = Parts::of(&authorization());
        parts.header["version"] = json!(text);
        SignedRequest::parse(&parts.bytes()).map_err(|rejected| rejected.fault)
    };
    assert!(version("1.1").is_ok() && version("1.2").is_ok() && version("1.3").is_ok());
    for high in ["1.4", "2.0", "1.10", "65535.65535"] {
        let fault = version(high).unwrap_err();
        assert_eq!(fault.refusal().status, StatusCode::VersionTooHigh, "{high}");
        assert_eq!(fault.refusal().code, Some(127));
    }
    for low in ["1.0", "0.9", "0.65535"] {
        assert!(matches!(version(low), Err(Fault::VersionTooLow { .. })), "{low}");
    }
    for odd in ["one", "1", "1.", ".3", "1.3.0", "1.-3", "1,3", "65536.1"] {
        let fault = version(odd).unwrap_err();
        assert_eq!(words(&fault), "version: must be two numbers with a dot, such as 1.3", "{odd}");
    }
}

#[test]
fn an_unknown_request_type_is_answered_with_its_header_echoed() {
    let mut parts = Parts::of(&authorization());
    parts.header["request_type"] = json!("TRUST_SYNC");
    let rejected = SignedRequest::parse(&parts.bytes()).unwrap_err();
    assert!(rejected.fault.to_string().contains("'TRUST_SYNC' is not known"));
    let answer = Response::refuse(rejected.header.as_ref(), &rejected.fault, now());
    assert_eq!(answer.header.nonce, "7648120011223344");
    assert_eq!(answer.header.request_type, "TRUST_SYNC");
    assert_eq!(answer.status, StatusCode::Failed);
}

#[test]
fn a_tag_listed_twice_and_a_list_without_end_are_refused() {
    let entry = json!({ "tag": "a", "version": null, "count": 1 });
    let twice = spoilt(&authorization(), |p| p.data["entitlements"] = json!([entry, entry]));
    assert_eq!(words(&twice), "entitlements[1].tag: must not be listed twice");
    let many = vec![entry; MAX_ENTITLEMENTS + 1];
    let many = spoilt(&authorization(), |p| p.data["entitlements"] = json!(many));
    assert_eq!(words(&many), "entitlements: must have at most 1000 elements");
}

/// device-protocol.md 1.4: the proven sample, without a blank after "valid.".
#[test]
fn a_removed_instance_is_told_in_the_proven_words() {
    let instance = "0c6c16a5-4f0a-4a4c-8a65-1d4cf2d1ba6c".to_owned();
    let fault = Fault::IdentityInvalid { instance };
    assert_eq!(
        fault.status_message(),
        "{\"product_instance_identifier\":[\"The identity for the instance \
         0c6c16a5-4f0a-4a4c-8a65-1d4cf2d1ba6c is not valid.Please re-register the instance.\"]}"
    );
    assert_eq!(fault.refusal().mark, Mark::Proven);
}

/// device-protocol.md 3.4; AS-13
#[test]
fn token_and_registration_refusals_read_as_agents_expect() {
    let invalid = Fault::TokenInvalid { token: "abc\"d".to_owned() };
    assert_eq!(invalid.status_message(), "{\"token\":[\"The token 'abc\\\"d' is not valid.\"]}");
    let again = Fault::AlreadyRegistered {
        software_tag: "regid.x".to_owned(),
        sudi: Box::new(Sudi::hardware("SIM", "SIM000001")),
    };
    assert!(again.to_string().starts_with(
        "The product regid.x and sudi containing udiSerialNumber:SIM000001,udiPid:SIM \
         has already been registered."
    ));
    let trouble = Fault::ServerTrouble { problem: "LS_LICENGINE_FAIL_TO_CONNECT" };
    assert_eq!(trouble.refusal().status, StatusCode::OkTryAgain);
    assert_eq!((trouble.retry_seconds(), invalid.retry_seconds()), (60, 0));
}
