//! From a fixture to the rows of a site, in one transaction.

use super::fixture as yaml;
use super::fixture_contracts;
use super::fixture_hub;
use super::fixture_load_parts::{Ground, line, reservation, token, users};
use super::fixture_usage;
use crate::crypto::secret::{digest, hash_password};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::account::{AccountKind, Agreement, SmartAccount};
use crate::domain::custom_tag::{self, CustomTag};
use crate::domain::error::Error;
use crate::domain::event::Transaction;
use crate::domain::id::{
    CustomTagId, EntitlementId, SmartAccountId, TransactionId, VirtualAccountId,
};
use crate::domain::license::{self, Billing, Entitlement, Tier};
use crate::domain::people::ApiClient;
use crate::domain::tag;
use crate::domain::virtual_account::{Access, Name, VirtualAccount};
use crate::engine;
use crate::ids::Ids;
use chrono::TimeDelta;
use std::sync::{Arc, OnceLock};

/// What a fixture is loaded with.
#[derive(Clone)]
pub struct Loading {
    /// Makes the ids and secrets; the same for the same seed.
    pub ids: Ids,
    /// The instant of loading.
    pub now: Timestamp,
    /// Everybody's password.
    pub password: String,
    known: bool,
    hash: Arc<OnceLock<String>>,
}

impl Loading {
    /// Of these ids, at this instant, with everybody's password.
    pub fn new(ids: Ids, now: Timestamp, password: String) -> Self {
        Self { ids, now, password, known: false, hash: Arc::default() }
    }

    /// Whether everybody knows the password.
    #[must_use]
    pub fn everybody_knows(self, known: bool) -> Self {
        Self { known, ..self }
    }

    /// The hash of everybody's password. It is slow on purpose, so it is made once for all people
    /// of all sites, and a site remembers it if the password is the one that everybody knows.
    pub(super) fn hash(&self, conn: &mut Conn) -> engine::Result<String> {
        let hash = match self.hash.get() {
            Some(hash) => hash.clone(),
            None => hash_password(&self.password, &self.ids.salt())?,
        };
        if self.known {
            engine::remember_lab_password(conn, &hash)?;
        }
        Ok(self.hash.get_or_init(|| hash).clone())
    }
}

/// The instants of a fixture, moved with its anchor.
#[derive(Clone, Copy)]
pub(super) struct Calendar {
    pub(super) anchor: Timestamp,
    pub(super) shift: TimeDelta,
}

/// Loads a fixture into a site that has no Smart Account yet; answers whether
/// it did. Everything in it obeys the rules that people obey.
pub fn load(conn: &mut Conn, fixture: &yaml::Fixture, with: &Loading) -> engine::Result<bool> {
    if !db::accounts::all(conn)?.is_empty() || db::keys::fact(conn, "fixture")?.is_some() {
        return Ok(false);
    }
    let calendar = calendar(fixture, with.now)?;
    for entry in &fixture.catalog {
        db::licenses::insert_entitlement(conn, &entitlement(entry, with, calendar)?)?;
    }
    license::check_tiers(&db::licenses::all(conn)?)?;
    let hash = with.hash(conn)?;
    for account in &fixture.smart_accounts {
        load_account(conn, account, (with, &hash), calendar)?;
    }
    let ground = fixture_hub::HubGround { with, anchor: calendar.anchor, hash: &hash };
    fixture_hub::load(conn, &fixture.hub, &ground)?;
    fixture_contracts::load(conn, &fixture.active_user_contracts, with, calendar)?;
    fixture_usage::load(conn, &fixture.flex_usage, &ground)?;
    db::keys::set_fact(conn, "fixture", "loaded")?;
    Ok(true)
}

/// The identifier and the secret of an API client of a fixture.
pub fn client_secret(ids: &Ids, password: &str, name: &str) -> (String, String) {
    let id = ids.named_secret(&format!("client-id/{name}")).to_lowercase();
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    (id, ids.named_secret(&format!("client-secret/{password}/{name}")))
}

/// The text of a registration token of a fixture.
pub fn token_text(ids: &Ids, password: &str, anchor: Timestamp, token: &yaml::Token) -> String {
    let days = u64::try_from(token.days).unwrap_or(1);
    ids.named_token_text(anchor, anchor.plus_days(days), &format!("{password}/{}", token.name))
}

/// The instant that a fixture's dates are as of.
pub fn anchor(fixture: &yaml::Fixture, now: Timestamp) -> Result<Timestamp, Error> {
    match &fixture.anchor {
        None => Ok(now),
        Some(text) => Timestamp::parse(text).ok_or_else(|| {
            Error::invalid("anchor", format!("{text} is not like 2026-01-05T09:00:00Z"))
        }),
    }
}

fn calendar(fixture: &yaml::Fixture, now: Timestamp) -> Result<Calendar, Error> {
    let anchor = anchor(fixture, now)?;
    Ok(Calendar {
        anchor,
        shift: Timestamp::midnight(now.date()) - Timestamp::midnight(anchor.date()),
    })
}

pub(super) fn entitlement(
    entry: &yaml::Entitlement,
    with: &Loading,
    calendar: Calendar,
) -> Result<Entitlement, Error> {
    let billing = entry.billing.as_deref().unwrap_or("prepaid");
    let tier = match (&entry.family, entry.tier) {
        (Some(family), Some(rank)) => Some(Tier { family: family.clone(), rank }),
        (None, None) => None,
        _ => {
            let problem = format!("{}: family and tier come together", entry.name);
            return Err(Error::invalid("tier", problem));
        }
    };
    Ok(Entitlement {
        id: EntitlementId(with.ids.named(calendar.anchor, &format!("tag/{}", entry.tag))),
        tag: entry.tag.clone(),
        name: entry.name.clone(),
        description: entry.description.clone(),
        billing: Billing::parse(billing).ok_or_else(|| {
            Error::invalid("billing", format!("{billing} is not prepaid or usage"))
        })?,
        enforced: entry.enforced,
        export_restricted: entry.export_restricted,
        tier,
    })
}

