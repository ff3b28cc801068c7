//! The widget of local accounts (B-ACC-01): those that are registered, those that are asked for,
//! and what happened.

pub mod decide;
pub mod details;
pub mod life;
pub mod log;
pub mod manual;
pub mod requests;

use super::admin::frame;
use crate::domain::local_account::LocalState;
use crate::domain::on_prem::Overdue;
use crate::domain::people::Actor;
use crate::domain::system::SystemPermission;
use crate::domain::{self, Error, Timestamp};
use crate::engine::LocalAccountView;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::labels::local_account as label;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// Where the widget is; also the address of its tab.
pub const HERE: &str = "/admin/accounts";
/// Where requests are decided.
pub const REQUESTS: &str = "/admin/accounts/requests";

/// Something that the viewer can do with a local account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Register it over the network (B-ACC-06).
    Approve,
    /// Register it by files (B-ACC-07).
    Manual,
    /// Reject it (B-ACC-05).
    Reject,
    /// Register it over the network again (B-ACC-12).
    Again,
    /// Let it rest (B-ACC-10).
    Deactivate,
    /// Let it work again (B-ACC-09).
    Activate,
    /// Delete it, or hear what keeps it (B-ACC-11).
    Delete,
}

/// A local account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its Smart Account in CSSM.
    pub smart_account: String,
    /// Its virtual accounts there.
    pub virtual_accounts: String,
    /// What has become of it.
    pub state: Badge,
    /// When it synchronized last.
    pub last: Option<When>,
    /// By when it has to; nothing unless it works.
    pub due: Option<When>,
    /// How late it is, if it is.
    pub late: Option<Badge>,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested: When,
    /// What they said.
    pub message: String,
    /// Whether a registration file waits for its authorization file.
    pub waits: bool,
    /// What the viewer can do.
    pub may: Vec<Deed>,
}

/// The list of local accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/accounts/list.html")]
pub struct AccountsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The local accounts by name.
    pub rows: Vec<AccountRow>,
    /// How many wait for a decision.
    pub waiting: usize,
    /// Where one is.
    pub pager: Pager,
}

/// The local accounts that were registered.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let all = rows(&ask).await?;
        let (waiting, accounts): (Vec<_>, Vec<_>) = all.into_iter().partition(AccountRow::waits);
        let (rows, pager) = cut(&ask, accounts, AccountRow::key, "account")?;
        let (frame, tabs) = (frame(&ask, HERE).await?, tabs(HERE));
        Ok(AccountsPage { frame, tabs, rows, waiting: waiting.len(), pager })
    })
    .await
}

/// All local accounts, those that are only asked for as well.
async fn rows(ask: &Ask) -> Result<Vec<AccountRow>, Failure> {
    let (who, enter) = (&ask.visit.who, SystemPermission::EnterAdministration);
    let actor = ask.engine().admitted(who, enter).await?;
    let all = ask.engine().local_accounts(who).await?;
    Ok(all.iter().map(|view| AccountRow::of(view, &actor, ask.now())).collect())
}

/// The tabs of the widget.
fn tabs(here: &str) -> Vec<NavItem> {
    let item = |(label, href): (&'static str, &str)| NavItem {
        label,
        href: href.to_owned(),
        current: href == here,
        alerts: Severities::default(),
    };
    [(label::ACCOUNTS, HERE), (label::REQUESTS, REQUESTS), (label::EVENTS, log::HERE)]
        .map(item)
        .into()
}

/// The local account in the address.
fn number(ask: &Ask) -> domain::Result<i64> {
    let text = ask.segment("number");
    text.parse().map_err(|_| Error::not_found("local account", text))
}

/// The address of a local account, from which those of its dialogs begin.
pub fn at(number: i64) -> String {
    format!("{HERE}/{number}")
}

/// The list in which a local account stands.
fn list_of(view: &LocalAccountView) -> &'static str {
    if view.account.state == LocalState::Pending { REQUESTS } else { HERE }
}

/// A state in its colour.
pub fn state(state: LocalState) -> Badge {
    let tone = match state {
        LocalState::Pending => Tone::Attention,
        LocalState::Active => Tone::Good,
        LocalState::Inactive => Tone::Neutral,
        LocalState::Expired => Tone::Bad,
    };
    Badge::new(tone, state.word())
}

/// What the viewer can do with a local account.
fn deeds(view: &LocalAccountView, actor: &Actor) -> Vec<Deed> {
    let own: &[Deed] = match view.account.state {
        LocalState::Pending => &[Deed::Approve, Deed::Manual, Deed::Reject],
        LocalState::Active => &[Deed::Deactivate, Deed::Again, Deed::Manual, Deed::Delete],
        LocalState::Inactive => &[Deed::Activate, Deed::Delete],
        LocalState::Expired => &[Deed::Again, Deed::Manual, Deed::Delete],
    };
    let may = |deed: &&Deed| {
        actor.allows(match deed {
            Deed::Delete => SystemPermission::DeleteAccounts,
            Deed::Approve
            | Deed::Manual
            | Deed::Reject
            | Deed::Again
            | Deed::Deactivate
            | Deed::Activate => SystemPermission::ManageAccounts,
        })
    };
    own.iter().filter(may).copied().collect()
}

/// How late a local account that works is.
fn late(view: &LocalAccountView) -> Option<Badge> {
    if view.account.state != LocalState::Active {
        return None;
    }
    match view.overdue {
        Overdue::No => None,
        Overdue::Due => Some(Badge::new(Tone::Attention, "Overdue")),
        Overdue::Near | Overdue::Over => Some(Badge::new(Tone::Bad, "Deadline is near")),
    }
}

impl AccountRow {
    fn of(view: &LocalAccountView, actor: &Actor, now: Timestamp) -> Self {
        let (account, standing) = (&view.account, view.standing.as_ref());
        let works = account.state == LocalState::Active;
        Self {
            id: account.number,
            name: account.name.clone(),
            smart_account: account.smart_account.clone(),
            virtual_accounts: account.virtual_accounts.join(", "),
            state: state(account.state),
            last: standing.and_then(|one| one.last_at).map(|at| When::at(at, now)),
            due: standing.filter(|_| works).map(|one| When::at(one.dates.due, now)),
            late: late(view),
            requested_by: account.requested_by.clone(),
            requested: When::at(account.requested_at, now),
            message: account.message.clone(),
            waits: account.registration_nonce.is_some(),
            may: deeds(view, actor),
        }
    }

    fn waits(&self) -> bool {
        self.state == state(LocalState::Pending)
    }

    fn key(&self) -> String {
        self.id.to_string()
    }

    /// Whether the viewer can do something.
    pub fn may(&self, deed: Deed) -> bool {
        self.may.contains(&deed)
    }
}
