//! On-Prem Accounts: satellites whose local accounts are registered (A-OPA-01).

pub mod change;
pub mod details;
pub mod file_sync;
pub mod register;

use super::place::{counted, frame};
use crate::domain::Timestamp;
use crate::domain::cause::OnPremCause;
use crate::domain::on_prem::{Mode, OnPremState};
use crate::engine::OnPremView;
use crate::web::pages::ask::{Ask, act, show};
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use crate::web::pages::{csv, help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One On-Prem in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPremRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Badge,
    /// Names of its virtual accounts.
    pub places: Vec<String>,
    /// Version of the satellite.
    pub version: String,
    /// When it synchronized last.
    pub last: Option<When>,
    /// By when it has to; nothing once it is gone.
    pub due: Option<When>,
    /// Its alerts.
    pub alerts: Severities,
    /// What the viewer can do.
    pub may: Deeds,
}

/// Something that the viewer can do with an On-Prem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Download the authorization file (A-OPA-04).
    Authorization,
    /// Synchronize by file (A-OPA-05).
    Sync,
    /// Download the response to the last file again.
    Response,
    /// Attach another virtual account (A-OPA-07).
    Attach,
    /// Rename and remove it.
    Change,
    /// Put it away when it is gone.
    Dismiss,
}

/// What the viewer can do with an On-Prem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deeds(pub Vec<Deed>);

impl Deeds {
    fn of(view: &OnPremView, now: Timestamp) -> Self {
        let one = &view.on_prem;
        if !view.may_manage {
            return Self::default();
        }
        if one.state.is_over() {
            return Self(vec![Deed::Dismiss]);
        }
        let waits = one.state == OnPremState::Authorized;
        let all = [
            (Deed::Authorization, waits && one.is_ready(now)),
            (Deed::Sync, true),
            (Deed::Response, one.last.nonce.is_some()),
            (Deed::Attach, one.mode == Mode::Classic),
            (Deed::Change, true),
        ];
        Self(all.into_iter().filter(|(_, may)| *may).map(|(deed, _)| deed).collect())
    }

    /// Whether there is anything.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether it is possible.
    pub fn has(&self, deed: Deed) -> bool {
        self.0.contains(&deed)
    }
}

impl OnPremRow {
    /// An On-Prem as the list shows it.
    pub fn of(view: &OnPremView, now: Timestamp) -> Self {
        let one = &view.on_prem;
        Self {
            id: one.number,
            name: one.name.clone(),
            state: state(one.state),
            places: names(view),
            version: one.version.clone(),
            last: one.last.at.map(|at| When::at(at, now)),
            due: (!one.state.is_over()).then(|| When::at(one.dates.due, now)),
            alerts: counted(view.alerts.iter().map(OnPremCause::severity)),
            may: Deeds::of(view, now),
        }
    }
}

fn names(view: &OnPremView) -> Vec<String> {
    view.virtual_accounts.iter().map(|va| va.name.as_str().to_owned()).collect()
}

fn state(state: OnPremState) -> Badge {
    match state {
        OnPremState::Authorized => Badge::new(Tone::Neutral, "Not synchronized yet"),
        OnPremState::Active => Badge::new(Tone::Good, "Active"),
        OnPremState::Removed => Badge::new(Tone::Neutral, "Removed"),
        OnPremState::Expired => Badge::new(Tone::Bad, "Expired and removed"),
    }
}

/// The tab.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/list.html")]
pub struct OnPremsPage {
    /// The frame.
    pub frame: Frame,
    /// The On-Prems by name.
    pub rows: Vec<OnPremRow>,
    /// Whether the viewer may register one.
    pub may_create: bool,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let found = ask.engine().on_prems(&ask.visit.who, ask.domain()).await?;
        let rows = found.rows.iter().map(|view| OnPremRow::of(view, ask.now())).collect();
        let (rows, pager) = cut(&ask, rows, |row: &OnPremRow| row.id.to_string(), "On-Prem")?;
        let frame = frame(&ask, &overview, Tab::OnPrem);
        Ok(OnPremsPage { frame, rows, may_create: found.may_create, pager })
    })
    .await
}

/// The list as a file.
pub async fn export(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let found = ask.engine().on_prems(&ask.visit.who, ask.domain()).await?;
        let rows = found.rows.iter().map(line);
        let text = heading() + &rows.collect::<String>();
        Ok(csv::file(&ask, "on-prem-accounts", &text))
    })
    .await
}

fn heading() -> String {
    use labels::on_prem as label;
    csv::row(&[label::NAME, "State", label::PLACES, label::VERSION, label::LAST, label::DUE, "UID"])
}

fn line(view: &OnPremView) -> String {
    let one = &view.on_prem;
    csv::row(&[
        &one.name,
        &state(one.state).text,
        &names(view).join(", "),
        &one.version,
        &one.last.at.map(Timestamp::iso).unwrap_or_default(),
        &one.dates.due.iso(),
        &one.uid.to_string(),
    ])
}
