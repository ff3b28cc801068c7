//! What may happen on two satellites, in CSSM and on the way between them.

use crate::support::link::Fault;
use proptest::prelude::*;
use proptest::sample::Index;

/// Work at a satellite.
#[derive(Clone, Debug)]
pub enum Local {
    /// A product registers, perhaps again, in one of two local virtual accounts.
    Register(usize, usize),
    /// A product reports so many of a license in use.
    Use(usize, usize, i64),
    /// A product gives its registration back.
    Deregister(usize),
    /// A person removes a product.
    Remove(usize),
    /// A person moves a product to a local virtual account.
    Move(usize, usize),
    /// Licenses go from one local virtual account to the other, or back.
    Transfer(usize, i64, bool),
    /// A token is made.
    Token(usize),
    /// The last token that was made is revoked.
    Revoke,
}

/// A file among those that were made: whose, and which.
#[derive(Clone, Debug)]
pub struct Which {
    pub of: usize,
    /// The newest, or any.
    pub older: Option<Index>,
}

/// A bit that is another one on the way.
pub type Changed = Option<(u16, u8)>;

/// One step of a history.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Work at a satellite.
    Local(usize, Local),
    /// Licenses move in CSSM.
    Transfer { from: usize, to: usize, what: usize, quantity: i64 },
    /// Licenses are bought; some for so many days only.
    Buy { to: usize, what: usize, quantity: i64, days: Option<i64> },
    /// A satellite makes a request file.
    Download { at: usize, full: bool },
    /// A request file is uploaded at the entry of an On-Prem; its response is kept.
    Upload { at: usize, file: Which, changed: Changed },
    /// The response to the last accepted request is downloaded again.
    Again { at: usize },
    /// A response file is uploaded on a satellite.
    Take { at: usize, file: Which, changed: Changed },
    /// A request file and its response make their way.
    ByFile { at: usize, full: bool },
    /// A synchronization over the network.
    Network { at: usize, full: bool, fault: Fault },
    /// A site takes a backup: a satellite, or CSSM.
    Keep(usize),
    /// A site is restored from its backup.
    Restore(usize),
    /// Minutes go by.
    Wait(i64),
}

fn local() -> impl Strategy<Value = Local> {
    let product = 0usize..4;
    prop_oneof![
        4 => (product.clone(), 0usize..2).prop_map(|(who, at)| Local::Register(who, at)),
        5 => (product.clone(), 0usize..3, 0i64..12).prop_map(|(who, what, n)| Local::Use(who, what, n)),
        1 => product.clone().prop_map(Local::Deregister),
        1 => product.clone().prop_map(Local::Remove),
        1 => (product, 0usize..2).prop_map(|(who, at)| Local::Move(who, at)),
        3 => (0usize..3, 1i64..15, any::<bool>()).prop_map(|(what, n, back)| Local::Transfer(what, n, back)),
        1 => (0usize..2).prop_map(Local::Token),
        1 => Just(Local::Revoke),
    ]
}

fn which() -> impl Strategy<Value = Which> {
    let older = prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)];
    (0usize..2, older).prop_map(|(of, older)| Which { of, older })
}

/// At the right place most of the time.
fn place_and_file() -> impl Strategy<Value = (usize, Which)> {
    (which(), prop::bool::weighted(0.15))
        .prop_map(|(file, foreign)| (file.of ^ usize::from(foreign), file))
}

fn changed() -> impl Strategy<Value = Changed> {
    prop_oneof![5 => Just(None), 1 => (any::<u16>(), 0u8..8).prop_map(Some)]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::RequestLost),
        1 => Just(Fault::ResponseLost),
        1 => Just(Fault::Twice),
        1 => Just(Fault::RequestChanged),
        1 => Just(Fault::ResponseChanged),
    ]
}

fn exchange() -> impl Strategy<Value = Deed> {
    let at = 0usize..2;
    let full = prop::bool::weighted(0.25);
    prop_oneof![
        3 => (at.clone(), full).prop_map(|(at, full)| Deed::Download { at, full }),
        4 => (place_and_file(), changed())
            .prop_map(|((at, file), changed)| Deed::Upload { at, file, changed }),
        1 => at.clone().prop_map(|at| Deed::Again { at }),
        4 => (place_and_file(), changed())
            .prop_map(|((at, file), changed)| Deed::Take { at, file, changed }),
        2 => (at.clone(), full).prop_map(|(at, full)| Deed::ByFile { at, full }),
        4 => (at, full, fault()).prop_map(|(at, full, fault)| Deed::Network { at, full, fault }),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let (from, to, what) = (0usize..4, 0usize..4, 0usize..3);
    let days = prop_oneof![2 => Just(None), 1 => (20i64..200).prop_map(Some)];
    prop_oneof![
        10 => (0usize..2, local()).prop_map(|(at, local)| Deed::Local(at, local)),
        4 => (from, to.clone(), what.clone(), 1i64..15)
            .prop_map(|(from, to, what, quantity)| Deed::Transfer { from, to, what, quantity }),
        2 => (to, what, 1i64..15, days)
            .prop_map(|(to, what, quantity, days)| Deed::Buy { to, what, quantity, days }),
        12 => exchange(),
        1 => (0usize..3).prop_map(Deed::Keep),
        1 => (0usize..3).prop_map(Deed::Restore),
        2 => (1i64..3_000).prop_map(Deed::Wait),
        1 => (20i64..50).prop_map(|days| Deed::Wait(days * 24 * 60)),
    ]
}

/// A history.
pub fn history() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(deed(), 10..45)
}
