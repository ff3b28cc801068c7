//! Moving licenses between virtual accounts: form and preview.

use super::inventory::VaHeader;
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Field, Tone, When};
use askama::Template;

/// Which way licenses go, seen from the virtual account in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It gives.
    To,
    /// It receives.
    From,
}

impl Direction {
    /// The value in forms and addresses.
    pub fn value(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::From => "from",
        }
    }

    /// The label beside the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::To => labels::transfer::TO,
            Self::From => labels::transfer::FROM,
        }
    }
}

/// A line of which a number may move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferLine {
    /// The name of its quantity field.
    pub field: String,
    /// Perpetual, Term …
    pub kind: String,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// How many the giving virtual account owns.
    pub purchased: i64,
    /// How many may move.
    pub transferable: i64,
    /// How many are to move.
    pub quantity: Field,
}

/// The form *Transfer Between Virtual Accounts*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/licenses/transfer.html")]
pub struct TransferPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account in view.
    pub header: VaHeader,
    /// The license's id in addresses.
    pub license_id: String,
    /// The license's name.
    pub license: String,
    /// To or From.
    pub direction: Direction,
    /// The other virtual accounts.
    pub targets: Vec<Choice>,
    /// The virtual account that gives; `None` until one is chosen.
    pub giver: Option<String>,
    /// What the giver has in use of this license.
    pub in_use: i64,
    /// The giver's lines.
    pub lines: Vec<TransferLine>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// One virtual account before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// `gives` or `receives`.
    pub role: &'static str,
    /// What it owns.
    pub purchased: (i64, i64),
    /// What it uses; a transfer does not change it.
    pub in_use: (i64, i64),
    /// Signed difference.
    pub balance: (i64, i64),
    /// How many it lacks afterwards.
    pub lacks: i64,
}

/// What moves, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Perpetual, Term …
    pub kind: String,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// How many.
    pub quantity: i64,
}

/// Before and after, with the button that does it.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/licenses/preview.html")]
pub struct TransferPreviewPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account in view.
    pub header: VaHeader,
    /// The license's id in addresses.
    pub license_id: String,
    /// The license's name.
    pub license: String,
    /// What moves.
    pub moves: Vec<Move>,
    /// The virtual account that gives.
    pub giver: Side,
    /// The virtual account that receives.
    pub receiver: Side,
    /// The form's values again: name and value.
    pub hidden: Vec<(String, String)>,
    /// Whether the giver is short afterwards because of it.
    pub makes_short: bool,
    /// Whether the transfer was already pressed once in spite of the shortage.
    pub asked: bool,
    /// Back to the form with everything as typed.
    pub change: String,
}

impl TransferPreviewPage {
    /// The giver, then the receiver.
    pub fn sides(&self) -> [&Side; 2] {
        [&self.giver, &self.receiver]
    }

    /// All that moves.
    pub fn total(&self) -> i64 {
        self.moves.iter().map(|m| m.quantity).sum()
    }

    /// The giver, when the transfer leaves it short.
    pub fn short(&self) -> Option<&Side> {
        self.makes_short.then_some(&self.giver)
    }

    /// The same, once the user has insisted on the transfer.
    pub fn insisted(&self) -> Option<&Side> {
        self.short().filter(|_| self.asked)
    }
}
