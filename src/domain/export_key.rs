//! Export control: products without the export flag ask for a key by the name of a restricted
//! license; one license is taken until they give it back (A-EXP-03). `docs/EXPORT-CONTROL.md`.

use super::cause::Cause;
use super::id::{EntitlementId, InstanceId};
use super::instance::Instance;
use super::license::{Billing, Entitlement};
use super::pool::Standing;
use super::time::Timestamp;
use thiserror::Error as ThisError;

/// How many licenses a key takes.
pub const ONE: i64 = 1;

/// A key of a product instance, or the request for one that could not be met yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportKey {
    /// The product instance.
    pub instance: InstanceId,
    /// The export-restricted license.
    pub entitlement: EntitlementId,
    /// How many licenses it takes: one, but for keys older than export control.
    pub quantity: i64,
    /// When the product asked for it.
    pub requested_at: Timestamp,
    /// When it was given; `None` while none is free.
    pub granted_at: Option<Timestamp>,
}

/// What a product wants with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To have one, or to hear again that it has.
    Request,
    /// To give it back.
    Return,
    /// Not to wait for one any more.
    Cancel,
}

/// Why a wish is not granted. Device texts: `protocol::error_codes`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The product has the export flag.
    #[error("Export-controlled functionality is allowed for the product: it needs no key.")]
    Allowed,
    /// The license is not restricted, or nobody knows it.
    #[error("The license '{0}' is not export-restricted.")]
    NotRestricted(String),
    /// There is nothing to give back or to cancel.
    #[error("The product has no export authorization key for '{0}', and waits for none.")]
    NoKey(String),
    /// None is free; the request stands.
    #[error("No license of {0} is free: the request is kept, ask again.")]
    NotAvailable(String),
    /// A product that holds keys cannot leave.
    #[error("The product holds an export authorization key for {0}: return it first.")]
    Held(String),
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has that key already.
    Known(Timestamp),
    /// It gets one, for so many licenses.
    Granted(i64),
    /// None is free.
    Waits,
}

/// The license of a wish: there must be no flag that makes keys needless, and it must be restricted.
pub fn restricted(
    allowed: bool,
    tag: &str,
    found: Option<Entitlement>,
) -> Result<Entitlement, Refusal> {
    if allowed {
        return Err(Refusal::Allowed);
    }
    let found = found.filter(|of| of.export_restricted);
    found.ok_or_else(|| Refusal::NotRestricted(tag.to_owned()))
}

/// Decides on a request: a key that it has is told again; what it uses already becomes its key;
/// else one must be free.
pub fn decide(
    known: Option<&ExportKey>,
    used: i64,
    billing: Billing,
    standing: &Standing,
) -> Verdict {
    let free = standing.balance >= ONE || billing == Billing::Usage;
    match known.and_then(|key| key.granted_at) {
        Some(since) => Verdict::Known(since),
        None if used > 0 => Verdict::Granted(used),
        None if free => Verdict::Granted(ONE),
        None => Verdict::Waits,
    }
}

/// Whether the keys must be looked at to know what a report of a restricted license counts for.
/// A report that changes nothing, and the first report of all, need no look.
pub fn needs_look(allowed: bool, before: i64, reported: i64) -> bool {
    before > 0 && before != reported && !(allowed && reported > before)
}

/// How many of a restricted license count as in use: for a product with the flag what it reports,
/// for others what their keys are for; never fewer than the keys.
pub fn counted(allowed: bool, reported: i64, held: i64) -> i64 {
    if allowed { reported.max(held) } else { held }
}

/// Fails while any of these is a key that is held; those are named.
pub fn must_be_returned(keys: &[(ExportKey, Entitlement)]) -> Result<(), Refusal> {
    let held = keys.iter().filter(|(key, _)| key.granted_at.is_some());
    let names: Vec<&str> = held.map(|(_, of)| of.name.as_str()).collect();
    if names.is_empty() { Ok(()) } else { Err(Refusal::Held(names.join(", "))) }
}

