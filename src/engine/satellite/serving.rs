//! Whether a satellite has something to give to products.

use crate::db;
use crate::domain::id::SmartAccountId;
use crate::domain::local_account::LocalState;
use crate::domain::registration::Refusal;
use crate::domain::site::Edition;
use crate::engine::Engine;
use crate::engine::error::Result;

impl Engine {
    /// Fails on a satellite whose local account is not registered, or not any more: products
    /// keep what they were told last. Without an account, when no local account is.
    pub(in crate::engine) async fn serves_products(
        &self,
        account: Option<SmartAccountId>,
    ) -> Result<()> {
        if self.edition() == Edition::Cssm {
            return Ok(());
        }
        let serves = self
            .look(move |conn, _| {
                let all = match account {
                    Some(id) => db::local_accounts::of_account(conn, id)?.into_iter().collect(),
                    None => db::local_accounts::all(conn)?,
                };
                Ok(all.iter().any(|one| one.state == LocalState::Active))
            })
            .await?;
        if serves { Ok(()) } else { Err(Refusal::SiteNotRegistered.into()) }
    }
}
