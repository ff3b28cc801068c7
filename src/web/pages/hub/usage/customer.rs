//! UCM Cloud of a customer: subscriptions, and license usage by type (F-FU-03, F-FU-04).

use super::figures::{SubscriptionFigures, number};
use super::words::UsageWords;
use super::{timeline, timelines};
use crate::domain::flex::Range;
use crate::domain::hub::Permission;
use crate::web::pages::ask::{Ask, Failure, act, show};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::help::Topic;
use crate::web::pages::hub::frame::{at, base, lang};
use crate::web::pages::view::{Choice, Severities};
use crate::web::workbook::{self, Book};
use actix_web::HttpResponse;
use askama::Template;

/// The report of a customer.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/ucm_cloud.html")]
pub struct UcmCloudPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// Report and clusters.
    pub tabs: Vec<NavItem>,
    /// What this is.
    pub topic: Topic,
    /// The address of the page.
    pub base: String,
    /// The days on offer.
    pub timelines: Vec<Choice>,
    /// The days in view.
    pub range: Range,
    /// The subscriptions.
    pub subscriptions: Vec<SubscriptionFigures>,
    /// How many clusters wait for their verification.
    pub waiting: Option<String>,
    /// Whether the viewer may download.
    pub may_download: bool,
    /// What a download of the days in view asks for.
    pub days_asked: String,
}

/// The report.
pub async fn report(ask: Ask) -> HttpResponse {
    show(&ask, report_page(&ask)).await
}

async fn report_page(ask: &Ask) -> Result<UcmCloudPage, Failure> {
    let chosen = timeline(&ask.query)?;
    let key = ask.segment("key");
    let found = ask.engine().flex_usage(&ask.visit.who, key, chosen).await?;
    let (lang, range) = (lang(ask), found.range);
    let words = UsageWords::of(lang);
    let all = found.subscriptions.iter();
    Ok(UcmCloudPage {
        frame: at(ask, &found.desk, "ucm-cloud").await?,
        words,
        tabs: tabs(words, key, found.desk.may(Permission::ViewClusters), "ucm-cloud"),
        topic: help::usage_topic(lang),
        base: format!("{}/ucm-cloud", base(key)),
        timelines: timelines(words, chosen),
        range,
        subscriptions: all.map(|one| SubscriptionFigures::of(lang, one, range)).collect(),
        waiting: waiting(words, lang, found.waiting),
        may_download: found.desk.may(Permission::DownloadUsage),
        days_asked: format!("timeline={}", ask.query.some("timeline").unwrap_or("today")),
    })
}

/// The report as a workbook.
pub async fn download(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let (key, chosen) = (ask.segment("key"), timeline(&ask.query)?);
        let engine = ask.engine();
        let found = engine.flex_usage_to_download(&ask.visit.who, key, chosen).await?;
        Ok(workbook::file(Book::of_customer(found, lang(&ask), ask.now())).await?)
    })
    .await
}

fn waiting(words: &UsageWords, lang: Lang, clusters: usize) -> Option<String> {
    let clusters = i64::try_from(clusters).ok().filter(|clusters| *clusters > 0)?;
    Some(format!("{}: {}", words.waiting, number(lang, clusters)))
}

/// Report and clusters of a customer; `here` is the path of the present one.
pub(super) fn tabs(words: &UsageWords, key: &str, sees_clusters: bool, here: &str) -> Vec<NavItem> {
    let item = |label, path: &str| NavItem {
        label,
        href: format!("{}/{path}", base(key)),
        current: path == here,
        alerts: Severities::default(),
    };
    let mut all = vec![item(words.usage_report, "ucm-cloud")];
    if sees_clusters {
        all.push(item(words.clusters, "ucm-cloud/clusters"));
    }
    all
}
