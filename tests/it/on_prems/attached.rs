//! Each REST call and each message of a device that could touch what belongs to a satellite, on a
//! virtual account that is attached to one (2.6).

use super::taking::transfer;
use crate::scenarios::{V1, enhanced_plus, instances, token};
use crate::support::agent::{Agent, SMART_TRANSPORT, in_use};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::on_prem::TestSatellite;
use crate::support::rest::Rest;
use serde_json::{Value, json};
use syncom::crypto::csr;
use syncom::device::profile::Profile;
use syncom::domain::reservation::Kind as Form;
use syncom::domain::sync::Kind;
use syncom::protocol::bodies::{Deregistration, IdCertRenew, RequestBody};
use syncom::protocol::codes::request;
use syncom::protocol::export_key::{Action, ExportKey};
use syncom::protocol::fields::Der;
use syncom::protocol::sudi::Sudi;
use syncom::protocol::third_party::{ThirdPartyKey, VoucherRequest};

on_both_databases!(
    each_call_is_refused_with_its_reason,
    nothing_moves_into_it,
    no_message_of_a_device_reaches_it,
);

const TOKENS: &str =
    "Virtual account Sat-A-VA belongs to the On-Prem sat-a; create its registration tokens there.";
const DEVICES: &str = "Virtual account Sat-A-VA belongs to the On-Prem sat-a; its product \
     instances and reservations are managed there.";
const DELETION: &str = "Sat-A-VA belongs to the On-Prem sat-a.";

/// A satellite that has told of one product instance, and ten licenses of its virtual account.
async fn ground(app: &TestApp) -> (Rest, TestSatellite) {
    let ann = app.rest_as("ann").await;
    assert_eq!(transfer(&ann, "Tokyo", "Sat-A-VA", 10).await, 200);
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    one.sync(app, Kind::Full, told).await;
    (ann, one)
}

fn device() -> Value {
    json!({"sudi":{"udiPid":"SIM","udiSerialNumber":"sat-a-1"},
        "productTagName":"regid.2026-01.com.syncom.SIM,1.0_0b1ae5b3"})
}

fn with(mut entry: Value, more: &Value) -> Value {
    let more = more.as_object().unwrap().clone();
    entry.as_object_mut().unwrap().extend(more);
    entry
}

fn reservation() -> Value {
    let tag = Profile::find("sim").unwrap().software_tag;
    let code = request::write(&Sudi::hardware("SIM", "R1"), &tag, Form::Specific, false);
    json!({"reservationCode":code,"reservationType":"SPECIFIC",
        "licenses":[{"entitlementTag":tags::ENHANCED_PLUS,"quantity":1}]})
}

fn export_key() -> RequestBody {
    let license = tags::RESTRICTED.to_owned();
    RequestBody::ExportKey(ExportKey { action: Action::Request, license })
}

fn voucher() -> RequestBody {
    let voucher = VoucherRequest {
        id: "1".to_owned(),
        name: tags::ENHANCED_PLUS.to_owned(),
        value: "site 7 of Tokyo".to_owned(),
        routing: "NUANCE".to_owned(),
        action: "REGISTER".to_owned(),
        key_id: None,
    };
    let data = vec![voucher];
    RequestBody::ThirdPartyKey(ThirdPartyKey { live: true, data, compliance_required: false })
}

