//! The report of a customer and of all customers (AS-57).

use super::{Caller, customer_x, customer_y, day, kind, of, order, verified};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(
    a_customer_with_too_many_of_one_type_is_not_compliant,
    a_range_counts_its_peak,
    clusters_add_up,
    substitution_is_told_beside_the_report,
    orders_change_and_end,
);

/// The row of a page's table whose heading is this.
fn row(page: &crate::support::browser::Page, heading: &str) -> String {
    let rows = page.texts("tbody tr");
    rows.into_iter().find(|row| row.starts_with(heading)).unwrap_or_else(|| panic!("{heading}"))
}

/// AS-57, FU-1, FU-9, F-FU-03, F-FU-04, F-FU-14, F-FU-18: totals of 115 and 115, and yet 3 Knowledge
/// Workers too many: not compliant, and listed where overage is shown.
async fn a_customer_with_too_many_of_one_type_is_not_compliant(app: &TestApp) {
    customer_x(app, "2026-01-05").await;
    let paula = app.sign_in("paula").await;
    let page = paula.get("/hub/mira/ucm-cloud").await;
    assert_eq!(row(&page, "Sub-X"), "Sub-X Flex 2.0 Active 115 115 3 Not compliant");
    let kw = "Knowledge Worker A person with up to ten devices 100 103 3 103.0 103 Not compliant";
    assert_eq!(row(&page, "Knowledge Worker"), kw);
    assert!(row(&page, "Common Area").ends_with("10 7 0 7.0 7 Compliant"), "{}", page.text());
    assert!(row(&page, "TelePresence").ends_with("5 5 0 5.0 5 Compliant"));
    assert_eq!(page.texts("svg.chart").len(), 3, "a graph for each type");
    assert_eq!(page.texts("svg.chart rect.over").len(), 1);

    let all = paula.get("/partner/customer-license-usage").await;
    assert_eq!(all.path, "/hub/relay/customer-license-usage");
    assert_eq!(all.texts("tbody th").len(), 5, "{}", all.text());
    let form = all.form("form[role=search]").set("overage", "yes").set("search", "MIRA");
    let shown = paula.submit(form).await;
    assert_eq!(shown.texts("tbody tr"), ["Mira Clinics Sub-X Flex 2.0 115 115 3 Not compliant"]);
    let shown = paula.get("/hub/relay/customer-license-usage?overage=yes&module=flex_2_0").await;
    let rows = shown.texts("tbody tr");
    assert!(
        rows.contains(&"Mira Clinics Sub-X 103 / 100 7 / 10 5 / 5 3 Not compliant".to_owned()),
        "{rows:?}"
    );
    assert!(rows.iter().all(|row| row.ends_with("Not compliant")), "{rows:?}");
    assert_eq!(rows.len(), 2, "Vega of the fixture, and X: {rows:?}");
}

/// AS-57, FU-4, FU-5, F-FU-11, F-FU-19, F-FU-20: today 99 and compliant, over seven days the peak
/// of 104 and an average; 6 and 91 days are refused, by page and by API.
async fn a_range_counts_its_peak(app: &TestApp) {
    customer_y(app).await;
    let vic = Caller::person(app, "paula").await;
    let today = vic.get("/customers/lyra/usage").await.1;
    let kw = kind(of(&today, "Sub-Y"), "knowledge_worker").clone();
    let wanted = json!({"type":"knowledge_worker","purchased":100,"consumed":99,"average":"99.0",
                        "last":99,"overage":0,"compliant":true});
    assert_eq!(kw, wanted);
    let week = vic.get("/customers/lyra/usage?timeline=7").await.1;
    let kw = kind(of(&week, "Sub-Y"), "knowledge_worker").clone();
    let wanted = json!({"type":"knowledge_worker","purchased":100,"consumed":104,
                        "average":"100.3","last":99,"overage":4,"compliant":false});
    assert_eq!(kw, wanted);
    assert_eq!((&week["from"], &week["to"]), (&"2026-01-01".into(), &"2026-01-07".into()));

    let paula = app.sign_in("paula").await;
    let page = paula.get("/hub/lyra/ucm-cloud").await;
    assert!(row(&page, "Sub-Y").ends_with("100 99 0 Compliant"), "{}", page.text());
    let page = paula.submit(page.form("form.filters").set("timeline", "7")).await;
    assert!(row(&page, "Sub-Y").ends_with("100 104 4 Not compliant"), "{}", page.text());
    for (days, status) in [(6, 400), (7, 200), (90, 200), (91, 400)] {
        for path in [
            "/hub/lyra/ucm-cloud",
            "/hub/lyra/ucm-cloud/clusters",
            "/hub/relay/customer-license-usage",
        ] {
            let page = paula.get(&format!("{path}?timeline={days}")).await;
            assert_eq!(page.status, status, "{path} {days}");
            assert!(status == 200 || page.text().contains("7 to 90 days"), "{}", page.text());
        }
        let told = vic.get(&format!("/customers/lyra/usage?timeline={days}")).await;
        assert_eq!(told.0, status, "{told:?}");
    }
}

