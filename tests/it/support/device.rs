//! A simulated product at the test's own clock.

use syncom::clock::Clock;
use syncom::crypto::keys::KeyKind;
use syncom::device::client::Client;
use syncom::device::machine::{AuthorizationState, Event, ExportCommand, RegistrationState};
use syncom::device::state::State;
use syncom::device::{Device, DeviceError};
use syncom::domain::Timestamp;

/// The tags of the fixture's licenses.
pub mod tags {
    /// UCM Enhanced Plus.
    pub const ENHANCED_PLUS: &str =
        "regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0002";
    /// CUWL, the highest tier of the same family.
    pub const CUWL: &str = "regid.2026-01.com.syncom.CUWL,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0001";
    /// Meetings Host.
    pub const MEETINGS_HOST: &str =
        "regid.2026-01.com.syncom.MEETINGS_HOST,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0003";
    /// The router license under export control.
    pub const RESTRICTED: &str =
        "regid.2019-03.com.cisco.DNA_HSEC,1.0_509c41ab-05a8-431f-95fe-ec28086e8844";
    /// C9300 DNA Essentials.
    pub const ESSENTIALS: &str =
        "regid.2026-01.com.syncom.C9300_DNA_ESSENTIALS,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0005";
}

/// `dev-1` to `dev-60` of the scenarios.
pub struct TestDevice {
    /// The product.
    pub device: Device,
    client: Client,
    clock: Clock,
}

impl TestDevice {
    /// A product fresh from the factory that will talk to this server.
    pub fn new(url: &str, number: u32, clock: &Clock) -> Self {
        let mut device = Device::simulated(&format!("{number:06}"), KeyKind::P256).unwrap();
        device.product_mut().hostname = Some(format!("dev-{number}"));
        Self { device, client: Client::new(url, None, None).unwrap(), clock: clock.clone() }
    }

    /// Talks to another address from now on: its server was started again.
    pub fn move_to(&mut self, url: &str) {
        self.client = Client::new(url, None, None).unwrap();
    }

    /// Registers with a token.
    pub async fn register(&mut self, token: &str) -> Result<(), DeviceError> {
        self.device.register(&self.client, token, false, self.clock.now()).await
    }

    /// Registers with a token while its clock says so.
    pub async fn register_at(&mut self, token: &str, now: Timestamp) -> Result<(), DeviceError> {
        self.device.register(&self.client, token, false, now).await
    }

    /// Reports several licenses in use.
    pub async fn consume_all(&mut self, counts: &[(&str, u64)]) -> Result<(), DeviceError> {
        let counts: Vec<_> = counts.iter().map(|(tag, n)| ((*tag).to_owned(), *n)).collect();
        self.device.use_licenses(&self.client, &counts, self.clock.now()).await
    }

    /// Registers with a token, over whatever registration there is.
    pub async fn overwrite(&mut self, token: &str) -> Result<(), DeviceError> {
        self.device.register(&self.client, token, true, self.clock.now()).await
    }

    /// Reports this many licenses of a tag in use.
    pub async fn consume(&mut self, tag: &str, count: u64) -> Result<(), DeviceError> {
        let counts = [(tag.to_owned(), count)];
        self.device.use_licenses(&self.client, &counts, self.clock.now()).await
    }

    /// Renews its authorization.
    pub async fn renew_authorization(&mut self) -> Result<(), DeviceError> {
        self.device.renew_authorization(&self.client, self.clock.now()).await
    }

    /// Renews its identity certificate.
    pub async fn renew_identity(&mut self) -> Result<(), DeviceError> {
        self.device.renew_identity(&self.client, self.clock.now()).await
    }

    /// Requests, returns or cancels an export authorization key.
    pub async fn export(&mut self, command: ExportCommand) -> Result<(), DeviceError> {
        self.device.handle(&self.client, Event::Export(command), self.clock.now()).await
    }

    /// Does what is due by itself.
    pub async fn run_due(&mut self) -> Result<(), DeviceError> {
        self.device.run_due(&self.client, self.clock.now()).await
    }

    /// Gives its registration back.
    pub async fn deregister(&mut self) -> Result<(), DeviceError> {
        self.device.deregister(&self.client, self.clock.now()).await
    }

    /// What it keeps.
    pub fn state(&self) -> &State {
        self.device.state()
    }

    /// How its registration stands.
    pub fn registration(&self) -> RegistrationState {
        self.state().registration_state()
    }

    /// How its authorization stands.
    pub fn authorization(&self) -> AuthorizationState {
        self.state().authorization_state(self.clock.now())
    }
}
