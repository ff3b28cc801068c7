//! Files that are no files of ours, that were cut or changed, or that want more than they may.

use super::*;

fn good() -> (Vec<u8>, PublicKey) {
    let key = key();
    let way = Direction::Request;
    (file(header(way), &records(way), &key), public(&key))
}

/// B-SYN-13, AS-39: one byte of a file changed to any other value, and it is refused.
#[test]
fn every_single_changed_byte_is_refused() {
    let (good, key) = good();
    assert!(read(&good, &key).is_ok());
    let mut bytes = good.clone();
    for place in 0..bytes.len() {
        for change in 1..=255 {
            bytes[place] = good[place] ^ change;
            assert!(read(&bytes, &key).is_err(), "byte {place} changed by {change}");
        }
        bytes[place] = good[place];
    }
}

/// B-SYN-13, AS-39: one byte of any line changed by somebody who packs it well again.
#[test]
fn every_single_changed_byte_of_a_line_is_refused() {
    let (good, key) = good();
    let text = zstd::decode_all(&good[..]).unwrap();
    assert!(read(&pack(&text), &key).is_ok(), "the packing itself is nobody's secret");
    let mut bytes = text.clone();
    for place in 0..bytes.len() {
        for change in [1, 2, 4, 8, 16, 32, 64, 128] {
            bytes[place] = text[place] ^ change;
            assert!(read(&pack(&bytes), &key).is_err(), "byte {place} changed by {change}");
        }
        bytes[place] = text[place];
    }
}

/// AS-39: a file that ends too early, packed or unpacked.
#[test]
fn every_cut_is_refused() {
    let (good, key) = good();
    for length in 0..good.len() {
        assert!(read(&good[..length], &key).is_err(), "{length} bytes");
    }
    let text = zstd::decode_all(&good[..]).unwrap();
    for length in 0..text.len() {
        assert!(read(&pack(&text[..length]), &key).is_err(), "{length} bytes");
    }
    assert!(refusal(&good[..good.len() - 1], &key).contains("cut off"));
}

/// B-SYN-13: of a stranger's file the first line alone is unpacked, and not a long one.
#[test]
fn a_claim_is_the_first_line_alone() {
    let (good, key) = good();
    let text = unpack(&good);
    let (first, _) = text.split_once('\n').unwrap();
    let only = pack(format!("{first}\nrubbish without an end").as_bytes());
    let whole = check(&good, Limits::default()).unwrap();
    assert_eq!(&claim(&only, Limits::default()).unwrap(), whole.header());
    assert!(read(&only, &key).is_err());
    let long = pack(" ".repeat(LONGEST_LINE + 1).as_bytes());
    let refused = claim(&long, Limits::default()).unwrap_err().to_string();
    assert!(refused.contains("is longer than"), "{refused}");
}

/// AS-39: a file of another kind is called what it is.
#[test]
fn other_files_are_named() {
    let (good, key) = good();
    let text = unpack(&good);
    for (bytes, word) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04...", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"BZh9", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"%PDF-1.4", "PDF"),
        (text.as_bytes(), "not unpacked"),
        (b"<html>", "web page"),
        (b"-----BEGIN CERTIFICATE-----", "PEM"),
        (b"hello", "not packed with zstd"),
        (b"\x28\xb5\x2f\xfd", "cut off"),
    ] {
        let said = refusal(bytes, &key);
        assert!(said.contains(word), "{said}");
    }
}

/// AS-39: nothing may stand before, between or behind.
#[test]
fn more_than_one_frame_is_refused() {
    let (good, key) = good();
    let text = zstd::decode_all(&good[..]).unwrap();
    let frame = zstd::encode_all(&text[..], 3).unwrap();
    let (begin, end) = text.split_at(text.len() / 2);
    let halves = [zstd::encode_all(begin, 3).unwrap(), zstd::encode_all(end, 3).unwrap()];
    for wrong in [
        seal(&[frame.clone(), frame.clone()].concat()),
        seal(&[&frame[..], b"x"].concat()),
        seal(&halves.concat()),
        seal(&good),
        [good.clone(), good.clone()].concat(),
        [&good[..], b"\n"].concat(),
        [b"\n", &good[..]].concat(),
        seal(&zstd::encode_all(&b""[..], 3).unwrap()),
        pack(&[&text[..], b"\n"].concat()),
        pack(&[&text[..], b"{\"due\":{}}\n"].concat()),
    ] {
        assert!(read(&wrong, &key).is_err());
    }
}

/// AS-39: what would fill the memory or the day is refused long before.
#[test]
fn bombs_are_refused() {
    let (_, key) = good();
    let zeros = pack(&vec![0; 64 << 20]);
    assert!(refusal(&zeros, &key).contains("longer than 1048576 bytes"));
    let breaks = std::iter::repeat_n(b"{}\n", 32 << 20).flatten().copied().collect::<Vec<u8>>();
    let mut head = Vec::new();
    header(Direction::Request).write(&mut head).unwrap();
    let many = pack(&[&head[..], b"\n", &breaks].concat());
    assert!(many.len() < 100_000);
    assert!(refusal(&many, &key).contains("unpacked it has more than"));
    // A frame of a window of 2 GiB: magic, descriptor, window 2^31, one raw block of a byte.
    let window = seal(&[0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 0x09, 0, 0, b'\n']);
    assert!(refusal(&window, &key).contains("cannot be unpacked"));
    // A single segment that says it holds 2^62 bytes.
    let huge = [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &(1_u64 << 62).to_le_bytes(), &[9, 0, 0, 10]];
    assert!(refusal(&seal(&huge.concat()), &key).contains("cannot be unpacked"));
    // Millions of empty blocks.
    let empty = [&[0x28, 0xb5, 0x2f, 0xfd, 0, 0x58][..], &vec![0; 30_000_000]].concat();
    assert!(read(&seal(&empty), &key).is_err());
}

/// AS-39: both limits are settings, to the byte.
#[test]
fn the_limits_are_kept_to_the_byte() {
    let (good, _) = good();
    let packed = u64::try_from(good.len()).unwrap();
    let unpacked = u64::try_from(zstd::decode_all(&good[..]).unwrap().len()).unwrap();
    assert!(check(&good, Limits { packed, unpacked }).is_ok());
    for (limits, word) in [
        (Limits { packed: packed - 1, unpacked }, "are the limit"),
        (Limits { packed, unpacked: unpacked - 1 }, "unpacked it has more than"),
    ] {
        let said = check(&good, limits).unwrap_err();
        assert!(matches!(said, BadFile::TooLarge(_)) && said.to_string().contains(word), "{said}");
    }
}

/// B-SYN-13: a writer does not make what no reader takes.
#[test]
fn a_line_that_is_too_long_is_not_written() {
    let mut writer = Writer::begin(Vec::new(), header(Direction::Request)).unwrap();
    let uses = (0..100_000).map(|n| (format!("regid.{n}"), 1)).collect();
    let long = Record::Instance(Box::new(Instance { uses, ..instance() }));
    assert!(matches!(writer.record(&long), Err(WriteError::LongLine(_))));
}
