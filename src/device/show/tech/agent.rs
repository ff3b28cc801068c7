//! `Other Info`: the settings of an agent.
// PROVEN: the names and their order (GENIE, whose reader wants nearly all of them). The values
// are those of our agent; where it has no such thing, the answer is the one that says so.

use super::super::page::Page;
use super::super::sections::transport_type;
use super::super::view::View;

/// What our agent does or has.
const YES: [&str; 12] = [
    "Config Management Interface",
    "License Map Interface",
    "HA Interface",
    "Platform Data Interface",
    "SmartAgentCmReTrySend",
    "SmartAgentClientIsUnified",
    "SmartAgentCmClient",
    "enableOnInit",
    "SmartTransportServerIdCheck",
    "SmartTransportProxySupport",
    "enableByDefault",
    "roleByEvent",
];

/// What it does not do or have.
const NO: [&str; 29] = [
    "Check Point Interface",
    "Trusted Store Interface",
    "Crypto Version 2 Interface",
    "SAPluginMgmtInterfaceMutex",
    "SAPluginMgmtIPDomainName",
    "builtInEncryption",
    "routingReadyByEvent",
    "systemInitByEvent",
    "SmartAgentPolicyControllerModel",
    "SmartAgentPolicyModel",
    "SmartAgentFederalLicense",
    "SmartAgentMultiTenant",
    "attr365DayEvalSyslog",
    "checkPointWriteOnly",
    "SmartAgentDelayCertValidation",
    "conversionAutomatic",
    "conversionAllowed",
    "storageEncryptDisable",
    "storageLoadUnencryptedDisable",
    "TSPluginDisable",
    "bypassUDICheck",
    "loggingAddTStamp",
    "loggingAddTid",
    "WaitForHaRole",
    "standbyIsHot",
    "delayCommInit",
    "traceAlwaysOn",
    "Write Erase Occurred",
    "Config Persist Received",
];

/// Its numbers.
const NUMBERS: [(&str, u32); 6] = [
    ("SmartAgentClientWaitForServer", 2000),
    ("SmartAgentMaxRumMemory", 0),
    ("SmartAgentConcurrentThreadMax", 1),
    ("chkPtType", 0),
    ("maxTraceLength", 0),
    ("debugFlags", 0),
];

/// The sizes of a 64-bit machine.
const SIZES: [(&str, u8); 6] = [
    ("sizeof(char)  ", 1),
    ("sizeof(int)   ", 4),
    ("sizeof(long)  ", 8),
    ("sizeof(char *)", 8),
    ("sizeof(time_t)", 8),
    ("sizeof(size_t)", 8),
];

pub(super) fn other_info(page: &mut Page, view: &View<'_>) {
    let product = &view.state.product;
    page.heading("Other Info", 10);
    page.pair(0, "Software ID", &product.software_tag);
    page.pair(0, "Agent State", &view.authorization().to_lowercase());
    page.pair(0, "TS enable", "True");
    page.pair(0, "Transport", transport_type(view));
    page.pair(0, "Locale", "en_US.UTF-8");
    page.pair(0, "Debug flags", "0x0");
    page.pair(0, "Privacy Send Hostname", truth(product.send_hostname));
    page.pair(0, "Privacy Send IP", "False");
    page.pair(0, "Build type:", "Simulation");
    for (name, size) in SIZES {
        page.pair(0, name, &size.to_string());
    }
    page.pair(0, "Endian", "Little");
    page.pair(0, "XOS version", "0.0.0.0");
    capabilities(page);
    for (names, value) in [(&YES[..], true), (&NO[..], false)] {
        for name in names {
            page.pair(0, name, truth(value));
        }
    }
    for (name, number) in NUMBERS {
        page.pair(0, name, &number.to_string());
    }
    page.pair(0, "SmartAgentClientName", "Syncom");
    for event in [
        "HighAvailabilityOverrideEvent",
        "platformIndependentOverrideEvent",
        "platformOverrideEvent",
    ] {
        page.pair(0, event, "UnknownPlatformEvent");
    }
    page.pair(0, "Event log max size", &format!("{} entries", crate::device::notices::KEPT));
    let entries = view.state.log.entries().count();
    page.pair(0, "Event log current size", &format!("{entries} entries"));
    trust(page, view);
}

/// Trust codes are of later agents.
fn trust(page: &mut Page, view: &View<'_>) {
    let sudi = &view.state.product.sudi;
    let pid = sudi.udi_pid.as_deref().unwrap_or_default();
    let serial = sudi.udi_serial_number.as_deref().unwrap_or_default();
    page.pair(0, &format!("P:{pid},S:{serial}"), "No Trust Data");
    page.pair(0, "Overall Trust", "No ID");
}

/// What agent and server can do. The server's part is not kept.
fn capabilities(page: &mut Page) {
    let own = crate::protocol::bodies::ConnectInfo::device();
    page.pair(0, "Message Version", &own.version);
    for name in ["name", "version", "additional", "capabilities"] {
        page.pair(0, &format!("connect_info.{name}"), "<empty>");
    }
    page.pair(0, "connect_info.prod", "False");
    page.pair(0, "agent.capabilities", &own.capabilities.join(", "));
}

fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
