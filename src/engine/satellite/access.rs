//! Access to a local account that is there: asked for, granted, declined (B-ACC-13).

use super::requests::{needed, text};
use super::{allowed, note};
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::access_request::{self, AccessRequest};
use crate::domain::id::{AccessRequestId, RoleId, SmartAccountId};
use crate::domain::membership::{Held, Holder};
use crate::domain::people::{Actor, Assignment, Permission};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Who, Within, actor};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::engine::roles::put_role;

/// A request for access, as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRequestView {
    /// The request.
    pub request: AccessRequest,
    /// Name of the local account.
    pub account: String,
    /// Login name of who asks.
    pub user: String,
    /// Where the decision is mailed.
    pub email: String,
    /// Whether the caller decides about it.
    pub may_decide: bool,
}

impl Engine {
    /// Asks for a role in a registered local account.
    pub async fn request_access(&self, who: &Who, name: String, message: String) -> Result<String> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::RequestAccount, now)?;
            let (account, name) = askable(conn, &actor, &name)?;
            let message = text("message", &message)?;
            let id = AccessRequestId(engine.ids().uuid(now));
            let request = AccessRequest { id, account, user: actor.id, message, at: now };
            db::access_requests::insert(conn, &request)?;
            let said = format!("{} asked for access to the local account {name}.", actor.name);
            note(&engine, conn, (SystemEventKind::AccessRequested, &actor.name, now), said)?;
            Ok(name)
        })
        .await
    }

    /// The requests for access that the caller has made or decides about, the oldest first.
    pub async fn access_requests(&self, who: &Who) -> Result<Vec<AccessRequestView>> {
        let who = who.clone();
        self.look(move |conn, now| {
            let actor = actor(conn, &who, now)?;
            let mut seen = Vec::new();
            for request in db::access_requests::all(conn)? {
                let own = request.user == actor.id;
                let view = view(conn, &actor, request)?;
                if own || view.may_decide {
                    seen.push(view);
                }
            }
            Ok(seen)
        })
        .await
    }

    /// One request for access that the caller decides about.
    pub async fn access_request(
        &self,
        who: &Who,
        id: AccessRequestId,
    ) -> Result<AccessRequestView> {
        let who = who.clone();
        self.look(move |conn, now| {
            let actor = actor(conn, &who, now)?;
            decidable(conn, &actor, id)
        })
        .await
    }

    /// Gives who asked a role in the local account; the decision is mailed.
    pub async fn grant_access(
        &self,
        who: &Who,
        id: AccessRequestId,
        role: String,
    ) -> Result<AccessRequestView> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = actor(conn, &who, now)?;
            let view = decidable(conn, &actor, id)?;
            let role = access_request::role(&role).ok_or_else(|| {
                Error::invalid("role", format!("'{role}' is no role of a whole local account"))
            })?;
            let account = view.request.account;
            let given = Assignment { role, account, virtual_account: None, nested: false };
            let held = Held {
                id: RoleId(engine.ids().uuid(now)),
                holder: Holder::User(view.request.user),
                name: view.user.clone(),
                assignment: given,
            };
            let mut ledger = Ledger::open(&engine, account, &actor.name, now);
            put_role(conn, (&held, "role"), None, &mut ledger)?;
            ledger.close(conn)?;
            let what = format!("was granted: {}", role.name());
            let kind = SystemEventKind::AccessGranted;
            engine.decided(conn, (&view, &what), (kind, &actor, now))?;
            Ok(view)
        })
        .await
    }

    /// Declines a request for access; the reason is mailed.
    pub async fn decline_access(
        &self,
        who: &Who,
        id: AccessRequestId,
        reason: String,
    ) -> Result<AccessRequestView> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = actor(conn, &who, now)?;
            let view = decidable(conn, &actor, id)?;
            let reason = needed("reason", &text("reason", &reason)?)?;
            let what = format!("was declined: {reason}");
            let kind = SystemEventKind::AccessDeclined;
            engine.decided(conn, (&view, &what), (kind, &actor, now))?;
            Ok(view)
        })
        .await
    }

    /// The request goes, with an event and a mail.
    fn decided(
        &self,
        conn: &mut Conn,
        (view, what): (&AccessRequestView, &str),
        (kind, by, now): (SystemEventKind, &Actor, Timestamp),
    ) -> Result<()> {
        db::access_requests::delete(conn, view.request.id)?;
        let body = format!("Your request for access to the local account {} {what}", view.account);
        let mail = Mail {
            id: self.ids().uuid(now),
            account: view.request.account,
            at: now,
            recipient: view.email.clone(),
            subject: format!("Access to {}", view.account),
            body: format!("{body}\n\nSent by the Syncom lab emulator; no real mail leaves it."),
            confidential: false,
        };
        db::outbox::append(conn, &mail)?;
        let said = format!("The request of {} for access to {} {what}", view.user, view.account);
        note(self, conn, (kind, &by.name, now), said)
    }
}

/// The registered local account of that name, in which the caller has no role yet.
fn askable(conn: &mut Conn, actor: &Actor, name: &str) -> Result<(SmartAccountId, String)> {
    let name = needed("account", name)?;
    let found = db::local_accounts::named(conn, &name)?;
    let of = found.and_then(|found| Some((found.account?, found.name)));
    let (account, name) = of.ok_or_else(|| {
        Error::invalid("account", format!("no local account '{name}' is registered"))
    })?;
    if actor.assignments.iter().any(|role| role.account == account) {
        let problem = format!("you have a role in {name} already");
        return Err(Error::invalid("account", problem).into());
    }
    if db::access_requests::waits(conn, account, actor.id)? {
        let problem = format!("you have asked for access to {name} already");
        return Err(Error::invalid("account", problem).into());
    }
    Ok((account, name))
}

/// A request as the caller sees it.
fn view(conn: &mut Conn, caller: &Actor, request: AccessRequest) -> Result<AccessRequestView> {
    let gone = |what| Error::not_found(what, request.id.to_string());
    let account = db::local_accounts::of_account(conn, request.account)?;
    let account = account.ok_or_else(|| gone("local account"))?.name;
    let user = db::people::actor(conn, request.user)?.ok_or_else(|| gone("user"))?;
    let scope = db::virtual_accounts::tree(conn, request.account)?.account_scope(&account);
    let administers = caller.require_system(SystemPermission::ManageAccounts).is_ok()
        || caller.may(Permission::ManageVirtualAccounts, &scope);
    // Nobody decides about themselves: an operator would have every role for the asking.
    let may_decide = administers && request.user != caller.id;
    Ok(AccessRequestView { request, account, user: user.name, email: user.email, may_decide })
}

/// The request of that identity; who may not decide about it does not hear that it is there.
fn decidable(conn: &mut Conn, caller: &Actor, id: AccessRequestId) -> Result<AccessRequestView> {
    let unknown = || Error::not_found("access request", id.to_string());
    let request = db::access_requests::find(conn, id)?.ok_or_else(unknown)?;
    let view = view(conn, caller, request)?;
    if view.may_decide { Ok(view) } else { Err(unknown().into()) }
}
