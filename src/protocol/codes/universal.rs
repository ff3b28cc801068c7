//! The authorization code of a universal reservation: groups of characters.
// device-protocol.md 4.1: base58 in groups of 6, up to 16 of them, `DA` in front: shape PROVEN;
// what the digits hold is ours.

use super::{BadCode, base58, udi_text};
use crate::protocol::sudi::Sudi;

/// Digits behind `DA`.
const DIGITS: usize = 94;
/// Characters of a group.
const GROUP: usize = 6;

/// A code, read but not believed: a number that is never the same twice, and a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Universal {
    /// Of the authorization.
    pub number: u32,
    /// r and s, 32 bytes each.
    signature: [u8; 64],
}

/// What is to be signed for a device, which is named only by what its request code has room for:
/// without its UUID.
pub fn body(number: u32, device: &Sudi, software_tag: &str) -> Vec<u8> {
    let device = named(device);
    format!("syncom universal|{number}|{}|{software_tag}", udi_text(&device)).into_bytes()
}

/// How universal codes name a device.
pub(super) fn named(device: &Sudi) -> Sudi {
    Sudi { uuid: None, ..device.clone() }
}

/// The whole code; none if the signature is no ECDSA P-256 in DER.
pub fn frame(number: u32, signature_der: &[u8]) -> Option<String> {
    let signature = fixed(signature_der)?;
    let bytes: Vec<u8> = number.to_be_bytes().into_iter().chain(signature).collect();
    let text = format!("DA{}", base58::encode(&bytes, DIGITS));
    let groups: Vec<&str> =
        (0..text.len()).step_by(GROUP).filter_map(|at| text.get(at..at + GROUP)).collect();
    Some(groups.join("-"))
}

impl Universal {
    pub(super) fn read(text: &str) -> Result<Self, BadCode> {
        let text: String = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
        let digits = text.strip_prefix("DA").ok_or_else(|| {
            BadCode::new("it is no authorization code: those begin with <specificPLR> or with DA")
        })?;
        if digits.chars().count() != DIGITS {
            let problem = format!(
                "it has {} characters without strokes; {} are the rule",
                text.chars().count(),
                DIGITS + 2
            );
            return Err(BadCode::new(problem));
        }
        let bytes: [u8; 68] = base58::decode(digits).map_err(|digit| match digit {
            Some(digit) => BadCode::new(format!("the character '{digit}' is in no code")),
            None => BadCode::new("it is larger than any code: a character was mistyped"),
        })?;
        let (number, signature) = bytes.split_at(4);
        Ok(Self {
            number: u32::from_be_bytes(number.try_into().unwrap_or_default()),
            signature: signature.try_into().unwrap_or([0; 64]),
        })
    }

    pub(super) fn signed_bytes(&self, device: &Sudi, software_tag: &str) -> Vec<u8> {
        body(self.number, device, software_tag)
    }

    pub(super) fn signature_der(&self) -> Vec<u8> {
        let (r, s) = self.signature.split_at(32);
        let content: Vec<u8> = [r, s].into_iter().flat_map(integer).collect();
        let length = u8::try_from(content.len()).unwrap_or_default();
        [0x30, length].into_iter().chain(content).collect()
    }
}

/// A positive integer in DER.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let from = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len().saturating_sub(1));
    let digits = bytes.get(from..).unwrap_or_default();
    let sign = digits.first().is_some_and(|b| b & 0x80 != 0);
    let length = u8::try_from(digits.len() + usize::from(sign)).unwrap_or_default();
    let zero = if sign { &[0][..] } else { &[] };
    [2, length].iter().chain(zero).chain(digits).copied().collect()
}

/// r and s of a signature in DER, at 32 bytes each.
fn fixed(der: &[u8]) -> Option<[u8; 64]> {
    let [0x30, _, rest @ ..] = der else { return None };
    let (r, rest) = read_integer(rest)?;
    let (s, rest) = read_integer(rest)?;
    let mut both = [0; 64];
    let (left, right) = both.split_at_mut(32);
    for (to, from) in [(left, r), (right, s)] {
        let at = 32_usize.checked_sub(from.len())?;
        to.get_mut(at..)?.copy_from_slice(from);
    }
    rest.is_empty().then_some(both)
}

fn read_integer(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [2, length, rest @ ..] = der else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let from = digits.iter().position(|b| *b != 0)?;
    Some((digits.get(from..)?, rest))
}
