//! The vectors of features 6.1, a row each.

use super::hosting::{Deployment, Hosting, Launch, SessionType, Verdict};
use super::person::{Person, Standing};
use super::variant::{Basis, Remainder, Variant};
use super::*;
use crate::domain::Timestamp;
use crate::domain::id::{ContractId, OrganizationId, PersonId};
use std::collections::BTreeSet;
use uuid::Uuid;

const SHARE: Variant = Variant::KnowledgeWorkersSubscription;
const RENEWAL: Variant = Variant::KnowledgeWorkersRenewal;
const EMPLOYEES: Variant = Variant::Employees;

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn wish(variant: Variant, headcount: i64, migrating: Option<i64>) -> NewContract {
    let basis = variant.terms().basis;
    NewContract {
        name: "Company A".to_owned(),
        variant,
        settings: Settings::of(variant),
        starts: "2026-01-15".parse().unwrap(),
        months: 36,
        headcount_kw: matches!(basis, Basis::KnowledgeWorkers(_)).then_some(headcount),
        employees: matches!(basis, Basis::Employees(_)).then_some(headcount),
        active_users: (basis == Basis::Plain).then_some(headcount),
        migrating,
        affiliates: vec!["Subsidiary".to_owned()],
        price: Price::new(1_000, Currency::Usd),
    }
}

fn open(wish: NewContract) -> crate::domain::Result<(Contract, Vec<Entry>)> {
    let ids = (ContractId(Uuid::nil()), OrganizationId(Uuid::nil()));
    wish.open(ids, "ann", at("2026-01-05T09:00:00Z"))
}

/// A contract of a variant, at its first day.
pub(super) fn contract(variant: Variant, headcount: i64) -> Contract {
    open(wish(variant, headcount, None)).unwrap().0
}

/// What was measured before the next True Forward of a contract.
pub(super) fn measured(contract: &Contract, counts: [i64; 3], deployed: i64) -> Measured {
    let mut counts = counts.into_iter();
    let months = contract.months().measured(contract.year).map(|span| MonthCount {
        span,
        active: counts.next().unwrap(),
        reported: true,
    });
    Measured { months, deployed }
}

/// AUM-1, AUM-2, AUM-3, AUM-4, AUM-5, AUM-6, AUM-7, AUM-8, AUM-9, AUM-10, AUM-11, AUM-12, AS-56,
/// F-AU-08, F-AU-09, F-AU-10, F-AU-11, X-02, X-03, X-04: the first minimum.
#[test]
fn the_first_minimum() {
    let rows = [
        ("AUM-2", SHARE, 250, None, Some(40)),
        ("AUM-1", SHARE, 249, None, None),
        ("AUM-3", SHARE, 266, None, Some(40)),
        ("AUM-4", SHARE, 267, None, Some(41)),
        ("AUM-5", SHARE, 300, None, Some(45)),
        ("AUM-6", SHARE, 1_000, None, Some(150)),
        ("AUM-6", SHARE, 1_001, None, Some(151)),
        ("AUM-7", SHARE, 300, Some(30), Some(30)),
        ("AUM-8", SHARE, 300, Some(80), Some(80)),
        ("AUM-9", EMPLOYEES, 100, None, Some(40)),
        ("AUM-10", EMPLOYEES, 401, None, Some(41)),
        ("AUM-11", EMPLOYEES, 300, Some(80), Some(80)),
        ("AUM-12", EMPLOYEES, 1_000, Some(80), Some(100)),
        ("migrating is no way around the gate", SHARE, 249, Some(80), None),
        ("a plain one is what was ordered", Variant::Product, 7, None, Some(7)),
    ];
    for (row, variant, headcount, migrating, expected) in rows {
        let opened = open(wish(variant, headcount, migrating));
        let minimum = opened.as_ref().ok().map(|(contract, _)| contract.minimum);
        assert_eq!(minimum, expected, "{row}: {opened:?}");
        if variant == SHARE {
            let same = open(wish(RENEWAL, headcount, migrating)).ok();
            assert_eq!(same.map(|(contract, _)| contract.minimum), expected, "{row}, clause 3");
        }
    }
    let refused = open(wish(SHARE, 249, None)).unwrap_err().to_string();
    assert_eq!(refused, "headcount_kw: 249 knowledge workers are too few: at least 250");
}

