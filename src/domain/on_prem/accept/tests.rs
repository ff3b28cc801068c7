//! Histories of one satellite: requests are made, answered, restored from a backup, and their
//! files come to CSSM in any order.

use super::*;
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::on_prem::{LastRequest, Mode, OnPremState, Profile};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

fn start() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

fn on_prem() -> OnPrem {
    OnPrem {
        uid: OnPremUid(Uuid::from_u128(1)),
        account: SmartAccountId(Uuid::from_u128(2)),
        number: 1,
        name: "sat-a".to_owned(),
        mode: Mode::OnPrem8,
        state: OnPremState::Authorized,
        version: String::new(),
        email: String::new(),
        created_by: "ann".to_owned(),
        created_at: start(),
        public_key: String::new(),
        certificate: String::new(),
        registration_nonce: Uuid::from_u128(3),
        ready_at: start(),
        fetched_at: None,
        credential: None,
        credential_ends: None,
        last: LastRequest::default(),
        dates: Profile::CLASSIC.after(start()),
        due_at: None,
        settled_at: None,
    }
}

/// A request file, with what no file tells: all requests that its maker had made before.
#[derive(Clone)]
struct Made {
    kind: Kind,
    sequence: i64,
    nonce: Uuid,
    base: Option<Uuid>,
    since: Vec<Uuid>,
    at: Timestamp,
    before: BTreeSet<Uuid>,
}

/// What a satellite remembers; a backup is a copy of it.
#[derive(Clone)]
struct Satellite {
    next: i64,
    base: Option<Uuid>,
    open: Vec<(i64, Uuid)>,
    before: BTreeSet<Uuid>,
}

impl Satellite {
    fn new() -> Self {
        Self { next: 1, base: None, open: Vec::new(), before: BTreeSet::new() }
    }

    fn make(&mut self, full: bool, nonce: Uuid, at: Timestamp) -> Made {
        let kind = if full || self.base.is_none() { Kind::Full } else { Kind::Standard };
        let since = self.open.iter().map(|(_, nonce)| *nonce).collect();
        let (base, before, sequence) = (self.base, self.before.clone(), self.next);
        self.open.push((sequence, nonce));
        self.before.insert(nonce);
        self.next += 1;
        Made { kind, sequence, nonce, base, since, at, before }
    }

    /// Only the response to the last request is taken.
    fn confirm(&mut self, answers: Uuid, next: i64) {
        if self.open.last().is_some_and(|(_, nonce)| *nonce == answers) {
            self.base = Some(answers);
            self.open.clear();
            self.next = self.next.max(next);
        }
    }
}

/// What CSSM remembers.
struct Cssm {
    one: OnPrem,
    accepted: BTreeMap<Uuid, i64>,
    passed: BTreeSet<Uuid>,
    /// What was made before those that were accepted; the rules do not know it.
    overtaken: BTreeSet<Uuid>,
}

impl Cssm {
    fn judge(&self, file: &Made, now: Timestamp) -> Result<(), Refusal> {
        let request = Standing {
            kind: file.kind,
            sequence: file.sequence,
            nonce: file.nonce,
            base: file.base,
            since: &file.since,
            made_at: file.at,
            accepted_as: self.accepted.get(&file.nonce).copied(),
            passed: self.passed.contains(&file.nonce),
        };
        self.one.accepts(&request, now)
    }

    fn take(&mut self, file: &Made) {
        self.accepted.insert(file.nonce, file.sequence);
        self.passed.extend(&file.since);
        self.overtaken.extend(&file.before);
        self.one.last = LastRequest {
            sequence: file.sequence,
            nonce: Some(file.nonce),
            made_at: Some(file.at),
            kind: Some(file.kind.code().to_owned()),
            at: Some(file.at),
        };
    }

