//! Mails of the world, written in the transaction of their cause; none of them leaves it.

use super::Engine;
use super::error::Result;
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::cause::OnPremCause;
use crate::domain::id::SmartAccountId;
use crate::domain::people::{Permission, Scope};
use crate::domain::virtual_account::{Tree, VirtualAccount};
use std::collections::BTreeSet;

/// A license that has fallen short in a virtual account.
pub(super) struct Shortage<'a> {
    pub(super) tree: &'a Tree,
    pub(super) va: &'a VirtualAccount,
    pub(super) license: &'a str,
    pub(super) short: i64,
}

impl Shortage<'_> {
    /// One mail to everybody who sees the virtual account (AS-09).
    pub(super) fn mail(&self, engine: &Engine, conn: &mut Conn, now: Timestamp) -> Result<()> {
        let Self { tree, va, license, short } = self;
        let (place, account) = (va.name.as_str(), va.account);
        for member in db::people::members(conn, account)? {
            if member.email.is_empty() || !member.may(Permission::View, &tree.scope(va)) {
                continue;
            }
            let subject = format!("Insufficient Licenses: {license} in {place}");
            let text = format!(
                "Virtual account {place} is short of {short} {license}. Add or transfer {short} to \
                 return to compliance."
            );
            send(engine, conn, (account, now), (member.email, subject, &text))?;
        }
        Ok(())
    }
}

fn send(
    engine: &Engine,
    conn: &mut Conn,
    (account, at): (SmartAccountId, Timestamp),
    (recipient, subject, text): (String, String, &str),
) -> Result<()> {
    let id = engine.ids().uuid(at);
    let body = format!("{text}\n\nSent by the Syncom lab emulator; no real mail leaves it.");
    let confidential = false;
    let mail = Mail { id, account, at, recipient, subject, body, confidential };
    Ok(db::outbox::append(conn, &mail)?)
}

/// One mail to the On-Prem's address and to everybody who manages all On-Prems.
pub(super) fn mail_trouble(
    engine: &Engine,
    conn: &mut Conn,
    (account, now): (SmartAccountId, Timestamp),
    cause: &OnPremCause,
) -> Result<()> {
    if !cause.is_mailed() {
        return Ok(());
    }
    let scope = Scope { account, path: Vec::new(), name: String::new() };
    let members = db::people::members(conn, account)?.into_iter();
    let managers = members.filter(|member| member.may(Permission::ManageOnPrems, &scope));
    let own = db::on_prems::find(conn, cause.uid)?.map(|one| one.email);
    let all: BTreeSet<String> = managers.map(|member| member.email).chain(own).collect();
    for recipient in all.into_iter().filter(|address| !address.is_empty()) {
        let subject = format!("{}: {}", cause.kind(), cause.name);
        let text = cause.message();
        send(engine, conn, (account, now), (recipient, subject, &text))?;
    }
    Ok(())
}
