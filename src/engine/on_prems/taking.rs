//! A satellite synchronizes: its request is accepted whole or refused whole (B-SYN-13).

use super::composing::Answered;
use super::mirroring::{Mirror, Mirrored};
use super::reading::{bad, must_be};
use super::translating::Translation;
use super::{ahead, find, manages};
use crate::crypto::secret::{digest, same};
use crate::crypto::sign::PublicKey;
use crate::db::on_prems::AcceptedFile;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::on_prem::{LastRequest, OnPrem, OnPremState, Refusal, Standing};
use crate::domain::sync::Kind;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Place, Who, Within, enter};
use crate::engine::error::{Error as EngineError, Result};
use crate::engine::ledger::Ledger;
use crate::protocol::sync::{self, Direction, Header, Limits, Verified};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Who brings a request.
#[derive(Clone, Debug)]
pub enum RequestBy {
    /// The satellite, over the network, with its credential.
    Credential(String),
    /// A person, as a file at the entry of an On-Prem (A-OPA-05).
    Person {
        /// Who.
        who: Who,
        /// The Smart Account.
        domain: String,
        /// The number of the On-Prem.
        on_prem: i64,
    },
}

/// A response file.
#[derive(Clone, Debug)]
pub struct Response {
    /// The On-Prem.
    pub on_prem: OnPrem,
    /// The number of the request that it answers.
    pub answers: i64,
    /// What is in it.
    pub file: Vec<u8>,
}

/// The name in the log of what came over the network.
const NETWORK: &str = "Network";

/// An On-Prem whose request is looked at, and who brought it.
struct Desk {
    place: Place,
    one: OnPrem,
    by: String,
    over_network: bool,
}

impl Engine {
    /// Takes a request of a satellite and answers with the response file; refused, with an event
    /// and nothing else, when any of it is wrong.
    pub async fn take_request(&self, by: RequestBy, file: Vec<u8>) -> Result<Vec<u8>> {
        let account = self.account_of(&by, &file).await?;
        let (engine, asked) = (self.clone(), by.clone());
        let taken = match self.signed(by.clone(), file).await {
            Ok(request) => {
                let take = move |conn: &mut Conn, now| engine.take(conn, &asked, &request, now);
                self.change(Within::Account(account), take).await
            }
            Err(refused) => Err(refused),
        };
        match taken {
            Err(EngineError::Domain(refusal)) => {
                self.log_refusal(account, by, &refusal).await?;
                Err(refusal.into())
            }
            other => other,
        }
    }

    /// Whose request it is, so that this account is locked alone.
    async fn account_of(&self, by: &RequestBy, file: &[u8]) -> Result<SmartAccountId> {
        match by {
            RequestBy::Person { who, domain, .. } => {
                let (who, name) = (who.clone(), domain.clone());
                self.look(move |conn, now| Ok(enter(conn, &who, &name, now)?.account.id)).await
            }
            RequestBy::Credential(secret) => {
                let secret = digest(secret);
                let known = self
                    .db()
                    .read(move |conn| db::on_prems::with_credential(conn, &secret))
                    .await?;
                match known {
                    Some(one) => Ok(one.account),
                    None => Err(self.stranger(file).await?.into()),
                }
            }
        }
    }

    /// What to tell somebody whose credential is none: whether to register again or to sign in.
    /// Anybody may ask, so no more than the first line is unpacked.
    async fn stranger(&self, file: &[u8]) -> Result<Refusal> {
        let header = sync::claim(file, Limits::default()).map_err(|error| bad(&error))?;
        let uid = OnPremUid(header.uid);
        let found = self.db().read(move |conn| db::on_prems::find(conn, uid)).await?;
        Ok(match found.filter(|one| !one.state.is_over()) {
            Some(_) => Refusal::Credential,
            None => Refusal::Unknown(uid),
        })
    }

