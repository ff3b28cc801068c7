//! The Licensing Workspace before a local account is chosen.

use crate::engine::AccountWithRoles;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use actix_web::HttpResponse;
use askama::Template;

/// One local account to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAccountRow {
    /// Its name, also in addresses.
    pub name: String,
    /// The viewer's roles in it; empty for those who only look.
    pub roles: String,
}

/// The local accounts to choose from.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/home.html")]
pub struct HomePage {
    /// The frame.
    pub frame: Frame,
    /// What the viewer may see.
    pub accounts: Vec<LocalAccountRow>,
}

/// The local accounts that the viewer sees.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let found = ask.engine().accounts(&ask.visit.who, None).await?;
        let accounts = found.iter().map(LocalAccountRow::of).collect();
        Ok(HomePage { frame: ask.viewer_frame().await?, accounts })
    })
    .await
}

impl LocalAccountRow {
    fn of(found: &AccountWithRoles) -> Self {
        let roles: Vec<String> = found
            .roles
            .iter()
            .map(|(role, place)| match place {
                Some(place) => format!("{}, {place}", role.name()),
                None => role.name().to_owned(),
            })
            .collect();
        Self { name: found.account.domain.clone(), roles: roles.join("; ") }
    }
}
