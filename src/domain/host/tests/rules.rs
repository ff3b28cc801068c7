//! What the vectors leave open.

use super::*;

fn planned(host: &str, alternate: Option<&str>, scheduler: Option<&str>) -> NewMeeting {
    NewMeeting {
        topic: "Weekly".to_owned(),
        host: email(host),
        alternate: alternate.map(email),
        scheduler: scheduler.map(email),
        starts: None,
        minutes: 60,
    }
}

/// X-16, F-HL-02: how long a trial is, by profile; within it everybody gets a trial license.
#[test]
fn the_trial_has_the_length_of_the_profile() {
    assert_eq!(Profile::Cwms4Smart.rules().trial_days, 90);
    let mut lab = Lab::fresh(Profile::Cwms2Classic, "2026-01-01T00:00:00Z");
    lab.done(Command::Buy(1));
    lab.users(["a", "b", "c"].into_iter());
    lab.hosts("b").unwrap();
    lab.hosts("a").unwrap();
    assert_eq!((lab.kind("a"), lab.server.pool().free), (Some(Kind::Trial), 1));
    let held = lab.server.held(lab.server.user(&email("a")).unwrap()).unwrap();
    assert_eq!(held.until, Some(at("2026-06-30T00:00:00Z")), "180 days");
    lab.until("2026-06-29T23:59:59Z");
    assert_eq!(lab.kind("a"), Some(Kind::Trial));
    lab.until("2026-06-30T00:00:00Z");
    // Equals in time are told apart by their address.
    assert_eq!((lab.kind("a"), lab.kind("b")), (Some(Kind::Permanent), Some(Kind::Grace)));
    assert!(lab.tells("because the trial ended"), "{:?}", lab.told);
}

/// F-HL-03, F-HL-16: grace is limited, and there is none beside no permanent license at all.
#[test]
fn grace_is_limited() {
    let names: Vec<String> = (1..=11).map(|n| format!("g{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 1, 1, &names);
    for name in &names[..10] {
        lab.hosts(name).unwrap();
    }
    let no = lab.hosts("g11").unwrap_err();
    assert!(no.to_string().contains("all 10 grace licenses too"), "{no}");
    let mut lab = Lab::fresh(Profile::Cwms2Classic, "2026-01-01T00:00:00Z");
    lab.users(["a"].into_iter());
    lab.done(Command::Demonstrate(1, 300));
    lab.users(["b"].into_iter());
    lab.until("2026-07-01T00:00:00Z");
    lab.hosts("a").unwrap();
    let no = lab.hosts("b").unwrap_err();
    assert!(no.to_string().contains("no permanent license is installed"), "{no}");
}

/// F-HL-18, F-HL-07: a classic server without any license is closed after its trial.
#[test]
fn a_classic_server_without_licenses_closes_after_its_trial() {
    let mut lab = Lab::fresh(Profile::Cwms2Classic, "2026-01-01T00:00:00Z");
    lab.users(["a"].into_iter());
    lab.hosts("a").unwrap();
    lab.until("2026-06-30T00:00:00Z");
    assert_eq!(lab.server.closed(), Some(Closed::TrialOver));
    assert_eq!(lab.no(Command::Activate(email("a"))), Refusal::Closed(Closed::TrialOver));
    assert_eq!(lab.kind("a"), Some(Kind::Expired));
    lab.done(Command::Buy(1));
    lab.hosts("a").unwrap();
    assert_eq!(lab.kind("a"), Some(Kind::Permanent));
}

/// X-06, F-HL-10: the other reading of the manual, as a setting.
#[test]
fn grace_may_be_upgraded_automatically() {
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 1, 1, &["u"]);
    lab.hosts("u").unwrap();
    let automatic = Command::SetGraceUpgrade(GraceUpgrade::Automatic);
    lab.done(automatic.clone());
    assert_eq!(lab.kind("u"), Some(Kind::Grace), "none is free");
    lab.done(Command::Deactivate(email("p1")));
    assert_eq!(lab.kind("u"), Some(Kind::Permanent));
    assert!(lab.tells("because another user was deactivated"), "{:?}", lab.told);
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 1, 1, &["u"]);
    lab.hosts("u").unwrap();
    lab.done(Command::Deactivate(email("p1")));
    lab.done(automatic);
    assert_eq!(lab.kind("u"), Some(Kind::Permanent), "with what is free already");
}

