//! Vouchers for third parties: what an instance uses, confirmed.

use super::Engine;
use super::access::Within;
use super::devices::{Origin, known};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::EntitlementId;
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::pool::Compliance;
use crate::domain::voucher::{grant, must_comply};
use std::collections::BTreeMap;

/// Which vouchers a device wants.
#[derive(Clone, Debug)]
pub struct VoucherRequest {
    /// Who asks.
    pub origin: Origin,
    /// Entitlement tags and to whom the voucher goes, in order.
    pub wanted: Vec<(String, String)>,
    /// False: a rehearsal, of which the event log says nothing.
    pub live: bool,
    /// Whether a shortage of anything that it uses refuses them.
    pub compliance_required: bool,
}

/// What the vouchers may say.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// The product instance.
    pub instance: Instance,
    /// How many it uses of each tag, in the order of the request.
    pub counts: Vec<i64>,
    /// When.
    pub at: Timestamp,
}

impl Engine {
    /// Decides on vouchers; whoever renders them signs them (device-protocol 2.6).
    pub async fn vouch(&self, request: VoucherRequest) -> Result<Vouched> {
        let account = self.check_origin(&request.origin).await?;
        let engine = self.clone();
        self.change(Within::Account(account), move |conn, now| {
            let before = known(conn, request.origin.instance)?;
            let instance = engine.hear(&before, &request.origin, now)?;
            let usage = db::pools::usage_of(conn, instance.id)?.into_iter().collect();
            let wanted = engine.named(conn, &request)?;
            let counts = grant(&wanted, &usage)?;
            if request.compliance_required {
                must_comply(&standings(conn, &instance, &usage, now)?)?;
            }
            let instance = instance.scheduled(&engine.settings().periods, now);
            db::instances::save(conn, &instance)?;
            let mut ledger = Ledger::open(&engine, account, &instance.name(), now);
            ledger.instance(Some(&before), Some(&instance));
            if request.live {
                tell(&mut ledger, &instance, &request, &wanted);
            }
            ledger.close(conn)?;
            Ok(Vouched { instance, counts, at: now })
        })
        .await
    }

    fn named(
        &self,
        conn: &mut Conn,
        request: &VoucherRequest,
    ) -> Result<Vec<(String, Option<Entitlement>)>> {
        let each = request.wanted.iter();
        each.map(|(tag, _)| Ok((tag.clone(), self.tagged(conn, tag)?))).collect()
    }
}

/// How everything that an instance uses stands now.
fn standings(
    conn: &mut Conn,
    instance: &Instance,
    usage: &BTreeMap<EntitlementId, i64>,
    now: Timestamp,
) -> Result<Vec<(String, Compliance)>> {
    let used: Vec<EntitlementId> = usage.keys().copied().collect();
    let mut standings = Vec::with_capacity(used.len());
    for entitlement in db::licenses::entitlements(conn, &used)? {
        let name = entitlement.name.clone();
        let family = db::pools::family(conn, instance.virtual_account, entitlement)?;
        standings.push((name, family.standing(now).status));
    }
    Ok(standings)
}

/// One event for each voucher.
fn tell(
    ledger: &mut Ledger,
    instance: &Instance,
    request: &VoucherRequest,
    wanted: &[(String, Option<Entitlement>)],
) {
    for ((_, routing), (_, entitlement)) in request.wanted.iter().zip(wanted) {
        let Some(entitlement) = entitlement else { continue };
        let message = format!(
            "{} was given a voucher for {}, to be shown to {routing}.",
            instance.name(),
            entitlement.name
        );
        let fact = Fact::new(instance.virtual_account, EventKind::VoucherIssued, message);
        ledger.note(fact.about(instance.id).of(entitlement.id));
    }
}
