//! What a satellite holds, counted for its administrators (B-SHL-06).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::admit;
use crate::db;
use crate::domain::cause::Severity;
use crate::domain::system::SystemPermission;
use crate::machine::{self, Health};

/// Figures of a whole satellite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Registered local accounts.
    pub accounts: i64,
    /// Product instances.
    pub devices: i64,
    /// Licenses that count today.
    pub licenses: i64,
    /// Alerts that cost compliance or a device.
    pub major: i64,
    /// Alerts that will do so later.
    pub minor: i64,
    /// People who may sign in, or could before they were disabled.
    pub users: i64,
}

impl Engine {
    /// How the machine stands under the satellite.
    pub async fn health(&self, who: &Who) -> Result<Health> {
        let (who, now, data) = (who.clone(), self.now(), self.settings().data.clone());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::EnterAdministration, now)?;
                Ok(machine::look(data.as_deref()))
            })
            .await
    }

    /// Counts what there is, with the sums that the pages of the accounts show.
    pub async fn figures(&self, who: &Who) -> Result<Figures> {
        let (caller, now) = (who.clone(), self.now());
        let (domains, users) = self
            .db()
            .read(move |conn| {
                admit(conn, &caller, SystemPermission::EnterAdministration, now)?;
                let accounts = db::accounts::all(conn)?;
                let domains: Vec<String> = accounts.into_iter().map(|a| a.domain).collect();
                Ok::<_, super::super::Error>((domains, db::system_users::all(conn)?.len()))
            })
            .await?;
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut figures =
            Figures { accounts: whole(domains.len()), users: whole(users), ..Figures::default() };
        for local in self.local_alerts(who).await? {
            match local.alert.severity() {
                Severity::Major => figures.major += 1,
                Severity::Minor => figures.minor += 1,
                Severity::Informational => {}
            }
        }
        for domain in &domains {
            for row in self.overview(who, domain).await?.virtual_accounts {
                figures.devices += row.contents.instances;
                figures.licenses += row.contents.licenses;
                figures.major += whole(row.major);
                figures.minor += whole(row.minor);
            }
        }
        Ok(figures)
    }
}
