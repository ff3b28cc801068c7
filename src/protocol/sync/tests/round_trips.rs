//! What is written is read again, and people can read it too.

use super::*;
use proptest::collection::btree_map;
use proptest::prelude::*;

const WAYS: [Direction; 4] =
    [Direction::Registration, Direction::Authorization, Direction::Request, Direction::Response];

/// B-SYN-07, B-SYN-08: every kind of record, in every direction that it belongs in.
#[test]
fn every_record_comes_back_as_it_was() {
    let key = key();
    for way in WAYS {
        let records = records(way);
        let bytes = file(header(way), &records, &key);
        let checked = check(&bytes, Limits::default()).unwrap();
        assert_eq!(checked.header(), &header(way));
        assert_eq!(checked.records(), u64::try_from(records.len()).unwrap());
        assert_eq!(checked.first().unwrap(), records[0]);
        assert_eq!(checked.digest().len(), 64);
        let verified = checked.verify(&public(&key)).unwrap();
        let again: Result<Vec<Record>, BadFile> = verified.records().collect();
        assert_eq!(again.unwrap(), records, "{way:?}");
        assert_eq!(verified.records().count(), records.len(), "a second time");
    }
}

/// B-SYN-07: a record has the same digest in every file, and another record another one.
#[test]
fn a_record_is_known_again_by_its_digest() {
    let key = key();
    let digests = |number: u64| {
        let header = Header { sequence: number, ..header(Direction::Request) };
        let bytes = file(header, &records(Direction::Request), &key);
        let verified = check(&bytes, Limits::default()).unwrap().verify(&public(&key)).unwrap();
        let mut records = verified.records();
        let mut digests = Vec::new();
        while let Some(record) = records.next() {
            record.unwrap();
            digests.push(records.digest());
        }
        digests
    };
    let mut all = digests(1);
    assert_eq!(all, digests(2));
    assert!(all.iter().all(|digest| digest.len() == 32));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), records(Direction::Request).len());
}

/// B-SYN-13: each record belongs in a direction, and its word is the member's name.
#[test]
fn every_kind_of_record_has_its_word_and_its_direction() {
    for record in WAYS.into_iter().flat_map(records) {
        let text = serde_json::to_string(&record).unwrap();
        assert!(text.starts_with(&format!("{{\"{}\":{{", record.kind())), "{text}");
    }
    assert!(WAYS.into_iter().all(|way| !records(way).is_empty()));
}

/// B-SYN-06: whoever unpacks a file can read what it is, and that it is worth nothing elsewhere.
#[test]
fn a_file_explains_itself_when_it_is_unpacked() {
    for way in WAYS {
        let text = unpack(&file(header(way), &records(way), &key()));
        let first = text.lines().next().unwrap();
        assert!(first.starts_with("{\"syncom_sync\":1,\"notice\":\"Made by Syncom"), "{first}");
        assert!(first.contains("lab CA") && first.contains("worthless outside the lab"));
        assert!(first.contains("\"explains\":\"") && first.contains("upload"), "{first}");
        assert!(first.contains("\"made_at\":\"2026-01-05T09:00:00.120Z\""), "{first}");
        let last = text.lines().last().unwrap();
        assert!(last.starts_with("{\"trailer\":{\"records\":"), "{last}");
    }
}

/// B-SYN-03: what has nothing to say is a file too.
#[test]
fn a_file_may_have_no_records() {
    let key = key();
    let bytes = file(header(Direction::Request), &[], &key);
    assert_eq!(read(&bytes, &public(&key)), Ok(vec![]));
    let checked = check(&bytes, Limits::default()).unwrap();
    assert!(checked.first().unwrap_err().to_string().contains("must be a record"));
}

fn text() -> impl Strategy<Value = String> {
    "[^\0]{0,20}"
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0..253_402_300_800_000_i64).prop_map(|millis| Timestamp::from_millis(millis).unwrap())
}

fn udi() -> impl Strategy<Value = Udi> {
    let field = || prop::option::of(text());
    (field(), field(), field(), field(), field(), field(), field()).prop_map(
        |(pid, serial, vid, uuid, suvi, host_identifier, mac_address)| Udi {
            pid,
            serial,
            vid,
            uuid,
            suvi,
            host_identifier,
            mac_address,
        },
    )
}

fn any_instance() -> impl Strategy<Value = Record> {
    let uses = btree_map(text(), 1..=1_000_000_000_i64, 0..5);
    let marks = (any::<bool>(), any::<bool>(), any::<Option<bool>>());
    let when = (instant(), instant(), prop::option::of(instant()));
    (any::<u128>(), udi(), text(), prop::option::of(text()), marks, when, uses).prop_map(
        |(id, udi, product_name, hostname, marks, when, uses)| {
            Record::Instance(Box::new(Instance {
                id: InstanceId(Uuid::from_u128(id)),
                udi,
                product_name,
                hostname,
                export_allowed: marks.0,
                reserved: marks.1,
                in_compliance: marks.2,
                registered_at: when.0,
                last_contact_at: when.1,
                authorized_at: when.2,
                uses,
                ..instance()
            }))
        },
    )
}

fn any_token() -> impl Strategy<Value = Record> {
    let count = || 0..=1_000_000_000_i64;
    (any::<u128>(), text(), prop::option::of(count()), count(), prop::option::of(instant()))
        .prop_map(|(id, description, max_uses, uses, revoked_at)| {
            let id = TokenId(Uuid::from_u128(id));
            Record::Token(Token { id, description, max_uses, uses, revoked_at, ..token() })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// B-SYN-07, B-SYN-13: any texts, instants and counts come back, and only under their key.
    #[test]
    fn any_records_come_back(
        records in prop::collection::vec(prop_oneof![any_instance(), any_token()], 0..20),
        sequence in any::<u64>(),
        since in prop::collection::vec(any::<u128>(), 0..20),
    ) {
        let (key, other) = (key(), key());
        let since = since.into_iter().map(Uuid::from_u128).collect();
        let header = Header { sequence, since, ..header(Direction::Request) };
        let bytes = file(header.clone(), &records, &key);
        let checked = check(&bytes, Limits::default()).unwrap();
        prop_assert_eq!(checked.header(), &header);
        prop_assert_eq!(read(&bytes, &public(&key)), Ok(records));
        prop_assert_eq!(read(&bytes, &public(&other)), Err(BadFile::Signature));
    }
}
