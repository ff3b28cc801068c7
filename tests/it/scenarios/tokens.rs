//! Registration tokens.

use super::{V1, account_events, events, instances, some_with, tab, token, va_path};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::json;
use syncom::device::machine::RegistrationState;

on_both_databases!(
    a_first_token,
    the_days_of_a_token_are_bounded,
    a_token_expires_on_the_clock,
    a_token_is_exhausted,
    revoking_is_not_unregistering,
);

/// AS-01, A-TOK-02, A-TOK-03, A-TOK-04, A-TOK-05, A-TOK-06, A-TOK-07, A-TOK-08, A-TOK-09
async fn a_first_token(app: &TestApp) {
    let bob = app.sign_in("bob").await;
    let general = tab(&bob, "Berlin", "general").await;
    assert!(general.table("Token").is_empty(), "{}", general.text());
    let page = bob.get(&general.link("New Token…")).await;
    let form = page.form("form[action$='tokens/new']");
    assert_eq!(form.value("expire_after"), Some("30"));
    assert_eq!(form.value("max_uses"), Some(""));
    assert_eq!(form.value("export_controlled"), Some("yes"), "ticked by default");

    let unaccepted = bob.submit(form.clone().set("description", "first lab")).await;
    assert_eq!(unaccepted.status, 400, "the terms are not accepted: {}", unaccepted.text());

    let created = bob.submit(form.set("description", "first lab").set("terms", "yes")).await;
    assert_eq!(created.status, 200, "{}", created.text());
    let rest = app.rest_as("bob").await;
    let listed = rest.get(&format!("{V1}/virtual-accounts/Berlin/tokens")).await;
    let text = listed.json["tokens"][0]["token"].as_str().unwrap().to_owned();
    assert!(created.text().contains(&text), "the full token can be copied");

    let rows = tab(&bob, "Berlin", "general").await.table("Token");
    assert_eq!(rows.len(), 1);
    let row = rows[0].join(" | ");
    for part in ["2026-02-04 09:00", "in 30 days", "| 0 |", "Allowed", "first lab", "bob", "Active"]
    {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(some_with(&events(&bob, "Berlin").await, &["\"first lab\" was created", "bob"]));
    assert!(some_with(&account_events(app).await, &["\"first lab\" was created", "bob"]));

    let tom = app.sign_in("tom").await;
    let berlin = va_path(&bob, "Berlin", "general").await;
    assert_eq!(tom.get(&berlin).await.status, 404, "pages do not tell what is out of sight");
    let tom = app.rest_as("tom").await;
    assert_eq!(tom.get(&format!("{V1}/virtual-accounts/Berlin/tokens")).await.status, 403);
    let post = tom.post(&format!("{V1}/virtual-accounts/Berlin/tokens"), &json!({})).await;
    assert_eq!(post.status, 403, "A-TOK-17: {post:?}");
}

/// AS-02, A-TOK-06
async fn the_days_of_a_token_are_bounded(app: &TestApp) {
    let bob = app.sign_in("bob").await;
    let path = va_path(&bob, "Berlin", "tokens/new").await;
    for days in ["0", "366", "-1", "1.5", "", "abc"] {
        let form = bob.get(&path).await.form("form[action$='tokens/new']");
        let form = form.set("expire_after", days).set("terms", "yes").set("description", "kept");
        let page = bob.submit(form).await;
        assert_eq!(page.status, 400, "{days:?}");
        assert!(page.text().contains("1 to 365"), "{days:?}: {}", page.text());
        let again = page.form("form[action$='tokens/new']");
        assert_eq!(again.value("expire_after"), Some(days), "typed values stay");
        assert_eq!(again.value("description"), Some("kept"));
    }
    assert!(tab(&bob, "Berlin", "general").await.table("Token").is_empty());
    assert!(!some_with(&events(&bob, "Berlin").await, &["token"]));
    for (days, date) in [("1", "2026-01-06 09:00"), ("365", "2027-01-05 09:00")] {
        let form = bob.get(&path).await.form("form[action$='tokens/new']");
        let page = bob.submit(form.set("expire_after", days).set("terms", "yes")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let rows = tab(&bob, "Berlin", "general").await.table("Token");
        assert!(rows[0].join(" | ").contains(date), "{rows:?}");
    }
}

/// AS-03, A-TOK-07, A-TOK-11
async fn a_token_expires_on_the_clock(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({"expiresAfterDays": 1})).await;
    app.set_clock("2026-01-06T08:59:59Z");
    let (mut one, mut two) = (app.device(1), app.device(2));
    one.register(&token).await.unwrap();
    app.set_clock("2026-01-06T09:00:00Z");
    let refused = two.register(&token).await.unwrap_err();
    assert!(refused.to_string().contains("has expired"), "{refused}");
    one.renew_authorization().await.unwrap();
    let rest = app.rest_as("bob").await;
    assert_eq!(instances(&rest, "Berlin").await, ["dev-1"]);
    let bob = app.sign_in("bob").await;
    let rows = tab(&bob, "Berlin", "general").await.table("Token");
    assert!(rows[0].join(" | ").contains("Expired"), "{rows:?}");
}

/// AS-04, A-TOK-07, A-TOK-11, A-TOK-15
async fn a_token_is_exhausted(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({"numberofUses": 2})).await;
    let mut one = app.device(1);
    one.register(&token).await.unwrap();
    app.device(2).register(&token).await.unwrap();
    let refused = app.device(3).register(&token).await.unwrap_err().to_string();
    assert!(refused.contains("maximum number of uses"), "{refused}");
    one.renew_identity().await.unwrap();
    let bob = app.sign_in("bob").await;
    let row = tab(&bob, "Berlin", "general").await.table("Token")[0].join(" | ");
    assert!(row.contains("2 of 2") && row.contains("Exhausted"), "{row}");
}

/// AS-05, A-TOK-10, A-TOK-12
async fn revoking_is_not_unregistering(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({})).await;
    let mut one = app.device(1);
    one.register(&token).await.unwrap();

    let ulf = app.sign_in("ulf").await;
    let general = tab(&ulf, "Berlin", "general").await;
    let revoke = general.attributes("a[href$='/revoke']", "href").remove(0);
    let asked = ulf.get(&revoke).await;
    assert_eq!(ulf.submit(asked.form("form[action$='/revoke']")).await.status, 200);
    let general = tab(&ulf, "Berlin", "general").await;
    assert!(general.table("Token")[0].join(" | ").contains("Revoked"), "{}", general.text());

    let refused = app.device(2).register(&token).await.unwrap_err().to_string();
    assert!(refused.contains("has been revoked"), "{refused}");
    one.renew_authorization().await.unwrap();
    assert_eq!(one.registration(), RegistrationState::Complete);
    assert_eq!(instances(&rest, "Berlin").await, ["dev-1"]);

    let remove = general.attributes("a[href$='/remove']", "href").remove(0);
    let asked = ulf.get(&remove).await;
    assert_eq!(ulf.submit(asked.form("form[action$='/remove']")).await.status, 200);
    assert!(tab(&ulf, "Berlin", "general").await.table("Token").is_empty());
    let log = events(&ulf, "Berlin").await;
    assert!(some_with(&log, &["was revoked", "ulf"]), "{log:?}");
    assert!(some_with(&log, &["was removed", "ulf"]), "{log:?}");
}
