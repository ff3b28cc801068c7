//! Smart Licensing Using Policy: S1 to S3 of rest-api 9, honest about what is missing.

use super::API;
use super::raw::{Reply, bearer, send};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    each_item_says_that_it_failed_and_why,
    a_poll_belongs_to_who_asked,
    the_place_is_named_by_its_numbers,
);

async fn post(
    app: &TestApp,
    name: &str,
    numbers: &[(&str, &str)],
    call: &str,
    data: Value,
) -> Reply {
    let auth = bearer(app, name).await;
    let mut headers = vec![("Authorization", auth.as_str())];
    headers.extend_from_slice(numbers);
    let body = json!({"data":data}).to_string();
    send(app, &format!("POST {API}/v2/{call}"), &headers, body.as_bytes()).await
}

const LAB: (&str, &str) = ("X-CSW-SMART-ACCOUNT-ID", "100001");

fn wanted() -> Value {
    json!({"timestamp":1_656_010_025_453_i64,"nonce":"random1234","licenses":[
        {"sudi":{"udi_pid":"C8000V","udi_serial_number":"9ABC"},"hostname":"r1",
         "keys":[{"entitlement":"regid.x","count":"1"}]},
        {"sudi":{"udi_pid":"C8000V","udi_serial_number":"9ABD"},"keys":[]}]})
}

/// rest-api S1 to S3: the shapes of the cloud, and no pretended success.
async fn each_item_says_that_it_failed_and_why(app: &TestApp) {
    let accepted = post(app, "ann", &[LAB], "devices/authrequest", wanted()).await;
    assert_eq!(accepted.status, 202);
    let id = accepted.json()["poll_id"].to_string();
    let expected = format!(
        r#"{{"status":"OK_POLL","message_code":null,"message":null,"timestamp":1656010025453,"nonce":"random1234","type":null,"poll_id":{id},"poll_interval":300,"action":"authorizations"}}"#
    );
    assert_eq!(accepted.body, expected);
    let poll = json!({"timestamp":1,"nonce":"n","poll_id":id,"action":"authorizations",
                      "type":"authorizations"});
    let done = post(app, "ann", &[], "accounts/poll", poll).await.json();
    assert_eq!((&done["status"], &done["type"]), (&json!("COMPLETE"), &json!("authorizations")));
    let items = done["data"]["authorizations"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["sudi"]["udi_serial_number"], "9ABC");
    for item in items {
        assert_eq!((&item["status"], &item["smart_license"]), (&json!("FAILED"), &Value::Null));
        assert!(item["error_code"].is_string(), "GVE reads null as success");
        assert!(item["status_message"].as_str().unwrap().contains("not available"));
    }

    let report =
        json!({"timestamp":"5","nonce":"n","reports":[{"sudi":{"udi_pid":"C"},"usage":[]}]});
    let accepted = post(app, "ann", &[LAB], "devices/reportusage", report).await.json();
    let poll = json!({"poll_id":accepted["poll_id"],"action":"acknowledgements"});
    let done = post(app, "ann", &[], "accounts/poll", poll).await.json();
    assert_eq!(done["data"]["acknowledgements"][0]["status"], "FAILED");
}

/// A number that somebody else holds is no number.
async fn a_poll_belongs_to_who_asked(app: &TestApp) {
    let accepted = post(app, "ann", &[LAB], "devices/authrequest", wanted()).await.json();
    let poll = json!({"poll_id":accepted["poll_id"],"action":"authorizations"});
    let other = post(app, "bob", &[], "accounts/poll", poll.clone()).await;
    assert_eq!((other.status, &other.json()["status"]), (404, &json!("FAILED")));
    let mixed = json!({"poll_id":accepted["poll_id"],"action":"acknowledgements"});
    assert_eq!(post(app, "ann", &[], "accounts/poll", mixed).await.status, 404);
    let eaten = json!({"poll_id":accepted["poll_id"],"action":"eaten"});
    assert_eq!(post(app, "ann", &[], "accounts/poll", eaten).await.status, 400);
    assert_eq!(post(app, "ann", &[], "accounts/poll", poll).await.status, 200);
}

/// rest-api 9: the numbers of accounts/search.
async fn the_place_is_named_by_its_numbers(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let search = rest.get(&format!("{API}/v2/accounts/search")).await.json;
    let account = search["accounts"][0]["account_id"].as_str().unwrap();
    let places = search["accounts"][0]["virtual_accounts"].as_array().unwrap();
    let berlin = places.iter().find(|place| place["name"] == "Berlin").unwrap();
    let berlin = berlin["virtual_account_id"].as_str().unwrap();
    let (smart, virtual_account) = ("X-CSW-SMART-ACCOUNT-ID", "X-CSW-VIRTUAL-ACCOUNT-ID");
    let cases = [
        ("bob", vec![(smart, account), (virtual_account, berlin)], 202),
        ("tom", vec![(smart, account), (virtual_account, berlin)], 403),
        ("ann", vec![(smart, account), (virtual_account, "5")], 404),
        ("ann", vec![(smart, "5")], 404),
        ("ann", vec![(smart, "five")], 400),
        ("ann", vec![(smart, account), (virtual_account, "")], 400),
        ("ann", vec![], 400),
    ];
    for (name, numbers, status) in cases {
        let reply = post(app, name, &numbers, "devices/authrequest", wanted()).await;
        assert_eq!(reply.status, status, "{name} {numbers:?}: {reply:?}");
    }
}
