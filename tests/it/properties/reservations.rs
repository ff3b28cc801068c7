//! Random lives of reservations against a small model of them.

use super::reservation_model::{Code, Deed, Model, PLACES, Tried, deed};
use super::steps::block_on;
use super::{dump, reservation_model as model};
use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground as _};
use chrono::TimeDelta;
use proptest::prelude::*;
use syncom::db;
use syncom::domain::event::{Event, EventKind};
use syncom::domain::id::InstanceId;
use syncom::domain::paging::Seek;
use syncom::domain::reservation::{Kind, Settlement, Wanted};
use syncom::engine::{Engine, Issued, Rehost, Reserve, Result, StockRow, VaRef, Who};
use syncom::protocol::codes::{self, AuthorizationCode, request};
use syncom::protocol::sudi::Sudi;

const DOMAIN: &str = "lab.example";
const LICENSE: &str = "Meetings Host";

/// The real thing, with what its devices have been given.
struct World<'a> {
    app: &'a TestApp,
    engine: &'a Engine,
    who: Who,
    /// Of each device: its instance, and its codes in their order.
    instances: Vec<Option<InstanceId>>,
    codes: Vec<Vec<(String, String)>>,
    tag: String,
}

fn sudi(device: usize) -> Sudi {
    Sudi::hardware("SIM", &format!("R{device}"))
}

fn va(place: usize) -> VaRef {
    VaRef::Name(PLACES[place].to_owned())
}

