//! What each command does.

use super::args::{
    Command, Connection, DeviceArgs, Export, KeyArg, NewArgs, Renewal, ShowArgs, What,
};
use super::{Offset, complain};
use crate::crypto::keys::KeyKind;
use crate::device::client::{Client, device_url};
use crate::device::machine::{Event, ExportCommand};
use crate::device::profile::Profile;
use crate::device::show::{self, Part, Topic};
use crate::device::state::{Member, Product, Proxy, Settings};
use crate::device::timers::TABLE;
use crate::device::{Device, DeviceError};
use crate::domain::time::Timestamp;
use crate::protocol::third_party::{ThirdPartyKey, VoucherRequest};
use chrono::TimeDelta;
use std::fmt::Write as _;

pub(super) async fn act(
    device: &mut Device,
    command: &Command,
    real_now: Timestamp,
) -> Result<String, DeviceError> {
    let now = real_now + TimeDelta::milliseconds(device.state().settings.clock_offset_ms);
    let settings = device.state().settings.clone();
    let client = || Client::from_settings(&settings);
    match command {
        Command::Register { token, force } => {
            register(device, &client()?, token, *force, now).await?;
        }
        Command::Reregister { token } => {
            register(device, &client()?, token, true, now).await?;
        }
        Command::Use { counts } => use_licenses(device, client, counts, now).await?,
        Command::Renew { what: Renewal::Auth } => {
            device.renew_authorization(&client()?, now).await?;
        }
        Command::Renew { what: Renewal::Id } => device.renew_identity(&client()?, now).await?,
        Command::Key { license, value, routing, action, compliance_required, rehearse } => {
            let wanted = VoucherRequest {
                id: "1".to_owned(),
                name: tag_of(device, license),
                value: value.clone(),
                routing: routing.clone(),
                action: action.clone(),
                key_id: None,
            };
            let (live, compliance_required) = (!rehearse, *compliance_required);
            let request = ThirdPartyKey { live, data: vec![wanted], compliance_required };
            return key(device, &client()?, request, now).await;
        }
        Command::Export(command) => {
            let command = export(device, command);
            device.handle(&client()?, Event::Export(command), now).await?;
        }
        Command::Tick => device.run_due(&client()?, now).await?,
        Command::Deregister => return deregister(device, &client()?, now).await,
        Command::Reserve(reserve) => return super::reserve::act(device, reserve, now),
        Command::Show(args) => return shown(device, args, now),
        Command::Timers => return Ok(timers(device)),
        Command::New(_) | Command::Profiles | Command::Serve(_) => {}
    }
    Ok(show::text(device.state(), Part::Status, now))
}

/// Registers and reports at once: a command does not wait the seconds that an agent waits.
async fn register(
    device: &mut Device,
    client: &Client,
    token: &str,
    force: bool,
    now: Timestamp,
) -> Result<(), DeviceError> {
    device.register(client, token, force, now).await?;
    device.renew_authorization(client, now).await
}

/// Answers the voucher as it was signed.
async fn key(
    device: &mut Device,
    client: &Client,
    request: ThirdPartyKey,
    now: Timestamp,
) -> Result<String, DeviceError> {
    device.handle(client, Event::AskKey(request), now).await?;
    let voucher = device.state().vouchers.get("1").map_or("", String::as_str);
    Ok(format!("{voucher}\n"))
}

fn export(device: &Device, command: &Export) -> ExportCommand {
    match command {
        Export::Request { license } => ExportCommand::Request(tag_of(device, license)),
        Export::Return { license } => ExportCommand::Return(tag_of(device, license)),
        Export::Cancel => ExportCommand::Cancel,
    }
}

/// The tag of a license that the profile names, or the name itself.
fn tag_of(device: &Device, name: &str) -> String {
    let feature = device.state().profile.feature(name);
    feature.map_or(name, |feature| &feature.tag).to_owned()
}

/// A product that is not registered needs no server to use licenses.
async fn use_licenses(
    device: &mut Device,
    client: impl Fn() -> Result<Client, DeviceError>,
    counts: &[(String, u64)],
    now: Timestamp,
) -> Result<(), DeviceError> {
    let counts: Vec<_> =
        counts.iter().map(|(name, count)| (tag_of(device, name), *count)).collect();
    if device.state().registration.identity.is_none() {
        device.step(Event::Use(counts), now)?;
        return Ok(());
    }
    device.use_licenses(&client()?, &counts, now).await
}

async fn deregister(
    device: &mut Device,
    client: &Client,
    now: Timestamp,
) -> Result<String, DeviceError> {
    let registered = device.state().registration.identity.is_some();
    match device.deregister(client, now).await {
        Ok(()) if registered => {
            Ok("De-registered. The server has released all licenses.\n".to_owned())
        }
        Ok(()) => Ok("The product does not try to register any more.\n".to_owned()),
        Err(error) => {
            if registered {
                complain(
                    "The product has forgotten its registration, but the server has not \
                     confirmed and may still list it: remove it there.",
                );
            }
            Err(error)
        }
    }
}

