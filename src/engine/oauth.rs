//! The token endpoint and what belongs to it (rest-api 2.1).

use super::Engine;
use super::access::{Who, actor};
use super::error::{Error, OAuthRefusal, Result};
use crate::crypto::secret::{digest, same};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::UserId;
use crate::domain::people::ApiClient;
use chrono::TimeDelta;

/// Seconds that an authorization code lives (ours).
const CODE_SECONDS: i64 = 300;
/// Days that a refresh token lives (ours).
const REFRESH_DAYS: i64 = 60;

/// How a client proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
}

/// What the token endpoint hands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The bearer token.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in: i64,
    /// Gets the next one; for user grants only (documented).
    pub refresh_token: Option<String>,
}

impl Engine {
    /// `grant_type=client_credentials`: the rights of the client's user.
    pub async fn grant_to_client(&self, client: ClientSecret) -> Result<Grant> {
        let (engine, now) = (self.clone(), self.now());
        self.db()
            .write(move |conn| {
                let client = checked_client(conn, &client)?;
                engine.hand_out(conn, client.user, &client.client_id, false, now)
            })
            .await
    }

    /// `grant_type=password`: the rights of the named user.
    pub async fn grant_to_user(
        &self,
        client: ClientSecret,
        name: &str,
        password: &str,
    ) -> Result<Grant> {
        let user = self.checked_user(name, password).await?;
        let (engine, now) = (self.clone(), self.now());
        self.db()
            .write(move |conn| {
                let client = checked_client(conn, &client)?;
                // rest-api 0.15: exactly 400, so this is a grant error, not a 401.
                let user = user
                    .ok_or(OAuthRefusal::InvalidGrant("The user name or the password is wrong."))?;
                engine.hand_out(conn, user.id, &client.client_id, true, now)
            })
            .await
    }

    /// `grant_type=authorization_code`: works once, for the client and address
    /// it was made for.
    pub async fn grant_for_code(
        &self,
        client: ClientSecret,
        code: &str,
        redirect_uri: &str,
    ) -> Result<Grant> {
        let (engine, now) = (self.clone(), self.now());
        let (code, redirect_uri) = (digest(code), redirect_uri.to_owned());
        self.db()
            .write(move |conn| {
                let client = checked_client(conn, &client)?;
                let kind = CredentialKind::AuthorizationCode;
                let found = take(conn, kind, &code, &client, now)?
                    .filter(|c| c.redirect_uri.as_deref() == Some(&redirect_uri))
                    .ok_or(OAuthRefusal::InvalidGrant(
                        "The code is unknown, used, expired, or belongs to another client or address.",
                    ))?;
                engine.hand_out(conn, found.user, &client.client_id, true, now)
            })
            .await
    }

    /// `grant_type=refresh_token`: works once and brings the next one.
    pub async fn grant_for_refresh(&self, client: ClientSecret, token: &str) -> Result<Grant> {
        let (engine, now, token) = (self.clone(), self.now(), digest(token));
        self.db()
            .write(move |conn| {
                let client = checked_client(conn, &client)?;
                let found = take(conn, CredentialKind::Refresh, &token, &client, now)?.ok_or(
                    OAuthRefusal::InvalidGrant("The refresh token is unknown, used or expired."),
                )?;
                engine.hand_out(conn, found.user, &client.client_id, true, now)
            })
            .await
    }

    /// Checks where an authorization answer may go, before anybody signs in.
    pub async fn check_redirect(&self, client_id: &str, redirect_uri: &str) -> Result<String> {
        let (client_id, uri) = (client_id.to_owned(), redirect_uri.to_owned());
        self.db().read(move |conn| Ok(registered_client(conn, &client_id, &uri)?.name)).await
    }

