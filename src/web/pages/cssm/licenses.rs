//! The Licenses tab.

use super::inventory::{VaHeader, VaTab};
use super::place::Inside;
use crate::domain::Timestamp;
use crate::domain::license::Billing;
use crate::domain::line::{Line, LineStatus, Source};
use crate::domain::people::Permission;
use crate::domain::tag;
use crate::engine;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use actix_web::HttpResponse;
use askama::Template;

/// The pool of one license in one virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseRow {
    /// The id in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Prepaid or Usage.
    pub billing: &'static str,
    /// What active lines add up to.
    pub available: i64,
    /// Ordered, not yet started.
    pub pending: i64,
    /// Consumption and reservations.
    pub in_use: i64,
    /// The reserved part of `in_use`.
    pub reserved: i64,
    /// Borrowed from higher tiers, or lent to lower ones (negative).
    pub substitution: i64,
    /// Available less in use, with substitution; `None` for usage billing, which is never short.
    pub balance: Option<i64>,
    /// Labels.
    pub tags: Vec<String>,
    /// Its source lines, where they are shown.
    pub lines: Vec<LineRow>,
    /// Its alerts.
    pub alerts: Severities,
    /// Whether the viewer may transfer it.
    pub may_transfer: bool,
    /// Whether the viewer may tag it.
    pub may_tag: bool,
}

impl LicenseRow {
    /// Whether more is in use than there is.
    pub fn short(&self) -> bool {
        self.balance.is_some_and(|b| b < 0)
    }

    /// Compliance in a word and colour.
    pub fn status(&self) -> Badge {
        if self.short() {
            Badge::new(Tone::Bad, labels::license::INSUFFICIENT)
        } else {
            Badge::new(Tone::Good, labels::license::IN_COMPLIANCE)
        }
    }
}

/// The Licenses tab.
#[derive(Template, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each decides on one part of the page")]
#[template(path = "pages/inventory/licenses.html")]
pub struct LicensesPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Part of a name or the beginning of a tag, kept in the address.
    pub search: String,
    /// Whether the search is by tag.
    pub by_tag: bool,
    /// Whether each license shows its source lines.
    pub detailed: bool,
    /// Whether the viewer may tag licenses.
    pub may_tag: bool,
    /// Whether licenses can be reserved here, and the viewer may (A-RSV-01).
    pub may_reserve: bool,
    /// The licenses by name.
    pub licenses: Vec<LicenseRow>,
    /// Where one is.
    pub pager: Pager,
}

/// One source line of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// Perpetual, Term, Subscription or Demo.
    pub kind: String,
    /// How many licenses it holds.
    pub count: i64,
    /// How many of them are reserved.
    pub reserved: i64,
    /// First day.
    pub starts: When,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// Active, Expired, Future …
    pub status: Badge,
    /// Order number and stock keeping unit.
    pub source: String,
}

/// The Licenses tab.
pub async fn tab(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Licenses).await?;
        let found = ask.engine().licenses_of(&ask.visit.who, ask.domain(), inside.va()).await?;
        let rows = matching(&ask, &inside, &found);
        let (licenses, pager) = cut(&ask, rows, |row: &LicenseRow| row.id.clone(), "license")?;
        Ok(LicensesPage::of(&ask, inside, licenses, pager))
    })
    .await
}

/// The licenses whose name holds the text, or one of whose tags begins with it (A-LIC-04).
fn matching(ask: &Ask, inside: &Inside, found: &[engine::LicenseRow]) -> Vec<LicenseRow> {
    let (wanted, by_tag) = (ask.query.get("search").trim().to_lowercase(), by_tag(ask));
    let fits = |row: &&engine::LicenseRow| match by_tag {
        _ if wanted.is_empty() => true,
        true => tag::any_begins_with(&row.tags, &wanted),
        false => row.pool.entitlement.name.to_lowercase().contains(&wanted),
    };
    let now = ask.now();
    let row = |row: &engine::LicenseRow| LicenseRow {
        may_tag: inside.may(Permission::TagLicenses),
        ..LicenseRow::of(row, inside.may_transfer_licenses(), now)
    };
    found.iter().filter(fits).map(row).collect()
}

