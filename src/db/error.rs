//! What can go wrong below the rules.

use thiserror::Error as ThisError;

/// The result of a database call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the database; never the fault of a caller's input.
#[derive(Debug, ThisError)]
pub enum Error {
    /// No connection could be made or had.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A statement failed.
    #[error("a database statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// A stored value is not what we write.
    #[error("the database holds '{value}' as {what}, which is nothing we write")]
    Corrupt {
        /// The column's meaning.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// The schema could not be brought up to date.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(String),
    /// The group that the unit was in could not be committed.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The site is stopping, or the unit of work panicked.
    #[error("the database has been closed")]
    Closed,
}

impl Error {
    /// A stored value that we did not write.
    pub fn corrupt(what: &'static str, value: impl Into<String>) -> Self {
        Self::Corrupt { what, value: value.into() }
    }
}

impl From<diesel::ConnectionError> for Error {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unreachable(error.to_string())
    }
}
