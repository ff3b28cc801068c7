//! The usage report as an Office Open XML workbook (F-FU-12, F-FU-21).

mod sheets;

use crate::domain::Timestamp;
use crate::domain::flex::Range;
use crate::engine::{self, Aggregate, CustomerUsage, SubscriptionUsage};
use crate::web::pages::chrome::Lang;
use crate::web::pages::hub::usage::words::UsageWords;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a workbook is made of.
pub struct Book {
    /// The organization in the name of the file.
    key: String,
    /// The days.
    range: Range,
    /// When it is made, as the file says.
    made_at: Timestamp,
    /// The words in it.
    words: &'static UsageWords,
    /// The subscriptions with the names of their customers.
    rows: Vec<(String, SubscriptionUsage)>,
}

impl Book {
    /// The report of one customer.
    pub fn of_customer(found: CustomerUsage, lang: Lang, made_at: Timestamp) -> Self {
        let name = found.desk.organization.name;
        let rows = found.subscriptions.into_iter().map(|usage| (name.clone(), usage)).collect();
        let (key, range) = (found.desk.organization.key, found.range);
        Self { key, range, made_at, words: UsageWords::of(lang), rows }
    }

    /// The Custom report of a partner.
    pub fn of_partner(found: Aggregate, lang: Lang, made_at: Timestamp) -> Self {
        let rows = found.rows.into_iter().map(|row| (row.customer.name, row.usage)).collect();
        let (key, range) = (found.desk.desk.organization.key, found.range);
        Self { key, range, made_at, words: UsageWords::of(lang), rows }
    }

    fn name(&self) -> String {
        let Range { from, to } = self.range;
        format!("{}_flex-usage_{from}_{to}.xlsx", self.key)
    }
}

/// The workbook as a download. It is made on a thread of its own: ten thousand customers take
/// seconds.
pub async fn file(book: Book) -> engine::Result<HttpResponse> {
    let name = format!("attachment; filename=\"{}\"", book.name());
    let made = web::block(move || sheets::make(&book).map_err(|error| error.to_string())).await;
    let failed = |error: String| engine::Error::File(format!("the workbook failed: {error}"));
    let bytes = made.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, XLSX))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(bytes))
}
