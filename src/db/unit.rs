//! A unit of work on its way to a thread that may wait for the database.
//!
//! Units are boxed: whatever a use case does is compiled once, not once for each way to a
//! connection, and all of them share one task of the runtime.

use super::conn::Conn;
use super::error::{Error, Result};
use tokio::sync::oneshot;

/// A unit of work.
pub(super) trait Unit: Send {
    /// Runs it; true keeps its work.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Tells the caller, after the end of the transaction, or why there was none.
    fn answer(self: Box<Self>, ended: Result<()>);
}

/// What a caller waits for.
pub(super) type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

struct Job<F, T, E> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

/// Makes a unit, and what its caller waits for.
pub(super) fn unit<T, E, F>(work: F) -> (Box<dyn Unit>, Answer<T, E>)
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Job { work: Some(work), outcome: None, caller }), answer)
}

/// The answer to a unit that was handed over; that none will come is an error too.
pub(super) async fn answered<T, E: From<Error>>(answer: Answer<T, E>) -> Result<T, E> {
    answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
}

impl<F, T, E> Unit for Job<F, T, E>
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> bool {
        self.outcome = self.work.take().map(|work| work(conn));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, ended: Result<()>) {
        let outcome = match (self.outcome, ended) {
            (Some(Ok(_)) | None, Err(why)) => Err(why.into()),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(Error::Closed.into()),
        };
        // A caller that went away has no use for the answer; the work stands.
        drop(self.caller.send(outcome));
    }
}
