//! Changing virtual accounts: name, description, access level, place, tags; and the tags of
//! licenses.

use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use super::{Engine, custom_tags};
use crate::db::{self, Conn};
use crate::domain::Error;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{EntitlementId, VirtualAccountId};
use crate::domain::local_account::Decision;
use crate::domain::people::Permission;
use crate::domain::virtual_account::{Access, Name, VirtualAccount};

/// What a virtual account shall be.
#[derive(Clone, Debug)]
pub struct VirtualAccountChange {
    /// The name.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Who sees it.
    pub access: Access,
    /// What it is nested in.
    pub parent: Option<VaRef>,
    /// Labels, as [`crate::domain::tag::parse`] gives them.
    pub tags: Vec<String>,
}

impl Engine {
    /// Changes a virtual account (A-MSA-02, A-MSA-03). For those who manage all of them.
    pub async fn change_virtual_account(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        mut change: VirtualAccountChange,
    ) -> Result<VirtualAccount> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
            let before = place.find(&va)?;
            let after = changed(&place, before, &change)?;
            if after.name != before.name {
                engine.decides_locally(conn, place.account.id, Decision::Names)?;
            }
            change.tags = custom_tags::fit(conn, &place, &change.tags)?;
            let old_tags = db::tags::of_virtual_accounts(conn, &[before.id])?.remove(&before.id);
            let said = differences(&place, before, &after, &old_tags.unwrap_or_default(), &change);
            if said.is_empty() {
                return Ok(after);
            }
            db::virtual_accounts::save(conn, &after)?;
            db::tags::set_virtual_account(conn, after.id, &change.tags)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let name = before.name.as_str();
            let message = format!("Virtual account {name} was changed: {}.", said.join("; "));
            ledger.note(Fact::new(after.id, EventKind::VirtualAccountChanged, message));
            ledger.close(conn)?;
            Ok(after)
        })
        .await
    }

    /// Gives a license in a virtual account these tags and no others (A-LIC-10).
    pub async fn tag_license(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        license: EntitlementId,
        tags: Vec<String>,
    ) -> Result<()> {
        self.tag_licenses(who, domain, va, vec![license], tags).await
    }

    /// Gives several licenses in a virtual account these tags and no others.
    pub async fn tag_licenses(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        licenses: Vec<EntitlementId>,
        tags: Vec<String>,
    ) -> Result<()> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let at = place.require(Permission::TagLicenses, &va)?.id;
            let tags = custom_tags::fit(conn, &place, &tags)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            for id in licenses {
                let fact = tag(conn, at, id, &tags)?;
                ledger.note(fact);
            }
            ledger.close(conn)
        })
        .await
    }
}

fn tag(
    conn: &mut Conn,
    at: VirtualAccountId,
    license: EntitlementId,
    tags: &[String],
) -> Result<Fact> {
    let of = db::licenses::entitlement(conn, license)?
        .ok_or_else(|| Error::not_found("license", license.to_string()))?;
    db::tags::set_license(conn, at, of.id, tags)?;
    let message = match tags {
        [] => format!("{} has no tags any more.", of.name),
        some => format!("{} is tagged {}.", of.name, some.join(", ")),
    };
    Ok(Fact::new(at, EventKind::LicenseTagged, message).of(of.id))
}

/// The virtual account as it shall be, if the rules allow it.
fn changed(
    place: &Place,
    before: &VirtualAccount,
    change: &VirtualAccountChange,
) -> Result<VirtualAccount, Error> {
    let same = place.tree.named(change.name.as_str()).filter(|other| other.id != before.id);
    if let Some(other) = same {
        let problem = format!("there is a virtual account {} already", other.name.as_str());
        return Err(Error::invalid("name", problem));
    }
    let parent = match &change.parent {
        None => None,
        Some(parent) => {
            let parent = place.find(parent)?;
            place.tree.may_be_nested(before, parent)?;
            Some(parent.id)
        }
    };
    Ok(VirtualAccount {
        name: change.name.clone(),
        description: change.description.clone(),
        access: change.access,
        parent,
        ..before.clone()
    })
}

/// What changes, in words.
fn differences(
    place: &Place,
    before: &VirtualAccount,
    after: &VirtualAccount,
    old_tags: &[String],
    change: &VirtualAccountChange,
) -> Vec<String> {
    let above = |parent: Option<VirtualAccountId>| {
        parent.map_or_else(|| "the top level".to_owned(), |id| place.name_of(id))
    };
    let mut said = Vec::new();
    if before.name != after.name {
        said.push(format!("it is called {} now", after.name.as_str()));
    }
    if before.description != after.description {
        said.push("its description is another".to_owned());
    }
    if before.access != after.access {
        said.push(format!("its access level is {}", after.access.name().to_lowercase()));
    }
    if before.parent != after.parent {
        said.push(format!("it moved from {} to {}", above(before.parent), above(after.parent)));
    }
    if old_tags != change.tags {
        said.push(match change.tags.as_slice() {
            [] => "it has no tags".to_owned(),
            some => format!("its tags are {}", some.join(", ")),
        });
    }
    said
}
