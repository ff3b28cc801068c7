//! What kind of product is simulated. A profile is a data file: identity, licenses, cadence and
//! the manner of its texts; those of the binary stand in `src/device/profiles`.

use super::DeviceError;
use super::timers::Timers;
use crate::domain::host;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The files that are built in.
const BUILT_IN: [&str; 8] = [
    include_str!("profiles/sim.yaml"),
    include_str!("profiles/ios-xe.yaml"),
    include_str!("profiles/asa.yaml"),
    include_str!("profiles/nx-os.yaml"),
    include_str!("profiles/ucm.yaml"),
    include_str!("profiles/webex.yaml"),
    include_str!("profiles/cwms.yaml"),
    include_str!("profiles/cwms2.yaml"),
];

/// A kind of product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Short name, as on the command line.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// The manner of its `show license` texts.
    pub style: Style,
    /// `CN` of the identity certificate.
    pub product_name: String,
    /// Software version.
    pub version: String,
    /// `regid.YYYY-MM.<domain>.<product>,<version>_<uuid>`.
    pub software_tag: String,
    /// Product identifier of the UDI.
    pub pid: String,
    /// Serial number, unless another is given.
    pub serial: String,
    /// Version identifier of the UDI.
    #[serde(default)]
    pub vid: Option<String>,
    /// Whether the UDI has a UUID too, as software without hardware has.
    #[serde(default)]
    pub with_uuid: bool,
    /// Host name, unless another is given.
    pub hostname: String,
    /// How it reaches the server, unless another way is given.
    #[serde(default)]
    pub transport: Transport,
    /// Timers that differ from the table.
    #[serde(default)]
    pub timers: Timers,
    /// Texts of its own.
    #[serde(default)]
    pub texts: Texts,
    /// How its host licenses work, if it is a meetings server with users.
    #[serde(default)]
    pub host_licenses: Option<host::Profile>,
    /// The licenses that such a product can use.
    #[serde(default)]
    pub licenses: Vec<Feature>,
}

/// What a kind of product says of itself where real products have free text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Behind `Smart Agent for Licensing:`.
    pub agent_version: String,
}

impl Default for Texts {
    fn default() -> Self {
        Self { agent_version: format!("{}_syncom", env!("CARGO_PKG_VERSION")) }
    }
}

/// A license that a product can use, with the names that it knows by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Short name, as in `syncom device use network-advantage=1`.
    pub name: String,
    /// The entitlement tag.
    pub tag: String,
    /// What the product calls it until the server has told its own name.
    pub title: String,
    /// A longer text.
    #[serde(default)]
    pub description: String,
}

/// Whose `show license` the texts follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Syncom's own plain words.
    #[default]
    Plain,
    /// IOS XE (classic Smart Licensing).
    IosXe,
    /// ASA.
    Asa,
    /// NX-OS.
    NxOs,
    /// Unified CM.
    Ucm,
    /// Webex Meetings Server.
    Webex,
}

/// The envelope in which messages travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Smart Transport: the JSON message as it is.
    #[default]
    Smart,
    /// Smart Call Home: the message inside an AML/SOAP document.
    CallHome,
}

impl Profile {
    /// The profiles of the binary.
    ///
    /// # Errors
    /// One of the files is wrong; a test keeps that from happening.
    pub fn built_in() -> Result<Vec<Self>, DeviceError> {
        BUILT_IN.iter().map(|text| Self::from_yaml(text, "built-in profile")).collect()
    }

    /// A built-in profile by name, or the one of a file.
    ///
    /// # Errors
    /// There is neither, or the file is no profile.
    pub fn find(name: &str) -> Result<Self, DeviceError> {
        let mut known = Self::built_in()?;
        if let Some(at) = known.iter().position(|profile| profile.name == name) {
            return Ok(known.swap_remove(at));
        }
        let path = Path::new(name);
        if !path.exists() {
            let names: Vec<_> = known.iter().map(|profile| profile.name.as_str()).collect();
            return Err(DeviceError::Usage(format!(
                "the profile '{name}' is not known: must be one of {}, or a file",
                names.join(", ")
            )));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| DeviceError::Usage(format!("profile {name}: {error}")))?;
        Self::from_yaml(&text, &format!("profile {name}"))
    }

    /// Reads a profile; `what` names it in errors.
    ///
    /// # Errors
    /// It is no YAML, lacks a member or has one that is not known.
    pub fn from_yaml(text: &str, what: &str) -> Result<Self, DeviceError> {
        serde_saphyr::from_str(text).map_err(|error| DeviceError::Usage(format!("{what}: {error}")))
    }

    /// The license of that short name or tag.
    pub fn feature(&self, name: &str) -> Option<&Feature> {
        self.licenses.iter().find(|feature| feature.name == name || feature.tag == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_built_in_profile_can_register() {
        let profiles = Profile::built_in().unwrap();
        let names: BTreeSet<_> = profiles.iter().map(|profile| &profile.name).collect();
        assert_eq!(names.len(), BUILT_IN.len());
        for profile in &profiles {
            let (name, uuid) = profile.software_tag.rsplit_once('_').unwrap();
            assert!(name.starts_with("regid.") && name.contains(','), "{name}");
            assert!(uuid::Uuid::try_parse(uuid).is_ok(), "{uuid}");
            assert_eq!(Profile::find(&profile.name).unwrap(), *profile);
        }
    }

    #[test]
    fn a_wrong_profile_says_where_it_is_wrong() {
        let text = include_str!("profiles/sim.yaml").replace("title:", "titel:");
        let error = Profile::from_yaml(&text, "profile x.yaml").unwrap_err().to_string();
        assert!(error.contains("profile x.yaml") && error.contains("titel"), "{error}");
        let error = Profile::find("no-such").unwrap_err().to_string();
        assert!(error.contains("must be one of sim, ios-xe"), "{error}");
    }
}
