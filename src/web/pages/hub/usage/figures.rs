//! Figures of a report as pages show them, in the language of the page.

use super::chart::Chart;
use super::words::UsageWords;
use crate::domain::flex::{Average, Range, Report, TypeUsage};
use crate::engine::SubscriptionUsage;
use crate::web::pages::chrome::Lang;
use crate::web::pages::filters::grouped;
use crate::web::pages::view::{Badge, Tone};

/// One license type of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeFigures {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub is: &'static str,
    /// What was bought.
    pub purchased: String,
    /// What is consumed.
    pub consumed: String,
    /// What is consumed beyond that.
    pub overage: String,
    /// The average of the days.
    pub average: String,
    /// The last day's.
    pub last: String,
    /// Compliant, or not.
    pub verdict: Badge,
    /// Whether something is consumed that was not bought.
    pub short: bool,
    /// The days.
    pub chart: Chart,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionFigures {
    /// Its identifier.
    pub id: String,
    /// The license model.
    pub model: &'static str,
    /// Active, or not.
    pub status: Badge,
    /// All that was bought.
    pub purchased: String,
    /// All that is consumed; nothing before anything was collected.
    pub consumed: Option<String>,
    /// The overages of all types.
    pub overage: String,
    /// Compliant, or not, or not known.
    pub verdict: Badge,
    /// Whether some type is short.
    pub short: bool,
    /// `29 / 30`.
    pub days: String,
    /// What another product would say of it.
    pub substitution: Option<String>,
    /// Its types.
    pub types: Vec<TypeFigures>,
}

/// A count with its thousands apart, as the language does it.
pub fn number(lang: Lang, value: i64) -> String {
    let text = grouped(value);
    match lang {
        Lang::En => text,
        Lang::Nl => text.replace(',', "."),
    }
}

fn average(lang: Lang, value: Average) -> String {
    let text = value.to_string();
    match lang {
        Lang::En => text,
        Lang::Nl => text.replace('.', ","),
    }
}

/// Compliant, or not, or not known.
pub fn verdict(words: &UsageWords, report: &Report, compliant: bool) -> Badge {
    match (report.is_collected(), compliant) {
        (false, _) => Badge::new(Tone::Neutral, words.not_collected),
        (true, true) => Badge::new(Tone::Good, words.compliant),
        (true, false) => Badge::new(Tone::Bad, words.not_compliant),
    }
}

/// Active, or not.
pub fn status(words: &UsageWords, active: bool) -> Badge {
    Badge::new(if active { Tone::Good } else { Tone::Neutral }, words.status_of(active))
}

impl SubscriptionFigures {
    /// A subscription over some days, with the picture of each type.
    pub fn of(lang: Lang, usage: &SubscriptionUsage, range: Range) -> Self {
        let types = usage.report.types.iter().map(|kind| type_figures(lang, usage, (range, kind)));
        Self { types: types.collect(), ..Self::totals(lang, usage, range) }
    }

    /// The same without its types.
    pub fn totals(lang: Lang, usage: &SubscriptionUsage, range: Range) -> Self {
        let words = UsageWords::of(lang);
        let report = &usage.report;
        Self {
            id: usage.subscription.subscription_id.clone(),
            model: words.model_name(report.model),
            status: status(words, usage.active),
            purchased: number(lang, report.purchased()),
            consumed: report.is_collected().then(|| number(lang, report.consumed())),
            overage: number(lang, report.overage()),
            verdict: verdict(words, report, report.is_compliant()),
            short: !report.is_compliant(),
            days: format!("{} / {}", report.days, range.days()),
            substitution: substitution(lang, report),
            types: Vec::new(),
        }
    }
}

/// Told only where it would be another figure.
fn substitution(lang: Lang, report: &Report) -> Option<String> {
    let other = report.overage_with_substitution().filter(|other| *other != report.overage())?;
    Some(format!("{} {}.", UsageWords::of(lang).substitution, number(lang, other)))
}

fn type_figures(
    lang: Lang,
    usage: &SubscriptionUsage,
    (range, kind): (Range, &TypeUsage),
) -> TypeFigures {
    let words = UsageWords::of(lang);
    let days = usage.days.iter().map(|(day, counts)| (*day, counts.get(kind.kind)));
    let (bought, used) = (number(lang, kind.purchased), number(lang, kind.consumed));
    let text = format!("{}: {used}, {}: {bought}", words.consumed, words.purchased);
    TypeFigures {
        name: words.type_name(kind.kind),
        is: words.type_is(kind.kind),
        overage: number(lang, kind.overage()),
        average: average(lang, kind.average),
        last: number(lang, kind.last),
        verdict: verdict(words, &usage.report, kind.is_compliant()),
        short: !kind.is_compliant(),
        chart: Chart::of(range, days, (kind.purchased, text)),
        purchased: bought,
        consumed: used,
    }
}
