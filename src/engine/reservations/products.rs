//! The products that the site knows.

use crate::db::{self, Conn};
use crate::domain::Error;
use crate::domain::instance::Instance;
use crate::domain::reservation::Product;
use crate::engine::Engine;
use crate::engine::access::{self, Who, Within};
use crate::engine::error::Result;
use crate::protocol::codes::fingerprint;

/// A product, as somebody else knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownProduct {
    /// `regid.…,version_uuid`.
    pub software_tag: String,
    /// What people call it.
    pub name: String,
    /// Product identifier that its devices have in common.
    pub pid: Option<String>,
    /// Name or tag of licenses that a device may bring into the inventory, and how many.
    pub inventory: Vec<(String, i64)>,
}

impl Engine {
    /// Those of the named products that are known; for anybody with a credential.
    pub async fn products(&self, who: &Who, tags: Vec<String>) -> Result<Vec<Product>> {
        let who = who.clone();
        self.look(move |conn, now| {
            access::actor(conn, &who, now)?;
            let mut known = Vec::new();
            for tag in tags {
                known.extend(db::products::by_tag(conn, &tag)?);
            }
            Ok(known)
        })
        .await
    }

    /// Makes products known, with what their devices may bring into the inventory. For the lab's
    /// own tools: it asks for no permission.
    ///
    /// A start that brings nothing new writes nothing: the first commit would have to move the
    /// whole write-ahead log before the site is ready.
    pub async fn take_products(&self, products: Vec<KnownProduct>) -> Result<()> {
        let asked = products.clone();
        if self.db().read(move |conn| all_known(conn, &asked)).await? {
            return Ok(());
        }
        self.change(Within::Site, move |conn, _| {
            products.iter().try_for_each(|product| take(conn, product))
        })
        .await
    }
}

fn all_known(conn: &mut Conn, products: &[KnownProduct]) -> Result<bool> {
    for product in products {
        let known = db::products::by_tag(conn, &product.software_tag)?.is_some();
        if !known || !product.inventory.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn take(conn: &mut Conn, known: &KnownProduct) -> Result<()> {
    learn(conn, &known.software_tag, &known.name, known.pid.as_deref())?;
    if known.inventory.is_empty() {
        return Ok(());
    }
    let mut licenses = Vec::new();
    for (name, quantity) in &known.inventory {
        let of = db::licenses::named(conn, name)?
            .ok_or_else(|| Error::not_found("license", name.clone()))?;
        if *quantity < 1 {
            let problem = format!("{name}: {quantity} is below 1");
            return Err(Error::invalid("inventory", problem).into());
        }
        licenses.push((of.id, *quantity));
    }
    Ok(db::products::set_inventory(conn, &known.software_tag, &licenses)?)
}

fn learn(conn: &mut Conn, tag: &str, name: &str, pid: Option<&str>) -> Result<bool> {
    let product = Product {
        software_tag: tag.to_owned(),
        name: name.to_owned(),
        pid: pid.map(str::to_owned),
        fingerprint: fingerprint(tag),
    };
    Ok(db::products::learn(conn, &product)?)
}

/// A product of which a device has registered is known from then on.
pub(in crate::engine) fn learn_from(conn: &mut Conn, instance: &Instance) -> Result<()> {
    learn(conn, &instance.software_tag, &instance.product_name, instance.udi.pid.as_deref())?;
    Ok(())
}
