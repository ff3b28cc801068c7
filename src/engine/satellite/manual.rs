//! Synchronizing by files; nothing here opens a connection (B-SYN-06, -15).

use super::network::may_synchronize;
use super::{note, numbered};
use crate::db;
use crate::domain::Error;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::OnPremUid;
use crate::domain::standing::{OpenRequest, Refusal, SyncKind};
use crate::domain::system_event::SystemEventKind;
use crate::engine::Engine;
use crate::engine::access::{Who, Within};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::protocol::sync::Direction;

/// A request file to be carried to CSSM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFile {
    /// Name of the local account.
    pub name: String,
    /// Which request it is.
    pub request: OpenRequest,
    /// The bytes.
    pub file: Vec<u8>,
}

impl Engine {
    /// Makes a request file; the one before becomes stale.
    pub async fn download_request(
        &self,
        who: &Who,
        number: i64,
        kind: SyncKind,
    ) -> Result<RequestFile> {
        let (engine, who) = (self.clone(), who.clone());
        let uid = self
            .look(move |conn, now| {
                let account = numbered(conn, number)?;
                may_synchronize(conn, &who, &account, now)?;
                if engine.is_syncing(account.uid) {
                    return Err(Refusal::Busy(account.name).into());
                }
                Ok(account.uid)
            })
            .await?;
        let begun = self.begin_request(uid, kind, true).await?;
        Ok(RequestFile { name: begun.account.name, request: begun.request, file: begun.file })
    }

    /// Takes a response file.
    pub async fn upload_response(&self, who: &Who, number: i64, file: Vec<u8>) -> Result<()> {
        let who = who.clone();
        let (uid, by) = self
            .look(move |conn, now| {
                let account = numbered(conn, number)?;
                let by = may_synchronize(conn, &who, &account, now)?;
                account.must_be_active()?;
                Ok((account.uid, by))
            })
            .await?;
        match self.take_answer(uid, file, &by).await {
            Err(crate::engine::Error::Domain(refusal)) => {
                self.note_refused(uid, &by, &refusal).await?;
                Err(refusal.into())
            }
            other => other,
        }
    }

    async fn note_refused(&self, uid: OnPremUid, by: &str, refusal: &Error) -> Result<()> {
        let (engine, by, why) = (self.clone(), by.to_owned(), refusal.to_string());
        self.change(Within::Site, move |conn, now| {
            let account = super::known(conn, uid)?;
            let message = format!("A response file for {} was refused: {why}", account.name);
            if let Some(id) = account.account {
                let mut ledger = Ledger::open(&engine, id, &by, now);
                ledger.note(Fact::of_account(EventKind::SyncFailed, message.clone()));
                ledger.close(conn)?;
            }
            note(&engine, conn, (SystemEventKind::FileRefused, &by, now), message)
        })
        .await
    }

    /// Judges and unpacks a response, and then has its effect in one transaction.
    pub(super) async fn take_answer(&self, uid: OnPremUid, file: Vec<u8>, by: &str) -> Result<()> {
        let engine = self.clone();
        let signed = self.look(move |conn, _| {
            let account = super::known(conn, uid)?;
            engine.signed_by_cssm(&file, (&account.name, account.uid.0), Direction::Response)
        });
        let (engine, by, file) = (self.clone(), by.to_owned(), signed.await?);
        let taken = self.change(Within::Site, move |conn, now| {
            let account = super::known(conn, uid)?;
            account.must_be_active()?;
            let open = db::standings::requests(conn, uid)?;
            let header = &file.header;
            let request = answered(&account.name, header.answers, &open, header.sequence)?;
            engine.answered(conn, account, (file, &request), (&by, now))
        });
        self.after_authorization(taken.await?);
        Ok(())
    }
}

/// The request that a response answers: the last one, or none.
fn answered(
    name: &str,
    answers: Option<uuid::Uuid>,
    open: &[OpenRequest],
    sequence: u64,
) -> Result<OpenRequest, Refusal> {
    let Some(last) = open.last() else { return Err(Refusal::NothingOpen(name.to_owned())) };
    if Some(last.nonce) != answers {
        return Err(Refusal::Stale { answers: sequence, open: last.sequence });
    }
    Ok(last.clone())
}
