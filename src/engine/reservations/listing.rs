//! Which product instances hold reservations, and how these stand.

use crate::db;
use crate::domain::id::InstanceId;
use crate::domain::instance::Instance;
use crate::domain::people::Permission;
use crate::domain::reservation::{Holder, Kind};
use crate::domain::virtual_account::VirtualAccount;
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;

/// How the reservation of an instance stands, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservationStanding {
    /// The product instance.
    pub instance: InstanceId,
    /// Single licenses or all.
    pub kind: Kind,
    /// Whether an update waits for its confirmation code.
    pub pending: bool,
    /// Whether its licenses went to a replacement.
    pub return_pending: bool,
}

/// A product instance with a reservation.
#[derive(Clone, Debug)]
pub struct ReservedInstance {
    /// The product instance.
    pub instance: Instance,
    /// Where it is.
    pub virtual_account: VirtualAccount,
    /// How its reservation stands.
    pub standing: ReservationStanding,
}

impl Engine {
    /// How the reservations of these instances stand; those that hold none or are out of sight
    /// are left out.
    pub async fn reservation_standings(
        &self,
        who: &Who,
        domain: &str,
        ids: Vec<InstanceId>,
    ) -> Result<Vec<ReservationStanding>> {
        self.read_in(who, domain, move |conn, place, _| {
            let pending = db::authorizations::pending(conn, place.account.id)?;
            let all = db::reservations::holders_among(conn, place.account.id, &ids)?;
            let seen = all.into_iter().filter(|(instance, _)| {
                place.require_in(Permission::View, instance.virtual_account).is_ok()
            });
            Ok(seen.map(|(_, holder)| standing(&holder, &pending)).collect())
        })
        .await
    }

    /// All instances of the Smart Account that hold reservations, by name, for the support desk
    /// of the lab: whoever has a role in the Smart Account sees them.
    pub async fn reserved_instances(
        &self,
        who: &Who,
        domain: &str,
    ) -> Result<Vec<ReservedInstance>> {
        self.read_in(who, domain, move |conn, place, _| {
            let pending = db::authorizations::pending(conn, place.account.id)?;
            let all = db::reservations::holders(conn, place.account.id)?;
            let row = |(instance, holder): (Instance, Holder)| {
                Some(ReservedInstance {
                    virtual_account: place.tree.get(instance.virtual_account)?.clone(),
                    standing: standing(&holder, &pending),
                    instance,
                })
            };
            Ok(all.into_iter().filter_map(row).collect())
        })
        .await
    }
}

fn standing(holder: &Holder, pending: &[InstanceId]) -> ReservationStanding {
    ReservationStanding {
        instance: holder.instance,
        kind: holder.kind,
        pending: pending.contains(&holder.instance),
        return_pending: holder.return_pending,
    }
}
