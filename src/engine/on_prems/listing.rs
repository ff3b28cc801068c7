//! On-Prems as people see them (A-OPA-01, A-OPA-06).

use super::{attached, manages, seen, sees};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::cause::OnPremCause;
use crate::domain::on_prem::{OnPrem, may_be_attached};
use crate::domain::people::Permission;
use crate::domain::virtual_account::VirtualAccount;
use crate::engine::Engine;
use crate::engine::access::{Place, Who};
use crate::engine::error::Result;

/// An On-Prem with what belongs to it.
#[derive(Clone, Debug)]
pub struct OnPremView {
    /// The On-Prem.
    pub on_prem: OnPrem,
    /// Its virtual accounts.
    pub virtual_accounts: Vec<VirtualAccount>,
    /// How many product instances it has told of.
    pub instances: i64,
    /// Its alerts.
    pub alerts: Vec<OnPremCause>,
    /// Whether the caller manages it.
    pub may_manage: bool,
}

/// The On-Prems of a Smart Account.
#[derive(Clone, Debug)]
pub struct OnPremList {
    /// Those that the caller sees, by name.
    pub rows: Vec<OnPremView>,
    /// The virtual accounts that the caller may attach to one (A-OPA-09).
    pub unused: Vec<VirtualAccount>,
    /// Whether the caller may register one.
    pub may_create: bool,
}

impl Engine {
    /// The On-Prems that the caller sees.
    pub async fn on_prems(&self, who: &Who, domain: &str) -> Result<OnPremList> {
        self.read_in(who, domain, |conn, place, now| {
            let all = db::on_prems::of_account(conn, place.account.id)?;
            let seen = all.into_iter().filter(|one| sees(&place, one));
            let rows = seen.map(|one| view(conn, &place, one, now)).collect::<Result<Vec<_>>>()?;
            let unused = unused(conn, &place, now)?;
            let everywhere = place.actor.may(Permission::ManageOnPrems, &place.scope());
            let may_create = everywhere || !unused.is_empty();
            Ok(OnPremList { rows, unused, may_create })
        })
        .await
    }

    /// One of them.
    pub async fn on_prem(&self, who: &Who, domain: &str, number: i64) -> Result<OnPremView> {
        self.read_in(who, domain, move |conn, place, now| {
            let one = seen(conn, &place, number)?;
            view(conn, &place, one, now)
        })
        .await
    }
}

/// The causes of alerts in the On-Prems that the caller sees.
pub(in crate::engine) fn on_prem_causes(
    conn: &mut Conn,
    place: &Place,
    now: Timestamp,
) -> Result<Vec<(OnPremCause, bool)>> {
    let all = db::on_prems::of_account(conn, place.account.id)?;
    let seen = all.into_iter().filter(|one| sees(place, one));
    let of = |one: OnPrem| {
        let may = manages(place, &one).is_ok();
        OnPremCause::of(&one, now).into_iter().map(move |cause| (cause, may))
    };
    Ok(seen.flat_map(of).collect())
}

fn view(conn: &mut Conn, place: &Place, one: OnPrem, now: Timestamp) -> Result<OnPremView> {
    Ok(OnPremView {
        virtual_accounts: attached(place, &one).into_iter().cloned().collect(),
        instances: db::mirrors::count(conn, one.uid)?,
        alerts: OnPremCause::of(&one, now),
        may_manage: manages(place, &one).is_ok(),
        on_prem: one,
    })
}

fn unused(conn: &mut Conn, place: &Place, now: Timestamp) -> Result<Vec<VirtualAccount>> {
    let mut found = Vec::new();
    for va in place.visible() {
        let may = place.may(Permission::ManageOnPrems, va) && va.satellite.is_none();
        if may && may_be_attached(va, &db::virtual_accounts::contents(conn, va.id, now)?).is_ok() {
            found.push(va.clone());
        }
    }
    Ok(found)
}