/// F-AU-09, AS-56: the arithmetic of a first minimum stands in the ledger.
#[test]
fn the_ledger_shows_how_a_first_minimum_came_about() {
    let (_, entries) = open(wish(SHARE, 267, None)).unwrap();
    let share = Fraction::percent(15, 267);
    let expected = [
        Step::Eligible { headcount: 267, from: 250 },
        Step::Share { percent: 15, of: 267, share },
        Step::Rounded { from: share, rounding: Rounding::Ceil, to: 41 },
        Step::Floor { minimum: 40 },
        Step::Opened { minimum: 41, because: Remark::Share },
    ];
    let steps: Vec<Step> = entries.iter().map(|entry| entry.step.clone()).collect();
    assert_eq!(steps, expected);
    assert!(entries.iter().all(|entry| entry.rule == Rule::Clause(SHARE)));
    let (_, migrated) = open(wish(SHARE, 300, Some(30))).unwrap();
    let last = migrated.last().unwrap().step.clone();
    assert_eq!(last, Step::Opened { minimum: 30, because: Remark::Migrated });
}

/// Numbers that a variant has no use for, and those that it needs, are told by their field.
#[test]
fn a_contract_is_refused_by_the_field_that_is_wrong() {
    let base = || wish(SHARE, 300, None);
    let rows: [(&str, NewContract); 9] = [
        ("name", NewContract { name: " ".to_owned(), ..base() }),
        ("months", NewContract { months: 18, ..base() }),
        ("months", NewContract { months: 72, ..base() }),
        ("headcount_kw", NewContract { headcount_kw: None, ..base() }),
        ("employees", NewContract { employees: Some(300), ..base() }),
        ("active_users", NewContract { active_users: Some(3), ..base() }),
        ("migrating", NewContract { migrating: Some(-1), ..base() }),
        ("starts", NewContract { starts: "1999-12-31".parse().unwrap(), ..base() }),
        ("price_minor", NewContract { price: Price::new(-1, Currency::Usd), ..base() }),
    ];
    for (field, wish) in rows {
        let refused = open(wish).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{field}: ")), "{field}: {refused}");
    }
    let unknown = open(wish(Variant::Product, 10, Some(3))).unwrap_err().to_string();
    assert!(unknown.starts_with("migrating: "), "{unknown}");
}

fn person(number: u128, standing: Standing) -> Person {
    Person {
        id: PersonId(Uuid::from_u128(number)),
        contract: ContractId(Uuid::nil()),
        key: number.to_string(),
        name: number.to_string(),
        standing,
        left_at: None,
    }
}

fn session(host: &Person) -> Hosting {
    Hosting {
        contract: host.contract,
        session: "1".to_owned(),
        scheduled_by: None,
        host: host.id,
        alternate: None,
        session_type: SessionType::Meetings,
        launch: Launch::App,
        scheduled: true,
        deployment: Deployment::Cloud,
        started_at: at("2026-02-01T10:00:00Z"),
    }
}

/// The Active Users of a contract in one month, as storage counts them: distinct keys.
fn active(contract: &Contract, people: &[Person], sessions: &[Hosting]) -> usize {
    let counting = contract.variant.terms().counting;
    let of = |session: &Hosting| {
        let host = people.iter().find(|person| person.id == session.hosted_by()).unwrap();
        let counts = session.verdict(contract, host) == Verdict::Counted;
        counts.then(|| (host.id, session.slot(counting)))
    };
    sessions.iter().filter_map(of).collect::<BTreeSet<_>>().len()
}

