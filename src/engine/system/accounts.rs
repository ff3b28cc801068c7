//! The local accounts that a caller of the API sees.

use super::super::Engine;
use super::super::access::{Who, actor};
use super::super::error::Result;
use crate::db;
use crate::domain::local_account::LocalAccount;
use crate::domain::people::Permission;

/// A registered local account, with its origin in CSSM (rest-api P1).
#[derive(Clone, Debug)]
pub struct LocalAccountSeen {
    /// The number of its Smart Account's row.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// How the URL ends at which its products report by policy; none where nobody registered it.
    pub tenant: Option<String>,
    /// The Smart Account in CSSM; empty when nobody knows it.
    pub smart_account: String,
    /// The virtual accounts in CSSM, with commas between them.
    pub upstream: String,
    /// Names of the local virtual accounts that the caller sees.
    pub virtual_accounts: Vec<String>,
}

impl Engine {
    /// The registered local accounts that the caller may see, by name.
    pub async fn local_accounts_seen(&self, who: &Who) -> Result<Vec<LocalAccountSeen>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                let actor = actor(conn, &who, now)?;
                let origins = db::local_accounts::all(conn)?;
                let mut seen = Vec::new();
                for account in db::accounts::all(conn)? {
                    if !actor.belongs_to(account.id) {
                        continue;
                    }
                    let tree = db::virtual_accounts::tree(conn, account.id)?;
                    let open = tree.all().iter();
                    let open = open.filter(|va| actor.may(Permission::View, &tree.scope(va)));
                    let origin = origins.iter().find(|origin| origin.account == Some(account.id));
                    let upstream = origin.map(|origin| origin.virtual_accounts.join(", "));
                    seen.push(LocalAccountSeen {
                        number: account.number,
                        name: account.domain.clone(),
                        tenant: origin.map(LocalAccount::tenant),
                        smart_account: origin
                            .map_or_else(String::new, |origin| origin.smart_account.clone()),
                        upstream: upstream.unwrap_or_default(),
                        virtual_accounts: open.map(|va| va.name.as_str().to_owned()).collect(),
                    });
                }
                seen.sort_by_cached_key(|account| account.name.to_lowercase());
                Ok(seen)
            })
            .await
    }
}
