//! A world in which a history happens, and what must hold after each step.

use super::deeds::{Changed, Deed, Which};
use super::plant::{GOODS, Made, Plant, named, pick, refused_at_most};
use crate::support::link::{Fault, change};
use crate::support::satellite::login;
use crate::support::sites::Sites;
use crate::support::views::{self, Lines, View};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use syncom::domain::license::LicenseType;
use syncom::domain::line::Origin;
use syncom::domain::local_account::LocalState;
use syncom::domain::standing::SyncKind;
use syncom::engine::{Order, RequestBy, VaRef};

const DOMAIN: &str = "lab.example";
const PLACES: [&str; 4] = ["Tokyo", "Vault", "Sat-A-VA", "Sat-B-VA"];
/// The place of CSSM among the sites that are kept and restored.
const CSSM: usize = 2;

/// All sites, and what the test knows about them.
pub struct World {
    pub sites: Sites,
    plants: Vec<Plant>,
    /// What was bought, by kind.
    goods: BTreeMap<String, i64>,
    kept_goods: BTreeMap<String, i64>,
    kept_lines: Vec<Lines>,
    /// How often what has happened.
    pub seen: Seen,
}

/// How often something has happened, in words.
pub type Seen = BTreeMap<String, usize>;

fn kind(full: bool) -> SyncKind {
    if full { SyncKind::Full } else { SyncKind::Standard }
}

impl World {
    /// Registers a local account of each satellite.
    pub async fn begin(sites: Sites) -> Self {
        let mut plants = Vec::new();
        for (site, (name, va)) in
            sites.satellites.iter().zip([("Plant A", "Sat-A-VA"), ("Plant B", "Sat-B-VA")])
        {
            plants.push(Plant::registered(site, name, va).await);
        }
        let goods = sites.cssm.look(views::goods).await;
        let (kept_goods, kept_lines) = (goods.clone(), vec![Lines::new(); 2]);
        let seen = Seen::new();
        let mut world = Self { sites, plants, goods, kept_goods, kept_lines, seen };
        for at in 0..=CSSM {
            world.keep(at).await;
        }
        world
    }

