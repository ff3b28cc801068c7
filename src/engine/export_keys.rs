//! Keys for export-restricted licenses: requested, returned, cancelled (A-EXP-03 to A-EXP-05).
//!
//! A key counts as use of its product instance, so that all figures hold. A request that cannot be
//! met is kept: its answer is a refusal, and the alert stands until the product asks again.

use super::Engine;
use super::access::Within;
use super::devices::{Origin, known};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::export_key::{self, ExportKey, ONE, Refusal, Verdict, Wish};
use crate::domain::id::{EntitlementId, InstanceId, SmartAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::registration::Refusal as Refused;
use std::collections::BTreeMap;

/// What a device wants with a key.
#[derive(Clone, Debug)]
pub struct ExportKeyRequest {
    /// Who asks.
    pub origin: Origin,
    /// To have one, to give it back, or not to wait for it any more.
    pub wish: Wish,
    /// The entitlement tag.
    pub license: String,
}

/// What the device is told.
#[derive(Clone, Debug)]
pub struct ExportKeyAnswer {
    /// The product instance.
    pub instance: Instance,
    /// The license.
    pub license: Entitlement,
    /// Since when it holds a key; `None` when it holds none now.
    pub granted_at: Option<Timestamp>,
}

/// How a wish went: a request that waits is written down like one that is met, so the refusal
/// comes after the commit.
type Outcome = std::result::Result<Option<Timestamp>, Refusal>;

/// A wish in its transaction.
struct Asked<'a> {
    instance: &'a Instance,
    of: &'a Entitlement,
    key: Option<ExportKey>,
    now: Timestamp,
}

impl Engine {
    /// Gives a key, takes it back, or forgets that it was asked for.
    pub async fn export_key(&self, request: ExportKeyRequest) -> Result<ExportKeyAnswer> {
        let account = self.check_origin(&request.origin).await?;
        let engine = self.clone();
        let done = self.change(Within::Account(account), move |conn, now| {
            let before = known(conn, request.origin.instance)?;
            let heard = engine.hear(&before, &request.origin, now)?;
            let instance = heard.scheduled(&engine.settings().periods, now);
            let license = engine.license_of(conn, &instance, &request)?;
            let key = db::export_keys::find(conn, instance.id, license.id)?;
            db::instances::save(conn, &instance)?;
            let mut ledger = Ledger::open(&engine, account, &instance.name(), now);
            ledger.instance(Some(&before), Some(&instance));
            let asked = Asked { instance: &instance, of: &license, key, now };
            let outcome = match request.wish {
                Wish::Request => asked.request(conn, &mut ledger)?,
                Wish::Return => Ok(asked.give_back(conn, &mut ledger)?),
                Wish::Cancel => Ok(asked.cancel(conn, &mut ledger)?),
            };
            ledger.close(conn)?;
            Ok(outcome.map(|granted_at| ExportKeyAnswer { instance, license, granted_at }))
        });
        Ok(done.await?.map_err(Refused::from)?)
    }

    fn license_of(
        &self,
        conn: &mut Conn,
        instance: &Instance,
        request: &ExportKeyRequest,
    ) -> Result<Entitlement> {
        let (tag, found) = (&request.license, self.tagged(conn, &request.license)?);
        let license = match request.wish {
            Wish::Request => export_key::restricted(instance.export_allowed, tag, found),
            Wish::Return | Wish::Cancel => found.ok_or_else(|| Refusal::NoKey(tag.clone())),
        };
        Ok(license.map_err(Refused::from)?)
    }
}