/// AUC-1, AUC-2, AUC-3, AUC-4, AUC-5, AUC-6, AUC-7, AUC-8, AS-56, F-AU-01, F-AU-02, F-AU-03,
/// F-AU-04, F-AU-05: who is an Active User of a month.
#[test]
fn who_is_an_active_user_of_a_month() {
    let employee = person(1, Standing::Employee);
    let contractor =
        Standing::Contractor { on_behalf: true, under_contract: true, has_access: false };
    let contractor = person(2, contractor);
    let elsewhere = person(3, Standing::Affiliate("Elsewhere".to_owned()));
    let affiliate = person(4, Standing::Affiliate("subsidiary".to_owned()));
    let people = [employee.clone(), contractor.clone(), elsewhere.clone(), affiliate.clone()];
    let of = |person: &Person| session(person);
    let one_on_one =
        |scheduled| Hosting { launch: Launch::OneOnOne, scheduled, ..session(&employee) };
    let on_premises = Hosting { deployment: Deployment::OnPremises, ..of(&employee) };
    let phone = Hosting { launch: Launch::Phone, scheduled: false, ..of(&employee) };
    let for_another = Hosting { scheduled_by: Some(affiliate.id), ..of(&employee) };
    let absent = Hosting { alternate: Some(affiliate.id), ..of(&contractor) };
    let kinds = SessionType::ALL.map(|kind| Hosting { session_type: kind, ..of(&affiliate) });
    let rows: [(&str, Vec<Hosting>, [usize; 2]); 12] = [
        ("AUC-1", vec![of(&employee); 7], [1, 1]),
        ("AUC-2", vec![one_on_one(false); 3], [0, 0]),
        ("a scheduled one-on-one is a meeting", vec![one_on_one(true)], [1, 1]),
        ("AUC-3", vec![phone], [1, 1]),
        ("AUC-4", vec![of(&employee), on_premises], [1, 2]),
        ("AUC-5", vec![of(&contractor)], [0, 0]),
        ("AUC-6", vec![of(&elsewhere)], [0, 0]),
        ("an affiliate on the order", vec![of(&affiliate)], [1, 1]),
        ("AUC-7", vec![for_another.clone()], [1, 1]),
        ("AUC-8", vec![absent], [1, 1]),
        ("every kind of session, one host", kinds.to_vec(), [1, 1]),
        ("two hosts", vec![for_another, of(&affiliate)], [2, 2]),
    ];
    for (row, sessions, expected) in rows {
        let counts = [SHARE, Variant::SparkFlex]
            .map(|variant| active(&contract(variant, 300), &people, &sessions));
        assert_eq!(counts, expected, "{row}");
    }
}

/// AUC-9, F-AU-30, F-AU-31: a meeting belongs to the month of its start.
#[test]
fn a_meeting_belongs_to_the_month_of_its_start() {
    let settings = Settings { months: MonthRule::Calendar, ..Settings::of(SHARE) };
    let calendar = open(NewContract { settings, ..wish(SHARE, 300, None) }).unwrap().0;
    let employee = person(1, Standing::Employee);
    let of = |text: &str| Hosting { started_at: at(text), ..session(&employee) };
    assert_eq!(of("2026-01-31T23:50:00Z").month(&calendar).unwrap(), 1);
    assert_eq!(of("2026-02-01T00:00:00Z").month(&calendar).unwrap(), 2);
    let anchored = contract(SHARE, 300);
    assert_eq!(of("2026-01-31T23:50:00Z").month(&anchored).unwrap(), 1);
    assert_eq!(of("2026-02-14T23:59:59Z").month(&anchored).unwrap(), 1);
    assert_eq!(of("2026-02-15T00:00:00Z").month(&anchored).unwrap(), 2);
    for outside in ["2026-01-14T23:59:59Z", "2029-01-15T00:00:00Z"] {
        let refused = of(outside).month(&anchored).unwrap_err().to_string();
        assert!(refused.contains("runs from 2026-01-15"), "{refused}");
    }
}

