//! The reservation of a product, as pages show it.

use crate::device::reservation::Reserved as License;
use crate::device::show::reservation::date;
use crate::device::state::State;
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use crate::web::pages::view::{Badge, Tone, When};

/// What is reserved, and the codes of it.
#[derive(Clone, Debug)]
pub struct Reserved {
    /// Whether the product reserves instead of registering.
    pub enabled: bool,
    /// Whether it is registered: then it cannot.
    pub registered: bool,
    /// Whether it trusts somebody's signature.
    pub trusts: bool,
    /// The request code.
    pub request: Option<String>,
    /// What was asked for.
    pub asked: &'static str,
    /// What is installed.
    pub installed: Option<Installed>,
    /// The last confirmation code.
    pub confirmation: Option<String>,
    /// The last return code.
    pub back: Option<String>,
    /// Where the product finds the certificate to trust.
    pub ca_url: String,
}

/// What is installed.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Single licenses, or all.
    pub kind: &'static str,
    /// Whether it is of single licenses.
    pub specific: bool,
    /// Since when.
    pub since: When,
    /// The licenses.
    pub rows: Vec<Row>,
}

/// Licenses of one term.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name.
    pub name: String,
    /// Entitlement tag.
    pub tag: String,
    /// How many.
    pub count: u64,
    /// Its term in words.
    pub term: String,
    /// Whether they may be used.
    pub badge: Badge,
}

impl Reserved {
    /// At `now`.
    pub fn of(state: &State, now: Timestamp) -> Self {
        let reservation = &state.reservation;
        let request = reservation.request.as_ref();
        let url = state.settings.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        let ca_url = url.and_then(|url| url.join("/_syncom/ca.pem").ok());
        Self {
            enabled: reservation.enabled,
            registered: state.registration.identity.is_some(),
            trusts: state.settings.ca_pem.is_some(),
            request: request.map(|request| request.code.clone()),
            asked: request.map_or("", |request| words(request.kind)),
            installed: reservation.installed.as_ref().map(|code| Installed {
                kind: words(code.kind),
                specific: code.kind == Kind::Specific,
                since: When::at(code.installed_at, now),
                rows: code.licenses.iter().map(|license| row(state, license, now)).collect(),
            }),
            confirmation: reservation.last_confirmation.clone(),
            back: reservation.last_return.clone(),
            ca_url: ca_url.map(String::from).unwrap_or_default(),
        }
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Specific => "Specific license reservation",
        Kind::Universal => "Universal license reservation",
    }
}

fn row(state: &State, license: &License, now: Timestamp) -> Row {
    let feature = state.profile.feature(&license.tag);
    let known = feature.map_or(&license.tag, |feature| &feature.title);
    let told = Some(&license.display_name).filter(|name| !name.is_empty());
    let term = match (license.first_day, license.last_day) {
        (Some(first), Some(last)) => format!("{} to {}", date(first), date(last)),
        _ => "Perpetual".to_owned(),
    };
    let badge = if license.in_force(now) {
        Badge::new(Tone::Good, "Reserved")
    } else if license.ended(now) {
        Badge::new(Tone::Bad, "Term ended")
    } else {
        Badge::new(Tone::Neutral, "Not begun")
    };
    let name = told.unwrap_or(known).clone();
    Row { name, tag: license.tag.clone(), count: license.count, term, badge }
}
