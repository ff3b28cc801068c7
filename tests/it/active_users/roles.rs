//! Who sees contracts, and who changes them.

use super::{CONTRACTS, Paula};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(looking_and_changing_are_two_permissions);

/// F-AU-06, F-AU-20: a customer's admin and a read-only partner look; sales do not; strangers hear
/// of nothing. Only the Full admin changes something.
async fn looking_and_changing_are_two_permissions(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.of_the_fixture().await;
    let body = json!({"number":"SO-1","headcount":301});
    for (name, look, change) in [
        ("vic", 200, 403),
        ("rita", 200, 403),
        ("frank", 403, 403),
        ("sally", 403, 403),
        ("ann", 404, 404),
    ] {
        let rest = app.rest_as(name).await;
        let list = rest.get(CONTRACTS).await.json["contracts"].as_array().unwrap().len();
        assert_eq!(list, usize::from(look == 200), "{name}");
        for path in [
            at.clone(),
            format!("{at}/ledger"),
            format!("{at}/people"),
            format!("{at}/true-forward"),
        ] {
            assert_eq!(rest.get(&path).await.status, look, "{name}: {path}");
        }
        assert_eq!(rest.post(&format!("{at}/orders"), &body).await.status, change, "{name}");
        let opened = rest.post(CONTRACTS, &super::contract("theirs", json!({}))).await;
        assert_eq!(opened.status, change, "{name}: {}", opened.text);
    }
    assert_eq!(app.rest().get(CONTRACTS).await.status, 401);
    assert_eq!(app.rest().get(&at).await.status, 401);
    let page = at.replace("/_syncom", "");
    let vic = app.sign_in("vic").await;
    let plan = vic.get(&page).await;
    assert_eq!(plan.status, 200);
    assert!(!plan.text().contains("Renew…") && !plan.text().contains("Correct…"));
    assert_eq!(vic.get(&format!("{page}/renew")).await.status, 403);
    assert_eq!(app.sign_in("sally").await.get(&page).await.status, 403);
    assert_eq!(app.sign_in("ann").await.get(&page).await.status, 404);
}
