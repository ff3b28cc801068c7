//! How values stand in a line: instants, dates, words of closed lists, bounded texts and counts.

use crate::domain::license::{Billing, LicenseType};
use crate::domain::line::{Booking, Source};
use crate::domain::sync::Kind;
use crate::domain::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate, SecondsFormat};
use serde::de::{Deserializer, MapAccess, Unexpected, Visitor};
use serde::{Deserialize as _, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// The longest text, in bytes: a chain of certificates is the longest that there is (ours).
const LONGEST_TEXT: usize = 16 * 1_024;
/// The largest count, as everywhere in the product.
const LARGEST: i64 = 1_000_000_000;

/// A value with a form in a line, and the rule for it in words.
pub(super) trait Form: Sized {
    /// What is right, as in "expected …".
    const RULE: &'static str;
    /// Reads it; `None` when the rule is broken.
    fn read(text: &str) -> Option<Self>;
    /// Writes it.
    fn write(&self) -> Cow<'_, str>;
}

impl Form for String {
    const RULE: &'static str = "a text of at most 16384 bytes without U+0000";

    fn read(text: &str) -> Option<Self> {
        (text.len() <= LONGEST_TEXT && !text.contains('\0')).then(|| text.to_owned())
    }

    fn write(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl Form for Timestamp {
    const RULE: &'static str = "an instant like 2026-01-05T09:00:00Z, in the years 1970 to 9999";

    fn read(text: &str) -> Option<Self> {
        let instant = text.ends_with('Z').then(|| Self::parse(text)).flatten()?;
        year_is_common(instant.date()).then_some(instant)
    }

    fn write(&self) -> Cow<'_, str> {
        self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
    }
}

impl Form for NaiveDate {
    const RULE: &'static str = "a day like 2026-01-05, in the years 1970 to 9999";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|date| year_is_common(*date))
    }

    fn write(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

/// Databases and people agree on years of four digits.
fn year_is_common(date: NaiveDate) -> bool {
    (1970..=9999).contains(&date.year())
}

impl Form for Vec<u8> {
    const RULE: &'static str = "bytes in base64, 16384 characters at most";

    fn read(text: &str) -> Option<Self> {
        (text.len() <= LONGEST_TEXT).then(|| STANDARD.decode(text).ok()).flatten()
    }

    fn write(&self) -> Cow<'_, str> {
        STANDARD.encode(self).into()
    }
}

/// Words of closed lists, as the product writes them elsewhere.
macro_rules! words {
    ($($type:ty: $write:ident, $rule:literal;)+) => {$(
        impl Form for $type {
            const RULE: &'static str = $rule;

            fn read(text: &str) -> Option<Self> {
                Self::parse(text).filter(|value| value.$write() == text)
            }

            fn write(&self) -> Cow<'_, str> {
                self.$write().into()
            }
        }
    )+};
}

words! {
    Kind: code, "standard or full";
    Billing: name, "PREPAID or USAGE";
    LicenseType: name, "PERPETUAL, TERM, SUBSCRIPTION or DEMO";
    Booking: code, "booked, pending or cancelled";
    Source: code, "order, device_migration, dlc or pak";
}

/// The beginning of a text that breaks a rule.
fn shown(text: &str) -> Unexpected<'_> {
    let end = text.char_indices().nth(60).map_or(text.len(), |(place, _)| place);
    Unexpected::Str(text.get(..end).unwrap_or(text))
}

struct Read<T>(PhantomData<T>);

impl<T: Form> Visitor<'_> for Read<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::RULE)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::read(text).ok_or_else(|| E::invalid_value(shown(text), &self))
    }
}

/// `with` for a member that must be there.
pub(super) mod form {
    use super::{Deserializer, Form, PhantomData, Read, Serializer};

    pub(in super::super) fn serialize<T: Form, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.write())
    }

    pub(in super::super) fn deserialize<'de, T: Form, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        from.deserialize_str(Read(PhantomData))
    }
}

/// `with` for a member that may be missing, but not null.
pub(super) mod optional {
    use super::{Deserializer, Form, Serializer, form};

    #[expect(clippy::ref_option, reason = "serde passes it so")]
    pub(in super::super) fn serialize<T: Form, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => form::serialize(value, to),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, T: Form, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        form::deserialize(from).map(Some)
    }
}

/// `with` for a list of texts.
pub(super) mod texts {
    use super::{Deserializer, Form, Serializer, shown};
    use serde::Deserialize as _;
    use serde::de::Error as _;

    pub(in super::super) fn serialize<S: Serializer>(
        value: &[String],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(value)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<String>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        match texts.iter().find(|text| String::read(text).is_none()) {
            Some(text) => Err(D::Error::invalid_value(shown(text), &String::RULE)),
            None => Ok(texts),
        }
    }
}

/// `deserialize_with` for a count from 0.
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(from)?;
    in_range(0, number)
}

/// A count that may be missing.
pub(super) fn optional_count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    count(from).map(Some)
}

fn in_range<E: serde::de::Error>(least: i64, number: i64) -> Result<i64, E> {
    if (least..=LARGEST).contains(&number) {
        return Ok(number);
    }
    let rule: &str = if least == 0 { "0 to 1000000000" } else { "1 to 1000000000" };
    Err(E::invalid_value(Unexpected::Signed(number), &rule))
}

/// `with` for what an instance uses: counts from 1 by tag, each tag once.
pub(super) mod uses {
    use super::{
        BTreeMap, Deserializer, Form, MapAccess, Serializer, Visitor, fmt, in_range, shown,
    };
    use serde::de::Error as _;
    use serde::ser::SerializeMap as _;

    pub(in super::super) fn serialize<S: Serializer>(
        value: &BTreeMap<String, i64>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(value.len()))?;
        for (tag, count) in value {
            map.serialize_entry(tag, count)?;
        }
        map.end()
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<String, i64>, D::Error> {
        from.deserialize_map(Uses)
    }

    struct Uses;

    impl<'de> Visitor<'de> for Uses {
        type Value = BTreeMap<String, i64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("counts by entitlement tag")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut uses = BTreeMap::new();
            while let Some(tag) = map.next_key::<String>()? {
                let count = in_range(1, map.next_value()?)?;
                if String::read(&tag).is_none() {
                    return Err(A::Error::invalid_value(shown(&tag), &String::RULE));
                }
                if uses.contains_key(&tag) {
                    return Err(A::Error::custom(format!("the tag {tag} stands there twice")));
                }
                uses.insert(tag, count);
            }
            Ok(uses)
        }
    }
}