/// The alert of a request that waits (A-ALK-16).
pub fn cause(instance: &Instance, of: &Entitlement) -> Cause {
    Cause::RestrictedNotAvailable {
        instance: instance.id,
        name: instance.name(),
        entitlement: of.id,
        license: of.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cause::{ActionDue, Severity};
    use crate::domain::license::LicenseType;
    use crate::domain::lifetime::samples::instance;
    use crate::domain::line::samples::line;
    use crate::domain::pool::Family;
    use crate::domain::pool::samples::{entitlement, pool};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn license() -> Entitlement {
        Entitlement { export_restricted: true, ..entitlement(1, Billing::Prepaid, None) }
    }

    fn key(granted_at: Option<Timestamp>) -> ExportKey {
        let instance = instance(at("2026-01-05T09:00:00Z")).id;
        let requested_at = at("2026-01-05T10:00:00Z");
        ExportKey { instance, entitlement: license().id, quantity: ONE, requested_at, granted_at }
    }

    /// How one line of this many stands when this many are reported.
    fn standing(owned: i64, reported: i64) -> Standing {
        let lines = vec![line(LicenseType::Perpetual, owned, "2026-01-05", None)];
        let pool = pool(license(), lines, reported);
        let family = Family::new(pool.virtual_account, license(), vec![pool]);
        family.standing(at("2026-01-06T00:00:00Z"))
    }

    /// A-EXP-03: who has the flag needs no key, and only restricted licenses have keys.
    #[test]
    fn keys_are_for_restricted_licenses_of_products_without_the_flag() {
        assert_eq!(restricted(true, "t", Some(license())), Err(Refusal::Allowed));
        let normal = entitlement(2, Billing::Prepaid, None);
        let refused = Err(Refusal::NotRestricted("t".into()));
        assert_eq!(restricted(false, "t", Some(normal)), refused);
        assert_eq!(restricted(false, "t", None), refused);
        assert_eq!(restricted(false, "t", Some(license())), Ok(license()));
    }

    /// A-EXP-03, A-EXP-04: one is taken when one is free; what is held is told again.
    #[test]
    fn a_request_takes_a_free_license_or_waits() {
        let prepaid = |known: Option<ExportKey>, used, standing: &Standing| {
            decide(known.as_ref(), used, Billing::Prepaid, standing)
        };
        assert_eq!(prepaid(None, 0, &standing(2, 1)), Verdict::Granted(1));
        assert_eq!(prepaid(None, 0, &standing(2, 2)), Verdict::Waits);
        assert_eq!(prepaid(Some(key(None)), 0, &standing(2, 2)), Verdict::Waits);
        assert_eq!(prepaid(Some(key(None)), 0, &standing(3, 2)), Verdict::Granted(1));
        let since = at("2026-01-05T11:00:00Z");
        assert_eq!(prepaid(Some(key(Some(since))), 1, &standing(1, 1)), Verdict::Known(since));
        assert_eq!(prepaid(None, 3, &standing(0, 3)), Verdict::Granted(3), "used before");
        assert_eq!(decide(None, 0, Billing::Usage, &standing(0, 9)), Verdict::Granted(1));
    }

    /// A-EXP-03: keys decide what counts; a report that says the same again needs no look at them.
    #[test]
    fn a_report_changes_nothing_about_a_key() {
        for (reported, looks) in [(0, true), (1, false), (5, true)] {
            assert_eq!(needs_look(false, 1, reported), looks, "{reported}");
            assert_eq!(counted(false, reported, 1), 1, "{reported}");
        }
        assert_eq!((needs_look(false, 0, 4), counted(false, 4, 0)), (false, 0));
        assert_eq!((needs_look(true, 2, 4), counted(true, 4, 2)), (false, 4));
        assert_eq!((needs_look(true, 4, 0), counted(true, 0, 1)), (true, 1));
    }

    /// A-EXP-05: keys that are held are named; requests that wait hold nobody back.
    #[test]
    fn a_key_that_is_held_must_be_returned() {
        assert_eq!(must_be_returned(&[(key(None), license())]), Ok(()));
        let held = must_be_returned(&[(key(Some(at("2026-01-05T11:00:00Z"))), license())]);
        assert_eq!(held, Err(Refusal::Held("Test 1".into())));
    }

    /// A-ALK-16: Major, due now, about the license and the product.
    #[test]
    fn a_request_that_waits_is_an_alert() {
        let waiting = instance(at("2026-01-05T09:00:00Z"));
        let cause = cause(&waiting, &license());
        assert_eq!(cause.kind(), "Restricted License Not Available");
        assert_eq!((cause.severity(), cause.action_due()), (Severity::Major, ActionDue::Now));
        assert_eq!(cause.entitlement(), Some(license().id));
        assert_eq!((cause.instance(), cause.short()), (Some(waiting.id), 1));
        assert!(!cause.is_dismissable());
        let message = cause.message("Fabric");
        assert!(message.contains("in Fabric") && message.contains("Test 1"), "{message}");
    }
}
