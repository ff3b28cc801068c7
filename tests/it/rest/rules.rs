//! The 17 rules of rest-api.md part 0, each with the bytes of the client that taught it.

use super::raw::{Line, bearer, request, send};
use super::{API, lab};
use crate::support::app::TestApp;
use crate::support::databases::{Database, on_both_databases};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};

on_both_databases!(
    double_slashes_on_the_wire_are_merged,
    a_doubled_prefix_leads_to_the_same_call,
    a_slash_at_the_end_makes_no_difference,
    a_token_is_given_in_four_encodings,
    a_bearer_may_come_without_its_word,
    a_body_may_be_null_also_with_get,
    answers_are_compact,
    poll_numbers_are_above_2_to_the_53_and_come_back_in_two_types,
    numbers_come_in_loose_types,
    the_new_token_is_an_object,
    the_domain_is_matched_in_any_case,
    names_in_paths_hold_blanks,
    the_type_of_an_account_is_written_in_three_ways,
    a_wrong_password_is_exactly_400,
    a_stranger_is_told_401_in_json,
    a_transfer_of_none_is_an_error_in_the_body,
);

/// Rule 1: `requests`, Ansible and curl send the second slash.
async fn double_slashes_on_the_wire_are_merged(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    for path in [
        format!("/{}", lab("v1", "licenses")),
        "//services//api/smart-accounts-and-licensing///v1/accounts/lab.example//licenses".into(),
    ] {
        let headers = [("Authorization", auth.as_str())];
        let reply = send(app, &format!("POST {path}"), &headers, b"{}").await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("COMPLETE")), "{path}");
    }
}

/// Rule 2: `/services/api/services/api/…`.
async fn a_doubled_prefix_leads_to_the_same_call(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let path = format!("GET /services/api{API}/v2/accounts/search");
    let reply = send(app, &path, &[("Authorization", &auth)], b"").await;
    assert_eq!(reply.json()["accounts"][0]["domain"], "lab.example");
}

/// Rule 3: `/v2/accounts/` and `/v2/accounts`.
async fn a_slash_at_the_end_makes_no_difference(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let with = rest.get(&format!("{API}/v2/accounts/")).await;
    let without = rest.get(&format!("{API}/v2/accounts")).await;
    assert_eq!((with.status, with.text), (200, without.text));
}

/// Rule 4: form, query of an empty post without a type, Basic header, JSON.
async fn a_token_is_given_in_four_encodings(app: &TestApp) {
    let (id, secret) = app.lab().api_client.clone().unwrap();
    let grant = "grant_type=client_credentials";
    let pair = format!("client_id={id}&client_secret={secret}");
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let object = json!({"grant_type":"client_credentials","client_id":id,"client_secret":secret})
        .to_string();
    let first = "POST /as/token.oauth2";
    let replies = [
        send(app, first, &[form], format!("{grant}&{pair}").as_bytes()).await,
        // PAN sends another order.
        send(app, first, &[form], format!("{pair}&{grant}").as_bytes()).await,
        send(app, &format!("{first}?{grant}&{pair}"), &[], b"").await,
        send(app, first, &[form, ("Authorization", &basic)], grant.as_bytes()).await,
        send(app, first, &[("Content-Type", "application/json")], object.as_bytes()).await,
        send(app, "POST /oauth2/default/v1/token", &[form], format!("{grant}&{pair}").as_bytes())
            .await,
    ];
    for reply in replies {
        assert_eq!(reply.status, 200, "{reply:?}");
        let body = reply.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3599)));
        let token = body["access_token"].as_str().unwrap().to_owned();
        let headers = [("Authorization", token.as_str())];
        let seen = send(app, &format!("GET {API}/v2/accounts"), &headers, b"").await;
        assert_eq!(seen.status, 200);
    }
}

