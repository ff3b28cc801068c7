//! Synchronization between a satellite and CSSM: what is accepted, and what it changes.

pub mod lines;
pub mod merge;
pub mod schedule;

/// How much a synchronization carries (B-SYN-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What has changed since the last one.
    Standard,
    /// Everything, so that what has diverged is healed.
    Full,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Full];

    /// The code in files and rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Full => "full",
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Full => "Full",
        }
    }

    /// From the code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
