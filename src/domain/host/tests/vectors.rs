//! HL-1 to HL-12: each a row of a table.

use super::*;

/// A vector: its number, and what it says.
const VECTORS: [(&str, fn()); 12] = [
    ("HL-1", a_free_permanent_license_is_taken),
    ("HL-2", none_is_free_grace_begins),
    ("HL-3", grace_is_over_after_180_days),
    ("HL-4", the_oldest_in_grace_gets_what_is_bought),
    ("HL-5", what_a_deactivation_frees_waits),
    ("HL-6", two_meetings_and_no_third),
    ("HL-7", the_alternate_host_takes_one_too),
    ("HL-8", ninety_times_24_hours),
    ("HL-9", registered_more_than_bought_work),
    ("HL-10", reserved_is_a_limit),
    ("HL-11", a_demonstration_ends),
    ("HL-12", a_deactivation_releases),
];

/// HL-1, HL-2, HL-3, HL-4, HL-5, HL-6, HL-7, HL-8, HL-9, HL-10, HL-11, HL-12, AS-59, F-HL-01,
/// F-HL-03, F-HL-04, F-HL-07, F-HL-08, F-HL-09, F-HL-10, F-HL-11, F-HL-12, F-HL-13, F-HL-16,
/// F-HL-17, F-HL-18, X-05, X-06: every vector.
#[test]
fn every_vector_holds() {
    for (at, (number, vector)) in VECTORS.iter().enumerate() {
        assert_eq!(*number, format!("HL-{}", at + 1));
        vector();
    }
}

fn a_free_permanent_license_is_taken() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 7, &["u"]);
    let decided = lab.server.decide(&email("u"), lab.now).unwrap();
    assert_eq!(decided.reason, Reason::Free { free: 3, bought: 10 });
    lab.hosts("u").unwrap();
    assert_eq!(lab.kind("u"), Some(Kind::Permanent));
    assert_eq!((lab.of(Kind::Permanent), lab.server.pool().free), (8, 2));
    assert_eq!(lab.of(Kind::Grace), 0);
}

fn in_grace() -> Lab {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 10, &["u1", "u2", "n"]);
    lab.hosts("u1").unwrap();
    lab
}

fn none_is_free_grace_begins() {
    let lab = in_grace();
    let held = lab.server.held(lab.server.user(&email("u1")).unwrap()).unwrap();
    assert_eq!((held.kind, held.until), (Kind::Grace, Some(at("2026-08-28T09:00:00Z"))));
    assert!(lab.tells("More licenses are used than bought: 1 of 10 in grace"), "{:?}", lab.told);
}

fn grace_is_over_after_180_days() {
    let mut lab = in_grace();
    lab.until("2026-08-28T08:59:59Z");
    assert_eq!(lab.kind("u1"), Some(Kind::Grace));
    lab.until("2026-08-28T09:00:00Z");
    assert_eq!(lab.kind("u1"), Some(Kind::Expired));
    let no = lab.hosts("u1").unwrap_err();
    assert!(matches!(no, Refusal::Expired { .. }), "{no}");
    assert!(no.to_string().contains("expired on 2026-08-28 09:00"), "{no}");
    // Attending needs none, and scheduling for others does not either.
    assert!(lab.server.user(&email("u1")).unwrap().active);
    lab.done(Command::Schedule(meeting("p1", None, "u1")));
}

fn the_oldest_in_grace_gets_what_is_bought() {
    let mut lab = in_grace();
    lab.until("2026-04-05T09:00:00Z");
    lab.hosts("u2").unwrap();
    lab.until("2026-04-10T09:00:00Z");
    lab.done(Command::Buy(1));
    assert_eq!((lab.kind("u1"), lab.kind("u2")), (Some(Kind::Permanent), Some(Kind::Grace)));
    assert_eq!(lab.server.pool().free, 0);
}

fn what_a_deactivation_frees_waits() {
    let mut lab = in_grace();
    lab.done(Command::Deactivate(email("p3")));
    assert_eq!((lab.server.pool().free, lab.kind("u1")), (1, Some(Kind::Grace)));
    let mut other = lab.clone();
    lab.hosts("n").unwrap();
    assert_eq!((lab.kind("n"), lab.kind("u1")), (Some(Kind::Permanent), Some(Kind::Grace)));
    other.done(Command::Reserve(vec![email("u1")]));
    assert_eq!((other.kind("u1"), other.server.pool().free), (Some(Kind::Permanent), 0));
    assert_eq!(other.of(Kind::Grace), 0);
}

