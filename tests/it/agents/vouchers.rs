//! Vouchers for third parties.

use super::agent;
use crate::scenarios::{events, some_with};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use syncom::crypto::{chain, sign::PublicKey};
use syncom::protocol::answers::AnswerBody;
use syncom::protocol::bodies::RequestBody;
use syncom::protocol::third_party::{ThirdPartyKey, Voucher, VoucherRequest};

on_both_databases!(a_product_is_vouched_for_what_it_uses, vouchers_can_depend_on_compliance);

fn wanted(tag: &str, live: bool, compliance_required: bool) -> RequestBody {
    let voucher = VoucherRequest {
        id: "1".to_owned(),
        name: tag.to_owned(),
        value: "site 7 of Tokyo".to_owned(),
        routing: "NUANCE".to_owned(),
        action: "REGISTER".to_owned(),
        key_id: Some("k1".to_owned()),
    };
    RequestBody::ThirdPartyKey(ThirdPartyKey { live, data: vec![voucher], compliance_required })
}

/// device-protocol.md 1.4 and 2.6
async fn a_product_is_vouched_for_what_it_uses(app: &TestApp) {
    let mut agent = agent(app, "1");
    agent.register(agent.registration(&app.lab().token.clone().unwrap())).await;
    let tag = tags::ENHANCED_PLUS;
    let idle =
        format!("{{\"data[0].name\":[\"Product Instance is not consuming this tag : {tag}\"]}}");
    assert_eq!(agent.refused(wanted(tag, true, false)).await, idle);
    agent.report(&[(tag, 4)]).await;

    let answer = agent.send(wanted(tag, true, false)).await.data.unwrap();
    let Some(AnswerBody::ThirdPartyKey(vouchers)) = answer.body else { panic!("{answer:?}") };
    let signed = &vouchers.data[0];
    let spki = chain::read(&answer.signing_certificates[0].0).unwrap().spki_der;
    let key = PublicKey::from_spki_der(&spki).unwrap();
    key.verify(signed.voucher.as_bytes(), &signed.signature.value.0).unwrap();
    assert_eq!((&*signed.id, signed.signature.key), ("1", Some(3)));
    let voucher = Voucher::parse(&signed.voucher).unwrap();
    assert_eq!((&*voucher.issuer, voucher.count, voucher.live), ("O=Syncom Lab", 4, true));
    assert_eq!(voucher.product_instance_identifier, agent.header.product_instance_identifier);
    assert_eq!((&*voucher.request.value, voucher.issued_at), ("site 7 of Tokyo", app.now()));

    let tom = app.sign_in("tom").await;
    let told = ["was given a voucher for UCM Enhanced Plus, to be shown to NUANCE"];
    let count = async || events(&tom, "Tokyo").await.iter().filter(|e| e.contains(told[0])).count();
    assert!(some_with(&events(&tom, "Tokyo").await, &told));
    let AnswerBody::ThirdPartyKey(rehearsed) = agent.done(wanted(tag, false, false)).await else {
        panic!()
    };
    assert!(!Voucher::parse(&rehearsed.data[0].voucher).unwrap().live);
    assert_eq!(count().await, 1, "a rehearsal is no event");

    agent.report(&[(tag, 0)]).await;
    assert_eq!(agent.refused(wanted(tag, true, false)).await, idle);
    let stranger = agent.refused(wanted("regid.unknown", true, false)).await;
    assert!(stranger.contains("not consuming this tag : regid.unknown"), "{stranger}");
}

/// device-protocol.md 1.4: `compliance_required`
async fn vouchers_can_depend_on_compliance(app: &TestApp) {
    app.rest_as("ulf").await.take_the_substitutes_away().await;
    let mut agent = agent(app, "1");
    agent.register(agent.registration(&app.lab().token.clone().unwrap())).await;
    let (short, fine) = (tags::ENHANCED_PLUS, tags::ESSENTIALS);
    agent.report(&[(short, 40)]).await;
    agent.done(wanted(short, true, true)).await;
    agent.report(&[(short, 41), (fine, 1)]).await;
    agent.done(wanted(short, true, false)).await;
    let refused = agent.refused(wanted(fine, true, true)).await;
    assert!(refused.starts_with("{\"compliance_required\":[\"The product instance is out of"));
    assert!(refused.contains("UCM Enhanced Plus") && refused.contains("C9300 DNA Essentials"));
}
