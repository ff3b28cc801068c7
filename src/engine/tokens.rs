//! Registration tokens (A-TOK-01 to -17; rest-api K1 to K3).

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::TokenId;
use crate::domain::people::Permission;
use crate::domain::token::{self, MirroredToken, NewToken, Status, Token};
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};

/// A token as a page shows it.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// The token.
    pub token: Token,
    /// Its state now.
    pub status: Status,
    /// The virtual account it leads to.
    pub virtual_account: VirtualAccount,
}

/// What a request says about export control.
#[derive(Clone, Copy)]
enum Export {
    Said(bool),
    AsEntitled,
}

impl Export {
    fn decide(self, entitled: bool) -> Result<bool, Error> {
        match self {
            Self::Said(true) if !entitled => {
                let problem =
                    "the Smart Account is not entitled to export-controlled functionality";
                Err(Error::invalid("export_controlled", problem))
            }
            Self::Said(allowed) => Ok(allowed),
            Self::AsEntitled => Ok(entitled),
        }
    }
}

impl Engine {
    /// The tokens of a virtual account, newest first.
    pub async fn list_tokens(&self, who: &Who, domain: &str, va: VaRef) -> Result<Vec<TokenView>> {
        self.read_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::View, &va)?;
            let tokens = db::tokens::list(conn, va.id)?;
            let view = |token: Token| TokenView {
                status: token.status(now),
                virtual_account: va.clone(),
                token,
            };
            Ok(tokens.into_iter().map(view).collect())
        })
        .await
    }

    /// The tokens that a satellite has for a virtual account, newest first: to be seen, no more
    /// (A-TOK-13).
    pub async fn satellite_tokens(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
    ) -> Result<Vec<MirroredToken>> {
        self.read_in(who, domain, move |conn, place, _| {
            let va = place.require(Permission::View, &va)?;
            Ok(db::mirrors::tokens(conn, va.id)?)
        })
        .await
    }

    /// The tokens of a virtual account that let products in now, in full (K1).
    pub async fn usable_tokens(&self, who: &Who, domain: &str, va: VaRef) -> Result<Vec<Token>> {
        self.read_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::ManageTokens, &va)?;
            let mut tokens = db::tokens::list(conn, va.id)?;
            tokens.retain(|token| token.status(now) == Status::Active);
            Ok(tokens)
        })
        .await
    }

    /// One token in full; viewers may not copy what lets products in.
    pub async fn token(&self, who: &Who, domain: &str, id: TokenId) -> Result<TokenView> {
        self.read_in(who, domain, move |conn, place, now| view(conn, &place, id, now)).await
    }

    /// Several tokens in full, in the order asked for.
    pub async fn tokens(
        &self,
        who: &Who,
        domain: &str,
        ids: Vec<TokenId>,
    ) -> Result<Vec<TokenView>> {
        self.read_in(who, domain, move |conn, place, now| {
            ids.into_iter().map(|id| view(conn, &place, id, now)).collect()
        })
        .await
    }

    /// Creates a token (A-TOK-09). Without export entitlement, a request for an
    /// export flag is refused (A-TOK-08).
    pub async fn create_token(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        new: NewToken,
    ) -> Result<Token> {
        let export = Export::Said(new.export_allowed);
        self.add_token(who, domain, va, new, export).await
    }

    /// As [`Engine::create_token`], for a request that says nothing about export:
    /// where the Smart Account is entitled, the box is ticked (A-TOK-08).
    pub async fn create_token_as_entitled(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        new: NewToken,
    ) -> Result<Token> {
        self.add_token(who, domain, va, new, Export::AsEntitled).await
    }

    async fn add_token(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        new: NewToken,
        export: Export,
    ) -> Result<Token> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::ManageTokens, &va)?;
            let export_allowed = export.decide(place.account.export_entitled)?;
            let new = NewToken { export_allowed, ..new };
            let token = engine.issue(conn, &place, va, &new, now)?;
            let mut ledger = Ledger::open(&engine, token.account, &place.actor.name, now);
            ledger.note(fact(&token, EventKind::TokenCreated, "created"));
            ledger.close(conn)?;
            Ok(token)
        })
        .await
    }

    /// Creates one token in each of these virtual accounts, all alike, or none at
    /// all when one of them is refused (A-TOK-16).
    pub async fn create_tokens(
        &self,
        who: &Who,
        domain: &str,
        vas: Vec<VaRef>,
        new: NewToken,
    ) -> Result<Vec<Token>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let targets = targets(&place, &vas)?;
            Export::Said(new.export_allowed).decide(place.account.export_entitled)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let mut tokens = Vec::new();
            for va in targets {
                let token = engine.issue(conn, &place, va, &new, now)?;
                ledger.note(fact(&token, EventKind::TokenCreated, "created"));
                tokens.push(token);
            }
            ledger.close(conn)?;
            Ok(tokens)
        })
        .await
    }

    /// Makes the row of a new token; permission and entitlement were asked for.
    fn issue(
        &self,
        conn: &mut Conn,
        place: &Place,
        va: &VirtualAccount,
        new: &NewToken,
        now: Timestamp,
    ) -> Result<Token> {
        va.may_issue_tokens()?;
        let expires_at = now.plus_days(new.days.get());
        let token = Token {
            id: TokenId(self.ids().uuid(now)),
            account: place.account.id,
            virtual_account: va.id,
            text: self.ids().token_text(now, expires_at),
            description: new.description.clone(),
            export_allowed: new.export_allowed,
            max_uses: new.max_uses,
            uses: 0,
            created_by: place.actor.name.clone(),
            created_at: now,
            expires_at,
            revoked_at: None,
            due_at: Some(expires_at),
        };
        db::tokens::insert(conn, &token)?;
        Ok(token)
    }

    /// Revokes a token; what registered with it stays registered (A-TOK-12).
    pub async fn revoke_token(&self, who: &Who, domain: &str, id: TokenId) -> Result<Token> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let token = find(conn, place.account.id, id)?;
            place.require_in(Permission::ManageTokens, token.virtual_account)?;
            engine.revoke(conn, &token, &place.actor.name, now)
        })
        .await
    }

    /// Revokes tokens of one virtual account by their texts (K3); each has its own outcome.
    pub async fn revoke_token_texts(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        texts: Vec<String>,
    ) -> Result<Vec<Result<Token, Error>>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::ManageTokens, &va)?;
            let mut outcomes = Vec::new();
            for text in texts {
                let found = db::tokens::find_by_text(conn, &text)?
                    .filter(|token| token.virtual_account == va.id);
                let outcome = match found {
                    None => Err(Error::not_found("registration token", text)),
                    Some(token) => match token.revoke(now) {
                        Err(refusal) => Err(refusal),
                        Ok(_) => Ok(engine.revoke(conn, &token, &place.actor.name, now)?),
                    },
                };
                outcomes.push(outcome);
            }
            Ok(outcomes)
        })
        .await
    }

    /// Removes the row of a token that no longer works (A-TOK-10).
    pub async fn remove_token(&self, who: &Who, domain: &str, id: TokenId) -> Result<()> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let token = find(conn, place.account.id, id)?;
            place.require_in(Permission::ManageTokens, token.virtual_account)?;
            token.may_be_removed(now)?;
            db::tokens::delete(conn, id)?;
            let mut ledger = Ledger::open(&engine, token.account, &place.actor.name, now);
            ledger.note(fact(&token, EventKind::TokenRemoved, "removed from the list"));
            ledger.close(conn)
        })
        .await
    }

    fn revoke(&self, conn: &mut Conn, token: &Token, by: &str, now: Timestamp) -> Result<Token> {
        let token = token.revoke(now)?;
        db::tokens::save(conn, &token)?;
        let mut ledger = Ledger::open(self, token.account, by, now);
        ledger.note(fact(&token, EventKind::TokenRevoked, "revoked"));
        ledger.close(conn)?;
        Ok(token)
    }
}