    /// O3 with `response_type=code`: a code for the signed-in user.
    pub async fn authorize_code(
        &self,
        who: &Who,
        client_id: &str,
        redirect_uri: &str,
    ) -> Result<String> {
        let (engine, now, who) = (self.clone(), self.now(), who.clone());
        let (client_id, uri) = (client_id.to_owned(), redirect_uri.to_owned());
        self.db()
            .write(move |conn| {
                let user = actor(conn, &who, now)?;
                let client = registered_client(conn, &client_id, &uri)?;
                let mut credential = Credential {
                    digest: String::new(),
                    kind: CredentialKind::AuthorizationCode,
                    user: user.id,
                    client_id: Some(client.client_id),
                    redirect_uri: Some(uri),
                    created_at: now,
                    expires_at: now + TimeDelta::seconds(CODE_SECONDS),
                };
                engine.keep(conn, &mut credential)
            })
            .await
    }

    /// O3 with `response_type=token`: a bearer token for the signed-in user.
    pub async fn authorize_token(
        &self,
        who: &Who,
        client_id: &str,
        redirect_uri: &str,
    ) -> Result<Grant> {
        let (engine, now, who) = (self.clone(), self.now(), who.clone());
        let (client_id, uri) = (client_id.to_owned(), redirect_uri.to_owned());
        self.db()
            .write(move |conn| {
                let user = actor(conn, &who, now)?;
                let client = registered_client(conn, &client_id, &uri)?;
                engine.hand_out(conn, user.id, &client.client_id, false, now)
            })
            .await
    }

    fn hand_out(
        &self,
        conn: &mut Conn,
        user: UserId,
        client_id: &str,
        refreshable: bool,
        now: Timestamp,
    ) -> Result<Grant> {
        let expires_in = self.settings().bearer_seconds;
        let mut credential = Credential {
            digest: String::new(),
            kind: CredentialKind::Bearer,
            user,
            client_id: Some(client_id.to_owned()),
            redirect_uri: None,
            created_at: now,
            expires_at: now + TimeDelta::seconds(expires_in),
        };
        let access_token = self.keep(conn, &mut credential)?;
        let mut refresh_token = None;
        if refreshable {
            credential.kind = CredentialKind::Refresh;
            credential.expires_at = now + TimeDelta::days(REFRESH_DAYS);
            refresh_token = Some(self.keep(conn, &mut credential)?);
        }
        Ok(Grant { access_token, expires_in, refresh_token })
    }

    /// Makes a secret, keeps its digest, and gives the secret back.
    fn keep(&self, conn: &mut Conn, credential: &mut Credential) -> Result<String> {
        let secret = self.ids().secret();
        credential.digest = digest(&secret);
        db::credentials::insert(conn, credential)?;
        Ok(secret)
    }
}

pub(super) fn checked_client(conn: &mut Conn, shown: &ClientSecret) -> Result<ApiClient> {
    let secret = digest(&shown.secret);
    db::people::client(conn, &shown.id)?
        .filter(|client| same(client.secret_digest.as_bytes(), secret.as_bytes()))
        .ok_or_else(|| OAuthRefusal::InvalidClient.into())
}

fn registered_client(conn: &mut Conn, client_id: &str, uri: &str) -> Result<ApiClient> {
    let client =
        db::people::client(conn, client_id)?.ok_or(Error::OAuth(OAuthRefusal::InvalidClient))?;
    if client.redirect_uris.iter().any(|known| known == uri) {
        return Ok(client);
    }
    let problem = format!("redirect_uri: {uri} is not registered for the client {client_id}");
    Err(OAuthRefusal::InvalidRequest(problem).into())
}

/// Takes a credential that works once, if it is this client's and alive.
fn take(
    conn: &mut Conn,
    kind: CredentialKind,
    digest: &str,
    client: &ApiClient,
    now: Timestamp,
) -> Result<Option<Credential>> {
    let found = db::credentials::find(conn, kind, digest)?
        .filter(|c| c.is_alive(now) && c.client_id.as_deref() == Some(&client.client_id));
    if found.is_some() {
        db::credentials::delete(conn, digest)?;
    }
    Ok(found)
}
