//! The API toolkit: a switch, and clients that act for one local account (B-ADM-21).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::{Error, Result};
use super::super::oauth::ClientSecret;
use super::admit;
use crate::crypto::secret::digest;
use crate::db::{self, Conn};
use crate::domain::account::SmartAccount;
use crate::domain::people::{Actor, ApiClient, Assignment, Role, Toolkit};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{self, Timestamp};

/// The fact that keeps the switch.
const SWITCH: &str = "api_toolkit";

/// An API client as the form describes one.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The local account.
    pub account: String,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// A client with the name of its local account.
#[derive(Clone, Debug)]
pub struct ToolkitClient {
    /// The public identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The local account.
    pub account: String,
    /// The rest.
    pub facts: Toolkit,
}

/// All of the API toolkit.
#[derive(Clone, Debug)]
pub struct ToolkitView {
    /// Whether API access is switched on.
    pub on: bool,
    /// Names of the local accounts that may have clients.
    pub accounts: Vec<String>,
    /// The clients, the latest first.
    pub clients: Vec<ToolkitClient>,
}

/// Whether API access is switched on; it is not, on a new satellite.
pub(in super::super) fn is_on(conn: &mut Conn) -> Result<bool> {
    Ok(db::keys::fact(conn, SWITCH)?.as_deref() == Some("on"))
}

/// The actor that a client is by itself: everything in its account, nothing beyond.
pub(in super::super) fn act_as_client(
    conn: &mut Conn,
    holder: Actor,
    client: &str,
) -> Result<Actor> {
    let known = db::clients::find(conn, client)?;
    let account = known.as_ref().and_then(|c| c.toolkit.as_ref()).map(|facts| facts.account);
    let (Some(known), Some(account)) = (known, account) else {
        return Err(Error::Unauthenticated("The API client is not known any more."));
    };
    let everything = Assignment {
        role: Role::SmartAccountAdministrator,
        account,
        virtual_account: None,
        nested: false,
    };
    Ok(Actor {
        name: format!("API client {}", known.name),
        assignments: vec![everything],
        system_role: None,
        only: Some(account),
        ..holder
    })
}

impl Engine {
    /// The switch and all clients.
    pub async fn toolkit(&self, who: &Who) -> Result<ToolkitView> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageSecurity, now)?;
                view(conn)
            })
            .await
    }

    /// Switches API access on or off. Clients stay; while it is off, nothing opens to them.
    pub async fn switch_api(&self, who: &Who, on: bool) -> Result<()> {
        self.change_system(
            who,
            SystemPermission::ManageSecurity,
            move |engine, conn, actor, now| {
                if is_on(conn)? == on {
                    return Ok(());
                }
                let word = if on { "on" } else { "off" };
                db::keys::set_fact(conn, SWITCH, word)?;
                let text = format!("Switched API access {word}.");
                engine.note(conn, Kind::SettingsChanged, &actor.name, text, now)
            },
        )
        .await
    }

    /// Creates a client; the secret is told now and never again.
    pub async fn create_client(&self, who: &Who, new: NewClient) -> Result<ClientSecret> {
        let name = domain::system::line("name", &new.name, 64)?;
        let description = new.description.trim().to_owned();
        if description.chars().count() > 255 {
            return Err(domain::Error::invalid("description", "at most 255 characters").into());
        }
        self.change_system(
            who,
            SystemPermission::ManageSecurity,
            move |engine, conn, actor, now| {
                if new.expires_at.is_some_and(|end| end <= now) {
                    return Err(domain::Error::invalid("expires", "it must lie ahead").into());
                }
                let account = named_account(conn, &new.account)?;
                unused_name(conn, &account, &name)?;
                let shown = ClientSecret { id: public_id(engine), secret: engine.ids().secret() };
                let toolkit = Toolkit {
                    account: account.id,
                    description,
                    created_by: actor.name.clone(),
                    created_at: now,
                    expires_at: new.expires_at,
                    revoked_at: None,
                };
                let text = format!("Created the API client {name} of {}.", account.name);
                let client = ApiClient {
                    client_id: shown.id.clone(),
                    secret_digest: digest(&shown.secret),
                    name,
                    user: actor.id,
                    redirect_uris: Vec::new(),
                    toolkit: Some(toolkit),
                };
                db::clients::insert(conn, &client)?;
                engine.note(conn, Kind::ClientCreated, &actor.name, text, now)?;
                Ok(shown)
            },
        )
        .await
    }

    /// Ends a client and every bearer that it was given; its name.
    pub async fn revoke_client(&self, who: &Who, id: &str) -> Result<String> {
        let id = id.to_owned();
        self.change_system(
            who,
            SystemPermission::ManageSecurity,
            move |engine, conn, actor, now| {
                let known = db::clients::find(conn, &id)?.filter(|client| client.toolkit.is_some());
                let client = known.ok_or_else(|| domain::Error::not_found("API client", &id))?;
                if client.toolkit.is_some_and(|facts| facts.revoked_at.is_some()) {
                    return Ok(client.name);
                }
                db::clients::revoke(conn, &id, now)?;
                db::credentials::delete_of_client(conn, &id)?;
                let text = format!("Revoked the API client {}.", client.name);
                engine.note(conn, Kind::ClientRevoked, &actor.name, text, now)?;
                Ok(client.name)
            },
        )
        .await
    }
}

fn named_account(conn: &mut Conn, name: &str) -> Result<SmartAccount> {
    let found = db::accounts::find_by_domain(conn, name)?;
    Ok(found.ok_or_else(|| {
        domain::Error::invalid("account", format!("there is no local account '{name}'"))
    })?)
}

/// Letters and digits, so that it can be copied with a double click.
fn public_id(engine: &Engine) -> String {
    let id = engine.ids().secret().to_lowercase();
    id.chars().filter(char::is_ascii_alphanumeric).take(24).collect()
}

fn unused_name(conn: &mut Conn, account: &SmartAccount, name: &str) -> Result<()> {
    let key = name.to_lowercase();
    let clients = db::clients::of_accounts(conn, &[account.id])?;
    let living = |client: &&ApiClient| {
        client.toolkit.as_ref().is_some_and(|facts| facts.revoked_at.is_none())
    };
    if clients.iter().filter(living).any(|client| client.name.to_lowercase() == key) {
        let problem = format!("{} has an API client '{name}' already", account.name);
        return Err(domain::Error::invalid("name", problem).into());
    }
    Ok(())
}

fn view(conn: &mut Conn) -> Result<ToolkitView> {
    let accounts = db::accounts::all(conn)?;
    let ids: Vec<_> = accounts.iter().map(|account| account.id).collect();
    let with_account = |client: ApiClient| {
        let facts = client.toolkit?;
        let account = accounts.iter().find(|account| account.id == facts.account)?;
        let (id, name) = (client.client_id, client.name);
        Some(ToolkitClient { id, name, account: account.name.clone(), facts })
    };
    let clients =
        db::clients::of_accounts(conn, &ids)?.into_iter().filter_map(with_account).collect();
    let names = accounts.iter().map(|account| account.domain.clone()).collect();
    Ok(ToolkitView { on: is_on(conn)?, accounts: names, clients })
}
