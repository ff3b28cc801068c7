//! Who may use the faces: one user, and the sessions that he has begun.

use crate::crypto::secret::{digest, hex, random_bytes, same};
use crate::crypto::{self};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many sessions are known at once; the oldest makes room (ours).
const SESSIONS: usize = 100;

/// The door.
pub struct Gate {
    user: String,
    password: String,
    /// Digests of the secrets, the newest last. They end with the process.
    sessions: Mutex<Vec<String>>,
}

impl Gate {
    /// A door for one user.
    pub fn new(user: &str, password: &str) -> Self {
        let (user, password) = (user.to_owned(), password.to_owned());
        Self { user, password, sessions: Mutex::default() }
    }

    /// The name of the user.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Begins a session; `None` for a wrong name or password.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn sign_in(&self, user: &str, password: &str) -> Result<Option<String>, crypto::Error> {
        // Digests have one length: how long a comparison takes tells nothing.
        let fits =
            |given: &str, known: &str| same(digest(given).as_bytes(), digest(known).as_bytes());
        if !(fits(user, &self.user) & fits(password, &self.password)) {
            return Ok(None);
        }
        let secret = hex(&random_bytes::<24>()?);
        let mut sessions = self.sessions();
        if sessions.len() >= SESSIONS {
            sessions.remove(0);
        }
        sessions.push(digest(&secret));
        Ok(Some(secret))
    }

    /// Whether this session is under way.
    pub fn knows(&self, secret: &str) -> bool {
        let wanted = digest(secret);
        self.sessions().iter().any(|known| same(known.as_bytes(), wanted.as_bytes()))
    }

    /// Ends a session, or all.
    pub fn sign_out(&self, secret: &str, all: bool) {
        let ended = digest(secret);
        self.sessions().retain(|known| !all && *known != ended);
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<String>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_begins_with_the_password_and_ends() {
        let gate = Gate::new("admin", "secret");
        assert_eq!(gate.sign_in("admin", "wrong").unwrap(), None);
        assert_eq!(gate.sign_in("other", "secret").unwrap(), None);
        let one = gate.sign_in("admin", "secret").unwrap().unwrap();
        let two = gate.sign_in("admin", "secret").unwrap().unwrap();
        assert!(gate.knows(&one) && gate.knows(&two) && !gate.knows(""));
        gate.sign_out(&one, false);
        assert!(!gate.knows(&one) && gate.knows(&two));
        gate.sign_out(&one, true);
        assert!(!gate.knows(&two));
    }

    #[test]
    fn the_oldest_session_makes_room() {
        let gate = Gate::new("admin", "secret");
        let first = gate.sign_in("admin", "secret").unwrap().unwrap();
        for _ in 0..SESSIONS {
            gate.sign_in("admin", "secret").unwrap().unwrap();
        }
        assert!(!gate.knows(&first));
        assert_eq!(gate.sessions().len(), SESSIONS);
    }
}
