//! The Licensing Workspace before a local account is chosen (B-SHL-04).

use super::access::{AccessRow, rows};
use super::accounts::state;
use crate::domain::local_account::LocalState;
use crate::engine::{AccountWithRoles, LocalAccountView};
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::frame::{Frame, base};
use crate::web::pages::view::{Badge, Tone, When};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One local account to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAccountRow {
    /// Its name, also in addresses.
    pub name: String,
    /// The viewer's roles in it; empty for those who only look.
    pub roles: String,
    /// What has become of it, unless it simply works.
    pub state: Option<Badge>,
}

/// Something that the viewer has asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedRow {
    /// The local account.
    pub name: String,
    /// `A local account`, or `Access`.
    pub what: &'static str,
    /// When.
    pub at: When,
}

/// The local accounts to choose from.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/home.html")]
pub struct HomePage {
    /// The frame.
    pub frame: Frame,
    /// The Message of the Day for who has signed in (B-ADM-12).
    pub notice: Option<String>,
    /// What the viewer may see.
    pub accounts: Vec<LocalAccountRow>,
    /// What the viewer has asked for and is not decided.
    pub asked: Vec<AskedRow>,
    /// What others have asked for, and the viewer decides.
    pub access: Vec<AccessRow>,
}

/// The local accounts that the viewer sees, and requests.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let who = &ask.visit.who;
        let (found, own) =
            (ask.engine().accounts(who, None).await?, ask.engine().own_local_accounts(who).await?);
        let accounts = found.iter().map(|one| LocalAccountRow::of(one, &own)).collect();
        let (frame, access) = (ask.viewer_frame().await?, rows(&ask).await?);
        let asked = AskedRow::all(&ask, &frame, (&own, &access));
        let access = access.into_iter().filter(|row| row.may_decide).collect();
        let notice = ask.engine().home_message(who).await?;
        Ok(HomePage { frame, notice, accounts, asked, access })
    })
    .await
}

impl LocalAccountRow {
    /// Where it begins.
    pub fn inventory(&self) -> String {
        format!("{}/inventory", base(&self.name))
    }

    fn of(found: &AccountWithRoles, own: &[LocalAccountView]) -> Self {
        let roles: Vec<String> = found
            .roles
            .iter()
            .map(|(role, place)| match place {
                Some(place) => format!("{}, {place}", role.name()),
                None => role.name().to_owned(),
            })
            .collect();
        let local = own.iter().find(|view| view.account.account == Some(found.account.id));
        let rests = local.map(|view| view.account.state).filter(|now| *now != LocalState::Active);
        Self {
            name: found.account.domain.clone(),
            roles: roles.join("; "),
            state: rests.map(state),
        }
    }
}

impl AskedRow {
    fn all(
        ask: &Ask,
        frame: &Frame,
        (own, access): (&[LocalAccountView], &[AccessRow]),
    ) -> Vec<Self> {
        let viewer = frame.viewer.as_ref().map_or("", |viewer| viewer.name.as_str());
        let waits = |view: &&LocalAccountView| {
            view.account.state == LocalState::Pending && view.account.requested_by == viewer
        };
        let account = |view: &LocalAccountView| Self {
            name: view.account.name.clone(),
            what: "A local account",
            at: When::at(view.account.requested_at, ask.now()),
        };
        let access = access.iter().filter(|row| row.user == viewer).map(|row| Self {
            name: row.account.clone(),
            what: "Access",
            at: row.at.clone(),
        });
        own.iter().filter(waits).map(account).chain(access).collect()
    }
}
