//! The files between a satellite and CSSM: JSON lines in zstd, a header first and a signed trailer
//! last. The network carries the same bytes. All of it is **ours**: nothing public tells what the
//! real files look like (`docs/PROTOCOL.md`, "Files between satellite and CSSM").
//!
//! [`Writer`] writes one line after the other. Reading is in two passes over the packed bytes:
//! [`check`] judges the whole file, [`Checked::verify`] its signature, and only then
//! [`Verified::records`] hands out what it says. Neither pass holds more than a line.

mod error;
mod header;
mod lines;
mod place;
mod read;
mod record;
mod seal;
mod trailer;
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use error::{BadFile, WriteError};
pub use header::{Direction, Header};
pub use read::{Checked, Records, Verified, check, claim};
pub use record::{
    Account, Agreement, Authorization, Due, Entitlement, Instance, InstanceRemoved, Line,
    LocalVirtualAccount, Mode, Origin, Published, Record, Registration, Token, TokenRemoved, Udi,
    VirtualAccount,
};
pub use write::Writer;

/// The version of the format that is written and read.
pub const VERSION: u64 = 1;

/// The longest line, its line break included, in bytes (ours).
pub const LONGEST_LINE: usize = 1 << 20;

/// How much memory the packing of a file may ask for, as a power of two of bytes (ours).
const WINDOW_LOG: u32 = 23;

/// How often larger than its packed bytes a file may become: ids are random, so an honest file
/// reaches a fifth of it (ours).
const HIGHEST_RATIO: u64 = 250;

/// What a reader accepts; both in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, as it is uploaded.
    pub packed: u64,
    /// The most that it may hold when unpacked.
    pub unpacked: u64,
}

impl Default for Limits {
    /// 64 MiB packed, which is about a million product instances, and 4 GiB unpacked (ours).
    fn default() -> Self {
        Self { packed: 64 << 20, unpacked: 4 << 30 }
    }
}

impl Limits {
    /// The most that a file of so many packed bytes may hold.
    fn unpacked_of(self, packed: u64) -> u64 {
        let honest = packed.saturating_mul(HIGHEST_RATIO).saturating_add(1 << 20);
        self.unpacked.min(honest)
    }
}
