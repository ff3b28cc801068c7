//! The sheets, written row by row in constant memory: numbers as numbers, days as days.

use super::Book;
use crate::domain::flex::{Counts, FlexType, TypeUsage};
use crate::engine::SubscriptionUsage;
use crate::web::pages::hub::usage::words::UsageWords;
use chrono::NaiveDate;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// A value of a cell.
enum Cell<'a> {
    Text(&'a str),
    Number(i64),
    /// A sum over so many.
    Average(i64, i64),
    Day(NaiveDate),
    Nothing,
}

/// A sheet that grows downwards.
struct Sheet<'a> {
    to: &'a mut Worksheet,
    next: u32,
    day: Format,
    average: Format,
}

impl<'a> Sheet<'a> {
    /// A new sheet with its headings.
    fn new(
        book: &'a mut Workbook,
        (name, headings): (&str, &[(&str, f64)]),
    ) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        for (column, (_, width)) in (0..).zip(headings) {
            sheet.set_column_width(column, *width)?;
        }
        for (column, (heading, _)) in (0..).zip(headings) {
            sheet.write_string_with_format(0, column, *heading, &bold)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let average = Format::new().set_num_format("0.0");
        Ok(Self { to: sheet, next: 1, day, average })
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            let (sheet, row) = (&mut *self.to, self.next);
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, *text)?,
                Cell::Number(number) => sheet.write_number(row, column, float(*number))?,
                Cell::Average(_, 0) | Cell::Nothing => sheet,
                Cell::Average(sum, of) => {
                    let average = float(*sum) / float(*of);
                    sheet.write_number_with_format(row, column, average, &self.average)?
                }
                Cell::Day(day) => sheet.write_datetime_with_format(row, column, day, &self.day)?,
            };
        }
        self.next += 1;
        Ok(())
    }
}

/// A count as spreadsheets keep it; exact up to 2^53.
fn float(number: i64) -> f64 {
    let part = |bits: u64| u32::try_from(bits & 0xffff_ffff).map_or(0.0, f64::from);
    let size = number.unsigned_abs();
    let size = part(size >> 32) * 4_294_967_296.0 + part(size);
    if number < 0 { -size } else { size }
}

/// The workbook's bytes.
pub(super) fn make(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(book.made_at.millis() / 1_000)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    summary(&mut workbook, book)?;
    by_type(&mut workbook, book)?;
    by_cluster(&mut workbook, book)?;
    daily(&mut workbook, book)?;
    workbook.save_to_buffer()
}

/// The columns with which every sheet begins.
fn heads(words: &UsageWords, more: &[(&'static str, f64)]) -> Vec<(&'static str, f64)> {
    let mut all = vec![(words.customer, 28.0), (words.subscription_id, 20.0), (words.model, 30.0)];
    all.extend(more);
    all
}

fn place<'a>(words: &UsageWords, row: &'a (String, SubscriptionUsage)) -> [Cell<'a>; 3] {
    let of = &row.1.subscription;
    let model = Cell::Text(words.model_name(of.model));
    [Cell::Text(&row.0), Cell::Text(&of.subscription_id), model]
}

/// `figure` once something was reported.
fn told(usage: &SubscriptionUsage, figure: i64) -> Cell<'static> {
    if usage.report.is_collected() { Cell::Number(figure) } else { Cell::Nothing }
}

fn verdict(words: &UsageWords, usage: &SubscriptionUsage, compliant: bool) -> Cell<'static> {
    Cell::Text(match (usage.report.is_collected(), compliant) {
        (false, _) => words.not_collected,
        (true, true) => words.compliant,
        (true, false) => words.not_compliant,
    })
}

fn summary(workbook: &mut Workbook, book: &Book) -> Result<(), XlsxError> {
    let words = book.words;
    let more = [
        (words.from, 12.0),
        (words.to, 12.0),
        (words.purchased, 12.0),
        (words.consumed, 12.0),
        (words.overage, 12.0),
        (words.compliance, 20.0),
        (words.status, 12.0),
    ];
    let mut sheet = Sheet::new(workbook, (words.sheet_summary, &heads(words, &more)))?;
    for row in &book.rows {
        let (usage, report) = (&row.1, &row.1.report);
        let mut cells = Vec::from(place(words, row));
        cells.extend([
            Cell::Day(book.range.from),
            Cell::Day(book.range.to),
            Cell::Number(report.purchased()),
            told(usage, report.consumed()),
            told(usage, report.overage()),
            verdict(words, usage, report.is_compliant()),
            Cell::Text(words.status_of(usage.active)),
        ]);
        sheet.row(&cells)?;
    }
    Ok(())
}

