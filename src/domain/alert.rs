//! Alerts: derived from the state of things, never stored as truth (A-ALR-10).
//!
//! A [`Cause`] is why; an [`Alert`] is a cause in its place, with the words for people.

use super::account::SmartAccount;
use super::cause::{Cause, Ending};
use super::id::VirtualAccountId;
use super::instance::Instance;
use super::pool::{Family, Pool, Standing};
use super::registration::Periods;
use super::substitution::standings;
use super::time::Timestamp;
use chrono::NaiveDate;
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// An alert: a cause in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Why.
    pub cause: Cause,
    /// The virtual account; `None` for the Smart Account.
    pub virtual_account: Option<VirtualAccountId>,
    /// Its name, or that of the Smart Account.
    pub source: String,
}

impl Alert {
    /// The sentence.
    pub fn message(&self) -> String {
        self.cause.message(&self.source)
    }
}

/// Sorts as the page does: severity, then Action Due, then the message.
pub fn sort(alerts: &mut [Alert]) {
    alerts.sort_by_cached_key(|alert| {
        (alert.cause.severity(), alert.cause.action_due(), alert.message())
    });
}

/// The causes in pools of one virtual account; each family must be there whole.
pub fn of_pools<P: Borrow<Pool>>(pools: &[P], now: Timestamp) -> Vec<Cause> {
    let all = pools.iter().zip(standings(pools, now));
    all.flat_map(|(pool, standing)| of_pool(pool.borrow(), &standing, now)).collect()
}

/// The causes in one family.
pub fn of_family(family: &Family, now: Timestamp) -> Vec<Cause> {
    of_pools(&family.pools(), now)
}

fn of_pool(pool: &Pool, standing: &Standing, now: Timestamp) -> Vec<Cause> {
    let (entitlement, license) = (pool.id(), &pool.entitlement.name);
    let short = standing.shortage();
    let mut causes = Vec::new();
    if short > 0 {
        causes.push(Cause::Insufficient { entitlement, license: license.clone(), short });
    }
    let (mut expiring, mut expired, mut held) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for line in &pool.lines {
        let Some(ends) = line.ends else { continue };
        let add = |sums: &mut BTreeMap<NaiveDate, Ending>, quantity: i64| {
            let starts = line.starts;
            let license = license.clone();
            let empty = Ending { entitlement, license, quantity: 0, starts, ends };
            let ending = sums.entry(ends).or_insert(empty);
            ending.quantity += quantity;
            ending.starts = ending.starts.min(starts);
        };
        if line.is_expiring(now) {
            add(&mut expiring, line.quantity);
        }
        if line.is_freshly_expired(now) {
            add(&mut expired, line.quantity);
        }
        let reserved = line.held_after_its_end(now);
        if reserved > 0 {
            add(&mut held, reserved);
        }
    }
    let expired = expired.into_values().map(|ending| Cause::Expired { ending, short: short > 0 });
    causes.extend(expiring.into_values().map(Cause::Expiring));
    causes.extend(expired);
    causes.extend(held.into_values().map(Cause::ReservedExpired));
    causes
}

/// The causes in a product instance.
pub fn of_instance(instance: &Instance, periods: &Periods, now: Timestamp) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let Some(lateness) = instance.lateness(periods, now) {
        causes.push(Cause::FailedToConnect {
            instance: instance.id,
            name: instance.name(),
            since: instance.silent_since(),
            due: instance.release_at(periods),
            lateness,
        });
    }
    if instance.failed_to_renew(periods, now) {
        causes.push(Cause::FailedToRenew {
            instance: instance.id,
            name: instance.name(),
            due: instance.identity.expires_at,
            kept: now >= instance.identity.expires_at,
        });
    }
    causes
}

/// An agreement text as the site has published it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedAgreement {
    /// Its version.
    pub version: String,
    /// When it was published.
    pub at: Timestamp,
}

/// Days after its publication by which an agreement is to be accepted (A-ALK-04).
const AGREEMENT_DAYS: u64 = 30;

