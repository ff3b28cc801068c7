//! Why a license of a virtual account stands as it does.

use super::Engine;
use super::access::{VaRef, Who};
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain::explain::{Explanation, UsePart, explain};
use crate::domain::id::EntitlementId;
use crate::domain::license::Entitlement;
use crate::domain::people::Permission;
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};

/// An explanation in its place.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The virtual account.
    pub virtual_account: VirtualAccount,
    /// The license.
    pub entitlement: Entitlement,
    /// The arithmetic.
    pub parts: Explanation,
}

impl Engine {
    /// The arithmetic of a balance, for those who see the virtual account.
    pub async fn explain(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        license: EntitlementId,
    ) -> Result<Explained> {
        self.read_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::View, &va)?;
            let entitlement = db::licenses::entitlement(conn, license)?
                .ok_or_else(|| Error::not_found("license", license.to_string()))?;
            explained(conn, va, entitlement, now)
        })
        .await
    }

    /// The same for the lab's own tools: it asks for no permission.
    pub async fn explain_for_lab(
        &self,
        domain: String,
        va: String,
        license: String,
    ) -> Result<Explained> {
        self.look(move |conn, now| {
            let account = db::accounts::find_by_domain(conn, &domain)?
                .ok_or_else(|| Error::not_found("Smart Account", &domain))?;
            let tree = db::virtual_accounts::tree(conn, account.id)?;
            let place = tree.named(&va).ok_or_else(|| Error::not_found("virtual account", &va))?;
            let entitlement = db::licenses::named(conn, &license)?
                .ok_or_else(|| Error::not_found("license", &license))?;
            explained(conn, place, entitlement, now)
        })
        .await
    }
}

fn explained(
    conn: &mut Conn,
    va: &VirtualAccount,
    entitlement: Entitlement,
    now: Timestamp,
) -> Result<Explained> {
    let family = db::pools::family(conn, va.id, entitlement.clone())?;
    let used = db::pools::users_of(conn, va.id, entitlement.id)?
        .into_iter()
        .map(|(instance, quantity)| UsePart {
            instance: instance.id,
            name: instance.name(),
            quantity,
        })
        .collect();
    let held = db::reservations::of_license(conn, va.id, entitlement.id)?
        .into_iter()
        .map(|(instance, line, quantity)| (instance.id, instance.name(), line, quantity))
        .collect();
    let parts = explain(&family, used, held, now);
    Ok(Explained { virtual_account: va.clone(), entitlement, parts })
}
