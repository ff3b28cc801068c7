//! Tests of the files: round trips, every way to be broken, and never a panic.

mod broken;
mod fuzz;
mod round_trips;
mod rules;

use super::*;
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::crypto::sign::PublicKey;
use crate::domain::id::{InstanceId, LineId, TokenId, VirtualAccountId};
use crate::domain::license::{Billing, LicenseType};
use crate::domain::line::{Booking, Source};
use crate::domain::sync::Kind;
use crate::domain::time::Timestamp;
use std::io::Write as _;
use uuid::Uuid;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn key() -> PrivateKey {
    PrivateKey::generate(KeyKind::P256).unwrap()
}

fn public(key: &PrivateKey) -> PublicKey {
    PublicKey::from_spki_der(&key.spki_der()).unwrap()
}

/// A header with all that its direction needs or allows.
fn header(direction: Direction) -> Header {
    let uuid = Uuid::from_u128;
    let (request, response) = (direction == Direction::Request, direction == Direction::Response);
    let answer = response || direction == Direction::Authorization;
    Header {
        direction,
        kind: (request || response).then_some(Kind::Standard),
        uid: uuid(1),
        on_prem: "Plant A".to_owned(),
        smart_account: "Contoso Lab".to_owned(),
        sequence: 7,
        nonce: uuid(2),
        base: request.then(|| uuid(3)),
        since: if request { vec![uuid(4), uuid(5)] } else { vec![] },
        answers: answer.then(|| uuid(6)),
        next_sequence: response.then_some(8),
        made_at: at("2026-01-05T09:00:00.120Z"),
        made_by: "0.1.0".to_owned(),
    }
}

fn instance() -> Instance {
    Instance {
        id: InstanceId(Uuid::from_u128(20)),
        virtual_account: VirtualAccountId(Uuid::from_u128(10)),
        udi: Udi {
            pid: Some("SIM".to_owned()),
            serial: Some("SIM\"ü\n1".to_owned()),
            ..Udi::default()
        },
        software_tag: "regid.sim".to_owned(),
        product_name: "Simulator".to_owned(),
        hostname: None,
        export_allowed: true,
        reserved: false,
        registered_at: at("2026-01-05T09:00:00Z"),
        last_contact_at: at("2026-01-05T09:00:00.001Z"),
        authorized_at: Some(at("2026-01-05T09:00:00Z")),
        in_compliance: Some(false),
        uses: [("regid.a".to_owned(), 4), ("regid.b".to_owned(), 1)].into(),
    }
}

fn token() -> Token {
    Token {
        id: TokenId(Uuid::from_u128(30)),
        virtual_account: VirtualAccountId(Uuid::from_u128(10)),
        short: "ABCDEF…12345678".to_owned(),
        description: "two\nlines".to_owned(),
        export_allowed: false,
        max_uses: Some(5),
        uses: 0,
        created_by: "admin".to_owned(),
        created_at: at("2026-01-05T09:00:00Z"),
        expires_at: at("2026-02-04T09:00:00Z"),
        revoked_at: None,
    }
}

fn line() -> Line {
    Line {
        id: LineId(Uuid::from_u128(40)),
        virtual_account: VirtualAccountId(Uuid::from_u128(11)),
        tag: "regid.a".to_owned(),
        license_type: LicenseType::Term,
        quantity: 50,
        starts: "2026-01-05".parse().unwrap(),
        ends: Some("2026-06-30".parse().unwrap()),
        booking: Booking::Booked,
        enterprise_agreement: false,
        portable: true,
        origin: Origin {
            source: Source::DeviceMigration,
            order_number: Some("4711".to_owned()),
            sku: None,
            subscription_id: None,
            pak: None,
            product_serial: Some("SN".to_owned()),
            family: None,
            device_details: None,
        },
    }
}

