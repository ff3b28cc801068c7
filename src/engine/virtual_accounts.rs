//! Virtual accounts: the selector, and creating, starring and deleting them.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use super::on_prems::on_prem_causes;
use super::satellite::Workspace;
use crate::db::{self, Conn};
use crate::domain::account::SmartAccount;
use crate::domain::cause::{Cause, OnPremCause};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::VirtualAccountId;
use crate::domain::local_account::Decision;
use crate::domain::membership;
use crate::domain::people::{Actor, Permission};
use crate::domain::virtual_account::{Access, Contents, Name, VirtualAccount};
use crate::domain::{Error, Timestamp};

/// Where the number of the first account and virtual account starts (ours).
pub(super) const FIRST_NUMBER: i64 = 100_001;

/// A Smart Account as its pages show it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Who looks.
    pub actor: Actor,
    /// The Smart Account.
    pub account: SmartAccount,
    /// The virtual accounts that the caller sees.
    pub virtual_accounts: Vec<VirtualAccountRow>,
    /// Whether the caller may create, star and delete virtual accounts.
    pub may_manage: bool,
    /// Whether the caller gives and takes roles somewhere in it.
    pub may_manage_roles: bool,
    /// Whether the caller may accept agreements.
    pub may_accept: bool,
    /// The alerts of the account itself.
    pub account_alerts: Vec<Cause>,
    /// The alerts of the On-Prems that the caller sees.
    pub on_prem_alerts: Vec<OnPremCause>,
    /// What stands around it on a satellite.
    pub workspace: Option<Workspace>,
}

impl Overview {
    /// Fails on a satellite where CSSM decides that.
    pub fn may_decide(&self, what: Decision) -> Result<(), Error> {
        self.workspace.as_ref().map_or(Ok(()), |workspace| workspace.may_decide(what))
    }

    /// Why the local account does not work now; an account of CSSM always does.
    pub fn trouble(&self) -> Option<String> {
        self.workspace.as_ref()?.trouble()
    }

    /// Fails with what stands in the way of deleting a virtual account (A-MSA-04, B-LWS-09).
    pub fn may_be_deleted(&self, row: &VirtualAccountRow) -> Result<(), Error> {
        self.may_decide(Decision::VirtualAccounts)?;
        row.virtual_account.may_be_deleted(&row.contents)
    }
}

/// A row of the virtual-account selector (A-VAS-01).
#[derive(Clone, Debug)]
pub struct VirtualAccountRow {
    /// The virtual account.
    pub virtual_account: VirtualAccount,
    /// Its parent's name.
    pub parent: Option<String>,
    /// Number of major alerts.
    pub major: usize,
    /// Number of minor alerts.
    pub minor: usize,
    /// What it holds.
    pub contents: Contents,
    /// Its labels.
    pub tags: Vec<String>,
    /// What the caller may do there.
    pub permissions: Vec<Permission>,
}

/// What is needed for a new virtual account.
#[derive(Clone, Debug)]
pub struct NewVirtualAccount {
    /// The name.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Who sees it.
    pub access: Access,
    /// What it is nested in.
    pub parent: Option<VaRef>,
    /// Whether it becomes the default.
    pub is_default: bool,
    /// Who gets a role in it at once.
    pub people: Option<NewPeople>,
}

/// People who get a role in a virtual account that is being made (B-LWS-08).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPeople {
    /// Their login names.
    pub names: Vec<String>,
    /// The name of the role.
    pub role: String,
}

