//! What a line between header and trailer says. Plain data: what it means is decided elsewhere.

use super::header::Direction;
use super::words;
pub use down::{Account, Agreement, Due, Entitlement, Line, Origin, Published, VirtualAccount};
use serde::{Deserialize, Serialize};
pub use up::{Instance, InstanceRemoved, LocalVirtualAccount, Token, TokenRemoved, Udi};

mod down;
mod up;

/// One line: an object with one member, whose name is the kind of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A local account asks to be registered.
    Registration(Registration),
    /// CSSM's certificate for the satellite.
    Authorization(Authorization),
    /// What CSSM says about the Smart Account.
    Account(Account),
    /// A virtual account of CSSM that is attached to the satellite.
    VirtualAccount(VirtualAccount),
    /// A virtual account of the satellite.
    LocalVirtualAccount(LocalVirtualAccount),
    /// A kind of license.
    Entitlement(Entitlement),
    /// A license line of an attached virtual account.
    Line(Box<Line>),
    /// When the next synchronization is due.
    Due(Due),
    /// A product instance, as it is now.
    Instance(Box<Instance>),
    /// A product instance that is there no more.
    InstanceRemoved(InstanceRemoved),
    /// A registration token, as it is now.
    Token(Token),
    /// A registration token that is there no more.
    TokenRemoved(TokenRemoved),
}

impl Record {
    /// The word that stands for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Registration(_) => "registration",
            Self::Authorization(_) => "authorization",
            Self::Account(_) => "account",
            Self::VirtualAccount(_) => "virtual_account",
            Self::LocalVirtualAccount(_) => "local_virtual_account",
            Self::Entitlement(_) => "entitlement",
            Self::Line(_) => "line",
            Self::Due(_) => "due",
            Self::Instance(_) => "instance",
            Self::InstanceRemoved(_) => "instance_removed",
            Self::Token(_) => "token",
            Self::TokenRemoved(_) => "token_removed",
        }
    }

    /// Whether it may stand in a file of that direction. The authorization file brings the first
    /// licenses along, so it may hold what a response may.
    pub fn belongs_in(&self, direction: Direction) -> bool {
        match self {
            Self::Registration(_) => direction == Direction::Registration,
            Self::Authorization(_)
            | Self::Account(_)
            | Self::VirtualAccount(_)
            | Self::Entitlement(_)
            | Self::Line(_)
            | Self::Due(_) => {
                matches!(direction, Direction::Authorization | Direction::Response)
            }
            Self::LocalVirtualAccount(_)
            | Self::Instance(_)
            | Self::InstanceRemoved(_)
            | Self::Token(_)
            | Self::TokenRemoved(_) => direction == Direction::Request,
        }
    }
}

/// How local and CSSM virtual accounts belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One CSSM virtual account, any number of local ones inside.
    Onprem8,
    /// Each CSSM virtual account is one local one.
    Classic,
}

/// A local account asks to be registered; signed with the key of the signing request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// PKCS#10 request for the satellite's key, DER.
    #[serde(with = "words::form")]
    pub csr: Vec<u8>,
    /// Name of the local account.
    #[serde(with = "words::form")]
    pub local_account: String,
    /// How its virtual accounts are to belong to CSSM's.
    pub mode: Mode,
    /// Names of the virtual accounts in CSSM.
    #[serde(with = "words::texts")]
    pub virtual_accounts: Vec<String>,
    /// Where mails go.
    #[serde(with = "words::form")]
    pub email: String,
    /// Version of the satellite.
    #[serde(with = "words::form")]
    pub version: String,
}

/// CSSM's certificate for the satellite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// PEM; the first is the satellite's, each was issued by the next.
    #[serde(with = "words::texts")]
    pub certificates: Vec<String>,
    /// PEM of the lab's root.
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}
