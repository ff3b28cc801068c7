//! Smart Accounts as their users see them.

use super::Engine;
use super::access::{Who, actor};
use super::error::Result;
use crate::db;
use crate::domain::account::{AccountKind, SmartAccount};
use crate::domain::people::{Permission, Role};
use crate::domain::virtual_account::VirtualAccount;

/// A Smart Account with the caller's roles in it (rest-api A1).
#[derive(Clone, Debug)]
pub struct AccountWithRoles {
    /// The Smart Account.
    pub account: SmartAccount,
    /// Each role, with the name of its virtual account unless it is account-wide.
    pub roles: Vec<(Role, Option<String>)>,
}

/// A Smart Account with the virtual accounts that the caller sees (rest-api A3).
#[derive(Clone, Debug)]
pub struct AccountWithVirtualAccounts {
    /// The Smart Account.
    pub account: SmartAccount,
    /// The virtual accounts.
    pub virtual_accounts: Vec<VirtualAccount>,
}

impl Engine {
    /// The caller's Smart Accounts with roles; `domain` narrows to one.
    pub async fn accounts(&self, who: &Who, domain: Option<&str>) -> Result<Vec<AccountWithRoles>> {
        let (who, now) = (who.clone(), self.now());
        let domain = domain.map(str::to_lowercase);
        self.db()
            .read(move |conn| {
                let actor = actor(conn, &who, now)?;
                let mut found = Vec::new();
                for account in db::accounts::all(conn)? {
                    let wanted =
                        domain.as_ref().is_none_or(|d| *d == account.domain.to_lowercase());
                    if !wanted || !actor.belongs_to(account.id) {
                        continue;
                    }
                    let tree = db::virtual_accounts::tree(conn, account.id)?;
                    let name = |id| tree.get(id).map(|va| va.name.as_str().to_owned());
                    let own = actor.assignments.iter().filter(|a| a.account == account.id);
                    let roles = own.map(|a| (a.role, a.virtual_account.and_then(name))).collect();
                    found.push(AccountWithRoles { account, roles });
                }
                Ok(found)
            })
            .await
    }

    /// The caller's Smart Accounts whose name and domain hold these texts (A2).
    pub async fn search_accounts(
        &self,
        who: &Who,
        name: &str,
        domain: &str,
        kind: Option<AccountKind>,
    ) -> Result<Vec<SmartAccount>> {
        let (who, now) = (who.clone(), self.now());
        let (name, domain) = (name.to_lowercase(), domain.to_lowercase());
        self.db()
            .read(move |conn| {
                let actor = actor(conn, &who, now)?;
                let mut all = db::accounts::all(conn)?;
                all.retain(|account| {
                    actor.belongs_to(account.id)
                        && account.name.to_lowercase().contains(&name)
                        && account.domain.to_lowercase().contains(&domain)
                        && kind.is_none_or(|kind| kind == account.kind)
                });
                Ok(all)
            })
            .await
    }

    /// The caller's Smart Accounts with the virtual accounts seen in them (A3).
    pub async fn accounts_with_virtual_accounts(
        &self,
        who: &Who,
    ) -> Result<Vec<AccountWithVirtualAccounts>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                let actor = actor(conn, &who, now)?;
                let mut found = Vec::new();
                for account in db::accounts::all(conn)? {
                    if !actor.belongs_to(account.id) {
                        continue;
                    }
                    let tree = db::virtual_accounts::tree(conn, account.id)?;
                    let seen = |va: &&VirtualAccount| actor.may(Permission::View, &tree.scope(va));
                    let virtual_accounts = tree.all().iter().filter(seen).cloned().collect();
                    found.push(AccountWithVirtualAccounts { account, virtual_accounts });
                }
                Ok(found)
            })
            .await
    }
}