/// TF-1, TF-2, TF-3, TF-4, TF-5, TF-6, TF-7, TF-8, TF-9, TF-10, TF-11, TF-12, AS-56, F-AU-12,
/// F-AU-13, F-AU-14, F-AU-32, X-10: the True Forward of the 15 % variants, and its roundings.
#[test]
fn true_forward_of_the_15_percent_variants() {
    let rows = [
        ("TF-1", 45, [50, 60, 70], 300, [60, 60, 60]),
        ("TF-2", 45, [40, 44, 45], 300, [45, 45, 45]),
        ("TF-3", 45, [45, 45, 46], 300, [46, 45, 45]),
        ("TF-4", 60, [10, 12, 14], 300, [60, 60, 60]),
        ("TF-5", 45, [30, 30, 30], 420, [63, 63, 63]),
        ("TF-6", 45, [50, 50, 50], 500, [75, 75, 75]),
        ("TF-7", 45, [50, 60, 71], 300, [61, 60, 60]),
        ("TF-8", 40, [40, 40, 40], 267, [41, 40, 40]),
        ("TF-9", 40, [39, 40, 41], 266, [40, 40, 40]),
        ("TF-10", 45, [136, 0, 0], 300, [46, 45, 45]),
        ("TF-11", 60, [60, 60, 60], 401, [61, 60, 60]),
        ("TF-12", 45, [0, 0, 0], 0, [45, 45, 45]),
    ];
    for (row, minimum, counts, deployed, expected) in rows {
        for variant in [SHARE, RENEWAL] {
            let after = Rounding::ALL.map(|rounding| {
                let contract = Contract { minimum, ..contract(variant, 300) };
                let settings = Settings { rounding, ..contract.settings };
                let contract = Contract { settings, ..contract };
                contract.true_forward(&measured(&contract, counts, deployed)).after
            });
            assert_eq!(after, expected, "{row}");
        }
    }
}

/// TF-13, TF-14, F-AU-17, F-AU-18, AS-56: what may fall, falls, to 40 and not below where the
/// clause says so.
#[test]
fn true_forward_of_the_other_variants() {
    let rows = [
        ("TF-13", EMPLOYEES, 100, 700, [60, 60, 60], 70),
        ("TF-14", EMPLOYEES, 40, 300, [50, 60, 70], 60),
        ("not below the floor", EMPLOYEES, 100, 300, [0, 0, 0], 40),
        ("a plain one follows", Variant::CloudServices, 100, 0, [10, 10, 11], 11),
        ("a plain one falls to nothing", Variant::SparkFlex, 100, 0, [0, 0, 0], 0),
        ("a plain one rises", Variant::Technology, 5, 0, [6, 6, 6], 6),
    ];
    for (row, variant, minimum, headcount, counts, expected) in rows {
        let contract = Contract { headcount, minimum, ..contract(variant, 1_000) };
        let outcome = contract.true_forward(&measured(&contract, counts, 9_999));
        assert_eq!(outcome.after, expected, "{row}");
        assert_eq!(outcome.fee.minor > 0, outcome.after > minimum, "{row}");
    }
}

/// TFM-1, TFM-2, F-AU-12, F-AU-30: which months are measured.
#[test]
fn the_measured_months_of_two_starts() {
    let days = |anchor: &str| {
        let months = Months { anchor: anchor.parse().unwrap(), rule: MonthRule::Anchored };
        let told = months.measured(1).map(|span| format!("{} {}", span.from, span.last()));
        (told, months.anniversary(1).to_string())
    };
    let (first, effective) = days("2026-01-15");
    assert_eq!(first, ["2026-09-15 2026-10-14", "2026-10-15 2026-11-14", "2026-11-15 2026-12-14"]);
    assert_eq!(effective, "2027-01-15");
    let (last, effective) = days("2026-03-31");
    assert_eq!(last, ["2026-11-30 2026-12-30", "2026-12-31 2027-01-30", "2027-01-31 2027-02-27"]);
    assert_eq!(effective, "2027-03-31");
    let leap = Months { anchor: "2028-02-29".parse().unwrap(), rule: MonthRule::Anchored };
    assert_eq!(leap.anniversary(1).to_string(), "2029-02-28");
    assert_eq!(leap.anniversary(4).to_string(), "2032-02-29");
}

/// AS-55, TFM-3, TFM-4, TFM-5, TF-1, F-AU-15, F-AU-16, X-22: company A through two years.
#[test]
fn company_a_pays_forward_only() {
    for (remainder, first) in [(Remainder::SubscriptionTerm, 24), (Remainder::RenewalTerm, 12)] {
        let mut company = contract(SHARE, 300);
        company.settings.remainder = remainder;
        assert_eq!(company.minimum, 45);
        let year1 = company.true_forward(&measured(&company, [50, 60, 70], 300));
        assert_eq!((year1.average, year1.share), (Fraction::whole(60), Some(Fraction::whole(45))));
        assert_eq!((year1.before, year1.after, year1.months), (45, 60, first));
        assert_eq!(year1.fee, Price::new(15 * first * 1_000, Currency::Usd));
        assert_eq!(company.effective().to_string(), "2027-01-15");
        company.minimum = year1.after;
        assert_eq!(company.pass().0, renewal::Turn::Year);
        let year2 = company.true_forward(&measured(&company, [65, 65, 65], 300));
        assert_eq!((year2.after, year2.fee.minor), (65, 60_000), "5 x 12 x 10");
        assert_eq!(company.effective().to_string(), "2028-01-15");
    }
}

