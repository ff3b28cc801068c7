//! The first line: who made the file for whom, and where it stands among the others.

use super::{BadFile, VERSION, place, words};
use crate::domain::sync::Kind;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the file says about itself to whoever unpacks it.
const NOTICE: &str = "Made by Syncom, an emulator of Cisco Smart Software Manager for labs. Signed with a key \
     that a lab CA certified; worthless outside the lab. Not affiliated with Cisco.";

/// What kind of file it is, and which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the satellite: register a local account.
    Registration,
    /// From CSSM: it is registered.
    Authorization,
    /// From the satellite: synchronize.
    Request,
    /// From CSSM: synchronized.
    Response,
}

impl Direction {
    /// The word in the header.
    pub fn word(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authorization => "authorization",
            Self::Request => "request",
            Self::Response => "response",
        }
    }

    /// One sentence: what the file is, and what to do with it.
    fn explains(self) -> &'static str {
        match self {
            Self::Registration => {
                "A satellite asks to register a local account: upload this in CSSM under On-Prem \
                 Accounts, New On-Prem."
            }
            Self::Authorization => {
                "CSSM's answer to a registration file: upload it on the satellite that made that \
                 file, under Account Requests, Manual Registration."
            }
            Self::Request => {
                "What CSSM is to learn from a satellite: upload this in CSSM under On-Prem \
                 Accounts, File Sync, and take the response file back."
            }
            Self::Response => {
                "CSSM's answer to a synchronization request: upload it on the satellite that made \
                 that request, under Manual Synchronization."
            }
        }
    }
}

/// The first line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which way it goes.
    pub direction: Direction,
    /// How much it carries; of requests and responses.
    pub kind: Option<Kind>,
    /// The On-Prem UID: the local account whose file it is, either way.
    pub uid: Uuid,
    /// Name of the On-Prem.
    pub on_prem: String,
    /// Name of the Smart Account.
    pub smart_account: String,
    /// Number of the request, or of the request that this answers.
    pub sequence: u64,
    /// What tells this file from all others.
    pub nonce: Uuid,
    /// Of requests: the nonce of the last request that was confirmed.
    pub base: Option<Uuid>,
    /// Of requests: the nonces of the requests made since, oldest first.
    pub since: Vec<Uuid>,
    /// Of authorizations and responses: the nonce of the file that this answers.
    pub answers: Option<Uuid>,
    /// Of responses: the number of the next request.
    pub next_sequence: Option<u64>,
    /// When it was made, by the clock of its maker.
    pub made_at: Timestamp,
    /// Version of the product that made it.
    pub made_by: String,
}

/// The same as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    syncom_sync: u64,
    #[serde(with = "words::form")]
    notice: String,
    #[serde(with = "words::form")]
    explains: String,
    direction: Direction,
    #[serde(with = "words::optional", default, skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    uid: Uuid,
    #[serde(with = "words::form")]
    on_prem: String,
    #[serde(with = "words::form")]
    smart_account: String,
    sequence: u64,
    nonce: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    since: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_sequence: Option<u64>,
    #[serde(with = "words::form")]
    made_at: Timestamp,
    #[serde(with = "words::form")]
    made_by: String,
}

/// What every version begins with.
#[derive(Deserialize)]
struct Versioned {
    syncom_sync: u64,
}

impl Header {
    /// Writes it as a line without its line break.
    pub(super) fn write(&self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        let header = self.clone();
        let form = Form {
            syncom_sync: VERSION,
            notice: NOTICE.to_owned(),
            explains: self.direction.explains().to_owned(),
            direction: header.direction,
            kind: header.kind,
            uid: header.uid,
            on_prem: header.on_prem,
            smart_account: header.smart_account,
            sequence: header.sequence,
            nonce: header.nonce,
            base: header.base,
            since: header.since,
            answers: header.answers,
            next_sequence: header.next_sequence,
            made_at: header.made_at,
            made_by: header.made_by,
        };
        serde_json::to_writer(line, &form)
    }

    /// Reads it from the first line.
    pub(super) fn read(line: &[u8]) -> Result<Self, BadFile> {
        let version: Versioned = place::read(1, line)?;
        if version.syncom_sync != VERSION {
            return Err(BadFile::Version(version.syncom_sync));
        }
        let form: Form = place::read(1, line)?;
        let header = Self {
            direction: form.direction,
            kind: form.kind,
            uid: form.uid,
            on_prem: form.on_prem,
            smart_account: form.smart_account,
            sequence: form.sequence,
            nonce: form.nonce,
            base: form.base,
            since: form.since,
            answers: form.answers,
            next_sequence: form.next_sequence,
            made_at: form.made_at,
            made_by: form.made_by,
        };
        header.check()?;
        Ok(header)
    }

    /// Each direction has members of its own, and none of another's.
    fn check(&self) -> Result<(), BadFile> {
        use Direction as D;
        let way = self.direction;
        let exchange = matches!(way, D::Request | D::Response);
        let answer = matches!(way, D::Authorization | D::Response);
        let rules = [
            ("kind", self.kind.is_some(), exchange, exchange),
            ("base", self.base.is_some(), way == D::Request, false),
            ("since", !self.since.is_empty(), way == D::Request, false),
            ("answers", self.answers.is_some(), answer, answer),
            ("next_sequence", self.next_sequence.is_some(), way == D::Response, way == D::Response),
        ];
        for (field, is_there, allowed, needed) in rules {
            let problem = match is_there {
                true if !allowed => "must not be in a file of this direction",
                false if needed => "is missing in a file of this direction",
                _ => continue,
            };
            return Err(BadFile::line(1, field, format!("{problem} ({})", way.word())));
        }
        Ok(())
    }
}
