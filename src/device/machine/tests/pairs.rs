//! Every pair of standing and event: a transition that the table describes, or a refusal.

use super::table::{TABLE, Verdict};
use super::*;
use crate::device::situations::portal::{Portal, license};
use crate::device::situations::{AUTHORIZATIONS, Actor};
use crate::domain::reservation;

/// The instant at which all pairs happen.
fn moment() -> Timestamp {
    day(500)
}

/// An agent that stands there, with that authorization; none if there is no such agent.
fn actor(standing: Standing, authorization: AuthorizationState) -> Option<Actor> {
    Actor::at(fresh(), vec![(TAG.to_owned(), 1)], standing, authorization, moment())
}

fn outcome(exchange: Exchange, verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Good => Ok(good(exchange, moment())),
        Verdict::Refused => refused("{\"token\":[\"no\"]}"),
        Verdict::Unknown => removed(),
        Verdict::TryAgain => try_again(60),
        Verdict::Lost => unreachable(),
        Verdict::Untrusted => Err(DeviceError::BadAnswer("forged".to_owned())),
    }
}

/// What a user does about a reservation: with a code that holds, and with others.
fn asks(portal: &Portal) -> Vec<Event> {
    let of = |count| {
        let licenses = [license(TAG, count, None)];
        portal.specific(&fresh().product.sudi, moment(), &licenses).unwrap()
    };
    let asks = [
        Ask::Enable,
        Ask::Disable,
        Ask::Request(reservation::Kind::Specific),
        Ask::Request(reservation::Kind::Universal),
        Ask::Cancel,
        Ask::Install(of(5)),
        Ask::Install("<specificPLR>".to_owned()),
        Ask::Install(portal.universal(&fresh(), 9).unwrap()),
        Ask::Return,
        Ask::ReturnAuthorization(of(6)),
        Ask::ReturnAuthorization("<specificPLR>".to_owned()),
        Ask::ForgetConfirmation,
        Ask::ForgetReturn,
    ];
    asks.map(Event::Reserve).into()
}

/// One event of each kind at least.
fn events(portal: &Portal) -> Vec<Event> {
    let mut events = vec![
        register(false),
        register(true),
        Event::Use(vec![(TAG.to_owned(), 2)]),
        Event::Use(vec![(TAG.to_owned(), 0)]),
        Event::RenewAuthorization,
        Event::RenewIdentity,
        ask_key(),
        Event::Export(ExportCommand::Request(TAG.to_owned())),
        Event::Export(ExportCommand::Cancel),
        Event::Deregister,
        Event::Host(Command::EndTrial),
        Event::Tick,
        Event::Due,
        Event::ClockSet,
    ];
    events.extend(asks(portal));
    for exchange in Exchange::ALL {
        let each = Verdict::ALL.map(|verdict| outcome(exchange, verdict));
        events.extend(each.into_iter().map(|outcome| Event::Answered(exchange, outcome)));
    }
    events
}

fn check(actor: &Actor, standing: Standing, before: AuthorizationState, event: Event) {
    let (now, kind) = (moment(), Kind::of(&event));
    let mut agent = Agent { state: actor.state.clone() };
    assert_eq!((Standing::of(&agent.state), agent.authorization(now)), (standing, before));
    let pair = format!("{standing:?}/{before:?} on {kind:?}");
    let rows: Vec<_> = TABLE
        .iter()
        .filter(|row| row.current.contains(&standing) && row.event.contains(&kind))
        .collect();
    let waits_for = standing.waits_for();
    if let (Kind::Answer(exchange, _), true) = (kind, rows.is_empty()) {
        assert_ne!(waits_for, Some(exchange), "{pair}: an awaited answer has a row");
        assert_eq!(agent.on(event, now), Err(NotNow::NotAsked), "{pair}");
        assert_eq!(Standing::of(&agent.state), standing, "{pair}");
        return;
    }
    let [row] = rows[..] else { panic!("{pair}: {} rows", rows.len()) };
    let done = agent.on(event, now);
    match row.rule {
        Rule::Do(_) => assert!(done.is_ok(), "{pair}: {done:?}"),
        Rule::Refuse(_) | Rule::Busy => assert!(done.is_err(), "{pair}: {done:?}"),
        Rule::Try(_) if done.is_err() => {
            assert_eq!(agent.state, actor.state, "{pair}: refused, nothing changes");
            return;
        }
        // It refuses for reasons that are no part of the standing.
        Rule::Try(_) => {}
    }
    let (registration, authorization) = (agent.registration(), agent.authorization(now));
    if row.registration.is_empty() {
        assert_eq!(registration, standing.registration(), "{pair}");
    } else {
        assert!(row.registration.contains(&registration), "{pair}: {registration:?}");
    }
    if row.authorization.is_empty() {
        assert_eq!(authorization, before, "{pair}");
    } else {
        assert!(row.authorization.contains(&authorization), "{pair}: {authorization:?}");
    }
    let sent = done.is_ok_and(|actions| actions.iter().any(|a| matches!(a, Action::Send(_))));
    let waits = agent.state.waiting_for.is_some();
    assert!(!sent || waits, "{pair}: who has sent waits for an answer");
}

/// device-protocol.md 3.3: exactly one row for each pair, and it tells what happens.
#[test]
fn every_pair_is_a_transition_or_a_documented_refusal() {
    let (mut pairs, mut situations) = (0, 0);
    for standing in Standing::ALL {
        for authorization in AUTHORIZATIONS {
            let Some(actor) = actor(standing, authorization) else { continue };
            situations += 1;
            for event in events(&actor.portal) {
                check(&actor, standing, authorization, event);
                pairs += 1;
            }
        }
    }
    // Seven standings outside with three authorizations, seven inside with six; specific licenses
    // reserved with three, universal ones with two.
    assert_eq!(situations, 68);
    assert_eq!(pairs, situations * events(&Portal::new().unwrap()).len());
}

/// No row is dead: each is the row of some pair.
#[test]
fn every_row_is_used() {
    for (number, row) in TABLE.iter().enumerate() {
        let kinds: Vec<_> = events(&Portal::new().unwrap()).iter().map(Kind::of).collect();
        assert!(!row.current.is_empty(), "row {number}");
        for event in row.event {
            assert!(kinds.contains(event), "row {number}: {event:?} does not happen");
        }
    }
}
