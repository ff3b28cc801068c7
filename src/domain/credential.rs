//! Credentials that are handed out: opaque texts, kept as digests, with an end.

use super::id::{SmartAccountId, UserId};
use super::time::Timestamp;

/// What a credential opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A browser session.
    Session,
    /// A bearer token of the REST API.
    Bearer,
    /// Gets a new bearer token.
    Refresh,
    /// Is exchanged once for a bearer token.
    AuthorizationCode,
    /// Is exchanged once for another password of a satellite's user (B-SHL-03).
    PasswordReset,
}

impl CredentialKind {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Bearer => "bearer",
            Self::Refresh => "refresh",
            Self::AuthorizationCode => "code",
            Self::PasswordReset => "password_reset",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        use CredentialKind as K;
        [K::Session, K::Bearer, K::Refresh, K::AuthorizationCode, K::PasswordReset]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A credential as kept: never its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// SHA-256 of the text, in hex.
    pub digest: String,
    /// What it opens.
    pub kind: CredentialKind,
    /// Whose rights it carries.
    pub user: UserId,
    /// The API client it was given to.
    pub client_id: Option<String>,
    /// Where an authorization code was sent; it must be named again.
    pub redirect_uri: Option<String>,
    /// When it was handed out.
    pub created_at: Timestamp,
    /// From this instant on it opens nothing.
    pub expires_at: Timestamp,
    /// The only account that it reaches; for clients of a satellite's API toolkit.
    pub account: Option<SmartAccountId>,
    /// Whether it acts for that client itself, with all rights in its account.
    pub as_client: bool,
}

impl Credential {
    /// Whether it still opens anything.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
