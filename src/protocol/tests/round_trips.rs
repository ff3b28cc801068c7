//! What is written is what is read, and no bytes make the codecs panic.

use super::super::answers::*;
use super::super::error_codes::Fault;
use super::super::export_key::{Action, ExportKey, ExportKeyAnswer};
use super::super::fields::MAX_COUNT;
use super::super::message::Rejected;
use super::super::response::{Response, ResponseData, SignedResponse};
use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn parse(request: &Request) -> Result<SignedRequest, Box<Rejected>> {
    let bytes = SignedRequest::envelope(&request.to_text(), vec![7; 256]);
    SignedRequest::parse(bytes.as_bytes())
}

/// device-protocol.md 1.4: nesting, names and order of the proven log.
#[test]
fn the_envelope_has_the_proven_shape() {
    let text = authorization().to_text();
    assert!(text.starts_with(
        "{\"header\":{\"version\":\"1.3\",\"locale\":\"en_US.UTF-8\",\"sudi\":{\"suvi\":null,\
         \"uuid\":null,\"host_identifier\":null,\"mac_address\":null,\"udi_pid\":\"SIM\",\
         \"udi_serial_number\":\"SIM000001\",\"udi_vid\":null},\"timestamp\":0,\
         \"nonce\":\"7648120011223344\",\"request_type\":\"AUTHORIZATION\",\
         \"agent_actions\":null,\"connect_info\":null,\"product_instance_identifier\":\
         \"00000000-0000-0000-0000-000000000009\",\"id_cert_serial_number\":\"16451298\",\
         \"signing_cert_serial_number\":null},\
         \"nonce\":\"7648120011223344\",\"request_data\":\"{\\\"sudi\\\":"
    ));
    let bytes = SignedRequest::envelope(&text, vec![0, 1, 2]);
    assert!(bytes.starts_with(
        "{\"signature\":{\"type\":\"SHA-256\",\"value\":\"AAEC\"},\"credential\":null,\
         \"request\":\"{\\\"header\\\":"
    ));
}

#[test]
fn the_signed_text_is_kept_byte_for_byte() {
    // Blanks, escapes and member order that a re-serialisation would change.
    let text =
        authorization().to_text().replace("\"nonce\":", "\"nonce\" : ").replace('M', "\\u004d");
    let bytes = SignedRequest::envelope(&text, vec![1]);
    let signed = SignedRequest::parse(bytes.as_bytes()).unwrap();
    assert_eq!(signed.text, text);
    assert_eq!(signed.request, authorization());
}

#[test]
fn unknown_members_and_other_spellings_are_tolerated() {
    let mut parts = Parts::of(&authorization());
    parts.header["future"] = json!({ "a": [1, 2] });
    parts.data["future"] = json!(1.5);
    parts.header["connect_info"] =
        json!({ "name": "C_agent", "prod": true, "capabilities": "UTILITY, DLC" });
    let text = String::from_utf8(parts.bytes()).unwrap().replace("SHA-256", "SHA256");
    let signed = SignedRequest::parse(text.as_bytes()).unwrap();
    let info = signed.request.header.connect_info.unwrap();
    assert_eq!(info.capabilities, ["UTILITY", "DLC"]);
    assert!(info.production);
}

#[test]
fn serial_numbers_travel_as_decimal_text() {
    let mut request = authorization();
    request.header.id_cert_serial_number = Some(16_451_298);
    request.header.signing_cert_serial_number = Some(3);
    assert!(
        request.to_text().contains(
            "\"id_cert_serial_number\":\"16451298\",\"signing_cert_serial_number\":\"3\""
        )
    );
    assert_eq!(parse(&request).unwrap().request, request);
}

#[test]
fn every_answer_is_read_as_it_was_written() {
    for (request, body) in answers() {
        let data = ResponseData {
            timestamp: now(),
            nonce: request.header.nonce.clone(),
            product_instance_identifier: Some(Uuid::from_u128(9)),
            signing_certificates: vec![Der(vec![1]), Der(vec![2])],
            body: Some(body),
        };
        let response = Response::accept(&request, data).signed_with(3);
        let bytes = SignedResponse::envelope(&response.to_text(), vec![5; 70], 3);
        let signed = SignedResponse::parse(bytes.as_bytes()).unwrap();
        assert_eq!(signed.key, Some(3));
        assert_eq!(signed.text, response.to_text());
        assert_eq!(signed.response, response);
    }
}

