//! Signing in, and choosing a Smart Account.

use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::view::{Field, Severities};
use askama::Template;

/// A user of the lab, offered on the login page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabUser {
    /// Login name.
    pub name: String,
    /// Role in words.
    pub role: String,
}

/// The login page.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// The frame, without viewer and account.
    pub frame: Frame,
    /// The name as typed.
    pub username: Field,
    /// Why the last try failed.
    pub refused: Option<String>,
    /// Where to go afterwards.
    pub next: String,
    /// The application that asked for the login, when one did.
    pub client: Option<String>,
    /// Users of the lab fixture; empty when there is none.
    pub lab_users: Vec<LabUser>,
}

/// One Smart Account to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// `Contoso Lab`.
    pub name: String,
    /// `lab.example`.
    pub domain: String,
    /// The viewer's roles in it.
    pub roles: String,
    /// Virtual accounts the viewer may see.
    pub virtual_accounts: i64,
    /// Alerts the viewer may see.
    pub alerts: Severities,
}

/// The Smart Account selector.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/accounts.html")]
pub struct AccountsPage {
    /// The frame, without an account.
    pub frame: Frame,
    /// The Smart Accounts in which the viewer holds a role.
    pub accounts: Vec<AccountRow>,
}
