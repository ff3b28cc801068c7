//! A model of reservations, small enough to be seen to be right: numbers, and no databases.

use proptest::prelude::*;

/// How many devices take part.
pub const DEVICES: usize = 3;
/// Where they are; licenses are in the first at the beginning.
pub const PLACES: [&str; 2] = ["Vault", "Berlin"];
/// Days until the term has ended: from 2026-01-05 to 2026-06-30.
const TERM: i64 = 176;

/// Perpetual licenses and those of the term.
pub type Pair = (i64, i64);

/// A code that somebody enters.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// That of a device's authorization, its own or another's: 0 for the newest.
    Of(usize, usize),
    /// None that was ever made.
    Garbage,
}

/// Something that somebody does.
#[derive(Clone, Debug)]
pub enum Deed {
    Reserve(usize, usize, Pair),
    Update(usize, Pair),
    Confirm(usize, Code),
    Cancel(usize),
    Return(usize, Code),
    Rehost(usize, usize),
    Remove(usize),
    Bury(usize),
    Settle(usize, bool),
    Move(usize, usize),
    Wait(i64),
}

pub fn deed() -> impl Strategy<Value = Deed> {
    let device = || 0..DEVICES;
    let pair = || prop_oneof![3 => (0i64..12, 0i64..3), 1 => (0i64..26, 0i64..6)];
    let code = prop_oneof![
        6 => (0..DEVICES, 0usize..3).prop_map(|(of, index)| Code::Of(of, index)),
        1 => Just(Code::Garbage),
    ];
    // Mostly its own, so that much succeeds.
    let back = prop_oneof![4 => Just(0usize), 1 => 0usize..3];
    let own = (device(), back).prop_map(|(of, index)| (of, Code::Of(of, index)));
    let entered = prop_oneof![3 => own.clone(), 1 => (device(), code)];
    prop_oneof![
        5 => (device(), 0usize..2, pair()).prop_map(|(d, at, n)| Deed::Reserve(d, at, n)),
        5 => (device(), pair()).prop_map(|(d, n)| Deed::Update(d, n)),
        6 => entered.clone().prop_map(|(d, code)| Deed::Confirm(d, code)),
        2 => device().prop_map(Deed::Cancel),
        3 => entered.prop_map(|(d, code)| Deed::Return(d, code)),
        2 => (device(), device()).prop_map(|(d, to)| Deed::Rehost(d, to)),
        1 => device().prop_map(Deed::Remove),
        1 => device().prop_map(Deed::Bury),
        1 => (device(), any::<bool>()).prop_map(|(d, accept)| Deed::Settle(d, accept)),
        2 => (device(), 0usize..2).prop_map(|(d, to)| Deed::Move(d, to)),
        1 => (1i64..60).prop_map(Deed::Wait),
    ]
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Done,
    Refused,
    /// Refused, and in the event log.
    WrongCode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Current,
    Confirmed,
    Pending,
    Over,
}

/// What a device holds.
#[derive(Clone, Debug)]
struct Holding {
    place: usize,
    now: Pair,
    next: Option<Pair>,
    return_pending: bool,
    /// The first of its codes; earlier ones are of an earlier life.
    born: usize,
}

impl Holding {
    fn held(&self) -> Pair {
        let next = self.next.unwrap_or(self.now);
        (self.now.0.max(next.0), self.now.1.max(next.1))
    }
}

/// What can be seen: of each place, quantity and reserved of both kinds; of each device, where it
/// is and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub places: Vec<[Pair; 2]>,
    pub devices: Vec<Option<(String, Pair)>>,
}

#[derive(Debug)]
pub struct Model {
    stock: [Pair; 2],
    devices: Vec<Option<Holding>>,
    fates: Vec<Vec<Fate>>,
    day: i64,
}

impl Model {
    pub fn new() -> Self {
        let devices = vec![None; DEVICES];
        Self { stock: [(25, 5), (0, 0)], devices, fates: vec![Vec::new(); DEVICES], day: 0 }
    }

