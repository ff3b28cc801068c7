//! Local accounts that are asked for (B-ACC-02, -04, -05).

use super::{allowed, note, numbered};
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::local_account::{LocalAccount, LocalState, Privacy};
use crate::domain::on_prem::{self, Mode};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind;
use crate::domain::virtual_account::Name;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Who, Within};
use crate::engine::error::Result;

/// The longest message and reason, in characters (ours).
const TEXT_LIMIT: usize = 1_000;

/// What somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountWish {
    /// Name of the local account.
    pub name: String,
    /// Name of the Smart Account in CSSM.
    pub smart_account: String,
    /// Names of its virtual accounts, one a line.
    pub virtual_accounts: String,
    /// Where mails go.
    pub email: String,
    /// For whoever decides.
    pub message: String,
    /// How virtual accounts belong together.
    pub mode: Mode,
}

impl Engine {
    /// Asks for a local account; a System Administrator decides.
    pub async fn request_local_account(
        &self,
        who: &Who,
        wish: AccountWish,
    ) -> Result<LocalAccount> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::RequestAccount, now)?;
            let account = engine.wished(conn, &wish, &actor.name, now)?;
            db::local_accounts::insert(conn, &account)?;
            let message = format!(
                "{} asked for the local account {} in the Smart Account {}.",
                actor.name, account.name, account.smart_account
            );
            let kind = SystemEventKind::AccountRequested;
            note(&engine, conn, (kind, &actor.name, now), message)?;
            Ok(account)
        })
        .await
    }

    fn wished(
        &self,
        conn: &mut Conn,
        wish: &AccountWish,
        requested_by: &str,
        now: Timestamp,
    ) -> Result<LocalAccount> {
        let name = on_prem::name(&wish.name)?;
        if let Some(same) = db::local_accounts::named(conn, &name)? {
            let problem = format!("there is a local account {} already", same.name);
            return Err(Error::invalid("name", problem).into());
        }
        Ok(LocalAccount {
            uid: OnPremUid(self.ids().uuid(now)),
            account: None,
            number: db::keys::next_number(conn, "local_account", 1)?,
            name,
            mode: wish.mode,
            state: LocalState::Pending,
            reason: String::new(),
            smart_account: needed("smart_account", &wish.smart_account)?,
            virtual_accounts: virtual_accounts(wish)?,
            email: email(&wish.email)?,
            message: text("message", &wish.message)?,
            requested_by: requested_by.to_owned(),
            requested_at: now,
            registration_nonce: None,
            registered_at: None,
            by_file: false,
            privacy: Privacy::default(),
            credential: None,
            credential_ends: None,
        })
    }

    /// Rejects a request; the reason is mailed.
    pub async fn reject_local_account(&self, who: &Who, number: i64, reason: String) -> Result<()> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::ManageAccounts, now)?;
            let account = numbered(conn, number)?;
            account.must_be_pending()?;
            let reason = needed("reason", &text("reason", &reason)?)?;
            db::local_accounts::delete(conn, account.uid)?;
            let subject = format!("Local account {} was rejected", account.name);
            engine.mail(conn, &account, (subject, reason.clone()), now)?;
            let message = format!(
                "The request of {} for the local account {} was rejected: {reason}",
                account.requested_by, account.name
            );
            note(&engine, conn, (SystemEventKind::AccountRejected, &actor.name, now), message)
        })
        .await
    }

    /// One mail to the address of a local account.
    pub(super) fn mail(
        &self,
        conn: &mut Conn,
        about: &LocalAccount,
        (subject, body): (String, String),
        now: Timestamp,
    ) -> Result<()> {
        let mail = Mail {
            id: self.ids().uuid(now),
            account: about.account.unwrap_or(SmartAccountId(about.uid.0)),
            at: now,
            recipient: about.email.clone(),
            subject,
            body: format!("{body}\n\nSent by the Syncom lab emulator; no real mail leaves it."),
            confidential: false,
        };
        Ok(db::outbox::append(conn, &mail)?)
    }
}

/// A text that is there.
pub(super) fn needed(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "a value is needed"));
    }
    Ok(Name::parse(text).map_or_else(|_| text.to_owned(), |name| name.as_str().to_owned()))
}

/// A text of bounded length.
pub(super) fn text(field: &'static str, text: &str) -> Result<String, Error> {
    let length = text.chars().count();
    if length > TEXT_LIMIT {
        let problem = format!("{length} characters; the limit is {TEXT_LIMIT}");
        return Err(Error::invalid(field, problem));
    }
    Ok(text.trim().to_owned())
}

fn virtual_accounts(wish: &AccountWish) -> Result<Vec<String>, Error> {
    let lines = wish.virtual_accounts.lines().map(str::trim).filter(|line| !line.is_empty());
    let field = |_| Error::invalid("virtual_account", "1 to 100 characters for each name");
    let names = lines
        .map(|name| Name::parse(name).map(|name| name.as_str().to_owned()).map_err(field))
        .collect::<Result<Vec<_>, _>>()?;
    match (names.len(), wish.mode) {
        (0, _) => Err(Error::invalid("virtual_account", "a value is needed")),
        (1, _) | (_, Mode::Classic) => Ok(names),
        (many, Mode::OnPrem8) => {
            let problem = format!("{many} names; in this mode a local account has one");
            Err(Error::invalid("virtual_account", problem))
        }
    }
}

fn email(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let fits = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(name, at)| !name.is_empty() && at.contains('.'));
    if fits {
        return Ok(text.to_owned());
    }
    Err(Error::invalid("email", "an address like name@example.com is needed"))
}
