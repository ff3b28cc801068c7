//! Numbers in base58, at a fixed width: the digits without `0`, `O`, `I` and `l`.

/// The digits (proven: two samples of return codes have none beside these).
const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The bytes as one number, most significant first, at that width; leading zeros are `1`.
pub(super) fn encode(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = Vec::with_capacity(width);
    for _ in 0..width {
        let digit = divide(&mut number);
        digits.push(DIGITS.get(usize::from(digit)).copied().unwrap_or(b'1'));
    }
    digits.iter().rev().copied().map(char::from).collect()
}

/// Divides the number by 58; answers the rest.
fn divide(number: &mut [u8]) -> u8 {
    let mut rest = 0_u32;
    for byte in number.iter_mut() {
        let value = rest * 256 + u32::from(*byte);
        *byte = u8::try_from(value / 58).unwrap_or(u8::MAX);
        rest = value % 58;
    }
    u8::try_from(rest).unwrap_or_default()
}

/// The number in so many bytes. Fails with the first character that is no digit, or with none
/// when the number needs more bytes.
pub(super) fn decode<const N: usize>(text: &str) -> Result<[u8; N], Option<char>> {
    let mut number = [0_u8; N];
    for c in text.chars() {
        let digit = DIGITS.iter().position(|known| char::from(*known) == c).ok_or(Some(c))?;
        let mut carry = u32::try_from(digit).unwrap_or_default();
        for byte in number.iter_mut().rev() {
            let value = u32::from(*byte) * 58 + carry;
            *byte = u8::try_from(value & 0xff).unwrap_or_default();
            carry = value >> 8;
        }
        if carry != 0 {
            return Err(None);
        }
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A-RSV-15: 36 bytes always fit into 50 digits, and come back.
    #[test]
    fn the_largest_number_fits() {
        let most = [u8::MAX; 36];
        assert_eq!(decode::<36>(&encode(&most, 50)), Ok(most));
        assert_eq!(decode::<68>(&encode(&[u8::MAX; 68], 94)), Ok([u8::MAX; 68]));
        assert_eq!(decode::<36>(&"z".repeat(50)), Err(None));
        assert_eq!(decode::<36>("12l"), Err(Some('l')));
    }

    proptest! {
        /// A-RSV-15: what is written is read.
        #[test]
        fn numbers_come_back(bytes in prop::array::uniform32(any::<u8>())) {
            prop_assert_eq!(decode::<32>(&encode(&bytes, 44)), Ok(bytes));
        }
    }
}
