use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn t0() -> Timestamp {
    at("2026-01-05T09:00:00Z")
}

/// B-ADM-17, B-ADM-18: the defaults.
#[test]
fn the_defaults_are_the_documented_ones() {
    let SecurityRules { account, password } = SecurityRules::default();
    assert_eq!(
        (account.lock_after, account.lock_minutes, account.idle_minutes, account.max_sessions),
        (5, 15, 15, 3)
    );
    let classes = [password.upper, password.lower, password.digit, password.special];
    assert_eq!(classes, [true; 4]);
    assert_eq!((password.min_length, password.remembered), (12, 5));
    assert_eq!((password.expiry_days, password.warn_days), (180, 14));
    assert!(account.checked().is_ok() && password.checked().is_ok());
}

/// AS-46: five failures lock for fifteen minutes; afterwards counting begins anew.
#[test]
fn the_fifth_failure_locks_and_the_end_of_the_lock_forgets() {
    let rules = AccountRules::default();
    let mut failures = 0;
    for expected in 1..=4 {
        let failed = rules.fail(failures, None, t0());
        assert_eq!(failed, Failed { failures: expected, locked_until: None });
        failures = failed.failures;
    }
    let fifth = rules.fail(failures, None, t0());
    let until = at("2026-01-05T09:15:00Z");
    assert_eq!(fifth, Failed { failures: 5, locked_until: Some(until) });
    let later = rules.fail(fifth.failures, fifth.locked_until, until);
    assert_eq!(later, Failed { failures: 1, locked_until: None });
    let never = AccountRules { lock_after: 0, ..rules };
    assert_eq!(never.fail(999, None, t0()).locked_until, None);
}

/// AS-46, B-ADM-17: an idle session ends after fifteen minutes; a used one is written at most
/// once a minute.
#[test]
fn a_used_session_goes_on_and_is_written_once_a_minute() {
    let rules = AccountRules::default();
    let ends = rules.idle_end(t0());
    assert_eq!(ends, at("2026-01-05T09:15:00Z"));
    assert!(!rules.wants_extension(ends, at("2026-01-05T09:00:59Z")));
    assert!(rules.wants_extension(ends, at("2026-01-05T09:01:00Z")));
    assert!(rules.wants_extension(ends, at("2026-01-05T09:14:59Z")));
    assert!(!rules.wants_extension(ends, ends));
    let shorter = AccountRules { idle_minutes: 5, ..rules };
    assert!(shorter.wants_shortening(ends, t0()));
    assert!(!rules.wants_shortening(ends, t0()));
}

/// B-ADM-17: the oldest sessions make room.
#[test]
fn as_many_sessions_end_as_stand_in_the_way() {
    let two = AccountRules { max_sessions: 2, ..AccountRules::default() };
    assert_eq!([0, 1, 2, 5].map(|open| two.too_many(open)), [0, 0, 1, 4]);
}

/// AS-46, B-ADM-18: `short` is told everything that it lacks.
#[test]
fn all_unmet_rules_are_told_at_once() {
    let rules = PasswordRules::default();
    let refused = rules.require("password", "short", false).unwrap_err().to_string();
    assert_eq!(
        refused,
        "password: it needs: at least 12 characters; an upper-case letter; a digit; \
         a special character"
    );
    assert_eq!(rules.unmet("Correct-Horse-7", false), []);
    assert_eq!(rules.unmet("Correct-Horse-7", true), [Unmet::Used(5)]);
    assert_eq!(PasswordRules { remembered: 0, ..rules }.unmet("Correct-Horse-7", true), []);
    assert_eq!(rules.unmet(&"Aa1-".repeat(40), false), [Unmet::Long]);
    assert_eq!(rules.unmet("Ünïcode Wörd 7", false), [], "letters of every script count");
}

/// B-ADM-18: a password lasts to the second, and warns before.
#[test]
fn a_password_ends_to_the_second() {
    let rules = PasswordRules { expiry_days: 30, warn_days: 14, ..PasswordRules::default() };
    let age = |now: &str| rules.age(Some(t0()), at(now));
    assert_eq!(age("2026-01-21T08:59:59Z"), PasswordAge::Fine);
    assert_eq!(age("2026-01-21T09:00:00Z"), PasswordAge::Ending(14));
    assert_eq!(age("2026-02-04T08:59:59Z"), PasswordAge::Ending(1));
    assert_eq!(age("2026-02-04T09:00:00Z"), PasswordAge::Over);
    assert_eq!(rules.age(None, t0()), PasswordAge::Fine);
    let ever = PasswordRules { expiry_days: 0, ..rules };
    assert_eq!(ever.age(Some(t0()), at("2036-01-05T09:00:00Z")), PasswordAge::Fine);
}

/// B-ADM-17, B-ADM-18: numbers outside their bounds are named.
#[test]
fn numbers_outside_their_bounds_are_refused() {
    let account = AccountRules { idle_minutes: 0, ..AccountRules::default() };
    let refused = account.checked().unwrap_err().to_string();
    assert_eq!(refused, "idle_minutes: 0 is outside the rule: 1 to 1440");
    let password = PasswordRules { min_length: 65, ..PasswordRules::default() };
    let refused = password.checked().unwrap_err().to_string();
    assert_eq!(refused, "min_length: 65 is outside the rule: 1 to 64");
}

proptest! {
    /// B-ADM-18: whatever passes has what the rules want, and whatever fails lacks what is told.
    #[test]
    fn a_password_passes_exactly_if_nothing_is_missing(
        password in "\\PC{0,40}",
        min_length in 1i64..40,
        classes in any::<[bool; 4]>(),
    ) {
        let [upper, lower, digit, special] = classes;
        let rules = PasswordRules {
            min_length, upper, lower, digit, special, ..PasswordRules::default()
        };
        let unmet = rules.unmet(&password, false);
        let has = |is: fn(char) -> bool| password.chars().any(is);
        prop_assert_eq!(unmet.contains(&Unmet::Upper), upper && !has(char::is_uppercase));
        prop_assert_eq!(unmet.contains(&Unmet::Lower), lower && !has(char::is_lowercase));
        prop_assert_eq!(unmet.contains(&Unmet::Digit), digit && !has(|c| c.is_ascii_digit()));
        let short = i64::try_from(password.chars().count()).unwrap() < min_length;
        prop_assert_eq!(unmet.contains(&Unmet::Short(min_length)), short);
        prop_assert_eq!(rules.require("password", &password, false).is_ok(), unmet.is_empty());
    }

    /// B-ADM-17: exactly the n-th failure in a row locks.
    #[test]
    fn exactly_the_nth_failure_locks(lock_after in 1i64..20) {
        let rules = AccountRules { lock_after, ..AccountRules::default() };
        let mut failures = 0;
        for n in 1..=lock_after {
            let failed = rules.fail(failures, None, t0());
            prop_assert_eq!(failed.locked_until.is_some(), n == lock_after);
            failures = failed.failures;
        }
    }
}
