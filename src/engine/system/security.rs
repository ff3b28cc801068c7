//! The security rules of a satellite, read and set (B-ADM-17, B-ADM-18).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::admit;
use crate::db;
use crate::domain::security::{AccountRules, PasswordRules, SecurityRules};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;

impl Engine {
    /// The rules that hold.
    pub async fn security_rules(&self, who: &Who) -> Result<SecurityRules> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageSecurity, now)?;
                Ok(db::security::rules(conn)?)
            })
            .await
    }

    /// The rules for passwords, which everybody who sets one may know.
    pub async fn password_rules(&self) -> Result<PasswordRules> {
        self.db().read(|conn| Ok(db::security::rules(conn)?.password)).await
    }

    /// Sets the rules of signing in, in effect at once: sessions that would idle longer end sooner.
    pub async fn set_account_rules(&self, who: &Who, rules: AccountRules) -> Result<()> {
        let account = rules.checked()?;
        self.change_system(who, SystemPermission::ManageSecurity, move |engine, conn, actor, now| {
            let before = db::security::rules(conn)?;
            if before.account == account {
                return Ok(());
            }
            db::security::set_rules(conn, &SecurityRules { account, ..before })?;
            db::credentials::shorten_sessions(conn, account.idle_end(now))?;
            let text = format!(
                "Signing in: locked after {} failures for {} minutes, idle {} minutes, {} sessions.",
                account.lock_after, account.lock_minutes, account.idle_minutes, account.max_sessions
            );
            engine.note(conn, Kind::SettingsChanged, &actor.name, text, now)
        })
        .await
    }

    /// Sets the rules of passwords; those that exist stay until they are changed or end.
    pub async fn set_password_rules(&self, who: &Who, rules: PasswordRules) -> Result<()> {
        let password = rules.checked()?;
        self.change_system(who, SystemPermission::ManageSecurity, move |engine, conn, actor, now| {
            let before = db::security::rules(conn)?;
            if before.password == password {
                return Ok(());
            }
            db::security::set_rules(conn, &SecurityRules { password, ..before })?;
            let text = format!(
                "Passwords: {} characters, the last {} not again, {} days, warned {} days before.",
                password.min_length, password.remembered, password.expiry_days, password.warn_days
            );
            engine.note(conn, Kind::SettingsChanged, &actor.name, text, now)
        })
        .await
    }
}