    /// The response to the last request that was accepted, as of now (A-OPA-05).
    pub async fn response_file(&self, who: &Who, domain: &str, number: i64) -> Result<Response> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let one = find(conn, &place, number)?;
            manages(&place, &one)?;
            let yet = || Error::Conflict(format!("No file of {} was accepted yet.", one.name));
            let nonce = one.last.nonce.ok_or_else(yet)?;
            if one.state.is_over() {
                return Err(Refusal::Unknown(one.uid).into());
            }
            let sequence = db::on_prems::accepted(conn, one.uid, nonce)?.ok_or_else(yet)?;
            let kind = one.last.kind.as_deref().and_then(Kind::parse).ok_or_else(yet)?;
            let to = answered(conn, &one, (kind, sequence, nonce))?;
            let file = engine.response(conn, (&place, &one), &to, now)?;
            Ok(Response { on_prem: one, answers: sequence, file })
        })
        .await
    }

    /// Judges a file that somebody brings before anything is locked: nobody else has to wait while
    /// it is unpacked and digested.
    async fn signed(&self, by: RequestBy, file: Vec<u8>) -> Result<Verified<Vec<u8>>> {
        self.look(move |conn, now| {
            let desk = Desk::open(conn, &by, now)?;
            let checked = sync::check(file, Limits::default()).map_err(|error| bad(&error))?;
            must_be(checked.header(), Direction::Request, "a synchronization request")?;
            desk.must_be_own(conn, checked.header())?;
            Ok(checked.verify(&desk.key()?).map_err(|error| bad(&error))?)
        })
        .await
    }

    fn take(
        &self,
        conn: &mut Conn,
        by: &RequestBy,
        verified: &Verified<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        // Whoever brings it may have lost the right to, meanwhile.
        let desk = Desk::open(conn, by, now)?;
        desk.must_be_own(conn, verified.header())?;
        let (kind, sequence) = standing(verified.header())?;
        let header = verified.header();
        let request = Standing {
            kind,
            sequence,
            nonce: header.nonce,
            base: header.base,
            since: &header.since,
            made_at: header.made_at,
            accepted_as: db::on_prems::accepted(conn, desk.one.uid, header.nonce)?,
            passed: db::on_prems::is_passed(conn, desk.one.uid, header.nonce)?,
        };
        desk.one.accepts(&request, now)?;
        self.merge(conn, &desk, verified, &request, now)
    }

    /// Takes what the file says, and answers.
    fn merge(
        &self,
        conn: &mut Conn,
        desk: &Desk,
        verified: &Verified<Vec<u8>>,
        request: &Standing<'_>,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let mut ledger = Ledger::open(self, desk.place.account.id, &desk.by, now);
        let mirrored = conn.with_room(|conn| {
            let mut mirror = Mirror::new(conn, &desk.one, request.kind)?;
            let translation = Translation::of(conn, &desk.place, &desk.one)?;
            ahead::each(verified, translation, |step| mirror.take(conn, step))?;
            mirror.finish(conn, &mut ledger)
        })??;
        let after = self.synchronized(desk, verified.header(), request, now);
        db::on_prems::save(conn, &after)?;
        db::on_prems::add_file(conn, after.uid, &accepted(desk, request, now))?;
        db::on_prems::pass(conn, after.uid, request.since)?;
        ledger.on_prem(Some(&desk.one), Some(&after));
        let fact = Fact::of_account(desk.event(), desk.told(request, &mirrored));
        ledger.note(fact.of_on_prem(after.uid));
        ledger.close(conn)?;
        let to = answered(conn, &after, (request.kind, request.sequence, request.nonce))?;
        self.response(conn, (&desk.place, &after), &to, now)
    }

    fn synchronized(
        &self,
        desk: &Desk,
        header: &Header,
        request: &Standing<'_>,
        now: Timestamp,
    ) -> OnPrem {
        let before = &desk.one;
        let last = LastRequest {
            sequence: request.sequence,
            nonce: Some(request.nonce),
            made_at: Some(request.made_at),
            kind: Some(request.kind.code().to_owned()),
            at: Some(now),
        };
        OnPrem {
            state: OnPremState::Active,
            version: header.made_by.clone(),
            last,
            dates: self.settings().on_prem.profile.after(now),
            settled_at: None,
            ..before.clone()
        }
        .scheduled(now)
    }

    /// Tells the log of a file that was refused, and by whom it came.
    async fn log_refusal(
        &self,
        account: SmartAccountId,
        by: RequestBy,
        refusal: &Error,
    ) -> Result<()> {
        let (engine, reason) = (self.clone(), refusal.to_string());
        self.change(Within::Account(account), move |conn, now| {
            let Some((one, actor)) = whose(conn, &by, now)? else { return Ok(()) };
            let mut ledger = Ledger::open(&engine, account, &actor, now);
            let message = format!("A file of the On-Prem {} was refused: {reason}", one.name);
            ledger
                .note(Fact::of_account(EventKind::OnPremFileRefused, message).of_on_prem(one.uid));
            ledger.close(conn)
        })
        .await
    }
}

