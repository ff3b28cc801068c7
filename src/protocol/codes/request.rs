//! Request codes: which device of which product asks.
// device-protocol.md 4.1: `CB-ZC9300-24UX:FCW2134L0RN-AK9A6sMTr-86` and the UDI string of
// Unified CM are PROVEN; the letters and the middle part read as below are ours.

use super::{BadCode, Kind, base58, check, udi_text};
use crate::crypto::secret;
use crate::protocol::sudi::Sudi;

/// Digits of the product's fingerprint.
const FINGERPRINT: usize = 9;

/// A request code, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestCode {
    /// The device.
    pub device: Sudi,
    /// Which product, as far as the code says.
    pub product: Product,
    /// Single licenses, or all.
    pub kind: Kind,
}

/// How a request code names its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    /// By the fingerprint of its software tag.
    Fingerprint(String),
    /// Not at all: by the product identifier of the device (proven: Unified CM).
    Pid(String),
}

/// Nine digits that are the same for every device of a product (proven: they are).
pub fn fingerprint(software_tag: &str) -> String {
    let hash = secret::hmac(b"syncom product", software_tag.as_bytes());
    // 52 bits: 58^9 is a little more.
    let bytes: Vec<u8> = hash.iter().take(7).copied().collect();
    let bytes: Vec<u8> =
        bytes.iter().enumerate().map(|(i, b)| if i == 0 { b & 0x0f } else { *b }).collect();
    base58::encode(&bytes, FINGERPRINT)
}

/// The request code of a device; `several` when it is for all units of a group. A device with a
/// UUID is told by it, for which only the UDI string has room (proven: Unified CM).
pub fn write(device: &Sudi, software_tag: &str, kind: Kind, several: bool) -> String {
    if device.uuid.is_some() && kind == Kind::Specific {
        return udi_text(device);
    }
    let version = match kind {
        Kind::Specific => 'C',
        Kind::Universal => 'D',
    };
    let units = if several { 'E' } else { 'B' };
    let pid = device.udi_pid.as_deref().unwrap_or_default();
    let serial = device.udi_serial_number.as_deref().unwrap_or_default();
    let text = format!("{version}{units}-Z{pid}:{serial}-{}", fingerprint(software_tag));
    let digits = check::crc8(text.as_bytes());
    format!("{text}-{digits:02X}")
}

impl RequestCode {
    /// Reads what was pasted.
    ///
    /// # Errors
    /// What is wrong with it: the shape, the version, or the check digits.
    pub fn read(text: &str) -> Result<Self, BadCode> {
        let text = check::pasted(text)?;
        if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(BadCode::new("it has blanks or line breaks inside; a code is one piece"));
        }
        if text.starts_with("P:") {
            return plain(text);
        }
        let shape = || {
            BadCode::new(
                "it does not look like a request code, CB-ZPID:SERIAL-9 characters-2 digits; \
                 perhaps a part is missing",
            )
        };
        let (body, digits) = text.rsplit_once('-').ok_or_else(shape)?;
        let (head, fingerprint) = body.rsplit_once('-').ok_or_else(shape)?;
        let (letters, udi) = head.split_once("-Z").ok_or_else(shape)?;
        let (pid, serial) = udi.rsplit_once(':').ok_or_else(shape)?;
        let whole = letters.len() == 2 && digits.len() == 2 && fingerprint.len() == FINGERPRINT;
        if !whole || pid.is_empty() || serial.is_empty() {
            return Err(shape());
        }
        if u8::from_str_radix(digits, 16) != Ok(check::crc8(body.as_bytes())) {
            return Err(BadCode::new("its check digits do not fit: a character was mistyped"));
        }
        let kind = match letters.chars().next() {
            Some('C') => Kind::Specific,
            Some('D') => Kind::Universal,
            other => {
                let version = other.unwrap_or(' ');
                return Err(BadCode::new(format!(
                    "its version {version} is not known; C and D are"
                )));
            }
        };
        let product = Product::Fingerprint(fingerprint.to_owned());
        Ok(Self { device: Sudi::hardware(pid, serial), product, kind })
    }
}

/// `P:UCM,S:cc920,U:e53fc968-…`.
fn plain(text: &str) -> Result<RequestCode, BadCode> {
    let mut device = Sudi::default();
    for part in text.split(',') {
        let shape = || BadCode::new(format!("'{part:.40}' is no part of P:PID,S:SERIAL,U:UUID"));
        let (name, value) =
            part.split_once(':').filter(|(_, v)| !v.is_empty()).ok_or_else(shape)?;
        let slot = match name {
            "P" => &mut device.udi_pid,
            "S" => &mut device.udi_serial_number,
            "U" => &mut device.uuid,
            _ => return Err(shape()),
        };
        if slot.replace(value.to_owned()).is_some() {
            return Err(BadCode::new(format!("'{name}:' is there twice")));
        }
    }
    let (Some(pid), Some(_)) = (device.udi_pid.clone(), &device.udi_serial_number) else {
        return Err(BadCode::new("P: and S: are both needed; perhaps a part is missing"));
    };
    Ok(RequestCode { device, product: Product::Pid(pid), kind: Kind::Specific })
}