    fn saw(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    /// What CSSM says about the local account of a satellite; nothing when it does not know it.
    async fn cssm(&self, at: usize) -> Option<View> {
        let uid = self.plants[at].uid;
        self.sites.cssm.look(move |conn| views::of_cssm(conn, uid)).await
    }

    async fn both(&self) -> [Option<View>; 2] {
        [self.cssm(0).await, self.cssm(1).await]
    }

    async fn satellite(&self, at: usize) -> View {
        self.plants[at].view(&self.sites.satellites[at]).await
    }

    /// Something happens.
    pub async fn step(&mut self, deed: &Deed) {
        match deed {
            Deed::Local(at, deed) => self.plants[*at].work(&self.sites.satellites[*at], deed).await,
            Deed::Transfer { from, to, what, quantity } => {
                let (cssm, from) = (&self.sites.cssm, VaRef::Name(PLACES[*from].to_owned()));
                let wanted = named(*what, LicenseType::Perpetual, *quantity, PLACES[*to]);
                let moved = cssm.engine.transfer_named(&cssm.who, DOMAIN, from, vec![wanted]);
                refused_at_most(moved.await);
            }
            Deed::Buy { to, what, quantity, days } => {
                self.buy((*to, *what), *quantity, *days).await;
            }
            Deed::Download { at, full } => drop(self.download(*at, *full).await),
            Deed::Upload { at, file, changed } => {
                self.upload(*at, file, *changed).await;
            }
            Deed::Again { at } => self.again(*at).await,
            Deed::Take { at, file, changed } => self.take(*at, file, *changed).await,
            Deed::ByFile { at, full } => self.by_file(*at, *full).await,
            Deed::Network { at, full, fault } => self.network(*at, *full, *fault).await,
            Deed::Keep(at) => self.keep(*at).await,
            Deed::Restore(at) => self.restore(*at).await,
            Deed::Wait(minutes) => self.sites.advance(TimeDelta::minutes(*minutes)).await,
        }
    }

    /// What must hold after each step.
    pub async fn check(&self, deed: &Deed) {
        let goods = self.sites.cssm.look(views::goods).await;
        assert_eq!(goods, self.goods, "licenses were made or lost by {deed:?}");
        for (at, plant) in self.plants.iter().enumerate() {
            let lines = self.satellite(at).await.lines;
            assert_eq!(lines, plant.lines, "{}: parts are not the whole: {deed:?}", plant.name);
        }
        let satellites = self.sites.satellites.iter();
        for site in satellites.chain([&self.sites.cssm]) {
            let drifted = site.engine.drifted_pools().await.unwrap();
            assert_eq!(drifted, [], "{}: {deed:?}", site.engine.name());
        }
    }

    async fn buy(&mut self, (to, what): (usize, usize), quantity: i64, days: Option<i64>) {
        let today = self.sites.clock.now().date();
        let license_type = match days {
            Some(_) => LicenseType::Term,
            None => LicenseType::Perpetual,
        };
        let order = Order {
            smart_account: DOMAIN.to_owned(),
            virtual_account: Some(PLACES[to].to_owned()),
            license: GOODS[what].to_owned(),
            license_type,
            quantity,
            starts: None,
            ends: days.map(|days| today + TimeDelta::days(days)),
            pending: false,
            enterprise_agreement: false,
            portable: true,
            origin: Origin::default(),
            factory: None,
        };
        let before = self.goods.values().sum::<i64>();
        self.sites.cssm.engine.place_order(order).await.unwrap();
        self.goods = self.sites.cssm.look(views::goods).await;
        assert_eq!(self.goods.values().sum::<i64>(), before + quantity);
    }

    async fn download(&mut self, at: usize, full: bool) -> bool {
        let (site, plant) = (&self.sites.satellites[at], &self.plants[at]);
        let then = self.satellite(at).await.told;
        let asked = site.engine.download_request(&site.who, plant.number, kind(full)).await;
        let made = refused_at_most(asked).map(|made| Made { file: made.file, then });
        let done = made.is_some();
        self.plants[at].up.extend(made);
        done
    }

    /// Uploads a request at the entry of an On-Prem; answers whether it was taken.
    async fn upload(&mut self, at: usize, which: &Which, changed: Changed) -> bool {
        let Some(Made { mut file, then }) = pick(&self.plants[which.of].up, which).cloned() else {
            return false;
        };
        if let Some((part, bit)) = changed {
            change(&mut file, usize::from(part), bit);
        }
        let before = self.both().await;
        let Some(on_prem) = self.number(at).await else { return false };
        let cssm = &self.sites.cssm;
        let (who, domain) = (cssm.who.clone(), DOMAIN.to_owned());
        let by = RequestBy::Person { who, domain, on_prem };
        let Some(file) = refused_at_most(cssm.engine.take_request(by, file).await) else {
            assert_eq!(self.both().await, before, "what was refused has changed something");
            self.saw(refused(at, which, changed));
            return false;
        };
        self.saw("a request file was taken");
        assert!(at == which.of && changed.is_none(), "a file that is none of its own was taken");
        let after = self.both().await;
        assert_eq!(after[1 - at], before[1 - at], "the other On-Prem has changed");
        let after = after[at].clone().unwrap();
        assert_eq!(after.told, then, "what was taken is not what the satellite had");
        self.plants[at].down.push(Made { file, then: after.lines });
        true
    }

    /// The number of the On-Prem of a satellite.
    async fn number(&self, at: usize) -> Option<i64> {
        let (cssm, uid) = (&self.sites.cssm, self.plants[at].uid);
        let list = cssm.engine.on_prems(&cssm.who, DOMAIN).await.unwrap();
        list.rows.iter().map(|row| &row.on_prem).find(|one| one.uid == uid).map(|one| one.number)
    }

    async fn again(&mut self, at: usize) {
        let Some(on_prem) = self.number(at).await else { return };
        let cssm = &self.sites.cssm;
        let made = cssm.engine.response_file(&cssm.who, DOMAIN, on_prem).await;
        if let Some(made) = refused_at_most(made) {
            let then = self.cssm(at).await.unwrap().lines;
            self.plants[at].down.push(Made { file: made.file, then });
        }
    }

    async fn take(&mut self, at: usize, which: &Which, changed: Changed) {
        let Some(Made { mut file, then }) = pick(&self.plants[which.of].down, which).cloned()
        else {
            return;
        };
        if let Some((part, bit)) = changed {
            change(&mut file, usize::from(part), bit);
        }
        let before = self.satellite(at).await;
        let (site, number) = (&self.sites.satellites[at], self.plants[at].number);
        let taken = site.engine.upload_response(&site.who, number, file).await;
        if refused_at_most(taken).is_none() {
            assert_eq!(self.satellite(at).await, before, "what was refused has changed something");
            self.saw(refused(at, which, changed));
            return;
        }
        self.saw("a response file was taken");
        assert!(at == which.of && changed.is_none(), "a file that is none of its own was taken");
        self.plants[at].lines = then;
    }

    /// By file, and nothing else (B-SYN-15).
    async fn by_file(&mut self, at: usize, full: bool) {
        let used = self.sites.link.used();
        let newest = Which { of: at, older: None };
        if self.download(at, full).await && self.upload(at, &newest, None).await {
            self.take(at, &newest, None).await;
        }
        assert_eq!(self.sites.link.used(), used, "the network was used");
    }

    async fn network(&mut self, at: usize, full: bool, fault: Fault) {
        let (then, before) = (self.satellite(at).await.told, self.both().await);
        self.sites.link.fail_next(fault);
        let (site, number) = (&self.sites.satellites[at], self.plants[at].number);
        let done = site.engine.synchronize_now(&site.who, number, kind(full), None).await;
        self.sites.link.fail_next(Fault::None);
        let done = refused_at_most(done).is_some();
        let after = self.both().await;
        assert_eq!(after[1 - at], before[1 - at], "the other On-Prem has changed");
        let taken = after[at] != before[at];
        if taken {
            assert_ne!(fault, Fault::RequestChanged);
            assert_eq!(after[at].as_ref().unwrap().told, then, "not what the satellite had");
        }
        self.saw(&format!("{fault:?} {}", if taken { "taken" } else { "not taken" }));
        if done {
            assert!(taken && matches!(fault, Fault::None | Fault::Twice), "{fault:?}");
            self.plants[at].lines = after[at].clone().unwrap().lines;
        }
    }

    async fn keep(&mut self, at: usize) {
        if at == CSSM {
            self.sites.cssm.keep().await;
            self.kept_goods = self.goods.clone();
        } else {
            self.sites.satellites[at].keep().await;
            self.kept_lines[at] = self.plants[at].lines.clone();
        }
    }

    async fn restore(&mut self, at: usize) {
        if at == CSSM {
            self.sites.cssm.restore().await;
            self.goods = self.kept_goods.clone();
            self.saw("CSSM was restored");
        } else {
            self.sites.satellites[at].restore().await;
            self.plants[at].lines = self.kept_lines[at].clone();
            self.saw("a satellite was restored");
        }
    }

    /// One full synchronization, or one more registration where the On-Prem is gone: both sides
    /// say the same, and a second one changes nothing.
    pub async fn heal(&mut self, by_file: bool) {
        self.sites.advance(TimeDelta::minutes(1)).await;
        for at in 0..self.plants.len() {
            self.heal_one(at, by_file).await;
            self.check(&Deed::Network { at, full: true, fault: Fault::None }).await;
        }
        let healed = self.agreed().await;
        self.sites.advance(TimeDelta::minutes(1)).await;
        for at in 0..self.plants.len() {
            self.heal_one(at, !by_file).await;
        }
        let again = self.agreed().await;
        for (one, other) in healed.iter().zip(&again) {
            assert_eq!((&one.told, &one.lines), (&other.told, &other.lines));
        }
    }

    async fn heal_one(&mut self, at: usize, by_file: bool) {
        let known = self.cssm(at).await.is_some();
        let site = &self.sites.satellites[at];
        let number = self.plants[at].number;
        let state = site.engine.local_account(&site.who, number).await.unwrap().account.state;
        if !known || state != LocalState::Active {
            self.register_again(at, state).await;
        } else if by_file {
            self.by_file(at, true).await;
        } else {
            let with = Some(login("ann"));
            let done = site.engine.synchronize_now(&site.who, number, SyncKind::Full, with).await;
            done.unwrap();
            self.plants[at].lines = self.cssm(at).await.unwrap().lines;
        }
    }

    /// The On-Prem was removed, or the satellite believes that it was (AS-37).
    async fn register_again(&mut self, at: usize, state: LocalState) {
        self.saw("registered again");
        if let Some(number) = self.number(at).await {
            let cssm = &self.sites.cssm;
            refused_at_most(cssm.engine.remove_on_prem(&cssm.who, DOMAIN, number).await);
        }
        let (site, number) = (&self.sites.satellites[at], self.plants[at].number);
        if state == LocalState::Active {
            let told = site.engine.synchronize_now(&site.who, number, SyncKind::Full, None).await;
            assert!(told.is_err(), "CSSM does not know it any more");
        }
        site.engine.approve_local_account(&site.who, number, login("ann")).await.unwrap();
        self.plants[at].uid =
            site.engine.local_account(&site.who, number).await.unwrap().account.uid;
        self.plants[at].lines = self.cssm(at).await.unwrap().lines;
    }

    async fn agreed(&self) -> Vec<View> {
        let mut views = Vec::new();
        for at in 0..self.plants.len() {
            let (here, there) = (self.satellite(at).await, self.cssm(at).await.unwrap());
            assert_eq!(here, there, "{}: satellite and CSSM do not agree", self.plants[at].name);
            views.push(here);
        }
        views
    }
}

/// Why a file was refused, as far as the test knows.
fn refused(at: usize, which: &Which, changed: Changed) -> &'static str {
    match (at == which.of, changed) {
        (false, _) => "a foreign file was refused",
        (true, Some(_)) => "a changed file was refused",
        (true, None) => "a file that is old or comes again was refused",
    }
}
