//! SHA-256 of what is too long to hold.

use ring::digest::{Context, SHA256};
use std::fmt;

/// A SHA-256 that grows with what it is given.
pub struct Sha256(Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Sha256 {
    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes that were taken in.
    pub fn finish(self) -> [u8; 32] {
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(self.0.finish().as_ref()) {
            *to = *from;
        }
        out
    }

    /// The digest of these bytes alone.
    pub fn of(bytes: &[u8]) -> [u8; 32] {
        let mut digest = Self::default();
        digest.update(bytes);
        digest.finish()
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::secret;

    /// FIPS 180-2, appendix B: the digest of "abc", in one piece and in two.
    #[test]
    fn the_published_digest_comes_out_in_any_number_of_pieces() {
        let mut pieces = Sha256::default();
        pieces.update(b"a");
        pieces.update(b"bc");
        let whole = Sha256::of(b"abc");
        assert_eq!(pieces.finish(), whole);
        assert_eq!(secret::hex(&whole), secret::digest("abc"));
        assert!(secret::hex(&whole).starts_with("ba7816bf8f01cfea"));
    }
}
