//! What a device answers to an authorization code: it is installed, or it is given back.

use super::{base58, udi_text};
use crate::crypto::secret;
use crate::protocol::sudi::Sudi;

/// Digits of a return code behind its letter (proven: 51 characters, all samples begin with C).
const RETURN_DIGITS: usize = 50;

/// The confirmation code: 8 hexadecimal digits (proven), nearly 32 bits that only somebody who has the
/// authorization code can make.
pub fn confirmation(secret_of_code: &[u8], device: &Sudi) -> String {
    let mac = mac(secret_of_code, "confirmation", device);
    let codes = mac.chunks(4).map(secret::hex);
    // The published parser takes eight decimal digits for a number, and fails.
    let has_letter = |code: &String| code.bytes().any(|b| b.is_ascii_alphabetic());
    codes.clone().find(has_letter).or_else(|| codes.clone().next()).unwrap_or_default()
}

/// The return code: 256 bits, and 32 check digits so that a slip is told from a wrong code.
pub fn return_code(secret_of_code: &[u8], device: &Sudi) -> String {
    let mac = mac(secret_of_code, "return", device);
    let bytes: Vec<u8> = mac.iter().chain(&digits(&mac)).copied().collect();
    format!("C{}", base58::encode(&bytes, RETURN_DIGITS))
}

fn mac(secret_of_code: &[u8], what: &str, device: &Sudi) -> [u8; 32] {
    secret::hmac(secret_of_code, format!("syncom {what}|{}", udi_text(device)).as_bytes())
}

fn digits(mac: &[u8; 32]) -> [u8; 4] {
    secret::hmac(b"syncom return digits", mac).first_chunk().copied().unwrap_or_default()
}

/// A confirmation code as it is compared, if this is the shape of one.
pub fn is_confirmation(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase())
}

/// A return code as it is compared, with or without the strokes between its groups; what is wrong
/// otherwise: the shape, or a slip.
pub fn is_return(text: &str) -> Result<String, &'static str> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '"').collect();
    let body = text.strip_prefix('C').filter(|body| body.chars().count() == RETURN_DIGITS);
    let body = body.ok_or("a return code is C and 50 letters and digits")?;
    let bytes: [u8; 36] =
        base58::decode(body).map_err(|_| "it has a character that no return code has")?;
    let mac = bytes.first_chunk::<32>().copied().unwrap_or_default();
    if bytes.get(32..) != Some(&digits(&mac)[..]) {
        return Err("its check digits do not fit: a character was mistyped");
    }
    Ok(text)
}
