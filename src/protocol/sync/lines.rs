//! The lines inside a packed file, one at a time, in bounded memory.

use super::{BadFile, LONGEST_LINE, WINDOW_LOG};
use std::io::{BufRead as _, BufReader, Read as _};
use zstd::stream::read::Decoder;

/// Bytes that are unpacked at once.
const PIECE: usize = 64 * 1_024;

/// The lines of a packed file.
pub(super) struct Lines<'a> {
    from: BufReader<Decoder<'static, &'a [u8]>>,
    line: Vec<u8>,
    number: u64,
    left: u64,
    limit: u64,
}

impl<'a> Lines<'a> {
    /// Reads packed bytes of one frame that may hold so many bytes.
    pub(super) fn new(packed: &'a [u8], limit: u64) -> Result<Self, BadFile> {
        let mut decoder = Decoder::with_buffer(packed).map_err(|e| unreadable(&e))?.single_frame();
        decoder.window_log_max(WINDOW_LOG).map_err(|e| unreadable(&e))?;
        let from = BufReader::with_capacity(PIECE, decoder);
        Ok(Self { from, line: Vec::new(), number: 0, left: limit, limit })
    }

    /// The next line with its line break; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, BadFile> {
        self.line.clear();
        let longest = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        let most = longest.min(self.left.saturating_add(1));
        let read = self.from.by_ref().take(most).read_until(b'\n', &mut self.line);
        let read = u64::try_from(read.map_err(|e| unreadable(&e))?).unwrap_or(u64::MAX);
        if read == 0 {
            return self.end().map(|()| None);
        }
        self.number += 1;
        self.left = self.left.checked_sub(read).ok_or_else(|| {
            BadFile::TooLarge(format!("unpacked it has more than {} bytes", self.limit))
        })?;
        if self.line.last() == Some(&b'\n') {
            return Ok(Some(&self.line));
        }
        let problem = match read {
            _ if read == longest => format!("is longer than {LONGEST_LINE} bytes"),
            _ => "ends without a line break".to_owned(),
        };
        Err(BadFile::line(self.number, "line", problem))
    }

    /// The line that was read last.
    pub(super) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Number of the line that was read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Nothing may follow the one frame.
    fn end(&self) -> Result<(), BadFile> {
        if self.from.get_ref().get_ref().is_empty() {
            return Ok(());
        }
        Err(BadFile::Unreadable("something follows its packed lines".to_owned()))
    }
}

fn unreadable(error: &std::io::Error) -> BadFile {
    BadFile::Unreadable(format!("it cannot be unpacked ({error})"))
}
