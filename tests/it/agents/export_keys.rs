//! Keys for export-restricted licenses, message by message.

use super::agent;
use crate::scenarios::grounds::TwoAccounts;
use crate::scenarios::{V1, events, figures, instances, some_with, tab, token};
use crate::support::agent::{Agent, CALL_HOME, in_use};
use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::json;
use syncom::domain::Timestamp;
use syncom::protocol::answers::{AnswerBody, AuthorizationStatus, EnforceMode};
use syncom::protocol::bodies::{Deregistration, RequestBody};
use syncom::protocol::export_key::{Action, ExportKey};

on_both_databases!(
    only_products_without_the_flag_have_keys,
    a_key_counts_whatever_is_reported,
    keys_go_on_with_a_product_that_registers_anew,
    keys_stay_in_their_smart_account,
    a_certificate_s_end_does_not_free_a_key,
    what_was_used_before_there_were_keys_is_one,
);

const LICENSE: &str = "Router US Export Lic. for DNA";

pub fn key(action: Action, license: &str) -> RequestBody {
    RequestBody::ExportKey(ExportKey { action, license: license.to_owned() })
}

/// Since when the answer says that the product holds a key.
async fn since(agent: &mut Agent, action: Action) -> Option<Timestamp> {
    let AnswerBody::ExportKey(told) = agent.done(key(action, tags::RESTRICTED)).await else {
        panic!()
    };
    assert_eq!(told.display_name.as_deref(), Some(LICENSE));
    told.granted_at.map(|at| at.0)
}

/// The code, and the message, of a refusal.
async fn refusal(agent: &mut Agent, body: RequestBody) -> (Option<u16>, String) {
    let answer = agent.send(body).await;
    (answer.error_code, answer.message.unwrap())
}

async fn in_fabric(app: &TestApp) -> i64 {
    figures(&app.rest_as("ulf").await, "Fabric", LICENSE).await.1
}

/// A token of Fabric without the export flag.
async fn plain(app: &TestApp) -> String {
    let ulf = app.rest_as("ulf").await;
    token(&ulf, "Fabric", json!({"exportControlled":"Not Allowed"})).await
}

async fn registered(app: &TestApp, serial: &str) -> Agent {
    let mut product = agent(app, serial);
    product.register(product.registration(&plain(app).await)).await;
    product
}

/// A-EXP-03: 148, 149 and 150; in both envelopes.
async fn only_products_without_the_flag_have_keys(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut allowed = agent(app, "1");
    allowed.register(allowed.registration(&token(&ulf, "Fabric", json!({})).await)).await;
    let (code, words) = refusal(&mut allowed, key(Action::Request, tags::RESTRICTED)).await;
    assert_eq!(code, Some(148), "{words}");
    let told = allowed.report(&[(tags::RESTRICTED, 3)]).await;
    assert_eq!(told.entitlements[0].enforce_mode, EnforceMode::InCompliance);
    assert_eq!(in_fabric(app).await, 3, "the flag is enough");

    let mut product = Agent::new(&app.url(), CALL_HOME, "2", &app.running.clock);
    product.register(product.registration(&plain(app).await)).await;
    for license in [tags::ESSENTIALS, "regid.unknown,1.0_x"] {
        let (code, words) = refusal(&mut product, key(Action::Request, license)).await;
        assert!(code == Some(149) && words.contains(license), "{words}");
        for action in [Action::Return, Action::Cancel] {
            let (code, words) = refusal(&mut product, key(action, license)).await;
            assert!(code == Some(150) && words.contains(license), "{action:?}: {words}");
        }
    }
    assert_eq!(since(&mut product, Action::Request).await, Some(app.now()));
    assert_eq!(in_fabric(app).await, 4);
    assert_eq!(since(&mut product, Action::Return).await, None);
    assert_eq!(in_fabric(app).await, 3);
    let (code, _) = refusal(&mut product, key(Action::Return, tags::RESTRICTED)).await;
    assert_eq!(code, Some(150));
}

