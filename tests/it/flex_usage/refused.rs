//! What nobody should send: named, refused, not kept.

use super::{Caller, customer_x, day, order};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    orders_are_checked,
    clusters_are_checked,
    reports_of_agents_are_checked,
    addresses_are_checked
);

/// Orders with one fault each, and what is said to it.
fn faulty_orders() -> Vec<(Value, u16, &'static str)> {
    let with = |name: &str, value: Value| {
        let mut body = order("mira", "F", "flex_2_0", &json!({"knowledge_worker":5}));
        body[name] = value;
        body
    };
    vec![
        (with("quantities", json!({"knowledge_worker":-1})), 400, "quantities: -1"),
        (with("quantities", json!({"knowledge_worker":1.5})), 400, "body"),
        (with("quantities", json!({"professional":1})), 400, "no type of Flex 2.0"),
        (with("quantities", json!({"workers":1})), 400, "'workers' is none of"),
        (with("quantities", json!({})), 400, "nothing is ordered"),
        (with("model", json!("flex_4")), 400, "model: 'flex_4' is none of"),
        (with("partner", json!("vega")), 400, "partner: 'vega' is not the partner"),
        (with("starts", json!("tomorrow")), 400, "starts: 'tomorrow' is not a day"),
        (with("ends", json!("2025-01-01")), 400, "ends: 2025-01-01 is before"),
        (with("order_id", json!("")), 400, "order_id: has to be of 1 to 100"),
        (with("color", json!("red")), 400, "color"),
        (with("customer", json!("nobody")), 404, "nobody"),
        (json!([1]), 400, "body"),
    ]
}

/// FU-3, F-FU-07, X-17: an Enterprise Agreement of 999 is refused and of 1000 taken; other faults
/// of orders and clusters are told by their field.
async fn orders_are_checked(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    let ea =
        |n: i64, name: &str| order("mira", name, "flex_3_0_ea", &json!({"knowledge_worker":n}));
    let (status, told) = paula.post("/orders", &ea(999, "E")).await;
    assert_eq!(status, 400, "{told}");
    assert!(told["detail"].as_str().unwrap().contains("at least 1000"), "{told}");
    paula.done("/orders", &ea(1_000, "E")).await;
    assert_eq!(paula.post("/orders", &ea(1_000, "E")).await.0, 409, "known already");
    for (body, status, said) in faulty_orders() {
        let (found, told) = paula.post("/orders", &body).await;
        assert_eq!(found, status, "{body}: {told}");
        assert!(told["detail"].as_str().unwrap().contains(said), "{said}: {told}");
    }
    let kept = paula.get("/customers/mira/subscriptions").await.1;
    assert_eq!(kept["subscriptions"].as_array().unwrap().len(), 1, "{kept}");
}

/// F-FU-16: faults of clusters are told by their field; a name is there once, a cluster is the customer's.
async fn clusters_are_checked(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    paula.done("/orders", &order("mira", "E", "flex_2_0", &json!({"knowledge_worker":5}))).await;
    for (path, body, status) in [
        (
            "/customers/mira/clusters",
            json!({"name":"A","region":"R","version":"v12","publisher":"p"}),
            400,
        ),
        (
            "/customers/mira/clusters",
            json!({"name":"","region":"R","version":"12","publisher":"p"}),
            400,
        ),
        ("/customers/mira/clusters", json!({"name":"A","region":"R","version":"12"}), 400),
        (
            "/customers/vega/clusters",
            json!({"name":"UTRECHT","region":"R","version":"12","publisher":"p"}),
            409,
        ),
        ("/customers/mira/clusters/999/verify", json!({}), 404),
        ("/customers/mira/clusters/x/verify", json!({}), 404),
        ("/customers/mira/clusters/1/verify", json!({}), 404),
        ("/customers/lyra/clusters/4/verify", json!({"order_id":"CCW-E"}), 400),
    ] {
        let (found, told) = paula.post(path, &body).await;
        assert_eq!(found, status, "{path} {body}: {told}");
    }
}

