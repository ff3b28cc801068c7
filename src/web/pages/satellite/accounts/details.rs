//! All that is known of one local account.

use super::{AccountRow, Deed, HERE, list_of, number};
use crate::domain::Timestamp;
use crate::domain::local_account::LocalState;
use crate::domain::local_alert::LocalAlert;
use crate::domain::system::SystemPermission;
use crate::engine::LocalAccountView;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::cssm::alerts::badge;
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::labels::local_account as label;
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::view::{Badge, When};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One local account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/accounts/show.html")]
pub struct AccountPage {
    /// The frame.
    pub frame: Frame,
    /// As the lists show it.
    pub row: AccountRow,
    /// The list it stands in.
    pub back: &'static str,
    /// The On-Prem UID; nothing before it is registered.
    pub uid: Option<String>,
    /// The mode in words.
    pub mode: &'static str,
    /// Why it was deactivated.
    pub reason: String,
    /// Where mails go.
    pub email: String,
    /// When it was registered, and whether by files.
    pub registered: Option<(When, bool)>,
    /// How its synchronization stands, in words.
    pub sync: Option<&'static str>,
    /// What is wrong with it, the worst first.
    pub alerts: Vec<(Badge, String)>,
    /// When CSSM removes it.
    pub deadline: Option<When>,
    /// When its credential for the network ends.
    pub credential: Option<When>,
    /// Product instances in it.
    pub instances: i64,
}

/// One local account.
pub async fn one(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (who, enter) = (&ask.visit.who, SystemPermission::EnterAdministration);
        let actor = ask.engine().admitted(who, enter).await?;
        let view = ask.engine().local_account(who, number(&ask)?).await?;
        let row = AccountRow::of(&view, &actor, ask.now());
        Ok(AccountPage::of(frame(&ask, HERE).await?, row, &view, ask.now()))
    })
    .await
}

impl AccountPage {
    fn of(frame: Frame, row: AccountRow, view: &LocalAccountView, now: Timestamp) -> Self {
        let (account, standing) = (&view.account, view.standing.as_ref());
        let when = |at: Timestamp| When::at(at, now);
        let works = account.state == LocalState::Active;
        let alert = |alert: &LocalAlert| {
            let tone = badge(alert.severity()).tone;
            (Badge::new(tone, alert.kind()), alert.message(&account.name))
        };
        Self {
            frame,
            row,
            back: list_of(view),
            uid: account.registered_at.map(|_| account.uid.to_string()),
            mode: label::mode(account.mode),
            reason: account.reason.clone(),
            email: account.email.clone(),
            registered: account.registered_at.map(|at| (when(at), account.by_file)),
            sync: standing.map(|one| one.words(view.busy, now)),
            alerts: LocalAlert::of(account, standing, now).iter().map(alert).collect(),
            deadline: standing.filter(|_| works).map(|one| when(one.dates.deadline)),
            credential: account.credential_ends.map(when),
            instances: view.instances,
        }
    }

    /// What the viewer can do.
    pub fn may(&self, deed: Deed) -> bool {
        self.row.may(deed)
    }

    /// The address below which its dialogs live.
    pub fn own(&self) -> String {
        super::at(self.row.id)
    }
}