impl World<'_> {
    fn request_code(&self, device: usize) -> String {
        request::write(&sudi(device), &self.tag, Kind::Specific, false)
    }

    /// Takes a code as a device does: all that it answers follows from it.
    fn take(&mut self, device: usize, issued: &Issued) {
        let own = sudi(device);
        let code = AuthorizationCode::read(&issued.authorization.code, &own).unwrap();
        let secret = code.secret();
        let answers = (codes::confirmation(&secret, &own), codes::return_code(&secret, &own));
        self.codes[device].push(answers);
        self.instances[device] = Some(issued.instance.id);
    }

    /// The rows that ask for so many perpetual and term licenses.
    fn rows(stock: &[StockRow], (perpetual, term): (i64, i64)) -> Vec<Wanted> {
        let mut rows = Vec::new();
        let own = stock.iter().filter(|row| row.entitlement.name == LICENSE);
        for row in own {
            let Some(line) = &row.line else { continue };
            let quantity = if line.ends.is_some() { term } else { perpetual };
            // Should goods ever stand in two lines of a place, the first one gets all.
            let again = |known: &Wanted| {
                let same = stock.iter().find(|r| r.line.as_ref().map(|l| l.id) == known.line);
                same.and_then(|r| r.line.as_ref()).is_some_and(|l| l.ends == line.ends)
            };
            if !rows.iter().any(again) {
                rows.push(Wanted {
                    entitlement: row.entitlement.id,
                    line: Some(line.id),
                    quantity,
                });
            }
        }
        rows
    }

    async fn reserve(&mut self, device: usize, at: usize, wanted: (i64, i64)) -> Result<()> {
        let stock = self.engine.reservation_stock(&self.who, DOMAIN, va(at)).await?;
        let rows = Self::rows(&stock, wanted);
        let code = self.request_code(device);
        let reserve = Reserve { code, kind: Kind::Specific, add: vec![], rows };
        let issued = self.engine.reserve(&self.who, DOMAIN, va(at), reserve).await?;
        self.take(device, &issued);
        Ok(())
    }

    async fn update(&mut self, device: usize, wanted: (i64, i64)) -> Result<()> {
        let id = self.instance(device);
        let stock = self.engine.reservation(&self.who, DOMAIN, id).await?.rows;
        let rows = Self::rows(&stock, wanted);
        let updated = self.engine.update_reservation(&self.who, DOMAIN, id, vec![], rows).await?;
        self.take(device, &updated);
        Ok(())
    }

    async fn rehost(&mut self, failed: usize, replacement: usize) -> Result<()> {
        let code = self.request_code(replacement);
        let wanted = Rehost { code, notes: "dead".into() };
        let id = self.instance(failed);
        let issued = self.engine.rehost(&self.who, DOMAIN, id, wanted).await?;
        self.take(replacement, &issued);
        Ok(())
    }

    /// One that nobody has where the device holds nothing.
    fn instance(&self, device: usize) -> InstanceId {
        self.instances[device].unwrap_or(InstanceId(uuid::Uuid::from_u128(1)))
    }

    fn code(&self, code: Code, returning: bool) -> String {
        let of = |(confirmation, back): &(String, String)| {
            if returning { back.clone() } else { confirmation.clone() }
        };
        match code {
            Code::Of(device, back) => {
                self.codes[device].iter().rev().nth(back).map_or("none".into(), of)
            }
            Code::Garbage => {
                if returning {
                    format!("C{}", "x".repeat(50))
                } else {
                    "0badc0de".into()
                }
            }
        }
    }

    async fn act(&mut self, deed: &Deed) -> Result<()> {
        let (who, engine) = (self.who.clone(), self.engine);
        match *deed {
            Deed::Reserve(device, at, wanted) => self.reserve(device, at, wanted).await,
            Deed::Update(device, wanted) => self.update(device, wanted).await,
            Deed::Rehost(failed, replacement) => self.rehost(failed, replacement).await,
            Deed::Confirm(device, code) => {
                let (id, code) = (self.instance(device), self.code(code, false));
                engine.confirm_reservation(&who, DOMAIN, id, code).await.map(drop)
            }
            Deed::Return(device, code) => {
                let (id, code) = (self.instance(device), self.code(code, true));
                engine.return_reservation(&who, DOMAIN, id, code).await.map(drop)
            }
            Deed::Cancel(device) => {
                let id = self.instance(device);
                engine.cancel_reservation_update(&who, DOMAIN, id).await.map(drop)
            }
            Deed::Settle(device, accept) => {
                let how = if accept { Settlement::Accepted } else { Settlement::RolledBack };
                engine.support_settle(&who, DOMAIN, self.instance(device), how).await.map(drop)
            }
            Deed::Bury(device) => {
                engine.support_remove(&who, DOMAIN, self.instance(device)).await.map(drop)
            }
            Deed::Remove(device) => {
                engine.remove_instance(&who, DOMAIN, self.instance(device)).await.map(drop)
            }
            Deed::Move(device, to) => {
                engine.move_instance(&who, DOMAIN, self.instance(device), va(to)).await.map(drop)
            }
            Deed::Wait(days) => {
                self.app.advance(TimeDelta::days(days));
                Ok(())
            }
        }
    }

    /// What the database says, in the model's words.
    async fn read(&self) -> model::Shown {
        let instances = self.instances.clone();
        dump::read(self.app, move |conn| {
            let account = db::accounts::all(conn)?.remove(0).id;
            let tree = db::virtual_accounts::tree(conn, account)?;
            let of = db::licenses::by_name(conn, LICENSE)?.unwrap().id;
            let mut shown = model::Shown::default();
            for place in PLACES {
                let at = tree.named(place).unwrap().id;
                let mut sums = [(0, 0); 2];
                for line in db::licenses::lines_of(conn, at, of)? {
                    let sum = &mut sums[usize::from(line.ends.is_some())];
                    *sum = (sum.0 + line.quantity, sum.1 + line.reserved);
                }
                shown.places.push(sums);
            }
            for instance in instances {
                let mut held = None;
                let found = instance.map(|id| db::instances::find(conn, id)).transpose()?.flatten();
                if let Some(found) = found {
                    let place = tree.get(found.virtual_account).unwrap().name.as_str().to_owned();
                    let mut sums = (0, 0);
                    for own in db::reservations::of_instance(conn, found.id)? {
                        let line = db::licenses::line(conn, own.line.unwrap())?.unwrap();
                        let sum = if line.ends.is_some() { &mut sums.1 } else { &mut sums.0 };
                        *sum += own.held();
                    }
                    held = Some((place, sums));
                }
                shown.devices.push(held);
            }
            Ok(shown)
        })
        .await
    }

    async fn refusals(&self) -> usize {
        dump::read(self.app, |conn| {
            let account = db::accounts::all(conn)?.remove(0).id;
            let filter = db::events::Filter {
                account,
                virtual_accounts: None,
                instance: None,
                entitlement: None,
                on_prem: None,
                kinds: None,
                of_account: false,
            };
            let all = db::events::page(conn, &filter, &Seek::First, 100_000)?.items;
            let refused = |event: &&Event| event.kind == EventKind::ReservationCodeRefused;
            Ok(all.iter().filter(refused).count())
        })
        .await
    }
}

