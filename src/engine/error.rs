//! Why a use case did not succeed.

use crate::crypto;
use crate::db;
use crate::domain::on_prem::Refusal as OnPremRefusal;
use crate::domain::registration::Refusal as RegistrationRefusal;
use crate::domain::reservation::Refusal as ReservationRefusal;
use crate::domain::standing::Refusal as SyncRefusal;
use crate::domain::system::Refusal as SystemRefusal;
use crate::domain::token::Refusal as TokenRefusal;
use crate::domain::transfer::Refusal as TransferRefusal;
use crate::domain::{self, Timestamp};
use thiserror::Error as ThisError;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not succeed.
#[derive(Debug, ThisError)]
pub enum Error {
    /// A rule said no.
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// Nobody is signed in, or the credential is over.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// A satellite does not let a person in.
    #[error(transparent)]
    SignIn(#[from] SignInRefusal),
    /// The token endpoint refuses.
    #[error(transparent)]
    OAuth(#[from] OAuthRefusal),
    /// A certificate signing request of a device is not usable.
    #[error("csr: {0}")]
    Csr(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] db::Error),
    /// A file of ours cannot be written; nothing was changed.
    #[error("{0}")]
    File(String),
    /// Our own keys or certificates failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
}

/// Why a satellite does not let a person in whose name it knows (B-ADM-17, B-ADM-18).
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum SignInRefusal {
    /// Too many wrong passwords.
    #[error("{name} is locked after too many wrong passwords, until {} UTC.", .until.utc().format("%Y-%m-%d %H:%M"))]
    Locked {
        /// The login name.
        name: String,
        /// The end of the lock.
        until: Timestamp,
    },
    /// A System Admin keeps the person out.
    #[error("{0} is disabled; ask a System Admin.")]
    Disabled(String),
    /// The password is over, or somebody else has set it.
    #[error("The password must be changed before anything else.")]
    PasswordMustChange,
}

/// What the token endpoint answers (RFC 6749; rest-api 2.1).
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum OAuthRefusal {
    /// No such client, or not its secret.
    #[error("The client is unknown or its secret is wrong.")]
    InvalidClient,
    /// The client has come to its end.
    #[error("The client has expired or was revoked.")]
    ClientEnded,
    /// Wrong user, password, code or refresh token.
    #[error("{0}")]
    InvalidGrant(&'static str),
    /// We do not know this grant.
    #[error(
        "The grant type '{0}' is not supported; use client_credentials, password, authorization_code or refresh_token."
    )]
    UnsupportedGrant(String),
    /// A field is missing or malformed.
    #[error("{0}")]
    InvalidRequest(String),
}

impl From<OnPremRefusal> for Error {
    fn from(refusal: OnPremRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<ReservationRefusal> for Error {
    fn from(refusal: ReservationRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<SyncRefusal> for Error {
    fn from(refusal: SyncRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<SystemRefusal> for Error {
    fn from(refusal: SystemRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<TokenRefusal> for Error {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<TransferRefusal> for Error {
    fn from(refusal: TransferRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<RegistrationRefusal> for Error {
    fn from(refusal: RegistrationRefusal) -> Self {
        Self::Domain(refusal.into())
    }
}