/// The On-Prem and the name of whoever brought its file, unless nobody may.
fn whose(conn: &mut Conn, by: &RequestBy, now: Timestamp) -> Result<Option<(OnPrem, String)>> {
    match by {
        RequestBy::Credential(secret) => {
            let one = db::on_prems::with_credential(conn, &digest(secret))?;
            Ok(one.map(|one| (one, NETWORK.to_owned())))
        }
        RequestBy::Person { who, domain, on_prem } => {
            let place = enter(conn, who, domain, now)?;
            let one = db::on_prems::numbered(conn, place.account.id, *on_prem)?;
            let own = one.filter(|one| manages(&place, one).is_ok());
            Ok(own.map(|one| (one, place.actor.name)))
        }
    }
}

fn answered(
    conn: &mut Conn,
    one: &OnPrem,
    (kind, sequence, nonce): (Kind, i64, Uuid),
) -> Result<Answered> {
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    let next = number(db::on_prems::highest(conn, one.uid)?) + 1;
    Ok(Answered { kind, sequence: number(sequence), nonce, next })
}

fn accepted(desk: &Desk, request: &Standing<'_>, now: Timestamp) -> AcceptedFile {
    AcceptedFile {
        nonce: request.nonce,
        sequence: request.sequence,
        kind: request.kind.code().to_owned(),
        made_at: request.made_at,
        taken_at: now,
        taken_by: desk.by.clone(),
    }
}

fn standing(header: &Header) -> Result<(Kind, i64), Refusal> {
    let missing = |what: &str| Refusal::Unreadable(format!("Line 1 of the file, {what}."));
    let kind = header.kind.ok_or_else(|| missing("kind: is missing"))?;
    let sequence = i64::try_from(header.sequence).ok().filter(|n| *n > 0);
    Ok((kind, sequence.ok_or_else(|| missing("sequence: must be from 1 to 2^63"))?))
}

impl Desk {
    fn open(conn: &mut Conn, by: &RequestBy, now: Timestamp) -> Result<Self> {
        match by {
            RequestBy::Credential(secret) => Self::of_network(conn, secret, now),
            RequestBy::Person { who, domain, on_prem } => {
                let place = enter(conn, who, domain, now)?;
                let one = find(conn, &place, *on_prem)?;
                manages(&place, &one)?;
                let by = place.actor.name.clone();
                Self { place, one, by, over_network: false }.alive()
            }
        }
    }

    fn of_network(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Self> {
        let shown = digest(secret);
        let one = db::on_prems::with_credential(conn, &shown)?.ok_or(Refusal::Credential)?;
        let known = one.credential.as_deref().unwrap_or_default();
        if !same(known.as_bytes(), shown.as_bytes()) {
            return Err(Refusal::Credential.into());
        }
        let account = db::accounts::find(conn, one.account)?.ok_or(Refusal::Unknown(one.uid))?;
        let ends = one.credential_ends.unwrap_or(now);
        let place = Place::without_person(conn, account, NETWORK, now)?;
        let desk = Self { place, one, by: NETWORK.to_owned(), over_network: true }.alive()?;
        if now >= ends { Err(Refusal::CredentialEnded(ends).into()) } else { Ok(desk) }
    }

    /// It, unless its On-Prem is gone.
    fn alive(self) -> Result<Self> {
        let uid = self.one.uid;
        if self.one.state.is_over() { Err(Refusal::Unknown(uid).into()) } else { Ok(self) }
    }

    /// Fails when a file is another On-Prem's, and names both.
    fn must_be_own(&self, conn: &mut Conn, header: &Header) -> Result<()> {
        if header.uid == self.one.uid.0 {
            return Ok(());
        }
        let known = db::on_prems::find(conn, OnPremUid(header.uid))?;
        let known = known.filter(|one| one.account == self.one.account);
        let file = known.map_or_else(|| header.on_prem.clone(), |one| one.name);
        Err(Refusal::OtherOnPrem { here: self.one.name.clone(), file }.into())
    }

    /// The satellite's key.
    fn key(&self) -> Result<PublicKey> {
        let spki = STANDARD.decode(&self.one.public_key).map_err(|_| {
            db::Error::corrupt("public key of an On-Prem", self.one.uid.to_string())
        })?;
        Ok(PublicKey::from_spki_der(&spki)?)
    }

    fn event(&self) -> EventKind {
        if self.over_network { EventKind::OnPremSynchronized } else { EventKind::OnPremFileTaken }
    }

    fn told(&self, request: &Standing<'_>, mirrored: &Mirrored) -> String {
        let way = if self.over_network { "via network" } else { "by file" };
        format!(
            "The On-Prem {} was synchronized {way} ({} synchronization, sequence {}): {mirrored}.",
            self.one.name,
            request.kind.word().to_lowercase(),
            request.sequence
        )
    }
}
