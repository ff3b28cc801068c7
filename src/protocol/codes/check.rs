//! Check digits, and what may be around a code that was pasted or uploaded.

use super::{BadCode, LONGEST};

/// CRC-8 with the polynomial x^8 + x^2 + x + 1: it finds every single wrong character.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc: u8, _| (crc << 1) ^ if crc & 0x80 == 0 { 0 } else { 0x07 })
    })
}

/// A code without blanks and quotes around it.
///
/// # Errors
/// It is empty, too long, or a file of another kind.
pub(super) fn pasted(text: &str) -> Result<&str, BadCode> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let text = quoted.unwrap_or(text).trim();
    if text.is_empty() {
        return Err(BadCode::new("it is empty"));
    }
    if text.len() > LONGEST {
        let problem = format!("it has {} bytes; a code has at most {LONGEST}", text.len());
        return Err(BadCode::new(problem));
    }
    if text.contains('\0') || text.starts_with("PK\u{3}\u{4}") {
        return Err(BadCode::new("it is not text; unpack the file first if it is an archive"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-RSV-03: the check value of the published algorithm.
    #[test]
    fn the_published_check_value_holds() {
        assert_eq!(crc8(b"123456789"), 0xf4);
    }

    /// A-RSV-03: quotes and blanks around a code are nobody's fault.
    #[test]
    fn what_is_around_a_code_is_taken_off() {
        assert_eq!(pasted(" \u{feff} \"AB\" \n").map_err(|e| e.0), Ok("AB"));
        assert_eq!(pasted("\u{feff}AB").unwrap(), "AB");
        for bad in ["", " \n", "\"\"", "PK\u{3}\u{4}x", "a\0b", &"x".repeat(LONGEST + 1)] {
            assert!(pasted(bad).is_err(), "{bad:.10}");
        }
    }
}