    pub fn shown(&self) -> Shown {
        let place = |at: usize| {
            let reserved = self.reserved(at);
            [(self.stock[at].0, reserved.0), (self.stock[at].1, reserved.1)]
        };
        let device = |of: &Option<Holding>| {
            of.as_ref().map(|held| (PLACES[held.place].to_owned(), held.held()))
        };
        Shown {
            places: vec![place(0), place(1)],
            devices: self.devices.iter().map(device).collect(),
        }
    }

    fn reserved(&self, at: usize) -> Pair {
        let here = self.devices.iter().flatten().filter(|held| held.place == at);
        here.fold((0, 0), |sum, own| (sum.0 + own.held().0, sum.1 + own.held().1))
    }

    fn ended(&self) -> bool {
        self.day > TERM
    }

    /// How many of what is taken are not there; none where they may not be taken at all.
    fn lacking(&self, at: usize, taken: Pair) -> i64 {
        let (stock, reserved) = (self.stock[at], self.reserved(at));
        let free = (stock.0 - reserved.0, stock.1 - reserved.1);
        let unused = free.0 + if self.ended() { 0 } else { free.1 };
        let lines = (taken.0 - free.0).max(0) + (taken.1 - free.1).max(0);
        // Whoever takes nothing lacks nothing, also where more is reserved than there is.
        let lines = if taken.0 == 0 { lines - (taken.0 - free.0).max(0) } else { lines };
        let lines = if taken.1 == 0 { lines - (taken.1 - free.1).max(0) } else { lines };
        lines.max(taken.0 + taken.1 - unused.max(0)).max(0)
    }

    /// Whether a device may come to hold that.
    fn may_hold(&self, at: usize, before: Pair, wanted: Pair) -> bool {
        let taken = ((wanted.0 - before.0).max(0), (wanted.1 - before.1).max(0));
        let gone = self.ended() && wanted.1 > 0;
        wanted != (0, 0) && !gone && self.lacking(at, taken) == 0
    }

    pub fn act(&mut self, deed: &Deed) -> Tried {
        match *deed {
            Deed::Reserve(device, at, wanted) => self.reserve(device, at, wanted),
            Deed::Update(device, wanted) => self.update(device, wanted),
            Deed::Confirm(device, code) => self.confirm(device, code),
            Deed::Cancel(device) | Deed::Settle(device, false) => self.settle(device, false),
            Deed::Settle(device, true) => self.settle(device, true),
            Deed::Return(device, code) => self.give_back(device, code),
            Deed::Rehost(failed, replacement) => self.rehost(failed, replacement),
            Deed::Remove(_) => Tried::Refused,
            Deed::Bury(device) => self.bury(device),
            Deed::Move(device, to) => self.relocate(device, to),
            Deed::Wait(days) => {
                self.day += days;
                Tried::Done
            }
        }
    }

    fn reserve(&mut self, device: usize, at: usize, wanted: Pair) -> Tried {
        let wanted = self.offered(at, (0, 0), wanted);
        if self.devices[device].is_some() || !self.may_hold(at, (0, 0), wanted) {
            return Tried::Refused;
        }
        self.give(device, at, wanted);
        Tried::Done
    }

    /// What a form can ask for: rows of open lines, and of what is held.
    fn offered(&self, at: usize, held: Pair, wanted: Pair) -> Pair {
        let (stock, reserved) = (self.stock[at], self.reserved(at));
        let perpetual = stock.0 > 0 || reserved.0 > 0;
        let term = (!self.ended() && (stock.1 > 0 || reserved.1 > 0)) || held.1 > 0;
        (if perpetual { wanted.0 } else { 0 }, if term { wanted.1 } else { 0 })
    }

    fn give(&mut self, device: usize, place: usize, now: Pair) {
        let born = self.fates[device].len();
        self.devices[device] =
            Some(Holding { place, now, next: None, return_pending: false, born });
        self.fates[device].push(Fate::Current);
    }

