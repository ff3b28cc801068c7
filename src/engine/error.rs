//! Why a use case did not succeed.

use crate::crypto;
use crate::db;
use crate::domain;
use crate::domain::registration::Refusal as RegistrationRefusal;
use crate::domain::reservation::Refusal as ReservationRefusal;
use crate::domain::token::Refusal as TokenRefusal;
use crate::domain::transfer::Refusal as TransferRefusal;
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

/// What the token endpoint answers (RFC 6749; rest-api 2.1).
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum OAuthRefusal {
    /// No such client, or not its secret.
    #[error("The client is unknown or its secret is wrong.")]
    InvalidClient,
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

impl From<ReservationRefusal> for Error {
    fn from(refusal: ReservationRefusal) -> Self {
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
