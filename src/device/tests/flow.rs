//! Register, consume, renew, leave.

use super::super::machine::{AuthorizationState, RegistrationState};
use super::*;
use crate::protocol::answers::AuthorizationStatus;
use crate::protocol::bodies::RequestBody;
use crate::protocol::error_codes::Fault;

const TAG: &str = "regid.2017-02.com.cisco.UCM_ENH,12.0_x";

fn four() -> Vec<(String, u64)> {
    vec![(TAG.to_owned(), 4)]
}

#[tokio::test]
async fn a_product_registers_consumes_renews_and_leaves() {
    let (lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, " token\n", false, now()).await.unwrap();
    let identity = device.state().registration.identity.clone().unwrap();
    assert_eq!((identity.serial, identity.signer_serial), (101, 3));
    assert_eq!(identity.virtual_account, "Berlin");

    device.use_licenses(&client, &four(), now()).await.unwrap();
    assert_eq!(device.state().authorization_state(now()), AuthorizationState::Authorized);
    let told = &device.state().usage[TAG];
    assert_eq!(told.display_name.as_deref(), Some("UCM Enhanced Plus"));
    assert_eq!(told.version.as_deref(), Some("12.0"));

    device.renew_identity(&client, now()).await.unwrap();
    assert_eq!(device.state().registration.identity.as_ref().unwrap().serial, 102);

    device.deregister(&client, now()).await.unwrap();
    assert_eq!(device.state().registration_state(), RegistrationState::NotRegistered);
    assert_eq!(device.state().authorization_state(now()), AuthorizationState::Eval);

    let received = &lab.lock().unwrap().received;
    let RequestBody::Registration(first) = &received[0].body else { panic!("{received:?}") };
    assert_eq!(first.idtoken, "token");
    assert_eq!(received[0].header.product_instance_identifier, None);
    assert_eq!(received[1].header.id_cert_serial_number, Some(101));
    assert_eq!(received[3].header.id_cert_serial_number, Some(102));
}

/// Four messages in one millisecond must not look like replays.
#[tokio::test]
async fn timestamps_always_grow_even_when_the_clock_stands_or_goes_back() {
    let (lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    device.renew_authorization(&client, now()).await.unwrap();
    let back = now() + chrono::TimeDelta::minutes(-5);
    device.renew_authorization(&client, back).await.unwrap();
    let times: Vec<_> = lab.lock().unwrap().received.iter().map(|r| r.timestamp.millis()).collect();
    assert_eq!(times, [now().millis(), now().millis() + 1, now().millis() + 2]);
}

/// A message of the far future was refused for its skew; it must not drag the next ones along.
#[tokio::test]
async fn a_clock_put_right_is_used_again() {
    let (lab, client) = start(Lab::new()).await;
    let mut device = device();
    let ahead = now() + chrono::TimeDelta::hours(2);
    lab.lock().unwrap().refuse = Some(Fault::ClockSkew { device: ahead, server: now() });
    let error = device.register(&client, "token", false, ahead).await.unwrap_err();
    assert!(matches!(error, DeviceError::Refused { server_time: Some(t), .. } if t == now()));
    lab.lock().unwrap().refuse = None;
    device.register(&client, "token", false, now()).await.unwrap();
    assert_eq!(lab.lock().unwrap().received[1].timestamp, now());
}

#[tokio::test]
async fn out_of_compliance_is_told_and_put_right() {
    let (lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    lab.lock().unwrap().status = AuthorizationStatus::OutOfCompliance;
    device.use_licenses(&client, &four(), now()).await.unwrap();
    assert_eq!(device.state().authorization_state(now()), AuthorizationState::OutOfCompliance);
    let text = show::text(device.state(), show::Part::All, now());
    assert!(text.contains("Status: OUT OF COMPLIANCE on Jan 05 2026 09:00:00 UTC"), "{text}");
    lab.lock().unwrap().status = AuthorizationStatus::Authorized;
    device.renew_authorization(&client, now()).await.unwrap();
    assert_eq!(device.state().authorization_state(now()), AuthorizationState::Authorized);
}

/// device-protocol.md 2.5: refused by the device itself without force.
#[tokio::test]
async fn a_registered_product_registers_again_only_with_force() {
    let (lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    let again = device.register(&client, "token", false, now()).await;
    assert!(matches!(again, Err(DeviceError::NotNow(_))), "{again:?}");
    assert_eq!(lab.lock().unwrap().received.len(), 1);
    device.register(&client, "token", true, now()).await.unwrap();
    assert_eq!(device.state().registration.identity.as_ref().unwrap().serial, 102);
}

#[tokio::test]
async fn a_refusal_is_shown_in_the_servers_words() {
    let (lab, client) = start(Lab::new()).await;
    lab.lock().unwrap().refuse = Some(Fault::TokenInvalid { token: "x".to_owned() });
    let mut device = device();
    let error = device.register(&client, "x", false, now()).await.unwrap_err();
    assert_eq!(error.server_texts(), ["The token 'x' is not valid."]);
    assert_eq!(device.state().registration_state(), RegistrationState::Failed);
    let text = show::text(device.state(), show::Part::Status, now());
    assert!(text.contains("UNREGISTERED - REGISTRATION FAILED"), "{text}");
    assert!(text.contains("The token 'x' is not valid."), "{text}");
}

/// device-protocol.md 2.5: local data is wiped even if the message fails.
#[tokio::test]
async fn leaving_forgets_the_registration_even_if_the_server_is_gone() {
    let (_lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    let nowhere = Client::new(&lab::nowhere(), None, None).unwrap();
    let error = device.deregister(&nowhere, now()).await.unwrap_err();
    assert!(matches!(error, DeviceError::Unreachable(_)), "{error:?}");
    assert_eq!(device.state().registration_state(), RegistrationState::NotRegistered);
    let again = device.deregister(&client, now()).await.unwrap_err();
    assert_eq!(again.to_string(), "Smart Agent not registered");
}

#[tokio::test]
async fn a_state_file_brings_the_product_back_as_it_was() {
    let (_lab, client) = start(Lab::new()).await;
    let mut device = device();
    device.register(&client, "token", false, now()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.json");
    device.state().save(&path).unwrap();
    let mut again = Device::from_state(state::State::load(&path).unwrap()).unwrap();
    assert_eq!(again.state(), device.state());
    again.renew_authorization(&client, now()).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn a_state_file_of_another_version_or_with_strange_members_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.json");
    device().state().save(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let load = |text: String| {
        std::fs::write(&path, text).unwrap();
        state::State::load(&path).unwrap_err().to_string()
    };
    assert!(load(text.replace("\"version\": 2,", "\"version\": 1,")).contains("must be 2"));
    assert!(load(text.replace("\"usage\"", "\"usages\"")).contains("unknown field `usages`"));
    assert!(load("{".to_owned()).contains("state file"));
    let missing = state::State::load(&folder.path().join("none.json")).unwrap_err();
    assert!(missing.to_string().contains("syncom device new"), "{missing}");
}
