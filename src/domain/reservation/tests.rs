//! The rules of reservations, beside each other.

use super::*;
use crate::domain::id::{
    AuthorizationId, EntitlementId, InstanceId, LineId, ReservationId, SmartAccountId,
};
use crate::domain::license::{Billing, LicenseType};
use crate::domain::line::Line;
use crate::domain::line::samples::line;
use crate::domain::pool::Family;
use crate::domain::pool::samples::{entitlement, pool};
use crate::domain::time::Timestamp;
use crate::domain::transfer::Precedence;
use uuid::Uuid;

fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

fn of(n: u128, quantity: i64, reserved: i64, ends: Option<&str>) -> Line {
    let kind = if ends.is_some() { LicenseType::Term } else { LicenseType::Perpetual };
    let entitlement = EntitlementId(Uuid::from_u128(1));
    let id = LineId(Uuid::from_u128(n));
    Line { id, entitlement, reserved, ..line(kind, quantity, "2026-01-05", ends) }
}

fn family(lines: Vec<Line>, reported: i64) -> Family {
    let own = pool(entitlement(1, Billing::Prepaid, None), lines, reported);
    Family::new(own.virtual_account, own.entitlement.clone(), vec![own])
}

fn want(n: u128, quantity: i64) -> Wanted {
    let (entitlement, line) = (EntitlementId(Uuid::from_u128(1)), LineId(Uuid::from_u128(n)));
    Wanted { entitlement, line: Some(line), quantity }
}

fn held(n: u128, quantity: i64, next: Option<i64>) -> Held {
    Held {
        id: ReservationId(Uuid::from_u128(n)),
        instance: InstanceId(Uuid::from_u128(9)),
        entitlement: EntitlementId(Uuid::from_u128(1)),
        line: Some(LineId(Uuid::from_u128(n))),
        quantity,
        next,
    }
}

fn planned(family: &Family, held: &[Held], wanted: &[Wanted]) -> Result<Plan, Refusal> {
    let families = std::slice::from_ref(family);
    plan(Ground { families, held, may_lack: false, now: now() }, wanted)
}

/// A-RSV-05, AS-24: at most what is free of the line and of the license, at least one of all.
#[test]
fn more_than_is_available_is_refused_with_the_number() {
    let vault = family(vec![of(1, 25, 10, None), of(2, 5, 2, Some("2026-06-30"))], 0);
    let refused = planned(&vault, &[], &[want(1, 16)]);
    assert!(matches!(refused, Err(Refusal::TooMany { available: 15, wanted: 16, .. })));
    assert_eq!(planned(&vault, &[], &[want(1, 0), want(2, 0)]), Err(Refusal::Nothing));
    assert_eq!(planned(&vault, &[], &[want(1, -1)]), Err(Refusal::Negative(-1)));
    assert!(matches!(planned(&vault, &[], &[want(7, 1)]), Err(Refusal::NoSuchLine(_))));
    assert_eq!(planned(&vault, &[], &[want(1, 15), want(2, 3)]).unwrap().total(), 18);
    let used = family(vec![of(1, 25, 0, None)], 20);
    assert!(matches!(
        planned(&used, &[], &[want(1, 6)]),
        Err(Refusal::TooMany { available: 5, .. })
    ));
}

/// A-RSV-05, AS-24: a wizard hears of every row that breaks a rule, and no sum overflows.
#[test]
fn every_row_that_breaks_a_rule_is_told() {
    let vault = [family(vec![of(1, 25, 10, None), of(2, 5, 2, Some("2026-06-30"))], 0)];
    let ground = Ground { families: &vault, held: &[], may_lack: false, now: now() };
    let lines = |wanted: &[Wanted]| -> Vec<Option<LineId>> {
        let refusals = weigh(ground, wanted).1.into_iter();
        let line = |refusal| match refusal {
            Refusal::TooMany { line, .. } => line,
            other => panic!("{other}"),
        };
        refusals.map(line).collect()
    };
    assert_eq!(lines(&[want(1, 16), want(2, 4)]), [want(1, 0).line, want(2, 0).line]);
    assert_eq!(lines(&[want(1, 15), want(2, 4)]), [want(2, 0).line]);
    assert_eq!(lines(&[want(1, 15), want(2, 3)]), []);
    let huge = [want(1, i64::MAX), want(2, -1), want(1, i64::MAX)];
    let huge = weigh(ground, &huge).1;
    assert!(matches!(
        huge[..],
        [Refusal::TooLarge(_), Refusal::Negative(-1), Refusal::TooLarge(_)]
    ));
}

