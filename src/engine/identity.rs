//! What is remembered between requests: immutable facts only, so that nothing
//! has to be taken back.

use super::Engine;
use super::error::Result;
use crate::crypto::sign::PublicKey;
use crate::db;
use crate::domain::id::{InstanceId, SmartAccountId};
use crate::domain::registration::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// The most entries; then all are forgotten and looked up again.
const LIMIT: usize = 20_000;
/// Serial numbers taken from the database at once.
const BLOCK: i64 = 100_000;

/// A bounded memory of facts that never change.
pub(super) struct Remembered<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn put(&self, key: K, value: V) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= LIMIT {
            all.clear();
        }
        all.insert(key, value);
    }
}

/// The key of an identity certificate and the Smart Account it was issued in.
#[derive(Clone)]
pub(super) struct KnownIdentity {
    pub(super) key: PublicKey,
    pub(super) account: SmartAccountId,
}

/// Identity certificates by instance and serial number: a pair that is never
/// issued twice, so that a remembered key cannot grow stale. Whether it is
/// still the *current* one is checked in the transaction.
pub(super) type Identities = Remembered<(InstanceId, i64), KnownIdentity>;

/// The serial numbers of this process.
#[derive(Default)]
pub(super) struct Serials(tokio::sync::Mutex<Option<(i64, i64)>>);

impl Engine {
    /// The identity that a message names, or the refusal that it has none.
    pub(super) async fn identity(&self, id: InstanceId, serial: i64) -> Result<KnownIdentity> {
        if let Some(known) = self.inner.identities.get(&(id, serial)) {
            return Ok(known);
        }
        let found = self.db().read(move |conn| db::instances::find(conn, id)).await?;
        let instance = found
            .filter(|instance| instance.identity.serial == serial && !instance.reserved)
            // What a satellite has told of has no key here.
            .filter(|instance| !instance.is_mirrored())
            .ok_or(Refusal::UnknownIdentity(id))?;
        let spki = STANDARD
            .decode(&instance.identity.public_key)
            .map_err(|_| db::Error::corrupt("identity key", id.to_string()))?;
        let key = PublicKey::from_spki_der(&spki)?;
        let known = KnownIdentity { key, account: instance.account };
        self.inner.identities.put((id, serial), known.clone());
        Ok(known)
    }

    /// The next serial number of an identity certificate; small and decimal on
    /// the wire (proven), never used twice.
    pub(super) async fn next_serial(&self) -> Result<i64> {
        let mut block = self.inner.serials.0.lock().await;
        let next = match *block {
            Some((next, end)) if next < end => (next, end),
            _ => {
                let number = self
                    .db()
                    .write(|conn| db::keys::next_number(conn, "identity_serial_block", 164))
                    .await?;
                (number * BLOCK, (number + 1) * BLOCK)
            }
        };
        *block = Some((next.0 + 1, next.1));
        Ok(next.0)
    }
}