/// FU-6, F-FU-23: 60 on one cluster and 45 on the other are 105 of 100; nobody asks whether they
/// are the same persons.
async fn clusters_add_up(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    let bought = json!({"knowledge_worker":100});
    paula.done("/orders", &order("mira", "A", "flex_2_0", &bought)).await;
    for (name, users) in [("Alpha", 60), ("Beta", 45)] {
        let agent = verified(app, "mira", (name, "A")).await;
        agent.done("/agent/usage", &day("2026-01-05", [users, 0, 0])).await;
    }
    let told = paula.get("/customers/mira/usage").await.1;
    let kw = kind(of(&told, "Sub-A"), "knowledge_worker");
    assert_eq!((&kw["consumed"], &kw["overage"]), (&json!(105), &json!(5)));
    let page = app.sign_in("paula").await.get("/hub/mira/ucm-cloud/clusters").await;
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("Alpha") && rows[0].contains(" 60 0 0 "), "{rows:?}");
}

/// FU-2, F-FU-06, F-FU-18: eight Enhanced too many, although ten Professional are free; the other
/// truth stands beside it.
async fn substitution_is_told_beside_the_report(app: &TestApp) {
    let rita = Caller::person(app, "rita").await;
    let told = rita.get("/customers/altair/usage").await.1;
    let one = of(&told, "Sub-204110");
    assert_eq!(kind(one, "enhanced")["overage"], 8);
    assert_eq!((&one["overage"], &one["overage_with_substitution"]), (&json!(8), &json!(0)));
    assert_eq!(one["compliant"], false);
    let page = app.sign_in("rita").await.get("/hub/altair/ucm-cloud").await;
    let note = "Smart Software Manager would let higher tiers stand in for lower ones; there the \
                overage would be 0.";
    assert!(page.text().contains(note), "{}", page.text());
}

/// F-FU-15, F-FU-17: what was bought is brought in line, and a cancelled subscription is inactive.
async fn orders_change_and_end(app: &TestApp) {
    customer_x(app, "2026-01-05").await;
    let paula = Caller::person(app, "paula").await;
    let more = json!({"quantities":{"knowledge_worker":103}});
    let (status, told) = paula.put("/customers/mira/orders/CCW-X", &more).await;
    assert_eq!(status, 200, "{told}");
    let all = json!({"knowledge_worker":103,"common_area":10,"telepresence":5});
    assert_eq!(told["purchased"], all, "the others stay");
    let usage = paula.get("/customers/mira/usage").await.1;
    assert_eq!(of(&usage, "Sub-X")["compliant"], true);
    let ended = paula.done("/customers/mira/orders/CCW-X/cancel", &json!({})).await;
    assert_eq!(ended["active"], false);
    assert_eq!(paula.post("/customers/mira/orders/CCW-X/cancel", &json!({})).await.0, 409);
    assert_eq!(paula.put("/customers/mira/orders/CCW-X", &more).await.0, 409);
    let page = app.sign_in("paula").await.get("/hub/mira/activity").await;
    let log = page.text();
    for line in [
        "Order CCW-X came in: 100 Knowledge Worker, 10 Common Area, 5 TelePresence of Flex 2.0 as Sub-X.",
        "Order CCW-X is now for 103 Knowledge Worker, 10 Common Area, 5 TelePresence.",
        "Subscription Sub-X was cancelled.",
        "Cluster Milan was verified for Sub-X; collecting begins.",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
}