/// A-EXP-03, A-EXP-05, A-EXP-06: what is reported neither takes nor frees; nor does silence.
async fn a_key_counts_whatever_is_reported(app: &TestApp) {
    let mut product = registered(app, "1").await;
    let mode = async |product: &mut Agent, count| {
        let told = product.report(&[(tags::RESTRICTED, count), (tags::ESSENTIALS, 2)]).await;
        assert_eq!(told.status, AuthorizationStatus::Authorized);
        let one = told.entitlements.iter().find(|one| one.tag == tags::RESTRICTED).unwrap();
        assert!(one.export_restricted && one.count == count);
        one.enforce_mode
    };
    assert_eq!(mode(&mut product, 1).await, EnforceMode::NotAuthorized);
    assert_eq!(in_fabric(app).await, 0);
    let given = since(&mut product, Action::Request).await;
    app.set_clock("2026-01-05T10:00:00Z");
    assert_eq!(since(&mut product, Action::Request).await, given, "the same key again");
    assert_eq!(mode(&mut product, 1).await, EnforceMode::InCompliance);
    assert_eq!(mode(&mut product, 2).await, EnforceMode::NotAuthorized);
    assert_eq!(mode(&mut product, 0).await, EnforceMode::InCompliance);
    product.done(in_use(&[])).await;
    product.done(in_use(&[])).await;
    assert_eq!(in_fabric(app).await, 1);
    assert_eq!(mode(&mut product, 1).await, EnforceMode::InCompliance);

    app.set_clock("2026-04-20T10:00:00Z");
    let ulf = app.rest_as("ulf").await;
    assert_eq!(figures(&ulf, "Fabric", "C9300 DNA Essentials").await.1, 0, "released");
    assert_eq!(in_fabric(app).await, 1, "but not the key");
    let (code, words) = refusal(&mut product, RequestBody::Deregistration(Deregistration {})).await;
    assert!(code.is_none() && words.contains(LICENSE), "{words}");
    since(&mut product, Action::Return).await;
    product.done(RequestBody::Deregistration(Deregistration {})).await;
    assert!(instances(&ulf, "Fabric").await.is_empty());
}

/// A-EXP-03, A-SEM-12: a lost device finds its key again and can return it.
async fn keys_go_on_with_a_product_that_registers_anew(app: &TestApp) {
    let mut lost = registered(app, "1").await;
    let given = since(&mut lost, Action::Request).await;
    lost.report(&[(tags::RESTRICTED, 1), (tags::ESSENTIALS, 3)]).await;
    app.set_clock("2026-01-06T09:00:00Z");
    let mut found = agent(app, "1");
    let mut wanted = found.registration(&plain(app).await);
    wanted.force = true;
    found.register(wanted).await;
    let ulf = app.rest_as("ulf").await;
    assert_eq!(figures(&ulf, "Fabric", "C9300 DNA Essentials").await.1, 0);
    assert_eq!(in_fabric(app).await, 1);
    assert_eq!(since(&mut found, Action::Request).await, given, "it is the same key");
    let (_, words) = refusal(&mut found, RequestBody::Deregistration(Deregistration {})).await;
    assert!(words.contains("return it first"), "{words}");
    // With the flag, the key is needless, but still there until it is returned.
    let mut wanted = found.registration(&token(&ulf, "Fabric", json!({})).await);
    wanted.force = true;
    found.register(wanted).await;
    found.report(&[(tags::RESTRICTED, 2)]).await;
    found.report(&[(tags::RESTRICTED, 0)]).await;
    assert_eq!(in_fabric(app).await, 1);
    since(&mut found, Action::Return).await;
    found.report(&[]).await;
    assert_eq!(in_fabric(app).await, 0);
}

