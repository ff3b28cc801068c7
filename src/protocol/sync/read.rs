//! Reading a file in two passes: judge it whole, then hand out what it says.

use super::lines::Lines;
use super::trailer::{self, Trailer, signed_text};
use super::{BadFile, Direction, Header, Limits, Record, place, seal};
use crate::crypto::digest::Sha256;
use crate::crypto::secret;
use crate::crypto::sign::PublicKey;

/// A file that is whole, with its bytes or a borrow of them. Nobody knows yet who made it.
#[derive(Clone, Debug)]
pub struct Checked<B> {
    file: B,
    /// How many bytes of it are the packed lines.
    packed: usize,
    unpacked: u64,
    header: Header,
    trailer: Trailer,
}

/// A file that is whole and was signed with the key that was given.
#[derive(Clone, Debug)]
pub struct Verified<B>(Checked<B>);

/// The first pass over the bytes of a file: its size, its packing, its lines, their digest and
/// their number. What the lines say is not looked at.
pub fn check<B: AsRef<[u8]>>(file: B, limits: Limits) -> Result<Checked<B>, BadFile> {
    let packed = seal::open(file.as_ref(), limits)?;
    let unpacked = limits.unpacked_of(u64::try_from(packed.len()).unwrap_or(u64::MAX));
    let mut lines = Lines::new(packed, unpacked)?;
    let mut digest = Sha256::default();
    let header = header(&mut lines)?;
    digest.update(lines.line());
    let (trailer, records) = to_the_end(&mut lines, &mut digest)?;
    let number = lines.number();
    if trailer.records != records {
        let problem = format!("says {}, but there are {records}", trailer.records);
        return Err(BadFile::line(number, "trailer.records", problem));
    }
    if trailer.sha256 != secret::hex(&digest.finish()) {
        let problem = "is not the digest of the lines before; they were changed";
        return Err(BadFile::line(number, "trailer.sha256", problem));
    }
    let packed = packed.len();
    Ok(Checked { file, packed, unpacked, header, trailer })
}

/// What a file claims to be, of which only the first line is unpacked: for what a stranger sends.
pub fn claim(bytes: &[u8], limits: Limits) -> Result<Header, BadFile> {
    let packed = seal::open(bytes, limits)?;
    let most = u64::try_from(super::LONGEST_LINE).unwrap_or(u64::MAX);
    header(&mut Lines::new(packed, most)?)
}

fn header(lines: &mut Lines<'_>) -> Result<Header, BadFile> {
    let nothing = || BadFile::Unreadable("nothing is packed in it".to_owned());
    let line = lines.next()?.ok_or_else(nothing)?;
    Header::read(without_break(line))
}

/// Counts and digests all lines before the trailer, which must be the last.
fn to_the_end(lines: &mut Lines<'_>, digest: &mut Sha256) -> Result<(Trailer, u64), BadFile> {
    let mut records = 0;
    loop {
        let number = lines.number() + 1;
        match lines.next()? {
            Some(line) if line.starts_with(trailer::START) => {
                let trailer = Trailer::read(number, without_break(line))?;
                return match lines.next()? {
                    None => Ok((trailer, records)),
                    Some(_) => Err(BadFile::line(number + 1, "line", "follows the trailer")),
                };
            }
            Some(line) => {
                digest.update(line);
                records += 1;
            }
            None => return Err(BadFile::line(number, "trailer", "is missing; the file was cut")),
        }
    }
}

fn without_break(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

impl<B: AsRef<[u8]>> Checked<B> {
    /// The header, as whoever made the file wrote it.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.trailer.records
    }

    /// SHA-256 of all lines before the trailer, hexadecimal.
    pub fn digest(&self) -> &str {
        &self.trailer.sha256
    }

    /// The first record, for files that bring along the key that they are signed with.
    pub fn first(&self) -> Result<Record, BadFile> {
        let missing = || BadFile::line(2, "line", "must be a record");
        self.read().next().unwrap_or_else(|| Err(missing()))
    }

    /// Whether this key signed it.
    pub fn verify(self, key: &PublicKey) -> Result<Verified<B>, BadFile> {
        let signed = signed_text(&self.header, self.trailer.records, &self.trailer.sha256);
        match key.verify(signed.as_bytes(), &self.trailer.signature) {
            Ok(()) => Ok(Verified(self)),
            Err(_) => Err(BadFile::Signature),
        }
    }

    fn read(&self) -> Records<'_> {
        let packed = self.file.as_ref().get(..self.packed).unwrap_or_default();
        Records {
            lines: Lines::new(packed, self.unpacked),
            direction: self.header.direction,
            left: self.trailer.records,
        }
    }
}

impl<B: AsRef<[u8]>> Verified<B> {
    /// The header.
    pub fn header(&self) -> &Header {
        self.0.header()
    }

    /// SHA-256 of all lines before the trailer, hexadecimal.
    pub fn digest(&self) -> &str {
        self.0.digest()
    }

    /// The second pass: one record after the other. It ends after the first that cannot be read.
    pub fn records(&self) -> Records<'_> {
        self.0.read()
    }
}

/// The records of a file, in its order.
pub struct Records<'a> {
    lines: Result<Lines<'a>, BadFile>,
    direction: Direction,
    left: u64,
}

impl Records<'_> {
    /// What tells the record that was read last from others: the beginning of the SHA-256 of its
    /// line, hexadecimal. 16 bytes are enough for telling changes of one maker.
    pub fn digest(&self) -> String {
        let line = self.lines.as_ref().map_or(&[][..], Lines::line);
        secret::hex(Sha256::of(line).split_at(16).0)
    }

    fn read(&mut self) -> Result<Record, BadFile> {
        let lines = self.lines.as_mut().map_err(|error| error.clone())?;
        if lines.number() == 0 {
            lines.next()?;
        }
        let number = lines.number() + 1;
        let ended = || BadFile::line(number, "line", "must be a record");
        let line = lines.next()?.ok_or_else(ended)?;
        let record: Record = place::read(number, without_break(line))?;
        if record.belongs_in(self.direction) {
            return Ok(record);
        }
        let problem =
            format!("does not belong in a file of this direction ({})", self.direction.word());
        Err(BadFile::line(number, record.kind(), problem))
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, BadFile>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let record = self.read();
        if record.is_err() {
            self.left = 0;
        }
        Some(record)
    }
}
