//! Reading what a satellite sends: whole, of the right direction, signed.

use crate::crypto::csr;
use crate::crypto::sign::PublicKey;
use crate::domain::id::OnPremUid;
use crate::domain::on_prem::{Mode, Refusal};
use crate::protocol::sync::{self, BadFile, Direction, Header, Limits, Record};

/// A registration file has two lines; more is no such file. In bytes.
const LIMITS: Limits = Limits { packed: 256 * 1_024, unpacked: 1_024 * 1_024 };

/// A registration file that is whole and signed with the key that it brings.
pub(super) struct Asked {
    pub(super) header: Header,
    pub(super) registration: sync::Registration,
    pub(super) spki: Vec<u8>,
}

/// Why the file cannot be read, as a refusal.
pub(super) fn bad(error: &BadFile) -> Refusal {
    match error {
        BadFile::Signature => Refusal::Signature(error.to_string()),
        BadFile::Line { .. } | BadFile::Empty | BadFile::Foreign(_) | BadFile::Unreadable(_) => {
            Refusal::Unreadable(error.to_string())
        }
        BadFile::TooLarge(_) | BadFile::Version(_) => Refusal::Unreadable(error.to_string()),
    }
}

/// Fails when a file goes another way.
pub(super) fn must_be(
    header: &Header,
    wanted: Direction,
    called: &'static str,
) -> Result<(), Refusal> {
    if header.direction == wanted {
        return Ok(());
    }
    let is = format!("a file of direction {}", header.direction.word());
    Err(Refusal::Direction { is, wanted: called })
}

impl Asked {
    /// Reads a registration file and checks that its maker holds the key.
    pub(super) fn read(file: &[u8]) -> Result<Self, Refusal> {
        let checked = sync::check(file, LIMITS).map_err(|error| bad(&error))?;
        must_be(checked.header(), Direction::Registration, "a registration file")?;
        let Record::Registration(registration) = checked.first().map_err(|error| bad(&error))?
        else {
            let problem = "Line 2 of the file, line: must be the registration.".to_owned();
            return Err(Refusal::Unreadable(problem));
        };
        let request = csr::read(&registration.csr)
            .map_err(|error| Refusal::Content(format!("csr: {error}")))?;
        let key = PublicKey::from_spki_der(&request.spki_der)
            .map_err(|error| Refusal::Content(format!("csr: {error}")))?;
        let verified = checked.verify(&key).map_err(|error| bad(&error))?;
        let header = verified.header().clone();
        Ok(Self { header, registration, spki: request.spki_der })
    }

    pub(super) fn uid(&self) -> OnPremUid {
        OnPremUid(self.header.uid)
    }

    pub(super) fn mode(&self) -> Mode {
        match self.registration.mode {
            sync::Mode::Onprem8 => Mode::OnPrem8,
            sync::Mode::Classic => Mode::Classic,
        }
    }
}
