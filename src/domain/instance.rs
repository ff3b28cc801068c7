//! Product instances: registered products, known by their device identifier.

use super::error::{Error, Result};
use super::id::{InstanceId, SmartAccountId, TokenId, VirtualAccountId};
use super::reservation::Product;
use super::time::Timestamp;

/// The longest value of one identifier field, in characters (ours).
pub const FIELD_LIMIT: usize = 256;

/// The unique device identifier: any of seven fields (proven; device-protocol 2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Udi {
    /// Product identifier; always together with the serial number.
    pub pid: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Version identifier.
    pub vid: Option<String>,
    /// Software identifier, for software without hardware.
    pub uuid: Option<String>,
    /// Free-form software identifier.
    pub suvi: Option<String>,
    /// Host identifier, typically eight hexadecimal digits.
    pub host_identifier: Option<String>,
    /// MAC address, the last resort.
    pub mac_address: Option<String>,
}

impl Udi {
    fn fields(&self) -> [(&'static str, &Option<String>); 7] {
        [
            ("UDI_PID", &self.pid),
            ("UDI_SN", &self.serial),
            ("UDI_VID", &self.vid),
            ("UUID", &self.uuid),
            ("SUVI", &self.suvi),
            ("HOSTID", &self.host_identifier),
            ("MAC", &self.mac_address),
        ]
    }

    /// Fails when the identifier names nothing, or half a hardware identity.
    pub fn check(&self) -> Result<()> {
        if self.pid.is_some() != self.serial.is_some() {
            return Err(Error::invalid(
                "sudi",
                "udi_pid and udi_serial_number come together or not at all",
            ));
        }
        if self.fields().iter().all(|(_, v)| v.as_deref().is_none_or(str::is_empty)) {
            return Err(Error::invalid("sudi", "at least one identifier is needed"));
        }
        for (name, value) in self.fields() {
            let text = value.as_deref().unwrap_or_default();
            if text.chars().count() > FIELD_LIMIT || text.chars().any(char::is_control) {
                return Err(Error::invalid(
                    "sudi",
                    format!("{name} is longer than {FIELD_LIMIT} characters or has control ones"),
                ));
            }
        }
        Ok(())
    }

    /// The text that tells devices apart. The version is left out: an upgraded
    /// card is the same device.
    pub fn key(&self) -> String {
        self.fields()
            .iter()
            .filter(|(name, _)| *name != "UDI_VID")
            .filter_map(|(name, value)| value.as_ref().map(|v| format!("{name}:{v};")))
            .collect()
    }

    /// The name shown for a device that hides its host name; the trailing
    /// blank is real (proven; rest-api D2).
    pub fn display(&self) -> String {
        self.fields()
            .iter()
            .filter_map(|(name, value)| value.as_ref().map(|v| format!("{name}:{v}; ")))
            .collect()
    }
}

/// A registered product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The `product_instance_identifier`.
    pub id: InstanceId,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// Its virtual account.
    pub virtual_account: VirtualAccountId,
    /// The device.
    pub udi: Udi,
    /// `regid.…,version_uuid` of the product.
    pub software_tag: String,
    /// The product's name.
    pub product_name: String,
    /// `None` when the device hides it (A-PIN-03).
    pub hostname: Option<String>,
    /// Copied from the token; frozen until it registers anew (A-EXP-02).
    pub export_allowed: bool,
    /// The token it registered with; `None` for factory reservations.
    pub token: Option<TokenId>,
    /// When it registered.
    pub registered_at: Timestamp,
    /// When it was last heard of.
    pub last_contact_at: Timestamp,
    /// The identity certificate that counts; messages under another are refused.
    pub identity: Identity,
    /// The 30/90-day authorization; `None` before the first one.
    pub authorization: Option<Authorized>,
    /// Whether it holds a reservation instead of talking to us.
    pub reserved: bool,
    /// Never later than the next instant at which time changes something about it.
    pub due_at: Option<Timestamp>,
    /// Whether it had an alert when it was last saved: an index for those who look for
    /// alerts. The alerts themselves are derived.
    pub alerting: bool,
    /// What its silence and its certificate have caused; it stays caused while the clock is behind.
    pub settled: Settled,
}

/// Until when time has had its effect on an instance; `None` where it had none (AS-49).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// That of the present authorization's age; ends with the next one.
    pub silence: Option<Timestamp>,
    /// That of the present certificate's age; ends with the next one.
    pub certificate: Option<Timestamp>,
}

/// The identity certificate of an instance and what replay protection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Serial number, a small decimal number on the wire (proven).
    pub serial: i64,
    /// Subject public key of the certificate, DER in base64.
    pub public_key: String,
    /// When the certificate was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Timestamp inside the last accepted message; the next must be later.
    pub last_message_at: Timestamp,
}

/// What the device was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorized {
    /// When.
    pub at: Timestamp,
    /// Without a new one by then, its licenses are released.
    pub expires_at: Timestamp,
    /// Whether all its tags were in compliance.
    pub in_compliance: bool,
}

impl Instance {
    /// A device that holds a reservation and never talks to us: no key fits, and no certificate
    /// counts.
    pub fn reserved(
        id: InstanceId,
        (account, virtual_account): (SmartAccountId, VirtualAccountId),
        udi: Udi,
        product: &Product,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account,
            virtual_account,
            udi,
            software_tag: product.software_tag.clone(),
            product_name: product.name.clone(),
            hostname: None,
            export_allowed: false,
            token: None,
            registered_at: now,
            last_contact_at: now,
            identity: Identity {
                serial: 0,
                public_key: String::new(),
                issued_at: now,
                expires_at: now,
                last_message_at: now,
            },
            authorization: None,
            reserved: true,
            due_at: None,
            alerting: false,
            settled: Settled::default(),
        }
    }

    /// Whether a satellite has told of it: then it is that one's, and no key is known here.
    pub fn is_mirrored(&self) -> bool {
        self.identity.public_key.is_empty() && !self.reserved
    }

    /// The name on pages: host name, else the UDI.
    pub fn name(&self) -> String {
        self.hostname.clone().unwrap_or_else(|| self.udi.display())
    }

    /// Is told anew what it may use: its silence is over.
    pub fn authorize(&mut self, told: Authorized) {
        self.authorization = Some(told);
        self.settled.silence = None;
    }

    /// Gets another identity certificate.
    pub fn identify(&mut self, identity: Identity) {
        self.identity = identity;
        self.settled.certificate = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn udi(pid: &str, serial: &str) -> Udi {
        Udi { pid: Some(pid.into()), serial: Some(serial.into()), ..Udi::default() }
    }

    /// A-PIN-03, rest-api D2: the trailing "; " is real.
    #[test]
    fn the_display_name_ends_as_the_real_one_does() {
        assert_eq!(udi("C8000V", "ABCD").display(), "UDI_PID:C8000V; UDI_SN:ABCD; ");
    }

    /// device-protocol 2.2: PID always with SN, and never nothing at all.
    #[test]
    fn half_an_identity_is_refused() {
        assert!(udi("SIM", "1").check().is_ok());
        assert!(Udi { pid: Some("SIM".into()), ..Udi::default() }.check().is_err());
        assert!(Udi::default().check().is_err());
    }

    /// A-SEM-12: a new version of a card is the same device.
    #[test]
    fn the_version_does_not_make_another_device() {
        let newer = Udi { vid: Some("V02".into()), ..udi("SIM", "1") };
        assert_eq!(newer.key(), udi("SIM", "1").key());
    }
}
