//! The seed's company A.

use super::{Paula, steps};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    company_a_through_its_first_year,
    the_annual_reading_owes_twelve_months,
    the_ledger_page_shows_the_same,
);

/// AS-55, AUM-5, TF-1, TFM-3, TFM-5, F-AU-09, F-AU-12, F-AU-13, F-AU-15, F-AU-33: 45, then 60 on
/// the anniversary and not before; 3,600 for what is left of the subscription.
async fn company_a_through_its_first_year(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.of_the_fixture().await;
    let first = paula.get(&at).await;
    assert_eq!((&first["au_minimum"], &first["headcount_kw"]), (&json!(45), &json!(300)));
    assert_eq!(first["next_true_forward"], "2027-01-15");
    assert_eq!(first["enabled_accounts"], 0, "the contract begins in ten days");

    app.set_clock("2026-12-15T00:00:00Z");
    let preview = paula.get(&format!("{at}/true-forward")).await;
    let next = &preview["next"];
    assert_eq!((&next["meter_1"], &next["meter_2"]), (&json!("60"), &json!("45")));
    assert_eq!((&next["minimum_after"], &next["fee"]["minor"]), (&json!(60), &json!(360_000)));

    app.set_clock("2027-01-14T23:59:59Z");
    assert_eq!(paula.get(&at).await["au_minimum"], 45);
    let year1 = paula.ledger(&at).await;
    assert!(steps(&year1, "fee").is_empty(), "nothing for year 1: {year1:?}");

    app.set_clock("2027-01-15T00:00:00Z");
    let second = paula.get(&at).await;
    assert_eq!(second["au_minimum"], 60);
    let run = &second["true_forwards"][0];
    assert_eq!(run["active_users"], json!([50, 60, 70]));
    assert_eq!((&run["months"], &run["fee"]["minor"]), (&json!(24), &json!(360_000)));
    assert_eq!(
        (&run["effective"], &run["at"]),
        (&json!("2027-01-15"), &json!("2027-01-15T00:00:00Z"))
    );
    let ledger = paula.ledger(&at).await;
    let whole = |parts| json!({"parts":parts,"whole":1});
    assert_eq!(steps(&ledger, "average")[0]["average"], whole(60));
    assert_eq!(steps(&ledger, "meter")[0]["share"], whole(45));
    assert_eq!(steps(&ledger, "meter")[0]["of"], 300);
    let fee = steps(&ledger, "fee")[0];
    assert_eq!(
        (&fee["added"], &fee["months"], &fee["fee"]["minor"]),
        (&json!(15), &json!(24), &json!(360_000))
    );
    let entry = ledger.iter().find(|entry| entry["step"]["kind"] == "fee").unwrap();
    assert_eq!((&entry["rule"], &entry["effective"]), (&json!("clause_6"), &json!("2027-01-15")));
    assert!(kinds(&paula).await.contains(&"au_true_forward_done".to_owned()));
}

/// The kinds of events in the log of the customer.
async fn kinds(paula: &Paula<'_>) -> Vec<String> {
    let log = paula.get("/_syncom/hub/vega/events").await;
    let kind = |one: &Value| one["kind"].as_str().unwrap().to_owned();
    log["events"].as_array().unwrap().iter().map(kind).collect()
}

/// AS-55, TFM-3, TFM-4, F-AU-16, X-22, X-23: clause 3 owes the year's Renewal Term; the second
/// year owes the same in both readings.
async fn the_annual_reading_owes_twelve_months(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.opened("Annual", json!({"variant":"clause_3"})).await;
    app.set_clock("2026-12-15T09:00:00Z");
    paula.people(&at, 300).await;
    for (day, hosts) in [("2026-09-20", 50), ("2026-10-20", 60), ("2026-11-20", 70)] {
        let told = paula.hosts(&at, day, hosts).await;
        assert_eq!((&told["taken"], &told["new_active_users"]), (&json!(hosts), &json!(hosts)));
        assert_eq!(paula.hosts(&at, day, hosts).await["known"], hosts, "a report is taken once");
    }
    // Enabled after month 11 was over: nobody was deployed when it ended (F-AU-33).
    let preview = paula.get(&format!("{at}/true-forward")).await;
    assert_eq!(preview["next"]["meter_2"], "0");
    app.set_clock("2027-01-20T09:00:00Z");
    let first = paula.get(&at).await;
    assert_eq!(
        (&first["au_minimum"], &first["true_forwards"][0]["fee"]["minor"]),
        (&json!(60), &json!(180_000))
    );
    app.set_clock("2027-12-20T09:00:00Z");
    for day in ["2027-09-20", "2027-10-20", "2027-11-20"] {
        paula.hosts(&at, day, 65).await;
    }
    app.set_clock("2028-01-15T00:00:00Z");
    let second = paula.get(&at).await;
    assert_eq!(
        (&second["au_minimum"], &second["true_forwards"][0]["fee"]["minor"]),
        (&json!(65), &json!(60_000))
    );
}

/// AS-55, F-AU-13, F-AU-20: plan and ledger for people: both meters, the months, the offer.
async fn the_ledger_page_shows_the_same(app: &TestApp) {
    app.set_clock("2027-01-15T00:00:00Z");
    let vic = app.sign_in("vic").await;
    let list = vic.get("/hub/vega/contracts").await;
    let plan = vic.get(&list.link("Flex Meetings")).await;
    assert_eq!(plan.status, 200, "{}", plan.text());
    let forwards = plan.table("Anniversary");
    assert_eq!(forwards[0][..4], ["2027-01-15", "50 · 60 · 70", "45 becomes 60", "USD 3,600.00"]);
    let offer = plan.table("Service");
    assert!(
        offer.iter().any(|row| row[0] == "Webex Support" && row[1].starts_with('5')),
        "{offer:?}"
    );
    let year1 = vic.get(&plan.link("Year before")).await.table("Month");
    assert_eq!(year1.len(), 12);
    assert_eq!(year1[8][..3], ["9 counts", "2026-09-15 to 2026-10-14", "50"]);
    let ledger = vic.get(&plan.link("Ledger")).await;
    let rows: Vec<String> = ledger.table("No.").into_iter().map(|row| row.join(" | ")).collect();
    for part in [
        "Meter 1, Average Active Users: (50 + 60 + 70) / 3 = 60. | Offer | 2027-01-15",
        "Meter 2: 15 % of 300 = 45. | Clause 6",
        "15 Active Users × 24 months × USD 10.00 = USD 3,600.00.",
        "The term begins with an AU Minimum of 45",
    ] {
        assert!(rows.iter().any(|row| row.contains(part)), "{part}: {rows:#?}");
    }
}
