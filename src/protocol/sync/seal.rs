//! The end of a packed file: a frame that `zstd -d` passes over, with the digest of all before it.
//!
//! Packed bytes can change without changing what they hold. So the digest tells a file that was
//! cut, damaged or repacked before anything is unpacked; who made it is what the signature tells.

use super::{BadFile, Limits};
use crate::crypto::digest::Sha256;
use std::io::{self, Write};

/// A skippable frame of zstd (RFC 8878, 3.1.2) with 32 bytes.
const MARK: [u8; 8] = [0x53, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
/// What a packed file begins with (RFC 8878, 3.1.1).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes of the digest.
const DIGEST: usize = 32;

/// How other files begin.
const OTHERS: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "it is a ZIP archive; take the file out of it first"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it first"),
    (b"BZh", "it is packed with bzip2; unpack it first"),
    (b"\xfd7zXZ\0", "it is packed with xz; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive; take the file out of it first"),
    (b"%PDF", "it is a PDF document"),
    (b"{", "it is text; upload the file as it was downloaded, not unpacked"),
    (b"<", "it is a web page or an XML document"),
    (b"-----BEGIN", "it is a certificate or a key in PEM"),
];

/// Passes bytes on, counts and digests them.
pub(super) struct Sealing<W> {
    to: W,
    digest: Sha256,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, digest: Sha256::default() }
    }

    /// Writes the end, and gives back where it all went.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.to.write_all(&MARK)?;
        self.to.write_all(&self.digest.finish())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The packed lines of a whole file, without its end.
pub(super) fn open(bytes: &[u8], limits: Limits) -> Result<&[u8], BadFile> {
    if bytes.is_empty() {
        return Err(BadFile::Empty);
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.packed {
        let problem = format!("it has {size} bytes, {} are the limit", limits.packed);
        return Err(BadFile::TooLarge(problem));
    }
    if !bytes.starts_with(&ZSTD) {
        let known = OTHERS.iter().find(|(start, _)| bytes.starts_with(start));
        return Err(BadFile::Foreign(known.map_or("it is not packed with zstd", |(_, what)| what)));
    }
    let cut = || BadFile::Unreadable("it was cut off, or repacked with another program".to_owned());
    let (rest, digest) = bytes.split_last_chunk::<DIGEST>().ok_or_else(cut)?;
    let packed = rest.strip_suffix(&MARK).ok_or_else(cut)?;
    if Sha256::of(packed) != *digest {
        let problem = "its bytes were changed or damaged on the way (checksum)";
        return Err(BadFile::Unreadable(problem.to_owned()));
    }
    Ok(packed)
}
