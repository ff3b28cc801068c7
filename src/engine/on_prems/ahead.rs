//! The records of a request, unpacked, read and translated by a thread beside the one that writes
//! them: the writer of a site is what everybody waits for.

use super::reading::bad;
use super::translating::{Step, Translation};
use crate::domain::on_prem::Refusal;
use crate::engine::error::Result;
use crate::protocol::sync::{Records, Verified};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Steps that are handed over together.
const TOGETHER: usize = 128;
/// How often so many may wait for the writer.
const WAITING: usize = 4;

/// Hands out what one record after the other wants, in the order of the file; ends with the first
/// that cannot be read or is not taken.
pub(super) fn each(
    file: &Verified<Vec<u8>>,
    mut translation: Translation,
    mut take: impl FnMut(Step) -> Result<()>,
) -> Result<()> {
    let (to, batches) = sync_channel(WAITING);
    thread::scope(|scope| {
        scope.spawn(move || read(file.records(), &mut translation, &to));
        // When this ends early nobody receives any more, and the other thread ends, too.
        for batch in batches {
            batch?.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    })
}

fn read(
    mut records: Records<'_>,
    translation: &mut Translation,
    to: &SyncSender<Result<Vec<Step>, Refusal>>,
) {
    loop {
        let batch = batch(&mut records, translation);
        let is_last = batch.as_ref().map_or(true, |some| some.len() < TOGETHER);
        if to.send(batch).is_err() || is_last {
            return;
        }
    }
}

/// The next steps; fewer than [`TOGETHER`] at the end. Those before one that cannot be read are
/// not handed out: the whole file is refused.
fn batch(records: &mut Records<'_>, translation: &mut Translation) -> Result<Vec<Step>, Refusal> {
    let mut some = Vec::with_capacity(TOGETHER);
    while some.len() < TOGETHER {
        let Some(record) = records.next() else { break };
        let record = record.map_err(|error| bad(&error))?;
        some.extend(translation.step(record, || records.digest())?);
    }
    Ok(some)
}
