//! What to tell a newcomer about the lab: people, client, token.

use super::random_text;
use crate::config::{Config, LAB_PASSWORD};
use crate::domain::site::Edition;
use crate::engine::{self, ClientSecret, Engine};
use crate::lab::fixture::{Fixture, SmartAccount};
use crate::lab::fixture_load::{Loading, anchor, client_secret, token_text};

/// What a newcomer needs to begin.
#[derive(Clone, Debug)]
pub struct LabInfo {
    /// Name and domain of the first Smart Account.
    pub smart_account: (String, String),
    /// Everybody's password.
    pub password: String,
    /// Login name and role of each person.
    pub users: Vec<(String, String)>,
    /// Identifier and secret of the first API client.
    pub api_client: Option<(String, String)>,
    /// A registration token.
    pub token: Option<String>,
    /// An entitlement tag of which the token's virtual account has licenses.
    pub tag: Option<String>,
}

/// Who can sign in on the satellite.
#[derive(Clone, Debug)]
pub struct SatelliteInfo {
    /// Everybody's password.
    pub password: String,
    /// Login name and system role of each person.
    pub users: Vec<(String, String)>,
}

/// The people of the satellite's fixture, if its password still opens it to the first of them.
pub(super) async fn satellite(
    engine: &Engine,
    fixture: &Fixture,
    password: &str,
) -> Option<SatelliteInfo> {
    let first = fixture.satellite_users.first()?;
    if !opens(engine, &first.name, password).await.unwrap_or(false) {
        return None;
    }
    let people = fixture.satellite_users.iter();
    let users = people.map(|user| (user.name.clone(), user.role.clone())).collect();
    Some(SatelliteInfo { password: password.to_owned(), users })
}

/// Whether a password is that person's.
async fn opens(engine: &Engine, name: &str, password: &str) -> engine::Result<bool> {
    if password == LAB_PASSWORD {
        engine.has_lab_password(name, password).await
    } else {
        engine.password_is(name, password).await
    }
}

/// The password of the fixture's people. The known one is for loopback only.
pub(super) fn password(config: &Config) -> anyhow::Result<String> {
    match &config.password {
        Some(password) => Ok(password.clone()),
        None if config.bind.is_loopback() => Ok(LAB_PASSWORD.to_owned()),
        None => random_text(),
    }
}

/// Beyond loopback, the password that everybody knows must not open anything.
pub(super) async fn refuse_known_password(
    config: &Config,
    engine: &Engine,
    fixture: &Fixture,
) -> anyhow::Result<()> {
    let first = match engine.edition() {
        Edition::Cssm => {
            let account = fixture.smart_accounts.first();
            account.and_then(|account| account.users.first()).map(|user| &user.name)
        }
        Edition::Satellite => fixture.satellite_users.first().map(|user| &user.name),
    };
    let Some(name) = first.filter(|_| !config.bind.is_loopback()) else { return Ok(()) };
    if opens(engine, name, LAB_PASSWORD).await? {
        anyhow::bail!(
            "bind: {} is not loopback, and this data has the lab password that everybody knows; \
             use another data directory, where SYNCOM_LAB_PASSWORD sets one",
            config.bind
        );
    }
    Ok(())
}

/// What is true of the site: the secrets follow from the seed, but they are
/// told only if they open it.
pub(super) async fn find(engine: &Engine, fixture: &Fixture, with: &Loading) -> Option<LabInfo> {
    let account = fixture.smart_accounts.first()?;
    let anchor = anchor(fixture, with.now).ok()?;
    let mut info = LabInfo {
        smart_account: (account.name.clone(), account.domain.clone()),
        password: with.password.clone(),
        users: Vec::new(),
        api_client: None,
        token: None,
        tag: None,
    };
    for user in &account.users {
        let role = user.roles.first().map(|role| role.role.clone()).unwrap_or_default();
        info.users.push((user.name.clone(), role));
    }
    if let Some(client) = account.api_clients.first() {
        let (id, secret) = client_secret(&with.ids, &with.password, &client.name);
        let shown = ClientSecret { id: id.clone(), secret: secret.clone() };
        if !engine.client_fits(shown).await.unwrap_or(false) {
            return None;
        }
        info.api_client = Some((id, secret));
    }
    if let Some(token) = account.tokens.first() {
        let text = token_text(&with.ids, &with.password, anchor, token);
        if engine.token_works(&text).await.unwrap_or(false) {
            info.token = Some(text);
            info.tag = tag_in(fixture, account, &token.virtual_account);
        }
    }
    Some(info)
}

fn tag_in(fixture: &Fixture, account: &SmartAccount, va: &str) -> Option<String> {
    let line = account.licenses.iter().find(|line| line.virtual_account == va)?;
    fixture.catalog.iter().find(|entry| entry.name == line.license).map(|entry| entry.tag.clone())
}
