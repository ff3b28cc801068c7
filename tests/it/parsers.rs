//! What simulated products show, read by parsers that others wrote for real devices.

use crate::support::shown::{self, STYLES};
use crate::support::tools;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// Where `.ci/run` puts an environment with those parsers.
fn python() -> Result<PathBuf, String> {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("SYNCOM_TEST_PARSERS").map(PathBuf::from);
    let python = named.unwrap_or_else(|| top.join("target/parsers/bin/python"));
    let check = "import genie.libs.parser.iosxe.show_license, ntc_templates";
    match Command::new(&python).args(["-c", check]).output() {
        Ok(output) if output.status.success() => Ok(python),
        _ => Err(format!("{} has none; `.ci/run` makes it", python.display())),
    }
}

/// device-protocol.md 3.2, 3.4, 4.3, F-HL-18: every situation of every style, in every text; what the parsers
/// read is what the product is.
#[test]
fn parsers_of_others_read_every_situation_as_it_is() {
    let cases: Vec<Value> = STYLES.iter().flat_map(|style| shown::cases(style)).collect();
    // Situations, times variations, times topics, times styles.
    assert_eq!(cases.len(), 68 * 3 * 8 * STYLES.len());
    let Some(python) = tools::need("genie and ntc-templates", python()) else { return };
    // It stays there, to be read by hand when something is wrong.
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("show-license.json");
    std::fs::write(&file, serde_json::to_string(&cases).unwrap()).unwrap();
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let script = top.join("tests/clients/parse_show.py");
    let output = Command::new(python).arg(script).arg(&file).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let end: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!(end["wrong"], 0, "{told}");
    for topic in ["all", "status", "summary", "usage", "udi", "tech support", "eventlog"] {
        assert_eq!(end["done"][format!("genie ios-xe {topic}")], 68 * 3, "{end}");
    }
    for style in STYLES {
        assert_eq!(end["done"][format!("reserved {style} reservation")], 68 * 3, "{end}");
    }
    for text in ["ios-xe status", "asa all", "nx-os usage"] {
        assert_eq!(end["done"][format!("ntc {text}")], 68 * 3, "{end}");
    }
}
