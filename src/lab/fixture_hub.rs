//! The hub of a fixture: partners, customers, and their people.

use super::fixture_load::Loading;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::error::Error;
use crate::domain::hub::{Assigned, Organization, OrganizationKind, Role};
use crate::domain::id::{HubRoleId, OrganizationId, UserId};
use crate::domain::people::User;
use crate::engine;
use serde::Deserialize;

/// A partner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// What people call it.
    pub name: String,
    /// How addresses name it.
    pub key: String,
    /// Its customers.
    #[serde(default)]
    pub customers: Vec<Customer>,
    /// Who has a role at it or at its customers.
    #[serde(default)]
    pub people: Vec<Person>,
}

/// A customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// What people call it.
    pub name: String,
    /// How addresses name it.
    pub key: String,
}

/// A person of the hub; one that is known already keeps name and password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Login name.
    pub name: String,
    /// Mail address; `<name>@<partner>.example` unless given.
    pub email: Option<String>,
    /// Roles.
    pub roles: Vec<Held>,
}

/// A role of a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The role's name as on the pages.
    pub role: String,
    /// The customer's key, for a role at a customer.
    pub customer: Option<String>,
}

/// What the parts of a hub are loaded with.
pub(super) struct HubGround<'a> {
    pub(super) with: &'a Loading,
    pub(super) anchor: Timestamp,
    /// The password of everybody who is new.
    pub(super) hash: &'a str,
}

impl HubGround<'_> {
    /// The id of a named thing of the hub.
    pub(super) fn named(&self, what: &str) -> uuid::Uuid {
        self.with.ids.named(self.anchor, &format!("hub/{what}"))
    }
}

/// Loads the hub. Everything in it obeys the rules that people obey.
pub(super) fn load(
    conn: &mut Conn,
    partners: &[Partner],
    ground: &HubGround<'_>,
) -> engine::Result<()> {
    for partner in partners {
        load_partner(conn, ground, partner)?;
    }
    Ok(())
}

fn load_partner(conn: &mut Conn, ground: &HubGround<'_>, yaml: &Partner) -> engine::Result<()> {
    let kind = OrganizationKind::Partner;
    let partner = organization(ground, (&yaml.key, &yaml.name), kind, None);
    add(conn, &partner)?;
    let mut all = vec![partner.clone()];
    for entry in &yaml.customers {
        let kind = OrganizationKind::Customer;
        let customer = organization(ground, (&entry.key, &entry.name), kind, Some(partner.id));
        add(conn, &customer)?;
        all.push(customer);
    }
    for person in &yaml.people {
        load_person(conn, ground, &all, person)?;
    }
    Ok(())
}

fn organization(
    ground: &HubGround<'_>,
    (key, name): (&str, &str),
    kind: OrganizationKind,
    partner: Option<OrganizationId>,
) -> Organization {
    let id = OrganizationId(ground.named(&format!("organization/{key}")));
    Organization { id, key: key.to_owned(), name: name.to_owned(), kind, partner }
}

fn add(conn: &mut Conn, one: &Organization) -> engine::Result<()> {
    one.check()?;
    if db::hub::organizations::of_key(conn, &one.key)?.is_some() {
        let problem = format!("{} stands twice in the hub", one.key);
        return Err(Error::invalid("key", problem).into());
    }
    Ok(db::hub::organizations::insert(conn, one)?)
}

/// `all` is the partner, then its customers.
fn load_person(
    conn: &mut Conn,
    ground: &HubGround<'_>,
    all: &[Organization],
    yaml: &Person,
) -> engine::Result<()> {
    let user = user(conn, ground, all, yaml)?;
    for (index, held) in yaml.roles.iter().enumerate() {
        let role = Role::parse(&held.role)
            .ok_or_else(|| Error::invalid("role", format!("{} is no role", held.role)))?;
        let at = match &held.customer {
            None => all.first(),
            Some(key) => all.iter().skip(1).find(|of| of.key == *key),
        };
        let wanted = held.customer.clone().unwrap_or_default();
        let at = at.ok_or_else(|| Error::not_found("customer", wanted))?;
        at.takes(role)?;
        let id = HubRoleId(ground.named(&format!("role/{}/{}/{index}", at.key, yaml.name)));
        db::hub::roles::insert(conn, id, user, Assigned { role, organization: at.id })?;
    }
    Ok(())
}

fn user(
    conn: &mut Conn,
    ground: &HubGround<'_>,
    all: &[Organization],
    yaml: &Person,
) -> engine::Result<UserId> {
    if let Some(known) = db::people::user_by_name(conn, &yaml.name)? {
        return Ok(known.id);
    }
    let partner = all.first().map_or("hub", |partner| partner.key.as_str());
    let own = format!("{}@{partner}.example", yaml.name);
    let user = User {
        id: UserId(ground.named(&format!("user/{}", yaml.name))),
        name: yaml.name.clone(),
        email: yaml.email.clone().unwrap_or(own),
        password_hash: ground.hash.to_owned(),
    };
    db::people::insert_user(conn, &user)?;
    Ok(user.id)
}
