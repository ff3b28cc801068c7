//! What a virtual account of an On-Prem may and may not (2.6).

use super::taking::transfer;
use crate::scenarios::{V1, account_events, enhanced_plus, some_with, tab, token, va_path};
use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::on_prem::{LIST, TestSatellite, on_prem};
use serde_json::json;
use syncom::domain::sync::Kind;
use syncom::protocol::sync::{Mode, Record};

on_both_databases!(
    tokens_are_the_satellites,
    it_is_neither_default_nor_deleted_nor_emptied,
    instances_are_read_only,
    nothing_is_reserved_there,
    removing_frees_all_of_them,
);

/// The button *New Token…* is there, does nothing, and says why.
fn new_token_is_disabled(general: &Page) {
    let button = "button[aria-describedby='no-new-token'][disabled]";
    assert_eq!(general.one(button), "New Token…");
    let reason = general.one("#no-new-token");
    assert!(reason.contains("made on the satellite sat-a"), "{reason}");
    assert!(general.attributes("a[href*='/inventory/'][href$='/tokens/new']", "href").is_empty());
}

/// AS-07, A-TOK-13: no token here; those of the satellite are listed after a synchronization.
async fn tokens_are_the_satellites(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let form = tab(&ann, "Sat-A-VA", "general").await.link("New Token…");
    let form = ann.get(&form).await.form("main form").set("terms", "yes");
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    new_token_is_disabled(&tab(&ann, "Sat-A-VA", "general").await);
    let asked = ann.get(&va_path(&ann, "Sat-A-VA", "tokens/new").await).await;
    assert_eq!(asked.status, 409, "{}", asked.text());
    let posted = ann.submit(form).await;
    assert_eq!(posted.status, 409, "a form of before: {}", posted.text());
    assert!(posted.text().contains("create its registration tokens there"), "{}", posted.text());
    let rest = app.rest_as("ann").await;
    let path = format!("{V1}/virtual-accounts/Sat-A-VA/tokens");
    let refused = rest.post(&path, &json!({"expiresAfterDays":30})).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(refused.text.contains("create its registration tokens there"), "{refused:?}");
    let told = vec![one.token(app, "made on the satellite")];
    one.sync(app, Kind::Full, told).await;
    let general = tab(&ann, "Sat-A-VA", "general").await;
    let rows = general.table("Token");
    assert!(rows.iter().any(|row| row.join(" | ").contains("made on the satellite")), "{rows:?}");
    assert!(general.texts("a[href$='/revoke']").is_empty(), "read-only");
    one.sync(app, Kind::Full, vec![]).await;
    let rows = tab(&ann, "Sat-A-VA", "general").await.table("Token");
    assert!(rows.is_empty(), "the satellite has none any more: {rows:?}");
}

/// AS-21, AS-42, A-VAS-04: neither star nor end, and no way out of it.
async fn it_is_neither_default_nor_deleted_nor_emptied(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let general = va_path(&ann, "Sat-A-VA", "general").await;
    let number = general.rsplit('/').nth(1).unwrap().to_owned();
    let csrf = ann.get(&general).await.attributes("input[name=csrf]", "value")[0].clone();
    let berlin = va_path(&ann, "Berlin", "general").await;
    let other = berlin.rsplit('/').nth(1).unwrap().to_owned();
    for deed in ["default", "delete", "empty"] {
        let path = format!("/sa/lab.example/virtual-accounts/{number}/{deed}");
        let fields = [("csrf", csrf.as_str()), ("to", other.as_str())];
        let refused = ann.post(&path, &fields).await;
        assert_eq!(refused.status, 409, "{deed}: {}", refused.text());
        assert!(refused.text().contains("sat-a"), "{deed}: {}", refused.text());
    }
    assert!(on_prem(&ann, "sat-a").await.text().contains("Sat-A-VA"));
}

