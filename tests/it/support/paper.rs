//! A device without a network: what it shows on paper, computed from the codes it is given.

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
