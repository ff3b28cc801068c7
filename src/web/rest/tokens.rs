//! Registration tokens: K1 to K3 of rest-api 5.

use super::super::wire::Fields;
use super::call::{Call, ok};
use super::family::{Answer, Failure, Lists, Revocations};
use super::outcomes::{ItemStatus, overall};
use crate::domain::Timestamp;
use crate::domain::token::{Days, NewToken, Token, parse_description, parse_max_uses};
use actix_web::HttpResponse;
use serde::Serialize;

/// The most tokens in one revocation (ours).
const MOST: usize = 1_000;

#[derive(Serialize)]
struct Listed<'a> {
    tokens: Vec<TokenInfo<'a>>,
    status: &'static str,
    #[serde(rename = "statusMessage")]
    status_message: &'static str,
}

/// An object also in the answer to a creation (proven; rest-api 0.11).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenInfo<'a> {
    token: &'a str,
    expiration_date: String,
    description: &'a str,
    export_control: &'static str,
    created_by: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    status: &'static str,
    status_message: &'static str,
    token_info: TokenInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    status: &'static str,
    status_message: String,
    tokens_revoke_status: Vec<ItemStatus>,
}

impl<'a> From<&'a Token> for TokenInfo<'a> {
    fn from(token: &'a Token) -> Self {
        Self {
            token: &token.text,
            expiration_date: date(token.expires_at),
            description: &token.description,
            export_control: if token.export_allowed { "Allowed" } else { "Not Allowed" },
            created_by: &token.created_by,
        }
    }
}

/// Nobody parses this format (a guess of ours after the document's samples).
fn date(at: Timestamp) -> String {
    at.utc().format("%Y-%b-%d %H:%M:%S").to_string()
}

/// K1: the tokens that let products in now. Clients take the first, and create
/// one when there is none (proven), so dead ones are left out.
pub async fn list(call: Call<Lists>) -> Answer<Lists> {
    let tokens = call.engine.usable_tokens(&call.who, &call.domain()?, call.va()?).await?;
    Ok(ok(&Listed {
        tokens: tokens.iter().map(TokenInfo::from).collect(),
        status: "COMPLETE",
        status_message: "",
    }))
}

/// K2: creates a token.
pub async fn create(call: Call<Lists>) -> Answer<Lists> {
    let (new, export_asked) = asked(&call.fields)?;
    let (domain, va) = (call.domain()?, call.va()?);
    let token = if export_asked {
        call.engine.create_token(&call.who, &domain, va, new).await?
    } else {
        call.engine.create_token_as_entitled(&call.who, &domain, va, new).await?
    };
    Ok(created(&token))
}

/// What a creation asks for, and whether it says anything about export.
fn asked(fields: &Fields) -> Result<(NewToken, bool), Failure<Lists>> {
    let export = fields.word("exportControlled", export, "Allowed or Not Allowed")?;
    let uses = fields.whole("numberofUses")?.map(|uses| uses.to_string());
    let new = NewToken {
        description: parse_description(fields.text("description")?.unwrap_or_default())?,
        days: fields.whole("expiresAfterDays")?.map_or(Ok(Days::DEFAULT), Days::new)?,
        max_uses: parse_max_uses(&uses.unwrap_or_default())?,
        export_allowed: export.unwrap_or(false),
    };
    Ok((new, export.is_some()))
}

fn created(token: &Token) -> HttpResponse {
    ok(&Created {
        status: "SUCCESS",
        status_message: "A valid, active token was generated.",
        token_info: token.into(),
    })
}

/// `Allowed` and `Not Allowed` in any case (documented; rest-api K2).
fn export(word: &str) -> Option<bool> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "allowed" => Some(true),
        "not allowed" => Some(false),
        _ => None,
    }
}

/// K3: revokes tokens by their texts.
pub async fn revoke(call: Call<Revocations>) -> Answer<Revocations> {
    let texts = call.fields.needed_texts("tokens", MOST)?;
    let (domain, va) = (call.domain()?, call.va()?);
    let outcomes = call.engine.revoke_token_texts(&call.who, &domain, va, texts).await?;
    let (status, good) = overall(&outcomes);
    Ok(ok(&Revoked {
        status,
        status_message: format!("{good} tokens successfully revoked."),
        tokens_revoke_status: outcomes
            .iter()
            .map(|outcome| ItemStatus::new(outcome, "Token revoked successfully."))
            .collect(),
    }))
}
