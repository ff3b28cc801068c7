//! Smart Accounts: A1 to A3 of rest-api 3.

use super::call::{Call, ok};
use super::family::{Answer, Lists};
use crate::domain::account::{AccountKind, SmartAccount};
use crate::domain::paging::Window;
use crate::domain::virtual_account::VirtualAccount;
use crate::engine::{AccountWithRoles, AccountWithVirtualAccounts};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Own<'a> {
    accounts: Vec<OwnAccount<'a>>,
    status: &'static str,
    status_message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnAccount<'a> {
    account_name: &'a str,
    account_domain: &'a str,
    account_status: &'static str,
    account_type: &'static str,
    roles: Vec<OwnRole<'a>>,
}

/// SLD tests whether the key is there, so account-wide roles have none (proven).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnRole<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_account: Option<&'a str>,
}

impl<'a> From<&'a AccountWithRoles> for OwnAccount<'a> {
    fn from(own: &'a AccountWithRoles) -> Self {
        let roles = own
            .roles
            .iter()
            .map(|(role, place)| OwnRole { role: role.name(), virtual_account: place.as_deref() });
        Self {
            account_name: &own.account.name,
            account_domain: &own.account.domain,
            account_status: "Active",
            account_type: own.account.kind.name(),
            roles: roles.collect(),
        }
    }
}

/// A1: the accounts of the caller, with roles.
pub async fn own(call: Call<Lists>) -> Answer<Lists> {
    let accounts = call.engine.accounts(&call.who, call.fields.text("domain")?).await?;
    Ok(ok(&Own {
        accounts: accounts.iter().map(OwnAccount::from).collect(),
        status: "COMPLETE",
        status_message: "",
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    total_records: usize,
    accounts: Vec<FoundAccount<'a>>,
    status: &'static str,
    status_message: &'static str,
}

/// Some clients read the short names, others require the long ones (proven).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundAccount<'a> {
    domain: &'a str,
    name: &'a str,
    id: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    account_domain: &'a str,
    account_name: &'a str,
    account_type: &'static str,
    account_status: &'static str,
}

impl<'a> From<&'a SmartAccount> for FoundAccount<'a> {
    fn from(account: &'a SmartAccount) -> Self {
        Self {
            domain: &account.domain,
            name: &account.name,
            id: account.number,
            kind: account.kind.name(),
            status: "ACTIVE",
            account_domain: &account.domain,
            account_name: &account.name,
            account_type: account.kind.name(),
            account_status: "ACTIVE",
        }
    }
}

/// A2: the caller's accounts whose name and domain hold these texts.
pub async fn search(call: Call<Lists>) -> Answer<Lists> {
    let (fields, window) = (&call.fields, call.window()?);
    let name = fields.text("name")?.unwrap_or_default();
    let domain = fields.text("domain")?.unwrap_or_default();
    let kind = fields.word("type", AccountKind::parse, "CUSTOMER or HOLDING")?;
    let all = call.engine.search_accounts(&call.who, name, domain, kind).await?;
    Ok(found(&all, window))
}

fn found(all: &[SmartAccount], window: Window) -> actix_web::HttpResponse {
    ok(&Found {
        total_records: all.len(),
        accounts: window.cut(all.iter().map(FoundAccount::from).collect()),
        status: "COMPLETE",
        status_message: "",
    })
}

/// The numbers are texts of digits here (proven; rest-api A3).
#[derive(Serialize)]
struct Listed<'a> {
    message_code: &'static str,
    accounts: Vec<ListedAccount<'a>>,
    message: &'static str,
    status: &'static str,
}

#[derive(Serialize)]
struct ListedAccount<'a> {
    account_id: String,
    domain: &'a str,
    name: &'a str,
    virtual_accounts: Vec<ListedPlace<'a>>,
}

#[derive(Serialize)]
struct ListedPlace<'a> {
    default: bool,
    name: &'a str,
    virtual_account_id: String,
}

impl<'a> From<&'a AccountWithVirtualAccounts> for ListedAccount<'a> {
    fn from(listed: &'a AccountWithVirtualAccounts) -> Self {
        let place = |va: &'a VirtualAccount| ListedPlace {
            default: va.is_default,
            name: va.name.as_str(),
            virtual_account_id: va.number.to_string(),
        };
        Self {
            account_id: listed.account.number.to_string(),
            domain: &listed.account.domain,
            name: &listed.account.name,
            virtual_accounts: listed.virtual_accounts.iter().map(place).collect(),
        }
    }
}

/// A3: the caller's accounts with their virtual accounts.
pub async fn with_virtual_accounts(call: Call<Lists>) -> Answer<Lists> {
    let all = call.engine.accounts_with_virtual_accounts(&call.who).await?;
    if all.is_empty() {
        return Ok(ok(&json!({"status":"COMPLETE","message_code":"NO DATA FOUND",
                             "message":"No matching record found for given input"})));
    }
    Ok(ok(&Listed {
        message_code: "",
        accounts: all.iter().map(ListedAccount::from).collect(),
        message: "",
        status: "COMPLETE",
    }))
}
