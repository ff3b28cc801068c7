//! Contracts by clicking.

use super::Paula;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    a_contract_is_opened_changed_and_renewed,
    people_get_accounts_and_leave,
    a_true_forward_is_confirmed,
);

const FORM: &str = "main form[method='post']";

async fn opened(paula: &Browser) -> Page {
    let form = paula.get("/flex/contracts/new").await.form(FORM);
    let form = form.set("organization", "vega").set("name", "By hand").set("starts", "2026-01-15");
    let form = form.set("months", "36").set("headcount_kw", "249").set("price", "9.50");
    let refused = paula.submit(form).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert!(refused.text().contains("249 knowledge workers are too few"), "{}", refused.text());
    let form = refused.form(FORM);
    assert_eq!(form.value("name"), Some("By hand"), "what was typed stays");
    paula.submit(form.set("headcount_kw", "300")).await
}

/// AS-56, AUM-1, AUM-5, F-AU-08, F-AU-20, F-AU-35, X-10: the forms of a contract.
async fn a_contract_is_opened_changed_and_renewed(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    let plan = opened(&paula).await;
    assert_eq!(plan.status, 200, "{}", plan.text());
    assert!(plan.text().contains("By hand begins with an AU Minimum of 45."), "{}", plan.text());
    assert!(plan.text().contains("USD 9.50"));

    let form = paula.get(&plan.link("Order…")).await.form(FORM);
    let form = form.set("number", "SO-5").set("service", "training").set("quantity", "20");
    let ordered = paula.submit(form).await;
    let row = ordered.table("Service").into_iter().find(|row| row[0] == "Webex Training").unwrap();
    assert_eq!(row[2], "20");

    let form = paula.get(&plan.link("Correct…")).await.form(FORM);
    let wrong = paula.submit(form.set("reference", "C-1").set("minimum", "five")).await;
    assert!(wrong.text().contains("'five' is not a whole number"), "{}", wrong.text());
    let form = wrong.form(FORM).set("minimum", "5").set("reason", "By agreement");
    let corrected = paula.submit(form).await;
    assert!(corrected.text().contains("The AU Minimum of By hand is 50."), "{}", corrected.text());

    let form = paula.get(&plan.link("Renew…")).await.form(FORM);
    let refused = paula.submit(form.set("headcount", "10").set("reset", "yes")).await;
    assert!(refused.text().contains("10 knowledge workers are too few"), "{}", refused.text());
    let renewed = paula.submit(refused.form(FORM).set("headcount", "")).await;
    assert!(renewed.text().contains("12 months, with a new minimum"), "{}", renewed.text());
    let list = paula.get("/flex/contracts").await.table("Contract");
    assert_eq!(list.len(), 2, "{list:?}");
    let activity = paula.get("/hub/vega/activity").await;
    assert!(activity.text().contains("By hand is renewed from 2029-01-15 on for 12 months."));
}

/// F-AU-04, F-AU-06, F-AU-07: people by clicking.
async fn people_get_accounts_and_leave(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    let plan = opened(&paula).await;
    let people = paula.get(&plan.link("People")).await;
    assert!(people.text().contains("0 persons in the contract"), "{}", people.text());
    for (key, employment) in [("eve@x.example", "employee"), ("con@x.example", "contractor")] {
        let form = paula.get(&people.link("Add Person…")).await.form(FORM);
        let form = form.set("key", key).set("name", key).set("employment", employment);
        let added = paula.submit(form.set("account", key)).await;
        assert_eq!(added.status, 200, "{}", added.text());
    }
    let people = paula.get(&people.path).await;
    let rows = people.table("Name");
    assert_eq!(rows[0][2..4], ["Contractor who does not count", "con@x.example"]);
    let leave = paula.get(&people.last_link("Leaves…")).await;
    let left = paula.submit(leave.form(FORM)).await;
    assert!(left.text().contains("eve@x.example has left."), "{}", left.text());
    let disable = paula.get(&left.link("Disable account…")).await;
    let without = paula.submit(disable.form(FORM)).await;
    let form = paula.get(&without.link("Enable account…")).await.form(FORM);
    let passed = paula.submit(form.set("account", "eve@x.example")).await;
    assert_eq!(passed.table("Name")[0][3], "eve@x.example", "{}", passed.text());
}

/// F-AU-34: the page of a True Forward says what is missing, and takes the word.
async fn a_true_forward_is_confirmed(app: &TestApp) {
    let at = Paula(app).of_the_fixture().await.replace("/_syncom", "");
    app.set_clock("2028-02-01T09:00:00Z");
    let (paula, rita) = (app.sign_in("paula").await, app.sign_in("rita").await);
    let path = format!("{at}/true-forward");
    assert!(!rita.get(&path).await.text().contains("Confirm:"));
    let page = paula.get(&path).await;
    assert!(page.text().contains("no data of months 9, 10, 11"), "{}", page.text());
    let done = paula.submit(page.form(FORM)).await;
    assert!(
        done.text().contains("True Forward of 2028-01-15: AU Minimum 60 to 60."),
        "{}",
        done.text()
    );
    assert_eq!(done.table("Anniversary").len(), 2);
}
