//! Both envelopes lead to the same answers, and a satellite says what it lacks.

use super::agent;
use crate::scenarios::{enhanced_plus, events, some_with};
use crate::support::agent::{Agent, CALL_HOME, GATEWAY, in_use};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use syncom::crypto::{chain, sign::PublicKey};
use syncom::protocol::answers::AnswerBody;
use syncom::protocol::bodies::{Deregistration, RequestBody};
use syncom::protocol::call_home::{CallHomeMessage, SESSION_FROM, SESSION_TO};
use syncom::protocol::error_codes::StatusCode;
use syncom::protocol::response::SignedResponse;

on_both_databases!(
    a_product_lives_over_call_home,
    a_broken_envelope_is_answered_with_a_signed_refusal,
    a_satellite_that_is_not_registered_says_so,
);

/// AS-08, A-SEM-10, A-SEM-14: the same life as over Smart Transport; device-protocol.md 1.2.
async fn a_product_lives_over_call_home(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let rest = app.rest_as("tom").await;
    for path in [CALL_HOME, GATEWAY] {
        let mut agent = Agent::new(&app.url(), path, "1", &app.running.clock);
        let registered = agent.register(agent.registration(&token)).await;
        assert_eq!(registered.virtual_account, "Tokyo");
        agent.report(&[(tags::ENHANCED_PLUS, 4)]).await;
        assert_eq!(enhanced_plus(&rest, "Tokyo").await.1, 4);
        agent.renew().await;
        let message = agent.message(in_use(&[]));
        let sent = CallHomeMessage {
            session_to: "urn:to".to_owned(),
            session_from: "urn:from".to_owned(),
            ..CallHomeMessage::request("M7".to_owned(), app.now(), message)
        };
        let reply = agent.post(sent.to_xml()).await;
        assert_eq!((reply.status, &*reply.kind), (200, "text/xml; charset=utf-8"));
        let answer = CallHomeMessage::parse(reply.text.as_bytes()).unwrap();
        assert_eq!((&*answer.session_to, &*answer.session_from), ("urn:from", "urn:to"));
        assert!(answer.message_id.starts_with("A:") && answer.created == Some(app.now()));
        agent.done(RequestBody::Deregistration(Deregistration {})).await;
        assert_eq!(enhanced_plus(&rest, "Tokyo").await.1, 0);
    }
    let log = events(&app.sign_in("tom").await, "Tokyo").await;
    assert!(some_with(&log, &["deregistered"]), "{log:?}");
}

/// device-protocol.md 1.2: what cannot be read is told with its place, and signed.
async fn a_broken_envelope_is_answered_with_a_signed_refusal(app: &TestApp) {
    let mut agent = Agent::new(&app.url(), CALL_HOME, "1", &app.running.clock);
    let whole = agent.message(in_use(&[]));
    let whole = agent.wrapped(whole);
    for (broken, wanted) in [
        (whole.replace("</aml-block:Block>", ""), "line 39, column 1"),
        (whole.replace("<soap-env:Header>", "<!DOCTYPE a>"), "a DOCTYPE is not allowed at line 3"),
        (whole.replace("smart_licensing_data", "x"), "no Attachment with the Name"),
        ("{}".to_owned(), "text outside of the envelope at line 1, column 1"),
    ] {
        let reply = agent.post(broken).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        let envelope = CallHomeMessage::parse(reply.text.as_bytes()).unwrap();
        assert_eq!((&*envelope.session_to, &*envelope.session_from), (SESSION_FROM, SESSION_TO));
        let signed = SignedResponse::parse(envelope.attachment.as_bytes()).unwrap();
        let answer = signed.response;
        assert_eq!((answer.status, answer.error_code), (StatusCode::Failed, Some(49)));
        let text = answer.message.unwrap();
        assert!(text.starts_with("{\"envelope\":[\"The message cannot be read: "), "{text}");
        assert!(text.contains(wanted), "{text}");
        let certificates = answer.data.unwrap().signing_certificates;
        let spki = chain::read(&certificates[0].0).unwrap().spki_der;
        let key = PublicKey::from_spki_der(&spki).unwrap();
        key.verify(signed.text.as_bytes(), &signed.signature.0).unwrap();
    }
    let reply = agent.post(whole.replace("{\"signature\"", "{\"sig\"")).await;
    assert_eq!((reply.status, agent.read(&reply).error_code), (400, Some(36)));
    let long = agent.post(vec![b' '; 3_145_729]).await;
    assert_eq!(long.status, 413);
    assert!(agent.read(&long).message.unwrap().contains("envelope"), "{long:?}");
    let got = reqwest::get(format!("{}{CALL_HOME}", app.url())).await.unwrap();
    assert_eq!((got.status().as_u16(), &got.headers()["allow"]), (405, &"POST".parse().unwrap()));
}

/// device-protocol.md 1.1: the URLs of a satellite; without a registration of its own it has
/// nothing to give.
async fn a_satellite_that_is_not_registered_says_so(app: &TestApp) {
    let wanted = "{\"server\":[\"This SSM On-Prem is not registered with CSSM: no product can \
                  register with it yet.\"]}";
    for path in ["/SmartTransport", GATEWAY] {
        let mut agent = Agent::new(&app.satellite_url(), path, "1", &app.running.clock);
        assert_eq!(agent.turned_away(agent.registration("token")).await, wanted);
        agent.header.product_instance_identifier = Some(uuid::Uuid::from_u128(7));
        agent.header.id_cert_serial_number = Some(7);
        assert_eq!(agent.refused(in_use(&[])).await, wanted);
    }
}

/// device-protocol.md 1.4: the answer speaks the version of the request and says what the
/// server can do.
#[actix_web::test]
async fn versions_and_capabilities_are_told() {
    use crate::support::databases::{Database, run};
    run(Database::sqlite(), async |app: &TestApp| {
        let token = app.lab().token.clone().unwrap();
        for version in ["1.1", "1.2", "1.3"] {
            let mut agent = agent(app, version);
            version.clone_into(&mut agent.header.version);
            agent.register(agent.registration(&token)).await;
            let answer = agent.send(in_use(&[])).await;
            assert_eq!(answer.header.version, version);
            assert!(matches!(answer.data.unwrap().body, Some(AnswerBody::Authorization(_))));
            let server = answer.header.connect_info.unwrap();
            assert_eq!((&*server.name, server.production), ("SYNCOM", false));
            assert_eq!(server.capabilities, ["MULTITIER", "OK_TRY_AGAIN"]);
        }
        let mut agent = agent(app, "high");
        "1.4".clone_into(&mut agent.header.version);
        let answer = agent.send(in_use(&[])).await;
        assert_eq!((answer.status, answer.error_code), (StatusCode::VersionTooHigh, Some(127)));
    })
    .await;
}