fn shown(device: &mut Device, args: &ShowArgs, now: Timestamp) -> Result<String, DeviceError> {
    // Time passes while one looks; a tick is never refused.
    let _ = device.step(Event::Tick, now);
    let topic = args.topic.join(" ");
    if args.json {
        return Ok(format!("{:#}\n", show::json(device.state(), now)));
    }
    let part = match args.what {
        What::License => {
            let topic: Topic = topic.parse().map_err(DeviceError::Usage)?;
            return Ok(show::license(device.state(), topic, now));
        }
        What::Status => Part::Status,
        What::All => Part::All,
        What::Usage => Part::Usage,
        What::Udi => Part::Udi,
    };
    if !topic.is_empty() {
        return Err(DeviceError::Usage(format!("'{topic}' belongs behind 'show license'")));
    }
    Ok(show::text(device.state(), part, now))
}

/// The kinds of products, a line each.
pub(super) fn profiles() -> Result<String, DeviceError> {
    let mut out = String::new();
    for profile in Profile::built_in()? {
        let names: Vec<_> = profile.licenses.iter().map(|license| license.name.as_str()).collect();
        let _ = writeln!(out, "{:8} {} [{}]", profile.name, profile.title, names.join(", "));
    }
    Ok(out)
}

fn timers(device: &Device) -> String {
    let mut out = String::new();
    for row in TABLE {
        let seconds = device.state().timers.get(row.timer).num_seconds();
        let _ = writeln!(out, "{:27} {seconds:>8} s  {:?}: {}", row.name, row.mark, row.evidence);
    }
    out
}

pub(super) fn create(
    args: &DeviceArgs,
    new: &NewArgs,
    now: Timestamp,
) -> Result<String, DeviceError> {
    if args.state.exists() && !new.replace {
        let path = args.state.display();
        return Err(DeviceError::Usage(format!("{path} exists; --replace makes a new product")));
    }
    let profile = Profile::find(&new.profile)?;
    let product = product(&profile, new);
    let kind = match new.key {
        KeyArg::Rsa => KeyKind::Rsa2048,
        KeyArg::P256 => KeyKind::P256,
    };
    let mut device = Device::new(profile, product, kind)?;
    apply(&args.connection, &mut device, now)?;
    device.state().save(&args.state)?;
    Ok(show::text(device.state(), Part::Udi, now))
}

fn product(profile: &Profile, new: &NewArgs) -> Product {
    let mut product = Product::of(profile, new.serial.as_deref().unwrap_or(&profile.serial));
    if let Some(pid) = &new.pid {
        product.sudi.udi_pid = Some(pid.clone());
    }
    product.send_hostname = !new.hide_hostname;
    if let Some(hostname) = &new.hostname {
        product.hostname = Some(hostname.clone());
    }
    if let Some(tag) = &new.tag {
        product.software_tag.clone_from(tag);
    }
    if !new.members.is_empty() {
        let own = Member { role: "Active".to_owned(), sudi: product.sudi.clone() };
        product.members = [own].into_iter().chain(new.members.iter().cloned()).collect();
    }
    product
}

pub(super) fn apply(
    connection: &Connection,
    device: &mut Device,
    real_now: Timestamp,
) -> Result<(), DeviceError> {
    let settings = device.settings_mut();
    if let Some(transport) = connection.transport {
        settings.transport = transport;
    }
    if let Some(url) = &connection.url {
        settings.url = Some(device_url(url, settings.transport)?.into());
    }
    if let Some(path) = &connection.ca {
        let wrong = |error| DeviceError::Usage(format!("--ca {}: {error}", path.display()));
        settings.ca_pem = Some(std::fs::read_to_string(path).map_err(wrong)?);
    }
    apply_proxy(connection, settings)?;
    if let Some(seed) = &connection.seed {
        settings.seed.clone_from(seed);
    }
    for (name, value) in &connection.timers {
        device
            .timers_mut()
            .set(name, value)
            .map_err(|problem| DeviceError::Usage(format!("--timer {problem}")))?;
    }
    if let Some(Offset::Fixed(offset)) = connection.offset {
        set_clock(device, offset, real_now);
    }
    Ok(())
}

fn apply_proxy(connection: &Connection, settings: &mut Settings) -> Result<(), DeviceError> {
    match connection.proxy.as_deref() {
        Some("none") => settings.proxy = None,
        Some(url) => {
            settings.proxy = Some(Proxy { url: url.to_owned(), user: None, password: None });
        }
        None => {}
    }
    let (user, password) = (&connection.proxy_user, &connection.proxy_password);
    let Some(proxy) = &mut settings.proxy else {
        let missing = user.is_some().then(|| "--proxy-user needs --proxy".to_owned());
        return missing.map_or(Ok(()), |problem| Err(DeviceError::Usage(problem)));
    };
    if user.is_some() {
        proxy.user.clone_from(user);
        proxy.password.clone_from(password);
    }
    Ok(())
}

/// Sets the product's clock; the machine learns of it only if it really moves.
pub(super) fn set_clock(device: &mut Device, offset: TimeDelta, real_now: Timestamp) {
    let settings = device.settings_mut();
    if settings.clock_offset_ms == offset.num_milliseconds() {
        return;
    }
    settings.clock_offset_ms = offset.num_milliseconds();
    if device.state().last_seen.is_some() {
        // A clock that is set is never refused.
        let _ = device.step(Event::ClockSet, real_now + offset);
    }
}