/// A-EXP-05: the license belongs to the Smart Account that gave the key.
async fn keys_stay_in_their_smart_account(app: &TwoAccounts) {
    let app = &app.0;
    let mut product = registered(app, "1").await;
    since(&mut product, Action::Request).await;
    let olga = app.rest_as("olga").await;
    let other = V1.replace("lab.example", "other.example");
    let body = json!({"description":"other","expiresAfterDays":30});
    let made = olga.post(&format!("{other}/virtual-accounts/DEFAULT/tokens"), &body).await;
    let text = made.json["tokenInfo"]["token"].as_str().unwrap().to_owned();
    let mut wanted = product.registration(&text);
    wanted.force = true;
    let words = product.turned_away(wanted.clone()).await;
    assert!(words.starts_with("{\"export_key\":[") && words.contains(LICENSE), "{words}");
    assert_eq!(in_fabric(app).await, 1);
    since(&mut product, Action::Return).await;
    product.register(wanted).await;
}

/// A-EXP-03, A-SEM-10: the instance stays listed, and its device can go on without force.
async fn a_certificate_s_end_does_not_free_a_key(app: &TestApp) {
    let mut product = registered(app, "1").await;
    since(&mut product, Action::Request).await;
    app.set_clock("2027-01-05T09:00:00Z");
    let ulf = app.rest_as("ulf").await;
    assert_eq!((in_fabric(app).await, instances(&ulf, "Fabric").await.len()), (1, 1));
    let browser = app.sign_in("ulf").await;
    let log = events(&browser, "Fabric").await;
    assert!(some_with(&log, &["stays listed for 1 export-restricted", "System"]), "{log:?}");
    let alerts = tab(&browser, "Fabric", "alerts").await.alerts("Product Instance Failed to Renew");
    assert!(some_with(&alerts, &["Major", "until the product registers again"]), "{alerts:?}");
    app.set_clock("2027-02-01T09:00:00Z");
    let (code, words) = refusal(&mut product, in_use(&[])).await;
    assert_eq!(code, Some(42), "{words}");
    product.register(product.registration(&plain(app).await)).await;
    let ulf = app.rest_as("ulf").await;
    assert_eq!((in_fabric(app).await, instances(&ulf, "Fabric").await.len()), (1, 1));
    since(&mut product, Action::Return).await;
    assert_eq!(in_fabric(app).await, 0);
}

/// Takes the table of keys away and makes it again, as an update of the product does.
fn migrate(app: &TestApp) {
    const UP: &str = include_str!("../../../migrations/2026-05-02-000000_export_keys/up.sql");
    const DOWN: &str = include_str!("../../../migrations/2026-05-02-000000_export_keys/down.sql");
    match app.database() {
        Database::Sqlite(folder) => {
            let file = folder.path().join("cssm.db");
            let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            conn.batch_execute(&format!("PRAGMA busy_timeout = 5000; {DOWN} {UP}")).unwrap();
        }
        Database::Postgres(own) => {
            let mut conn = PgConnection::establish(&own.url()).unwrap();
            conn.batch_execute(&format!("SET search_path = cssm; {DOWN} {UP}")).unwrap();
        }
    }
}

/// A-EXP-03: the migration makes keys of it, for products without the flag only.
async fn what_was_used_before_there_were_keys_is_one(app: &TestApp) {
    let mut product = registered(app, "1").await;
    since(&mut product, Action::Request).await;
    let ulf = app.rest_as("ulf").await;
    let mut allowed = agent(app, "2");
    allowed.register(allowed.registration(&token(&ulf, "Fabric", json!({})).await)).await;
    allowed.report(&[(tags::RESTRICTED, 2)]).await;
    // All that an older version leaves behind is the use.
    migrate(app);
    allowed.report(&[]).await;
    product.report(&[]).await;
    assert_eq!(in_fabric(app).await, 1);
    assert_eq!(since(&mut product, Action::Request).await, Some(app.now()));
    since(&mut product, Action::Return).await;
    assert_eq!(in_fabric(app).await, 0);
}