#[test]
fn a_refusal_can_bring_the_signing_certificates() {
    let fault = Fault::TokenInvalid { token: "x".to_owned() };
    let response = Response::refuse(Some(&registration().header), &fault, now())
        .with_signing_certificates(vec![Der(vec![1])]);
    let bytes = SignedResponse::envelope(&response.to_text(), vec![5], 3);
    assert_eq!(SignedResponse::parse(bytes.as_bytes()).unwrap().response, response);
    let nobody = Response::refuse(None, &fault, now());
    let bytes = SignedResponse::envelope(&nobody.to_text(), vec![5], 3);
    assert_eq!(SignedResponse::parse(bytes.as_bytes()).unwrap().response, nobody);
}

#[test]
fn different_identities_have_different_keys() {
    let sly = Sudi { udi_pid: Some("A,SN:B".into()), ..Sudi::default() };
    assert_ne!(sly.key(), Sudi::hardware("A", "B").key());
    let new_version = Sudi { udi_vid: Some("V02".into()), ..Sudi::hardware("A", "B") };
    assert_eq!(new_version.key(), "PID:A,SN:B");
}

pub(super) fn answers() -> Vec<(Request, AnswerBody)> {
    let names = || ("Contoso Lab".to_owned(), "Berlin".to_owned());
    let (smart_account, virtual_account) = names();
    let registered = RegistrationAnswer {
        id_certificate: Der(vec![1, 2]),
        smart_account,
        virtual_account,
        export_control_allowed: true,
        registration_date: now(),
        renew_at: now().plus_days(180),
        expires_at: now().plus_days(365),
    };
    let entitlements = EnforceMode::ALL.into_iter().map(entitlement).collect();
    let (smart_account, virtual_account) = names();
    let authorized = AuthorizationAnswer {
        status: AuthorizationStatus::OutOfCompliance,
        entitlements,
        renew_at: now().plus_days(30),
        expires_at: now().plus_days(90),
        smart_account,
        virtual_account,
    };
    let renewed = IdCertRenewAnswer {
        id_certificate: Der(vec![3]),
        renew_at: now().plus_days(180),
        expires_at: now().plus_days(365),
    };
    let renew = request(RequestBody::IdCertRenew(IdCertRenew { csr: Der(vec![9]) }));
    let leave = request(RequestBody::Deregistration(Deregistration {}));
    vec![
        (registration(), AnswerBody::Registration(registered)),
        (authorization(), AnswerBody::Authorization(authorized)),
        vouchers(),
        export_key(),
        (renew, AnswerBody::IdCertRenew(renewed)),
        (leave, AnswerBody::Deregistration(DeregistrationAnswer {})),
    ]
}

fn vouchers() -> (Request, AnswerBody) {
    let asked = voucher();
    let voucher = Voucher {
        issuer: ISSUER.to_owned(),
        product_instance_identifier: Some(Uuid::from_u128(9)),
        request: asked.clone(),
        count: 4,
        live: true,
        issued_at: now(),
    };
    assert_eq!(Voucher::parse(&voucher.to_text()).unwrap(), voucher);
    let data = vec![SignedVoucher::new(&asked.id, voucher.to_text(), vec![1], 3)];
    let wanted = ThirdPartyKey { live: true, data: vec![asked], compliance_required: true };
    let wanted = request(RequestBody::ThirdPartyKey(wanted));
    (wanted, AnswerBody::ThirdPartyKey(ThirdPartyKeyAnswer { data }))
}

fn export_key() -> (Request, AnswerBody) {
    let license = "regid.a,1.0_x".to_owned();
    let wanted = ExportKey { action: Action::Request, license: license.clone() };
    let display_name = Some("Router US Export Lic. for DNA".to_owned());
    let answer = ExportKeyAnswer { license, display_name, granted_at: Some(Millis(now())) };
    (request(RequestBody::ExportKey(wanted)), AnswerBody::ExportKey(answer))
}

