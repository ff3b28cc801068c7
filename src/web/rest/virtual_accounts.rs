//! Virtual accounts: V1 to V3 of rest-api 4.

use super::super::wire::{Bad, Fields};
use super::call::{Call, ok};
use super::family::{Answer, Failure, Lists};
use super::outcomes::Done;
use crate::domain::account::AccountKind;
use crate::domain::site::Edition;
use crate::domain::virtual_account::{Access, Name, VirtualAccount};
use crate::engine::{NewVirtualAccount, VaRef};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    virtual_accounts: Vec<Place<'a>>,
    status: &'static str,
    status_message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    name: &'a str,
    description: &'a str,
    /// A text, not a boolean (proven; rest-api V1).
    is_default: &'static str,
    commerce_access_level: &'static str,
}

impl<'a> From<&'a VirtualAccount> for Place<'a> {
    fn from(va: &'a VirtualAccount) -> Self {
        Self {
            name: va.name.as_str(),
            description: &va.description,
            is_default: if va.is_default { "true" } else { "false" },
            commerce_access_level: va.access.name(),
        }
    }
}

/// V1: the virtual accounts that the caller sees.
pub async fn list(call: Call<Lists>) -> Answer<Lists> {
    check_type(&call)?;
    let all = call.engine.virtual_accounts(&call.who, &call.domain()?).await?;
    Ok(ok(&Listed {
        virtual_accounts: all.iter().map(Place::from).collect(),
        status: "COMPLETE",
        status_message: "",
    }))
}

/// V2: creates a virtual account.
pub async fn create(call: Call<Lists>) -> Answer<Lists> {
    check_type(&call)?;
    let new = asked(&call.fields)?;
    let va = call.engine.create_virtual_account(&call.who, &call.domain()?, new).await?;
    Ok(ok(&Done::new(format!("Virtual account {} was created.", va.name.as_str()))))
}

/// V3: deletes an empty virtual account.
pub async fn delete(call: Call<Lists>) -> Answer<Lists> {
    check_type(&call)?;
    let name = call.segment("va")?;
    call.engine.delete_virtual_account(&call.who, &call.domain()?, call.va()?).await?;
    Ok(ok(&Done::new(format!("Virtual account {name} was deleted."))))
}

/// Clients write the account's type in the path in any case, and not always
/// the right one (proven; rest-api 0.14); only what is no type is refused.
/// A satellite has none in its paths.
fn check_type(call: &Call<Lists>) -> Result<(), Bad> {
    if call.engine.edition() == Edition::Satellite {
        return Ok(());
    }
    let text = call.segment("type")?;
    match AccountKind::parse(&text) {
        Some(_) => Ok(()),
        None => Err(Bad::field("type", format!("{text} is not customer or holding"))),
    }
}

fn asked(fields: &Fields) -> Result<NewVirtualAccount, Failure<Lists>> {
    let access = fields.word("commerceAccessLevel", Access::parse, "PUBLIC or PRIVATE")?;
    Ok(NewVirtualAccount {
        name: Name::parse(fields.needed("name")?)?,
        description: fields.text("description")?.unwrap_or_default().to_owned(),
        access: access.unwrap_or(Access::Public),
        // From the newer gateway (documented; rest-api 13.1).
        parent: fields.text("parentVaName")?.map(|name| VaRef::Name(name.to_owned())),
        is_default: fields.flag("isDefault")?.unwrap_or(false),
        people: None,
    })
}
