//! The states of device-protocol.md 3.1 to 3.3, one life after the other.

use super::*;

/// device-protocol.md 3.1: the evaluation clock stops when no license is in use.
#[test]
fn evaluation_counts_only_the_days_of_use() {
    let mut agent = Agent::new();
    agent.uses(4, day(0));
    assert_eq!(agent.authorization(day(0)), AuthorizationState::Eval);
    agent.uses(0, day(20));
    assert_eq!(agent.authorization(day(50)), AuthorizationState::None);
    assert_eq!(agent.state.evaluation_left(day(50)), TimeDelta::days(70));
    agent.uses(1, day(50));
    assert_eq!(agent.state.evaluation_left(day(60)), TimeDelta::days(60));
    assert_eq!(agent.authorization(day(119)), AuthorizationState::Eval);
    assert_eq!(agent.authorization(day(120)), AuthorizationState::EvalExpired);
    agent.tick(day(400));
    assert_eq!(agent.state.evaluation_left(day(400)), TimeDelta::zero());
}

/// device-protocol.md 3.1: not restored by de-registering, paused while registered.
#[test]
fn a_registration_pauses_the_evaluation_and_does_not_refill_it() {
    let mut agent = Agent::new();
    agent.uses(1, day(0));
    agent.registered(day(10));
    assert_eq!(agent.state.evaluation_left(day(300)), TimeDelta::days(80));
    agent.on(Event::Deregister, day(300)).unwrap();
    agent.answer(Exchange::Deregistration, Ok(good(Exchange::Deregistration, day(300))), day(300));
    assert_eq!(agent.authorization(day(300)), AuthorizationState::Eval);
    assert_eq!(agent.state.evaluation_left(day(310)), TimeDelta::days(70));
}

#[test]
fn a_clock_set_back_gives_no_evaluation_time_back() {
    let mut agent = Agent::new();
    agent.uses(1, day(30));
    agent.tick(day(40));
    agent.tick(day(10));
    assert_eq!(agent.state.evaluation_left(day(10)), TimeDelta::days(80));
}

/// device-protocol.md 3.3: authorized, out of compliance, put right, expired, back.
#[test]
fn the_authorization_follows_the_answers_and_the_deadline() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    assert_eq!(agent.authorization(day(0)), AuthorizationState::None);
    agent.uses(4, day(0));
    assert_eq!(agent.authorization(day(0)), AuthorizationState::Waiting);
    agent.authorized(AuthorizationStatus::Authorized, day(0));
    assert_eq!(agent.authorization(day(89)), AuthorizationState::Authorized);
    assert_eq!(agent.state.authorization.next_attempt, Some(day(30)));
    assert_eq!(agent.authorization(day(90)), AuthorizationState::AuthorizationExpired);
    assert_eq!(agent.tick(day(90)), [Notice::AuthorizationExpired]);
    agent.authorized(AuthorizationStatus::OutOfCompliance, day(91));
    assert_eq!(agent.authorization(day(91)), AuthorizationState::OutOfCompliance);
    agent.authorized(AuthorizationStatus::OutOfCompliance, day(92));
    assert_eq!(agent.state.authorization.out_of_compliance_since, Some(day(91)));
    agent.authorized(AuthorizationStatus::Authorized, day(93));
    assert_eq!(agent.state.authorization.out_of_compliance_since, None);
    let identity = agent.state.registration.identity.as_ref().unwrap();
    assert_eq!(identity.virtual_account, "Tokyo");
}

/// device-protocol.md 3.3: +365 days without renewal.
#[test]
fn an_identity_that_runs_out_ends_the_registration() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.uses(4, day(0));
    agent.answer(Exchange::Authorization, Ok(good(Exchange::Authorization, day(0))), day(0));
    agent.tick(day(364));
    assert_eq!(agent.registration(), RegistrationState::Complete);
    agent.tick(day(370));
    assert_eq!(agent.registration(), RegistrationState::Expired);
    // The evaluation has run since the moment of expiry, not since it was noticed.
    assert_eq!(agent.state.evaluation_left(day(370)), TimeDelta::days(85));
    assert_eq!(agent.state.usage.len(), 1);
}

