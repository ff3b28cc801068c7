//! A device without a network: what it shows on paper, computed from the codes it is given; and the
//! simulated product itself.

use super::app::TestApp;
use syncom::crypto::keys::KeyKind;
use syncom::device::machine::{Ask, Event};
use syncom::device::{Device, DeviceError};
use syncom::protocol::codes::{self, AuthorizationCode, Kind, request};
use syncom::protocol::sudi::Sudi;

/// The product of `src/device/profiles/sim.yaml`.
pub const SOFTWARE: &str = "regid.2026-01.com.syncom.SIM,1.0_5d8f2c64-1f0e-4b6a-9c39-7d1f0c2b6a01";

/// `dev-10` and others of the scenarios.
pub struct Paper {
    /// The device.
    pub sudi: Sudi,
}

impl Paper {
    /// `dev-<number>`.
    pub fn new(number: u32) -> Self {
        let sudi = Sudi {
            udi_pid: Some("SIM".into()),
            udi_serial_number: Some(format!("{number:06}")),
            ..Sudi::default()
        };
        Self { sudi }
    }

    /// Its serial number.
    pub fn serial(&self) -> &str {
        self.sudi.udi_serial_number.as_deref().unwrap()
    }

    /// The request code for specific licenses.
    pub fn request(&self) -> String {
        request::write(&self.sudi, SOFTWARE, Kind::Specific, false)
    }

    /// The request code for everything.
    pub fn universal_request(&self) -> String {
        request::write(&self.sudi, SOFTWARE, Kind::Universal, false)
    }

    /// The code that it was given, read; it must be for this device.
    pub fn read(&self, code: &str) -> AuthorizationCode {
        let read = AuthorizationCode::read(code, &self.sudi);
        read.unwrap_or_else(|bad| panic!("{bad}: {code}"))
    }

    /// What it shows when the code is installed.
    pub fn confirmation(&self, code: &str) -> String {
        codes::confirmation(&self.read(code).secret(), &self.sudi)
    }

    /// What it shows when the code is given back.
    pub fn return_code(&self, code: &str) -> String {
        codes::return_code(&self.read(code).secret(), &self.sudi)
    }

    /// A return code that is well made, of a secret that nobody has given out.
    pub fn forged_return(&self) -> String {
        codes::return_code(b"a secret of its own", &self.sudi)
    }
}

/// The simulated product in reservation mode, with its request out.
pub struct Offline<'a> {
    app: &'a TestApp,
    /// The product.
    pub device: Device,
}

impl<'a> Offline<'a> {
    /// `dev-<number>`, which trusts the CA of the lab.
    pub fn new(app: &'a TestApp, number: u32) -> Self {
        let mut device = Device::simulated(&format!("{number:06}"), KeyKind::P256).unwrap();
        device.settings_mut().ca_pem = Some(std::fs::read_to_string(&app.running.ca).unwrap());
        let mut offline = Self { app, device };
        offline.ask(Ask::Enable).unwrap();
        offline.ask(Ask::Request(Kind::Specific)).unwrap();
        offline
    }

    /// Asks the product for something.
    pub fn ask(&mut self, ask: Ask) -> Result<(), DeviceError> {
        Ok(self.device.step(Event::Reserve(ask), self.app.now()).map(drop)?)
    }

    /// Installs a code; answers the confirmation code that the product shows.
    pub fn install(&mut self, code: &str) -> String {
        self.ask(Ask::Install(code.to_owned())).unwrap();
        self.device.state().reservation.last_confirmation.clone().unwrap()
    }

    /// The return code that the product has shown last.
    pub fn returned(&self) -> String {
        self.device.state().reservation.last_return.clone().unwrap()
    }
}