fn by_type(workbook: &mut Workbook, book: &Book) -> Result<(), XlsxError> {
    let words = book.words;
    let more = [
        (words.license_type, 22.0),
        (words.purchased, 12.0),
        (words.consumed, 12.0),
        (words.overage, 12.0),
        (words.compliance, 20.0),
        (words.average, 12.0),
        (words.last, 12.0),
    ];
    let mut sheet = Sheet::new(workbook, (words.sheet_types, &heads(words, &more)))?;
    for row in &book.rows {
        for kind in &row.1.report.types {
            let mut cells = Vec::from(place(words, row));
            cells.extend(of_type(words, &row.1, kind));
            sheet.row(&cells)?;
        }
    }
    Ok(())
}

fn of_type(words: &UsageWords, usage: &SubscriptionUsage, kind: &TypeUsage) -> [Cell<'static>; 7] {
    [
        Cell::Text(words.type_name(kind.kind)),
        Cell::Number(kind.purchased),
        told(usage, kind.consumed),
        told(usage, kind.overage()),
        verdict(words, usage, kind.is_compliant()),
        Cell::Average(kind.average.sum, kind.average.days),
        told(usage, kind.last),
    ]
}

fn by_cluster(workbook: &mut Workbook, book: &Book) -> Result<(), XlsxError> {
    let words = book.words;
    let more = [
        (words.region, 20.0),
        (words.cluster_name, 24.0),
        (words.license_type, 22.0),
        (words.consumed, 12.0),
        (words.average, 12.0),
        (words.last, 12.0),
    ];
    let mut sheet = Sheet::new(workbook, (words.sheet_clusters, &heads(words, &more)))?;
    for row in &book.rows {
        for one in &row.1.clusters {
            let (cluster, tally) = (&one.cluster, &one.tally);
            let last = tally.last.map(|(_, counts)| counts);
            let number = |counts: Option<Counts>, kind: FlexType| {
                counts.map_or(Cell::Nothing, |counts| Cell::Number(counts.get(kind)))
            };
            for kind in row.1.subscription.model.types() {
                let mut cells = Vec::from(place(words, row));
                cells.extend([
                    Cell::Text(&cluster.region),
                    Cell::Text(&cluster.name),
                    Cell::Text(words.type_name(*kind)),
                    number(last.map(|_| tally.peak), *kind),
                    Cell::Average(tally.sum.get(*kind), tally.days),
                    number(last, *kind),
                ]);
                sheet.row(&cells)?;
            }
        }
    }
    Ok(())
}

fn daily(workbook: &mut Workbook, book: &Book) -> Result<(), XlsxError> {
    let words = book.words;
    let more = [
        (words.day, 12.0),
        (words.license_type, 22.0),
        (words.purchased, 12.0),
        (words.consumed, 12.0),
        (words.overage, 12.0),
        (words.compliance, 20.0),
    ];
    let mut sheet = Sheet::new(workbook, (words.sheet_daily, &heads(words, &more)))?;
    for row in &book.rows {
        let of = &row.1.subscription;
        for (day, counts) in &row.1.days {
            for kind in of.model.types() {
                let (bought, used) = (of.purchased.get(*kind), counts.get(*kind));
                let over = (used - bought).max(0);
                let mut cells = Vec::from(place(words, row));
                cells.extend([
                    Cell::Day(*day),
                    Cell::Text(words.type_name(*kind)),
                    Cell::Number(bought),
                    Cell::Number(used),
                    Cell::Number(over),
                    verdict(words, &row.1, over == 0),
                ]);
                sheet.row(&cells)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::float;

    /// F-FU-21: counts are exact.
    #[test]
    fn counts_are_exact() {
        for (number, exact) in [
            (0, 0.0),
            (7, 7.0),
            (-3, -3.0),
            (10_000_000_000, 1e10),
            (9_007_199_254_740_991, 9_007_199_254_740_991.0),
        ] {
            assert!((float(number) - exact).abs() < f64::EPSILON, "{number}");
        }
    }
}
