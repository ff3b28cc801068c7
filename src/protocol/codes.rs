//! The codes of a license reservation, which travel on paper: what a device asks for, what the
//! portal gives out, and what the device answers.
//!
//! `docs/PROTOCOL.md` specifies each, with what is known of the real ones.
// device-protocol.md 4.1: the shapes are PROVEN; check digits and MACs are ours.

mod answers;
mod base58;
mod check;
mod document;
pub mod specific;
pub mod universal;

pub mod request;

pub use answers::{confirmation, is_confirmation, is_return, return_code};
pub use request::{RequestCode, fingerprint};
pub use specific::{Entitlement, Specific};
pub use universal::Universal;

use super::sudi::Sudi;
pub use crate::domain::reservation::Kind;
use thiserror::Error as ThisError;

/// The longest code that is looked at, in bytes (proven: 8192 characters are the limit of CML's
/// agent; files hold several codes of a high-availability group).
pub const LONGEST: usize = 64 * 1024;

/// Why a code is not one.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("{0}")]
pub struct BadCode(pub String);

impl BadCode {
    fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

/// An authorization code of either kind, read but not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationCode {
    /// XML.
    Specific(Box<Specific>),
    /// Groups of characters.
    Universal(Universal),
}

impl AuthorizationCode {
    /// Reads what was pasted or is in a file: one code, in quotes or not, or in the frame that
    /// clients put around it. Of several codes, that for this device is taken.
    ///
    /// # Errors
    /// What it is instead, or where it breaks off.
    pub fn read(text: &str, device: &Sudi) -> Result<Self, BadCode> {
        let text = check::pasted(text)?;
        if text.starts_with('<') {
            return specific::for_device(text, device).map(|code| Self::Specific(Box::new(code)));
        }
        Universal::read(text).map(Self::Universal)
    }

    /// How the code names a device that it is for: a universal one only by what its request code
    /// had room for.
    pub fn device(&self, device: &Sudi) -> Sudi {
        match self {
            Self::Specific(_) => device.clone(),
            Self::Universal(_) => universal::named(device),
        }
    }

    /// The exact bytes that are signed, for a device.
    pub fn signed_bytes(&self, device: &Sudi, software_tag: &str) -> Vec<u8> {
        match self {
            Self::Specific(code) => code.signed.clone().into_bytes(),
            Self::Universal(code) => code.signed_bytes(device, software_tag),
        }
    }

    /// The signature over them, DER.
    pub fn signature(&self) -> Vec<u8> {
        match self {
            Self::Specific(code) => code.signature.clone(),
            Self::Universal(code) => code.signature_der(),
        }
    }

    /// The certificates of the signer that it brings along; none when the root has signed.
    pub fn certificates(&self) -> &[Vec<u8>] {
        match self {
            Self::Specific(code) => &code.certificates,
            Self::Universal(_) => &[],
        }
    }

    /// The device that it is for, where it says so.
    pub fn udi(&self) -> Option<&str> {
        match self {
            Self::Specific(code) => Some(&code.udi),
            Self::Universal(_) => None,
        }
    }

    /// What confirmation and return codes are derived from.
    pub fn secret(&self) -> Vec<u8> {
        self.signature()
    }
}

/// `P:PID,S:SERIAL[,U:UUID]`, as authorization codes and Unified CM name a device (proven).
pub fn udi_text(sudi: &Sudi) -> String {
    let parts = [("P", &sudi.udi_pid), ("S", &sudi.udi_serial_number), ("U", &sudi.uuid)];
    let parts =
        parts.iter().filter_map(|(name, value)| Some(format!("{name}:{}", value.as_ref()?)));
    parts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
