//! Product instances: D1 to D4 of rest-api 7.

use super::super::wire::{Bad, Fields};
use super::call::{Call, ok};
use super::family::{Answer, Lists, Moves, Removals};
use super::outcomes::{ItemStatus, overall};
use crate::domain;
use crate::domain::instance::{Instance, Udi};
use crate::domain::paging::Window;
use crate::domain::pool::Compliance;
use crate::engine::{Device, InstanceRow, VaRef};
use actix_web::HttpResponse;
use serde::Serialize;

/// The most product instances in one call (ours).
const MOST: usize = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    total_records: usize,
    devices: Vec<NamedDevice<'a>>,
    status: &'static str,
    status_message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedDevice<'a> {
    instance_name: String,
    product_tag_name: &'a str,
    sudi: Sudi<'a>,
}

/// camelCase in this family, snake case in the one of policies (proven).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sudi<'a> {
    suvi: Option<&'a str>,
    uuid: Option<&'a str>,
    host_identifier: Option<&'a str>,
    udi_pid: Option<&'a str>,
    udi_serial_number: Option<&'a str>,
    udi_vid: Option<&'a str>,
    mac_address: Option<&'a str>,
}

impl<'a> From<&'a Udi> for Sudi<'a> {
    fn from(udi: &'a Udi) -> Self {
        Self {
            suvi: udi.suvi.as_deref(),
            uuid: udi.uuid.as_deref(),
            host_identifier: udi.host_identifier.as_deref(),
            udi_pid: udi.pid.as_deref(),
            udi_serial_number: udi.serial.as_deref(),
            udi_vid: udi.vid.as_deref(),
            mac_address: udi.mac_address.as_deref(),
        }
    }
}

impl<'a> From<&'a InstanceRow> for NamedDevice<'a> {
    fn from(row: &'a InstanceRow) -> Self {
        Self {
            instance_name: row.instance.name(),
            product_tag_name: &row.instance.software_tag,
            sudi: Sudi::from(&row.instance.udi),
        }
    }
}

/// D1: the product instances of one virtual account; all of them unless the
/// query says otherwise, because ABH looks for one in the whole list (proven).
pub async fn named(call: Call<Lists>) -> Answer<Lists> {
    let limit = call.fields.whole("limit")?.or(Some(-1));
    let window = Window::new(limit, call.fields.whole("offset")?)?;
    let names = vec![call.segment("va")?];
    let rows = call.engine.instances(&call.who, &call.domain()?, names).await?;
    Ok(listed_by_name(&rows, window))
}

/// The same of the newer gateway, for a `virtualAccountName`, by part of a name (documented).
pub async fn of_place(call: Call<Lists>) -> Answer<Lists> {
    let limit = call.fields.whole("limit")?.or(Some(50));
    let window = Window::new(limit, call.fields.whole("offset")?)?;
    let names = vec![call.fields.needed("virtualAccountName")?.to_owned()];
    let part = call.fields.text("instanceName")?.unwrap_or_default().to_lowercase();
    let mut rows = call.engine.instances(&call.who, &call.domain()?, names).await?;
    rows.retain(|row| row.instance.name().to_lowercase().contains(&part));
    Ok(listed_by_name(&rows, window))
}

fn listed_by_name(rows: &[InstanceRow], window: Window) -> HttpResponse {
    ok(&Named {
        total_records: rows.len(),
        devices: window.cut(rows.iter().map(NamedDevice::from).collect()),
        status: "SUCCESS",
        status_message: "",
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    total_records: usize,
    status: &'static str,
    status_message: &'static str,
    devices: Vec<ListedDevice<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedDevice<'a> {
    license_usage: Vec<Usage<'a>>,
    host_name: &'a str,
    sudi: Sudi<'a>,
    display_name: String,
    registration_date: String,
    product_tag_name: &'a str,
    virtual_account: &'a str,
    product_name: &'a str,
    product_description: &'a str,
    product_type: &'a str,
    status: &'static str,
    last_contact_date: String,
}

#[derive(Serialize)]
struct Usage<'a> {
    license: &'a str,
    quantity: i64,
}

impl<'a> From<&'a InstanceRow> for ListedDevice<'a> {
    fn from(row: &'a InstanceRow) -> Self {
        let instance = &row.instance;
        let usage = row
            .usage
            .iter()
            .map(|usage| Usage { license: &usage.entitlement.name, quantity: usage.quantity });
        Self {
            license_usage: usage.collect(),
            host_name: instance.hostname.as_deref().unwrap_or_default(),
            sudi: Sudi::from(&instance.udi),
            display_name: instance.name(),
            registration_date: instance.registered_at.iso(),
            product_tag_name: &instance.software_tag,
            virtual_account: row.virtual_account.name.as_str(),
            product_name: &instance.product_name,
            product_description: "",
            product_type: "",
            status: compliance(instance).name(),
            last_contact_date: instance.last_contact_at.iso(),
        }
    }
}

