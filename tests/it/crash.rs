//! What was answered is on the disk.

use crate::support::app::install_crypto;
use crate::support::device::TestDevice;
use crate::support::process::Process;
use crate::support::rest::Rest;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use syncom::clock::Clock;

/// Products that register at once.
const AT_ONCE: usize = 200;
/// Answers after which the server is killed.
const ANSWERS: usize = 70;

/// Registers products, so many at once, until the server is killed among the answers, and tells
/// which products were answered. Each task goes on with a new product until it is interrupted,
/// so that none can be done before the kill.
async fn registered_before_the_kill(server: Process) -> BTreeSet<String> {
    let (url, token, clock) = (server.url(), server.token(), Clock::wall());
    let server = Rc::new(RefCell::new(server));
    let answered = Rc::new(RefCell::new(BTreeSet::new()));
    let tasks: Vec<_> = (1..)
        .take(AT_ONCE)
        .map(|first: u32| {
            let (url, token, clock) = (url.clone(), token.clone(), clock.clone());
            let (server, answered) = (Rc::clone(&server), Rc::clone(&answered));
            actix_web::rt::spawn(async move {
                for number in (first..).step_by(AT_ONCE) {
                    let mut product = TestDevice::new(&url, number, &clock);
                    if product.register(&token).await.is_err() {
                        return;
                    }
                    answered.borrow_mut().insert(format!("dev-{number}"));
                    if answered.borrow().len() == ANSWERS {
                        server.borrow_mut().kill();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    answered.take()
}

/// The names of all products that the server knows.
async fn known(server: &Process) -> BTreeSet<String> {
    let client = &server.ready["lab"]["api_client"];
    let grant = [
        ("grant_type", "client_credentials"),
        ("client_id", client["id"].as_str().unwrap()),
        ("client_secret", client["secret"].as_str().unwrap()),
    ];
    let rest = Rest::new(&server.url()).signed_in(&grant).await;
    let path = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example/devices";
    let answer = rest.post(path, &json!({"virtualAccounts": ["Tokyo"], "limit": -1})).await;
    let devices = answer.json["devices"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    devices.iter().map(|device| device["hostName"].as_str().unwrap().to_owned()).collect()
}

/// `kill -9` among 200 registrations at once loses none that was answered (SQLite, FULL).
#[actix_web::test]
async fn a_kill_loses_no_registration_that_was_answered() {
    install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let answered = registered_before_the_kill(Process::serve(folder.path(), &[])).await;
    assert!(answered.len() >= ANSWERS, "{} answers", answered.len());
    let again = Process::serve(folder.path(), &[]);
    let lost: Vec<String> = answered.difference(&known(&again).await).cloned().collect();
    assert!(lost.is_empty(), "answered, but gone: {lost:?}");
}