fn entitlement(enforce_mode: EnforceMode) -> EntitlementAnswer {
    EntitlementAnswer {
        tag: "tag".to_owned(),
        version: None,
        count: 13,
        enforce_mode,
        display_name: Some("UCM Enhanced Plus".to_owned()),
        description: None,
        export_restricted: false,
        subscription_id: None,
        term_end: Some(Millis(now())),
    }
}

/// Text without control characters at its edges' blanks, as the rules demand.
fn word() -> impl Strategy<Value = String> {
    "[^\\p{Cc}\\s][^\\p{Cc}]{0,18}[^\\p{Cc}\\s]"
}

fn any_sudi() -> impl Strategy<Value = Sudi> {
    let optional = || proptest::option::of(word());
    (word(), word(), [optional(), optional(), optional(), optional(), optional()]).prop_map(
        |(pid, serial, [suvi, uuid, host_identifier, mac_address, udi_vid])| Sudi {
            suvi,
            uuid,
            host_identifier,
            mac_address,
            udi_vid,
            ..Sudi::hardware(&pid, &serial)
        },
    )
}

fn any_entitlements() -> impl Strategy<Value = Vec<EntitlementRequest>> {
    let entry = (word(), proptest::option::of(word()), 0..=MAX_COUNT);
    proptest::collection::vec(entry, 0..8).prop_map(|entries| {
        let numbered = entries.into_iter().enumerate();
        numbered
            .map(|(n, (tag, version, count))| EntitlementRequest {
                tag: format!("{tag}{n}"),
                version,
                count,
            })
            .collect()
    })
}

fn any_body() -> impl Strategy<Value = RequestBody> {
    let registration = (word(), any::<Vec<u8>>(), proptest::option::of(word()), any::<bool>())
        .prop_map(|(idtoken, mut csr, hostname, force)| {
            csr.push(0);
            let RequestBody::Registration(sample) = registration().body else { unreachable!() };
            let csr = Der(csr);
            let body = Registration { idtoken, csr, hostname, force, ..*sample };
            RequestBody::Registration(Box::new(body))
        });
    let authorization = any_entitlements()
        .prop_map(|entitlements| RequestBody::Authorization(Authorization { entitlements }));
    let vouchers = (word(), word(), any::<bool>(), proptest::option::of(word())).prop_map(
        |(name, value, live, key_id)| {
            let data = vec![VoucherRequest { name, value, key_id, ..voucher() }];
            RequestBody::ThirdPartyKey(ThirdPartyKey { live, data, compliance_required: !live })
        },
    );
    let keys = (word(), prop::sample::select(&Action::ALL[..]))
        .prop_map(|(license, action)| RequestBody::ExportKey(ExportKey { action, license }));
    prop_oneof![registration, authorization, vouchers, keys]
}

proptest! {
    #[test]
    fn every_request_is_read_as_it_was_written(
        sudi in any_sudi(),
        body in any_body(),
        nonce in "[0-9]{1,40}",
        serials in any::<(u64, Option<u64>, u128)>(),
        at in 0_i64..253_402_300_800_000,
    ) {
        let mut header = Header::new(body.request_type(), sudi, nonce);
        header.id_cert_serial_number = Some(serials.0);
        header.signing_cert_serial_number = serials.1;
        header.product_instance_identifier = Some(Uuid::from_u128(serials.2));
        header.connect_info = Some(ConnectInfo::device());
        let timestamp = Timestamp::from_millis(at).unwrap();
        let request = Request { header, timestamp, body };
        prop_assert_eq!(parse(&request).unwrap().request, request);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>()) {
        let _ = SignedRequest::parse(&bytes);
        let _ = SignedResponse::parse(&bytes);
    }

    #[test]
    fn spoilt_messages_never_panic_and_are_always_answered(
        at in any::<prop::sample::Index>(), with in any::<u8>(),
    ) {
        let mut bytes = Parts::of(&registration()).bytes();
        let at = at.index(bytes.len());
        bytes[at] = with;
        if let Err(rejected) = SignedRequest::parse(&bytes) {
            let answer = Response::refuse(rejected.header.as_ref(), &rejected.fault, now());
            let bytes = SignedResponse::envelope(&answer.to_text(), vec![1], 3);
            prop_assert_eq!(SignedResponse::parse(bytes.as_bytes()).unwrap().response, answer);
        }
    }
}
