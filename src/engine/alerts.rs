//! Alerts, derived at the moment somebody looks (A-ALR-10).

use super::Engine;
use super::access::{VaRef, Who};
use super::error::Result;
use crate::db;
use crate::db::pools::Places;
use crate::domain::Timestamp;
use crate::domain::alert::{self, Alert};
use crate::domain::people::Permission;
use crate::domain::pool::Pool;
use crate::domain::virtual_account::VirtualAccount;

/// The alerts of a Smart Account or of one virtual account.
#[derive(Clone, Debug)]
pub struct AlertList {
    /// In the order of the page: severity first.
    pub alerts: Vec<Alert>,
    /// The virtual accounts where the caller may transfer licenses.
    pub transferable: Vec<VirtualAccount>,
}

impl Engine {
    /// The alerts that the caller sees; `va` narrows to one virtual account.
    pub async fn alerts(&self, who: &Who, domain: &str, va: Option<VaRef>) -> Result<AlertList> {
        self.read_in(who, domain, move |conn, place, now| {
            let places: Vec<&VirtualAccount> = match &va {
                Some(va) => vec![place.require(Permission::View, va)?],
                None => place.visible(),
            };
            let mut alerts = Vec::new();
            for va in &places {
                let pools = db::pools::list(conn, Places::these(&[va.id]))?;
                alerts.extend(shortages(va, &pools, now));
            }
            alerts.sort_by_key(|alert| alert.severity);
            let transferable = place.visible().into_iter();
            let transferable =
                transferable.filter(|va| place.may(Permission::Transfer, va)).cloned().collect();
            Ok(AlertList { alerts, transferable })
        })
        .await
    }
}

/// The pools of a virtual account that are short (A-ALK-01).
pub(super) fn shortages(va: &VirtualAccount, pools: &[Pool], now: Timestamp) -> Vec<Alert> {
    pools.iter().filter_map(|pool| alert::insufficient(va, pool, &pool.standing(now))).collect()
}
