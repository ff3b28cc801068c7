//! Messages that must not be acted on: forged, replayed, late, broken.

use super::*;
use crate::crypto::csr;
use crate::protocol::bodies::{Authorization, Registration, RequestBody};
use crate::protocol::error_codes::StatusCode;
use crate::protocol::fields::Der;
use crate::protocol::message::{Header, Request, SignedRequest};
use crate::protocol::response::{Response, SignedResponse};
use crate::protocol::sudi::Sudi;
use chrono::TimeDelta;
use serde_json::Value;

/// A client of a few lines that signs whatever it is told to.
struct Forge {
    key: PrivateKey,
    header: Header,
    http: reqwest::Client,
    url: String,
}

impl Forge {
    /// Registers, and keeps what is needed to write further messages.
    async fn registered(site: &Site) -> (Self, String) {
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
        let http = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy();
        let body = registration(&key, &site.token);
        let sudi = Sudi::hardware("SIM", "SIM000009");
        let header = Header::new(body.request_type(), sudi, "1001".to_owned());
        let mut forge = Self {
            key,
            header,
            http: http.build().unwrap(),
            url: format!("{}/licservice/license", site.url),
        };
        let message = forge.message(body, site.now());
        let (_, answer) = forge.send(message.clone()).await;
        assert_eq!(answer.status, StatusCode::Ok, "{answer:?}");
        forge.header.product_instance_identifier = answer.header.product_instance_identifier;
        let registered = answer.data.unwrap().body.unwrap();
        let crate::protocol::answers::AnswerBody::Registration(registered) = registered else {
            panic!("{registered:?}")
        };
        let leaf = crate::crypto::chain::read(&registered.id_certificate.0).unwrap();
        forge.header.id_cert_serial_number = leaf.serial;
        "AUTHORIZATION".clone_into(&mut forge.header.request_type);
        (forge, message)
    }

    fn message(&self, body: RequestBody, timestamp: Timestamp) -> String {
        let request = Request { header: self.header.clone(), timestamp, body };
        self.signed(&request.to_text())
    }

    fn signed(&self, text: &str) -> String {
        SignedRequest::envelope(text, self.key.sign(text.as_bytes()).unwrap())
    }

    async fn send(&self, body: impl Into<reqwest::Body>) -> (u16, Response) {
        let answer = self.http.post(&self.url).body(body).send().await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.unwrap();
        (status, SignedResponse::parse(&bytes).unwrap().response)
    }

    /// Sends, expects a refusal, and returns its code and message.
    async fn refused(&self, body: impl Into<reqwest::Body>) -> (Option<u16>, String) {
        let (_, answer) = self.send(body).await;
        assert_eq!(answer.status, StatusCode::Failed, "{answer:?}");
        (answer.error_code, answer.message.unwrap())
    }
}

fn registration(key: &PrivateKey, token: &str) -> RequestBody {
    let product = Product::of(&Profile::find("sim").unwrap(), "SIM000009");
    RequestBody::Registration(Box::new(Registration {
        idtoken: token.to_owned(),
        csr: Der(csr::make(key, "SIM").unwrap()),
        software_tag_identifier: product.software_tag,
        hostname: None,
        force: false,
        product_name: product.name,
        product_version: None,
        ha_members: Vec::new(),
    }))
}

fn nothing() -> RequestBody {
    RequestBody::Authorization(Authorization { entitlements: Vec::new() })
}

/// The same message twice: a registration by its nonce, later ones by their timestamp.
#[actix_web::test]
async fn replayed_messages_are_refused() {
    let site = Site::start().await;
    let (forge, registration) = Forge::registered(&site).await;
    let (_, text) = forge.refused(registration).await;
    assert!(text.contains("its nonce is used"), "{text}");

    let later = site.now() + TimeDelta::milliseconds(1);
    let message = forge.message(nothing(), later);
    assert_eq!(forge.send(message.clone()).await.1.status, StatusCode::Ok);
    let (_, text) = forge.refused(message).await;
    assert!(text.starts_with("{\"timestamp\":[\"The message was received before"), "{text}");
    let earlier = forge.message(nothing(), site.now());
    assert!(forge.refused(earlier).await.1.contains("received before"));
}