impl Asked<'_> {
    fn request(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<Outcome> {
        let (instance, of) = (self.instance, self.of);
        let at = instance.virtual_account;
        let used = db::pools::usage_of(conn, instance.id)?;
        let used = used.iter().find(|(id, _)| *id == of.id).map_or(0, |(_, count)| *count);
        let standing = db::pools::family(conn, at, of.clone())?.standing(self.now);
        match export_key::decide(self.key.as_ref(), used, of.billing, &standing) {
            Verdict::Known(since) => Ok(Ok(Some(since))),
            Verdict::Granted(quantity) => {
                ledger.watch(conn, at, of)?;
                db::pools::report(conn, instance.id, at, of.id, (used, quantity))?;
                self.save(conn, quantity, Some(self.now))?;
                self.end_waiting(ledger);
                let was = format!("was given an export authorization key for {}", of.name);
                self.note(ledger, EventKind::ExportKeyGranted, &was);
                Ok(Ok(Some(self.now)))
            }
            Verdict::Waits => {
                if self.key.is_none() {
                    self.save(conn, ONE, None)?;
                    ledger.compare(at, &[], &[export_key::cause(instance, of)]);
                    let was = format!(
                        "asked for an export authorization key for {}: none is free",
                        of.name
                    );
                    self.note(ledger, EventKind::ExportKeyRefused, &was);
                }
                Ok(Err(Refusal::NotAvailable(of.name.clone())))
            }
        }
    }

    /// Answers that it has none any more.
    fn give_back(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<Option<Timestamp>> {
        let (instance, of) = (self.instance, self.of);
        let held = self.key.as_ref().filter(|key| key.granted_at.is_some());
        let key = held.ok_or_else(|| self.no_key())?;
        db::export_keys::delete(conn, instance.id, of.id)?;
        // What a product with the flag uses is for its next report to say.
        if !instance.export_allowed {
            let at = instance.virtual_account;
            ledger.watch(conn, at, of)?;
            db::pools::report(conn, instance.id, at, of.id, (key.quantity, 0))?;
        }
        let was = format!("returned its export authorization key for {}", of.name);
        self.note(ledger, EventKind::ExportKeyReturned, &was);
        Ok(None)
    }

    /// A key that was given meanwhile stays, and is told.
    fn cancel(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<Option<Timestamp>> {
        let of = self.of;
        let key = self.key.as_ref().ok_or_else(|| self.no_key())?;
        if key.granted_at.is_none() {
            db::export_keys::delete(conn, self.instance.id, of.id)?;
            self.end_waiting(ledger);
            let was = format!("does not wait for an export authorization key for {}", of.name);
            self.note(ledger, EventKind::ExportKeyCancelled, &format!("{was} any more"));
        }
        Ok(key.granted_at)
    }

    fn no_key(&self) -> Refused {
        Refusal::NoKey(self.of.tag.clone()).into()
    }

    fn save(&self, conn: &mut Conn, quantity: i64, granted_at: Option<Timestamp>) -> Result<()> {
        let requested_at = self.key.as_ref().map_or(self.now, |key| key.requested_at);
        let (instance, entitlement) = (self.instance.id, self.of.id);
        let key = ExportKey { instance, entitlement, quantity, requested_at, granted_at };
        Ok(db::export_keys::save(conn, &key)?)
    }

    /// The alert of a request that waited is over.
    fn end_waiting(&self, ledger: &mut Ledger) {
        if self.key.as_ref().is_some_and(|key| key.granted_at.is_none()) {
            let cause = export_key::cause(self.instance, self.of);
            ledger.compare(self.instance.virtual_account, &[cause], &[]);
        }
    }

    fn note(&self, ledger: &mut Ledger, kind: EventKind, was: &str) {
        let message = format!("{} {was}.", self.instance.name());
        let fact = Fact::new(self.instance.virtual_account, kind, message);
        ledger.note(fact.about(self.instance.id).of(self.of.id));
    }
}

/// What of a product instance's use went, and what stayed because of its keys.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Released {
    pub(super) freed: i64,
    pub(super) kept: i64,
}

/// Takes the use of an instance out of its pools, but for what its keys are for. Only who uses
/// something restricted can have keys.
pub(super) fn release(
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
) -> Result<Released> {
    let used = db::pools::usage_of(conn, instance.id)?;
    let ids: Vec<EntitlementId> = used.iter().map(|(id, _)| *id).collect();
    let licenses = db::licenses::entitlements(conn, &ids)?;
    let restricted = licenses.iter().any(|of| of.export_restricted);
    let keys = if restricted { held(conn, instance.id)? } else { BTreeMap::new() };
    let at = instance.virtual_account;
    for of in &licenses {
        ledger.watch(conn, at, of)?;
    }
    let mut released = Released::default();
    for (id, count) in used {
        let kept = keys.get(&id).copied().unwrap_or(0).min(count);
        if kept < count {
            db::pools::report(conn, instance.id, at, id, (count, kept))?;
        }
        released.kept += kept;
        released.freed += count - kept;
    }
    Ok(released)
}

/// How many licenses the keys of an instance are for.
pub(super) fn held(conn: &mut Conn, id: InstanceId) -> Result<BTreeMap<EntitlementId, i64>> {
    let keys = db::export_keys::of_instance(conn, id)?.into_iter();
    let keys = keys.filter(|(key, _)| key.granted_at.is_some());
    Ok(keys.map(|(key, of)| (of.id, key.quantity)).collect())
}

/// Ends the alerts of the requests of an instance that goes.
pub(super) fn stop_waiting(
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
) -> Result<()> {
    for of in waiting(conn, instance)? {
        ledger.compare(instance.virtual_account, &[export_key::cause(instance, &of)], &[]);
    }
    Ok(())
}

/// Takes the alerts of an instance's requests to where it has moved.
pub(super) fn move_waiting(
    conn: &mut Conn,
    ledger: &mut Ledger,
    from: &Instance,
    to: &Instance,
) -> Result<()> {
    for of in waiting(conn, from)? {
        ledger.compare(from.virtual_account, &[export_key::cause(from, &of)], &[]);
        ledger.compare(to.virtual_account, &[], &[export_key::cause(to, &of)]);
    }
    Ok(())
}

fn waiting(conn: &mut Conn, instance: &Instance) -> Result<Vec<Entitlement>> {
    let keys = db::export_keys::of_instance(conn, instance.id)?.into_iter();
    Ok(keys.filter(|(key, _)| key.granted_at.is_none()).map(|(_, of)| of).collect())
}

/// Keys of devices that register anew, by license: they go on.
pub(super) type Inherited = BTreeMap<EntitlementId, (ExportKey, Entitlement)>;

/// Takes all use of an instance out of its pools before it is overwritten, and collects its keys;
/// they cannot leave their Smart Account. Answers how many licenses are free again.
pub(super) fn give_up(
    conn: &mut Conn,
    ledger: &mut Ledger,
    old: &Instance,
    to: SmartAccountId,
    keys: &mut Inherited,
) -> Result<i64> {
    let own = db::export_keys::of_instance(conn, old.id)?;
    if to != old.account {
        export_key::must_be_returned(&own).map_err(Refused::from)?;
    }
    let Released { freed, .. } = release(conn, ledger, old)?;
    stop_waiting(conn, ledger, old)?;
    let at = old.virtual_account;
    for (key, of) in own.into_iter().filter(|(key, _)| key.granted_at.is_some()) {
        db::pools::report(conn, old.id, at, of.id, (key.quantity, 0))?;
        let quantity = key.quantity;
        keys.entry(of.id).and_modify(|(sum, _)| sum.quantity += quantity).or_insert((key, of));
    }
    Ok(freed)
}

/// Gives the keys that go on to the instance that was registered in their place.
pub(super) fn inherit(
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
    keys: Inherited,
) -> Result<()> {
    let at = instance.virtual_account;
    for (key, of) in keys.into_values() {
        ledger.watch(conn, at, &of)?;
        db::pools::report(conn, instance.id, at, of.id, (0, key.quantity))?;
        db::export_keys::save(conn, &ExportKey { instance: instance.id, ..key })?;
    }
    Ok(())
}
