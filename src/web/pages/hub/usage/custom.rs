//! The Custom report: a workbook of all customers or some, over days of one's choice (F-FU-14).

use super::aggregate::{modules, query, tabs};
use super::words::UsageWords;
use crate::domain;
use crate::domain::flex::Model;
use crate::domain::hub::Permission;
use crate::engine;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, act, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::help::Topic;
use crate::web::pages::hub::frame::{at_partner, base, lang};
use crate::web::pages::view::Choice;
use crate::web::workbook::{self, Book};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The form of the Custom report.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/custom_report.html")]
pub struct CustomReportPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// All customers, and this.
    pub tabs: Vec<NavItem>,
    /// What this is.
    pub topic: Topic,
    /// Where the workbook is.
    pub action: String,
    /// The license modules.
    pub modules: Vec<Choice>,
    /// The customers.
    pub customers: Vec<Choice>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The month.
    pub month: String,
    /// Why the last one was refused.
    pub refused: Option<String>,
}

/// The form.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, report_form(&ask, None)).await
}

/// The workbook, or the form with what is wrong.
pub async fn download(ask: Ask) -> HttpResponse {
    act(&ask, async {
        match book(&ask).await {
            Ok(book) => Ok(workbook::file(book).await?),
            Err(engine::Error::Domain(error @ domain::Error::Invalid { .. })) => {
                refused(&ask, &error.into()).await
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

async fn book(ask: &Ask) -> engine::Result<Book> {
    let (key, asked) = (ask.segment("key"), query(&ask.query)?);
    let found = ask.engine().flex_custom_report(&ask.visit.who, key, asked).await?;
    Ok(Book::of_partner(found, lang(ask), ask.now()))
}

async fn refused(ask: &Ask, error: &engine::Error) -> Result<HttpResponse, Failure> {
    let (status, _): (StatusCode, _) = status(error);
    Ok(ask.visit.render_with(status, &report_form(ask, Some(message(error))).await?))
}

async fn report_form(ask: &Ask, refused: Option<String>) -> Result<CustomReportPage, Failure> {
    let key = ask.segment("key");
    let found = ask.engine().partner_desk(&ask.visit.who, key).await?;
    found.desk.require(Permission::DownloadAggregate)?;
    let lang = lang(ask);
    let (words, query) = (UsageWords::of(lang), &ask.query);
    let ticked = |key: &str| query.all("customer").any(|chosen| chosen == key);
    let customers = found.customers.iter();
    Ok(CustomReportPage {
        words,
        tabs: tabs(words, key, true, "/custom"),
        topic: help::customer_usage_topic(lang),
        action: format!("{}/customer-license-usage/report.xlsx", base(key)),
        modules: modules(words, Model::parse(query.get("module"))),
        customers: customers.map(|of| Choice::new(&of.key, &of.name, ticked(&of.key))).collect(),
        from: query.get("from").to_owned(),
        to: query.get("to").to_owned(),
        month: query.get("month").to_owned(),
        refused,
        frame: at_partner(ask, &found, "customer-license-usage").await?,
    })
}