/// Rule 5: SLA and JSH send the bare token.
async fn a_bearer_may_come_without_its_word(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let token = rest.bearer().unwrap();
    for shown in [token.to_owned(), format!("Bearer {token}"), format!("bearer  {token} ")] {
        let headers = [("Authorization", shown.as_str())];
        let reply = send(app, &format!("GET {API}/v2/accounts"), &headers, b"").await;
        assert_eq!(reply.status, 200, "{shown}");
    }
    let basic = send(
        app,
        &format!("GET {API}/v2/accounts"),
        &[("Authorization", &format!("Basic {token}"))],
        b"",
    )
    .await;
    assert_eq!(basic.status, 401);
}

/// Rule 6: Ansible sends `null` where it has no body, with GET too; the
/// connection goes on after it.
async fn a_body_may_be_null_also_with_get(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let headers = [("Authorization", auth.as_str()), ("Content-Type", "application/json")];
    let rest = app.rest_as("ann").await;
    let new = json!({"name":"Short lived","description":""});
    rest.post(&lab("v1", "customer/virtual-accounts"), &new).await;
    let calls = [
        format!("GET {API}/v2/accounts"),
        format!("GET {}", lab("v1", "virtual-accounts/Tokyo/devices")),
        format!("GET {}", lab("v1", "virtual-accounts/Tokyo/tokens")),
        format!("POST {}", lab("v1", "licenses")),
        format!("POST {}", lab("v1", "customer/virtual-accounts/Short%20lived/delete")),
    ];
    let mut line = Line::open(app).await;
    for call in calls {
        let reply = line.send(&request(&call, &headers, b"null")).await;
        assert_eq!(reply.status, 200, "{call}: {reply:?}");
    }
    let get = format!("GET {API}/v2/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: {auth}\r\n\r\n");
    assert_eq!(line.send(get.as_bytes()).await.status, 200);
}

/// Rule 7: GVE's regular expressions crash on a blank after `:`, and on some
/// characters before a digit inside the texts of a 202.
async fn answers_are_compact(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let answers = [
        rest.get(&format!("{API}/v2/accounts")).await,
        rest.get(&format!("{API}/v2/accounts/search")).await,
        rest.post(&lab("v1", "licenses"), &json!({"limit":-1})).await,
        rest.post(&lab("v1", "devices"), &json!({})).await,
        rest.post(&lab("v1", "virtual-accounts/Berlin/tokens"), &json!({})).await,
    ];
    for answer in answers {
        let again: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(answer.text.len(), again.to_string().len(), "{}", answer.text);
    }
    for (call, list) in [("authrequest", "licenses"), ("reportusage", "reports")] {
        let body = json!({"data":{"timestamp":1,"nonce":"n","REPLACE":[{"sudi":{}}]}});
        let body = body.to_string().replace("REPLACE", list);
        let reply = send_policy(app, &format!("/v2/devices/{call}"), &body).await;
        assert_eq!(reply.0, 202);
        let crashing = |pair: &[u8]| b" |*".contains(&pair[0]) && pair[1].is_ascii_digit();
        assert!(!reply.1.as_bytes().windows(2).any(crashing), "{}", reply.1);
        assert!(!reply.1.contains("\": "), "{}", reply.1);
    }
}

/// Posts to the policy family with the headers of a client.
async fn send_policy(app: &TestApp, path: &str, body: &str) -> (u16, String) {
    let auth = bearer(app, "ann").await;
    let headers = [("Authorization", auth.as_str()), ("X-CSW-SMART-ACCOUNT-ID", "100001")];
    let reply = send(app, &format!("POST {API}{path}"), &headers, body.as_bytes()).await;
    (reply.status, reply.body)
}

