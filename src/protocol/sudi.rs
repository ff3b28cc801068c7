//! The secure unique device identifier: how a product names itself.

use super::fields::{Object, Read};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The seven identifiers of a product; any may be null.
// device-protocol.md 1.4 and 2.2: all seven members PROVEN by a wire log and XE-YANG `udi`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sudi {
    /// Free-form identifier of software.
    pub suvi: Option<String>,
    /// UUID, 8-4-4-4-12.
    pub uuid: Option<String>,
    /// Typically eight hexadecimal digits.
    pub host_identifier: Option<String>,
    /// The last resort.
    pub mac_address: Option<String>,
    /// Product identifier; always with a serial number.
    pub udi_pid: Option<String>,
    /// Serial number; always with a product identifier.
    pub udi_serial_number: Option<String>,
    /// Version identifier.
    pub udi_vid: Option<String>,
}

impl Sudi {
    /// A hardware-like identity: product identifier and serial number.
    pub fn hardware(pid: &str, serial_number: &str) -> Self {
        Self {
            udi_pid: Some(pid.to_owned()),
            udi_serial_number: Some(serial_number.to_owned()),
            ..Self::default()
        }
    }

    /// One text by which a product is found again; equal for equal identities.
    ///
    /// Parts in fixed order with blanks trimmed, such as `PID:SIM,SN:SIM000001`. `udi_vid` is
    /// not part of it: the version of a product changes, the product stays. Separators inside a
    /// value are escaped, so that different identities never give the same text.
    pub fn key(&self) -> String {
        let parts = [
            ("PID", &self.udi_pid),
            ("SN", &self.udi_serial_number),
            ("UUID", &self.uuid),
            ("SUVI", &self.suvi),
            ("HOST", &self.host_identifier),
            ("MAC", &self.mac_address),
        ];
        let named = parts.iter().filter_map(|(name, value)| {
            let value = value.as_deref()?.replace('\\', "\\\\").replace(',', "\\,");
            Some(format!("{name}:{value}"))
        });
        named.collect::<Vec<_>>().join(",")
    }

    /// Reads the object and checks its rules.
    pub(super) fn read(object: &Object<'_>) -> Read<Self> {
        let sudi = Self::read_any(object)?;
        match (&sudi.udi_pid, &sudi.udi_serial_number) {
            (Some(_), None) => Err(object.complain("udi_serial_number", "must come with udi_pid")),
            (None, Some(_)) => Err(object.complain("udi_pid", "must come with udi_serial_number")),
            _ if sudi.key().is_empty() => Err(object.complain(
                "udi_pid",
                "the product must name itself: udi_pid with udi_serial_number, uuid, suvi, \
                 host_identifier or mac_address",
            )),
            _ => Ok(sudi),
        }
    }

    /// Reads the object as it stands in an answer, where everything may be null.
    pub(super) fn read_any(object: &Object<'_>) -> Read<Self> {
        let part = |name: &str| -> Read<Option<String>> {
            let text = object.optional_text(name)?;
            if text.as_ref().is_some_and(|text| text.chars().count() > 255) {
                return Err(object.complain(name, "must have at most 255 characters"));
            }
            Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
        };
        Ok(Self {
            suvi: part("suvi")?,
            uuid: part("uuid")?,
            host_identifier: part("host_identifier")?,
            mac_address: part("mac_address")?,
            udi_pid: part("udi_pid")?,
            udi_serial_number: part("udi_serial_number")?,
            udi_vid: part("udi_vid")?,
        })
    }
}

impl fmt::Display for Sudi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}
