//! The files that a satellite makes.

use super::snapshot;
use crate::crypto;
use crate::db::Conn;
use crate::domain::Timestamp;
use crate::domain::local_account::LocalAccount;
use crate::domain::on_prem::Mode;
use crate::domain::standing::{OpenRequest, Refusal, SyncStanding};
use crate::engine::Engine;
use crate::engine::error::{Error, Result};
use crate::protocol::sync::{self, Direction, Header, Record, Registration, WriteError, Writer};
use uuid::Uuid;

/// What its files call this product.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Engine {
    /// The file with which a local account asks CSSM to register it (B-ACC-07).
    pub(super) fn registration_file(
        &self,
        account: &LocalAccount,
        nonce: Uuid,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let name = format!("Syncom Lab Licensing Sub-CA ({})", self.name());
        let record = Registration {
            csr: self.keys().certificate_request(&name)?,
            local_account: account.name.clone(),
            mode: match account.mode {
                Mode::OnPrem8 => sync::Mode::Onprem8,
                Mode::Classic => sync::Mode::Classic,
            },
            virtual_accounts: account.virtual_accounts.clone(),
            email: account.email.clone(),
            version: VERSION.to_owned(),
        };
        // Each registration is another On-Prem for CSSM, known by the nonce of its file.
        let header =
            Header { uid: nonce, ..header(account, Direction::Registration, (nonce, now)) };
        let mut file = Writer::begin(Vec::new(), header).map_err(unwritten)?;
        file.record(&Record::Registration(record)).map_err(unwritten)?;
        file.finish(|text| self.keys().sign_as_sub_ca(text)).map_err(unwritten)
    }

    /// The file that tells CSSM what it lacks, or everything (B-SYN-03, -07).
    pub(super) fn request_file(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        (standing, request): (&SyncStanding, &OpenRequest),
        since: Vec<Uuid>,
    ) -> Result<Vec<u8>> {
        let header = Header {
            kind: Some(request.kind),
            sequence: request.sequence.unsigned_abs(),
            base: standing.base,
            since,
            ..header(account, Direction::Request, (request.nonce, request.made_at))
        };
        let mut file = Writer::begin(Vec::new(), header).map_err(unwritten)?;
        snapshot::write(conn, account, (standing.account, request.kind), &mut file)?;
        file.finish(|text| self.keys().sign_as_sub_ca(text)).map_err(unwritten)
    }
}

fn header(account: &LocalAccount, direction: Direction, (nonce, now): (Uuid, Timestamp)) -> Header {
    Header {
        direction,
        kind: None,
        uid: account.uid.0,
        on_prem: account.name.clone(),
        smart_account: account.smart_account.clone(),
        sequence: 0,
        nonce,
        base: None,
        since: Vec::new(),
        answers: None,
        next_sequence: None,
        made_at: now,
        made_by: format!("syncom {VERSION}"),
    }
}

/// A file that cannot be written in memory is a defect of ours, or one text is too long for a line.
pub(super) fn unwritten(error: WriteError) -> Error {
    match error {
        WriteError::Signing(cause) => Error::Crypto(cause),
        other => Error::Crypto(crypto::Error::Certificate(format!("a file: {other}"))),
    }
}

/// A file that cannot be read.
pub(super) fn unreadable(bad: &sync::BadFile) -> Refusal {
    Refusal::BadFile(bad.to_string())
}
