//! Files that a person carries between a satellite and CSSM, for programs without a browser: what
//! has to be done with a file is read from the file.

use super::Engine;
use super::access::Who;
use super::error::{Error, Result};
use super::on_prems::{NewOnPrem, RequestBy};
use super::uplink::Login;
use crate::crypto::secret::digest;
use crate::db;
use crate::domain;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::{OnPremUid, UserId};
use crate::domain::local_account::{LocalAccount, LocalState};
use crate::domain::on_prem::{self, OnPrem, name_key};
use crate::domain::site::Edition;
use crate::domain::standing::{Refusal, SyncKind};
use crate::protocol::sync::{self, Direction, Header, Limits};
use chrono::TimeDelta;

/// How long the credential of one call is good, should it not be taken back (ours).
const MINUTES: i64 = 15;

/// What became of a file.
#[derive(Clone, Debug)]
pub enum Carried {
    /// There is a file to be carried on.
    File {
        /// Whose.
        name: String,
        /// What it is: `request-7`.
        what: String,
        /// The bytes.
        file: Vec<u8>,
    },
    /// The file was taken, and nothing has to be carried back.
    Taken(String),
}

impl Carried {
    fn file(name: &str, what: &str, file: Vec<u8>) -> Self {
        Self::File { name: name.to_owned(), what: what.to_owned(), file }
    }
}

impl Engine {
    /// The file that is to be carried to the other side. On a satellite: what CSSM has to hear of a
    /// local account, its registration at first. In CSSM: the last answer to an On-Prem, again.
    pub async fn export_file(
        &self,
        login: Login,
        account: String,
        kind: SyncKind,
    ) -> Result<Carried> {
        let secret = self.let_in_once(&login).await?;
        let who = Who::Bearer(secret.clone());
        let made = match self.edition() {
            Edition::Satellite => self.export_up(&who, &account, kind).await,
            Edition::Cssm => self.export_down(&who, &account).await,
        };
        self.take_back(&secret).await;
        made
    }

    /// Takes a file that came from the other side; whatever it is, if it belongs here.
    pub async fn import_file(&self, login: Login, file: Vec<u8>) -> Result<Carried> {
        let secret = self.let_in_once(&login).await?;
        let who = Who::Bearer(secret.clone());
        let taken = match self.edition() {
            Edition::Satellite => self.import_down(&who, file).await,
            Edition::Cssm => self.import_up(&who, file).await,
        };
        self.take_back(&secret).await;
        taken
    }

    async fn export_up(&self, who: &Who, name: &str, kind: SyncKind) -> Result<Carried> {
        let wanted = name.to_owned();
        let found = self.db().read(move |conn| db::local_accounts::named(conn, &wanted)).await?;
        let account = found.ok_or_else(|| domain::Error::not_found("local account", name))?;
        if matches!(account.state, LocalState::Pending | LocalState::Expired) {
            let file = self.local_registration_file(who, account.number).await?;
            return Ok(Carried::file(&account.name, "registration", file));
        }
        let made = self.download_request(who, account.number, kind).await?;
        Ok(Carried::file(&made.name, &format!("request-{}", made.request.sequence), made.file))
    }

    async fn export_down(&self, who: &Who, name: &str) -> Result<Carried> {
        let mut found = self.on_prems_called(who, name).await?;
        if found.iter().any(|(_, one)| !one.state.is_over()) {
            found.retain(|(_, one)| !one.state.is_over());
        }
        if found.len() > 1 {
            let problem = format!("Several On-Prems are called {name}; name its On-Prem UID.");
            return Err(domain::Error::Conflict(problem).into());
        }
        let (domain, one) = found.pop().ok_or_else(|| domain::Error::not_found("On-Prem", name))?;
        self.answer(who, &domain, &one).await
    }

    /// What CSSM has to say to an On-Prem: its authorization at first, then the last response.
    async fn answer(&self, who: &Who, domain: &str, one: &OnPrem) -> Result<Carried> {
        if one.last.nonce.is_none() {
            let made = self.download_authorization(who, domain, one.number).await?;
            return Ok(Carried::file(&one.name, "authorization", made.file));
        }
        let made = self.response_file(who, domain, one.number).await?;
        let what = format!("response-{}", made.answers);
        Ok(Carried::file(&one.name, &what, made.file))
    }

    async fn import_down(&self, who: &Who, file: Vec<u8>) -> Result<Carried> {
        let header = header(&file)?;
        let by = |of: fn(&LocalAccount, &Header) -> bool| self.local_account_of(of, &header);
        match header.direction {
            Direction::Response => {
                let account = by(|one, header| one.uid.0 == header.uid).await?;
                self.upload_response(who, account.number, file).await?;
                let (name, sequence) = (&account.name, header.sequence);
                Ok(Carried::Taken(format!("{name} is synchronized with CSSM: request {sequence}.")))
            }
            Direction::Authorization => {
                let account = by(|one, header| one.registration_nonce == Some(header.uid)).await?;
                let account = self.take_authorization(who, account.number, file).await?;
                Ok(Carried::Taken(format!("{} is registered with CSSM.", account.name)))
            }
            Direction::Request | Direction::Registration => {
                let (found, wanted) = (header.direction.word(), Direction::Response.word());
                Err(Refusal::WrongDirection { found, wanted }.into())
            }
        }
    }

