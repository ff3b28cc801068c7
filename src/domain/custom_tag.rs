//! Custom tags of an account: a name, and the values that it may have (A-MSA-09, B-LWS-08). The name
//! with allowed values is documented; that a label says `Name: Value`, and the limits, are ours.

use super::error::{Error, Result};
use super::id::{CustomTagId, SmartAccountId};
use super::tag;
use std::collections::BTreeMap;

/// The longest name and the longest value, in characters: with what stands between them they are no
/// longer than a label may be.
pub const PART_LIMIT: usize = 24;
/// The most values of one custom tag.
pub const VALUES_LIMIT: usize = 50;
/// The most custom tags of an account.
pub const CUSTOM_TAGS_LIMIT: usize = 50;

/// What a label that begins with this name may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomTag {
    /// Identity.
    pub id: CustomTagId,
    /// Whose it is.
    pub account: SmartAccountId,
    /// Its name, unique in the account whatever the case.
    pub name: String,
    /// The values that it may have, at least one, in the order of the alphabet.
    pub values: Vec<String>,
}

/// A name as it was typed.
///
/// # Errors
/// Says what is wrong with `name`.
pub fn name(text: &str) -> Result<String> {
    part("name", text.trim())
}

/// Values as they were typed, one on a line or with commas: each once without regard to case.
///
/// # Errors
/// Says what is wrong with `values`.
pub fn values(text: &str) -> Result<Vec<String>> {
    let mut values = BTreeMap::new();
    let typed = text.split(['\n', ',']).map(str::trim).filter(|value| !value.is_empty());
    for value in typed {
        values.entry(tag::key(value)).or_insert(part("values", value)?);
    }
    match values.len() {
        0 => Err(Error::invalid("values", "at least one value is needed")),
        1..=VALUES_LIMIT => Ok(values.into_values().collect()),
        many => {
            let problem = format!("{many} values; at most {VALUES_LIMIT} are allowed");
            Err(Error::invalid("values", problem))
        }
    }
}

/// A name or a value: labels have commas between them, and a colon after the name.
fn part(field: &'static str, text: &str) -> Result<String> {
    let problem = if text.is_empty() {
        "must not be empty".to_owned()
    } else if text.chars().count() > PART_LIMIT {
        format!("'{text}' is longer than {PART_LIMIT} characters")
    } else if text.contains([',', ':']) {
        format!("'{text}' has a comma or a colon")
    } else if text.chars().any(char::is_control) {
        "control characters are not allowed".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(Error::invalid(field, problem))
}

impl CustomTag {
    /// The label with one of its values.
    pub fn label(&self, value: &str) -> String {
        format!("{}: {value}", self.name)
    }

    /// What a label of this custom tag says after the name, which may be nothing; `None` for one of
    /// another.
    fn said<'a>(&self, label: &'a str) -> Option<&'a str> {
        let (name, value) = label.split_once(':').unwrap_or((label, ""));
        (tag::key(name) == tag::key(&self.name)).then(|| value.trim())
    }

    /// Whether a label is of this custom tag.
    pub fn has(&self, label: &str) -> bool {
        self.said(label).is_some()
    }

    /// What a label of it says though it is not allowed.
    fn unfit<'a>(&self, label: &'a str) -> Option<&'a str> {
        let allows = |said: &str| self.values.iter().any(|own| tag::key(own) == tag::key(said));
        self.said(label).filter(|said| !allows(said))
    }

    /// That these labels, which things have, are allowed.
    ///
    /// # Errors
    /// Names the values that are missing.
    pub fn allows<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let mut missing: BTreeMap<String, (&str, usize)> = BTreeMap::new();
        for said in labels.into_iter().filter_map(|label| self.unfit(label)) {
            missing.entry(tag::key(said)).or_insert((said, 0)).1 += 1;
        }
        if missing.is_empty() {
            return Ok(());
        }
        let told: Vec<String> = missing.into_values().map(told).collect();
        let problem = format!("labels in use need more: {}", told.join(", "));
        Err(Error::invalid("values", problem))
    }

    /// That it may stand beside those of its account: its name is free, and there is room.
    ///
    /// # Errors
    /// Says what is in the way.
    pub fn may_join(&self, others: &[Self]) -> Result<()> {
        if let Some(other) = others.iter().find(|other| other.has(&self.name)) {
            let problem = format!("there is a custom tag {} already", other.name);
            return Err(Error::invalid("name", problem));
        }
        if others.len() >= CUSTOM_TAGS_LIMIT {
            let problem = format!("there are {CUSTOM_TAGS_LIMIT} custom tags; no more are allowed");
            return Err(Error::invalid("name", problem));
        }
        Ok(())
    }

    /// A label as this custom tag spells it.
    fn spelt(&self, label: &str) -> Option<Result<String>> {
        let said = self.said(label)?;
        let own = self.values.iter().find(|own| tag::key(own) == tag::key(said));
        Some(own.map(|own| self.label(own)).ok_or_else(|| {
            let values = self.values.join(", ");
            let problem = match said {
                "" => format!("'{}' needs one of its values: {values}", self.name),
                other => format!("'{other}' is no value of {}: {values}", self.name),
            };
            Error::invalid("tags", problem)
        }))
    }
}

