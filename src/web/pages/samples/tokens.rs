//! Registration tokens: one, and several at once.

use super::*;
use crate::web::pages::cssm::general::TokenRow;
use crate::web::pages::cssm::token_batch::{
    DetailsPage, MadePage, MadeToken, ReviewPage, Target, TermsPage,
};
use crate::web::pages::cssm::tokens::{Command, NewTokenPage, TokenFields, TokenPage};
use crate::web::pages::view::{Badge, Field};

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = single();
    pages.extend(several());
    pages
}

pub(super) fn token_row(id: &str, status: &str, uses: &str, description: &str) -> TokenRow {
    let tone = match status {
        "Active" => Tone::Good,
        "Revoked" => Tone::Bad,
        "Exhausted" => Tone::Attention,
        _ => Tone::Neutral,
    };
    TokenRow {
        id: id.to_owned(),
        token: Some(format!(
            "{id}NjE1YmY0NTEtYjVhZC00N2M4LWI1YjktM2Q1ZjM5YjY5ZTQyLTE3NzAxOTU2%0AMDAwMDB8bGFiLXN5bmNvbS1ub3QtY2lzY28tdG9rZW4%3D%0A"
        )),
        short: format!("{id}NjE1…Rva2VuX3{id}"),
        expires: when("2026-02-04T09:00:00Z"),
        uses: uses.to_owned(),
        export: if id == "t3" { "Not Allowed" } else { "Allowed" },
        description: description.to_owned(),
        created_by: "bob".to_owned(),
        status: Badge::new(tone, status),
        may_revoke: status == "Active",
        may_remove: status != "Active",
    }
}

fn fields() -> TokenFields {
    TokenFields {
        description: Field::default(),
        expire_after: Field::of("30"),
        max_uses: Field::default(),
        export_controlled: Some(true),
    }
}

fn wrong_fields() -> TokenFields {
    TokenFields {
        description: Field::of("first lab"),
        expire_after: Field::of("366")
            .refused("Expire After is a whole number from 1 to 365 days."),
        max_uses: Field::of("0").refused("At least 1, or empty for unlimited."),
        export_controlled: Some(true),
    }
}

fn single() -> Vec<Sample> {
    let form = NewTokenPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::General),
        token: fields(),
        terms: false,
        terms_error: None,
        refused: None,
    };
    let wrong = NewTokenPage {
        token: TokenFields { export_controlled: None, ..wrong_fields() },
        terms_error: Some("A token is created only when the terms are accepted.".to_owned()),
        ..form.clone()
    };
    let line = "syncom device register --state dev-1.json --url https://127.0.0.1:8443 \
                --token t1NjE1YmY0NTEtYjVhZC00N2M4LWI1YjktM2Q1ZjM5YjY5ZTQyLTE3NzAxOTU2%0AMDAwMDB8";
    let shown = TokenPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::General),
        token: token_row("t1", "Active", "0", "first lab"),
        created: true,
        commands: vec![
            Command {
                purpose: "Make a simulated product.".to_owned(),
                line: "syncom device new --state dev-1.json --name dev-1".to_owned(),
            },
            Command { purpose: "Register it with this token.".to_owned(), line: line.to_owned() },
        ],
    };
    vec![sample("token-new", &form), sample("token-new-refused", &wrong), sample("token", &shown)]
}

fn several() -> Vec<Sample> {
    let terms = TermsPage { frame: frame(Tab::Inventory), entitled: true, terms_error: None };
    let target = |id, name: &str, depth, ticked| Target {
        id,
        name: name.to_owned(),
        depth,
        ticked,
        refused: (id == 5).then(|| format!("Virtual account {name} belongs to the On-Prem sat-a.")),
    };
    let details = DetailsPage {
        frame: frame(Tab::Inventory),
        targets: vec![
            target(2, "Berlin", 0, true),
            target(3, "Berlin-Lab", 1, true),
            target(5, "Sat-A-VA", 0, false),
        ],
        targets_error: None,
        token: fields(),
        refused: None,
    };
    let wrong = DetailsPage {
        targets_error: Some("None is chosen; choose at least one.".to_owned()),
        token: wrong_fields(),
        ..details.clone()
    };
    let review = ReviewPage {
        frame: frame(Tab::Inventory),
        targets: vec!["Berlin".to_owned(), "Berlin-Lab".to_owned()],
        facts: vec![(labels::token::EXPIRE_AFTER, "30 days".to_owned())],
        expires: when("2026-02-04T09:00:00Z"),
        hidden: vec![("va".to_owned(), "2".to_owned()), ("va".to_owned(), "3".to_owned())],
        change: "/sa/lab.example/tokens/new/details?va=2&va=3".to_owned(),
    };
    let made = |name: &str, id| MadeToken {
        virtual_account: name.to_owned(),
        text: token_row(id, "Active", "0", "").token.unwrap(),
        download: format!("/sa/lab.example/inventory/2/tokens/{id}/download"),
    };
    let made = MadePage {
        frame: frame(Tab::Inventory),
        tokens: vec![made("Berlin", "t1"), made("Berlin-Lab", "t2")],
        commands: vec![Command {
            purpose: "Make a simulated product.".to_owned(),
            line: "syncom device new".to_owned(),
        }],
    };
    vec![
        sample("tokens-terms", &terms),
        sample("tokens-details", &details),
        sample("tokens-details-refused", &wrong),
        sample("tokens-review", &review),
        sample("tokens-made", &made),
    ]
}
