//! The credential with which a satellite synchronizes over the network (B-ACC-08, B-SYN-05).

use super::RegisterBy;
use super::manages;
use crate::db;
use crate::domain::Timestamp;
use crate::domain::id::OnPremUid;
use crate::domain::on_prem::Refusal;
use crate::engine::Engine;
use crate::engine::access::{Place, Within};
use crate::engine::error::{Error, Result};

/// A credential that was handed out.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The secret.
    pub secret: String,
    /// When it ends.
    pub ends: Timestamp,
}

impl Engine {
    /// Another credential for an On-Prem that is registered; the one before ends.
    pub async fn renew_on_prem_credential(
        &self,
        by: RegisterBy,
        uid: OnPremUid,
    ) -> Result<Credential> {
        let user = self.checked_user(&by.user, &by.password).await?;
        let user = user.ok_or(Error::Unauthenticated("The user name or the password is wrong."))?;
        let found = self.db().read(move |conn| db::on_prems::find(conn, uid)).await?;
        let account = found.ok_or(Refusal::Unknown(uid))?.account;
        let engine = self.clone();
        self.change(Within::Account(account), move |conn, now| {
            let one = db::on_prems::find(conn, uid)?.filter(|one| !one.state.is_over());
            let one = one.ok_or(Refusal::Unknown(uid))?;
            let account = db::accounts::find(conn, one.account)?.ok_or(Refusal::Unknown(uid))?;
            manages(&Place::of(conn, user.id, account, now)?, &one)?;
            let (one, secret) = engine.with_credential(one, now);
            db::on_prems::save(conn, &one)?;
            Ok(Credential { secret, ends: one.credential_ends.unwrap_or(now) })
        })
        .await
    }
}
