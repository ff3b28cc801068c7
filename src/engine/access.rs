//! Who is calling, and what of a Smart Account they can reach.

use super::error::{Error, Result, SignInRefusal};
use super::{Engine, system};
use crate::crypto::secret::digest;
use crate::db::people::Holder;
use crate::db::{self, Conn};
use crate::domain::account::SmartAccount;
use crate::domain::credential::CredentialKind;
use crate::domain::id::{SmartAccountId, UserId, VirtualAccountId};
use crate::domain::people::{Actor, Permission, Scope};
use crate::domain::system::Refusal as SystemRefusal;
use crate::domain::virtual_account::{Tree, VirtualAccount};
use crate::domain::{self, Timestamp};

/// The credential of a caller, as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A browser session's secret.
    Session(String),
    /// A bearer token.
    Bearer(String),
    /// Nothing was shown.
    Nobody,
}

/// How a caller names a virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaRef {
    /// By name, ignoring case and blanks.
    Name(String),
    /// By the number in page addresses.
    Number(i64),
}

/// What a unit of work may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// Anything of the site.
    Site,
    /// One Smart Account.
    Account(SmartAccountId),
}

/// A caller inside a Smart Account.
#[derive(Clone, Debug)]
pub struct Place {
    /// Who.
    pub actor: Actor,
    /// When the caller's credential ends.
    pub until: Timestamp,
    /// The Smart Account.
    pub account: SmartAccount,
    /// Its virtual accounts, seen or not.
    pub tree: Tree,
}

/// Finds out who is calling, or says that nobody is.
pub(super) fn actor(conn: &mut Conn, who: &Who, now: Timestamp) -> Result<Actor> {
    Ok(identify(conn, who, now)?.0)
}

fn identify(conn: &mut Conn, who: &Who, now: Timestamp) -> Result<(Actor, Timestamp)> {
    let holder = holder(conn, who, now)?;
    if holder.must_change_password && holder.client.is_none() {
        return Err(SignInRefusal::PasswordMustChange.into());
    }
    Ok((holder.actor, holder.until))
}

/// As [`actor`], also for those who must change their password before anything else.
pub(super) fn holder(conn: &mut Conn, who: &Who, now: Timestamp) -> Result<Holder> {
    let (kind, text) = match who {
        Who::Session(text) => (CredentialKind::Session, text),
        Who::Bearer(text) => (CredentialKind::Bearer, text),
        Who::Nobody => return Err(Error::Unauthenticated("A credential is needed.")),
    };
    let mut holder = db::people::holder(conn, kind, &digest(text))?
        .ok_or(Error::Unauthenticated("The credential is not known."))?;
    if now >= holder.until {
        return Err(Error::Unauthenticated("The credential has expired."));
    }
    if holder.disabled && holder.client.is_none() {
        return Err(Error::Unauthenticated("The user is disabled."));
    }
    if holder.actor.only.is_some() && !system::is_on(conn)? {
        return Err(SystemRefusal::ApiOff.into());
    }
    if let Some(client) = &holder.client {
        holder.actor = system::act_as_client(conn, holder.actor, client)?;
    }
    Ok(holder)
}

/// Brings a caller into a Smart Account; without any role there, there is none.
pub(super) fn enter(conn: &mut Conn, who: &Who, domain: &str, now: Timestamp) -> Result<Place> {
    let (actor, until) = identify(conn, who, now)?;
    let found = db::accounts::find_by_domain(conn, domain)?;
    let elsewhere = |only| found.as_ref().is_none_or(|account| account.id != only);
    if actor.only.is_some_and(elsewhere) {
        let (client, account) = (actor.name, domain.to_owned());
        return Err(SystemRefusal::OtherAccount { client, account }.into());
    }
    let account = found
        .filter(|account| actor.belongs_to(account.id))
        .ok_or_else(|| domain::Error::not_found("Smart Account", domain))?;
    let tree = db::virtual_accounts::tree(conn, account.id)?;
    Ok(Place { actor, until, account, tree })
}

impl Place {
    /// A person who has just proven a password, inside a Smart Account; without any role there,
    /// there is none.
    pub(super) fn of(
        conn: &mut Conn,
        user: UserId,
        account: SmartAccount,
        now: Timestamp,
    ) -> Result<Self> {
        let actor = db::people::actor(conn, user)?
            .ok_or(Error::Unauthenticated("The user is not known any more."))?;
        if !actor.belongs_to(account.id) {
            return Err(domain::Error::not_found("Smart Account", account.name).into());
        }
        let tree = db::virtual_accounts::tree(conn, account.id)?;
        Ok(Self { actor, until: now, account, tree })
    }

    /// A satellite that has shown its credential: it has no role, and asks for none.
    pub(super) fn without_person(
        conn: &mut Conn,
        account: SmartAccount,
        name: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let actor = Actor {
            id: UserId(uuid::Uuid::nil()),
            name: name.to_owned(),
            email: String::new(),
            assignments: Vec::new(),
            system_role: None,
            only: None,
        };
        let tree = db::virtual_accounts::tree(conn, account.id)?;
        Ok(Self { actor, until: now, account, tree })
    }

    /// The virtual account of that name or number.
    pub fn find(&self, va: &VaRef) -> domain::Result<&VirtualAccount> {
        let (found, name) = match va {
            VaRef::Name(name) => (self.tree.named(name), name.clone()),
            VaRef::Number(number) => (self.tree.numbered(*number), number.to_string()),
        };
        found.ok_or_else(|| domain::Error::not_found("virtual account", name))
    }

    /// The virtual account, if the caller may do that there.
    pub fn require(&self, permission: Permission, va: &VaRef) -> domain::Result<&VirtualAccount> {
        let found = self.find(va)?;
        self.actor.require(permission, &self.tree.scope(found))?;
        Ok(found)
    }

