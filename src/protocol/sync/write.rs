//! Writing a file, one line in memory.

use super::seal::Sealing;
use super::trailer::{Trailer, signed_text};
use super::{Header, LONGEST_LINE, Record, WriteError};
use crate::crypto::digest::Sha256;
use crate::crypto::secret;
use std::io::Write;
use zstd::stream::write::Encoder;

/// The level at which files are packed: zstd's own default (ours).
const LEVEL: i32 = 3;

/// A file that is being written.
pub struct Writer<W: Write> {
    pack: Encoder<'static, Sealing<W>>,
    header: Header,
    digest: Sha256,
    records: u64,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a file with its header.
    pub fn begin(to: W, header: Header) -> Result<Self, WriteError> {
        let pack = Encoder::new(Sealing::new(to), LEVEL)?;
        let mut writer =
            Self { pack, header, digest: Sha256::default(), records: 0, line: Vec::new() };
        writer.header.write(&mut writer.line)?;
        writer.put()?;
        Ok(writer)
    }

    /// Adds a record.
    pub fn record(&mut self, record: &Record) -> Result<(), WriteError> {
        serde_json::to_writer(&mut self.line, record)?;
        self.records += 1;
        self.put()
    }

    /// How many records there are so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Ends the file with its trailer; `sign` signs a text with the maker's key. Gives back where
    /// the file went.
    pub fn finish(
        mut self,
        sign: impl FnOnce(&[u8]) -> crate::crypto::Result<Vec<u8>>,
    ) -> Result<W, WriteError> {
        let digest = secret::hex(&self.digest.finish());
        let signature = sign(signed_text(&self.header, self.records, &digest).as_bytes())?;
        let trailer = Trailer { records: self.records, sha256: digest, signature };
        trailer.write(&mut self.line)?;
        self.line.push(b'\n');
        self.pack.write_all(&self.line)?;
        Ok(self.pack.finish()?.finish()?)
    }

    /// Packs the line that was made.
    fn put(&mut self) -> Result<(), WriteError> {
        self.line.push(b'\n');
        if self.line.len() > LONGEST_LINE {
            return Err(WriteError::LongLine(self.line.len()));
        }
        self.digest.update(&self.line);
        self.pack.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}
