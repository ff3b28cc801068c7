//! The last line: how many records, the digest of all lines before, and the signature.

use super::words;
use super::{BadFile, Header, VERSION, place};
use serde::{Deserialize, Serialize};

/// What the last line begins with; no record does.
pub(super) const START: &[u8] = b"{\"trailer\":";

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trailer {
    /// How many lines stand between header and trailer.
    pub(super) records: u64,
    /// SHA-256 of all lines before this one, line breaks included, hexadecimal.
    pub(super) sha256: String,
    /// ECDSA on P-256 with SHA-256, DER, over [`signed_text`].
    #[serde(with = "words::form")]
    pub(super) signature: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    trailer: Trailer,
}

impl Trailer {
    /// Writes it as a line without its line break.
    pub(super) fn write(self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(line, &Form { trailer: self })
    }

    /// Reads it. The digest does not cover it, so it has exactly one form.
    pub(super) fn read(number: u64, line: &[u8]) -> Result<Self, BadFile> {
        let Form { trailer } = place::read(number, line)?;
        let mut same = Vec::new();
        match trailer.clone().write(&mut same) {
            Ok(()) if same == line => Ok(trailer),
            _ => Err(BadFile::line(number, "trailer", "is not written as the product writes it")),
        }
    }
}

/// What is signed: the digest, and what binds the file to its place among the others.
pub(super) fn signed_text(header: &Header, records: u64, digest: &str) -> String {
    let Header { direction, uid, sequence, nonce, .. } = header;
    let way = direction.word();
    format!("syncom sync|{VERSION}|{way}|{uid}|{sequence}|{nonce}|{records}|{digest}")
}
