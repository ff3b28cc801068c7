//! Every way in which a rule says no, without a word of HTTP.

use super::hub::Refusal as HubRefusal;
use super::on_prem::Refusal as OnPremRefusal;
use super::people::Permission;
use super::registration::Refusal as RegistrationRefusal;
use super::reservation::Refusal as ReservationRefusal;
use super::standing::Refusal as SyncRefusal;
use super::system::Refusal as SystemRefusal;
use super::token::Refusal as TokenRefusal;
use super::transfer::Refusal as TransferRefusal;
use thiserror::Error as ThisError;

/// The result of a rule.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a rule refuses.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Error {
    /// The thing named does not exist, or the caller may not know that it does.
    #[error("There is no {what} '{name}'.")]
    NotFound {
        /// The noun.
        what: &'static str,
        /// What the caller called it.
        name: String,
    },
    /// The caller's roles do not reach this far.
    #[error("{user} may not {permission} in {place}.")]
    Forbidden {
        /// Who asked.
        user: String,
        /// What was asked.
        permission: Permission,
        /// Where.
        place: String,
    },
    /// One field breaks one rule.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field's name on the form.
        field: &'static str,
        /// The value's problem and the rule.
        problem: String,
    },
    /// The state of things forbids it; the sentence says which.
    #[error("{0}")]
    Conflict(String),
    /// A registration token cannot be used.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// A license transfer is refused.
    #[error(transparent)]
    Transfer(#[from] TransferRefusal),
    /// A product instance cannot register or go on.
    #[error(transparent)]
    Registration(#[from] RegistrationRefusal),
    /// A satellite does not synchronize, or does not take a file.
    #[error(transparent)]
    Sync(#[from] SyncRefusal),
    /// A reservation, or a code of one, is refused.
    #[error(transparent)]
    Reservation(#[from] ReservationRefusal),
    /// The rules of a satellite's people and API clients.
    #[error(transparent)]
    System(#[from] SystemRefusal),
    /// A file or a credential of an On-Prem is refused.
    #[error(transparent)]
    OnPrem(#[from] OnPremRefusal),
    /// The hub's people and roles.
    #[error(transparent)]
    Hub(#[from] HubRefusal),
}

impl Error {
    /// A field error.
    pub fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into() }
    }

    /// A missing thing.
    pub fn not_found(what: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { what, name: name.into() }
    }
}
