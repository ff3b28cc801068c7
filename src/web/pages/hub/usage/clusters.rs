//! Clusters of a customer (F-FU-16); the columns follow the model of the subscription.

use super::customer::tabs;
use super::figures::number;
use super::words::UsageWords;
use super::{timeline, timelines};
use crate::domain::flex::{FlexType, Model, Range};
use crate::engine::ClusterRow;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::help::Topic;
use crate::web::pages::hub::frame::{at, lang};
use crate::web::pages::view::{Badge, Choice, Tone};
use actix_web::HttpResponse;
use askama::Template;

/// One cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterFigures {
    /// Its name.
    pub name: String,
    /// The data centre.
    pub region: String,
    /// Publisher and release.
    pub publisher: String,
    /// Verified, or not.
    pub state: Badge,
    /// The use of each column's type; nothing where there is none.
    pub used: Vec<Option<String>>,
}

/// The clusters that use subscriptions of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterTable {
    /// The model; nothing for those that use no subscription yet.
    pub model: Option<&'static str>,
    /// The types that are columns.
    pub types: Vec<&'static str>,
    /// The clusters.
    pub rows: Vec<ClusterFigures>,
}

/// The clusters of a customer.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/clusters.html")]
pub struct ClustersPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static UsageWords,
    /// Report and clusters.
    pub tabs: Vec<NavItem>,
    /// What this is.
    pub topic: Topic,
    /// The days on offer.
    pub timelines: Vec<Choice>,
    /// The days in view.
    pub range: Range,
    /// The tables, one for each model.
    pub tables: Vec<ClusterTable>,
}

/// The clusters.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, clusters_page(&ask)).await
}

async fn clusters_page(ask: &Ask) -> Result<ClustersPage, Failure> {
    let (key, chosen) = (ask.segment("key"), timeline(&ask.query)?);
    let found = ask.engine().flex_clusters(&ask.visit.who, key, chosen).await?;
    let lang = lang(ask);
    let words = UsageWords::of(lang);
    Ok(ClustersPage {
        frame: at(ask, &found.desk, "ucm-cloud").await?,
        words,
        tabs: tabs(words, key, true, "ucm-cloud/clusters"),
        topic: help::clusters_topic(lang),
        timelines: timelines(words, chosen),
        range: found.range,
        tables: tables(lang, &found.rows),
    })
}

/// One table for each model that some cluster uses, then those that use none.
fn tables(lang: Lang, rows: &[ClusterRow]) -> Vec<ClusterTable> {
    let model = |row: &ClusterRow| row.subscription.as_ref().map(|of| of.model);
    let mut models: Vec<_> = rows.iter().map(model).collect();
    models.sort_by_key(|model| (model.is_none(), *model));
    models.dedup();
    let words = UsageWords::of(lang);
    let table = |wanted: Option<Model>| {
        let types = wanted.map_or(&[][..], Model::types);
        let own = rows.iter().filter(|row| model(row) == wanted);
        ClusterTable {
            model: wanted.map(|model| words.model_name(model)),
            types: types.iter().map(|kind| words.type_name(*kind)).collect(),
            rows: own.map(|row| figures(lang, row, types)).collect(),
        }
    };
    models.into_iter().map(table).collect()
}

fn figures(lang: Lang, row: &ClusterRow, types: &[FlexType]) -> ClusterFigures {
    let (words, cluster, tally) = (UsageWords::of(lang), &row.usage.cluster, &row.usage.tally);
    let used = |kind: &FlexType| tally.last.map(|_| number(lang, tally.peak.get(*kind)));
    let state = match (cluster.verified_at, cluster.found) {
        (Some(_), _) => Badge::new(Tone::Good, words.verified),
        (None, true) => Badge::new(Tone::Attention, words.found),
        (None, false) => Badge::new(Tone::Attention, words.not_verified),
    };
    ClusterFigures {
        name: cluster.name.clone(),
        region: cluster.region.clone(),
        publisher: format!("{} · {}", cluster.publisher, cluster.version),
        state,
        used: types.iter().map(used).collect(),
    }
}
