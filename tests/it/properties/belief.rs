//! What a product believes of itself, against what the server knows of it.

use super::dump::read;
use super::steps::block_on;
use crate::scenarios::{V1, token};
use crate::support::app::{TestApp, instant};
use crate::support::databases::{Database, Ground as _};
use crate::support::device::tags;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;
use syncom::crypto::keys::KeyKind;
use syncom::db;
use syncom::device::Device;
use syncom::device::client::Client;
use syncom::device::machine::{AuthorizationState, Event, RegistrationState};
use syncom::domain::Timestamp;
use syncom::domain::id::InstanceId;

/// A renewal interval of 30 days, and a day for retries and for clocks that are off.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// Something that happens to a product or to its server.
#[derive(Clone, Debug)]
enum Deed {
    Wait(i64),
    Use(u64),
    Register(bool),
    RenewIdentity,
    Deregister,
    /// A person removes the product on the server.
    Remove,
    /// The way to the server is cut, or mended.
    Link(bool),
    /// The product's clock is so many hours off.
    Skew(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (1i64..24 * 45).prop_map(Deed::Wait),
        4 => (0u64..30).prop_map(Deed::Use),
        3 => any::<bool>().prop_map(Deed::Register),
        1 => Just(Deed::RenewIdentity),
        1 => Just(Deed::Deregister),
        2 => Just(Deed::Remove),
        1 => any::<bool>().prop_map(Deed::Link),
        1 => prop::sample::select(vec![0i64, 2, -2]).prop_map(Deed::Skew),
    ]
}

/// A product, its server, and since when the one could know of the other.
struct Stage {
    app: TestApp,
    device: Device,
    there: Client,
    nowhere: Client,
    token: String,
    linked: bool,
    /// Since when the server does not know the product and could have said so.
    removed_since: Option<Timestamp>,
    /// How often the product was told.
    told: u32,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::start(Database::sqlite(), |_| {}).await;
        let token =
            token(&app.rest_as("ulf").await, "Tokyo", json!({"expiresAfterDays":365})).await;
        let mut device = Device::simulated("000001", KeyKind::P256).unwrap();
        device.timers_mut().set("authorization_retry_longest", "5d").unwrap();
        device.timers_mut().set("identity_retry_longest", "5d").unwrap();
        let there = Client::new(&app.url(), None, None).unwrap();
        // Nobody listens where a listener has just gone.
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nowhere = Client::new(&format!("http://{gone}"), None, None).unwrap();
        let linked = true;
        Self { app, device, there, nowhere, token, linked, removed_since: None, told: 0 }
    }

    /// The product's own time.
    fn now(&self) -> Timestamp {
        let offset = self.device.state().settings.clock_offset_ms;
        self.app.now() + TimeDelta::milliseconds(offset)
    }

    async fn handle(&mut self, event: Event) {
        let now = self.now();
        let client = if self.linked { &self.there } else { &self.nowhere };
        // Refused or lost: what counts is what it believes afterwards.
        drop(self.device.handle(client, event, now).await);
    }

    async fn act(&mut self, deed: &Deed) {
        match deed {
            Deed::Wait(hours) => return self.wait(self.app.now() + TimeDelta::hours(*hours)).await,
            Deed::Use(count) => {
                let counts = vec![(tags::ENHANCED_PLUS.to_owned(), *count)];
                self.handle(Event::Use(counts)).await;
            }
            Deed::Register(force) => {
                let event = Event::Register { token: self.token.clone(), force: *force };
                self.handle(event).await;
            }
            Deed::RenewIdentity => self.handle(Event::RenewIdentity).await,
            Deed::Deregister => self.handle(Event::Deregister).await,
            Deed::Remove => self.remove().await,
            Deed::Link(linked) => self.linked = *linked,
            Deed::Skew(hours) => {
                self.device.settings_mut().clock_offset_ms = hours * 3_600_000;
                self.handle(Event::ClockSet).await;
            }
        }
        self.check().await;
    }

    /// Lets time pass; the product does what is due on its way.
    async fn wait(&mut self, end: Timestamp) {
        loop {
            let now = self.now();
            let client = if self.linked { &self.there } else { &self.nowhere };
            drop(self.device.run_due(client, now).await);
            self.check().await;
            if self.app.now() >= end {
                return;
            }
            let offset = self.app.now() - self.now();
            let due = self.device.state().next_due().map(|due| due + offset);
            let next = due.filter(|due| *due > self.app.now()).unwrap_or(end).min(end);
            self.app.running.clock.set(next);
            self.app.engine().tick().await.unwrap();
        }
    }

    async fn remove(&self) {
        let body = json!({"productInstacesRemoveRequests":[{"sudi":{"udiPid":"SIM",
            "udiSerialNumber":"000001"}}]});
        let rest = self.app.rest_as("ulf").await;
        let path = format!("{V1}/virtual-accounts/Tokyo/devices/remove");
        assert!(rest.post(&path, &body).await.status < 500);
    }

    async fn check(&mut self) {
        let identity = self.device.state().registration.identity.as_ref();
        let known = match identity.map(|identity| InstanceId(identity.product_instance_identifier))
        {
            Some(id) => read(&self.app, move |conn| db::instances::find(conn, id)).await.is_some(),
            None => true,
        };
        if known || !self.linked {
            self.removed_since = None;
            return;
        }
        let now = self.app.now();
        let since = *self.removed_since.get_or_insert(now);
        match self.device.state().authorization_state(self.now()) {
            AuthorizationState::Authorized => {
                assert!(now - since <= LONGEST, "authorized at {now}, removed since {since}");
            }
            AuthorizationState::NotAuthorized => self.told += 1,
            _ => {}
        }
    }
}

async fn play(deeds: &[Deed]) {
    let mut stage = Stage::set().await;
    for deed in deeds {
        stage.act(deed).await;
    }
    stage.app.leave().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// device-protocol.md 3.3: whatever happens, no product believes for longer than its renewal
    /// interval that it is authorized while the server, within reach, does not know it.
    #[test]
    fn no_product_believes_for_long_what_the_server_denies(
        deeds in prop::collection::vec(deed(), 5..25)
    ) {
        block_on(play(&deeds));
    }
}

/// The sequence that the property is about, so that it is played at least once.
#[test]
fn a_removed_product_learns_it_at_its_renewal() {
    block_on(async {
        let mut stage = Stage::set().await;
        for deed in [Deed::Register(false), Deed::Use(3), Deed::Remove] {
            stage.act(&deed).await;
        }
        let authorized = stage.device.state().authorization_state(stage.now());
        assert_eq!(authorized, AuthorizationState::Authorized);
        stage.wait(instant("2026-02-04T08:59:00Z")).await;
        assert_eq!(stage.told, 0);
        stage.wait(instant("2026-02-04T09:01:00Z")).await;
        assert!(stage.told > 0);
        assert_eq!(stage.device.state().registration_state(), RegistrationState::Complete);
        stage.app.leave().await;
    });
}
