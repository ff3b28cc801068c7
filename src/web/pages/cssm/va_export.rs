//! The list of virtual accounts as a file.

use super::general::access;
use super::virtual_accounts::matching;
use crate::engine::VirtualAccountRow;
use crate::web::pages::ask::{Ask, act};
use crate::web::pages::words::Words;
use crate::web::pages::{csv, labels};
use actix_web::HttpResponse;

/// What the page shows with the same search, as a file.
pub async fn export(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let overview = ask.overview().await?;
        let found = matching(&ask.query, &overview);
        let rows = found.into_iter().map(|(_, virtual_account)| row(virtual_account));
        let text = heading(ask.words()) + &rows.collect::<String>();
        Ok(csv::file(&ask, "virtual-accounts", &text))
    })
    .await
}

fn heading(words: &Words) -> String {
    csv::row(&[
        words.virtual_account,
        labels::account::DESCRIPTION,
        words.default,
        labels::account::ACCESS,
        labels::account::PARENT,
        labels::account::SATELLITE,
        labels::account::TAGS,
        labels::inventory::LICENSES,
        labels::inventory::INSTANCES,
        "Active tokens",
    ])
}

fn row(row: &VirtualAccountRow) -> String {
    let (va, contents) = (&row.virtual_account, row.contents);
    csv::row(&[
        va.name.as_str(),
        &va.description,
        if va.is_default { "Yes" } else { "No" },
        access(va.access),
        row.parent.as_deref().unwrap_or_default(),
        va.satellite.as_deref().unwrap_or_default(),
        &row.tags.join(", "),
        &contents.licenses.to_string(),
        &contents.instances.to_string(),
        &contents.tokens.to_string(),
    ])
}