/// device-protocol.md 3.3: a removed instance keeps its registration, but nothing is authorized
/// any more; registering with force mends it.
#[test]
fn a_removed_instance_knows_it_at_its_next_contact() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.uses(4, day(0));
    agent.answer(Exchange::Authorization, Ok(good(Exchange::Authorization, day(0))), day(0));
    agent.on(Event::Due, day(30)).unwrap();
    agent.answer(Exchange::Authorization, removed(), day(30));
    assert_eq!(agent.registration(), RegistrationState::Complete);
    assert_eq!(agent.authorization(day(30)), AuthorizationState::NotAuthorized);
    agent.on(register(true), day(31)).unwrap();
    agent.answer(Exchange::Registration, Ok(good(Exchange::Registration, day(31))), day(31));
    assert_eq!(agent.authorization(day(31)), AuthorizationState::Waiting);
}

/// device-protocol.md 2.5: the registration is gone even if the message fails.
#[test]
fn leaving_forgets_even_if_nobody_hears() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.on(Event::Deregister, day(1)).unwrap();
    let told = agent.answer(Exchange::Deregistration, unreachable(), day(1));
    assert_eq!(agent.registration(), RegistrationState::NotRegistered);
    let failed =
        |action: &Action| matches!(action, Action::Tell(Notice::DeregistrationFailed { .. }));
    assert!(told.iter().any(failed), "{told:?}");
    assert_eq!(agent.on(Event::Deregister, day(1)), Err(NotNow::NotRegistered));
}

#[test]
fn failures_leave_a_registration_alone() {
    let mut agent = Agent::new();
    agent.on(register(false), day(0)).unwrap();
    agent.answer(Exchange::Registration, refused("no"), day(0));
    assert_eq!(agent.registration(), RegistrationState::Failed);
    agent.registered(day(1));
    agent.on(register(true), day(2)).unwrap();
    agent.answer(Exchange::Registration, refused("no"), day(2));
    assert_eq!(agent.registration(), RegistrationState::Complete);
    assert!(agent.state.registration.pending.is_none());
}

#[test]
fn a_released_tag_is_reported_once_and_then_forgotten() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.uses(4, day(0));
    agent.uses(0, day(1));
    assert_eq!(agent.state.usage.len(), 1);
    agent.authorized(AuthorizationStatus::NoLicensesInUse, day(1));
    assert!(agent.state.usage.is_empty());
}

/// What changes while a report is under way is reported right after it.
#[test]
fn a_change_during_a_report_is_reported_next() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    let second = |n| day(0) + chrono::TimeDelta::seconds(n);
    let answered = |n| Ok(good(Exchange::Authorization, second(n)));
    agent.uses(4, second(1));
    agent.uses(5, second(2));
    agent.answer(Exchange::Authorization, answered(3), second(3));
    let again = Ok(vec![Action::Send(Exchange::Authorization)]);
    assert_eq!(agent.on(Event::Due, second(3)), again);
    agent.answer(Exchange::Authorization, answered(3), second(3));
    assert_eq!(agent.on(Event::Due, second(4)), Ok(Vec::new()), "all is told");
}

#[test]
fn the_version_is_taken_from_the_tag() {
    let mut agent = Agent::new();
    let tags = ["regid.2017-02.com.cisco.UCM_CUWL,12.0_x", "odd"];
    agent.on(Event::Use(tags.map(|tag| (tag.to_owned(), 1)).to_vec()), day(0)).unwrap();
    let version = |tag: &str| agent.state.usage[tag].version.clone();
    assert_eq!(version(tags[0]).as_deref(), Some("12.0"));
    assert_eq!(version(tags[1]), None);
}
