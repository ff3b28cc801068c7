//! Where a request is: in a Smart Account, perhaps in one of its virtual accounts.

use super::inventory::{VaHeader, VaTab};
use crate::domain::cause::{Cause, OnPremCause, Severity};
use crate::domain::local_account::Decision;
use crate::domain::people::{Permission, Scope};
use crate::domain::{self, Timestamp};
use crate::engine::{Overview, VaRef, VirtualAccountRow, Workspace};
use crate::web::pages::ask::{Ask, Failure};
use crate::web::pages::frame::{AccountRef, Frame, SystemBar, Tab, Viewer};
use crate::web::pages::view::Severities;

/// A virtual account in view, with everything around it.
pub struct Inside {
    /// The frame.
    pub frame: Frame,
    /// What stands above the tabs.
    pub header: VaHeader,
    /// The Smart Account with all that the viewer sees.
    pub overview: Overview,
    /// The virtual account itself.
    pub row: VirtualAccountRow,
}

impl Inside {
    /// Whether the viewer may do that here.
    pub fn may(&self, permission: Permission) -> bool {
        self.row.permissions.contains(&permission)
    }

    /// Whether the viewer may transfer licenses from here: not in the classic mode of a
    /// satellite.
    pub fn may_transfer_licenses(&self) -> bool {
        self.may(Permission::Transfer) && self.overview.may_decide(Decision::Licenses).is_ok()
    }

    /// Fails unless the viewer may do that here: no form is shown to those it would refuse.
    pub fn require(&self, permission: Permission) -> domain::Result<()> {
        if self.may(permission) {
            return Ok(());
        }
        Err(forbidden(&self.overview, permission, &self.header.name))
    }

    /// Whether the viewer manages tokens in more than one virtual account.
    pub fn manages_several(&self) -> bool {
        let rows = self.overview.virtual_accounts.iter();
        rows.filter(|row| row.permissions.contains(&Permission::ManageTokens)).count() > 1
    }

    /// The address of a page of this virtual account.
    pub fn to(&self, rest: &str) -> String {
        format!("{}/{rest}", self.header.base(&self.frame))
    }

    /// How the engine names it.
    pub fn va(&self) -> VaRef {
        VaRef::Number(self.header.id)
    }
}

impl Ask {
    /// The Smart Account in the address.
    pub async fn overview(&self) -> Result<Overview, Failure> {
        Ok(self.engine().overview(&self.visit.who, self.domain()).await?)
    }

    /// A frame in the Smart Account of the address, outside the tabs.
    pub async fn place(&self) -> Result<Frame, Failure> {
        Ok(frame(self, &self.overview().await?, Tab::Outside))
    }

    /// The virtual account of the address, under one of its tabs.
    pub async fn inside(&self, tab: VaTab) -> Result<Inside, Failure> {
        let VaRef::Number(number) = self.va()? else {
            return Err(domain::Error::not_found("virtual account", "").into());
        };
        self.inside_of(number, tab).await
    }

    /// The virtual account of that number, under one of its tabs.
    pub async fn inside_of(&self, number: i64, tab: VaTab) -> Result<Inside, Failure> {
        let overview = self.overview().await?;
        let found = overview.virtual_accounts.iter().find(|r| r.virtual_account.number == number);
        let row = found
            .ok_or_else(|| domain::Error::not_found("virtual account", number.to_string()))?
            .clone();
        let frame = frame(self, &overview, Tab::Inventory);
        let header = VaHeader::of(&overview, &row, tab);
        Ok(Inside { frame, header, overview, row })
    }
}

/// The frame of a page in a Smart Account.
pub fn frame(ask: &Ask, overview: &Overview, tab: Tab) -> Frame {
    let scope = Scope { account: overview.account.id, path: vec![], name: String::new() };
    let account = &overview.account;
    let workspace = overview.workspace.as_ref();
    let upstream = workspace.map(|one| one.smart_account().to_owned());
    let rows = &overview.virtual_accounts;
    Frame {
        account: Some(AccountRef {
            name: account.name.clone(),
            domain: account.domain.clone(),
            detail: upstream.unwrap_or_else(|| account.domain.clone()),
            may_manage: overview.may_manage,
            manages_roles: overview.may_manage_roles,
        }),
        viewer: Some(viewer(overview)),
        system: workspace.map(|one| system_bar(one, ask.now())),
        tab,
        alerts: rows.iter().map(counts).fold(of_account(overview), |a, b| Severities {
            major: a.major + b.major,
            minor: a.minor + b.minor,
        }),
        sees_all: overview.actor.may(Permission::View, &scope),
        ..ask.frame()
    }
}

/// The alerts of the Smart Account itself and of its On-Prems, counted.
fn of_account(overview: &Overview) -> Severities {
    let own = overview.account_alerts.iter().map(Cause::severity);
    counted(own.chain(overview.on_prem_alerts.iter().map(OnPremCause::severity)))
}

/// Alerts of these severities, counted.
pub fn counted(all: impl Iterator<Item = Severity>) -> Severities {
    all.fold(Severities::default(), |sum, severity| Severities {
        major: sum.major + i64::from(severity == Severity::Major),
        minor: sum.minor + i64::from(severity == Severity::Minor),
    })
}

/// The alerts of one virtual account, counted.
pub fn counts(row: &VirtualAccountRow) -> Severities {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Severities { major: number(row.major), minor: number(row.minor) }
}

/// The refusal of somebody whose roles do not reach that far.
pub fn forbidden(overview: &Overview, permission: Permission, place: &str) -> domain::Error {
    let user = overview.actor.name.clone();
    domain::Error::Forbidden { user, permission, place: place.to_owned() }
}

/// What a satellite's bar says in a local account.
fn system_bar(workspace: &Workspace, now: Timestamp) -> SystemBar {
    SystemBar {
        accounts: workspace.accounts.clone(),
        trouble: workspace.trouble(),
        ..SystemBar::of(&workspace.profile, now)
    }
}

fn viewer(overview: &Overview) -> Viewer {
    let own = overview.actor.assignments.iter().filter(|a| a.account == overview.account.id);
    let place = |id| {
        let row = overview.virtual_accounts.iter().find(|r| r.virtual_account.id == id);
        row.map_or_else(String::new, |r| format!(", {}", r.virtual_account.name.as_str()))
    };
    let role = |a: &crate::domain::people::Assignment| {
        format!("{}{}", a.role.name(), a.virtual_account.map_or_else(String::new, place))
    };
    let system = overview.actor.system_role.map(|role| role.name().to_owned());
    let roles = system.into_iter().chain(own.map(role)).collect();
    Viewer { name: overview.actor.name.clone(), roles }
}