fn find(conn: &mut Conn, account: crate::domain::id::SmartAccountId, id: TokenId) -> Result<Token> {
    let token = db::tokens::find(conn, id)?.filter(|token| token.account == account);
    Ok(token.ok_or_else(|| Error::not_found("registration token", id.to_string()))?)
}

fn view(conn: &mut Conn, place: &Place, id: TokenId, now: Timestamp) -> Result<TokenView> {
    let token = find(conn, place.account.id, id)?;
    place.require_in(Permission::ManageTokens, token.virtual_account)?;
    let va = place.tree.get(token.virtual_account).cloned();
    let virtual_account = va.ok_or_else(|| Error::not_found("virtual account", id.to_string()))?;
    Ok(TokenView { status: token.status(now), token, virtual_account })
}

/// The virtual accounts named, each once; the permission is asked for in all of
/// them before anything is said about one of them.
fn targets<'a>(place: &'a Place, vas: &[VaRef]) -> Result<Vec<&'a VirtualAccount>> {
    let mut targets: Vec<&VirtualAccount> = Vec::new();
    for va in vas {
        let va = place.require(Permission::ManageTokens, va)?;
        if targets.iter().all(|other| other.id != va.id) {
            targets.push(va);
        }
    }
    token::some_chosen(targets.len())?;
    Ok(targets)
}

fn fact(token: &Token, kind: EventKind, what: &str) -> Fact {
    let described = match token.description.as_str() {
        "" => String::new(),
        description => format!(" \"{description}\""),
    };
    let message = format!(
        "Registration token {}{described} was {what}; it ends {}.",
        token.short(),
        token.expires_at
    );
    Fact::new(token.virtual_account, kind, message).with_token(token.id)
}
