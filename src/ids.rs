//! Ids, numbers and secret texts, from a clock and a seed.
//!
//! With the same seed and the same requests, everything that is made is the
//! same; a world without a given seed gets a random one at each start.

use crate::crypto::secret::hmac;
use crate::domain::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Makes ids. Clones share one sequence.
#[derive(Clone)]
pub struct Ids(Arc<Source>);

struct Source {
    seed: Vec<u8>,
    sequence: Mutex<Sequence>,
}

#[derive(Default)]
struct Sequence {
    drawn: u64,
    millis: i64,
    within: u16,
}

impl Ids {
    /// A sequence that begins anew for each seed.
    pub fn seeded(seed: &[u8]) -> Self {
        let source = Source { seed: seed.to_vec(), sequence: Mutex::new(Sequence::default()) };
        Self(Arc::new(source))
    }

    /// The next `UUIDv7`: it sorts by time, and within a millisecond by order.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let (millis, within) = self.step(now.millis());
        assemble(millis, within, self.draw())
    }

    /// The id of a named thing: the same for the same seed and name.
    pub fn named(&self, anchor: Timestamp, name: &str) -> Uuid {
        let dice = hmac(&self.0.seed, format!("named/{name}").as_bytes());
        assemble(anchor.millis(), 0, dice)
    }

    /// A new secret text of 43 characters that may stand in an address.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.draw())
    }

    /// The secret of a named thing: the same for the same seed and name.
    pub fn named_secret(&self, name: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac(&self.0.seed, format!("secret/{name}").as_bytes()))
    }

    /// Sixteen bytes for a password hash.
    pub fn salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        for (to, from) in salt.iter_mut().zip(self.draw()) {
            *to = from;
        }
        salt
    }

    /// A 64-bit number above 2^53 (proven; rest-api 0.8).
    pub fn poll(&self) -> i64 {
        let number = i64::from_be_bytes(first_eight(self.draw()));
        (number & 0x0fff_ffff_ffff_ffff) | (1 << 58)
    }

    /// The text of a registration token in the proven shape: base64 of
    /// `<uuid>-<epoch ms>|<base64 of 32 bytes>`, its last line break escaped
    /// (rest-api 5). The parts mean nothing to us: tokens are looked up.
    pub fn token_text(&self, now: Timestamp, expires_at: Timestamp) -> String {
        token_text(self.uuid(now), expires_at, self.draw())
    }

    /// The token text of a named thing.
    pub fn named_token_text(&self, anchor: Timestamp, ends: Timestamp, name: &str) -> String {
        let dice = hmac(&self.0.seed, format!("token/{name}").as_bytes());
        token_text(self.named(anchor, name), ends, dice)
    }

    fn draw(&self) -> [u8; 32] {
        let mut sequence = self.0.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        sequence.drawn += 1;
        hmac(&self.0.seed, format!("draw/{}", sequence.drawn).as_bytes())
    }

    /// A millisecond and a place in it, never lower than the last.
    fn step(&self, millis: i64) -> (i64, u16) {
        let mut sequence = self.0.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        if millis > sequence.millis {
            sequence.millis = millis;
            sequence.within = 0;
        } else if sequence.within < 0x0fff {
            sequence.within += 1;
        } else {
            sequence.millis += 1;
            sequence.within = 0;
        }
        (sequence.millis, sequence.within)
    }
}

fn first_eight(dice: [u8; 32]) -> [u8; 8] {
    let mut eight = [0; 8];
    for (to, from) in eight.iter_mut().zip(dice) {
        *to = from;
    }
    eight
}

fn assemble(millis: i64, within: u16, dice: [u8; 32]) -> Uuid {
    let high = (millis.cast_unsigned() << 16) | 0x7000 | u64::from(within & 0x0fff);
    let low = (u64::from_be_bytes(first_eight(dice)) & 0x3fff_ffff_ffff_ffff) | (1 << 63);
    Uuid::from_u64_pair(high, low)
}

fn token_text(id: Uuid, expires_at: Timestamp, dice: [u8; 32]) -> String {
    let inner = format!("{id}-{}|{}", expires_at.millis(), URL_SAFE_NO_PAD.encode(dice));
    let outer = STANDARD.encode(inner);
    // `+`, `/` and `=` would have to be escaped in an address; ours never need it.
    format!("{}%0A", outer.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
    }

    /// The same seed makes the same world; another seed another one.
    #[test]
    fn a_seed_decides_everything() {
        let (a, b, c) = (Ids::seeded(b"x"), Ids::seeded(b"x"), Ids::seeded(b"y"));
        assert_eq!(a.uuid(now()), b.uuid(now()));
        assert_eq!(a.secret(), b.secret());
        assert_eq!(a.named(now(), "va"), b.named(now(), "va"));
        assert_ne!(a.named(now(), "va"), c.named(now(), "va"));
    }

    /// Event logs are sorted by id: it must rise, also inside one millisecond.
    #[test]
    fn ids_rise_even_inside_one_millisecond() {
        let ids = Ids::seeded(b"x");
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.uuid(now())).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }

    /// rest-api 0.8: poll ids do not fit a JavaScript number.
    #[test]
    fn poll_ids_are_above_2_to_the_53() {
        let ids = Ids::seeded(b"x");
        assert!((0..100).all(|_| ids.poll() > 1 << 53));
    }

    /// A-TOK-09, rest-api 5: opaque, URL-safe, ending in `%0A`.
    #[test]
    fn token_texts_have_the_proven_shape() {
        let text = Ids::seeded(b"x").token_text(now(), now().plus_days(30));
        assert!(text.ends_with("%0A"));
        assert!((100..=255).contains(&text.len()), "{}", text.len());
    }
}
