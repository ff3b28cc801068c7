//! The Flex usage report, in both languages.

use super::hub::framed;
use super::{Sample, one_page, sample};
use crate::domain::flex::{Counts, FlexType, Model, Range, Report, Series, Subscription};
use crate::domain::id::OrganizationId;
use crate::engine::SubscriptionUsage;
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::hub::labels::Words;
use crate::web::pages::hub::usage::aggregate::{CustomerUsagePage, UsageRow};
use crate::web::pages::hub::usage::clusters::{ClusterFigures, ClusterTable, ClustersPage};
use crate::web::pages::hub::usage::custom::CustomReportPage;
use crate::web::pages::hub::usage::customer::UcmCloudPage;
use crate::web::pages::hub::usage::customers::{CustomerPanelPage, CustomerRow, CustomersPage};
use crate::web::pages::hub::usage::figures::SubscriptionFigures;
use crate::web::pages::hub::usage::words::UsageWords;
use crate::web::pages::view::{Badge, Choice, Severities, Tone};
use chrono::{Days, NaiveDate};

pub(super) fn pages() -> Vec<Sample> {
    vec![
        sample("ucm-cloud", &ucm_cloud(Lang::En, &[flex20(), named_user()])),
        sample("ucm-cloud-nl", &ucm_cloud(Lang::Nl, &[flex20(), named_user()])),
        sample("ucm-cloud-waiting", &ucm_cloud(Lang::En, &[not_collected()])),
        sample("ucm-cloud-none", &ucm_cloud(Lang::En, &[])),
        sample("flex-clusters", &clusters(Lang::En)),
        sample("flex-clusters-nl", &clusters(Lang::Nl)),
        sample("hub-customers", &customers(Lang::En)),
        sample("hub-customers-nl", &customers(Lang::Nl)),
        sample("hub-customer", &panel(Lang::En)),
        sample("customer-usage", &aggregate(Lang::En, None)),
        sample("customer-usage-nl", &aggregate(Lang::Nl, Some(Model::Flex20))),
        sample("custom-report", &custom(Lang::En, None)),
        sample("custom-report-nl", &custom(Lang::Nl, Some("range: 6 days; a report is …"))),
    ]
}

fn item(label: &'static str, href: &str, current: bool) -> NavItem {
    let (href, alerts) = (href.to_owned(), Severities::default());
    NavItem { label, href, current, alerts }
}

fn frame(lang: Lang) -> Frame {
    let words = Words::of(lang);
    framed(lang, Some("Vega Foods"), &[words.ucm_cloud, words.activity])
}

fn range() -> Range {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    Range { from: day("2025-12-07"), to: day("2026-01-05") }
}

fn usage(id: &str, model: Model, bought: &[i64], used: &[&[i64]]) -> SubscriptionUsage {
    let counts = |values: &[i64]| {
        Counts::from_pairs(model.types().iter().copied().zip(values.iter().copied()))
    };
    let mut series = Series::over(range());
    for (number, values) in (0..).zip(used) {
        series.add(range().from + Days::new(number), counts(values));
    }
    let purchased = counts(bought);
    SubscriptionUsage {
        report: Report::of(model, &purchased, &series.tally()),
        days: series.reported().collect(),
        clusters: Vec::new(),
        active: true,
        subscription: Subscription {
            number: 1,
            organization: OrganizationId(uuid::Uuid::nil()),
            order_id: "CCW-1".to_owned(),
            subscription_id: id.to_owned(),
            model,
            purchased,
            starts: range().from,
            ends: None,
            cancelled_at: None,
        },
    }
}

fn flex20() -> SubscriptionUsage {
    let days: Vec<Vec<i64>> = (0..30).map(|n| vec![88 + n % 7 * 2 + n / 3, 6 + n % 2, 5]).collect();
    let days: Vec<&[i64]> = days.iter().map(Vec::as_slice).collect();
    usage("Sub-204143", Model::Flex20, &[100, 10, 5], &days)
}

fn named_user() -> SubscriptionUsage {
    usage("Sub-204110", Model::NamedUser, &[50, 1_000, 20, 2], &[&[40, 1_008, 20, 2][..]; 30])
}

fn not_collected() -> SubscriptionUsage {
    usage("Sub-204132", Model::Flex20, &[300, 40, 8], &[])
}

fn timelines(words: &UsageWords) -> Vec<Choice> {
    let days = |days: &str, here| Choice::new(days, format!("{days} {}", words.days), here);
    vec![Choice::new("today", words.today, false), days("7", false), days("30", true)]
}

fn tabs(words: &UsageWords, here: usize) -> Vec<NavItem> {
    vec![
        item(words.usage_report, "/hub/vega/ucm-cloud", here == 0),
        item(words.clusters, "/hub/vega/ucm-cloud/clusters", here == 1),
    ]
}

