//! What is wrong with a local account of a satellite (A-ALK-06 to -08, A-ALK-10, B-LWS-12).
//!
//! Derived at the instant of looking, like all alerts: nothing of it is stored.

use super::cause::{ActionDue, Severity};
use super::local_account::{LocalAccount, LocalState};
use super::standing::{SyncStanding, SyncTrouble};
use super::time::Timestamp;

/// Days before the end of the credential for CSSM at which it is told (ours).
const CREDENTIAL_DAYS: u64 = 14;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalAlert {
    /// A-ALK-08: CSSM does not know it any more.
    Expired,
    /// A-ALK-10: a registration file was made, and CSSM's answer has not come.
    Pending,
    /// Its synchronization (A-ALK-06, A-ALK-07), and the sentence about it.
    Sync(SyncTrouble, String),
    /// The credential for CSSM ends or has ended (B-ACC-08).
    Credential(Timestamp, bool),
}

impl LocalAlert {
    /// All that is wrong with a local account, the worst first.
    pub fn of(
        account: &LocalAccount,
        standing: Option<&SyncStanding>,
        now: Timestamp,
    ) -> Vec<Self> {
        let mut all = Vec::new();
        if account.state == LocalState::Expired {
            all.push(Self::Expired);
        }
        if account.registration_nonce.is_some() {
            all.push(Self::Pending);
        }
        if let Some(standing) = standing.filter(|_| account.state == LocalState::Active) {
            let told = |trouble: SyncTrouble| {
                Self::Sync(trouble, trouble.message(&account.name, standing))
            };
            all.extend(standing.troubles(now).into_iter().map(told));
            all.extend(credential(account, now));
        }
        all.sort_by_key(Self::severity);
        all
    }

    /// Its name (documented for A-ALK-06 to -10).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Expired => "Satellite Unregistered and Removed",
            Self::Pending => "Authorization Pending",
            Self::Sync(trouble, _) => trouble.kind(),
            Self::Credential(..) => "Account Registration Expiring",
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Expired | Self::Credential(_, true) => Severity::Major,
            Self::Sync(trouble, _) => trouble.severity(),
            Self::Pending | Self::Credential(_, false) => Severity::Minor,
        }
    }

    /// By when something has to be done.
    pub fn action_due(&self) -> ActionDue {
        match self {
            Self::Sync(
                SyncTrouble::Overdue { deadline: end, .. } | SyncTrouble::Deadline(end),
                _,
            )
            | Self::Credential(end, false) => ActionDue::By(*end),
            Self::Expired
            | Self::Credential(_, true)
            | Self::Sync(
                SyncTrouble::Expired(_) | SyncTrouble::Failed | SyncTrouble::FullNeeded,
                _,
            ) => ActionDue::Now,
            Self::Pending => ActionDue::Never,
        }
    }

    /// The sentence about the local account of that name.
    pub fn message(&self, name: &str) -> String {
        match self {
            Self::Expired => format!(
                "CSSM does not know {name} any more. It has to register again; its products keep \
                 what they were told last."
            ),
            Self::Pending => format!(
                "A registration file of {name} was made; the authorization file of CSSM has not \
                 been uploaded."
            ),
            Self::Sync(_, sentence) => sentence.clone(),
            Self::Credential(end, false) => format!(
                "The credential of {name} for CSSM ends on {end}. Synchronize with a CSSM user and \
                 password before, or its schedule stops."
            ),
            Self::Credential(end, true) => format!(
                "The credential of {name} for CSSM has ended on {end}. Synchronize with a CSSM user \
                 and password."
            ),
        }
    }
}