/// F-AU-21: an Enterprise Agreement is billed 60 days after the milestone.
#[test]
fn an_enterprise_agreement_is_billed_later() {
    let mut company = contract(SHARE, 300);
    let bill = |company: &Contract| {
        company.true_forward(&measured(company, [50, 60, 70], 300)).invoice_on.unwrap().to_string()
    };
    assert_eq!(bill(&company), "2027-01-15");
    company.settings.enterprise_agreement = true;
    assert_eq!(bill(&company), "2027-03-16");
    let nothing = company.true_forward(&measured(&company, [1, 1, 1], 300));
    assert_eq!(nothing.invoice_on, None);
}

/// F-AU-34: a month without data counts 0, and the run waits unless the contract says otherwise.
#[test]
fn a_month_without_data_waits_for_a_word() {
    let mut company = contract(SHARE, 300);
    let mut seen = measured(&company, [50, 60, 0], 300);
    seen.months[2].reported = false;
    assert_eq!(seen.missing(), [11]);
    assert!(company.must_wait(&seen));
    assert_eq!(company.true_forward(&seen).after, 45, "36 2/3 is not greater");
    company.settings.missing = Missing::Zero;
    assert!(!company.must_wait(&seen));
}

/// only a new term may make the minimum anew; a planned one begins when the old one ends.
#[test]
fn a_new_term_may_begin_with_a_new_minimum() {
    let mut company = Contract { minimum: 60, ..contract(SHARE, 300) };
    let again = |reset| Renewal { months: 12, headcount: None, reset };
    let few = Renewal { headcount: Some(200), ..again(true) };
    assert!(company.plan(few).is_err(), "200 knowledge workers are too few");
    assert!(company.plan(Renewal { months: 13, ..again(false) }).is_err());
    company.renewal = Some(company.plan(again(true)).unwrap());
    for _ in 1..=2 {
        assert_eq!(company.pass().0, renewal::Turn::Year);
        assert_eq!(company.minimum, 60);
    }
    assert!(company.ends_next() && company.remaining() == 0);
    assert_eq!(company.pass().0, renewal::Turn::Term);
    assert_eq!((company.minimum, company.year), (45, 4));
    assert_eq!(company.term_begins().to_string(), "2029-01-15");
    assert_eq!(company.term_ends().to_string(), "2030-01-15");
    assert_eq!((company.pass().0, company.state), (renewal::Turn::End, State::Ended));
    assert_eq!(company.next_due(), None);
    assert!(company.must_go_on().is_err());
    let entries = company.resume(again(false), at("2030-06-01T08:00:00Z"));
    assert_eq!(entries.len(), 1);
    assert_eq!((company.anchor.to_string(), company.minimum), ("2030-06-01".to_owned(), 45));
    assert_eq!(company.next_due(), Some(at("2031-06-01T00:00:00Z")));
}

/// F-AU-35: a correction is made beside what was settled, and has a reason.
#[test]
fn a_correction_has_a_reason_and_leaves_a_minimum() {
    let mut company = contract(SHARE, 300);
    let of = |minimum, fee_minor, reason: &str| Adjustment {
        reference: "C-1".to_owned(),
        minimum,
        fee_minor,
        reason: reason.to_owned(),
    };
    assert!(of(0, 0, "nothing").enter(&mut company).is_err());
    assert!(of(-46, 0, "below nothing").enter(&mut company).is_err());
    assert!(of(-5, 0, " ").enter(&mut company).is_err());
    let entries = of(-5, -30_000, "counted twice").enter(&mut company).unwrap();
    assert_eq!(company.minimum, 40);
    assert!(matches!(&entries[0].step, Step::Adjusted { before: 45, after: 40, .. }));
}
