//! Whatever happens: the pool adds up, and one long time is many short ones.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// One thing that people do, or time that passes in hours.
#[derive(Clone, Debug)]
enum Deed {
    Do(Command),
    Wait(i64),
    Stand(Option<u64>),
}

fn somebody() -> impl Strategy<Value = Email> {
    (0..NAMES.len()).prop_map(|at| email(NAMES[at]))
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let command = prop_oneof![
        4 => somebody().prop_map(|who| Command::MeetNow(vec![who])),
        2 => somebody().prop_map(Command::Deactivate),
        2 => somebody().prop_map(Command::Activate),
        2 => somebody().prop_map(|who| Command::Reserve(vec![who])),
        1 => (1..4_u64).prop_map(Command::Buy),
        1 => ((1..4_u64), (1..90_u64)).prop_map(|(count, days)| Command::Demonstrate(count, days)),
        1 => Just(Command::SetGraceUpgrade(GraceUpgrade::Automatic)),
        1 => Just(Command::SetGraceUpgrade(GraceUpgrade::OnPurchase)),
        1 => Just(Command::EndTrial),
        1 => (1..9_u64).prop_map(Command::End),
        1 => Just(Command::Upgrade(Release { major: 4, minor: 0 })),
    ];
    let deed = prop_oneof![
        5 => command.prop_map(Deed::Do),
        3 => (1..2400_i64).prop_map(Deed::Wait),
        1 => proptest::option::of(0..9_u64).prop_map(Deed::Stand),
    ];
    proptest::collection::vec(deed, 1..60)
}

fn server(smart: bool) -> Server {
    let profile = if smart { Profile::Cwms4Smart } else { Profile::Cwms2Classic };
    let mut lab = Lab::fresh(profile, "2026-01-01T00:00:00Z");
    lab.users(NAMES.into_iter());
    lab.server
}

/// How the licensing stands, if it is a smart one.
fn stand(server: &mut Server, limit: Option<u64>, now: Timestamp) {
    if server.is_smart() {
        server.stand(match limit {
            None => Situation::Registered,
            Some(0) => Situation::Evaluation { ends: Some(now + TimeDelta::days(90)) },
            Some(limit) => Situation::Reserved { limit: Some(limit) },
        });
    }
}

/// Each license is somewhere, and nobody has two or one while deactivated.
fn adds_up(server: &Server) {
    let pool = server.pool();
    let assigned: u64 = Kind::ALL.into_iter().map(|kind| pool.of(kind)).sum();
    assert_eq!(assigned, server.holders());
    assert_eq!(pool.local + pool.remote, server.holders());
    assert_eq!(pool.valid() + pool.of(Kind::Expired), server.holders());
    if !server.is_smart() {
        assert_eq!(pool.of(Kind::Permanent) + pool.free, pool.bought);
        assert_eq!(pool.of(Kind::Demonstration) + pool.demonstration_free, pool.demonstration);
        assert!(pool.of(Kind::Grace) <= pool.grace_limit);
        assert!(pool.of(Kind::Trial) == 0 || server.in_trial());
        for given in &server.demonstrations {
            assert!(server.of_demonstration(given.number) <= given.count);
        }
    }
    for user in server.users.values() {
        assert!(user.active || user.license.is_none());
    }
    for name in NAMES {
        assert!(server.running(&email(name)).count() <= 2);
    }
}

proptest! {
    /// F-HL-01, F-HL-03, F-HL-09, F-HL-10, F-HL-12: whatever people do, the pool adds up after
    /// each step, and nobody hosts more than two meetings.
    #[test]
    fn the_pool_always_adds_up(deeds in deeds(), smart in any::<bool>()) {
        let (mut server, mut now) = (server(smart), at("2026-01-01T00:00:00Z"));
        for deed in deeds {
            match deed {
                Deed::Do(command) => drop(server.apply(command, now)),
                Deed::Wait(hours) => {
                    now = now + TimeDelta::hours(hours);
                    drop(server.settle(now));
                }
                Deed::Stand(limit) => stand(&mut server, limit, now),
            }
            adds_up(&server);
        }
    }

    /// F-HL-04, F-HL-07, F-HL-11: one long time does what many short ones do, at the same
    /// instants.
    #[test]
    fn one_jump_is_many(deeds in deeds(), smart in any::<bool>(), step in 1..500_i64) {
        let (mut one, mut many) = (server(smart), server(smart));
        let mut now = at("2026-01-01T00:00:00Z");
        let (mut told_one, mut told_many) = (Vec::new(), Vec::new());
        for deed in deeds {
            match deed {
                Deed::Do(command) => {
                    let once = one.apply(command.clone(), now);
                    let again = many.apply(command, now);
                    prop_assert_eq!(&once.is_ok(), &again.is_ok());
                    told_one.extend(once.unwrap_or_default());
                    told_many.extend(again.unwrap_or_default());
                }
                Deed::Wait(hours) => {
                    let then = now;
                    now = now + TimeDelta::hours(hours);
                    told_one.extend(one.settle(now));
                    for passed in (0..hours).step_by(usize::try_from(step).unwrap()) {
                        told_many.extend(many.settle(then + TimeDelta::hours(passed)));
                    }
                    told_many.extend(many.settle(now));
                }
                Deed::Stand(limit) => {
                    stand(&mut one, limit, now);
                    stand(&mut many, limit, now);
                }
            }
        }
        prop_assert_eq!(one, many);
        prop_assert_eq!(told_one, told_many);
    }
}
