//! When things happen by themselves: warnings, retries, renewals, clocks that were set.

use super::*;
use crate::device::timers::JITTER_PERCENT;

/// Whether `at` is `seconds` after `since`, give or take the spread of a retry.
fn about(at: Option<Timestamp>, since: Timestamp, seconds: i64) -> bool {
    let most = (seconds * JITTER_PERCENT).div_euclid(100) + 1;
    at.is_some_and(|at| ((at - since).num_seconds() - seconds).abs() <= most)
}

/// device-protocol.md 3.1: 60, 30, 21, 14, 7 days, daily, hourly on the last day and after it.
#[test]
fn the_end_of_the_evaluation_is_announced_on_schedule() {
    let mut agent = Agent::new();
    agent.uses(1, day(0));
    let mut warned = Vec::new();
    let hours = 24 * 92;
    for hour in 1..=hours {
        let now = day(0) + TimeDelta::hours(hour);
        warned.extend(agent.tick(now).into_iter().map(|notice| (hour, notice)));
    }
    let days: Vec<i64> = warned
        .iter()
        .filter_map(|(_, notice)| match notice {
            Notice::EvaluationLeft { seconds } if seconds % 86_400 == 0 => Some(seconds / 86_400),
            _ => None,
        })
        .collect();
    assert_eq!(days, [60, 30, 21, 14, 7, 6, 5, 4, 3, 2, 1]);
    let last_day = warned.iter().filter(|(hour, _)| (24 * 89 + 1..24 * 90).contains(hour));
    assert_eq!(last_day.count(), 23);
    let after = warned.iter().filter(|(_, notice)| *notice == Notice::EvaluationExpired);
    assert_eq!(after.count(), 1 + 48);
}

/// A long time brings one warning, not a thousand.
#[test]
fn what_a_long_silence_has_missed_is_told_once() {
    let mut agent = Agent::new();
    agent.uses(1, day(0));
    assert_eq!(agent.tick(day(65)), [Notice::EvaluationLeft { seconds: 25 * 86_400 }]);
    assert_eq!(agent.tick(day(400)), [Notice::EvaluationExpired]);
    assert_eq!(agent.tick(day(800)), [Notice::EvaluationExpired]);
    assert!(agent.tick(day(800) + TimeDelta::minutes(59)).is_empty());
}

/// device-protocol.md 3.1: two samples of retries, 29 s and 15 min 39 s, within the spread.
#[test]
fn retries_back_off_and_are_spread_by_the_seed() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    let mut pauses = Vec::new();
    for attempt in 0..10 {
        let now = day(1) + TimeDelta::hours(attempt);
        agent.on(Event::RenewAuthorization, now).unwrap();
        agent.answer(Exchange::Authorization, unreachable(), now);
        let next = agent.state.authorization.next_attempt;
        let expected = (30 * 2_i64.pow(u32::try_from(attempt).unwrap())).min(3_600);
        assert!(about(next, now, expected), "{attempt}: {next:?}");
        pauses.push(next.unwrap() - now);
    }
    assert!(pauses.iter().any(|pause| pause.num_milliseconds() % 30_000 != 0), "no spread");
    agent.on(Event::RenewIdentity, day(2)).unwrap();
    agent.answer(Exchange::IdCertRenew, unreachable(), day(2));
    let renew_at = agent.state.registration.identity.as_ref().map(|id| id.renew_at);
    assert!(about(renew_at, day(2), 900), "{renew_at:?}");
    let again = |seed: &str| {
        let mut agent = Agent::new();
        agent.state.settings.seed = seed.to_owned();
        agent.on(register(false), day(0)).unwrap();
        agent.answer(Exchange::Registration, unreachable(), day(0));
        agent.state.registration.pending.unwrap().next_attempt
    };
    assert_eq!(again("a"), again("a"));
    assert_ne!(again("a"), again("b"));
}

#[test]
fn the_server_may_ask_for_a_longer_pause() {
    let mut agent = Agent::new();
    agent.on(register(false), day(0)).unwrap();
    agent.answer(Exchange::Registration, try_again(7_200), day(0));
    assert_eq!(agent.registration(), RegistrationState::Retry);
    let pending = agent.state.registration.pending.clone().unwrap();
    assert!(about(pending.next_attempt, day(0), 7_200), "{pending:?}");
}