/// The end of the credential of a local account that uses the network.
fn credential(account: &LocalAccount, now: Timestamp) -> Option<LocalAlert> {
    let ends = account.credential_ends.filter(|_| !account.by_file)?;
    let told = ends.minus_days(CREDENTIAL_DAYS);
    (now >= told).then(|| LocalAlert::Credential(ends, now >= ends))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OnPremUid, SmartAccountId};
    use crate::domain::local_account::Privacy;
    use crate::domain::on_prem::{Mode, Profile};
    use crate::domain::standing::SyncState;
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn account() -> LocalAccount {
        LocalAccount {
            uid: OnPremUid(Uuid::nil()),
            account: Some(SmartAccountId(Uuid::nil())),
            number: 1,
            name: "Plant A".to_owned(),
            mode: Mode::OnPrem8,
            state: LocalState::Active,
            reason: String::new(),
            smart_account: "Contoso Lab".to_owned(),
            virtual_accounts: vec!["Sat-A-VA".to_owned()],
            email: "plant@lab.example".to_owned(),
            message: String::new(),
            requested_by: "sam".to_owned(),
            requested_at: at("2026-01-05T09:00:00Z"),
            registration_nonce: None,
            registered_at: Some(at("2026-01-05T09:00:00Z")),
            by_file: false,
            privacy: Privacy::default(),
            credential: Some("secret".to_owned()),
            credential_ends: Some(at("2026-02-20T09:00:00Z")),
        }
    }

    fn standing(state: SyncState) -> SyncStanding {
        let last = at("2026-01-05T09:00:00Z");
        SyncStanding {
            uid: OnPremUid(Uuid::nil()),
            account: SmartAccountId(Uuid::nil()),
            next_sequence: 2,
            base: None,
            state,
            problem: "no route".to_owned(),
            needs_full: false,
            last_kind: None,
            last_at: Some(last),
            dates: Profile::CLASSIC.after(last),
            schedule: None,
            next_at: None,
            due_at: None,
            settled_at: None,
        }
    }

    fn told(account: &LocalAccount, standing: &SyncStanding, now: &str) -> Vec<String> {
        let all = LocalAlert::of(account, Some(standing), at(now));
        all.iter().map(|one| format!("{}: {}", one.severity().name(), one.kind())).collect()
    }

    /// A-ALK-06, A-ALK-07, B-ACC-08, B-LWS-12: the worst first, each in its days and not before.
    #[test]
    fn what_is_wrong_is_told_in_its_days() {
        let (account, good) = (account(), standing(SyncState::Synchronized));
        let (overdue, deadline) =
            ("Synchronization Overdue", "Upcoming Satellite Sync Deadline (30 Day)");
        let credential = "Account Registration Expiring";
        let nothing: [String; 0] = [];
        assert_eq!(told(&account, &good, "2026-02-04T08:59:59Z"), nothing);
        assert_eq!(told(&account, &good, "2026-02-04T09:00:00Z"), [format!("Minor: {overdue}")]);
        assert_eq!(
            told(&account, &good, "2026-02-06T09:00:00Z"),
            [format!("Minor: {overdue}"), format!("Minor: {credential}")]
        );
        assert_eq!(
            told(&account, &good, "2026-03-06T09:00:00Z"),
            [
                format!("Major: {overdue}"),
                format!("Major: {credential}"),
                format!("Minor: {deadline}")
            ]
        );
        let by_file = LocalAccount { by_file: true, ..account.clone() };
        assert_eq!(told(&by_file, &good, "2026-02-06T09:00:00Z"), [format!("Minor: {overdue}")]);
        let failed = standing(SyncState::Failed);
        assert_eq!(
            told(&account, &failed, "2026-01-06T09:00:00Z"),
            ["Minor: Synchronization Failed"]
        );
    }

    /// A-ALK-08, A-ALK-10: states that are no synchronizations; one that rests is left in peace.
    #[test]
    fn states_are_told_and_who_rests_is_not() {
        let failed = standing(SyncState::Failed);
        let late = "2026-03-06T09:00:00Z";
        let resting = LocalAccount { state: LocalState::Inactive, ..account() };
        assert!(told(&resting, &failed, late).is_empty());
        let waiting = LocalAccount { registration_nonce: Some(Uuid::nil()), ..resting };
        assert_eq!(told(&waiting, &failed, late), ["Minor: Authorization Pending"]);
        let expired = LocalAccount { state: LocalState::Expired, ..account() };
        assert_eq!(told(&expired, &failed, late), ["Major: Satellite Unregistered and Removed"]);
        let [alert] = LocalAlert::of(&expired, None, at(late)).try_into().unwrap();
        assert_eq!(alert.action_due(), ActionDue::Now);
        assert!(alert.message("Plant A").contains("register again"));
    }
}