    /// As [`Place::require`], where product instances are concerned: those of a satellite's virtual
    /// account are managed there.
    pub fn require_own(
        &self,
        permission: Permission,
        va: &VaRef,
    ) -> domain::Result<&VirtualAccount> {
        let found = self.require(permission, va)?;
        found.may_hold_instances()?;
        Ok(found)
    }

    /// Fails unless the caller may do that there.
    pub fn require_in(&self, permission: Permission, id: VirtualAccountId) -> domain::Result<()> {
        let scope = self.tree.get(id).map_or_else(|| self.scope(), |va| self.tree.scope(va));
        self.actor.require(permission, &scope)
    }

    /// Whether the caller may do that in a virtual account.
    pub fn may(&self, permission: Permission, va: &VirtualAccount) -> bool {
        self.actor.may(permission, &self.tree.scope(va))
    }

    /// The whole Smart Account as a place.
    pub fn scope(&self) -> Scope {
        self.tree.account_scope(&self.account.name)
    }

    /// Whether the caller has a role for the whole Smart Account, be it only to accept agreements.
    pub fn reaches_account(&self) -> bool {
        let scope = self.scope();
        let of_account = |permission| self.actor.may(permission, &scope);
        of_account(Permission::View) || of_account(Permission::AcceptAgreement)
    }

    /// The virtual accounts that the caller sees, in the order of their creation.
    pub fn visible(&self) -> Vec<&VirtualAccount> {
        self.tree.all().iter().filter(|va| self.may(Permission::View, va)).collect()
    }

    /// The virtual accounts named, or all visible ones when none is named.
    pub fn selected(&self, names: &[String]) -> domain::Result<Vec<&VirtualAccount>> {
        if names.is_empty() {
            return Ok(self.visible());
        }
        names.iter().map(|n| self.require(Permission::View, &VaRef::Name(n.clone()))).collect()
    }

    /// The name of a virtual account, for people.
    pub fn name_of(&self, id: VirtualAccountId) -> String {
        self.tree.get(id).map_or_else(String::new, |va| va.name.as_str().to_owned())
    }
}

impl Engine {
    /// Runs reads at the present instant, after all that fell due until then.
    pub(super) async fn look<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.tick_if_due().await?;
        let now = self.now();
        self.db().read(move |conn| work(conn, now)).await
    }

    /// Runs one unit of work at the present instant, after all that fell due until then.
    pub(super) async fn change<T, F>(&self, within: Within, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let engine = self.clone();
        let noted = move |conn: &mut Conn, now| {
            let done = work(conn, now);
            engine.note_change();
            done
        };
        let done = self.change_quietly(within, noted).await;
        self.note_change();
        done
    }

    /// As [`Engine::change`], for work that sets no deadline earlier than those that stand.
    pub(super) async fn change_quietly<T, F>(&self, within: Within, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let engine = self.clone();
        let account = match within {
            Within::Site => None,
            Within::Account(account) => Some(account),
        };
        let unit = move |conn: &mut Conn| {
            let now = engine.now();
            let settled = engine.settle_if_due(conn, account, now)?;
            Ok((work(conn, now)?, settled))
        };
        let done = match account {
            Some(account) => self.db().write_in(account, unit).await,
            None => self.db().write(unit).await,
        };
        match done {
            Ok((done, settled)) => {
                self.count_settled(settled);
                Ok(done)
            }
            Err(error) => {
                // What was settled in the unit went back with it.
                self.note_change();
                Err(error)
            }
        }
    }

    /// Runs reads as a caller inside a Smart Account.
    pub(super) async fn read_in<T, F>(&self, who: &Who, domain: &str, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Place, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (who, domain) = (who.clone(), domain.to_owned());
        let visit = move |conn: &mut Conn, now| {
            let place = enter(conn, &who, &domain, now)?;
            work(conn, place, now)
        };
        self.look(visit).await
    }

    /// Runs one unit of work as a caller inside a Smart Account.
    pub(super) async fn write_in<T, F>(&self, who: &Who, domain: &str, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Place, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let account = self.account_id(domain).await?;
        let (who, domain) = (who.clone(), domain.to_owned());
        let visit = move |conn: &mut Conn, now| {
            let place = enter(conn, &who, &domain, now)?;
            work(conn, place, now)
        };
        match account {
            Some(account) => self.change(Within::Account(account), visit).await,
            // Strangers must hear that they are strangers before they hear what exists.
            None => self.look(visit).await,
        }
    }

    /// As [`Engine::write_in`], alone among the writers of the whole site: for what brings in a
    /// device, which another account may bring in at the same moment.
    pub(super) async fn write_across<T, F>(&self, who: &Who, domain: &str, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Place, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (who, domain) = (who.clone(), domain.to_owned());
        let visit = move |conn: &mut Conn, now| {
            let place = enter(conn, &who, &domain, now)?;
            work(conn, place, now)
        };
        self.change(Within::Site, visit).await
    }

    /// Which account to lock. A domain never changes hands, so it is remembered.
    pub(super) async fn account_id(&self, domain: &str) -> Result<Option<SmartAccountId>> {
        let key = domain.to_lowercase();
        if let Some(id) = self.inner.accounts.get(&key) {
            return Ok(Some(id));
        }
        let wanted = key.clone();
        let found = self.db().read(move |conn| db::accounts::find_by_domain(conn, &wanted)).await?;
        if let Some(account) = &found {
            self.inner.accounts.put(key, account.id);
        }
        Ok(found.map(|account| account.id))
    }
}

/// A password hash that no password fits: checked for names that do not exist.
pub(super) const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
