//! A meetings server whose host licenses Smart Licensing counts.

use super::*;
use crate::device::situations::portal::{Portal, license};
use crate::domain::host::{Closed, Email, Kind, NewUser, Release, Situation};
use crate::domain::reservation;

fn server(profile: &str) -> Agent {
    let profile = Profile::find(profile).unwrap();
    let product = Product::of(&profile, "CWMS000001");
    Agent { state: State::new(profile, product, "key".to_owned()) }
}

fn email(n: u64) -> Email {
    Email::parse(&format!("u{n}@lab.example")).unwrap()
}

impl Agent {
    fn does(&mut self, command: Command, now: Timestamp) -> Vec<Action> {
        self.on(Event::Host(command), now).unwrap()
    }

    /// So many users, each of whom hosts.
    fn hosts(&mut self, users: std::ops::RangeInclusive<u64>, now: Timestamp) -> Vec<Action> {
        self.does(Command::Add(users.clone().map(|n| NewUser::of(email(n))).collect()), now);
        self.does(Command::MeetNow(users.map(email).collect()), now)
    }

    fn situation(&self) -> Situation {
        self.state.hosts.as_ref().unwrap().situation
    }

    fn used(&self) -> u64 {
        let tag = self.state.host_tag().unwrap();
        self.state.usage.get(tag).map_or(0, |usage| usage.count)
    }

    fn closed(&self) -> Option<Closed> {
        self.state.hosts.as_ref().unwrap().closed()
    }
}

/// HL-8, F-HL-02: the evaluation of a meetings server runs from its installation, in use or not,
/// and ends to the second.
#[test]
fn an_evaluation_runs_from_the_installation() {
    let mut agent = server("cwms");
    agent.tick(day(0));
    assert_eq!(agent.situation(), Situation::Evaluation { ends: Some(day(90)) });
    agent.tick(day(90) + TimeDelta::seconds(-1));
    assert_eq!(agent.closed(), None);
    assert_eq!(agent.state.next_due(), Some(day(90)));
    let told = agent.tick(day(90));
    assert_eq!(agent.closed(), Some(Closed::EvaluationOver));
    assert!(told.contains(&Notice::EvaluationExpired), "{told:?}");
    let refused = agent.on(Event::Host(Command::MeetNow(vec![email(1)])), day(90)).unwrap_err();
    assert_eq!(refused, NotNow::Host(Closed::EvaluationOver.into()));
}

/// F-HL-17, F-HL-18, AS-60: 40 days used, registered, left on day 200: 50 are left; then only
/// licensing. One jump over all that is the same as the steps.
#[test]
fn the_evaluation_pauses_while_registered() {
    let mut agent = server("cwms");
    agent.tick(day(0));
    agent.hosts(1..=3, day(1));
    agent.registered(day(40));
    agent.authorized(AuthorizationStatus::Authorized, day(40));
    assert_eq!((agent.situation(), agent.used()), (Situation::Registered, 3));
    let actions = agent.hosts(4..=4, day(50));
    assert!(actions.contains(&Action::Send(Exchange::Authorization)), "{actions:?}");
    agent.answer(
        Exchange::Authorization,
        Ok(authorization(AuthorizationStatus::OutOfCompliance, day(50))),
        day(50),
    );
    agent.hosts(5..=5, day(60));
    agent.authorized(AuthorizationStatus::OutOfCompliance, day(60));
    assert_eq!((agent.used(), agent.closed()), (5, None), "beyond what was bought");
    agent.on(Event::Deregister, day(200)).unwrap();
    agent.answer(Exchange::Deregistration, Ok(good(Exchange::Deregistration, day(200))), day(200));
    assert_eq!(agent.state.evaluation_left(day(200)), TimeDelta::days(50));
    assert_eq!(agent.situation(), Situation::Evaluation { ends: Some(day(250)) });
    agent.tick(day(300));
    assert_eq!(agent.situation(), Situation::Over { since: day(250) });
    assert_eq!(agent.used(), 5, "assignments stay");
    agent.registered(day(300));
    assert_eq!((agent.situation(), agent.closed()), (Situation::Registered, None));
}

