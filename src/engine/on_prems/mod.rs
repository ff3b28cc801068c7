//! On-Prem accounts of CSSM: satellites' local accounts, registered, synchronized and removed
//! (A-OPA-01 to A-OPA-11; `docs/SATELLITE.md`).

mod ahead;
mod composing;
mod credentials;
mod listing;
mod managing;
mod mirroring;
mod reading;
mod registering;
mod settling;
mod taking;
mod translating;

pub use credentials::Credential;
pub(super) use listing::on_prem_causes;
pub use listing::{OnPremList, OnPremView};
pub use managing::Download;
pub use registering::{NewOnPrem, OnPremGrant, RegisterBy};
pub(super) use settling::on_prem_is_due;
pub use taking::{RequestBy, Response};

use super::access::Place;
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain::Error;
use crate::domain::on_prem::OnPrem;
use crate::domain::people::Permission;
use crate::domain::virtual_account::VirtualAccount;

/// The On-Prem of that number.
fn find(conn: &mut Conn, place: &Place, number: i64) -> Result<OnPrem> {
    let found = db::on_prems::numbered(conn, place.account.id, number)?;
    Ok(found.ok_or_else(|| Error::not_found("On-Prem", number.to_string()))?)
}

/// The virtual accounts that are attached to it.
fn attached<'a>(place: &'a Place, one: &OnPrem) -> Vec<&'a VirtualAccount> {
    place.tree.all().iter().filter(|va| va.on_prem == Some(one.uid)).collect()
}

/// Whether the caller manages it: in the whole Smart Account, or in each of its virtual accounts.
fn manages(place: &Place, one: &OnPrem) -> Result<(), Error> {
    let (scope, own) = (place.scope(), attached(place, one));
    if place.actor.may(Permission::ManageOnPrems, &scope) || own.is_empty() {
        return place.actor.require(Permission::ManageOnPrems, &scope);
    }
    own.iter()
        .try_for_each(|va| place.actor.require(Permission::ManageOnPrems, &place.tree.scope(va)))
}

/// Whether the caller sees it.
fn sees(place: &Place, one: &OnPrem) -> bool {
    place.actor.may(Permission::View, &place.scope())
        || attached(place, one).iter().any(|va| place.may(Permission::View, va))
}

/// The On-Prem of that number, if the caller sees it.
pub(super) fn seen(conn: &mut Conn, place: &Place, number: i64) -> Result<OnPrem> {
    let one = find(conn, place, number)?;
    if !sees(place, &one) {
        place.actor.require(Permission::View, &place.scope())?;
    }
    Ok(one)
}