async fn live(deeds: &[Deed]) -> Vec<Tried> {
    let mut outcomes = Vec::new();
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let mut world = World {
        engine: app.engine(),
        who: Who::Nobody,
        instances: vec![None; model::DEVICES],
        codes: vec![Vec::new(); model::DEVICES],
        tag: syncom::device::profile::Profile::find("sim").unwrap().software_tag,
        app: &app,
    };
    let mut model = Model::new();
    for deed in deeds {
        let rest = app.rest_as("ulf").await;
        world.who = Who::Bearer(rest.bearer().unwrap().to_owned());
        let refused = world.refusals().await;
        let expected = model.act(deed);
        let outcome = world.act(deed).await;
        assert_eq!(outcome.is_ok(), expected == Tried::Done, "{deed:?}: {outcome:?} {model:?}");
        assert_eq!(world.read().await, model.shown(), "after {deed:?}: {outcome:?}");
        let noted = world.refusals().await - refused;
        assert_eq!(noted, usize::from(expected == Tried::WrongCode), "{deed:?}: {outcome:?}");
        outcomes.push(expected);
    }
    app.leave().await;
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 60, ..ProptestConfig::default() })]

    /// A-RSV-05, A-RSV-10, A-RSV-11, A-RSV-12, A-RSV-13, A-RSV-14, A-RSV-15, A-RSV-17, A-RSV-18,
    /// A-RSV-19, A-RSV-21, A-PIN-10: whatever happens, quantities are conserved, no code is
    /// accepted twice, and a wrong one changes nothing but the event log.
    #[test]
    fn reservations_do_as_the_model_says(deeds in prop::collection::vec(deed(), 15..60)) {
        block_on(live(&deeds));
    }
}

/// A-RSV-10 to A-RSV-19: the same with a life in which everything that can succeed does.
#[test]
fn a_life_in_which_everything_succeeds() {
    use Code::{Garbage, Of};
    let deeds = [
        Deed::Reserve(0, 0, (10, 2)),
        Deed::Confirm(0, Of(0, 0)),
        Deed::Confirm(0, Of(0, 0)),
        Deed::Update(0, (14, 2)),
        Deed::Confirm(0, Of(0, 1)),
        Deed::Return(0, Of(0, 0)),
        Deed::Confirm(0, Of(0, 0)),
        Deed::Update(0, (6, 0)),
        Deed::Cancel(0),
        Deed::Confirm(0, Of(0, 0)),
        Deed::Update(0, (20, 2)),
        Deed::Settle(0, false),
        Deed::Update(0, (20, 2)),
        Deed::Settle(0, true),
        Deed::Rehost(0, 1),
        Deed::Rehost(1, 2),
        Deed::Return(0, Of(1, 0)),
        Deed::Return(0, Garbage),
        Deed::Return(0, Of(0, 1)),
        Deed::Return(0, Of(0, 0)),
        Deed::Move(1, 1),
        Deed::Wait(200),
        Deed::Update(1, (1, 2)),
        Deed::Update(1, (1, 0)),
        Deed::Confirm(1, Of(1, 0)),
        Deed::Bury(1),
        Deed::Return(1, Of(1, 0)),
    ];
    let told = block_on(live(&deeds));
    let letter = |tried: &Tried| match tried {
        Tried::Done => 'd',
        Tried::Refused => 'r',
        Tried::WrongCode => 'w',
    };
    let letters: String = told.iter().map(letter).collect();
    assert_eq!(letters, "ddwdwwdddwdddddrwwwdddrdddr");
}
