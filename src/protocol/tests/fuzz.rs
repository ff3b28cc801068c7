//! A million broken inputs for each envelope: a refusal every time, never a panic.
//!
//! The generator is a counter and a mixing function, so that a failure names its number and can
//! be made again.

use super::super::call_home::CallHomeMessage;
use super::super::response::SignedResponse;
use super::*;

/// How many inputs each envelope is given.
const INPUTS: u64 = 1_000_000;
/// How many of every hundred are bytes of no origin at all.
const ARBITRARY: u64 = 20;
/// In how many parts the inputs are read at once.
const PARTS: u64 = 4;

/// Pieces that mean something to one reader or the other.
const PIECES: [&[u8]; 24] = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"<!DOCTYPE a>",
    b"&#0;",
    b"&lt;",
    b"<?xml?>",
    b"</",
    b"/>",
    b" xmlns='u'",
    b"\"",
    b"\\",
    b"\\u0000",
    b"{",
    b"}",
    b"[",
    b"1e999",
    b"null",
    b"\xff",
    b"\xc3",
];

/// A counter and a mixing function: every number is another stream.
pub(in crate::protocol) struct Dice(pub(in crate::protocol) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(in crate::protocol) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }
}

/// The input of that number.
fn input(seeds: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut dice = Dice(number << 8);
    if dice.next() % 100 < ARBITRARY {
        return (0..dice.below(48)).map(|_| dice.next().to_le_bytes()[0]).collect();
    }
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(24)).min(bytes.len());
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.next().to_le_bytes()[0],
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            _ => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
        }
    }
    bytes
}

/// Reads all inputs; answers how many were good in spite of all.
fn survive(seeds: &[Vec<u8>], read: impl Fn(&[u8]) -> bool + Sync) -> u64 {
    let part = |part| {
        let numbers = (part..INPUTS).step_by(usize::try_from(PARTS).unwrap());
        let good = numbers.filter(|number| {
            let bytes = input(seeds, *number);
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&bytes)));
            outcome.unwrap_or_else(|_| {
                panic!("input {number}: {}", String::from_utf8_lossy(&bytes));
            })
        });
        u64::try_from(good.count()).unwrap()
    };
    std::thread::scope(|scope| {
        let part = &part;
        let parts: Vec<_> = (0..PARTS).map(|n| scope.spawn(move || part(n))).collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    })
}

fn json(request: &Request) -> Vec<u8> {
    SignedRequest::envelope(&request.to_text(), vec![7; 8]).into_bytes()
}

/// device-protocol.md 1.4
#[test]
fn a_million_broken_messages_are_refused() {
    let answer = br#"{"signature":{"type":"SHA-256","key":"3","value":"AA=="},"response":"{}"}"#;
    let seeds = [json(&authorization()), json(&registration()), answer.to_vec()];
    let good = survive(&seeds, |bytes| {
        SignedRequest::parse(bytes).is_ok() | SignedResponse::parse(bytes).is_ok()
    });
    assert!((1..INPUTS / 2).contains(&good), "{good} were good");
}

/// device-protocol.md 1.2
#[test]
fn a_million_broken_envelopes_are_refused() {
    let text = |message: CallHomeMessage| message.to_xml().replace('\n', "").into_bytes();
    let whole = text(CallHomeMessage::request("M1".to_owned(), now(), "{\"a\":1}".to_owned()));
    let short = br#"<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header><Session
        xmlns="http://www.cisco.com/2004/01/aml-session"><To>a</To><From>b</From><MessageId>c</MessageId
        ></Session></e:Header><e:Body><Block xmlns="http://www.cisco.com/2004/01/aml-block"><Attachments>
        <Attachment type="inline"><Name>smart_licensing_data</Name><Data encoding="plain"><![CDATA[{}]]>
        </Data></Attachment></Attachments></Block></e:Body></e:Envelope>"#;
    let seeds = [whole, short.to_vec(), short.to_vec()];
    let good = survive(&seeds, |bytes| CallHomeMessage::parse(bytes).is_ok());
    assert!((1..INPUTS / 2).contains(&good), "{good} were good");
}
