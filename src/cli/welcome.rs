//! What a newcomer reads at the first start.

use super::serve::absolute;
use crate::app::Running;
use crate::domain::site::Edition;
use std::fmt::Write;

/// Where things are, who can sign in, and what to do next.
pub fn text(running: &Running) -> String {
    let mut text = String::new();
    if write_all(running, &mut text).is_err() {
        tracing::warn!("the welcome could not be written");
    }
    text
}

fn write_all(running: &Running, out: &mut String) -> std::fmt::Result {
    writeln!(out, "Syncom {} is ready.\n", env!("CARGO_PKG_VERSION"))?;
    for site in &running.sites {
        let what = match site.edition {
            Edition::Cssm => "CSSM",
            Edition::Satellite => "Satellite",
        };
        writeln!(out, "  {what:<10} http://{}   https://{}", site.http, site.https)?;
    }
    if let Some(proxy) = running.proxy {
        writeln!(out, "  {:<10} http://{proxy}   leads *.cisco.com:443 to the lab", "Proxy")?;
    }
    writeln!(out, "  {:<10} {}", "Lab CA", absolute(&running.ca))?;
    writeln!(out, "  {:<10} {}", "Data", absolute(&running.directory))?;
    people(running, out)?;
    let Some(lab) = &running.lab else {
        return writeln!(
            out,
            "\nThe fixture's secrets are not shown: they are not the known ones."
        );
    };
    let (name, domain) = &lab.smart_account;
    writeln!(out, "\nSmart Account {name} ({domain}), password of everybody: {}", lab.password)?;
    for (user, role) in &lab.users {
        writeln!(out, "  {user:<10} {role}")?;
    }
    if let Some((id, secret)) = &lab.api_client {
        writeln!(out, "\nAPI client  {id}\n  secret    {secret}")?;
    }
    if let Some(token) = &lab.token {
        writeln!(out, "\nRegistration token (Tokyo)\n  {token}")?;
        next_steps(running, token, lab.tag.as_deref().unwrap_or("TAG"), out)?;
    }
    writeln!(
        out,
        "\nSyncom is a lab emulator. It is not affiliated with Cisco and talks to no Cisco service;\n\
         what it signs is worthless outside the lab. Ctrl-C stops it."
    )
}

/// Who can sign in on the satellite.
fn people(running: &Running, out: &mut String) -> std::fmt::Result {
    let Some(satellite) = &running.satellite else { return Ok(()) };
    writeln!(out, "\nSatellite, password of everybody: {}", satellite.password)?;
    for (user, role) in &satellite.users {
        writeln!(out, "  {user:<10} {role}")?;
    }
    Ok(())
}

fn next_steps(running: &Running, token: &str, tag: &str, out: &mut String) -> std::fmt::Result {
    let Some(cssm) = running.sites.first() else { return Ok(()) };
    writeln!(out, "\nTry next, in another terminal:")?;
    let ca = absolute(&running.ca);
    writeln!(out, "  cargo run --release -- device new --url http://{} --ca {ca}", cssm.http)?;
    writeln!(out, "  cargo run --release -- device register '{token}'")?;
    writeln!(out, "  cargo run --release -- device use '{tag}=4'")?;
    writeln!(out, "and see it at http://{}/ (sign in as ann).", cssm.http)
}
