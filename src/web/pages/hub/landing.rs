//! Where one enters the hub: the organizations at which somebody has something to do.

use super::frame::{base, lang, outside, tabs};
use super::labels::Words;
use crate::domain::Error;
use crate::domain::hub::OrganizationKind;
use crate::engine::{self, HubPlace};
use crate::web::pages::ask::{Ask, Failure, act, show};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use actix_web::HttpResponse;
use askama::Template;

/// One organization to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCard {
    /// Its name.
    pub name: String,
    /// Which hub it opens.
    pub hub: &'static str,
    /// The viewer's roles there.
    pub roles: String,
    /// Where it leads.
    pub href: String,
}

/// The choice of organizations.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/landing.html")]
pub struct LandingPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static Words,
    /// The organizations, partners first.
    pub places: Vec<PlaceCard>,
}

/// The choice of organizations.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let words = Words::of(lang(&ask));
        let places = ask.engine().hub_places(&ask.visit.who).await?;
        let places = places.iter().map(|place| PlaceCard::of(place, words)).collect();
        Ok(LandingPage { frame: outside(&ask).await?, words, places })
    })
    .await
}

/// Leads to the first tab of an organization.
pub async fn enter(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let key = ask.segment("key");
        let desk = match ask.engine().hub_desk(&ask.visit.who, key).await {
            Ok(desk) => desk,
            Err(error) => return to_customers(&ask, key, error).await,
        };
        let first = tabs(&desk, Words::of(Lang::En), "").into_iter().next();
        let first = first.ok_or_else(|| Error::not_found("page for you at", key))?;
        Ok(ask.go(&first.href))
    })
    .await
}

/// Who has no role at a partner, but at some of its customers, sees the list of those.
async fn to_customers(
    ask: &Ask,
    key: &str,
    otherwise: engine::Error,
) -> Result<HttpResponse, Failure> {
    match ask.engine().partner_desk(&ask.visit.who, key).await {
        Ok(found) if !found.customers.is_empty() => Ok(ask.go(&format!("{}/customers", base(key)))),
        Ok(_) | Err(_) => Err(otherwise.into()),
    }
}

/// Changes the language of the hub's pages, and leads back.
pub async fn language(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let code = ask.segment("code");
        let lang = Lang::parse(code).ok_or_else(|| Error::not_found("language", code))?;
        Ok(ask.visit.speak(lang.code(), ask.query.local("next", "/hub")))
    })
    .await
}

impl PlaceCard {
    fn of(place: &HubPlace, words: &Words) -> Self {
        let roles: Vec<_> = place.roles.iter().map(|role| role.name()).collect();
        Self {
            name: place.organization.name.clone(),
            hub: match place.organization.kind {
                OrganizationKind::Partner => words.partner_hub,
                OrganizationKind::Customer => words.control_hub,
            },
            roles: roles.join(", "),
            href: base(&place.organization.key),
        }
    }
}
