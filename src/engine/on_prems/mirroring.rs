//! What a satellite tells of its product instances and tokens, taken over by absolute values: the
//! same file twice would change nothing.

use super::translating::Step;
use crate::db::sync::{Counts, Merge, Unmerged};
use crate::db::{self, Conn};
use crate::domain::id::OnPremUid;
use crate::domain::on_prem::{OnPrem, Refusal};
use crate::domain::sync::Kind;
use crate::domain::token::MirroredToken;
use crate::engine::error::{Error, Result};
use crate::engine::ledger::Ledger;
use std::fmt;

/// The rows of an On-Prem while its request is taken.
pub(super) struct Mirror {
    uid: OnPremUid,
    kind: Kind,
    merge: Merge,
    told: usize,
    tokens: usize,
}

/// What a request has told of, in words.
pub(super) struct Mirrored {
    told: usize,
    tokens: usize,
    counts: Counts,
}

impl fmt::Display for Mirrored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { told, tokens, counts: Counts { removed, unknown, .. } } = self;
        write!(f, "{told} product instances, {removed} removed, {tokens} tokens")?;
        if *unknown > 0 {
            write!(f, "; {unknown} licenses in use are of no kind that is known here")?;
        }
        Ok(())
    }
}

impl Mirror {
    pub(super) fn new(conn: &mut Conn, one: &OnPrem, kind: Kind) -> Result<Self> {
        let merge = Merge::begin(conn, one.uid, kind)?;
        Ok(Self { uid: one.uid, kind, merge, told: 0, tokens: 0 })
    }

    /// Takes over what a record wants.
    pub(super) fn take(&mut self, conn: &mut Conn, step: Step) -> Result<()> {
        match step {
            Step::Instance(told) => {
                self.told += 1;
                self.merge.tell(conn, *told).map_err(unmerged)
            }
            Step::InstanceRemoved(id) => self.merge.removed(conn, id).map(drop).map_err(unmerged),
            Step::Token(token) => self.token(conn, &token),
            Step::TokenRemoved(id) => Ok(db::mirrors::delete_token(conn, self.uid, id)?),
        }
    }

    /// Ends it: what a full request has not told of is not there any more, and the sums of the
    /// pools change, which are watched.
    pub(super) fn finish(self, conn: &mut Conn, ledger: &mut Ledger) -> Result<Mirrored> {
        if self.kind == Kind::Full {
            db::mirrors::delete_unseen_tokens(conn, self.uid, self.merge.mark())?;
        }
        let merged = self.merge.finish(conn).map_err(unmerged)?;
        for (at, licenses) in merged.pools() {
            ledger.watch_all(conn, at, licenses)?;
        }
        let counts = merged.counts();
        merged.settle(conn)?;
        Ok(Mirrored { told: self.told, tokens: self.tokens, counts })
    }

    fn token(&mut self, conn: &mut Conn, token: &MirroredToken) -> Result<()> {
        self.tokens += 1;
        if db::mirrors::token_is_others(conn, self.uid, token.id)? {
            let problem = format!("token.id: {} is another On-Prem's token", token.id);
            return Err(Refusal::Content(problem).into());
        }
        Ok(db::mirrors::put_token(conn, self.uid, token, self.merge.mark())?)
    }
}

fn unmerged(error: Unmerged) -> Error {
    match error {
        Unmerged::Foreign(_) => Refusal::Content(format!("instance.id: {error}")).into(),
        Unmerged::Db(error) => error.into(),
    }
}