    fn update(&mut self, device: usize, wanted: Pair) -> Tried {
        let Some(held) = self.devices[device].clone() else { return Tried::Refused };
        let wanted = self.offered(held.place, held.now, wanted);
        let settled = held.next.is_none() && !held.return_pending;
        if !settled || wanted == held.now || !self.may_hold(held.place, held.now, wanted) {
            return Tried::Refused;
        }
        self.devices[device] = Some(Holding { next: Some(wanted), ..held });
        self.fates[device].push(Fate::Pending);
        Tried::Done
    }

    /// The code's place in the device's own present life.
    fn own(&self, device: usize, code: Code) -> Option<usize> {
        let held = self.devices[device].as_ref()?;
        match code {
            Code::Of(of, back) if of == device => {
                let index = self.fates[device].len().checked_sub(back + 1)?;
                Some(index).filter(|index| *index >= held.born)
            }
            Code::Of(..) | Code::Garbage => None,
        }
    }

    fn confirm(&mut self, device: usize, code: Code) -> Tried {
        let Some(held) = &self.devices[device] else { return Tried::Refused };
        let pending = held.next.is_some();
        let Some(index) = self.own(device, code) else { return Tried::WrongCode };
        match self.fates[device][index] {
            Fate::Pending => self.settle(device, true),
            Fate::Current if !pending => {
                self.fates[device][index] = Fate::Confirmed;
                Tried::Done
            }
            Fate::Current | Fate::Confirmed | Fate::Over => Tried::WrongCode,
        }
    }

    fn settle(&mut self, device: usize, accept: bool) -> Tried {
        let Some(held) = &mut self.devices[device] else { return Tried::Refused };
        let Some(next) = held.next.take() else { return Tried::Refused };
        if accept {
            held.now = next;
        }
        for fate in &mut self.fates[device] {
            *fate = match *fate {
                Fate::Pending if accept => Fate::Confirmed,
                Fate::Pending => Fate::Over,
                Fate::Current | Fate::Confirmed if accept => Fate::Over,
                same => same,
            };
        }
        Tried::Done
    }

    fn give_back(&mut self, device: usize, code: Code) -> Tried {
        let Some(held) = &self.devices[device] else { return Tried::Refused };
        let pending = held.next.is_some();
        let index = self.own(device, code);
        let in_force = |fate: Fate| matches!(fate, Fate::Current | Fate::Confirmed);
        match index {
            Some(index) if !pending && in_force(self.fates[device][index]) => self.bury(device),
            Some(_) | None => Tried::WrongCode,
        }
    }

    fn bury(&mut self, device: usize) -> Tried {
        if self.devices[device].take().is_none() {
            return Tried::Refused;
        }
        self.fates[device].fill(Fate::Over);
        Tried::Done
    }

    fn rehost(&mut self, failed: usize, replacement: usize) -> Tried {
        let Some(held) = self.devices[failed].clone() else { return Tried::Refused };
        let pending = self.devices.iter().flatten().filter(|own| own.return_pending).count();
        let settled = held.next.is_none() && !held.return_pending;
        let short = self.lacking(held.place, held.now);
        let gone = self.ended() && held.now.1 > 0;
        let room = self.devices[replacement].is_none();
        if !settled || !room || gone || (short > 0 && pending >= 1) {
            return Tried::Refused;
        }
        self.give(replacement, held.place, held.now);
        self.devices[failed] = Some(Holding { return_pending: true, ..held });
        Tried::Done
    }

    fn relocate(&mut self, device: usize, to: usize) -> Tried {
        let Some(held) = &mut self.devices[device] else { return Tried::Refused };
        if held.next.is_some() || held.return_pending || held.place == to {
            return Tried::Refused;
        }
        let (from, now) = (held.place, held.now);
        held.place = to;
        self.stock[from] = (self.stock[from].0 - now.0, self.stock[from].1 - now.1);
        self.stock[to] = (self.stock[to].0 + now.0, self.stock[to].1 + now.1);
        Tried::Done
    }
}
