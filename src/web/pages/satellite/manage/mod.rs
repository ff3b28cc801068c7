//! *Manage Account* in the Licensing Workspace (B-LWS-08): what a local account is, who works in
//! it, and what was decided about it. The list of local virtual accounts is one of its tabs and is
//! shared with CSSM.

pub mod group_roles;
pub mod log;
pub mod requests;
pub mod role_forms;
pub mod users;

use crate::domain::Timestamp;
use crate::domain::local_account::LocalAccount;
use crate::domain::system::SystemPermission;
use crate::engine::Overview;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::place::frame as place_frame;
use crate::web::pages::frame::{Frame, NavItem, Skin, Tab};
use crate::web::pages::labels::local_account as label;
use crate::web::pages::labels::manage;
use crate::web::pages::satellite::accounts::state;
use crate::web::pages::view::{Badge, Severities, When};
use crate::web::pages::{filters, help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// Account Properties.
pub const PROPERTIES: &str = "manage";
/// Virtual Accounts.
pub const PLACES: &str = "virtual-accounts";
/// Users.
pub const USERS: &str = "users";
/// User Groups.
pub const GROUPS: &str = "user-groups";
/// Custom Tags.
pub const CUSTOM_TAGS: &str = "custom-tags";
/// Requests.
pub const REQUESTS: &str = "access-requests";
/// Account Agreements.
pub const AGREEMENTS: &str = "agreements";
/// Event Log.
pub const LOG: &str = "manage/events";

/// Account Properties.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/properties.html")]
pub struct PropertiesPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// Name and value, in order.
    pub facts: Vec<(&'static str, String)>,
    /// What has become of it; nothing where nobody registered it.
    pub state: Option<Badge>,
    /// When it was registered, and whether by files.
    pub registered: Option<(When, bool)>,
    /// Local virtual accounts that the viewer sees, licenses and product instances in them.
    pub figures: (i64, i64, i64),
}

/// Account Agreements.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/agreements.html")]
pub struct AgreementsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// What was accepted in CSSM, by whom and when, as the last synchronization told.
    pub accepted: Option<(String, String, When)>,
}

/// The tabs of Manage Account that the viewer may open; none in CSSM.
pub fn tabs(frame: &Frame, here: &str) -> Vec<NavItem> {
    let Some(account) = frame.account.as_ref().filter(|_| frame.skin == Skin::Satellite) else {
        return Vec::new();
    };
    let decides = account.may_manage || frame.system.as_ref().is_some_and(|one| one.may_administer);
    let all = [
        (manage::PROPERTIES, PROPERTIES, true),
        (manage::PLACES, PLACES, true),
        (manage::USERS, USERS, account.manages_roles),
        (manage::GROUPS, GROUPS, account.manages_roles),
        (labels::account::CUSTOM_TAGS, CUSTOM_TAGS, true),
        (manage::REQUESTS, REQUESTS, decides),
        (manage::AGREEMENTS, AGREEMENTS, true),
        (manage::EVENTS, LOG, true),
    ];
    let item = |(label, path, _): (&'static str, &str, bool)| NavItem {
        label,
        href: format!("{}/{path}", frame.base()),
        current: path == here,
        alerts: Severities::default(),
    };
    all.into_iter().filter(|(.., open)| *open).map(item).collect()
}

/// The frame of a page of Manage Account.
async fn inside(ask: &Ask) -> Result<Frame, Failure> {
    Ok(place_frame(ask, &ask.overview().await?, Tab::Outside))
}

/// The address of a tab.
fn at(ask: &Ask, path: &str) -> String {
    format!("{}/{path}", ask.base())
}

/// Account Properties.
pub async fn properties(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let frame = place_frame(&ask, &overview, Tab::Outside);
        Ok(PropertiesPage::of(frame, &overview, ask.now()))
    })
    .await
}

/// Account Agreements.
pub async fn agreements(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let frame = place_frame(&ask, &overview, Tab::Outside);
        let accepted = overview
            .account
            .agreement
            .map(|one| (one.version, one.accepted_by, When::at(one.accepted_at, ask.now())));
        Ok(AgreementsPage { tabs: tabs(&frame, AGREEMENTS), accepted, frame })
    })
    .await
}

impl PropertiesPage {
    fn of(frame: Frame, overview: &Overview, now: Timestamp) -> Self {
        let local = overview.workspace.as_ref().and_then(|one| one.local.as_ref());
        let rows = &overview.virtual_accounts;
        let sum = |part: fn(&crate::domain::virtual_account::Contents) -> i64| {
            rows.iter().map(|row| part(&row.contents)).sum()
        };
        let places = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Self {
            tabs: tabs(&frame, PROPERTIES),
            facts: local.map_or_else(Vec::new, facts),
            state: local.map(|local| state(local.state)),
            registered: local
                .and_then(|local| local.registered_at.map(|at| (When::at(at, now), local.by_file))),
            figures: (places, sum(|c| c.licenses), sum(|c| c.instances)),
            frame,
        }
    }

    /// Where a System Admin or Operator finds what is done to the account.
    pub fn administration(&self) -> bool {
        self.frame.system.as_ref().is_some_and(|system| system.may_administer)
    }
}

fn facts(local: &LocalAccount) -> Vec<(&'static str, String)> {
    let uid = local.registered_at.map(|_| ("On-Prem UID", local.uid.to_string()));
    let all = [
        (label::NAME, local.name.clone()),
        (label::SMART_ACCOUNT, local.smart_account.clone()),
        (label::VIRTUAL_ACCOUNT, local.virtual_accounts.join(", ")),
        (label::MODE, label::mode(local.mode).to_owned()),
        (label::EMAIL, local.email.clone()),
        (label::REQUESTED_BY, local.requested_by.clone()),
    ];
    all.into_iter().chain(uid).collect()
}

/// Whether the viewer decides about the accounts of the satellite.
async fn decides_all(ask: &Ask) -> bool {
    let who = &ask.visit.who;
    ask.engine().admitted(who, SystemPermission::ManageAccounts).await.is_ok()
}
