//! Synchronization of local accounts: the list, and what belongs to one of them (B-SYN-01).

pub mod details;
pub mod log;
pub mod manual;
pub mod now;
pub mod privacy;
pub mod schedules;

use super::admin;
use crate::domain::local_account::LocalState;
use crate::domain::on_prem::Overdue;
use crate::domain::standing::{SyncStanding, SyncState, SyncTrouble};
use crate::domain::{self, Error, Timestamp};
use crate::engine::LocalAccountView;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::place::counted;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::labels::synchronization as label;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use actix_web::HttpResponse;
use askama::Template;

/// The address of the tab.
pub const SYNC: &str = "/admin/synchronization";
const SCHEDULES: &str = "/admin/synchronization/schedules";
const LOG: &str = "/admin/synchronization/events";

/// One registered local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What is going on.
    pub status: Badge,
    /// Why the last one failed.
    pub problem: Option<String>,
    /// When it synchronized last.
    pub last: Option<When>,
    /// When it begins by itself.
    pub next: Option<When>,
    /// By when it has to; nothing once that is over.
    pub due: Option<When>,
    /// What is wrong, counted.
    pub alerts: Severities,
    /// Whether it can synchronize by files.
    pub by_file: bool,
    /// Whether it can synchronize over the network.
    pub by_network: bool,
}

/// The list.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/sync/list.html")]
pub struct SyncPage {
    /// The frame.
    pub frame: Frame,
    /// Accounts, Schedules, Event Log.
    pub tabs: Vec<NavItem>,
    /// The registered local accounts, by name.
    pub rows: Vec<SyncRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let all = ask.engine().local_accounts(&ask.visit.who).await?;
        let rows = all.iter().filter_map(|view| SyncRow::of(&ask, view)).collect();
        let (rows, pager) = cut(&ask, rows, |row: &SyncRow| row.id.to_string(), "local account")?;
        Ok(SyncPage { frame: frame(&ask).await?, tabs: tabs(SYNC), rows, pager })
    })
    .await
}

impl SyncRow {
    /// A local account as the list shows it; nothing before it is registered.
    pub fn of(ask: &Ask, view: &LocalAccountView) -> Option<Self> {
        let (stands, now) = (view.standing.as_ref()?, ask.now());
        let works = view.account.state == LocalState::Active;
        Some(Self {
            id: view.account.number,
            name: view.account.name.clone(),
            status: status(view, stands, now),
            problem: problem(stands),
            last: stands.last_at.map(|at| When::at(at, now)),
            next: stands.next_at.map(|at| When::at(at, now)),
            due: (view.account.state != LocalState::Expired)
                .then(|| When::at(stands.dates.due, now)),
            alerts: counted(stands.troubles(now).into_iter().map(SyncTrouble::severity)),
            by_file: works,
            by_network: works && ask.engine().has_link(),
        })
    }
}

/// What is going on (B-SYN-10); an account that does not work says so instead.
fn status(view: &LocalAccountView, stands: &SyncStanding, now: Timestamp) -> Badge {
    let words = stands.words(view.busy, now);
    let late = view.overdue != Overdue::No;
    let tone = match (view.account.state, stands.state) {
        (LocalState::Expired, _) => return Badge::new(Tone::Bad, LocalState::Expired.word()),
        (LocalState::Inactive, _) => return Badge::new(Tone::Neutral, LocalState::Inactive.word()),
        (LocalState::Pending | LocalState::Active, _) if view.busy => Tone::Neutral,
        (LocalState::Pending | LocalState::Active, SyncState::Failed) => Tone::Bad,
        (LocalState::Pending | LocalState::Active, SyncState::Waiting) => Tone::Attention,
        (LocalState::Pending | LocalState::Active, _) if late => Tone::Attention,
        (LocalState::Pending | LocalState::Active, SyncState::Synchronized) => Tone::Good,
        (LocalState::Pending | LocalState::Active, SyncState::Never) => Tone::Neutral,
    };
    Badge::new(tone, words)
}

fn problem(stands: &SyncStanding) -> Option<String> {
    let failed = stands.state == SyncState::Failed;
    failed.then(|| stands.problem.clone()).filter(|problem| !problem.is_empty())
}

async fn frame(ask: &Ask) -> Result<Frame, Failure> {
    admin::frame(ask, SYNC).await
}

fn tabs(current: &str) -> Vec<NavItem> {
    let item = |label, href: &str| NavItem {
        label,
        href: href.to_owned(),
        current: href == current,
        alerts: Severities::default(),
    };
    vec![item(label::ACCOUNTS, SYNC), item(label::SCHEDULES, SCHEDULES), item(label::LOG, LOG)]
}

/// The number of the local account in the address.
fn number(ask: &Ask) -> domain::Result<i64> {
    let text = ask.segment("number");
    text.parse().map_err(|_| Error::not_found("local account", text))
}

/// The address of a local account's synchronization.
pub fn home(number: i64) -> String {
    format!("{SYNC}/{number}")
}

/// The local account in the address; it has to be registered.
async fn registered(ask: &Ask) -> Result<(LocalAccountView, SyncStanding), Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number(ask)?).await?;
    match view.standing.clone() {
        Some(stands) => Ok((view, stands)),
        None => Err(Error::Conflict(format!("{} is not registered.", view.account.name)).into()),
    }
}
