//! Customers of a partner, and the panel of one (F-FU-13, F-FU-17). No figures of use are here:
//! a sales admin sees those after going into the customer only.

use super::figures::status;
use super::words::UsageWords;
use crate::domain::Error;
use crate::engine::{CustomerCard, Provisioning};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::help::Topic;
use crate::web::pages::hub::frame::{at_partner, base, lang};
use crate::web::pages::view::{Badge, Tone};
use actix_web::HttpResponse;
use askama::Template;

/// One customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// Its name.
    pub name: String,
    /// Its panel.
    pub panel: String,
    /// Its own pages, for somebody who may go there.
    pub launch: Option<String>,
    /// Whether it has UCM Cloud.
    pub has_service: bool,
    /// How far that is.
    pub provisioning: Badge,
    /// Its clusters, and whether each is verified.
    pub clusters: Vec<(String, bool)>,
    /// Each subscription with its model and whether it is active.
    pub subscriptions: Vec<(String, &'static str, Badge)>,
}

/// The list.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/customers.html")]
pub struct CustomersPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// What this is.
    pub topic: Topic,
    /// What is searched for.
    pub search: String,
    /// The customers, by name.
    pub rows: Vec<CustomerRow>,
}

/// The panel of one customer.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/customer_panel.html")]
pub struct CustomerPanelPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// What this is.
    pub topic: Topic,
    /// Back to the list.
    pub list: String,
    /// The customer.
    pub row: CustomerRow,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, customers_page(&ask)).await
}

async fn customers_page(ask: &Ask) -> Result<CustomersPage, Failure> {
    let key = ask.segment("key");
    let found = ask.engine().flex_customers(&ask.visit.who, key).await?;
    let (lang, search) = (lang(ask), ask.query.get("search").trim());
    let wanted = search.to_lowercase();
    let fits = |card: &&CustomerCard| card.customer.name.to_lowercase().contains(&wanted);
    let rows = found.cards.iter().filter(fits).map(|card| row(lang, key, card)).collect();
    Ok(CustomersPage {
        frame: at_partner(ask, &found.desk, "customers").await?,
        words: UsageWords::of(lang),
        topic: help::customers_topic(lang),
        search: search.to_owned(),
        rows,
    })
}

/// The panel of one customer.
pub async fn panel(ask: Ask) -> HttpResponse {
    show(&ask, one(&ask)).await
}

async fn one(ask: &Ask) -> Result<CustomerPanelPage, Failure> {
    let (key, wanted) = (ask.segment("key"), ask.segment("customer"));
    let found = ask.engine().flex_customers(&ask.visit.who, key).await?;
    let card = found.cards.iter().find(|card| card.customer.key == wanted);
    let card = card.ok_or_else(|| Error::not_found("customer", wanted))?;
    let lang = lang(ask);
    Ok(CustomerPanelPage {
        frame: at_partner(ask, &found.desk, "customers").await?,
        words: UsageWords::of(lang),
        topic: help::customers_topic(lang),
        list: format!("{}/customers", base(key)),
        row: row(lang, key, card),
    })
}

fn row(lang: Lang, partner: &str, card: &CustomerCard) -> CustomerRow {
    let (words, of) = (UsageWords::of(lang), &card.customer);
    let (tone, text) = match card.provisioning() {
        Provisioning::None => (Tone::Neutral, words.provisioning_none),
        Provisioning::Ordered => (Tone::Attention, words.provisioning_ordered),
        Provisioning::InProgress => (Tone::Attention, words.provisioning_progress),
        Provisioning::Provisioned => (Tone::Good, words.provisioned),
    };
    let clusters = card.clusters.iter();
    let subscriptions = card.subscriptions.iter();
    CustomerRow {
        name: of.name.clone(),
        panel: format!("{}/customers/{}", base(partner), of.key),
        launch: card.may_launch.then(|| base(&of.key)),
        has_service: card.has_service(),
        provisioning: Badge::new(tone, text),
        clusters: clusters.map(|one| (one.name.clone(), one.verified_at.is_some())).collect(),
        subscriptions: subscriptions
            .map(|(one, active)| {
                (one.subscription_id.clone(), words.model_name(one.model), status(words, *active))
            })
            .collect(),
    }
}