fn two_meetings_and_no_third() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 0, &["h"]);
    lab.hosts("h").unwrap();
    lab.hosts("h").unwrap();
    assert_eq!(lab.of(Kind::Permanent), 1);
    let no = lab.hosts("h").unwrap_err();
    assert_eq!(no, Refusal::TwoMeetings { email: email("h") });
    lab.done(Command::End(1));
    lab.hosts("h").unwrap();
}

fn meeting(host: &str, alternate: Option<&str>, scheduler: &str) -> NewMeeting {
    NewMeeting {
        topic: "Weekly".to_owned(),
        host: email(host),
        alternate: alternate.map(email),
        scheduler: Some(email(scheduler)),
        starts: None,
        minutes: 60,
    }
}

fn the_alternate_host_takes_one_too() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 1, &["h", "a"]);
    lab.done(Command::Schedule(meeting("h", Some("a"), "h")));
    let no = lab.no(Command::Start(1, vec![email("a")]));
    assert_eq!(no, Refusal::HostWithoutLicense { email: email("h") });
    lab.done(Command::Reserve(vec![email("h")]));
    lab.done(Command::Start(1, vec![email("a")]));
    assert_eq!(lab.of(Kind::Permanent), 3);
    assert_eq!(lab.server.running(&email("a")).count(), 1);
}

fn ninety_times_24_hours() {
    let begin = "2026-03-01T00:00:00Z";
    let ends = Situation::Evaluation { ends: Some(at("2026-05-30T00:00:00Z")) };
    let mut lab = Lab::smart(begin, ends, 1);
    lab.hosts("u1").unwrap();
    lab.until("2026-05-29T23:59:00Z");
    assert_eq!((lab.server.closed(), lab.kind("u1")), (None, Some(Kind::Trial)));
    lab.hosts("u1").unwrap();
    lab.until("2026-05-30T00:00:00Z");
    assert_eq!(lab.server.closed(), Some(Closed::EvaluationOver));
    assert_eq!(lab.kind("u1"), Some(Kind::Expired));
    assert_eq!(lab.hosts("u1").unwrap_err(), Refusal::Closed(Closed::EvaluationOver));
}

fn registered_more_than_bought_work() {
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Registered, 120);
    lab.done(Command::MeetNow((1..=120).map(|n| email(&format!("u{n}"))).collect()));
    assert_eq!((lab.of(Kind::Permanent), lab.server.holders()), (120, 120));
    assert_eq!(lab.server.closed(), None);
}

fn reserved_is_a_limit() {
    let reserved = Situation::Reserved { limit: Some(100) };
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", reserved, 101);
    lab.done(Command::MeetNow((1..=100).map(|n| email(&format!("u{n}"))).collect()));
    let no = lab.no(Command::MeetNow(vec![email("u101")]));
    assert!(no.to_string().contains("100 of 100 reserved licenses are assigned"), "{no}");
    // Fewer than are assigned: only licensing works.
    lab.server.stand(Situation::Reserved { limit: Some(99) });
    let closed = Closed::TooFewReserved { held: 100, reserved: 99 };
    assert_eq!(lab.server.closed(), Some(closed));
    assert_eq!(lab.hosts("u1").unwrap_err(), Refusal::Closed(closed));
}

fn a_demonstration_ends() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 10, &["d1", "d2", "d3", "d4", "d5"]);
    lab.done(Command::Demonstrate(5, 30));
    for name in ["d1", "d2", "d3", "d4"] {
        lab.hosts(name).unwrap();
        assert_eq!(lab.kind(name), Some(Kind::Demonstration), "{name}");
    }
    let pool = lab.server.pool();
    assert_eq!((pool.demonstration, pool.demonstration_free), (5, 1), "one is not assigned");
    lab.until("2026-03-31T09:00:00Z");
    assert_eq!((lab.of(Kind::Permanent), lab.of(Kind::Expired)), (10, 4));
    assert_eq!(lab.server.pool().demonstration, 0);
    assert!(matches!(lab.hosts("d1").unwrap_err(), Refusal::Expired { .. }));
}

fn a_deactivation_releases() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 10, 1, &[]);
    lab.done(Command::Deactivate(email("p1")));
    assert_eq!((lab.kind("p1"), lab.server.pool().free), (None, 10));
    let no = lab.hosts("p1").unwrap_err();
    assert_eq!(no, Refusal::Deactivated { email: email("p1") });
    lab.done(Command::Activate(email("p1")));
    assert_eq!((lab.kind("p1"), lab.server.pool().free), (None, 10));
    lab.hosts("p1").unwrap();
    assert_eq!((lab.kind("p1"), lab.server.pool().free), (Some(Kind::Permanent), 9));
}
