//! Custom tags of an account (A-MSA-09, B-LWS-08), for those who manage its virtual accounts.

use super::Engine;
use super::access::{Place, Who};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::custom_tags::Label;
use crate::db::{self, Conn};
use crate::domain::custom_tag::{self, CustomTag};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{CustomTagId, SmartAccountId};
use crate::domain::people::Permission;
use crate::domain::{Error, Timestamp};

/// A custom tag with what has a label of it.
#[derive(Clone, Debug)]
pub struct CustomTagRow {
    /// The custom tag.
    pub custom: CustomTag,
    /// How many labels of it virtual accounts have, of those that the caller sees.
    pub virtual_accounts: usize,
    /// How many labels of it licenses in them have.
    pub licenses: usize,
}

/// A custom tag as it was typed.
#[derive(Clone, Debug, Default)]
pub struct CustomTagWish {
    /// The name.
    pub name: String,
    /// The values, one on a line or with commas.
    pub values: String,
}

impl Engine {
    /// The custom tags of an account, by name.
    pub async fn custom_tags(&self, who: &Who, domain: &str) -> Result<Vec<CustomTag>> {
        self.read_in(who, domain, |conn, place, _| {
            Ok(db::custom_tags::all(conn, place.account.id)?)
        })
        .await
    }

    /// The custom tags of an account, by name, with their uses in virtual accounts that the caller
    /// sees.
    pub async fn custom_tag_uses(&self, who: &Who, domain: &str) -> Result<Vec<CustomTagRow>> {
        self.read_in(who, domain, |conn, place, _| {
            let seen: Vec<_> = place.visible().iter().map(|va| va.id).collect();
            let labels = db::custom_tags::labels(conn, place.account.id)?;
            let row = |custom: CustomTag| {
                let uses = |labels: &[Label]| {
                    labels.iter().filter(|(at, text)| seen.contains(at) && custom.has(text)).count()
                };
                let (virtual_accounts, licenses) = (uses(&labels.0), uses(&labels.1));
                CustomTagRow { custom, virtual_accounts, licenses }
            };
            let all = db::custom_tags::all(conn, place.account.id)?;
            Ok(all.into_iter().map(row).collect())
        })
        .await
    }

    /// Creates a custom tag. Labels that begin with its name are of it from now on.
    pub async fn create_custom_tag(
        &self,
        who: &Who,
        domain: &str,
        wish: CustomTagWish,
    ) -> Result<CustomTag> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require(&place)?;
            let custom = CustomTag {
                id: CustomTagId(engine.ids().uuid(now)),
                account: place.account.id,
                name: custom_tag::name(&wish.name)?,
                values: custom_tag::values(&wish.values)?,
            };
            custom.may_join(&db::custom_tags::all(conn, place.account.id)?)?;
            in_use_are_allowed(conn, &custom)?;
            db::custom_tags::insert(conn, &custom)?;
            let message =
                format!("Custom tag {} was created: {}.", custom.name, custom.values.join(", "));
            engine.tell_tags(conn, &place, (EventKind::CustomTagCreated, message), now)?;
            Ok(custom)
        })
        .await
    }

    /// Gives a custom tag other values; those that labels have stay among them.
    pub async fn change_custom_tag(
        &self,
        who: &Who,
        domain: &str,
        id: CustomTagId,
        values: String,
    ) -> Result<CustomTag> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require(&place)?;
            let before = find(conn, place.account.id, id)?;
            let after = CustomTag { values: custom_tag::values(&values)?, ..before.clone() };
            if after == before {
                return Ok(after);
            }
            in_use_are_allowed(conn, &after)?;
            db::custom_tags::save(conn, &after)?;
            let message =
                format!("Custom tag {} may be {} now.", after.name, after.values.join(", "));
            engine.tell_tags(conn, &place, (EventKind::CustomTagChanged, message), now)?;
            Ok(after)
        })
        .await
    }

    /// Removes a custom tag. Its labels stay and are free from now on.
    pub async fn remove_custom_tag(
        &self,
        who: &Who,
        domain: &str,
        id: CustomTagId,
    ) -> Result<CustomTag> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require(&place)?;
            let custom = find(conn, place.account.id, id)?;
            db::custom_tags::remove(conn, id)?;
            let message = format!("Custom tag {} was removed; its labels stay.", custom.name);
            engine.tell_tags(conn, &place, (EventKind::CustomTagRemoved, message), now)?;
            Ok(custom)
        })
        .await
    }

    /// Writes what happened to a custom tag into the log of its account.
    fn tell_tags(
        &self,
        conn: &mut Conn,
        place: &Place,
        (kind, message): (EventKind, String),
        now: Timestamp,
    ) -> Result<()> {
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        ledger.note(Fact::of_account(kind, message));
        ledger.close(conn)
    }
}

/// Labels for something in an account, as its custom tags spell and allow them.
pub(super) fn fit(conn: &mut Conn, place: &Place, labels: &[String]) -> Result<Vec<String>> {
    Ok(custom_tag::fit(labels, &db::custom_tags::all(conn, place.account.id)?)?)
}

fn require(place: &Place) -> Result<(), Error> {
    place.actor.require(Permission::ManageVirtualAccounts, &place.scope())
}

fn find(conn: &mut Conn, account: SmartAccountId, id: CustomTagId) -> Result<CustomTag> {
    let found = db::custom_tags::all(conn, account)?.into_iter().find(|custom| custom.id == id);
    Ok(found.ok_or_else(|| Error::not_found("custom tag", id.to_string()))?)
}

fn in_use_are_allowed(conn: &mut Conn, custom: &CustomTag) -> Result<()> {
    let (places, licenses) = db::custom_tags::labels(conn, custom.account)?;
    Ok(custom.allows(places.iter().chain(&licenses).map(|(_, text)| text.as_str()))?)
}
