//! The Licensing Workspace of a satellite: what its pages need beside the local account's rows.

use crate::db::{self, Conn};
use crate::domain;
use crate::domain::id::SmartAccountId;
use crate::domain::local_account::{Decision, LocalAccount};
use crate::domain::people::Actor;
use crate::domain::site::Edition;
use crate::engine::Engine;
use crate::engine::access::Place;
use crate::engine::error::Result;
use crate::engine::system::{Profile, profile_of};

/// What a satellite's pages say around a local account (B-SHL-01, -05, -07).
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Who is signed in.
    pub profile: Profile,
    /// Names of the registered local accounts that the viewer may enter, in order.
    pub accounts: Vec<String>,
    /// The local account in view; a fixture may have brought in rows without one.
    pub local: Option<LocalAccount>,
}

impl Workspace {
    /// The Smart Account of CSSM; empty when nobody knows it.
    pub fn smart_account(&self) -> &str {
        self.local.as_ref().map_or("", |local| &local.smart_account)
    }

    /// How the URL ends at which its products report by policy.
    pub fn tenant(&self) -> Option<String> {
        self.local.as_ref().map(LocalAccount::tenant)
    }

    /// Why the local account in view does not work now.
    pub fn trouble(&self) -> Option<String> {
        let refused = self.local.as_ref()?.must_be_active().err()?;
        Some(format!("{refused} Until then no product is answered."))
    }

    /// Fails where CSSM decides that.
    pub fn may_decide(&self, what: Decision) -> domain::Result<()> {
        self.local.as_ref().map_or(Ok(()), |local| local.may_decide(what))
    }
}

impl Engine {
    /// What stands around a local account; nothing in CSSM.
    pub(in crate::engine) fn workspace(
        &self,
        conn: &mut Conn,
        place: &Place,
    ) -> Result<Option<Workspace>> {
        if self.edition() == Edition::Cssm {
            return Ok(None);
        }
        let profile = profile_of(conn, place.actor.id)?;
        let accounts = enterable(conn, &place.actor)?;
        let local = db::local_accounts::of_account(conn, place.account.id)?;
        Ok(Some(Workspace { profile, accounts, local }))
    }

    /// Fails on a satellite whose local account is not active; CSSM always works.
    pub(in crate::engine) fn works(&self, conn: &mut Conn, account: SmartAccountId) -> Result<()> {
        if self.edition() == Edition::Cssm {
            return Ok(());
        }
        match db::local_accounts::of_account(conn, account)? {
            Some(local) => Ok(local.must_be_active()?),
            None => Ok(()),
        }
    }

    /// Fails in the classic mode, where virtual accounts and where their licenses are is decided
    /// in CSSM.
    pub(in crate::engine) fn decides_locally(
        &self,
        conn: &mut Conn,
        account: SmartAccountId,
        what: Decision,
    ) -> Result<()> {
        if self.edition() == Edition::Cssm {
            return Ok(());
        }
        match db::local_accounts::of_account(conn, account)? {
            Some(local) => Ok(local.may_decide(what)?),
            None => Ok(()),
        }
    }
}

fn enterable(conn: &mut Conn, actor: &Actor) -> Result<Vec<String>> {
    let all = db::accounts::all(conn)?.into_iter();
    let mut names: Vec<String> =
        all.filter(|one| actor.belongs_to(one.id)).map(|one| one.domain).collect();
    names.sort_by_cached_key(|name| name.to_lowercase());
    Ok(names)
}
