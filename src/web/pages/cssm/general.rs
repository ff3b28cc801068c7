//! The General tab: properties of a virtual account and its tokens.

use super::inventory::VaHeader;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Badge, Field, Pager, Tone, When};
use askama::Template;

/// Where a token is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenStatus {
    /// Products may register with it.
    Active,
    /// Its days are over.
    Expired,
    /// Somebody revoked it.
    Revoked,
    /// Its uses are taken.
    Exhausted,
}

impl TokenStatus {
    /// The status in a word and colour.
    pub fn badge(self) -> Badge {
        match self {
            Self::Active => Badge::new(Tone::Good, "Active"),
            Self::Expired => Badge::new(Tone::Neutral, "Expired"),
            Self::Revoked => Badge::new(Tone::Bad, "Revoked"),
            Self::Exhausted => Badge::new(Tone::Attention, "Exhausted"),
        }
    }
}

/// One registration token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The id in addresses.
    pub id: String,
    /// The whole token.
    pub token: String,
    /// Its beginning, for the table.
    pub short: String,
    /// When it ends.
    pub expires: When,
    /// `0`, `3` or `3 of 10`.
    pub uses: String,
    /// The export flag.
    pub export_controlled: bool,
    /// Free text; may be empty.
    pub description: String,
    /// A user's name.
    pub created_by: String,
    /// Where it is in its life.
    pub status: TokenStatus,
    /// Whether the viewer may revoke it now.
    pub may_revoke: bool,
    /// Whether the viewer may remove it now.
    pub may_remove: bool,
}

impl TokenRow {
    /// The word for the export flag.
    pub fn export(&self) -> &'static str {
        if self.export_controlled { labels::token::ALLOWED } else { labels::token::NOT_ALLOWED }
    }
}

/// Properties of a virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaProperties {
    /// Free text; may be empty.
    pub description: String,
    /// Star.
    pub is_default: bool,
    /// `Public` or `Private`.
    pub access: String,
    /// The virtual account it is nested under.
    pub parent: Option<String>,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Whether the viewer may make it the default.
    pub may_make_default: bool,
}

/// The General tab.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/general.html")]
pub struct GeneralPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Its properties.
    pub properties: VaProperties,
    /// The tokens, newest first.
    pub tokens: Vec<TokenRow>,
    /// Where one is.
    pub pager: Pager,
    /// Why no token can be made here; `None` when one can.
    pub no_new_token: Option<String>,
}

/// The form for a new token.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/new.html")]
pub struct NewTokenPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account, which cannot be changed here.
    pub header: VaHeader,
    /// Free text.
    pub description: Field,
    /// Whole days.
    pub expire_after: Field,
    /// Registrations; empty means unlimited.
    pub max_uses: Field,
    /// The export check box; `None` hides it (the account is not entitled).
    pub export_controlled: Option<bool>,
    /// Whether the terms are accepted, and what to say if not.
    pub terms: bool,
    /// Beside the terms.
    pub terms_error: Option<String>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// A command line to paste, with what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// `Register the simulated product dev-1`.
    pub purpose: String,
    /// The line itself.
    pub line: String,
}

/// A token in full, right after it was made or later.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/tokens/show.html")]
pub struct TokenPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The token.
    pub token: TokenRow,
    /// Whether it was made just now.
    pub created: bool,
    /// What to do with it next.
    pub commands: Vec<Command>,
}
