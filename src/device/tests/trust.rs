//! Answers that must not be believed.

use super::*;
use crate::protocol::bodies::RequestBody;
use crate::protocol::fields::Der;
use crate::protocol::message::Request;
use crate::protocol::response::{Response, SignedResponse};

async fn registering(lab: Lab, ca: Option<String>) -> DeviceError {
    let (_lab, client) = start(lab).await;
    let mut device = device();
    device.settings_mut().ca_pem = ca;
    let error = device.register(&client, "token", false, now()).await.unwrap_err();
    assert!(device.state().registration.identity.is_none());
    error
}

fn changed(lab: &Lab, bytes: &[u8], change: impl FnOnce(&mut Response)) -> Vec<u8> {
    let mut response = SignedResponse::parse(bytes).unwrap().response;
    change(&mut response);
    lab.sign(&response)
}

#[tokio::test]
async fn an_altered_answer_is_refused() {
    let mut lab = Lab::new();
    lab.spoil =
        |_, _, bytes| String::from_utf8(bytes).unwrap().replace("Berlin", "Munich").into_bytes();
    let error = registering(lab, None).await;
    assert!(error.to_string().contains("the signature does not match"), "{error}");
}

#[tokio::test]
async fn an_answer_to_another_request_is_refused() {
    let mut lab = Lab::new();
    lab.spoil = |lab, _, bytes| changed(lab, &bytes, |r| r.header.nonce = "1".to_owned());
    assert!(registering(lab, None).await.to_string().contains("nonce"));
    let mut lab = Lab::new();
    lab.spoil =
        |lab, _, bytes| changed(lab, &bytes, |r| r.data.as_mut().unwrap().nonce = "1".to_owned());
    assert!(registering(lab, None).await.to_string().contains("nonce"));
}

#[tokio::test]
async fn a_server_of_another_lab_is_refused_when_the_root_is_given() {
    let stranger = Lab::new().root_pem();
    let error = registering(Lab::new(), Some(stranger)).await;
    assert!(error.to_string().contains("another root CA"), "{error}");
    let lab = Lab::new();
    let ours = lab.root_pem();
    let (_lab, client) = start(lab).await;
    let mut device = device();
    device.settings_mut().ca_pem = Some(ours);
    device.register(&client, "token", false, now()).await.unwrap();
    assert!(!device.state().registration.identity.as_ref().unwrap().root_on_first_use);
}

/// Trust on first use: the root of the registration is the only one from then on.
#[tokio::test]
async fn after_the_first_registration_another_root_is_refused() {
    let (_first, client) = start(Lab::new()).await;
    let (_other, elsewhere) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    assert!(device.state().registration.identity.as_ref().unwrap().root_on_first_use);
    let error = device.register(&elsewhere, "token", true, now()).await.unwrap_err();
    assert!(error.to_string().contains("another root CA"), "{error}");
    device.renew_authorization(&client, now()).await.unwrap();
}

#[tokio::test]
async fn a_certificate_for_another_key_or_instance_is_refused() {
    let mut lab = Lab::new();
    lab.spoil = |lab, request, _| {
        let mut theirs = request.clone();
        let stranger = PrivateKey::generate(KeyKind::P256).unwrap();
        let RequestBody::Registration(body) = &mut theirs.body else { panic!() };
        body.csr = Der(crate::crypto::csr::make(&stranger, "x").unwrap());
        answered(lab, &theirs)
    };
    let error = registering(lab, None).await;
    assert!(error.to_string().contains("another key"), "{error}");
    let mut lab = Lab::new();
    lab.spoil = |lab, _, bytes| {
        changed(lab, &bytes, |r| {
            r.data.as_mut().unwrap().product_instance_identifier = Some(uuid::Uuid::from_u128(2));
        })
    };
    let error = registering(lab, None).await;
    assert!(error.to_string().contains("another product instance"), "{error}");
}

fn answered(lab: &mut Lab, request: &Request) -> Vec<u8> {
    let body = lab.body(request);
    lab.sign(&Response::accept(request, lab.data(request, body)))
}

#[tokio::test]
async fn good_answers_of_another_time_are_refused() {
    let mut lab = Lab::new();
    lab.now = now() + chrono::TimeDelta::hours(1);
    let error = registering(lab, None).await;
    assert!(error.to_string().contains("more than an hour off"), "{error}");
}

#[tokio::test]
async fn an_answer_without_certificates_or_in_another_form_is_refused() {
    let mut lab = Lab::new();
    lab.spoil = |lab, _, bytes| {
        changed(lab, &bytes, |r| r.data.as_mut().unwrap().signing_certificates.clear())
    };
    assert!(registering(lab, None).await.to_string().contains("no signing certificate"));
    for junk in ["", "{}", "<html></html>", "{\"signature\":1,\"response\":\"\"}"] {
        let mut lab = Lab::new();
        lab.received.clear();
        lab.spoil = match junk {
            "" => |_, _, _| Vec::new(),
            "{}" => |_, _, _| b"{}".to_vec(),
            "<html></html>" => |_, _, _| b"<html></html>".to_vec(),
            _ => |_, _, _| b"{\"signature\":1,\"response\":\"\"}".to_vec(),
        };
        let error = registering(lab, None).await;
        assert!(matches!(error, DeviceError::BadAnswer(_)), "{error:?}");
    }
}