/// A-PIN-09, A-TRF-09: neither moved nor removed here; no message is taken under its name.
async fn instances_are_read_only(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    one.sync(app, Kind::Full, told).await;
    let id = one.id(1);
    let page = ann.get(&va_path(&ann, "Sat-A-VA", &format!("instances/{id}")).await).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.texts("a[href$='/remove'], a[href$='/transfer']").is_empty(), "{}", page.text());
    let csrf = page.attributes("input[name=csrf]", "value")[0].clone();
    for deed in ["remove", "transfer", "release"] {
        let path = va_path(&ann, "Sat-A-VA", &format!("instances/{id}/{deed}")).await;
        assert!(ann.get(&path).await.status >= 404, "{deed}: no question either");
        let refused = ann.post(&path, &[("csrf", &csrf), ("target", "100001")]).await;
        assert_eq!(refused.status, 409, "{deed}: {}", refused.text());
    }
    let rest = app.rest_as("ann").await;
    let device = json!({"sudi":{"udiPid":"SIM","udiSerialNumber":"sat-a-1"},
        "productTagName":"regid.2026-01.com.syncom.SIM,1.0_0b1ae5b3"});
    let body = json!({"productInstanceRemoveRequests":[device]});
    let answer = rest.post(&format!("{V1}/virtual-accounts/Sat-A-VA/devices/remove"), &body).await;
    assert!(!answer.text.contains("\"SUCCESS\""), "{answer:?}");
    let berlin = token(&rest, "Berlin", json!({})).await;
    let mut direct = app.device(1);
    direct.register(&berlin).await.unwrap();
    let own = tab(&ann, "Berlin", "instances").await.link("dev-1");
    let form = ann.get(&format!("{own}/transfer")).await;
    let targets = form.texts("select option");
    assert!(!targets.iter().any(|name| name.contains("Sat-A-VA")), "{targets:?}");
}

/// 2.6, A-RSV-08: no reservation in a virtual account that a satellite serves.
async fn nothing_is_reserved_there(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let rest = app.rest_as("ann").await;
    assert_eq!(transfer(&rest, "Tokyo", "Sat-A-VA", 10).await, 200);
    TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let licenses = tab(&ann, "Sat-A-VA", "licenses").await;
    assert!(!licenses.text().contains("License Reservation"), "{}", licenses.text());
    let page = ann.get(&va_path(&ann, "Sat-A-VA", "reserve").await).await;
    assert_eq!(page.status, 409, "{}", page.text());
    let order = json!({"smart_account":"lab.example","virtual_account":"Sat-A-VA",
        "license":"UCM Enhanced Plus","license_type":"PERPETUAL","quantity":1,
        "factory":{"pid":"SIM","serial":"F1"}});
    let refused = app.rest().post("/_syncom/orders", &order).await;
    assert_eq!(refused.status, 409, "{refused:?}");
    assert_eq!(enhanced_plus(&rest, "Sat-A-VA").await, (10, 0, 10), "nothing of it stays");
}

/// A satellite with two virtual accounts, each of which is a local one too.
async fn classic(app: &TestApp) -> TestSatellite {
    let mut one = TestSatellite::new("sat-a");
    one.mode = Mode::Classic;
    let by = ("ann", syncom::config::LAB_PASSWORD);
    let heard = one.register(app, by, &["Sat-A-VA", "Sat-B-VA"]).await;
    let (_, records) = one.read(app, &heard.file);
    let local = |record: &Record| match record {
        Record::VirtualAccount(va) => Some((va.id, va.name.clone(), Some(va.id))),
        _ => None,
    };
    one.local = records.iter().filter_map(local).collect();
    one
}

/// AS-42, A-OPA-07, A-OPA-08: one more in classic mode; all of them free at once, licenses intact.
async fn removing_frees_all_of_them(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let rest = app.rest_as("ann").await;
    assert_eq!(transfer(&rest, "Tokyo", "Sat-A-VA", 10).await, 200);
    let mut one = classic(app).await;
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 4), one.token(app, "theirs")];
    one.sync(app, Kind::Full, told).await;
    assert_eq!(enhanced_plus(&rest, "Sat-A-VA").await, (10, 4, 6));
    let page = on_prem(&ann, "sat-a").await;
    let form = ann.get(&page.link("Add Virtual Account…")).await.form("form[action$='attach']");
    ann.submit(form.set("new_place", "Third")).await;
    let question = ann.get(&page.link("Remove…")).await;
    let done = ann.submit(question.form("form[action$='remove']")).await;
    assert!(done.text().contains("sat-a is removed"), "{}", done.text());
    assert_eq!(enhanced_plus(&rest, "Sat-A-VA").await, (10, 0, 10));
    for place in ["Sat-A-VA", "Sat-B-VA", "Third"] {
        token(&rest, place, json!({})).await;
        let general = tab(&ann, place, "general").await;
        assert!(!general.text().contains("theirs"), "{}", general.text());
    }
    let log = account_events(app).await;
    assert!(
        some_with(&log, &["The On-Prem sat-a was removed", "are ordinary again", "ann"]),
        "{log:?}"
    );
    let list = ann.get(LIST).await.table("On-Prem Name").remove(0).join(" | ");
    assert!(list.contains("Removed"), "{list}");
    let file = one.request(app, Kind::Standard, vec![]);
    assert_eq!(one.send(app, file).await.json["reason"], "unknown_on_prem");
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(alerts.alerts("Satellite Unregistered and Removed").len(), 1, "{}", alerts.text());
}
