//! Broken messages over HTTP: never a 500, and the server goes on.

use super::agent;
use crate::support::agent::{Agent, CALL_HOME, GATEWAY, SMART_TRANSPORT, in_use};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use std::collections::BTreeMap;

on_both_databases!(broken_messages_are_never_a_fault_of_the_server);

/// How many broken messages each URL is sent.
const MESSAGES: u64 = 1_000;

/// One number of a stream; see `protocol::tests::fuzz`.
fn roll(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed >> 33) % u64::try_from(below.max(1)).unwrap()).unwrap()
}

fn spoil(bytes: &mut Vec<u8>, state: &mut u64) {
    for _ in 0..=roll(state, 3) {
        let at = roll(state, bytes.len());
        let end = (at + roll(state, 30)).min(bytes.len());
        match roll(state, 5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << roll(state, 8),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            _ => bytes.insert(at, b"\0\"\\<>&{}[]x0\xff"[roll(state, 13)]),
        }
    }
}

/// The message of that number: signed and good before it is spoilt, so that some reach far.
fn broken(agent: &mut Agent, token: &str, number: u64) -> Vec<u8> {
    let mut state = number << 16;
    let body = match roll(&mut state, 3) {
        0 => {
            syncom::protocol::bodies::RequestBody::Registration(Box::new(agent.registration(token)))
        }
        1 => in_use(&[(tags::ENHANCED_PLUS, 4), ("regid.unknown", 1)]),
        _ => in_use(&[]),
    };
    let message = agent.message(body);
    // Half of them are spoilt inside of the envelope, so that the outer one can be read.
    let inside = roll(&mut state, 2) == 0;
    let mut bytes = message.into_bytes();
    if inside {
        spoil(&mut bytes, &mut state);
        return agent.wrapped(String::from_utf8_lossy(&bytes).into_owned()).into_bytes();
    }
    let mut bytes = agent.wrapped(String::from_utf8(bytes).unwrap()).into_bytes();
    spoil(&mut bytes, &mut state);
    bytes
}

/// device-protocol.md 1.2 and 1.4
async fn broken_messages_are_never_a_fault_of_the_server(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let urls = [
        (app.url(), SMART_TRANSPORT),
        (app.url(), CALL_HOME),
        (app.url(), GATEWAY),
        (app.satellite_url(), "/SmartTransport"),
    ];
    for (url, path) in urls {
        let mut product = Agent::new(&url, path, "fuzz", &app.running.clock);
        product.header.product_instance_identifier = Some(uuid::Uuid::from_u128(7));
        product.header.id_cert_serial_number = Some(7);
        let mut seen = BTreeMap::new();
        for number in 0..MESSAGES {
            let bytes = broken(&mut product, &token, number);
            let reply = product.post(bytes.clone()).await;
            let text = String::from_utf8_lossy(&bytes);
            assert!([200, 400, 413].contains(&reply.status), "{path} {number}: {reply:?}\n{text}");
            assert!(!product.read(&reply).header.nonce.is_empty());
            *seen.entry(reply.status).or_insert(0) += 1;
        }
        assert!(seen[&200] > 50 && seen[&400] > 50, "{path}: {seen:?}");
    }
    let mut good = agent(app, "good");
    good.register(good.registration(&token)).await;
}