/// What the device was last told; one that asked for nothing lacks nothing.
fn compliance(instance: &Instance) -> Compliance {
    match instance.authorization {
        Some(told) if !told.in_compliance => Compliance::OutOfCompliance,
        Some(_) | None => Compliance::InCompliance,
    }
}

/// D2: the product instances of the named virtual accounts, or of all seen.
pub async fn list(call: Call<Lists>) -> Answer<Lists> {
    let (names, window) = (call.fields.texts("virtualAccounts")?, call.window()?);
    let rows = call.engine.instances(&call.who, &call.domain()?, names).await?;
    Ok(ok(&Listed {
        total_records: rows.len(),
        status: "SUCCESS",
        status_message: "",
        devices: window.cut(rows.iter().map(ListedDevice::from).collect()),
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moved {
    status: &'static str,
    status_message: String,
    product_instances_transfer_status: Vec<ItemStatus>,
}

/// D3: moves product instances to other virtual accounts.
pub async fn transfer(call: Call<Moves>) -> Answer<Moves> {
    let entries = call.fields.objects("productInstances", MOST)?;
    let wanted = entries.iter().map(destined).collect::<Result<Vec<_>, _>>()?;
    let (domain, from) = (call.domain()?, call.va()?);
    let outcomes = call.engine.move_devices(&call.who, &domain, from, wanted).await?;
    let (status, good) = overall(&outcomes);
    let item = |outcome| ItemStatus::new(outcome, "Product instance transferred successfully");
    Ok(ok(&Moved {
        status,
        status_message: format!("{good} product instances transferred successfully"),
        product_instances_transfer_status: outcomes.iter().map(item).collect(),
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    status: &'static str,
    status_message: String,
    remove_product_instances_status: Vec<RemovedDevice>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RemovedDevice {
    /// `SUCCESS` or `FAILURE`, other than in its siblings (documented; rest-api 13.4).
    status: &'static str,
    status_message: String,
    device: String,
}

/// D4: removes product instances.
pub async fn remove(call: Call<Removals>) -> Answer<Removals> {
    let wanted = doomed(&call.fields)?;
    let names: Vec<String> = wanted.iter().map(|(device, _)| spoken(device)).collect();
    let (domain, va) = (call.domain()?, call.place()?);
    let outcomes = call.engine.remove_devices(&call.who, &domain, va, wanted).await?;
    let (status, good) = overall(&outcomes);
    Ok(ok(&Removed {
        status,
        status_message: format!("{good} product instances removed successfully"),
        remove_product_instances_status: outcomes.iter().zip(names).map(removed).collect(),
    }))
}

/// The misspelled key is the real one (proven); the newer gateway spells it right.
fn doomed(fields: &Fields) -> Result<Vec<(Device, Option<String>)>, Bad> {
    let real = "productInstacesRemoveRequests";
    let spelled = "productInstancesRemoveRequests";
    let key = if fields.has(spelled) { spelled } else { real };
    let one = |entry: &Fields| Ok((device(entry)?, entry.text("returnCode")?.map(str::to_owned)));
    fields.objects(key, MOST)?.iter().map(one).collect()
}

fn spoken(device: &Device) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    format!("udiPid:{} udiSerialNumber:{}", text(&device.udi.pid), text(&device.udi.serial))
}

fn removed((outcome, device): (&Result<Instance, domain::Error>, String)) -> RemovedDevice {
    let (status, status_message) = match outcome {
        Ok(_) => ("SUCCESS", "Product instance removed successfully".to_owned()),
        Err(refusal) => ("FAILURE", refusal.to_string()),
    };
    RemovedDevice { status, status_message, device }
}

fn destined(entry: &Fields) -> Result<(Device, VaRef), Bad> {
    let target = entry.needed("targetVirtualAccount")?.to_owned();
    Ok((device(entry)?, VaRef::Name(target)))
}

/// The device that an entry names.
pub(super) fn device(entry: &Fields) -> Result<Device, Bad> {
    let sudi = entry.object("sudi")?;
    let text = |name| -> Result<Option<String>, Bad> {
        Ok(sudi.text(name)?.filter(|text| !text.is_empty()).map(str::to_owned))
    };
    let udi = Udi {
        pid: text("udiPid")?,
        serial: text("udiSerialNumber")?,
        vid: text("udiVid")?,
        uuid: text("uuid")?,
        suvi: text("suvi")?,
        host_identifier: text("hostIdentifier")?,
        mac_address: text("macAddress")?,
    };
    let product = entry.text("productTagName")?.filter(|tag| !tag.is_empty());
    Ok(Device { udi, product: product.map(str::to_owned) })
}
