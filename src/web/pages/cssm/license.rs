//! A license's own page: overview, product instances, events, orders (A-LIC-07).

use super::activity::TransactionRow;
use super::events::{EventRow, newest};
use super::explain::ExplainPanel;
use super::inventory::{VaHeader, VaTab};
use super::licenses::{LicenseRow, LineRow};
use super::place::Inside;
use crate::domain::id::EntitlementId;
use crate::domain::people::Permission;
use crate::engine::{self, EventQuery, Explained, LicenseView, VaRef};
use crate::web::pages::ask::{Ask, Failure, Fields, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Pager, Severities, When};
use actix_web::HttpResponse;
use askama::Template;

/// One product instance that uses the license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Product family.
    pub product: String,
    /// How many it uses.
    pub in_use: i64,
    /// Last contact.
    pub last_contact: When,
}

/// The license across the virtual accounts the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The virtual account.
    pub name: String,
    /// The license's page there.
    pub href: String,
    /// Whether it is the one in view.
    pub current: bool,
    /// What active lines add up to.
    pub available: i64,
    /// Consumption and reservations.
    pub in_use: i64,
    /// Signed difference.
    pub balance: i64,
    /// Whether that is a shortage; usage billing never is.
    pub short: bool,
}

/// The tabs of a license's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenseTab {
    /// Figures, source lines, use in virtual accounts.
    Overview,
    /// Who uses it.
    Instances,
    /// What happened to it.
    Events,
    /// What was ordered and moved.
    Orders,
}

/// A license's own page.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/licenses/show.html")]
pub struct LicensePage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The pool.
    pub license: LicenseRow,
    /// What it is for; may be empty.
    pub description: String,
    /// Not Enforced, Enforced or Export-Controlled.
    pub enforcement: &'static str,
    /// The entitlement tag that products send.
    pub tag: String,
    /// Source lines.
    pub lines: Vec<LineRow>,
    /// How the balance comes about.
    pub explained: ExplainPanel,
    /// Use in all virtual accounts.
    pub usage: Vec<UsageRow>,
    /// Product instances that use it.
    pub users: Vec<UserRow>,
    /// Its latest events.
    pub events: Vec<EventRow>,
    /// What the virtual account gave and received of it.
    pub transactions: Vec<TransactionRow>,
    /// Where one is in them.
    pub pager: Pager,
    /// The present tab.
    pub tab: LicenseTab,
}

impl LicenseTab {
    const ALL: [Self; 4] = [Self::Overview, Self::Instances, Self::Events, Self::Orders];

    /// The tab in the address; the first one where there is none.
    fn read(query: &Fields) -> Self {
        let wanted = query.get("tab");
        Self::ALL.into_iter().find(|tab| tab.word() == wanted).unwrap_or(Self::Overview)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Instances => "instances",
            Self::Events => "events",
            Self::Orders => "orders",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Overview => labels::license::OVERVIEW,
            Self::Instances => labels::inventory::INSTANCES,
            Self::Events => labels::inventory::EVENTS,
            Self::Orders => labels::license::ORDERS,
        }
    }
}

impl LicensePage {
    /// The row of tabs.
    pub fn tabs(&self) -> Vec<NavItem> {
        let base = format!("{}/licenses/{}", self.header.base(&self.frame), self.license.id);
        let item = |tab: LicenseTab| NavItem {
            label: tab.label(),
            href: format!("{base}?tab={}", tab.word()),
            current: tab == self.tab,
            alerts: Severities::default(),
        };
        LicenseTab::ALL.map(item).into()
    }
}

/// A license's own page.
pub async fn one(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Licenses).await?;
        let (va, id) = (inside.va(), ask.license()?);
        let view = ask.engine().license(&ask.visit.who, ask.domain(), va.clone(), id).await?;
        let why = ask.engine().explain(&ask.visit.who, ask.domain(), va.clone(), id).await?;
        let page = LicensePage::of(inside, &view, &why);
        let tab = LicenseTab::read(&ask.query);
        // On the heap: a page that waits for its rows is large.
        Box::pin(page.with_rows(&ask, tab, (va, id))).await
    })
    .await
}

impl LicensePage {
    /// The page with the rows that only this tab shows.
    async fn with_rows(
        self,
        ask: &Ask,
        tab: LicenseTab,
        (va, id): (VaRef, EntitlementId),
    ) -> Result<Self, Failure> {
        let (engine, who, domain) = (ask.engine(), &ask.visit.who, ask.domain());
        Ok(match tab {
            LicenseTab::Overview | LicenseTab::Instances => Self { tab, ..self },
            LicenseTab::Events => {
                let query = EventQuery { entitlement: Some(id), ..newest(va) };
                let page = engine.events(who, domain, query).await?;
                Self { events: EventRow::all(&page, ask.now()), tab, ..self }
            }
            LicenseTab::Orders => {
                let part = (seek(&ask.query)?, rows(&ask.query)?);
                let page = engine.license_transactions(who, domain, (va, id), part).await?;
                let pager = pager(ask, &page, |row| row.transaction.id, "transaction")?;
                let transactions = TransactionRow::all(&page, ask.now());
                Self { transactions, pager, tab, ..self }
            }
        })
    }
}

impl LicensePage {
    fn of(inside: Inside, view: &LicenseView, explained: &Explained) -> Self {
        let may = inside.may_transfer_licenses();
        let rows = std::iter::once(&view.row).chain(&view.elsewhere);
        let usage = rows.map(|row| UsageRow::of(row, &inside)).collect();
        let users = view.instances.iter().map(|(instance, in_use)| UserRow {
            name: instance.name(),
            href: inside.to(&format!("instances/{}", instance.id)),
            product: instance.product_name.clone(),
            in_use: *in_use,
            last_contact: When::at(instance.last_contact_at, view.now),
        });
        let entitlement = &view.row.pool.entitlement;
        Self {
            license: LicenseRow {
                may_tag: inside.may(Permission::TagLicenses),
                ..LicenseRow::of(&view.row, may, view.now)
            },
            explained: ExplainPanel::of(explained, &inside),
            description: entitlement.description.clone(),
            enforcement: entitlement.enforcement(),
            tag: entitlement.tag.clone(),
            lines: view.row.pool.lines.iter().map(|line| LineRow::of(line, view.now)).collect(),
            usage,
            users: users.collect(),
            events: vec![],
            transactions: vec![],
            pager: Pager::default(),
            tab: LicenseTab::Overview,
            frame: inside.frame,
            header: inside.header,
        }
    }
}

impl UsageRow {
    fn of(row: &engine::LicenseRow, inside: &Inside) -> Self {
        let (va, license) = (&row.virtual_account, row.pool.id());
        let base = inside.frame.base();
        Self {
            name: va.name.as_str().to_owned(),
            href: format!("{base}/inventory/{}/licenses/{license}", va.number),
            current: va.number == inside.header.id,
            available: row.standing.usable,
            in_use: row.standing.in_use,
            balance: row.standing.balance,
            short: row.standing.shortage() > 0,
        }
    }
}
