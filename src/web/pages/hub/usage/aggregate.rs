//! Customer license usage of a partner (F-FU-14).

use super::figures::{SubscriptionFigures, number};
use super::words::UsageWords;
use super::{timeline, timelines};
use crate::domain;
use crate::domain::flex::{FlexType, Model, Range};
use crate::domain::hub::Permission;
use crate::engine::{Aggregate, AggregateQuery, AggregateRow};
use crate::web::pages::ask::{Ask, Failure, Fields, show};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::help::Topic;
use crate::web::pages::hub::frame::{at_partner, base, lang};
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Choice, Pager, Severities};
use actix_web::HttpResponse;
use askama::Template;

/// One subscription of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The customer's name.
    pub customer: String,
    /// The customer's own report, for somebody who may go there.
    pub href: Option<String>,
    /// Its figures.
    pub of: SubscriptionFigures,
    /// For each column of a type: consumed, purchased, and whether that is short.
    pub types: Vec<(String, String, bool)>,
}

/// The use of all customers.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/customer_usage.html")]
pub struct CustomerUsagePage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// All customers, and the Custom report for whom may make it.
    pub tabs: Vec<NavItem>,
    /// What this is.
    pub topic: Topic,
    /// The license modules.
    pub modules: Vec<Choice>,
    /// What is searched for.
    pub search: String,
    /// Whether only overage is shown.
    pub overage: bool,
    /// The days on offer.
    pub timelines: Vec<Choice>,
    /// The days in view.
    pub range: Range,
    /// The types that are columns: those of the module.
    pub types: Vec<&'static str>,
    /// The subscriptions, by customer.
    pub rows: Vec<UsageRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The use of all customers.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, usage_page(&ask)).await
}

async fn usage_page(ask: &Ask) -> Result<CustomerUsagePage, Failure> {
    let (key, asked) = (ask.segment("key"), query(&ask.query)?);
    let found = ask.engine().flex_aggregate(&ask.visit.who, key, asked.clone()).await?;
    let lang = lang(ask);
    let words = UsageWords::of(lang);
    let types = asked.model.map_or(&[][..], Model::types);
    let rows: Vec<_> = found.rows.iter().collect();
    let (rows, pager) = cut(ask, rows, |row: &&AggregateRow| place(row), "")?;
    let pager = Pager { summary: summary((lang, words), rows.len(), found.rows.len()), ..pager };
    let may_custom = found.desk.desk.may(Permission::DownloadAggregate);
    Ok(CustomerUsagePage {
        frame: at_partner(ask, &found.desk, "customer-license-usage").await?,
        words,
        tabs: tabs(words, key, may_custom, ""),
        topic: help::customer_usage_topic(lang),
        modules: modules(words, asked.model),
        search: asked.search,
        overage: asked.overage,
        timelines: timelines(words, asked.timeline),
        range: found.range,
        types: types.iter().map(|kind| words.type_name(*kind)).collect(),
        rows: rows.into_iter().map(|one| row(lang, &found, (one, types))).collect(),
        pager,
    })
}

/// `20 / 43 subscriptions`.
fn summary((lang, words): (Lang, &UsageWords), shown: usize, all: usize) -> String {
    let count = |n: usize| number(lang, i64::try_from(n).unwrap_or(i64::MAX));
    let noun = words.subscriptions.to_lowercase();
    if shown == all {
        return format!("{} {noun}", count(all));
    }
    format!("{} / {} {noun}", count(shown), count(all))
}

fn place(row: &AggregateRow) -> String {
    row.usage.subscription.number.to_string()
}

fn row(lang: Lang, all: &Aggregate, (of, types): (&AggregateRow, &[FlexType])) -> UsageRow {
    let may = all.desk.desk.member.may(Permission::ViewUsage, &of.customer);
    let report = &of.usage.report;
    let figure = |kind: &FlexType| {
        let found = report.types.iter().find(|one| one.kind == *kind);
        let (used, bought) = found.map_or((0, 0), |one| (one.consumed, one.purchased));
        (number(lang, used), number(lang, bought), used > bought)
    };
    UsageRow {
        customer: of.customer.name.clone(),
        href: may.then(|| format!("{}/ucm-cloud", base(&of.customer.key))),
        of: SubscriptionFigures::totals(lang, &of.usage, all.range),
        types: types.iter().map(figure).collect(),
    }
}

/// What the address asks for.
pub(super) fn query(fields: &Fields) -> domain::Result<AggregateQuery> {
    let model = fields.some("module").map(|text| Model::of("module", text));
    Ok(AggregateQuery {
        model: model.transpose()?,
        search: fields.get("search").trim().to_owned(),
        overage: fields.yes("overage"),
        timeline: timeline(fields)?,
        customers: fields.all("customer").map(str::to_owned).collect(),
    })
}

/// The license modules to choose from.
pub(super) fn modules(words: &UsageWords, chosen: Option<Model>) -> Vec<Choice> {
    let mut all = vec![Choice::new("", words.all_modules, chosen.is_none())];
    all.extend(
        Model::ALL
            .map(|model| Choice::new(model.code(), words.model_name(model), chosen == Some(model))),
    );
    all
}

/// All customers and the Custom report; `here` is the path of the present one.
pub(super) fn tabs(words: &UsageWords, key: &str, may_custom: bool, here: &str) -> Vec<NavItem> {
    let item = |label, path: &str| NavItem {
        label,
        href: format!("{}/customer-license-usage{path}", base(key)),
        current: path == here,
        alerts: Severities::default(),
    };
    let mut all = vec![item(words.all_customers, "")];
    if may_custom {
        all.push(item(words.custom_report, "/custom"));
    }
    all
}