/// A-RSV-10, AS-26, AS-32: what is held counts for the device itself, and an ended line must go.
#[test]
fn an_update_looks_at_the_difference() {
    let vault = family(vec![of(1, 25, 14, None)], 0);
    let own = [held(1, 14, None)];
    let plan_of = |quantity| planned(&vault, &own, &[want(1, quantity)]);
    assert_eq!(plan_of(25).unwrap().changes[0].taken(), 11);
    assert_eq!(plan_of(6).unwrap().changes[0].taken(), 0);
    assert!(matches!(plan_of(26), Err(Refusal::TooMany { available: 25, .. })));
    let ended = family(vec![of(1, 9, 0, None), of(2, 5, 2, Some("2026-01-04"))], 0);
    let own = [held(2, 2, None)];
    let kept = planned(&ended, &own, &[want(1, 1), want(2, 2)]);
    assert!(matches!(kept, Err(Refusal::Ended { .. })));
    assert!(planned(&ended, &own, &[want(1, 1), want(2, 0)]).is_ok());
}

/// A-RSV-05, SUB-6, AS-25: what a higher tier would lend is not there for reservations, and what
/// is lent to a lower tier is not free.
#[test]
fn reservations_borrow_nothing() {
    let at = |rank, n, lines, reported| {
        pool(entitlement(n, Billing::Prepaid, Some(rank)), lines, reported)
    };
    let high = at(
        50,
        2,
        vec![Line { entitlement: EntitlementId(Uuid::from_u128(2)), ..of(5, 100, 0, None) }],
        0,
    );
    let low = at(40, 1, vec![of(1, 10, 0, None)], 30);
    let both = vec![high.clone(), low.clone()];
    let lower = Family::new(low.virtual_account, low.entitlement.clone(), both.clone());
    assert_eq!(available(&lower, &lower.pool.lines[0], now()), 0);
    let higher = Family::new(high.virtual_account, high.entitlement.clone(), both);
    assert_eq!(available(&higher, &higher.pool.lines[0], now()), 80);
}

/// A-RSV-11, AS-26: increases are taken at once, decreases come back when they are in force.
#[test]
fn what_is_held_is_the_larger_quantity() {
    for (next, while_pending, accepted) in [(14, 14, 14), (6, 10, 6), (0, 10, 0)] {
        let pending = held(1, 10, Some(next));
        assert_eq!(pending.held(), while_pending);
        assert_eq!(pending.settled(Settlement::Accepted).held(), accepted);
        assert_eq!(pending.settled(Settlement::RolledBack).held(), 10);
    }
}

fn authorization(n: u128, state: State) -> Authorization {
    Authorization {
        id: AuthorizationId(Uuid::from_u128(n)),
        account: SmartAccountId(Uuid::from_u128(1)),
        instance: InstanceId(Uuid::from_u128(9)),
        state,
        code: String::new(),
        confirmation: format!("conf{n}"),
        return_code: format!("back{n}"),
        made_at: now(),
        made_by: "ulf".into(),
        notes: String::new(),
    }
}

/// A-RSV-12, AS-26, AS-27: only the update in transit is confirmed, once; old and void codes are
/// told apart.
#[test]
fn a_confirmation_code_counts_for_one_update() {
    let all = [
        authorization(1, State::Replaced),
        authorization(2, State::Confirmed),
        authorization(3, State::Cancelled),
    ];
    let problem = |all: &[Authorization], code: Option<&str>| {
        confirmed_by(all, "dev-10", code).unwrap_err().to_string()
    };
    assert!(problem(&all, Some("conf2")).contains("already confirmed"));
    assert!(problem(&all, Some("conf1")).contains("before the last update"));
    assert!(problem(&all, Some("conf3")).contains("cancelled"));
    assert!(problem(&all, Some("other")).contains("not made by dev-10"));
    assert!(problem(&all, None).contains("8 digits"));
    let pending = [authorization(2, State::Confirmed), authorization(4, State::Pending)];
    assert_eq!(confirmed_by(&pending, "dev-10", Some("conf4")).unwrap().confirmation, "conf4");
    assert!(problem(&pending, Some("conf2")).contains("before the update"));
    let first = [authorization(5, State::Current)];
    assert!(confirmed_by(&first, "dev-10", Some("conf5")).is_ok());
}