/// A call that writes: its path, its body, and the rule that refuses it.
type Refused = (String, Value, &'static str);

/// What is asked for: to move, to remove, to reserve, to update, to confirm.
fn bodies() -> [Value; 5] {
    let more = json!({"licenses":[{"entitlementTag":tags::ENHANCED_PLUS,"quantity":1}]});
    let to_berlin = json!({"targetVirtualAccount":"Berlin"});
    [
        json!({"productInstances":[with(device(), &to_berlin)]}),
        json!({"productInstacesRemoveRequests":[device()]}),
        json!({"reservationRequests":[reservation()]}),
        json!({"reservationUpdateRequests":[with(device(), &more)]}),
        json!({"reservationConfirmationRequests":
            [with(device(), &json!({"confirmationCode":"abc"}))]}),
    ]
}

/// The calls of the API.
fn calls() -> Vec<Refused> {
    let at = |rest: &str| format!("{V1}/virtual-accounts/Sat-A-VA/{rest}");
    let [moving, removal, reserving, update, confirmation] = bodies();
    vec![
        (at("tokens"), json!({"expiresAfterDays":30}), TOKENS),
        (at("devices/transfer"), moving, DEVICES),
        (at("devices/remove"), removal, DEVICES),
        (at("reserve-licenses"), reserving, DEVICES),
        (at("update-licenses"), update, DEVICES),
        (at("confirm-licenses"), confirmation, DEVICES),
        (format!("{V1}/customer/virtual-accounts/Sat-A-VA/delete"), Value::Null, DELETION),
    ]
}

/// The same of the newer gateway, which names the virtual account in the address or in the body.
fn calls_of_the_gateway() -> Vec<Refused> {
    const BASE: &str = "/v1/software/apis/licensing";
    let one = |version: &str, rest: &str| {
        format!("{BASE}/{version}/account/lab.example/virtual-account/Sat-A-VA/{rest}")
    };
    let all = |rest: &str| format!("{BASE}/v2/accounts/lab.example/{rest}");
    let named = |body: &Value| with(body.clone(), &json!({"virtualAccountName":"Sat-A-VA"}));
    let [_, removal, reserving, update, confirmation] = bodies();
    let bulk = json!({"virtualAccounts":[with(json!({"name":"Sat-A-VA"}), &reserving)]});
    let removals = format!("{BASE}/v3/accounts/lab.example/devices/remove");
    let in_bulk = format!("{BASE}/v2/account/lab.example/licenses/reserve-bulk");
    vec![
        (one("v1", "licenses/reserve"), reserving.clone(), DEVICES),
        (one("v2", "licenses/reserve"), reserving, DEVICES),
        (in_bulk, bulk.clone(), DEVICES),
        (all("licenses/reserve"), bulk, DEVICES),
        (one("v1", "licenses/update"), update.clone(), DEVICES),
        (all("licenses/update"), named(&update), DEVICES),
        (one("v1", "confirm-slr-update"), confirmation.clone(), DEVICES),
        (all("licenses/confirm"), named(&confirmation), DEVICES),
        (removals, named(&removal), DEVICES),
    ]
}

/// AS-42, A-TOK-13, A-PIN-09, A-TRF-09, A-RSV-08, A-VAS-04: by REST, one call after the other, with
/// the status and the reason; nothing has changed afterwards. Licenses do move (A-TRF-06), and what
/// there is can be read.
async fn each_call_is_refused_with_its_reason(app: &TestApp) {
    let (ann, _one) = ground(app).await;
    let before = (instances(&ann, "Sat-A-VA").await, enhanced_plus(&ann, "Sat-A-VA").await);
    assert_eq!(before, (vec!["sat-a-dev-1".to_owned()], (10, 2, 8)));
    for (path, body, reason) in calls().into_iter().chain(calls_of_the_gateway()) {
        let refused = ann.post(&path, &body).await;
        assert_eq!(refused.status, 422, "{path}: {refused:?}");
        assert!(refused.text.contains(reason), "{path}: {refused:?}");
    }
    let after = (instances(&ann, "Sat-A-VA").await, enhanced_plus(&ann, "Sat-A-VA").await);
    assert_eq!(after, before);
    assert_eq!(transfer(&ann, "Sat-A-VA", "Berlin", 3).await, 200);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (7, 2, 5));
    let listed = ann.get(&format!("{V1}/virtual-accounts/Sat-A-VA/tokens")).await;
    assert_eq!(listed.status, 200, "{listed:?}");
}

/// A-PIN-09, A-TRF-09: a product instance of another virtual account is not moved into it; its
/// entry of the answer says why, and it stays where it is.
async fn nothing_moves_into_it(app: &TestApp) {
    let (ann, _one) = ground(app).await;
    let mut own = app.device(1);
    own.register(&token(&ann, "Berlin", json!({})).await).await.unwrap();
    let berlin = format!("{V1}/virtual-accounts/Berlin/devices");
    let here = ann.get(&berlin).await.json;
    let body = json!({"productInstances":[{"sudi":here["devices"][0]["sudi"],
        "productTagName":here["devices"][0]["productTagName"],
        "targetVirtualAccount":"Sat-A-VA"}]});
    let refused = ann.post(&format!("{berlin}/transfer"), &body).await;
    let entry = &refused.json["productInstancesTransferStatus"][0];
    assert_eq!((refused.status, &entry["status"]), (200, &json!("ERROR")), "{refused:?}");
    assert_eq!(entry["statusMessage"], DEVICES, "{refused:?}");
    assert_eq!(instances(&ann, "Berlin").await, ["dev-1"]);
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["sat-a-dev-1"]);
}

/// 2.6, A-PIN-09: a token that was made before is void, and whoever signs with a key of its own
/// under the name of a mirrored instance is not that instance, whatever the message.
async fn no_message_of_a_device_reaches_it(app: &TestApp) {
    let ann = app.rest_as("ann").await;
    let early = token(&ann, "Sat-A-VA", json!({})).await;
    let revoke = json!({"tokens":[early]});
    let path = format!("{V1}/virtual-accounts/Sat-A-VA/tokens/revoke");
    assert_eq!(ann.post(&path, &revoke).await.status, 200);
    let (ann, one) = ground(app).await;
    let mut agent = Agent::new(&app.url(), SMART_TRANSPORT, "sat-a-1", &app.running.clock);
    let registration = agent.registration(&early);
    let told = agent.turned_away(registration).await;
    assert!(told.contains("revoked"), "{told}");

    let id = one.id(1);
    agent.header.product_instance_identifier = Some(id);
    let csr = Der(csr::make(&agent.key, "SIM").unwrap());
    for serial in [0, 1] {
        agent.header.id_cert_serial_number = Some(serial);
        for body in [
            in_use(&[(tags::ENHANCED_PLUS, 9)]),
            export_key(),
            voucher(),
            RequestBody::IdCertRenew(IdCertRenew { csr: csr.clone() }),
            RequestBody::Deregistration(Deregistration {}),
        ] {
            let kind = body.request_type().name().to_owned();
            let told = agent.refused(body).await;
            assert!(told.contains(&id.to_string()), "{kind}, serial {serial}: {told}");
        }
    }
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["sat-a-dev-1"]);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (10, 2, 8));
}