/// F-HL-01, F-HL-09: what is bought and who reserves; nobody gets a second one.
#[test]
fn an_administrator_reserves_what_is_free() {
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 2, 1, &["u", "v"]);
    lab.done(Command::Reserve(vec![email("u")]));
    assert!(lab.tells("reserved by the administrator"), "{:?}", lab.told);
    let no = lab.no(Command::Reserve(vec![email("u")]));
    assert!(no.to_string().contains("holds a permanent license already"), "{no}");
    let no = lab.no(Command::Reserve(vec![email("v")]));
    assert!(no.to_string().contains("all 2 permanent licenses are assigned"), "{no}");
    for wrong in [Command::Buy(0), Command::Demonstrate(1, 0), Command::Demonstrate(0, 9)] {
        assert!(matches!(lab.no(wrong), Refusal::Invalid { .. }));
    }
}

/// F-HL-13, F-HL-14, F-HL-15, X-12: who schedules needs no license; who is to host does, present
/// or not; attendees neither host nor stand in.
#[test]
fn a_meeting_is_hosted_by_whom_it_may_be() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 1, 0, &["h", "a", "s", "x"]);
    lab.done(Command::SetRole(email("x"), Role::AttendeeOnly));
    for new in [planned("x", None, None), planned("h", Some("x"), None)] {
        assert_eq!(lab.no(Command::Schedule(new)), Refusal::AttendeeOnly { email: email("x") });
    }
    assert_eq!(lab.hosts("x").unwrap_err(), Refusal::AttendeeOnly { email: email("x") });
    lab.done(Command::Schedule(planned("h", Some("a"), Some("x"))));
    lab.done(Command::Start(1, vec![email("h"), email("a"), email("x")]));
    assert_eq!((lab.kind("h"), lab.kind("a")), (Some(Kind::Permanent), None), "a participant");
    assert_eq!((lab.kind("x"), lab.kind("s")), (None, None));
    let no = lab.no(Command::Start(1, vec![email("h")]));
    assert!(no.to_string().contains("is under way"), "{no}");
    lab.done(Command::Schedule(planned("h", None, None)));
    let no = lab.no(Command::Start(2, vec![email("a")]));
    assert!(no.to_string().contains("neither its host nor its alternate host"), "{no}");
    assert_eq!(lab.no(Command::Start(9, vec![])), Refusal::NoMeeting(9));
    let no = lab.no(Command::SetRole(email("h"), Role::AttendeeOnly));
    assert!(no.to_string().contains("only a deactivation releases"), "{no}");
}

/// F-HL-16: what has become of the host since the meeting was scheduled.
#[test]
fn a_host_is_asked_when_the_meeting_begins() {
    let mut lab = Lab::classic("2026-03-01T09:00:00Z", 1, 1, &["g", "d"]);
    lab.hosts("g").unwrap();
    let later =
        |host| NewMeeting { starts: Some(at("2026-08-28T09:00:00Z")), ..planned(host, None, None) };
    lab.done(Command::Schedule(later("g")));
    lab.done(Command::Schedule(later("d")));
    let no = lab.no(Command::Start(2, vec![email("g")]));
    assert!(no.to_string().contains("begins at 2026-08-28 09:00"), "{no}");
    lab.done(Command::Deactivate(email("d")));
    lab.until("2026-08-28T09:30:00Z");
    let no = lab.no(Command::Start(2, vec![email("g")]));
    assert!(matches!(no, Refusal::Expired { .. }), "{no}");
    let no = lab.no(Command::Start(3, vec![email("d")]));
    assert_eq!(no, Refusal::Deactivated { email: email("d") });
    lab.until("2026-08-28T10:00:00Z");
    assert!(lab.tells("Nobody started meeting 2"), "{:?}", lab.told);
}