    /// What has to happen to a file, by what really came before what.
    fn wanted(&self, file: &Made) -> &'static str {
        let last = &self.one.last;
        if self.accepted.contains_key(&file.nonce) {
            "replayed"
        } else if self.overtaken.contains(&file.nonce) {
            "older"
        } else if last.nonce.is_some_and(|nonce| file.before.contains(&nonce)) {
            "accepted"
        } else if last.made_at.is_some_and(|at| file.at < at) {
            "older"
        } else if file.kind == Kind::Full {
            "accepted"
        } else {
            "full_needed"
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Make {
        full: bool,
    },
    /// A file comes to CSSM; its response perhaps to the satellite.
    Bring {
        file: Index,
        answered: bool,
    },
    Keep,
    Restore,
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|full| Step::Make { full }),
        6 => (any::<Index>(), any::<bool>())
            .prop_map(|(file, answered)| Step::Bring { file, answered }),
        1 => Just(Step::Keep),
        1 => Just(Step::Restore),
        1 => Just(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// AS-38, B-SYN-13: whatever comes in whatever order, with a clock that goes or stands: what
    /// came before what was accepted is older, what follows it is accepted, and of what knows
    /// nothing of it only a full one is, unless it is older by its time.
    #[test]
    fn what_came_before_what_is_known(steps in prop::collection::vec(step(), 1..60), stands: bool) {
        let mut satellite = Satellite::new();
        let (mut kept, mut files, mut now) = (satellite.clone(), Vec::<Made>::new(), start());
        let (accepted, passed, overtaken) = Default::default();
        let mut cssm = Cssm { one: on_prem(), accepted, passed, overtaken };
        for step in steps {
            match step {
                Step::Make { full } => {
                    let nonce = Uuid::from_u128(100 + u128::try_from(files.len()).unwrap());
                    files.push(satellite.make(full, nonce, now));
                }
                Step::Bring { file, answered } if !files.is_empty() => {
                    let file = file.get(&files).clone();
                    let (wanted, judged) = (cssm.wanted(&file), cssm.judge(&file, now));
                    let found = judged.as_ref().map_or_else(Refusal::reason, |()| "accepted");
                    prop_assert_eq!(found, wanted);
                    if judged.is_ok() {
                        cssm.take(&file);
                        if answered {
                            satellite.confirm(file.nonce, cssm.accepted.values().max().unwrap() + 1);
                        }
                    }
                }
                Step::Bring { .. } => {}
                Step::Keep => kept = satellite.clone(),
                Step::Restore => satellite = kept.clone(),
                Step::Wait if stands => {}
                Step::Wait => now = now + TimeDelta::minutes(1),
            }
        }
    }
}

/// AS-45, B-SYN-13: under a standing clock a full request of a restored satellite is taken, and a
/// late one is older.
#[test]
fn a_standing_clock_does_not_stand_in_the_way() {
    let mut satellite = Satellite::new();
    let (accepted, passed, overtaken) = Default::default();
    let mut cssm = Cssm { one: on_prem(), accepted, passed, overtaken };
    let mut number = 100;
    let mut make = |satellite: &mut Satellite, full| {
        number += 1;
        satellite.make(full, Uuid::from_u128(number), start())
    };
    let first = make(&mut satellite, true);
    cssm.take(&first);
    satellite.confirm(first.nonce, 2);
    let backup = satellite.clone();
    let late = make(&mut satellite, false);
    let late_full = make(&mut satellite, true);
    let third = make(&mut satellite, false);
    assert_eq!(cssm.judge(&third, start()), Ok(()));
    cssm.take(&third);
    for file in [&late, &late_full] {
        let refused = cssm.judge(file, start()).unwrap_err();
        assert_eq!(refused.reason(), "older", "{refused}");
    }
    satellite = backup;
    let behind = make(&mut satellite, false);
    assert_eq!(cssm.judge(&behind, start()).unwrap_err().reason(), "full_needed");
    let full = make(&mut satellite, true);
    assert!(full.sequence < third.sequence);
    assert_eq!(cssm.judge(&full, start()), Ok(()));
}