fn by_tag(ask: &Ask) -> bool {
    ask.query.get("by") == "tag"
}

impl LicensesPage {
    fn of(ask: &Ask, inside: Inside, licenses: Vec<LicenseRow>, pager: Pager) -> Self {
        Self {
            search: ask.query.get("search").to_owned(),
            by_tag: by_tag(ask),
            detailed: ask.query.yes("lines"),
            may_tag: inside.may(Permission::TagLicenses),
            may_reserve: inside.may(Permission::ManageInstances)
                && inside.overview.account.reservation_enabled
                && inside.header.satellite.is_none()
                && inside.overview.trouble().is_none(),
            licenses,
            pager,
            frame: inside.frame,
            header: inside.header,
        }
    }
}

impl LicenseRow {
    /// A license as its row shows it to somebody who may or may not transfer.
    pub fn of(row: &engine::LicenseRow, may: bool, now: Timestamp) -> Self {
        let (entitlement, standing) = (&row.pool.entitlement, row.standing);
        let lines = &row.pool.lines;
        let minor = lines.iter().any(|line| line.is_expiring(now) || line.is_freshly_expired(now));
        let counted = entitlement.billing == Billing::Prepaid;
        Self {
            id: entitlement.id.to_string(),
            name: entitlement.name.clone(),
            billing: billing(entitlement.billing),
            available: standing.usable,
            pending: standing.pending,
            in_use: standing.in_use,
            reserved: standing.reserved,
            substitution: standing.substitution(),
            balance: counted.then_some(standing.balance),
            tags: row.tags.clone(),
            lines: lines.iter().map(|line| LineRow::of(line, now)).collect(),
            alerts: Severities {
                major: i64::from(standing.shortage() > 0),
                minor: i64::from(minor),
            },
            may_transfer: may,
            may_tag: false,
        }
    }
}

/// How a license is paid for, in a word.
pub fn billing(billing: Billing) -> &'static str {
    match billing {
        Billing::Prepaid => "Prepaid",
        Billing::Usage => "Usage",
    }
}

impl LineRow {
    /// A line as a row.
    pub fn of(line: &Line, now: Timestamp) -> Self {
        let status = match line.status(now) {
            LineStatus::Active => Tone::Good,
            LineStatus::Pending => Tone::Attention,
            LineStatus::Future | LineStatus::Expired | LineStatus::Cancelled => Tone::Neutral,
        };
        let status = Badge::new(status, line.status(now).word());
        Self {
            kind: line.license_type.word().to_owned(),
            count: line.quantity,
            reserved: line.reserved,
            starts: When::day(line.starts, now),
            expires: line.ends.map(|last| When::day(last, now)),
            status,
            source: source(line),
        }
    }
}

/// Where a line came from, with the columns of its way (A-LIC-06).
fn source(line: &Line) -> String {
    let origin = &line.origin;
    let named =
        |what: &str, value: &Option<String>| value.as_ref().map(|value| format!("{what} {value}"));
    let family = match origin.source {
        Source::DlcDeviceMigration => "License family",
        Source::Order | Source::DeviceMigration | Source::PakMigration => "Product family",
    };
    let word = |said: bool, word: &str| said.then(|| word.to_owned());
    let parts = [
        word(origin.source != Source::Order, origin.source.word()),
        named("Order", &origin.order_number),
        named("PAK", &origin.pak),
        named("SKU", &origin.sku),
        named("SN", &origin.product_serial),
        origin.device_details.clone(),
        named(family, &origin.family),
        named("Subscription", &origin.subscription_id),
        word(line.enterprise_agreement, "Enterprise Agreement"),
        word(!line.portable, "not portable"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
