//! Requests as bytes.

use super::process::{Loaded as _, Server};
use std::net::SocketAddr;

const API: &str = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example";

/// A bearer of the lab's API client.
pub async fn bearer(server: &Server) -> String {
    let client = &server.ready["lab"]["api_client"];
    let grant = [
        ("grant_type", "client_credentials"),
        ("client_id", client["id"].as_str().unwrap()),
        ("client_secret", client["secret"].as_str().unwrap()),
    ];
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address: SocketAddr = server.address();
    let asked = http.post(format!("http://{address}/as/token.oauth2")).form(&grant).send();
    let answer: serde_json::Value = asked.await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// A request without a body.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").into_bytes()
}

/// A request with a JSON body.
pub fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// L1: three rows of two virtual accounts.
pub fn license_list(bearer: &str) -> Vec<u8> {
    let headers = format!("Authorization: Bearer {bearer}\r\n");
    post(&format!("{API}/licenses"), &headers, r#"{"virtualAccounts":["Berlin","Tokyo"]}"#)
}

/// K2.
pub fn token_creation(bearer: &str) -> Vec<u8> {
    let headers = format!("Authorization: Bearer {bearer}\r\n");
    let body = r#"{"expiresAfterDays":30,"description":"bench","exportControlled":"Allowed"}"#;
    post(&format!("{API}/virtual-accounts/Berlin/tokens"), &headers, body)
}