/// A-RSV-15, AS-28: the return code of the authorization in force, and no other.
#[test]
fn a_return_code_counts_for_the_authorization_in_force() {
    let all = [authorization(1, State::Replaced), authorization(2, State::Confirmed)];
    assert!(returned_by(&all, false, Ok("back2")).is_ok());
    let problem = |foreign, code| returned_by(&all, foreign, code).unwrap_err().to_string();
    assert!(problem(false, Ok("back1")).contains("before the last update"));
    assert!(problem(true, Ok("back9")).contains("another product instance"));
    assert!(problem(false, Ok("back9")).contains("not made for this reservation"));
    assert!(problem(false, Err("its shape")).contains("its shape"));
}

/// A-RSV-18, A-RSV-19, AS-30: stock suffices, or few returns are pending.
#[test]
fn the_threshold_is_one_or_five_of_a_hundred() {
    let threshold = Threshold::default();
    assert_eq!((threshold.of(1), threshold.of(39), threshold.of(40)), (1, 1, 2));
    assert!(may_rehost(threshold, 2, 1, 0).is_ok());
    assert!(may_rehost(threshold, 2, 0, 5).is_ok());
    let refused = may_rehost(threshold, 2, 1, 5).unwrap_err().to_string();
    assert!(refused.starts_with("Previous Product Return Pending"), "{refused}");
}

/// A-RSV-06, A-RSV-10: licenses by name keep what is held, and take the longest term first; of
/// what is only reported there is any number.
#[test]
fn lines_are_chosen_by_precedence() {
    let vault = family(vec![of(1, 4, 2, Some("2026-06-30")), of(2, 10, 0, None)], 0);
    let share = |quantity, precedence| Share { quantity, precedence };
    let first = share(3, Precedence::LongestTermFirst);
    let rows = choose(&vault, &[], first, now()).unwrap();
    assert_eq!(rows, [want(2, 3), want(1, 0)]);
    let last = share(3, Precedence::LongestTermLast);
    assert_eq!(choose(&vault, &[], last, now()).unwrap(), [want(1, 2), want(2, 1)]);
    let keeps = choose(&vault, &[held(1, 2, None)], first, now()).unwrap();
    assert_eq!(keeps, [want(2, 1), want(1, 2)]);
    let all = choose(&vault, &[], share(13, Precedence::LongestTermLast), now());
    assert!(matches!(all, Err(Refusal::TooMany { available: 12, .. })));
    let metered = pool(entitlement(1, Billing::Usage, None), vec![], 0);
    let metered = Family::new(metered.virtual_account, metered.entitlement.clone(), vec![metered]);
    let rows = choose(&metered, &[], share(1_000_000, Precedence::LongestTermFirst), now());
    assert_eq!(rows.unwrap()[0].quantity, 1_000_000);
}

/// A-RSV-12, A-RSV-13, A-RSV-15: an accepted update replaces what was in force, a cancelled one
/// leaves it, and a return ends both; what is over stays over.
#[test]
fn authorizations_end_once() {
    use State as S;
    let accepted = S::ALL.map(|state| state.settled(Settlement::Accepted));
    let over = [S::Replaced, S::Cancelled, S::Returned];
    assert_eq!(accepted[..3], [S::Replaced, S::Replaced, S::Confirmed]);
    let back = S::ALL.map(|state| state.settled(Settlement::RolledBack));
    assert_eq!(back[..3], [S::Current, S::Confirmed, S::Cancelled]);
    let freed = S::ALL.map(State::freed);
    assert_eq!(freed[..3], [S::Returned, S::Returned, S::Cancelled]);
    for ended in [accepted, back, freed] {
        assert_eq!(ended[3..], over);
    }
}