/// F-HL-05, F-HL-06: where licenses are managed; the directory alone decides about its users.
#[test]
fn the_directory_decides_about_its_users() {
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 5, 1, &[]);
    let of = |name: &str| NewUser::of(email(name));
    let inactive = NewUser { active: false, ..of("r3") };
    lab.done(Command::Synchronize(vec![of("r1"), of("r2"), inactive]));
    lab.done(Command::Reserve(vec![email("r1"), email("r2")]));
    let pool = lab.server.pool();
    assert_eq!((pool.local, pool.remote, pool.free), (1, 2, 2));
    let no = lab.no(Command::Deactivate(email("r1")));
    assert!(no.to_string().contains("managed in the directory"), "{no}");
    lab.done(Command::Synchronize(vec![of("r2"), of("r3")]));
    assert_eq!((lab.kind("r1"), lab.kind("r2")), (None, Some(Kind::Permanent)));
    assert!(!lab.server.user(&email("r1")).unwrap().active);
    assert!(lab.server.user(&email("r3")).unwrap().active);
    assert_eq!((lab.kind("p1"), lab.server.pool().free), (Some(Kind::Permanent), 3));
}

/// F-HL-17, F-HL-20: licenses of release 4.x are not installed here.
#[test]
fn a_smart_server_installs_no_licenses() {
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Registered, 2);
    for wrong in [Command::Buy(1), Command::Demonstrate(1, 1), Command::EndTrial] {
        assert!(matches!(lab.no(wrong), Refusal::Conflict(_)));
    }
    lab.done(Command::Reserve(vec![email("u1")]));
    assert!(matches!(lab.no(Command::Reserve(vec![email("u1")])), Refusal::Conflict(_)));
    lab.done(Command::Deactivate(email("u1")));
    assert_eq!(lab.server.holders(), 0);
}

#[test]
fn names_and_numbers_are_checked() {
    for wrong in ["", "ann", "@x", "a@", "a b@x", "a@b@c", "ä@x", ".a@x"] {
        assert!(Email::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Email::parse(" Ann@Lab.Example ").unwrap().as_str(), "ann@lab.example");
    let parsed = NewUser::parse("ann@lab.example, Ann Lee").unwrap();
    assert_eq!((parsed.email.as_str(), parsed.name.as_str()), ("ann@lab.example", "Ann Lee"));
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Registered, 1);
    let twice = vec![NewUser::of(email("a")), NewUser::of(email("a"))];
    assert!(lab.no(Command::Add(twice)).to_string().contains("named twice"));
    assert!(lab.no(Command::Add(Vec::new())).to_string().contains("must be from 1 to 1000"));
    assert!(lab.no(Command::Add(vec![NewUser::of(email("u1"))])).to_string().contains("already"));
    let long = NewMeeting { minutes: 1441, ..planned("u1", None, None) };
    assert!(lab.no(Command::Schedule(long)).to_string().starts_with("minutes: "));
    let empty = NewMeeting { topic: " ".to_owned(), ..planned("u1", None, None) };
    assert!(lab.no(Command::Schedule(empty)).to_string().starts_with("topic: "));
    let own = planned("u1", Some("u1"), None);
    assert!(lab.no(Command::Schedule(own)).to_string().starts_with("alternate: "));
    assert!(lab.no(Command::Activate(email("nobody"))).to_string().contains("no user nobody@"));
}

/// What is kept is read again as it was, and other versions are told.
#[test]
fn what_is_kept_is_read_again() {
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 1, 1, &["u"]);
    lab.done(Command::Demonstrate(2, 5));
    lab.hosts("u").unwrap();
    let text = serde_json::to_string(&lab.server).unwrap();
    assert_eq!(serde_json::from_str::<Server>(&text).unwrap(), lab.server);
    for dated in &lab.told {
        let text = serde_json::to_string(&dated.what).unwrap();
        assert_eq!(serde_json::from_str::<Happening>(&text).unwrap(), dated.what);
    }
    let other = text.replacen("\"version\":1", "\"version\":2", 1);
    let error = serde_json::from_str::<Server>(&other).unwrap_err().to_string();
    assert!(error.contains("must be 1"), "{error}");
}