/// Stores the custom tags of an account, each name once.
fn custom_tags(
    conn: &mut Conn,
    ground: &Ground,
    yaml: &yaml::SmartAccount,
) -> engine::Result<Vec<CustomTag>> {
    let mut customs: Vec<CustomTag> = Vec::new();
    for one in &yaml.custom_tags {
        let name = custom_tag::name(&one.name)?;
        let key = format!("custom-tag/{}/{}", yaml.domain, tag::key(&name));
        let custom = CustomTag {
            id: CustomTagId(ground.with.ids.named(ground.calendar.anchor, &key)),
            account: ground.account.id,
            name,
            values: custom_tag::values(&one.values.join(","))?,
        };
        custom.may_join(&customs)?;
        db::custom_tags::insert(conn, &custom)?;
        customs.push(custom);
    }
    Ok(customs)
}

fn load_account(
    conn: &mut Conn,
    yaml: &yaml::SmartAccount,
    (with, hash): (&Loading, &str),
    calendar: Calendar,
) -> engine::Result<()> {
    let account = smart_account(conn, yaml, with, calendar)?;
    db::accounts::insert(conn, &account)?;
    let mut ground = Ground { account, places: Vec::new(), with, calendar };
    let customs = custom_tags(conn, &ground, yaml)?;
    for va in &yaml.virtual_accounts {
        let place = virtual_account(conn, &ground, va)?;
        db::virtual_accounts::insert(conn, &place)?;
        let labels = custom_tag::fit(&tag::parse(&va.tags.join(","))?, &customs)?;
        db::tags::set_virtual_account(conn, place.id, &labels)?;
        ground.places.push(place);
    }
    if ground.places.iter().filter(|va| va.is_default).count() != 1 {
        let problem = format!("{} needs exactly one default one", yaml.domain);
        return Err(Error::invalid("virtual_accounts", problem).into());
    }
    users(conn, &ground, &yaml.users, hash)?;
    for client in &yaml.api_clients {
        load_client(conn, client, with)?;
    }
    for entry in &yaml.tokens {
        db::tokens::insert(conn, &token(&ground, entry)?)?;
    }
    for (index, entry) in yaml.licenses.iter().enumerate() {
        let line = line(conn, &ground, entry, index)?;
        db::licenses::insert_line(conn, &line)?;
        let id = TransactionId(ground.named(&format!("order/{index}")));
        db::transactions::append(conn, &Transaction::order(id, &line, with.now))?;
    }
    for entry in &yaml.reservations {
        reservation(conn, &ground, entry)?;
    }
    Ok(())
}

fn smart_account(
    conn: &mut Conn,
    yaml: &yaml::SmartAccount,
    with: &Loading,
    calendar: Calendar,
) -> engine::Result<SmartAccount> {
    let kind = yaml.kind.as_deref().unwrap_or("customer");
    Ok(SmartAccount {
        id: SmartAccountId(with.ids.named(calendar.anchor, &format!("{}/account", yaml.domain))),
        number: db::keys::next_number(conn, "number", 100_001)?,
        name: yaml.name.clone(),
        domain: yaml.domain.clone(),
        kind: AccountKind::parse(kind)
            .ok_or_else(|| Error::invalid("kind", format!("{kind} is not customer or holding")))?,
        agreement: yaml.agreement.as_ref().map(|a| Agreement {
            version: a.version.clone(),
            accepted_by: a.accepted_by.clone(),
            accepted_at: with.now,
        }),
        export_entitled: yaml.export_entitled,
        reservation_enabled: yaml.reservation_enabled,
        add_to_inventory: yaml.add_to_inventory,
        created_at: with.now,
    })
}

fn virtual_account(
    conn: &mut Conn,
    ground: &Ground<'_>,
    yaml: &yaml::VirtualAccount,
) -> engine::Result<VirtualAccount> {
    let access = yaml.access.as_deref().unwrap_or("public");
    let parent = match &yaml.parent {
        Some(name) => Some(ground.place(name)?.id),
        None => None,
    };
    let va = VirtualAccount {
        id: VirtualAccountId(ground.named(&format!("va/{}", yaml.name))),
        number: db::keys::next_number(conn, "number", 100_001)?,
        account: ground.account.id,
        parent,
        name: Name::parse(&yaml.name)?,
        description: yaml.description.clone(),
        access: Access::parse(access).ok_or_else(|| {
            Error::invalid("access", format!("{access} is not public or private"))
        })?,
        is_default: yaml.default,
        satellite: yaml.satellite.clone(),
        on_prem: None,
        upstream: None,
        created_at: ground.with.now,
    };
    if va.is_default {
        va.may_be_default()?;
    }
    Ok(va)
}

fn load_client(conn: &mut Conn, yaml: &yaml::ApiClient, with: &Loading) -> engine::Result<()> {
    let user = db::people::user_by_name(conn, &yaml.user)?
        .ok_or_else(|| Error::not_found("user", &yaml.user))?;
    let (client_id, secret) = client_secret(&with.ids, &with.password, &yaml.name);
    let client = ApiClient {
        client_id,
        secret_digest: digest(&secret),
        name: yaml.name.clone(),
        user: user.id,
        redirect_uris: yaml.redirect_uris.clone(),
        toolkit: None,
    };
    Ok(db::clients::insert(conn, &client)?)
}