/// device-protocol.md 3.3: retry, in progress again, complete; the first authorization follows
/// 4 to 14 seconds later.
#[test]
fn a_registration_is_retried_until_it_is_answered() {
    let mut agent = Agent::new();
    agent.on(register(false), day(0)).unwrap();
    assert_eq!(agent.registration(), RegistrationState::InProgress);
    agent.answer(Exchange::Registration, unreachable(), day(0));
    assert_eq!(agent.on(Event::Due, day(0)), Ok(Vec::new()));
    let next = agent.state.next_due().unwrap();
    assert_eq!(agent.on(Event::Due, next), Ok(vec![Action::Send(Exchange::Registration)]));
    agent.answer(Exchange::Registration, Ok(good(Exchange::Registration, next)), next);
    let wait = agent.state.authorization.next_attempt.unwrap() - next;
    assert!((TimeDelta::seconds(4)..=TimeDelta::seconds(14)).contains(&wait), "{wait}");
    let due = agent.state.next_due().unwrap();
    assert_eq!(agent.on(Event::Due, due), Ok(vec![Action::Send(Exchange::Authorization)]));
}

/// device-protocol.md 3.1: `COMM_FAILED` once, `COMM_RESTORED` once.
#[test]
fn silence_and_its_end_are_told_once() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    let mut heard = |outcome: Outcome, hour: i64| {
        let now = day(1) + TimeDelta::hours(hour);
        agent.on(Event::RenewAuthorization, now).unwrap();
        agent.answer(Exchange::Authorization, outcome, now)
    };
    let told = |actions: &[Action], notice: &Notice| {
        actions.iter().any(|action| matches!(action, Action::Tell(told) if told == notice))
    };
    let reason = "cannot reach the server: no route".to_owned();
    let failed = Notice::CommunicationFailed { reason };
    assert!(told(&heard(unreachable(), 1), &failed));
    assert!(!told(&heard(unreachable(), 2), &failed));
    assert!(told(&heard(try_again(60), 3), &Notice::CommunicationRestored));
    let good = heard(Ok(authorization(AuthorizationStatus::Authorized, day(1))), 4);
    assert!(!told(&good, &Notice::CommunicationRestored));
}

/// device-protocol.md 3.1: an hour to put the clock right, then the certificate is removed.
#[test]
fn a_clock_outside_the_certificate_has_an_hour() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    let told = agent.on(Event::ClockSet, day(700)).unwrap();
    assert_eq!(told, [Action::Tell(Notice::ClockChanged), Action::Tell(Notice::OutOfRange)]);
    assert!(agent.tick(day(700) + TimeDelta::minutes(59)).is_empty());
    assert_eq!(agent.registration(), RegistrationState::Complete);
    let mut mended = Agent { state: agent.state.clone() };
    let told = mended.on(Event::ClockSet, day(1)).unwrap();
    assert_eq!(told, [Action::Tell(Notice::ClockChanged), Action::Tell(Notice::InRange)]);
    mended.tick(day(2));
    assert_eq!(mended.registration(), RegistrationState::Complete);
    let told = agent.tick(day(700) + TimeDelta::minutes(60));
    assert_eq!(told, [Notice::OutOfRangeRemoved]);
    assert_eq!(agent.registration(), RegistrationState::Expired);
}

/// A clock before the certificate's first day is out of range too; less than an hour is not.
#[test]
fn a_clock_before_the_certificate_is_out_of_range() {
    let mut agent = Agent::new();
    agent.registered(day(10));
    assert!(agent.tick(day(10) + TimeDelta::minutes(-59)).is_empty());
    let told = agent.tick(day(5));
    assert_eq!(told, [Notice::ClockChanged, Notice::OutOfRange]);
    assert_eq!(agent.tick(day(5) + TimeDelta::hours(1)), [Notice::OutOfRangeRemoved]);
}

/// The product's own cadence comes before the server's thirty days.
#[test]
fn a_product_reports_at_its_own_cadence() {
    let mut agent = Agent::new();
    agent.state.timers.set("reporting", "6h").unwrap();
    agent.registered(day(0));
    agent.authorized(AuthorizationStatus::Authorized, day(0));
    assert_eq!(agent.state.authorization.next_attempt, Some(day(0) + TimeDelta::hours(6)));
}

/// device-protocol.md 2.2 (MIB): a certificate that is not renewed is announced to expire.
#[test]
fn an_identity_that_will_expire_is_announced() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    assert_eq!(agent.tick(day(305)), [Notice::IdentityExpiring { days: 60 }]);
    assert!(agent.tick(day(306)).is_empty());
    assert_eq!(agent.tick(day(364)), [Notice::IdentityExpiring { days: 1 }]);
    assert_eq!(agent.tick(day(365)), [Notice::IdentityExpired]);
}

/// Found by the property of `tests/it/properties/belief.rs`: who is due exactly now asks once.
#[test]
fn what_was_due_is_due_no_more() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.authorized(AuthorizationStatus::Authorized, day(0));
    assert_eq!(agent.on(Event::Due, day(30)), Ok(vec![Action::Send(Exchange::Authorization)]));
    agent.authorized(AuthorizationStatus::Authorized, day(30));
    assert_eq!(agent.on(Event::Due, day(30)), Ok(Vec::new()));
    assert_eq!(agent.state.next_due(), Some(day(60)));
}
