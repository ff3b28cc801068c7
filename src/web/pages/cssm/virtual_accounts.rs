//! Managing the virtual accounts of a Smart Account.

use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Field, Pager};
use askama::Template;

/// One virtual account in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How deep it is nested; 0 is the top level.
    pub depth: usize,
    /// Free text; may be empty.
    pub description: String,
    /// `Public` or `Private`.
    pub access: String,
    /// Star.
    pub is_default: bool,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Licenses it owns.
    pub licenses: i64,
    /// Products registered in it.
    pub instances: i64,
    /// Active tokens.
    pub tokens: i64,
    /// Whether the viewer may make it the default.
    pub may_make_default: bool,
    /// Whether the viewer may try to delete it.
    pub may_delete: bool,
}

/// The list of virtual accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/list.html")]
pub struct VirtualAccountsPage {
    /// The frame.
    pub frame: Frame,
    /// Part of a name, kept in the address.
    pub search: String,
    /// The virtual accounts in order of the tree.
    pub accounts: Vec<VaRow>,
    /// Whether the viewer may create one.
    pub may_create: bool,
    /// Where one is.
    pub pager: Pager,
}

/// The form for a new virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/new.html")]
pub struct NewVirtualAccountPage {
    /// The frame.
    pub frame: Frame,
    /// 1 to 100 characters, unique.
    pub name: Field,
    /// Free text.
    pub description: Field,
    /// Public or Private.
    pub access: Vec<Choice>,
    /// The top level, or a virtual account to nest under.
    pub parents: Vec<Choice>,
    /// What concerns no single field.
    pub refused: Option<String>,
}
