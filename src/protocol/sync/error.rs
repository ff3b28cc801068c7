//! Why a file is refused, in words for the person who uploaded it.

use std::io;

/// Why a file is refused. Nothing of a refused file is imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// It has no bytes.
    #[error("The file is empty.")]
    Empty,
    /// It is of another kind.
    #[error("This is not a synchronization file: {0}.")]
    Foreign(&'static str),
    /// It was cut, damaged or packed differently.
    #[error("The file is unreadable: {0}.")]
    Unreadable(String),
    /// It is larger than the limits allow.
    #[error("The file is too large: {0}.")]
    TooLarge(String),
    /// Another version of the format.
    #[error("The file has version {0} of the format; only version 1 is known here.")]
    Version(u64),
    /// A line breaks a rule.
    #[error("Line {line} of the file, {field}: {problem}.")]
    Line {
        /// Which line, from 1.
        line: u64,
        /// The path of the member, such as `instance.udi.pid`, or `line`.
        field: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The signature is not that of this key over this file.
    #[error(
        "The signature of the file is invalid: the file was changed, or somebody else signed it."
    )]
    Signature,
}

impl BadFile {
    /// A line that breaks a rule.
    pub(super) fn line(line: u64, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Line { line, field: field.into(), problem: problem.into() }
    }
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place that it goes to fails.
    #[error("the synchronization file cannot be written: {0}")]
    Io(#[from] io::Error),
    /// A record does not fit into a line.
    #[error("a record of the synchronization file has {0} bytes, too long for a line")]
    LongLine(usize),
    /// The key does not sign.
    #[error("the synchronization file cannot be signed: {0}")]
    Signing(#[from] crate::crypto::Error),
}

impl From<serde_json::Error> for WriteError {
    fn from(error: serde_json::Error) -> Self {
        Self::Io(error.into())
    }
}
