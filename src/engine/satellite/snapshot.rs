//! What a request tells: the satellite's virtual accounts, product instances and tokens.

use super::files::unwritten;
use crate::db::standings::What;
use crate::db::sync::Used;
use crate::db::{self, Conn};
use crate::domain::id::{EntitlementId, InstanceId, SmartAccountId, TokenId};
use crate::domain::instance::Instance;
use crate::domain::local_account::{LocalAccount, Privacy};
use crate::domain::standing::SyncKind;
use crate::domain::token::Token;
use crate::engine::error::Result;
use crate::protocol::sync::{
    self, InstanceRemoved, LocalVirtualAccount, Record, TokenRemoved, Udi, Writer,
};
use std::collections::{BTreeMap, BTreeSet};

/// Instances that are read at once: of all, in their order, and of some, each by itself.
const PAGE: i64 = 1_000;
const CHUNK: usize = 1_000;

type File = Writer<Vec<u8>>;
type Tags = BTreeMap<EntitlementId, String>;

/// Writes the records of a request.
pub(super) fn write(
    conn: &mut Conn,
    account: &LocalAccount,
    (id, kind): (SmartAccountId, SyncKind),
    file: &mut File,
) -> Result<()> {
    for va in db::virtual_accounts::tree(conn, id)?.all() {
        let record = LocalVirtualAccount {
            id: va.id,
            name: va.name.as_str().to_owned(),
            upstream: va.upstream,
            default: va.is_default,
        };
        file.record(&Record::LocalVirtualAccount(record)).map_err(unwritten)?;
    }
    let tags = db::licenses::all(conn)?.into_iter().map(|of| (of.id, of.tag)).collect();
    match kind {
        SyncKind::Full => {
            all_instances(conn, id, (account.privacy, &tags), file)?;
            for token in db::tokens::of_account(conn, id)? {
                file.record(&token_record(&token)).map_err(unwritten)?;
            }
        }
        SyncKind::Standard => {
            changed_instances(conn, id, (account.privacy, &tags), file)?;
            changed_tokens(conn, id, file)?;
        }
    }
    Ok(())
}

fn all_instances(
    conn: &mut Conn,
    account: SmartAccountId,
    with: (Privacy, &Tags),
    file: &mut File,
) -> Result<()> {
    let mut after = None;
    loop {
        let page = db::sync::page(conn, account, after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(last.id);
        write_instances(page, with, file)?;
    }
}

fn changed_instances(
    conn: &mut Conn,
    account: SmartAccountId,
    with: (Privacy, &Tags),
    file: &mut File,
) -> Result<()> {
    let changed = db::standings::changed(conn, account, What::Instance)?;
    for ids in changed.chunks(CHUNK) {
        let mut gone: BTreeSet<InstanceId> = ids.iter().copied().map(InstanceId).collect();
        let found = db::sync::these(conn, &gone)?;
        for (instance, _) in &found {
            gone.remove(&instance.id);
        }
        write_instances(found, with, file)?;
        for id in gone {
            let record = InstanceRemoved { id, at: None };
            file.record(&Record::InstanceRemoved(record)).map_err(unwritten)?;
        }
    }
    Ok(())
}

fn write_instances(
    instances: Vec<Used>,
    (privacy, tags): (Privacy, &Tags),
    file: &mut File,
) -> Result<()> {
    for (instance, uses) in instances {
        let record = instance_record(instance, uses, (privacy, tags));
        file.record(&Record::Instance(Box::new(record))).map_err(unwritten)?;
    }
    Ok(())
}

fn instance_record(
    instance: Instance,
    counts: Vec<(EntitlementId, i64)>,
    (privacy, tags): (Privacy, &Tags),
) -> sync::Instance {
    let mut uses = BTreeMap::new();
    for (of, quantity) in counts.into_iter().filter(|(_, quantity)| *quantity > 0) {
        if let Some(tag) = tags.get(&of) {
            *uses.entry(tag.clone()).or_default() += quantity;
        }
    }
    let udi = instance.udi;
    sync::Instance {
        id: instance.id,
        virtual_account: instance.virtual_account,
        udi: Udi {
            pid: udi.pid,
            serial: udi.serial,
            vid: udi.vid,
            uuid: udi.uuid,
            suvi: udi.suvi,
            host_identifier: udi.host_identifier.filter(|_| !privacy.addresses),
            mac_address: udi.mac_address.filter(|_| !privacy.macs),
        },
        software_tag: instance.software_tag,
        product_name: instance.product_name,
        hostname: instance.hostname.filter(|_| !privacy.host_names),
        export_allowed: instance.export_allowed,
        reserved: instance.reserved,
        registered_at: instance.registered_at,
        last_contact_at: instance.last_contact_at,
        authorized_at: instance.authorization.map(|told| told.at),
        in_compliance: instance.authorization.map(|told| told.in_compliance),
        uses,
    }
}

fn changed_tokens(conn: &mut Conn, account: SmartAccountId, file: &mut File) -> Result<()> {
    for id in db::standings::changed(conn, account, What::Token)? {
        let id = TokenId(id);
        let record = match db::tokens::find(conn, id)? {
            Some(token) => token_record(&token),
            None => Record::TokenRemoved(TokenRemoved { id }),
        };
        file.record(&record).map_err(unwritten)?;
    }
    Ok(())
}

fn token_record(token: &Token) -> Record {
    Record::Token(sync::Token {
        id: token.id,
        virtual_account: token.virtual_account,
        short: token.short(),
        description: token.description.clone(),
        export_allowed: token.export_allowed,
        max_uses: token.max_uses,
        uses: token.uses,
        created_by: token.created_by.clone(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
    })
}