fn ucm_cloud(lang: Lang, all: &[SubscriptionUsage]) -> UcmCloudPage {
    let words = UsageWords::of(lang);
    let waiting = all.iter().any(|one| !one.report.is_collected());
    UcmCloudPage {
        frame: frame(lang),
        words,
        tabs: tabs(words, 0),
        topic: help::usage_topic(lang),
        base: "/hub/vega/ucm-cloud".to_owned(),
        timelines: timelines(words),
        range: range(),
        subscriptions: all.iter().map(|one| SubscriptionFigures::of(lang, one, range())).collect(),
        waiting: waiting.then(|| format!("{}: 1", words.waiting)),
        may_download: true,
        days_asked: "timeline=30".to_owned(),
    }
}

fn clusters(lang: Lang) -> ClustersPage {
    let words = UsageWords::of(lang);
    let row = |name: &str, state, used: &[&str]| ClusterFigures {
        name: name.to_owned(),
        region: "EU West".to_owned(),
        publisher: format!("cucm-pub.{}.example · 12.5.1", name.to_lowercase()),
        state,
        used: used.iter().map(|text| Some((*text).to_owned())).collect(),
    };
    let verified = || Badge::new(Tone::Good, words.verified);
    let types = Model::EnterpriseAgreement.types();
    ClustersPage {
        frame: frame(lang),
        words,
        tabs: tabs(words, 1),
        topic: help::clusters_topic(lang),
        timelines: timelines(words),
        range: range(),
        tables: vec![
            ClusterTable {
                model: Some(words.model_name(Model::EnterpriseAgreement)),
                types: types.iter().map(|kind| words.type_name(*kind)).collect(),
                rows: vec![
                    row("North", verified(), &["710", "61", "22", "18"]),
                    row("South", verified(), &["540", "44", "31", "15"]),
                ],
            },
            ClusterTable {
                model: None,
                types: vec![],
                rows: vec![row("Works", Badge::new(Tone::Attention, words.found), &[])],
            },
        ],
    }
}

fn customer(words: &UsageWords, name: &str, has_service: bool) -> CustomerRow {
    let provisioning = if has_service {
        Badge::new(Tone::Good, words.provisioned)
    } else {
        Badge::new(Tone::Neutral, words.provisioning_none)
    };
    let subscription = ("Sub-204143".to_owned(), "Flex 2.0", Badge::new(Tone::Good, words.active));
    CustomerRow {
        name: name.to_owned(),
        panel: "/hub/relay/customers/vega".to_owned(),
        launch: Some("/hub/vega".to_owned()),
        has_service,
        provisioning,
        clusters: if has_service { vec![("Utrecht".to_owned(), true)] } else { vec![] },
        subscriptions: if has_service { vec![subscription] } else { vec![] },
    }
}

fn customers(lang: Lang) -> CustomersPage {
    let words = UsageWords::of(lang);
    CustomersPage {
        frame: frame(lang),
        words,
        topic: help::customers_topic(lang),
        search: String::new(),
        rows: vec![customer(words, "Mira Clinics", false), customer(words, "Vega Foods", true)],
    }
}

fn panel(lang: Lang) -> CustomerPanelPage {
    let words = UsageWords::of(lang);
    CustomerPanelPage {
        frame: frame(lang),
        words,
        topic: help::customers_topic(lang),
        list: "/hub/relay/customers".to_owned(),
        row: customer(words, "Vega Foods", true),
    }
}

fn report_tabs(words: &UsageWords, here: usize) -> Vec<NavItem> {
    vec![
        item(words.all_customers, "/hub/relay/customer-license-usage", here == 0),
        item(words.custom_report, "/hub/relay/customer-license-usage/custom", here == 1),
    ]
}

fn aggregate(lang: Lang, model: Option<Model>) -> CustomerUsagePage {
    let words = UsageWords::of(lang);
    let kinds: &[FlexType] = model.map_or(&[], Model::types);
    let row = |name: &str, usage: &SubscriptionUsage| UsageRow {
        customer: name.to_owned(),
        href: Some("/hub/vega/ucm-cloud".to_owned()),
        of: SubscriptionFigures::of(lang, usage, range()),
        types: kinds.iter().map(|_| ("103".to_owned(), "100".to_owned(), true)).collect(),
    };
    CustomerUsagePage {
        frame: frame(lang),
        words,
        tabs: report_tabs(words, 0),
        topic: help::customer_usage_topic(lang),
        modules: vec![Choice::new("", words.all_modules, true)],
        search: String::new(),
        overage: false,
        timelines: timelines(words),
        range: range(),
        types: kinds.iter().map(|kind| words.type_name(*kind)).collect(),
        rows: vec![row("Lyra Works", &not_collected()), row("Vega Foods", &flex20())],
        pager: one_page("2 subscriptions"),
    }
}

fn custom(lang: Lang, refused: Option<&str>) -> CustomReportPage {
    let words = UsageWords::of(lang);
    CustomReportPage {
        frame: frame(lang),
        words,
        tabs: report_tabs(words, 1),
        topic: help::customer_usage_topic(lang),
        action: "/hub/relay/customer-license-usage/report.xlsx".to_owned(),
        modules: vec![Choice::new("", words.all_modules, true)],
        customers: vec![
            Choice::new("mira", "Mira Clinics", false),
            Choice::new("vega", "Vega Foods", true),
        ],
        from: String::new(),
        to: String::new(),
        month: "2025-12".to_owned(),
        refused: refused.map(str::to_owned),
    }
}