fn agreed() -> Account {
    let agreement = Agreement {
        version: "1".to_owned(),
        accepted_by: "ann".to_owned(),
        accepted_at: at("2026-01-05T09:00:00Z"),
    };
    Account {
        smart_account: "Contoso Lab".to_owned(),
        domain: "lab.example".to_owned(),
        export_entitled: true,
        reservation_enabled: false,
        agreement: Some(agreement),
        published: Some(Published { version: "2".to_owned(), at: at("2026-01-06T09:00:00Z") }),
    }
}

fn entitlement() -> Entitlement {
    Entitlement {
        tag: "regid.a".to_owned(),
        name: "A".to_owned(),
        description: String::new(),
        billing: Billing::Usage,
        enforced: true,
        export_restricted: false,
        family: Some("F".to_owned()),
        tier: Some(2),
    }
}

/// One record of each kind that a direction may hold.
fn records(direction: Direction) -> Vec<Record> {
    let place = VirtualAccountId(Uuid::from_u128(10));
    let registration = Registration {
        csr: vec![0x30, 0, 255],
        local_account: "Plant A".to_owned(),
        mode: Mode::Onprem8,
        virtual_accounts: vec!["Sat-A-VA".to_owned()],
        email: "ops@lab.example".to_owned(),
        version: "0.1.0".to_owned(),
    };
    let name = "Default".to_owned();
    let all = [
        Record::Registration(registration),
        Record::Authorization(Authorization { certificates: vec!["PEM".to_owned()], root: None }),
        Record::Account(agreed()),
        Record::VirtualAccount(VirtualAccount { id: place, name: name.clone() }),
        Record::LocalVirtualAccount(LocalVirtualAccount {
            id: place,
            name,
            upstream: Some(place),
            default: true,
        }),
        Record::Entitlement(entitlement()),
        Record::Line(Box::new(line())),
        Record::Due(Due { due: at("2026-02-04T09:00:00Z"), deadline: at("2026-04-05T09:00:00Z") }),
        Record::Instance(Box::new(instance())),
        Record::InstanceRemoved(InstanceRemoved { id: InstanceId(Uuid::from_u128(21)), at: None }),
        Record::Token(token()),
        Record::TokenRemoved(TokenRemoved { id: TokenId(Uuid::from_u128(31)) }),
    ];
    all.into_iter().filter(|record| record.belongs_in(direction)).collect()
}

/// A file with these records.
fn file(header: Header, records: &[Record], key: &PrivateKey) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), header).unwrap();
    for record in records {
        writer.record(record).unwrap();
    }
    writer.finish(|text| key.sign(text)).unwrap()
}

/// The lines of a file, as `zstd -d` shows them.
fn unpack(bytes: &[u8]) -> String {
    String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap()
}

/// Packs any bytes, with a true end.
fn seal(packed: &[u8]) -> Vec<u8> {
    let mut sealing = super::seal::Sealing::new(Vec::new());
    sealing.write_all(packed).unwrap();
    sealing.finish().unwrap()
}

fn pack(lines: &[u8]) -> Vec<u8> {
    seal(&zstd::encode_all(lines, 3).unwrap())
}

/// Any lines after a header line, truly digested and signed.
fn signed(lines: &[&str], header: &Header, key: &PrivateKey) -> Vec<u8> {
    use crate::crypto::{digest::Sha256, secret};
    let mut text = Vec::new();
    header.write(&mut text).unwrap();
    text.push(b'\n');
    for line in lines {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    let sha256 = secret::hex(&Sha256::of(&text));
    let records = u64::try_from(lines.len()).unwrap();
    let signature =
        key.sign(super::trailer::signed_text(header, records, &sha256).as_bytes()).unwrap();
    super::trailer::Trailer { records, sha256, signature }.write(&mut text).unwrap();
    text.push(b'\n');
    pack(&text)
}

/// All records of a file that is as it should be.
fn read(bytes: &[u8], key: &PublicKey) -> Result<Vec<Record>, BadFile> {
    check(bytes, Limits::default())?.verify(key)?.records().collect()
}

fn refusal(bytes: &[u8], key: &PublicKey) -> String {
    read(bytes, key).unwrap_err().to_string()
}
