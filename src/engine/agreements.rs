//! The licensing agreement: what the site has published, and who accepted it (A-SHL-05).

use super::Engine;
use super::access::{Who, Within};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::account::{Agreement, SmartAccount};
use crate::domain::alert::PublishedAgreement;
use crate::domain::event::{EventKind, Fact};
use crate::domain::people::Permission;
use crate::domain::{Error, Timestamp};
use serde::{Deserialize, Serialize};

/// The version that is published until the lab publishes another.
pub const FIRST_VERSION: &str = "1.0";
const FACT: &str = "agreement";

#[derive(Serialize, Deserialize)]
struct Stored {
    version: String,
    at: Timestamp,
}

/// A Smart Account's agreement as its page shows it.
#[derive(Clone, Debug)]
pub struct AgreementView {
    /// The Smart Account with what it has accepted.
    pub account: SmartAccount,
    /// What is published.
    pub published: PublishedAgreement,
    /// Whether the caller may accept.
    pub may_accept: bool,
}

impl Engine {
    /// The agreement of a Smart Account, for everybody with a role in it.
    pub async fn agreement(&self, who: &Who, domain: &str) -> Result<AgreementView> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, _| {
            let published = engine.published_agreement(conn)?;
            let may_accept = place.actor.may(Permission::AcceptAgreement, &place.scope());
            Ok(AgreementView { account: place.account, published, may_accept })
        })
        .await
    }

    /// Accepts the published agreement for a Smart Account.
    pub async fn accept_agreement(&self, who: &Who, domain: &str) -> Result<Agreement> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            place.actor.require(Permission::AcceptAgreement, &place.scope())?;
            let published = engine.published_agreement(conn)?;
            let accepted = place.account.agreement.as_ref();
            if accepted.is_some_and(|accepted| accepted.version == published.version) {
                let problem = format!("Version {} is accepted already.", published.version);
                return Err(Error::Conflict(problem).into());
            }
            let accepted_by = place.actor.name.clone();
            let agreement = Agreement { version: published.version, accepted_by, accepted_at: now };
            let account =
                SmartAccount { agreement: Some(agreement.clone()), ..place.account.clone() };
            db::accounts::save(conn, &account)?;
            let message = format!("Version {} of the agreement was accepted.", agreement.version);
            let mut ledger = Ledger::open(&engine, account.id, &place.actor.name, now);
            ledger.note(Fact::of_account(EventKind::AgreementAccepted, message));
            ledger.close(conn)?;
            Ok(agreement)
        })
        .await
    }

    /// Publishes another agreement text. For the lab's own tools: it asks for no permission.
    pub async fn publish_agreement(&self, version: String) -> Result<PublishedAgreement> {
        let version = version.trim().to_owned();
        let printable = !version.chars().any(char::is_control);
        if version.is_empty() || version.chars().count() > 20 || !printable {
            return Err(
                Error::invalid("version", "1 to 20 printable characters are the rule").into()
            );
        }
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let published = PublishedAgreement { version, at: now };
            keep(conn, &published)?;
            for account in db::accounts::all(conn)? {
                let message =
                    format!("Version {} of the agreement was published.", published.version);
                let mut ledger = Ledger::open(&engine, account.id, "System", now);
                ledger.note(Fact::of_account(EventKind::AgreementPublished, message));
                ledger.close(conn)?;
            }
            Ok(published)
        })
        .await
    }

    /// What the site has published.
    /// What CSSM has published, as a satellite hears of it.
    pub(super) fn learn_agreement(
        &self,
        conn: &mut Conn,
        told: &PublishedAgreement,
        ledger: &mut Ledger,
    ) -> Result<()> {
        if self.published_agreement(conn)?.version == told.version {
            return Ok(());
        }
        let message = format!("Version {} of the agreement was published.", told.version);
        ledger.note(Fact::of_account(EventKind::AgreementPublished, message));
        keep(conn, told)
    }

    pub(super) fn published_agreement(&self, conn: &mut Conn) -> Result<PublishedAgreement> {
        let Some(text) = db::keys::fact(conn, FACT)? else {
            let version = FIRST_VERSION.to_owned();
            return Ok(PublishedAgreement { version, at: self.now() });
        };
        let stored: Stored =
            serde_json::from_str(&text).map_err(|_| db::Error::corrupt(FACT, text.clone()))?;
        Ok(PublishedAgreement { version: stored.version, at: stored.at })
    }
}

fn keep(conn: &mut Conn, published: &PublishedAgreement) -> Result<()> {
    let stored = Stored { version: published.version.clone(), at: published.at };
    let text = serde_json::to_string(&stored)
        .map_err(|_| db::Error::corrupt(FACT, published.version.clone()))?;
    Ok(db::keys::set_fact(conn, FACT, &text)?)
}