impl Engine {
    /// A Smart Account with its virtual accounts and their alert counts.
    pub async fn overview(&self, who: &Who, domain: &str) -> Result<Overview> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let rows = rows(&engine, conn, &place, now)?;
            let may_manage = place.actor.may(Permission::ManageVirtualAccounts, &place.scope());
            let may_manage_roles =
                membership::manages_any(&place.actor, &place.tree, &place.account.name);
            let may_accept = place.actor.may(Permission::AcceptAgreement, &place.scope());
            let account_alerts = if place.reaches_account() {
                engine.account_causes(conn, &place, now)?
            } else {
                Vec::new()
            };
            let on_prem_alerts = on_prem_causes(conn, &place, now)?;
            let on_prem_alerts = on_prem_alerts.into_iter().map(|(cause, _)| cause).collect();
            let workspace = engine.workspace(conn, &place)?;
            Ok(Overview {
                actor: place.actor,
                account: place.account,
                virtual_accounts: rows,
                may_manage,
                may_manage_roles,
                may_accept,
                account_alerts,
                on_prem_alerts,
                workspace,
            })
        })
        .await
    }

    /// The virtual accounts that the caller sees, without what they hold (V1).
    pub async fn virtual_accounts(&self, who: &Who, domain: &str) -> Result<Vec<VirtualAccount>> {
        self.read_in(who, domain, |_, place, _| Ok(place.visible().into_iter().cloned().collect()))
            .await
    }

    /// One virtual account that the caller sees.
    pub async fn virtual_account(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
    ) -> Result<VirtualAccount> {
        self.read_in(who, domain, move |_, place, _| {
            Ok(place.require(Permission::View, &va)?.clone())
        })
        .await
    }

    /// Creates a virtual account (V2; A-MSA-02, A-MSA-11).
    pub async fn create_virtual_account(
        &self,
        who: &Who,
        domain: &str,
        new: NewVirtualAccount,
    ) -> Result<VirtualAccount> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let parent = check_new(&place, &new)?;
            engine.decides_locally(conn, place.account.id, Decision::VirtualAccounts)?;
            let va = VirtualAccount {
                id: VirtualAccountId(engine.ids().uuid(now)),
                number: db::keys::next_number(conn, "number", FIRST_NUMBER)?,
                account: place.account.id,
                parent,
                name: new.name,
                description: new.description,
                access: new.access,
                is_default: false,
                satellite: None,
                on_prem: None,
                upstream: None,
                created_at: now,
            };
            db::virtual_accounts::insert(conn, &va)?;
            let mut ledger = Ledger::open(&engine, va.account, &place.actor.name, now);
            let message = format!("Virtual account {} was created.", va.name.as_str());
            ledger.note(Fact::new(va.id, EventKind::VirtualAccountCreated, message));
            if new.is_default {
                place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
                star(conn, &place, &va, &mut ledger)?;
            }
            if let Some(people) = &new.people {
                engine.invite(conn, &place, (va.number, people, now), &mut ledger)?;
            }
            ledger.close(conn)?;
            Ok(va)
        })
        .await
    }

    /// Makes a virtual account the default one (A-VAS-04).
    pub async fn make_default(&self, who: &Who, domain: &str, va: VaRef) -> Result<()> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
            let va = place.find(&va)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            star(conn, &place, va, &mut ledger)?;
            ledger.close(conn)
        })
        .await
    }

    /// Deletes an empty virtual account (V3; A-MSA-04).
    pub async fn delete_virtual_account(&self, who: &Who, domain: &str, va: VaRef) -> Result<()> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
            engine.decides_locally(conn, place.account.id, Decision::VirtualAccounts)?;
            let va = place.find(&va)?;
            va.may_be_deleted(&db::virtual_accounts::contents(conn, va.id, now)?)?;
            db::virtual_accounts::delete(conn, va, now)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let message = format!("Virtual account {} was deleted.", va.name.as_str());
            ledger.note(Fact::new(va.id, EventKind::VirtualAccountDeleted, message));
            ledger.close(conn)
        })
        .await
    }
}

/// Whether the caller may create it there, and whether its name is free.
fn check_new(place: &Place, new: &NewVirtualAccount) -> Result<Option<VirtualAccountId>, Error> {
    let parent = match &new.parent {
        None => {
            place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
            None
        }
        Some(parent) => Some(place.require(Permission::NestVirtualAccount, parent)?.id),
    };
    match place.tree.named(new.name.as_str()) {
        None => Ok(parent),
        Some(same) => {
            let problem = format!("there is a virtual account {} already", same.name.as_str());
            Err(Error::invalid("name", problem))
        }
    }
}

fn star(conn: &mut Conn, place: &Place, va: &VirtualAccount, ledger: &mut Ledger) -> Result<()> {
    va.may_be_default()?;
    let old = place.tree.default_account();
    if old.is_some_and(|old| old.id == va.id) {
        return Ok(());
    }
    // On a satellite, licenses of CSSM's virtual account arrive in the default one.
    let upstream = va.upstream.or(old.and_then(|old| old.upstream));
    if let Some(old) = old {
        let upstream = old.upstream.filter(|_| va.upstream.is_some());
        let old = VirtualAccount { is_default: false, upstream, ..old.clone() };
        db::virtual_accounts::save(conn, &old)?;
    }
    let va = VirtualAccount { is_default: true, upstream, ..va.clone() };
    db::virtual_accounts::save(conn, &va)?;
    let message = match old {
        Some(old) => format!(
            "{} is the default virtual account now; it was {}.",
            va.name.as_str(),
            old.name.as_str()
        ),
        None => format!("{} is the default virtual account now.", va.name.as_str()),
    };
    ledger.note(Fact::new(va.id, EventKind::DefaultChanged, message));
    Ok(())
}

/// The virtual accounts that the caller sees, with their labels.
fn rows(
    engine: &Engine,
    conn: &mut Conn,
    place: &Place,
    now: Timestamp,
) -> Result<Vec<VirtualAccountRow>> {
    let mut rows = Vec::new();
    for va in place.visible() {
        rows.push(row(engine, conn, place, va, now)?);
    }
    let ids: Vec<VirtualAccountId> = rows.iter().map(|row| row.virtual_account.id).collect();
    let mut tags = db::tags::of_virtual_accounts(conn, &ids)?;
    for row in &mut rows {
        row.tags = tags.remove(&row.virtual_account.id).unwrap_or_default();
    }
    Ok(rows)
}

fn row(
    engine: &Engine,
    conn: &mut Conn,
    place: &Place,
    va: &VirtualAccount,
    now: Timestamp,
) -> Result<VirtualAccountRow> {
    let counts = engine.alert_counts(conn, va, now)?;
    let scope = place.tree.scope(va);
    Ok(VirtualAccountRow {
        virtual_account: va.clone(),
        parent: va.parent.map(|id| place.name_of(id)),
        major: counts.major,
        minor: counts.minor,
        contents: db::virtual_accounts::contents(conn, va.id, now)?,
        tags: Vec::new(),
        permissions: Permission::ALL
            .into_iter()
            .filter(|permission| place.actor.may(*permission, &scope))
            .collect(),
    })
}
