//! The token endpoint and what belongs to it (rest-api 2.1).

use super::Engine;
use super::access::{Who, actor};
use super::error::{Error, OAuthRefusal, Result, SignInRefusal};
use super::system;
use crate::crypto::secret::{digest, same};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::UserId;
use crate::domain::people::ApiClient;
use crate::domain::site::Edition;
use crate::domain::system::Refusal as SystemRefusal;
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

/// For whom a bearer is made.
#[derive(Clone, Copy)]
struct Bearer {
    user: UserId,
    /// Whether it acts for the client, where that has an account of its own.
    as_client: bool,
    /// Whether a refresh token comes with it.
    refreshable: bool,
}

impl Bearer {
    fn refreshable(user: UserId) -> Self {
        Self { user, as_client: false, refreshable: true }
    }
}

const WRONG_PASSWORD: OAuthRefusal =
    OAuthRefusal::InvalidGrant("The user name or the password is wrong.");

/// rest-api 0.15: at the token endpoint a person who is not let in is a 400.
fn as_grant_error(error: Error) -> Error {
    match error {
        Error::Unauthenticated(_) => WRONG_PASSWORD.into(),
        Error::SignIn(SignInRefusal::Locked { .. }) => {
            OAuthRefusal::InvalidGrant("The user is locked after too many wrong passwords.").into()
        }
        Error::SignIn(SignInRefusal::Disabled(_)) => {
            OAuthRefusal::InvalidGrant("The user is disabled.").into()
        }
        Error::SignIn(SignInRefusal::PasswordMustChange) => {
            OAuthRefusal::InvalidGrant("The password must be changed first, on the pages.").into()
        }
        other => other,
    }
}

impl Engine {
    /// `grant_type=client_credentials`: the rights of the client's user, or on a satellite those
    /// of an administrator of the client's account.
    pub async fn grant_to_client(&self, client: ClientSecret) -> Result<Grant> {
        let (engine, now) = (self.clone(), self.now());
        self.db()
            .write(move |conn| {
                let client = engine.known_client(conn, &client, now)?;
                let bearer = Bearer { user: client.user, as_client: true, refreshable: false };
                engine.hand_out(conn, &client, bearer, now)
            })
            .await
    }

    /// `grant_type=password`: the rights of the named user; on a satellite only in the client's
    /// account, and only if the rules of signing in let that user in.
    pub async fn grant_to_user(
        &self,
        client: ClientSecret,
        name: &str,
        password: &str,
    ) -> Result<Grant> {
        if self.edition() == Edition::Satellite {
            return self.grant_secured(client, name, password).await;
        }
        let user = self.checked_user(name, password).await?;
        let (engine, now) = (self.clone(), self.now());
        self.db()
            .write(move |conn| {
                let client = engine.known_client(conn, &client, now)?;
                // rest-api 0.15: exactly 400, so this is a grant error, not a 401.
                let user = user.ok_or(WRONG_PASSWORD)?;
                let bearer = Bearer { user: user.id, as_client: false, refreshable: true };
                engine.hand_out(conn, &client, bearer, now)
            })
            .await
    }

    async fn grant_secured(
        &self,
        shown: ClientSecret,
        name: &str,
        password: &str,
    ) -> Result<Grant> {
        let right = self.password_fits(name, password).await?;
        let (engine, now, name) = (self.clone(), self.now(), name.to_owned());
        let entry: Result<Grant> = self
            .db()
            .write(move |conn| {
                let client = engine.known_client(conn, &shown, now)?;
                let rules = db::security::rules(conn)?;
                let user = match engine.let_in(conn, (&name, right), &rules, now)? {
                    Ok(stored) => stored.user,
                    Err(refusal) => return Ok::<_, Error>(Err(refusal)),
                };
                if user.must_change_password {
                    return Ok(Err(SignInRefusal::PasswordMustChange.into()));
                }
                let bearer = Bearer { user: user.id, as_client: false, refreshable: false };
                engine.hand_out(conn, &client, bearer, now).map(Ok)
            })
            .await?;
        entry.map_err(as_grant_error)
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
                let client = engine.known_client(conn, &client, now)?;
                let kind = CredentialKind::AuthorizationCode;
                let found = take(conn, kind, &code, &client, now)?
                    .filter(|c| c.redirect_uri.as_deref() == Some(&redirect_uri))
                    .ok_or(OAuthRefusal::InvalidGrant(
                        "The code is unknown, used, expired, or belongs to another client or address.",
                    ))?;
                engine.hand_out(conn, &client, Bearer::refreshable(found.user), now)
            })
            .await
    }

    /// `grant_type=refresh_token`: works once and brings the next one.
    pub async fn grant_for_refresh(&self, client: ClientSecret, token: &str) -> Result<Grant> {
        let (engine, now, token) = (self.clone(), self.now(), digest(token));
        self.db()
            .write(move |conn| {
                let client = engine.known_client(conn, &client, now)?;
                let found = take(conn, CredentialKind::Refresh, &token, &client, now)?.ok_or(
                    OAuthRefusal::InvalidGrant("The refresh token is unknown, used or expired."),
                )?;
                engine.hand_out(conn, &client, Bearer::refreshable(found.user), now)
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
                    account: None,
                    as_client: false,
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
                let bearer = Bearer { user: user.id, as_client: false, refreshable: false };
                engine.hand_out(conn, &client, bearer, now)
            })
            .await
    }

    /// A client that may ask for a bearer now.
    fn known_client(
        &self,
        conn: &mut Conn,
        shown: &ClientSecret,
        now: Timestamp,
    ) -> Result<ApiClient> {
        if self.edition() == Edition::Satellite && !system::is_on(conn)? {
            return Err(SystemRefusal::ApiOff.into());
        }
        let client = checked_client(conn, shown)?;
        match &client.toolkit {
            Some(facts) if !facts.is_alive(now) => Err(OAuthRefusal::ClientEnded.into()),
            _ => Ok(client),
        }
    }

    fn hand_out(
        &self,
        conn: &mut Conn,
        client: &ApiClient,
        bearer: Bearer,
        now: Timestamp,
    ) -> Result<Grant> {
        let life = now + TimeDelta::seconds(self.settings().bearer_seconds);
        let toolkit = client.toolkit.as_ref();
        let ends = toolkit.and_then(|facts| facts.expires_at).map_or(life, |end| end.min(life));
        let expires_in = (ends - now).num_seconds();
        let mut credential = Credential {
            digest: String::new(),
            kind: CredentialKind::Bearer,
            user: bearer.user,
            client_id: Some(client.client_id.clone()),
            redirect_uri: None,
            created_at: now,
            expires_at: ends,
            account: toolkit.map(|facts| facts.account),
            as_client: bearer.as_client && toolkit.is_some(),
        };
        let access_token = self.keep(conn, &mut credential)?;
        let mut refresh_token = None;
        if bearer.refreshable {
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
    db::clients::find(conn, &shown.id)?
        .filter(|client| same(client.secret_digest.as_bytes(), secret.as_bytes()))
        .ok_or_else(|| OAuthRefusal::InvalidClient.into())
}

fn registered_client(conn: &mut Conn, client_id: &str, uri: &str) -> Result<ApiClient> {
    let client =
        db::clients::find(conn, client_id)?.ok_or(Error::OAuth(OAuthRefusal::InvalidClient))?;
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