/// The cause in a Smart Account's agreement.
pub fn of_agreement(account: &SmartAccount, published: &PublishedAgreement) -> Option<Cause> {
    match &account.agreement {
        None => Some(Cause::AgreementPending),
        Some(accepted) if accepted.version == published.version => None,
        Some(_) => Some(Cause::UpdatedAgreement {
            version: published.version.clone(),
            due: published.at.plus_days(AGREEMENT_DAYS),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cause::Severity;
    use crate::domain::license::{Billing, LicenseType};
    use crate::domain::lifetime::samples::instance;
    use crate::domain::line::Line;
    use crate::domain::line::samples::line;
    use crate::domain::pool::samples::{entitlement, pool};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn kinds(pools: &[Pool], when: &str) -> Vec<(&'static str, Severity)> {
        of_pools(pools, at(when)).iter().map(|cause| (cause.kind(), cause.severity())).collect()
    }

    /// AS-48, A-ALK-01, A-ALK-11, A-ALK-12: a term line's alerts over its life.
    #[test]
    fn a_term_line_expires_and_is_missed() {
        let lines = vec![
            line(LicenseType::Perpetual, 25, "2026-01-05", None),
            line(LicenseType::Term, 5, "2026-01-05", Some("2026-06-30")),
        ];
        let pools = [pool(entitlement(1, Billing::Prepaid, None), lines, 28)];
        let (major, minor) = (Severity::Major, Severity::Minor);
        assert_eq!(kinds(&pools, "2026-03-31T23:59:59Z"), []);
        assert_eq!(kinds(&pools, "2026-04-01T00:00:00Z"), [("Licenses Expiring", minor)]);
        assert_eq!(kinds(&pools, "2026-06-30T23:59:59Z"), [("Licenses Expiring", minor)]);
        let over = [("Insufficient Licenses", major), ("Licenses Expired", major)];
        assert_eq!(kinds(&pools, "2026-07-01T00:00:00Z"), over);
        assert_eq!(kinds(&pools, "2026-07-31T00:00:00Z"), over[..1]);
    }

    /// A-ALK-13, AS-32: a reserved line that ended while a device holds it.
    #[test]
    fn a_reserved_line_that_ended_is_told() {
        let held =
            Line { reserved: 2, ..line(LicenseType::Term, 5, "2026-01-05", Some("2026-06-30")) };
        let pools = [pool(entitlement(1, Billing::Prepaid, None), vec![held], 0)];
        let told = kinds(&pools, "2026-07-01T00:00:00Z");
        assert!(told.contains(&("Reserved License Expired", Severity::Major)), "{told:?}");
    }

    /// A-ALR-02, AS-50: severity first, then Action Due: now, by date, blank last.
    #[test]
    fn the_worst_and_soonest_stand_first() {
        let (begin, periods) = (at("2026-01-05T09:00:00Z"), Periods::default());
        let silent = instance(begin);
        let place = |cause| Alert { cause, virtual_account: None, source: "Berlin".into() };
        let short = Cause::Insufficient {
            entitlement: entitlement(1, Billing::Prepaid, None).id,
            license: "Test".into(),
            short: 3,
        };
        let notice = Cause::Notice {
            event: crate::domain::id::EventId(uuid::Uuid::from_u128(5)),
            text: "5 Test were added by an order.".into(),
            at: begin,
        };
        let late = |days| of_instance(&silent, &periods, begin.plus_days(days)).remove(0);
        let mut alerts: Vec<Alert> =
            [notice, late(31), late(61), short].into_iter().map(place).collect();
        sort(&mut alerts);
        let order: Vec<_> = alerts.iter().map(|a| (a.cause.severity(), a.cause.kind())).collect();
        let failed = "Product Instance Failed to Connect";
        assert_eq!(
            order,
            [
                (Severity::Major, "Insufficient Licenses"),
                (Severity::Major, failed),
                (Severity::Minor, failed),
                (Severity::Informational, "Information"),
            ]
        );
    }
}
