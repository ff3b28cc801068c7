//! Who sees and does what (AS-58, features 6.3).

use super::{Caller, order};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(
    a_sales_admin_sees_assigned_customers_and_figures_inside,
    each_role_sees_what_the_matrix_says,
    nobody_else_changes_anything,
);

const AGGREGATE: &str = "/hub/relay/customer-license-usage";

/// AS-58, X-08, F-FU-13, F-FU-17: a sales admin sees the assigned customers of five without
/// figures, and the figures after going into the customer.
async fn a_sales_admin_sees_assigned_customers_and_figures_inside(app: &TestApp) {
    let sally = app.sign_in("sally").await;
    let list = sally.get("/partner/customers").await;
    assert_eq!(list.path, "/hub/relay/customers");
    assert_eq!(list.texts("tbody th"), ["Altair Shipping", "Vega Foods"]);
    for figure in ["103", "115", "Overage", "Consumed"] {
        assert!(!list.text().contains(figure), "{figure} on the Partner Hub: {}", list.text());
    }
    assert_eq!(sally.get("/hub/relay").await.path, list.path, "where her partner's card leads");
    assert_eq!(sally.get(AGGREGATE).await.status, 404);
    let panel = sally.get("/hub/relay/customers/vega").await;
    for told in ["UCM Cloud", "Provisioned", "Utrecht: Verified", "Active", "View customer"] {
        assert!(panel.text().contains(told), "{told}: {}", panel.text());
    }
    assert!(!panel.text().contains("103"), "{}", panel.text());
    let launched = sally.get(panel.attributes(".head-actions a", "href")[0].as_str()).await;
    assert_eq!(launched.path, "/hub/vega/ucm-cloud");
    assert!(launched.text().contains("103"), "{}", launched.text());
    for other in ["/hub/relay/customers/deneb", "/hub/deneb/ucm-cloud", "/hub/deneb"] {
        assert_eq!(sally.get(other).await.status, 404, "{other}");
    }
}

/// AS-58, X-07, F-FU-14: the read-only partner sees the aggregate without Custom report and
/// downloads one customer's report; a full sales admin sees no aggregate, a customer admin its own.
async fn each_role_sees_what_the_matrix_says(app: &TestApp) {
    let frank = app.sign_in("frank").await;
    assert_eq!(frank.get("/hub/relay/customers").await.texts("tbody th").len(), 5);
    assert_eq!(frank.get(AGGREGATE).await.status, 403);
    assert_eq!(frank.get("/hub/deneb/ucm-cloud").await.status, 200);

    let rita = app.sign_in("rita").await;
    let seen = rita.get(AGGREGATE).await;
    assert_eq!(seen.texts("tbody th").len(), 4, "{}", seen.text());
    assert!(!seen.text().contains("Custom report"), "{}", seen.text());
    for (path, status) in [
        (format!("{AGGREGATE}/custom"), 403),
        (format!("{AGGREGATE}/report.xlsx?timeline=7"), 403),
        ("/hub/vega/ucm-cloud/report.xlsx?timeline=7".to_owned(), 200),
        ("/hub/vega/ucm-cloud/clusters".to_owned(), 200),
    ] {
        assert_eq!(rita.bytes(&path).await.0, status, "{path}");
    }

    let vic = app.sign_in("vic").await;
    assert_eq!(vic.get("/hub/vega/ucm-cloud").await.status, 200);
    assert_eq!(vic.get("/hub/vega/ucm-cloud/clusters").await.status, 200);
    assert_eq!(vic.bytes("/hub/vega/ucm-cloud/report.xlsx?timeline=7").await.0, 200);
    for other in ["/hub/relay/customers", AGGREGATE, "/hub/altair/ucm-cloud", "/partner/customers"]
    {
        assert_eq!(vic.get(other).await.status, 404, "{other}");
    }

    let paula = app.sign_in("paula").await;
    let seen = paula.get(AGGREGATE).await;
    assert!(seen.text().contains("Custom report"));
    assert_eq!(paula.get(&format!("{AGGREGATE}/custom")).await.status, 200);
    let services = paula.get("/hub/relay/customers").await;
    let rows = services.texts("tbody tr");
    let mira = rows.iter().find(|row| row.starts_with("Mira")).unwrap();
    assert_eq!(mira, "Mira Clinics None Nothing ordered – View customer Mira Clinics");
}

/// AS-58: only a Full admin places orders and verifies clusters; others hear 403, strangers 401,
/// and who does not reach the customer hears that there is none.
async fn nobody_else_changes_anything(app: &TestApp) {
    let bought = json!({"knowledge_worker":10});
    let body = order("vega", "Z", "flex_2_0", &bought);
    let cluster = json!({"name":"Z","region":"R","version":"12.5","publisher":"p"});
    for (name, status) in
        [("frank", 403), ("sally", 403), ("rita", 403), ("vic", 403), ("ann", 404)]
    {
        let caller = Caller::person(app, name).await;
        for (path, body) in [
            ("/orders", &body),
            ("/customers/vega/orders/CCW-88143/cancel", &json!({})),
            ("/customers/vega/clusters", &cluster),
            ("/customers/vega/publishers", &cluster),
            ("/customers/vega/clusters/1/verify", &json!({})),
            ("/customers/vega/clusters/1/secret", &json!({})),
        ] {
            let (told, text) = caller.post(path, body).await;
            assert_eq!(told, status, "{name} {path}: {text}");
        }
    }
    let stranger = Caller::stranger(app);
    for path in [
        "/customers/vega/usage",
        "/customers/vega/clusters",
        "/partners/relay/usage",
        "/customers/vega/subscriptions",
        "/agent",
    ] {
        assert_eq!(stranger.get(path).await.0, 401, "{path}");
    }
    let sally = Caller::person(app, "sally").await;
    assert_eq!(sally.get("/customers/vega/usage").await.0, 200);
    assert_eq!(sally.get("/partners/relay/usage").await.0, 404);
    assert_eq!(sally.get("/customers/deneb/usage").await.0, 404);
}