#[actix_web::test]
async fn forged_and_altered_messages_are_refused() {
    let site = Site::start().await;
    let (forge, _) = Forge::registered(&site).await;
    let later = site.now() + TimeDelta::milliseconds(1);
    let good = forge.message(nothing(), later);
    let altered = good.replace("en_US", "en_GB");
    let (code, text) = forge.refused(altered).await;
    assert_eq!((code, text.contains("signature")), (Some(45), true), "{text}");

    let stranger = Forge {
        key: PrivateKey::generate(KeyKind::P256).unwrap(),
        header: forge.header.clone(),
        http: forge.http.clone(),
        url: forge.url.clone(),
    };
    assert_eq!(stranger.refused(stranger.message(nothing(), later)).await.0, Some(45));
    // A registration must be signed with the key of its own signing request.
    let mut posing = Header::clone(&forge.header);
    "REGISTRATION".clone_into(&mut posing.request_type);
    "77".clone_into(&mut posing.nonce);
    let posing = Forge { header: posing, ..stranger };
    let message = posing.message(registration(&forge.key, &site.token), later);
    assert_eq!(posing.refused(message).await.0, Some(45));
    // None of it has used up the timestamp.
    assert_eq!(forge.send(good).await.1.status, StatusCode::Ok);
}

/// NX-OS: less than one hour is allowed.
#[actix_web::test]
async fn a_clock_an_hour_off_is_refused_with_both_times() {
    let site = Site::start().await;
    let (forge, _) = Forge::registered(&site).await;
    for hours in [1, -1, 24] {
        let (_, text) =
            forge.refused(forge.message(nothing(), site.now() + TimeDelta::hours(hours))).await;
        assert!(text.contains("Timestamp mismatch"), "{text}");
        assert!(text.contains("2026-01-05T09:00:00.000Z"), "{text}");
    }
    let close = forge.message(nothing(), site.now() + TimeDelta::minutes(59));
    assert_eq!(forge.send(close).await.1.status, StatusCode::Ok);
}

#[actix_web::test]
async fn what_is_no_message_is_answered_in_the_protocols_own_form() {
    let site = Site::start().await;
    let (forge, registration) = Forge::registered(&site).await;
    for broken in [
        Vec::new(),
        b"{".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        registration.as_bytes()[..registration.len() / 2].to_vec(),
        b"[".repeat(200_000),
    ] {
        let (status, answer) = forge.send(broken).await;
        assert_eq!((status, answer.status), (400, StatusCode::Failed));
        assert_eq!(answer.error_code, Some(49), "{answer:?}");
        assert_eq!(answer.data.unwrap().signing_certificates.len(), 3);
    }
    let (status, answer) = forge.send(vec![b'x'; 10 * 1024 * 1024]).await;
    assert_eq!((status, answer.error_code), (413, Some(49)));
    assert!(answer.message.unwrap().contains("longer than 3145728 bytes"));
    let get = forge.http.get(&forge.url).send().await.unwrap();
    assert_eq!(get.status(), 405);
    assert_eq!(get.headers()["allow"], "POST");
}

/// device-protocol.md 1.4: the proven words for an instance that does not exist.
#[actix_web::test]
async fn an_instance_that_does_not_exist_is_told_to_register() {
    let site = Site::start().await;
    let (mut forge, _) = Forge::registered(&site).await;
    let later = site.now() + TimeDelta::milliseconds(1);
    forge.header.id_cert_serial_number = Some(u64::MAX);
    let (_, text) = forge.refused(forge.message(nothing(), later)).await;
    assert!(text.contains("is not valid.Please re-register the instance."), "{text}");
    forge.header.product_instance_identifier = None;
    let (code, text) = forge.refused(forge.message(nothing(), later)).await;
    assert_eq!(code, Some(36));
    assert!(text.contains("header.product_instance_identifier"), "{text}");
}

/// A device that knows the signing certificate is spared it.
#[actix_web::test]
async fn the_signing_certificates_come_only_with_the_first_answer() {
    let site = Site::start().await;
    let (mut forge, _) = Forge::registered(&site).await;
    let later = site.now() + TimeDelta::milliseconds(1);
    let (_, first) = forge.send(forge.message(nothing(), later)).await;
    assert_eq!(first.data.unwrap().signing_certificates.len(), 3);
    forge.header.signing_cert_serial_number = Some(3);
    let later = later + TimeDelta::milliseconds(1);
    let (_, second) = forge.send(forge.message(nothing(), later)).await;
    assert_eq!(second.header.signing_cert_serial_number, Some(3));
    assert!(second.data.unwrap().signing_certificates.is_empty());
}

/// Every refusal is a JSON object of field to list of messages.
#[actix_web::test]
async fn refusals_have_the_proven_form() {
    let site = Site::start().await;
    let (forge, _) = Forge::registered(&site).await;
    let (_, text) = forge.refused(forge.message(nothing(), site.now())).await;
    let message: Value = serde_json::from_str(&text).unwrap();
    assert!(message["timestamp"][0].is_string(), "{text}");
}
