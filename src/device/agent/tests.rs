//! The timers and states of device-protocol.md 3.1 to 3.3, on a clock that the test holds.

use super::super::state::Product;
use super::*;
use uuid::Uuid;

fn day(n: u64) -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap().plus_days(n)
}

fn fresh() -> State {
    State::new(Product::simulated("SIM000001"), "key".to_owned())
}

fn uses(state: &mut State, count: u64, now: Timestamp) {
    state.tick(now);
    state.set_usage(&[("regid.a,12.0_x".to_owned(), count)], now);
}

fn registered(state: &mut State, now: Timestamp) {
    let answer = RegistrationAnswer {
        id_certificate: crate::protocol::fields::Der(vec![1]),
        smart_account: "Contoso Lab".to_owned(),
        virtual_account: "Berlin".to_owned(),
        export_control_allowed: true,
        registration_date: now,
        renew_at: now.plus_days(180),
        expires_at: now.plus_days(365),
    };
    let outcome = Ok((AnswerBody::Registration(answer), verified()));
    state.note_registration(outcome, now).unwrap();
}

fn verified() -> Verified {
    Verified {
        product_instance_identifier: Uuid::from_u128(1),
        identity_serial: Some(5),
        signers_pem: None,
        signer_serial: 3,
        root_on_first_use: false,
    }
}

fn answered(state: &mut State, status: AuthorizationStatus, now: Timestamp) {
    let answer = AuthorizationAnswer {
        status,
        entitlements: Vec::new(),
        renew_at: now.plus_days(30),
        expires_at: now.plus_days(90),
        smart_account: "Contoso Lab".to_owned(),
        virtual_account: "Tokyo".to_owned(),
    };
    let outcome = Ok((AnswerBody::Authorization(answer), verified()));
    state.note_authorization(outcome, now).unwrap();
}

/// device-protocol.md 3.1: the evaluation clock stops when no license is in use.
#[test]
fn evaluation_counts_only_the_days_of_use() {
    let mut state = fresh();
    uses(&mut state, 4, day(0));
    assert_eq!(state.authorization_state(day(0)), AuthorizationState::Eval);
    uses(&mut state, 0, day(20));
    assert_eq!(state.authorization_state(day(50)), AuthorizationState::None);
    assert_eq!(state.evaluation_left(day(50)), TimeDelta::days(70));
    uses(&mut state, 1, day(50));
    assert_eq!(state.evaluation_left(day(60)), TimeDelta::days(60));
    assert_eq!(state.authorization_state(day(119)), AuthorizationState::Eval);
    assert_eq!(state.authorization_state(day(120)), AuthorizationState::EvalExpired);
    state.tick(day(400));
    assert_eq!(state.evaluation_left(day(400)), TimeDelta::zero());
}

/// device-protocol.md 3.1: not restored by de-registering, paused while registered.
#[test]
fn a_registration_pauses_the_evaluation_and_does_not_refill_it() {
    let mut state = fresh();
    uses(&mut state, 1, day(0));
    state.tick(day(10));
    registered(&mut state, day(10));
    assert_eq!(state.evaluation_left(day(300)), TimeDelta::days(80));
    state.tick(day(300));
    state.forget_registration(day(300));
    assert_eq!(state.authorization_state(day(300)), AuthorizationState::Eval);
    assert_eq!(state.evaluation_left(day(310)), TimeDelta::days(70));
}

#[test]
fn a_clock_set_back_gives_no_evaluation_time_back() {
    let mut state = fresh();
    uses(&mut state, 1, day(30));
    state.tick(day(40));
    state.tick(day(10));
    assert_eq!(state.evaluation_left(day(10)), TimeDelta::days(80));
}

/// device-protocol.md 3.3: authorized, out of compliance, put right, expired, back.
#[test]
fn the_authorization_follows_the_answers_and_the_deadline() {
    let mut state = fresh();
    registered(&mut state, day(0));
    assert_eq!(state.authorization_state(day(0)), AuthorizationState::None);
    uses(&mut state, 4, day(0));
    assert_eq!(state.authorization_state(day(0)), AuthorizationState::Waiting);
    answered(&mut state, AuthorizationStatus::Authorized, day(0));
    assert_eq!(state.authorization_state(day(89)), AuthorizationState::Authorized);
    assert_eq!(state.authorization.next_attempt, Some(day(30)));
    assert_eq!(state.authorization_state(day(90)), AuthorizationState::AuthorizationExpired);
    answered(&mut state, AuthorizationStatus::OutOfCompliance, day(91));
    assert_eq!(state.authorization_state(day(91)), AuthorizationState::OutOfCompliance);
    answered(&mut state, AuthorizationStatus::OutOfCompliance, day(92));
    assert_eq!(state.authorization.out_of_compliance_since, Some(day(91)));
    answered(&mut state, AuthorizationStatus::Authorized, day(93));
    assert_eq!(state.authorization.out_of_compliance_since, None);
    let identity = state.registration.identity.as_ref().unwrap();
    assert_eq!(identity.virtual_account, "Tokyo");
}

/// device-protocol.md 3.3: +365 days without renewal.
#[test]
fn an_identity_that_runs_out_ends_the_registration() {
    let mut state = fresh();
    registered(&mut state, day(0));
    uses(&mut state, 4, day(0));
    state.tick(day(364));
    assert_eq!(state.registration_state(), RegistrationState::Complete);
    state.tick(day(370));
    assert_eq!(state.registration_state(), RegistrationState::Expired);
    // The evaluation has run since the moment of expiry, not since it was noticed.
    assert_eq!(state.evaluation_left(day(370)), TimeDelta::days(85));
    assert_eq!(state.usage.len(), 1);
}

#[test]
fn failures_are_remembered_by_kind_and_leave_a_registration_alone() {
    let unreachable = || Err(DeviceError::Unreachable("no route".to_owned()));
    let mut state = fresh();
    assert!(state.note_registration(unreachable(), day(0)).is_err());
    assert_eq!(state.registration_state(), RegistrationState::Retry);
    let refused = Err(DeviceError::NotNow("no"));
    assert!(state.note_registration(refused, day(0)).is_err());
    assert_eq!(state.registration_state(), RegistrationState::Failed);
    registered(&mut state, day(1));
    assert_eq!(state.registration_state(), RegistrationState::Complete);
    assert!(state.note_authorization(unreachable(), day(2)).is_err());
    assert_eq!(state.authorization.next_attempt, Some(day(2) + TimeDelta::seconds(30)));
    assert!(state.note_renewal(unreachable(), day(2)).is_err());
    let identity = state.registration.identity.as_ref().unwrap();
    assert_eq!(identity.renew_at, day(2) + TimeDelta::minutes(15));
    assert_eq!(state.registration_state(), RegistrationState::Complete);
}

#[test]
fn a_released_tag_is_reported_once_and_then_forgotten() {
    let mut state = fresh();
    registered(&mut state, day(0));
    uses(&mut state, 4, day(0));
    uses(&mut state, 0, day(1));
    assert_eq!(state.usage.len(), 1);
    answered(&mut state, AuthorizationStatus::NoLicensesInUse, day(1));
    assert!(state.usage.is_empty());
}

#[test]
fn the_version_is_taken_from_the_tag() {
    assert_eq!(version_of("regid.2017-02.com.cisco.UCM_CUWL,12.0_x"), Some("12.0"));
    assert_eq!(version_of("odd"), None);
}
