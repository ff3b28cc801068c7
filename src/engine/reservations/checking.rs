//! Whether a wizard may go on: what stands against a reservation or an update. Nothing is changed.

use super::reading::Request;
use super::reserving::{Reserve, check_kind};
use super::stock::families;
use super::updating::may_be_updated;
use super::{Case, inventory, must_be_enabled};
use crate::db;
use crate::domain::id::{EntitlementId, InstanceId};
use crate::domain::people::Permission;
use crate::domain::reservation::{Ground, Kind, Plan, Refusal, Wanted, weigh};
use crate::engine::Engine;
use crate::engine::access::{VaRef, Who};
use crate::engine::error::Result;

impl Engine {
    /// What stands against a reservation: each row that breaks a rule.
    pub async fn check_reserve(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        wanted: Reserve,
    ) -> Result<Vec<Refusal>> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            must_be_enabled(&engine, conn, &place)?;
            let request = Request::read(conn, engine.edition(), &wanted.code)?;
            check_kind(request.kind, wanted.kind)?;
            let offers = inventory::offered(conn, &place, &request.product, &request.device)?;
            let brings = !inventory::check(&offers, &wanted.add)?.is_empty();
            if request.kind == Kind::Universal {
                return Ok(Vec::new());
            }
            let families = families(conn, at)?;
            let ground = Ground { families: &families, held: &[], may_lack: false, now };
            Ok(against(weigh(ground, &wanted.rows), brings))
        })
        .await
    }

    /// Fails where an update would be refused whatever it asks for, so that no form is shown for it.
    pub async fn may_update_reservation(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<()> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, _| {
            let case = Case::to_change(conn, &place, id)?;
            may_be_updated(&engine, conn, (&place, &case))
        })
        .await
    }

    /// What stands against an update: each row that breaks a rule.
    pub async fn check_update(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
        add: Vec<(EntitlementId, i64)>,
        rows: Vec<Wanted>,
    ) -> Result<Vec<Refusal>> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let case = Case::to_change(conn, &place, id)?;
            may_be_updated(&engine, conn, (&place, &case))?;
            let product = db::products::by_tag(conn, &case.instance.software_tag)?;
            let offers = match product {
                Some(of) => inventory::offered(conn, &place, &of, &case.instance.udi)?,
                None => Vec::new(),
            };
            let brings = !inventory::check(&offers, &add)?.is_empty();
            let families = families(conn, case.instance.virtual_account)?;
            let ground = Ground { families: &families, held: &case.held, may_lack: false, now };
            let (plan, mut refusals) = weigh(ground, &rows);
            let same = plan.changes.iter().all(|change| change.before == change.after);
            if refusals.is_empty() && same && !brings {
                refusals.push(Refusal::Unchanged);
            }
            Ok(against((plan, refusals), brings))
        })
        .await
    }
}

/// A device that brings licenses along reserves these, so that no row has to.
fn against((_, mut refusals): (Plan, Vec<Refusal>), brings: bool) -> Vec<Refusal> {
    refusals.retain(|refusal| !(brings && *refusal == Refusal::Nothing));
    refusals
}
