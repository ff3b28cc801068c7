//! Broken inputs that reach each layer: a refusal or the same content, never a panic.

use super::*;
use crate::protocol::tests::fuzz::Dice;

/// Changes a few bytes: another value, one more, one less, a part twice.
fn broken(seed: &[u8], number: u64) -> Vec<u8> {
    let mut dice = Dice(number);
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(3) {
        let place = dice.below(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.splice(place..place, [u8::try_from(dice.below(256)).unwrap()])),
            1 if !bytes.is_empty() => drop(bytes.remove(place)),
            2 => bytes.truncate(place),
            3 => {
                let part = bytes[place..(place + dice.below(40)).min(bytes.len())].to_vec();
                drop(bytes.splice(place..place, part));
            }
            _ if bytes.is_empty() => {}
            _ => bytes[place] ^= 1 << dice.below(8),
        }
    }
    bytes
}

/// B-SYN-13, AS-39: packed bytes changed by somebody who knows how the end is made. Some changes
/// leave what is packed as it was; nothing else is accepted.
#[test]
fn broken_packings_are_refused_or_hold_the_same() {
    let key = key();
    let way = Direction::Request;
    let records = records(way);
    let good = file(header(way), &records, &key);
    let packed = super::super::seal::open(&good, Limits::default()).unwrap();
    let public = public(&key);
    let mut refused = 0;
    for number in 0..60_000 {
        match read(&seal(&broken(packed, number)), &public) {
            Ok(same) => assert_eq!(same, records, "input {number}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 50_000, "{refused}");
}

/// B-SYN-13, AS-39: lines changed by somebody who has the key.
#[test]
fn broken_lines_are_refused_by_their_number_or_read() {
    let key = key();
    let public = public(&key);
    let mut good = 0;
    for way in [Direction::Registration, Direction::Request, Direction::Response] {
        for record in records(way) {
            let text = serde_json::to_string(&record).unwrap();
            for number in 0..2_000 {
                let line = broken(text.as_bytes(), number);
                let line = String::from_utf8_lossy(&line).replace('\n', " ");
                match read(&signed(&[&line], &header(way), &key), &public) {
                    Ok(_) => good += 1,
                    Err(BadFile::Line { line, .. }) => assert_eq!(line, 2),
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }
    assert!((1..15_000).contains(&good), "{good} were good");
}

/// B-SYN-13: any bytes at all, packed or not.
#[test]
fn arbitrary_bytes_are_refused() {
    let public = public(&key());
    for number in 0..20_000 {
        let mut dice = Dice(number);
        let length = dice.below(200);
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
        for input in [bytes.clone(), seal(&bytes), pack(&bytes)] {
            assert!(read(&input, &public).is_err(), "input {number}");
        }
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd][..], &bytes].concat();
        assert!(read(&seal(&frame), &public).is_err(), "input {number}");
    }
}
