//! The synchronization of one local account: how it stands, and its log.

use super::{SyncRow, frame, home, registered};
use crate::domain::id::EventId;
use crate::domain::local_account::{LocalAccount, Privacy};
use crate::domain::on_prem::Mode;
use crate::domain::standing::{OpenRequest, SyncStanding};
use crate::domain::sync::schedule::Schedule;
use crate::engine::{EventQuery, LocalAccountView, Subject};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::alerts::badge;
use crate::web::pages::cssm::events::EventRow;
use crate::web::pages::frame::Frame;
use crate::web::pages::labels::synchronization as label;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Badge, Pager, When};
use crate::web::pages::{filters, help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// The page of one local account's synchronization.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/sync/show.html")]
pub struct SyncDetailsPage {
    /// The frame.
    pub frame: Frame,
    /// As the list shows it.
    pub row: SyncRow,
    /// The kind of the last one.
    pub last_kind: &'static str,
    /// Whether only a full one helps.
    pub needs_full: bool,
    /// Its identity in files.
    pub uid: String,
    /// The Smart Account of CSSM.
    pub smart_account: String,
    /// Its virtual accounts there.
    pub places: String,
    /// `onprem8` or `classic`, in words.
    pub mode: &'static str,
    /// Whether it was registered by files.
    pub registered_by_file: bool,
    /// When CSSM removes it.
    pub deadline: When,
    /// When the login for the network ends.
    pub credential: Option<When>,
    /// The schedule, in words.
    pub schedule: String,
    /// What goes up without, in words.
    pub hidden: String,
    /// Requests without a response: in words, and when they were made.
    pub open: Vec<(String, When)>,
    /// Product instances.
    pub instances: i64,
    /// What is wrong, worst first.
    pub troubles: Vec<(Badge, String)>,
    /// What was written about it, newest first.
    pub events: Vec<EventRow>,
    /// Where one is in that.
    pub pager: Pager,
    /// Events do not name their virtual account.
    pub wide: bool,
}

/// The page.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (view, stands) = registered(&ask).await?;
        let global = ask.engine().schedules(&ask.visit.who).await?.global;
        let log = EventQuery { subject: Subject::Synchronization, ..log(&ask)? };
        let found = ask.engine().events(&ask.visit.who, &view.account.name, log).await?;
        let pager = pager(&ask, &found, |row| row.event.id, "event")?;
        let events = EventRow::all(&found, ask.now());
        let row = SyncRow::of(&ask, &view).ok_or_else(|| not_there(&view))?;
        let page = SyncDetailsPage::of(&ask, (frame(&ask).await?, row), (&view, &stands), global);
        Ok(SyncDetailsPage { events, pager, ..page })
    })
    .await
}

fn not_there(view: &LocalAccountView) -> crate::domain::Error {
    crate::domain::Error::not_found("synchronization", view.account.name.clone())
}

fn log(ask: &Ask) -> Result<EventQuery, Failure> {
    let (seek, limit) = (seek::<EventId>(&ask.query)?, rows(&ask.query)?);
    Ok(EventQuery { seek, limit, ..EventQuery::default() })
}

impl SyncDetailsPage {
    fn of(
        ask: &Ask,
        (frame, row): (Frame, SyncRow),
        (view, stands): (&LocalAccountView, &SyncStanding),
        global: Schedule,
    ) -> Self {
        let (account, now) = (&view.account, ask.now());
        let own = stands.schedule.as_deref().and_then(Schedule::parse);
        Self {
            frame,
            last_kind: stands.last_kind.map_or("", crate::domain::standing::SyncKind::word),
            needs_full: stands.needs_full,
            uid: account.uid.to_string(),
            smart_account: account.smart_account.clone(),
            places: account.virtual_accounts.join(", "),
            mode: mode(account.mode),
            registered_by_file: account.by_file,
            deadline: When::at(stands.dates.deadline, now),
            credential: ends(account).map(|at| When::at(at, now)),
            schedule: schedule(account, own, global),
            hidden: hidden(account.privacy),
            open: view.open.iter().map(|one| (request(one), When::at(one.made_at, now))).collect(),
            instances: view.instances,
            troubles: stands
                .troubles(now)
                .into_iter()
                .map(|one| {
                    let tone = badge(one.severity()).tone;
                    (Badge::new(tone, one.kind()), one.message(&account.name, stands))
                })
                .collect(),
            events: Vec::new(),
            pager: Pager::default(),
            wide: false,
            row,
        }
    }

    /// The address below which its dialogs live.
    pub fn base(&self) -> String {
        home(self.row.id)
    }
}

fn ends(account: &LocalAccount) -> Option<crate::domain::Timestamp> {
    account.credential.as_ref().and(account.credential_ends)
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::OnPrem8 => "One virtual account, local ones inside (onprem8)",
        Mode::Classic => "Several virtual accounts (classic)",
    }
}

/// When it begins by itself, in words.
pub(super) fn schedule(account: &LocalAccount, own: Option<Schedule>, global: Schedule) -> String {
    match own {
        _ if account.by_file => "None: it is synchronized by files".to_owned(),
        Some(own) => format!("{own} (its own)"),
        None => format!("{global} (that of the satellite)"),
    }
}

/// What goes up without, in words.
fn hidden(privacy: Privacy) -> String {
    let all = [
        ("host names", privacy.host_names),
        ("host identifiers and IP addresses", privacy.addresses),
        ("MAC addresses", privacy.macs),
    ];
    let words: Vec<&str> = all.iter().filter(|(_, on)| *on).map(|(word, _)| *word).collect();
    if words.is_empty() { "Nothing".to_owned() } else { words.join(", ") }
}

/// A request in words: `Request 7 (standard, by file)`.
pub(super) fn request(one: &OpenRequest) -> String {
    let way = if one.by_file { "by file" } else { "over the network" };
    format!("Request {} ({}, {way})", one.sequence, one.kind.code())
}