/// F-FU-01: future days, days before collecting, unknown fields and kinds, strangers' devices and
/// names that are there twice are refused, and what was told before stays.
async fn reports_of_agents_are_checked(app: &TestApp) {
    customer_x(app, "2026-01-05").await;
    let agent = super::verified(app, "mira", ("Rome", "X")).await;
    agent.done("/agent/usage", &day("2026-01-05", [2, 0, 0])).await;
    let with = |name: &str, value: Value| {
        let mut body = day("2026-01-05", [1, 0, 0]);
        body[name] = value;
        body
    };
    for (body, said) in [
        (with("day", json!("2026-01-06")), "day: 2026-01-06 is after the present day"),
        (with("day", json!("2026-01-04")), "day: 2026-01-04 is before 2026-01-05"),
        (with("day", json!("2026-02-30")), "day: '2026-02-30' is not a day"),
        (with("day", json!(5)), "body"),
        (with("cluster", json!("Milan")), "cluster"),
        (with("users", json!([{"id":"a","devices":-3}])), "devices"),
        (with("users", json!([{"id":"u0"},{"id":"u0"}])), "id 'u0' is there twice"),
        (with("users", json!([{"id":""}])), "id is empty"),
        (with("users", json!(-1)), "body"),
        (with("devices", json!([{"name":"a","kind":"toaster"}])), "'toaster' is none of"),
        (
            with("devices", json!([{"name":"a","kind":"mobile","owner":"x"}])),
            "'x' is none of the users",
        ),
    ] {
        let (status, told) = agent.post("/agent/usage", &body).await;
        assert_eq!(status, 400, "{body}: {told}");
        assert!(told["detail"].as_str().unwrap().contains(said), "{said}: {told}");
    }
    assert_eq!(Caller::agent(app, "nothing").get("/agent").await.0, 401);
    assert_eq!(
        Caller::stranger(app).post("/agent/usage", &day("2026-01-05", [1, 0, 0])).await.0,
        401
    );
    let paula = Caller::person(app, "paula").await;
    let told = paula.get("/customers/mira/usage").await.1;
    assert_eq!(super::kind(super::of(&told, "Sub-X"), "knowledge_worker")["consumed"], 105);
}

/// What no report can be about.
const QUERIES: [&str; 11] = [
    "timeline=soon",
    "timeline=-7",
    "timeline=99999999999999999999",
    "from=2025-12-01",
    "from=2026-01-05&to=2025-12-01",
    "from=2025-12-01&to=2026-01-06",
    "from=2025-12-31&to=2026-01-05",
    "from=2025-01-01&to=2026-01-05",
    "month=2026-01",
    "month=2026-13",
    "timeline=7&month=2025-12",
];

/// FU-5, F-FU-20: what an address asks for is read strictly, by pages and API alike.
async fn addresses_are_checked(app: &TestApp) {
    let (paula, rest) = (app.sign_in("paula").await, Caller::person(app, "paula").await);
    for query in QUERIES {
        for path in [
            "/hub/vega/ucm-cloud",
            "/hub/vega/ucm-cloud/report.xlsx",
            "/hub/relay/customer-license-usage",
            "/hub/vega/ucm-cloud/clusters",
            "/hub/relay/customer-license-usage/report.xlsx",
        ] {
            assert_eq!(paula.get(&format!("{path}?{query}")).await.status, 400, "{path} {query}");
        }
        for path in ["/customers/vega/usage", "/customers/vega/usage.xlsx", "/partners/relay/usage"]
        {
            assert_eq!(rest.get(&format!("{path}?{query}")).await.0, 400, "{path} {query}");
        }
    }
    assert_eq!(rest.get("/customers/vega/usage?month=2025-12").await.0, 200);
    assert_eq!(rest.get("/partners/relay/usage?model=flex_9").await.0, 400);
    assert_eq!(rest.get("/partners/relay/usage?customers=nobody").await.0, 400);
    assert_eq!(rest.get("/partners/relay/usage?colour=red").await.0, 400);
    assert_eq!(paula.get("/hub/relay/customer-license-usage?module=flex_9").await.status, 400);
    let page = paula
        .get("/hub/relay/customer-license-usage/report.xlsx?from=2025-12-31&to=2026-01-05")
        .await;
    assert!(page.one(".note.bad").contains("6 days"), "{}", page.text());
    assert_eq!(
        page.attributes("input[name=from]", "value"),
        ["2025-12-31"],
        "what was typed stays"
    );
}
