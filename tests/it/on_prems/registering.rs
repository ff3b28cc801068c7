//! Registering over the network, who may, and what is admitted.

use crate::scenarios::{account_events, some_with, token, va_path};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::on_prem::{LIST, TestSatellite, another_credential, on_prem};
use serde_json::json;
use syncom::config::LAB_PASSWORD;
use syncom::domain::sync::Kind;
use syncom::protocol::sync::{Mode, Record};

on_both_databases!(
    a_local_account_registers_over_the_network,
    the_list_is_exported,
    what_is_not_admitted_is_refused,
    a_repeated_registration_is_the_same_one,
    only_administrators_register,
    a_credential_is_renewed_and_ends,
);

const ANN: (&str, &str) = ("ann", LAB_PASSWORD);

/// AS-33, B-ACC-06, A-OPA-01, A-OPA-06, A-VAS-01: registered, synchronized, listed with its dates.
async fn a_local_account_registers_over_the_network(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let empty = ann.get(LIST).await.text();
    assert!(empty.contains("No On-Prem accounts"), "{empty}");
    let mut one = TestSatellite::new("Plant A");
    let heard = one.register(app, ANN, &["Sat-A-VA"]).await;
    assert_eq!(heard.status, 200, "{heard:?}");
    assert_eq!(heard.credential.unwrap().1, "2026-07-04T09:00:00Z", "180 days");
    let (header, records) = one.read(app, &heard.file);
    assert_eq!(
        (header.smart_account.as_str(), header.on_prem.as_str()),
        ("Contoso Lab", "Plant A")
    );
    let places: Vec<&str> = records
        .iter()
        .filter_map(|record| match record {
            Record::VirtualAccount(va) => Some(va.name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(places, ["Sat-A-VA"]);
    let of_lab =
        |record: &Record| matches!(record, Record::Account(a) if a.domain == "lab.example");
    assert!(records.iter().any(of_lab));
    one.sync(app, Kind::Full, vec![]).await;
    let row = ann.get(LIST).await.table("On-Prem Name").remove(0).join(" | ");
    for part in
        ["Plant A", "Active", "Sat-A-VA", "9.1-test", "2026-01-05 09:00", "2026-02-04 09:00"]
    {
        assert!(row.contains(part), "{part}: {row}");
    }
    let page = on_prem(&ann, "Plant A").await;
    for part in [one.uid.to_string().as_str(), "Plant A@lab.example", "Sat-A-VA", "was created"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let choice = ann.get(&va_path(&ann, "Sat-A-VA", "general").await).await;
    assert!(choice.text().contains("attached to the satellite Plant A"), "{}", choice.text());
    let log = account_events(app).await;
    assert!(some_with(&log, &["On-Prem Plant A was created over the network", "ann"]), "{log:?}");
    assert!(some_with(&log, &["Plant A was synchronized via network", "Network"]), "{log:?}");
}

/// A-OPA-01, C-REP-07: the list as a file.
async fn the_list_is_exported(app: &TestApp) {
    TestSatellite::registered(app, "Plant A", "Sat-A-VA").await;
    let ann = app.sign_in("ann").await;
    let (status, csv) = ann.bytes(&format!("{LIST}.csv")).await;
    let csv = String::from_utf8(csv).unwrap();
    assert!(status == 200 && csv.contains("Plant A,Not synchronized yet,Sat-A-VA"), "{csv}");
}

/// AS-34, B-ACC-03, A-OPA-09: which virtual accounts may belong to an On-Prem.
async fn what_is_not_admitted_is_refused(app: &TestApp) {
    let bob = app.rest_as("bob").await;
    let text = token(&bob, "Berlin", json!({})).await;
    app.device(1).register(&text).await.unwrap();
    let fresh = TestSatellite::registered(app, "sat-a", "Brand New").await;
    let ann = app.sign_in("ann").await;
    assert!(on_prem(&ann, "sat-a").await.text().contains("Brand New"), "it was made");
    let mut other = TestSatellite::new("sat-b");
    for (places, part) in [
        (vec!["Berlin"], "holds 1 product instances"),
        (vec!["Tokyo"], "active registration tokens"),
        (vec!["brand new"], "already used by the On-Prem sat-a"),
        (vec!["DEFAULT"], "default virtual account"),
        (vec![], "at least one is needed"),
        (vec!["Sat-A-VA", "Sat-B-VA"], "exactly one virtual account"),
        (vec!["x\u{7}"], "virtual_accounts"),
    ] {
        let heard = other.register(app, ANN, &places).await;
        let detail = heard.json["detail"].as_str().unwrap_or_default();
        assert!(matches!(heard.status, 400 | 409), "{heard:?}");
        assert!(detail.contains(part), "{part}: {detail}");
    }
    let file = other.registration_for("Contoso", &["Sat-B-VA"]);
    let heard = other.register_with(app, ANN, file).await;
    assert!(heard.status == 404 && heard.json["detail"].as_str().unwrap().contains("Contoso"));
    let mut same = TestSatellite::new("SAT-A");
    let heard = same.register(app, ANN, &["Sat-B-VA"]).await;
    assert!(heard.json["detail"].as_str().unwrap().contains("On-Prem sat-a already"), "{heard:?}");
    assert_eq!(ann.get(LIST).await.table("On-Prem Name").len(), 1, "nothing else was made");
    assert!(fresh.credential.is_some());
    other.mode = Mode::Classic;
    let heard = other.register(app, ANN, &["Sat-A-VA", "Sat-B-VA"]).await;
    assert_eq!(heard.status, 200, "{heard:?}");
}

/// B-ACC-06: an answer that was lost on the way is asked for again.
async fn a_repeated_registration_is_the_same_one(app: &TestApp) {
    let mut one = TestSatellite::new("sat-a");
    let first = one.register(app, ANN, &["Sat-A-VA"]).await.credential.unwrap();
    let second = one.register(app, ANN, &["Sat-A-VA"]).await.credential.unwrap();
    assert_ne!(first.0, second.0);
    let ann = app.sign_in("ann").await;
    assert_eq!(ann.get(LIST).await.table("On-Prem Name").len(), 1);
    one.sync(app, Kind::Full, vec![]).await;
    let used_up = one.register(app, ANN, &["Sat-A-VA"]).await;
    assert_eq!(used_up.status, 409, "{used_up:?}");
    let stolen = TestSatellite { uid: one.uid, ..TestSatellite::new("thief") };
    let heard =
        TestSatellite { credential: None, ..stolen }.register(app, ANN, &["Sat-B-VA"]).await;
    assert_eq!(heard.status, 409, "another key: {heard:?}");
}

/// AS-34, B-ACC-06: viewers, users and wrong passwords are refused; nobody reads who exists.
async fn only_administrators_register(app: &TestApp) {
    let mut one = TestSatellite::new("sat-a");
    for (user, password, status) in [
        ("vera", LAB_PASSWORD, 403),
        ("ulf", LAB_PASSWORD, 403),
        ("berta", LAB_PASSWORD, 403),
        ("ann", "wrong", 401),
        ("nobody", LAB_PASSWORD, 401),
    ] {
        let heard = one.register(app, (user, password), &["Sat-A-VA"]).await;
        assert_eq!(heard.status, status, "{user}: {heard:?}");
        assert!(heard.credential.is_none());
    }
    let heard = one.register(app, ("berta", LAB_PASSWORD), &["Berlin-Lab"]).await;
    assert_eq!(heard.status, 200, "an administrator of that virtual account: {heard:?}");
    let vera = app.sign_in("vera").await;
    assert_eq!(vera.get(LIST).await.table("On-Prem Name").len(), 1, "viewers see");
    assert_eq!(vera.get(&format!("{LIST}/new")).await.status, 403, "and do nothing");
    let page = on_prem(&vera, "sat-a").await;
    assert_eq!(vera.get(&format!("{}/remove", page.path)).await.status, 403);
    assert_eq!(vera.bytes(&format!("{}/authorization", page.path)).await.0, 403);
}

/// B-ACC-08, B-SYN-05, AS-44: it lasts 180 days; signing in brings another 180.
async fn a_credential_is_renewed_and_ends(app: &TestApp) {
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    for month in 0..6 {
        let kind = if month == 0 { Kind::Full } else { Kind::Standard };
        one.sync(app, kind, vec![]).await;
        app.advance(chrono::TimeDelta::days(30));
    }
    let file = one.request(app, Kind::Standard, vec![]);
    let heard = one.send(app, file.clone()).await;
    assert_eq!(
        (heard.status, &heard.json["reason"]),
        (401, &json!("credential_ended")),
        "{heard:?}"
    );
    assert_eq!(another_credential(app, "vera", one.uid).await.status, 403);
    let renewed = another_credential(app, "ann", one.uid).await;
    assert_eq!(renewed.status, 204, "{renewed:?}");
    one.credential = renewed.credential.map(|(secret, _)| secret);
    assert_eq!(one.send(app, file).await.status, 200);
    let stranger = TestSatellite { credential: Some("guess".into()), ..TestSatellite::new("x") };
    let mut stranger = stranger;
    let file = stranger.request(app, Kind::Full, vec![]);
    let heard = stranger.send(app, file).await;
    assert_eq!((heard.status, &heard.json["reason"]), (404, &json!("unknown_on_prem")));
    assert_eq!(
        another_credential(app, "ann", stranger.uid).await.json["reason"],
        "unknown_on_prem"
    );
}
