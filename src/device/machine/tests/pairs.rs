//! Every pair of standing and event: a transition that the table describes, or a refusal.

use super::table::{TABLE, Verdict};
use super::*;
use crate::device::situations::{AUTHORIZATIONS, Actor};

/// The instant at which all pairs happen.
fn moment() -> Timestamp {
    day(500)
}

/// An agent that stands there, with that authorization; none if there is no such agent.
fn agent(standing: Standing, authorization: AuthorizationState) -> Option<Agent> {
    let uses = vec![(TAG.to_owned(), 1)];
    let actor = Actor::at(fresh(), uses, standing, authorization, moment())?;
    Some(Agent { state: actor.state })
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

/// One event of each kind.
fn events() -> Vec<Event> {
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
        Event::Tick,
        Event::Due,
        Event::ClockSet,
    ];
    for exchange in Exchange::ALL {
        let each = Verdict::ALL.map(|verdict| outcome(exchange, verdict));
        events.extend(each.into_iter().map(|outcome| Event::Answered(exchange, outcome)));
    }
    events
}

fn check(standing: Standing, before: AuthorizationState, event: Event) {
    let (now, kind) = (moment(), Kind::of(&event));
    let mut agent = agent(standing, before).unwrap();
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
            if agent(standing, authorization).is_none() {
                continue;
            }
            situations += 1;
            for event in events() {
                check(standing, authorization, event);
                pairs += 1;
            }
        }
    }
    // Five standings outside with three authorizations, seven inside with six.
    assert_eq!(situations, 57);
    assert_eq!(pairs, situations * events().len());
}

/// No row is dead: each is the row of some pair.
#[test]
fn every_row_is_used() {
    for (number, row) in TABLE.iter().enumerate() {
        let kinds: Vec<_> = events().iter().map(Kind::of).collect();
        assert!(!row.current.is_empty(), "row {number}");
        for event in row.event {
            assert!(kinds.contains(event), "row {number}: {event:?} does not happen");
        }
    }
}
