//! Reservations as the REST API asks for them: licenses by tag, devices by identifier, each with
//! its own outcome (R1 to R4).

use super::issuing::Issued;
use super::reading::Request;
use super::reserving::{Making, Reserve};
use super::stock::families;
use super::{Case, must_be_enabled};
use crate::db::{self, Conn};
use crate::domain::id::VirtualAccountId;
use crate::domain::instance::Instance;
use crate::domain::license::Billing;
use crate::domain::people::Permission;
use crate::domain::pool::Family;
use crate::domain::reservation::{Held, Kind, Share, Wanted, choose};
use crate::domain::transfer::Precedence;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Place, VaRef, Who};
use crate::engine::error::Result;
use crate::engine::instances::{Device, find_device, refused_or_done};

/// So many of a license.
#[derive(Clone, Debug)]
pub struct NamedLicense {
    /// Its entitlement tag, or its name.
    pub license: String,
    /// How many the device shall hold.
    pub quantity: i64,
    /// Which lines first.
    pub precedence: Precedence,
}

/// A reservation for a request code.
#[derive(Clone, Debug)]
pub struct NamedReservation {
    /// The request code.
    pub code: String,
    /// Single licenses or all; none for whichever the code is for.
    pub kind: Option<Kind>,
    /// Which.
    pub licenses: Vec<NamedLicense>,
}

/// An update of what a device holds. A license that is not named stays as it is (ours).
#[derive(Clone, Debug)]
pub struct NamedUpdate {
    /// The device.
    pub device: Device,
    /// Its new quantities.
    pub licenses: Vec<NamedLicense>,
}

/// A confirmation code of a device.
#[derive(Clone, Debug)]
pub struct NamedConfirmation {
    /// The device.
    pub device: Device,
    /// Its confirmation code.
    pub code: String,
}

/// Each with its own outcome.
type Outcomes<T> = Vec<Result<T, Error>>;

impl Engine {
    /// Reserves for several devices in several virtual accounts (R1; bulk).
    pub async fn reserve_named(
        &self,
        who: &Who,
        domain: &str,
        wanted: Vec<(VaRef, NamedReservation)>,
    ) -> Result<Outcomes<Issued>> {
        let engine = self.clone();
        self.write_across(who, domain, move |conn, place, now| {
            let mut outcomes = Vec::with_capacity(wanted.len());
            for (va, named) in &wanted {
                let at = place.require_own(Permission::ManageInstances, va)?.id;
                let making = Making { engine: &engine, place: &place, at, now };
                outcomes.push(refused_or_done(making.named(conn, named))?);
            }
            Ok(outcomes)
        })
        .await
    }

    /// Updates what devices hold: the first of two phases (R2).
    pub async fn update_named(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        wanted: Vec<NamedUpdate>,
    ) -> Result<Outcomes<Issued>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            let mut outcomes = Vec::with_capacity(wanted.len());
            for named in &wanted {
                let updated = engine.named_update(conn, (&place, now), at, named);
                outcomes.push(refused_or_done(updated)?);
            }
            Ok(outcomes)
        })
        .await
    }

    /// Enters confirmation codes of devices: the second of two phases (R3).
    pub async fn confirm_named(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        wanted: Vec<NamedConfirmation>,
    ) -> Result<Outcomes<Instance>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            let mut outcomes = Vec::with_capacity(wanted.len());
            for NamedConfirmation { device, code } in &wanted {
                let found = find_device(conn, at, device).and_then(|found| Case::of(conn, found));
                let outcome = match refused_or_done(found)? {
                    Ok(case) => engine.confirm(conn, (&place, now), &case, code)?,
                    Err(refusal) => Err(refusal),
                };
                outcomes.push(outcome);
            }
            Ok(outcomes)
        })
        .await
    }

    fn named_update(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        at: VirtualAccountId,
        named: &NamedUpdate,
    ) -> Result<Issued> {
        let instance = find_device(conn, at, &named.device)?;
        let case = Case::of(conn, instance)?;
        let families = families(conn, at)?;
        let mut rows = chosen(conn, at, (&families, &case.held), &named.licenses, now)?;
        let unnamed = case
            .held
            .iter()
            .filter(|held| rows.iter().all(|row| row.entitlement != held.entitlement))
            .map(|held| Wanted {
                entitlement: held.entitlement,
                line: held.line,
                quantity: held.quantity,
            });
        let unnamed: Vec<Wanted> = unnamed.collect();
        rows.extend(unnamed);
        self.update(conn, (place, now), &case, &[], rows)
    }
}

impl Making<'_> {
    fn named(&self, conn: &mut Conn, named: &NamedReservation) -> Result<Issued> {
        must_be_enabled(self.engine, conn, self.place)?;
        let request = Request::read(conn, self.engine.edition(), &named.code)?;
        let families = families(conn, self.at)?;
        let rows = chosen(conn, self.at, (&families, &[]), &named.licenses, self.now)?;
        let (code, kind) = (named.code.clone(), named.kind.unwrap_or(request.kind));
        self.reserve(conn, &request, &Reserve { code, kind, add: Vec::new(), rows })
    }
}

/// The rows that serve a list of licenses.
fn chosen(
    conn: &mut Conn,
    at: VirtualAccountId,
    (families, held): (&[Family], &[Held]),
    licenses: &[NamedLicense],
    now: Timestamp,
) -> Result<Vec<Wanted>> {
    let mut rows: Vec<Wanted> = Vec::new();
    for named in licenses {
        let of = db::licenses::named(conn, &named.license)?
            .ok_or_else(|| Error::not_found("license", &named.license))?;
        if rows.iter().any(|row| row.entitlement == of.id) {
            let problem = format!("{} is there twice", of.name);
            return Err(Error::invalid("licenses", problem).into());
        }
        let share = Share { quantity: named.quantity, precedence: named.precedence };
        let nothing = Family::new(at, of.clone(), Vec::new());
        let family = families.iter().find(|family| family.pool.id() == of.id).unwrap_or(&nothing);
        let chosen = choose(family, held, share, now)?;
        let usage = of.billing == Billing::Usage;
        rows.extend(chosen.into_iter().filter(|row| usage || row.line.is_some()));
    }
    Ok(rows)
}
