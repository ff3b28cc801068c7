//! The cloud's REST API over real HTTP (docs/API-DESIGN.md).

mod abuse;
mod calls;
mod oauth;
mod polls;
mod products;
mod raw;
mod reservations;
mod rules;
mod transfers;

/// The base that clients have built in.
const API: &str = "/services/api/smart-accounts-and-licensing";

/// A path inside the Smart Account of the fixture.
fn lab(version: &str, rest: &str) -> String {
    format!("{API}/{version}/accounts/lab.example/{rest}")
}
