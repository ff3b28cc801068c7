//! Editions: which of the two services a site emulates.

/// Which service a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Cisco Smart Software Manager, the cloud service.
    Cssm,
    /// Its on-premises satellite, SSM On-Prem.
    Satellite,
}

impl Edition {
    /// The code in `--json` and in configuration.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cssm => "cssm",
            Self::Satellite => "satellite",
        }
    }
}
