//! A satellite's way to CSSM, as the engine sees it. What goes over it are the bytes of files.

use crate::domain::Timestamp;
use crate::domain::id::OnPremUid;
use crate::domain::standing::Refusal;
use std::future::Future;
use std::pin::Pin;

/// A user of CSSM: asked for once, and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

/// A registration that CSSM has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The authorization file.
    pub file: Vec<u8>,
    /// The credential for what comes later.
    pub credential: Credential,
}

/// What opens CSSM for synchronization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The secret.
    pub secret: String,
    /// When it ends (B-ACC-08).
    pub ends: Timestamp,
}

/// Why an exchange over the network did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answered.
    Unreachable(String),
    /// CSSM said no.
    Refused {
        /// Why, in its words.
        message: String,
        /// Why, for machines.
        reason: Reason,
    },
}

/// What a satellite has to do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// CSSM does not know the On-Prem any more.
    UnknownOnPrem,
    /// Only a full synchronization helps.
    FullNeeded,
    /// The credential has ended.
    CredentialEnded,
    /// Something else, which the message tells.
    Other,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable(problem) => Self::Link(problem),
            Failure::Refused { reason: Reason::CredentialEnded, .. } => Self::SignIn,
            Failure::Refused { message, .. } => Self::Cssm(message),
        }
    }
}

/// An exchange under way.
pub type Exchange<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A way to CSSM.
pub trait Uplink: Send + Sync {
    /// Registers a local account with its registration file (B-ACC-06).
    fn register<'a>(&'a self, login: &'a Login, file: Vec<u8>) -> Exchange<'a, Granted>;

    /// Gets a new credential for an On-Prem that is registered (B-SYN-05).
    fn sign_in<'a>(&'a self, login: &'a Login, uid: OnPremUid) -> Exchange<'a, Credential>;

    /// Takes a request file up and brings the response file down.
    fn synchronize<'a>(&'a self, credential: &'a str, file: Vec<u8>) -> Exchange<'a, Vec<u8>>;
}