    async fn import_up(&self, who: &Who, file: Vec<u8>) -> Result<Carried> {
        let header = header(&file)?;
        if header.direction == Direction::Registration {
            return self.import_registration(who, &header, file).await;
        }
        let uid = OnPremUid(header.uid);
        let found = self.on_prems_called(who, &uid.to_string()).await?.pop();
        let (domain, one) = found.ok_or(on_prem::Refusal::Unknown(uid))?;
        let (who, on_prem) = (who.clone(), one.number);
        let response = self.take_request(RequestBy::Person { who, domain, on_prem }, file).await?;
        let what = format!("response-{}", header.sequence);
        Ok(Carried::file(&one.name, &what, response))
    }

    async fn import_registration(
        &self,
        who: &Who,
        header: &Header,
        file: Vec<u8>,
    ) -> Result<Carried> {
        let wanted = header.smart_account.clone();
        let found = self.db().read(move |conn| db::accounts::find_by_name(conn, &wanted)).await?;
        let account = found
            .ok_or_else(|| domain::Error::not_found("Smart Account", &header.smart_account))?;
        let new = NewOnPrem {
            name: String::new(),
            file,
            virtual_accounts: Vec::new(),
            email: String::new(),
        };
        let one = self.create_on_prem(who, &account.domain, new).await?;
        if one.is_ready(self.now()) {
            return self.answer(who, &account.domain, &one).await;
        }
        let (name, ready) = (&one.name, one.ready_at);
        Ok(Carried::Taken(format!(
            "{name} is registered; its authorization file will be ready on {ready}: export it then."
        )))
    }

    /// The On-Prems of that name or UID, in any Smart Account that the caller sees; and its domain.
    async fn on_prems_called(&self, who: &Who, called: &str) -> Result<Vec<(String, OnPrem)>> {
        let mut found = Vec::new();
        for seen in self.accounts(who, None).await? {
            let domain = seen.account.domain;
            let rows = self.on_prems(who, &domain).await?.rows;
            let fits = |one: &OnPrem| {
                one.uid.to_string() == called || name_key(&one.name) == name_key(called)
            };
            let own = rows.into_iter().map(|row| row.on_prem).filter(fits);
            found.extend(own.map(|one| (domain.clone(), one)));
        }
        Ok(found)
    }

    /// The local account that a file of CSSM is for.
    async fn local_account_of(
        &self,
        fits: fn(&LocalAccount, &Header) -> bool,
        header: &Header,
    ) -> Result<LocalAccount> {
        let all = self.db().read(db::local_accounts::all).await?;
        let found = all.into_iter().find(|one| fits(one, header));
        let named = || format!("{} ({}), which waits for this file", header.on_prem, header.uid);
        found.ok_or_else(|| domain::Error::not_found("local account", named()).into())
    }

    /// A credential for one call, for a person who has a name and a password. Rules of locking
    /// are those of signing in.
    async fn let_in_once(&self, login: &Login) -> Result<String> {
        let user = match self.edition() {
            Edition::Cssm => self.checked_user(&login.user, &login.password).await?.map(|u| u.id),
            Edition::Satellite => Some(self.let_in_by_name(login).await?),
        };
        let user = user.ok_or(Error::Unauthenticated("The user name or the password is wrong."))?;
        let (now, secret) = (self.now(), self.ids().secret());
        let credential = Credential {
            digest: digest(&secret),
            kind: CredentialKind::Bearer,
            user,
            client_id: None,
            redirect_uri: None,
            created_at: now,
            expires_at: now + TimeDelta::minutes(MINUTES),
            account: None,
            as_client: false,
        };
        self.db().write(move |conn| db::credentials::insert(conn, &credential)).await?;
        Ok(secret)
    }

    async fn let_in_by_name(&self, login: &Login) -> Result<UserId> {
        let right = self.password_fits(&login.user, &login.password).await?;
        let (engine, name) = (self.clone(), login.user.clone());
        let entry: std::result::Result<UserId, Error> = self
            .db()
            .write(move |conn| {
                let rules = db::security::rules(conn)?;
                let now = engine.now();
                let entry = engine.let_in(conn, (&name, right), &rules, now)?;
                Ok::<_, Error>(entry.map(|stored| stored.user.id))
            })
            .await?;
        entry
    }

    /// Ends the credential of one call. What the call did is committed: its answer goes out even
    /// where this fails, and the credential ends by itself soon.
    async fn take_back(&self, secret: &str) {
        let digest = digest(secret);
        let done = self.db().write(move |conn| db::credentials::delete(conn, &digest)).await;
        if let Err(problem) = done {
            tracing::warn!(site = self.name(), %problem, "a credential of one call was not ended");
        }
    }
}

/// What a file claims to be; whether that is true is for those to find out who take it.
fn header(file: &[u8]) -> Result<Header> {
    let read = sync::claim(file, Limits::default());
    Ok(read.map_err(|bad| Refusal::BadFile(bad.to_string()))?)
}
