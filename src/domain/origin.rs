//! Where license lines come from: orders and conversions, each with columns of its own.

use super::error::{Error, Result};
use super::id::LineId;

/// How a line came into the account; each way has its own columns (A-LIC-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Bought.
    #[default]
    Order,
    /// Classic licenses of a device, migrated.
    DeviceMigration,
    /// Converted by the device itself.
    DlcDeviceMigration,
    /// A product authorization key, converted.
    PakMigration,
}

impl Source {
    /// All ways.
    pub const ALL: [Self; 4] =
        [Self::Order, Self::DeviceMigration, Self::DlcDeviceMigration, Self::PakMigration];

    /// The stored code, also in the fixture and in `/_syncom/orders`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::DeviceMigration => "device_migration",
            Self::DlcDeviceMigration => "dlc",
            Self::PakMigration => "pak",
        }
    }

    /// The words on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Order => "Order",
            Self::DeviceMigration => "Device Migration",
            Self::DlcDeviceMigration => "DLC Device Migration",
            Self::PakMigration => "PAK Migration",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// Where a line came from, with the columns of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Which way.
    pub source: Source,
    /// Order number.
    pub order_number: Option<String>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Subscription identifier.
    pub subscription_id: Option<String>,
    /// Product authorization key.
    pub pak: Option<String>,
    /// Serial number of the migrated device.
    pub product_serial: Option<String>,
    /// Product family, or license family for DLC.
    pub family: Option<String>,
    /// Words about the migrated device.
    pub device_details: Option<String>,
    /// On a satellite: the line of CSSM that it is a part of.
    pub upstream: Option<LineId>,
}

/// The longest text of a column (ours).
const LONGEST: usize = 200;

impl Origin {
    /// Fails when a column is longer than 200 characters or holds control characters.
    pub fn check(&self) -> Result<()> {
        let columns = [
            ("order_number", &self.order_number),
            ("sku", &self.sku),
            ("subscription_id", &self.subscription_id),
            ("pak", &self.pak),
            ("product_serial", &self.product_serial),
            ("product_family", &self.family),
            ("device_details", &self.device_details),
        ];
        for (field, text) in columns {
            let text = text.as_deref().unwrap_or_default();
            if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
                let rule = format!("at most {LONGEST} printable characters are the rule");
                return Err(Error::invalid(field, rule));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-LIC-06: a column that is too long or no text is named.
    #[test]
    fn columns_are_short_texts() {
        let with = |sku: &str| Origin { sku: Some(sku.to_owned()), ..Origin::default() };
        assert_eq!(with(&"S".repeat(LONGEST)).check(), Ok(()));
        for bad in ["a\0", "a\nb", &"S".repeat(LONGEST + 1)] {
            let refused = with(bad).check().unwrap_err();
            assert!(refused.to_string().contains("sku"), "{refused}");
        }
    }
}