/// Rule 8: `poll_id` is a large number and comes back as number or digits;
/// `timestamp` likewise.
async fn poll_numbers_are_above_2_to_the_53_and_come_back_in_two_types(app: &TestApp) {
    let body =
        r#"{"data":{"timestamp":1656010025453,"nonce":"random1234","licenses":[{"sudi":{}}]}}"#;
    let (status, text) = send_policy(app, "/v2/devices/authrequest", body).await;
    assert_eq!(status, 202, "{text}");
    let accepted: Value = serde_json::from_str(&text).unwrap();
    let id = accepted["poll_id"].as_i64().unwrap();
    assert!(id > 1 << 53);
    assert_eq!(accepted["timestamp"], 1_656_010_025_453_i64);
    for (shown, time) in [(json!(id), json!(1)), (json!(id.to_string()), json!("1656010025453"))] {
        let poll = json!({"data":{"timestamp":time,"nonce":"x","poll_id":shown,
                                  "action":"authorizations"}});
        let (status, text) = send_policy(app, "/v2/accounts/poll", &poll.to_string()).await;
        let done: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &done["status"]), (200, &json!("COMPLETE")), "{text}");
        assert!(done["timestamp"].is_i64());
    }
}

/// Rule 9: while the work goes on `message` is an empty text; only in the first
/// answer it is null.
#[actix_web::test]
async fn a_poll_that_is_not_ready_has_an_empty_message() {
    let slow = |config: &mut syncom::config::Config| config.settings.poll_ready_seconds = 60;
    let app = TestApp::start(Database::sqlite(), slow).await;
    let body = r#"{"data":{"timestamp":1,"nonce":"n","reports":[{"sudi":{}}]}}"#;
    let (_, text) = send_policy(&app, "/v2/devices/reportusage", body).await;
    let accepted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&accepted["status"], &accepted["message"]), (&json!("OK_POLL"), &Value::Null));
    assert_eq!(accepted["action"], "acknowledgements");
    let poll = json!({"data":{"timestamp":1,"nonce":"n","poll_id":accepted["poll_id"],
                              "action":"acknowledgements"}})
    .to_string();
    let (status, text) = send_policy(&app, "/v2/accounts/poll", &poll).await;
    let working: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &working["status"]), (200, &json!("OK_POLL")));
    assert_eq!((&working["message"], &working["message_code"]), (&json!(""), &json!("")));
    app.advance(TimeDelta::seconds(60));
    let (_, text) = send_policy(&app, "/v2/accounts/poll", &poll).await;
    assert!(text.starts_with(r#"{"status":"COMPLETE","message_code":"","message":"","#), "{text}");
}

/// Rule 10: `30`, `"30"`, `30.0`; and what is no whole number is named.
async fn numbers_come_in_loose_types(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let headers = [("Authorization", auth.as_str())];
    let call = format!("POST {}", lab("v1", "virtual-accounts/Berlin/tokens"));
    for days in ["30", "\"30\"", "30.0"] {
        let body = format!("{{\"expiresAfterDays\":{days}}}");
        let reply = send(app, &call, &headers, body.as_bytes()).await;
        let info = &reply.json()["tokenInfo"];
        assert_eq!(info["expirationDate"], "2026-Feb-04 09:00:00", "{days}: {reply:?}");
    }
    for days in ["1.5", "\"abc\"", "\"NaN\"", "1e300", "-1", "0", "366", "[]", "true"] {
        let body = format!("{{\"expiresAfterDays\":{days}}}");
        let reply = send(app, &call, &headers, body.as_bytes()).await;
        let text = reply.json()["statusMessage"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, 400, "{days}: {reply:?}");
        assert!(text.starts_with("expiresAfterDays: "), "{days}: {text}");
    }
}

/// Rule 11: EZ, SLA, SKY and WWT index it as an object.
async fn the_new_token_is_an_object(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let path = lab("v1", "virtual-accounts/Tokyo/tokens");
    let made = rest.post(&path, &json!({"description":"lab"})).await;
    assert_eq!(made.json["statusMessage"], "A valid, active token was generated.");
    let text = made.json["tokenInfo"]["token"].as_str().unwrap();
    assert!(text.ends_with("%0A"));
    let listed = rest.get(&path).await;
    assert_eq!(listed.json["tokens"][0]["token"], text);
}

/// Rule 12.
async fn the_domain_is_matched_in_any_case(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let answer = rest.post(&format!("{API}/v1/accounts/LAB.Example/licenses"), &json!({})).await;
    assert_eq!(answer.json["totalRecords"], 9, "{answer:?}");
    let own = rest.get(&format!("{API}/v2/accounts?domain=Lab.EXAMPLE")).await;
    assert_eq!(own.json["accounts"][0]["accountDomain"], "lab.example");
}

/// Rule 13: `%20` is a blank; what is raw is no request at all.
async fn names_in_paths_hold_blanks(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let new = json!({"name":"Köln / Süd 100%","description":""});
    let made = rest.post(&lab("v1", "customer/virtual-accounts"), &new).await;
    assert_eq!(made.status, 200, "{made:?}");
    let name = "K%C3%B6ln%20%2F%20S%C3%BCd%20100%25";
    let tokens = rest.get(&lab("v1", &format!("virtual-accounts/{name}/tokens"))).await;
    assert_eq!((tokens.status, &tokens.json["tokens"]), (200, &json!([])), "{tokens:?}");
    let auth = bearer(app, "ann").await;
    for raw in ["Berlin Lab", "Köln"] {
        let line = format!("GET {}", lab("v1", &format!("virtual-accounts/{raw}/tokens")));
        let reply = send(app, &line, &[("Authorization", &auth)], b"").await;
        assert_eq!(reply.status, 400, "{raw}");
    }
}

/// Rule 14.
async fn the_type_of_an_account_is_written_in_three_ways(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    for word in ["customer", "CUSTOMER", "HOLDING"] {
        let answer = rest.get(&lab("v1", &format!("{word}/virtual-accounts"))).await;
        assert_eq!(answer.json["virtualAccounts"][0]["isDefault"], "true", "{word}");
    }
    let answer = rest.get(&lab("v1", "planet/virtual-accounts")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json["statusMessage"], "type: planet is not customer or holding");
}

/// Rule 15: XFER tests for exactly this status.
async fn a_wrong_password_is_exactly_400(app: &TestApp) {
    let (id, secret) = app.lab().api_client.clone().unwrap();
    for (name, password) in [("ann", "wrong"), ("nobody", "wrong"), ("ann", "")] {
        let body = format!(
            "grant_type=password&client_id={id}&client_secret={secret}\
             &username={name}&password={password}"
        );
        let reply = send(app, "POST /as/token.oauth2", &[], body.as_bytes()).await;
        assert_eq!(reply.status, 400, "{name} {password}: {reply:?}");
    }
}

/// Rule 16: MCSS and CEN report a 401; GVE and DBR need the JSON fields.
async fn a_stranger_is_told_401_in_json(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    app.advance(TimeDelta::seconds(3_600));
    let path = format!("POST {}", lab("v1", "licenses"));
    for headers in [&[][..], &[("Authorization", auth.as_str())], &[("Authorization", "Bearer x")]]
    {
        let reply = send(app, &path, headers, b"{}").await;
        assert_eq!(reply.status, 401, "{reply:?}");
        assert_eq!(reply.json()["status"], "ERROR");
        assert!(reply.header("www-authenticate").is_some());
    }
}

/// Rule 17, A-TRF-02: XFER ends some transfers with a quantity of 0.
async fn a_transfer_of_none_is_an_error_in_the_body(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    for quantity in [json!(0), json!("0")] {
        let body = json!({"licenses":[{"license":"CUWL","licenseType":"PERPETUAL",
            "quantity":quantity,"targetVirtualAccount":"Berlin"}]});
        let path = lab("v1", "virtual-accounts/Tokyo/licenses/transfer");
        let answer = rest.post(&path, &body).await;
        assert_eq!(answer.json["status"], "ERROR", "{answer:?}");
        assert_eq!(answer.json["licensesTransferStatus"][0]["status"], "ERROR");
    }
}