fn told((said, uses): (&str, usize)) -> String {
    let said = if said.is_empty() { "no value" } else { said };
    format!("{said} ({uses})")
}

/// Labels for a virtual account or a license, those of custom tags as these spell them; the others
/// are free.
///
/// # Errors
/// Says which label of a custom tag has no allowed value.
pub fn fit(labels: &[String], known: &[CustomTag]) -> Result<Vec<String>> {
    let mut fitting = BTreeMap::new();
    for label in labels {
        let spelt = known.iter().find_map(|custom| custom.spelt(label)).transpose()?;
        let label = spelt.unwrap_or_else(|| label.clone());
        fitting.entry(tag::key(&label)).or_insert(label);
    }
    Ok(fitting.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn custom(name: &str, values: &str) -> CustomTag {
        let (id, account) = (CustomTagId(Uuid::nil()), SmartAccountId(Uuid::nil()));
        let values = super::values(values).unwrap();
        CustomTag { id, account, name: super::name(name).unwrap(), values }
    }

    fn problem<T: std::fmt::Debug>(outcome: Result<T>) -> String {
        outcome.unwrap_err().to_string()
    }

    /// A-MSA-09: names and values are bounded and fit into a label.
    #[test]
    fn names_and_values_are_bounded() {
        assert_eq!(values("b, A\n\n B ,a").unwrap(), ["A", "b"]);
        assert_eq!(name(" Region ").unwrap(), "Region");
        for wrong in ["", " ", "a:b", "a,b", "a\tb"] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
        assert!(values(" , \n").is_err() && values("a, b:c").is_err());
        let long = "x".repeat(PART_LIMIT + 1);
        assert!(problem(name(&long)).contains("longer than 24"));
        let many: Vec<String> = (0..=VALUES_LIMIT).map(|n| n.to_string()).collect();
        assert!(problem(values(&many.join("\n"))).contains("51 values; at most 50"));
        assert_eq!(2 * PART_LIMIT + ": ".len(), tag::TAG_LIMIT, "every label may be typed");
    }

    /// A-MSA-09, B-LWS-08: a label of a custom tag has one of its values, spelt as there; others
    /// are free.
    #[test]
    fn labels_fit_the_custom_tags() {
        let known = [custom("Region", "EMEA, APAC"), custom("Stage", "lab")];
        let labels = |text: &str| tag::parse(text).unwrap();
        let fitting =
            fit(&labels("core, region:emea, REGION : Apac,Region: EMEA, stage: LAB"), &known);
        assert_eq!(fitting.unwrap(), ["core", "Region: APAC", "Region: EMEA", "Stage: lab"]);
        let free = labels("Regional: x, a: b, EMEA");
        assert_eq!(fit(&free, &known).unwrap(), free);
        let wrong = problem(fit(&labels("Region: Mars"), &known));
        assert!(wrong.contains("'Mars' is no value of Region: APAC, EMEA"), "{wrong}");
        let bare = problem(fit(&labels("stage"), &known));
        assert!(bare.contains("'Stage' needs one of its values: lab"), "{bare}");
    }

    /// A-MSA-09: a name once, whatever the case, and not too many of them.
    #[test]
    fn custom_tags_are_different_and_bounded() {
        let named = |n: usize| custom(&format!("tag {n}"), "a");
        let mut others = vec![custom("Region", "EMEA")];
        let twice = problem(custom("REGION", "x").may_join(&others));
        assert!(twice.contains("there is a custom tag Region already"), "{twice}");
        others.extend((1..CUSTOM_TAGS_LIMIT - 1).map(named));
        custom("last", "x").may_join(&others).unwrap();
        others.push(custom("last", "x"));
        let full = problem(custom("one more", "x").may_join(&others));
        assert!(full.contains("there are 50 custom tags"), "{full}");
    }

    /// A-MSA-09: a custom tag allows at least what its labels say already.
    #[test]
    fn values_in_use_are_kept() {
        let region = custom("Region", "EMEA");
        region.allows(["region: emea", "core", "Stage: x"]).unwrap();
        let lost =
            problem(region.allows(["Region: Mars", "region:mars", "Region", "Region: EMEA"]));
        assert!(lost.contains("labels in use need more: no value (1), Mars (2)"), "{lost}");
        assert!(region.has("REGION: x") && !region.has("Regions: x"));
    }
}
