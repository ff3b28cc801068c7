//! One On-Prem: General, Virtual Accounts, Event Log (A-OPA-06); and its files.

use super::{Deed, OnPremRow, state};
use crate::domain::id::EventId;
use crate::engine::{EventQuery, OnPremView};
use crate::web::pages::ask::{Ask, Failure, act, show};
use crate::web::pages::cssm::events::EventRow;
use crate::web::pages::cssm::place::frame;
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::sent_sync::download;
use crate::web::pages::view::{Badge, Pager, When};
use crate::web::pages::{filters, help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// The details of an On-Prem.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/show.html")]
pub struct OnPremPage {
    /// The frame.
    pub frame: Frame,
    /// As the list shows it.
    pub row: OnPremRow,
    /// Its state.
    pub state: Badge,
    /// The On-Prem UID.
    pub uid: String,
    /// `onprem8` or `classic`, in words.
    pub mode: String,
    /// When it was registered.
    pub created: When,
    /// By whom.
    pub created_by: String,
    /// When the deadline is.
    pub deadline: When,
    /// When the authorization file is ready, as long as it waits for its first synchronization.
    pub ready: Option<When>,
    /// Where mails go.
    pub email: String,
    /// Its virtual accounts: number and name.
    pub places: Vec<(i64, String)>,
    /// Product instances that it has told of.
    pub instances: i64,
    /// Sentences of its alerts, worst first.
    pub alerts: Vec<(Badge, String)>,
    /// Its events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is in them.
    pub pager: Pager,
    /// Whether events name their virtual account.
    pub wide: bool,
}

/// The details.
pub async fn one(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (overview, number) = (ask.overview().await?, ask.on_prem()?);
        let view = ask.engine().on_prem(&ask.visit.who, ask.domain(), number).await?;
        let log = log(&ask, number)?;
        let page = ask.engine().events(&ask.visit.who, ask.domain(), log).await?;
        let pager = pager(&ask, &page, |row| row.event.id, "event")?;
        let frame = frame(&ask, &overview, Tab::OnPrem);
        let events = EventRow::placed(&page, ask.now(), &frame, &overview);
        Ok(OnPremPage::of(&ask, frame, &view, (events, pager)))
    })
    .await
}

/// Its part of the log, as the address asks.
fn log(ask: &Ask, number: i64) -> Result<EventQuery, Failure> {
    let (seek, limit) = (seek::<EventId>(&ask.query)?, rows(&ask.query)?);
    Ok(EventQuery { on_prem: Some(number), seek, limit, ..EventQuery::default() })
}

impl OnPremPage {
    fn of(
        ask: &Ask,
        frame: Frame,
        view: &OnPremView,
        (events, pager): (Vec<EventRow>, Pager),
    ) -> Self {
        let (one, now) = (&view.on_prem, ask.now());
        let waits = one.state == crate::domain::on_prem::OnPremState::Authorized;
        let alert = |cause: &crate::domain::cause::OnPremCause| {
            let tone = super::super::alerts::badge(cause.severity());
            (Badge::new(tone.tone, cause.kind()), cause.message())
        };
        Self {
            frame,
            row: OnPremRow::of(view, now),
            state: state(one.state),
            uid: one.uid.to_string(),
            mode: labels::local_account::mode(one.mode).to_owned(),
            created: When::at(one.created_at, now),
            created_by: one.created_by.clone(),
            deadline: When::at(one.dates.deadline, now),
            ready: waits.then(|| When::at(one.ready_at, now)),
            email: one.email.clone(),
            places: view
                .virtual_accounts
                .iter()
                .map(|va| (va.number, va.name.as_str().to_owned()))
                .collect(),
            instances: view.instances,
            alerts: view.alerts.iter().map(alert).collect(),
            events,
            pager,
            wide: true,
        }
    }

    /// What the viewer can do.
    pub fn may(&self, deed: Deed) -> bool {
        self.row.may.has(deed)
    }

    /// The address below which its dialogs live.
    pub fn base(&self) -> String {
        format!("{}/on-prem/{}", self.frame.base(), self.row.id)
    }
}

/// The authorization file.
pub async fn authorization(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let (who, number) = (&ask.visit.who, ask.on_prem()?);
        let made = ask.engine().download_authorization(who, ask.domain(), number).await?;
        Ok(download(&made.on_prem.name, "authorization", made.file))
    })
    .await
}

/// The response to the last file.
pub async fn response(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let (who, number) = (&ask.visit.who, ask.on_prem()?);
        let made = ask.engine().response_file(who, ask.domain(), number).await?;
        let what = format!("response-{}", made.answers);
        Ok(download(&made.on_prem.name, &what, made.file))
    })
    .await
}