/// F-HL-18: a certificate that expires, and the evaluation that goes on from there: in one jump
/// as in many.
#[test]
fn one_jump_is_many_steps() {
    let mut one = server("cwms");
    one.tick(day(0));
    one.hosts(1..=1, day(10));
    one.registered(day(10));
    let expires = one.state.registration.identity.as_ref().unwrap().expires_at;
    let over = expires + TimeDelta::days(80);
    let mut many = Agent { state: one.state.clone() };
    let end = day(600);
    for n in 11..=600 {
        many.tick(day(n));
    }
    one.tick(end);
    assert_eq!(one.situation(), Situation::Over { since: over });
    assert_eq!(one.situation(), many.situation());
    assert_eq!(one.state.hosts, many.state.hosts);
    assert_eq!(one.state.evaluation_left(end), many.state.evaluation_left(end));
}

/// HL-10, F-HL-18, X-05: what is reserved is a hard limit; fewer than are assigned, and only
/// licensing works.
#[test]
fn what_is_reserved_is_the_limit() {
    let portal = Portal::new().unwrap();
    let mut agent = server("cwms");
    agent.state.settings.ca_pem = Some(portal.ca_pem());
    let tag = agent.state.host_tag().unwrap().to_owned();
    let sudi = agent.state.product.sudi.clone();
    let code = |count| portal.specific(&sudi, day(0), &[license(&tag, count, None)]).unwrap();
    agent.hosts(1..=4, day(0));
    for ask in [Ask::Enable, Ask::Request(reservation::Kind::Specific), Ask::Install(code(3))] {
        agent.on(Event::Reserve(ask), day(0)).unwrap();
    }
    assert_eq!(agent.closed(), Some(Closed::TooFewReserved { held: 4, reserved: 3 }));
    agent.on(Event::Reserve(Ask::Install(code(4))), day(0)).unwrap();
    assert_eq!(agent.closed(), None);
    agent.does(Command::Add(vec![NewUser::of(email(5))]), day(0));
    let fifth = agent.on(Event::Host(Command::MeetNow(vec![email(5)])), day(0)).unwrap_err();
    assert!(fifth.to_string().contains("4 of 4 reserved licenses are assigned"), "{fifth}");
    assert_eq!(agent.used(), 4);
}

/// F-HL-20: the later release keeps who has a license, and evaluates anew; from then on Smart
/// Licensing counts.
#[test]
fn an_upgrade_begins_an_evaluation() {
    let mut agent = server("cwms2");
    agent.tick(day(0));
    agent.hosts(1..=2, day(1));
    assert_eq!((agent.used(), agent.closed()), (0, None), "nothing is reported");
    agent.does(Command::Upgrade(Release::parse("4.0").unwrap()), day(170));
    assert_eq!(agent.situation(), Situation::Evaluation { ends: Some(day(260)) });
    assert_eq!((agent.used(), agent.state.product.version.as_str()), (2, "4.0"));
    let hosts = agent.state.hosts.as_ref().unwrap();
    assert_eq!(hosts.pool().of(Kind::Trial), 2);
    assert_eq!(agent.tick(day(260)).len(), 2, "the agent and the server tell");
}

/// F-HL-17: the count is not set by hand, and products without users have none.
#[test]
fn the_count_follows_the_users() {
    let mut agent = server("cwms");
    let tag = agent.state.host_tag().unwrap().to_owned();
    let refused = agent.on(Event::Use(vec![(tag.clone(), 3)]), day(0)).unwrap_err();
    assert_eq!(refused, NotNow::FollowsUsers { license: "Meetings Host".to_owned() });
    let mut webex = server("webex");
    webex.on(Event::Use(vec![(tag, 3)]), day(0)).unwrap();
    let refused = webex.on(Event::Host(Command::EndTrial), day(0)).unwrap_err();
    assert_eq!(refused, NotNow::NoHosts);
}

/// A state file from before there were users is read.
#[test]
fn older_states_are_read() {
    let mut kept = serde_json::to_value(server("webex").state).unwrap();
    kept.as_object_mut().unwrap().remove("hosts");
    kept["profile"].as_object_mut().unwrap().remove("host_licenses");
    let read: State = serde_json::from_value(kept).unwrap();
    assert_eq!(read, server("webex").state);
}
