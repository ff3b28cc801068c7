//! Keys, certificates, signatures and secrets: the lab's own trust.
//!
//! Everything here is signed by the Syncom lab CA and worthless outside the lab. The randomness
//! of keys, salts and tokens comes from [`secret::random_bytes`] and from nowhere else.

pub mod ca;
pub mod chain;
pub mod csr;
pub mod digest;
pub mod keys;
pub mod secret;
pub mod sign;

/// What can go wrong when keys or certificates are made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are not a PKCS#8 key of a kind that the lab uses.
    #[error("not a usable private key: {0}")]
    Key(String),
    /// The bytes are not a public key of a kind that the lab uses.
    #[error("not a usable public key: {0}")]
    PublicKey(&'static str),
    /// A certificate could not be written or read.
    #[error("certificate: {0}")]
    Certificate(String),
    /// A date does not fit into a certificate.
    #[error("{0} does not fit into a certificate")]
    Date(crate::domain::time::Timestamp),
    /// A password could not be hashed.
    #[error("password hashing: {0}")]
    Password(String),
    /// The operating system gave no random bytes, or signing failed for lack of them.
    #[error("the system's random generator failed")]
    Random,
}

impl From<rcgen::Error> for Error {
    fn from(error: rcgen::Error) -> Self {
        Self::Certificate(error.to_string())
    }
}

/// The result of making or reading keys and certificates.
pub type Result<T> = std::result::Result<T, Error>;
