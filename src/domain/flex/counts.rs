//! How many of each license type.

use super::FlexType;
use std::ops::Add;

/// The most of one type in one order, or on one cluster on one day (ours).
pub const LARGEST: i64 = 10_000_000;

/// How many of each license type; zero where a model does not have the type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Professional.
    pub professional: i64,
    /// Enhanced.
    pub enhanced: i64,
    /// Access.
    pub access: i64,
    /// Knowledge Worker.
    pub knowledge_worker: i64,
    /// Common Area.
    pub common_area: i64,
    /// `TelePresence`.
    pub telepresence: i64,
}

impl Counts {
    /// So many of one type.
    pub fn get(&self, kind: FlexType) -> i64 {
        match kind {
            FlexType::Professional => self.professional,
            FlexType::Enhanced => self.enhanced,
            FlexType::Access => self.access,
            FlexType::KnowledgeWorker => self.knowledge_worker,
            FlexType::CommonArea => self.common_area,
            FlexType::TelePresence => self.telepresence,
        }
    }

    /// The place of one type.
    pub fn of(&mut self, kind: FlexType) -> &mut i64 {
        match kind {
            FlexType::Professional => &mut self.professional,
            FlexType::Enhanced => &mut self.enhanced,
            FlexType::Access => &mut self.access,
            FlexType::KnowledgeWorker => &mut self.knowledge_worker,
            FlexType::CommonArea => &mut self.common_area,
            FlexType::TelePresence => &mut self.telepresence,
        }
    }

    /// From so many of some types.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (FlexType, i64)>) -> Self {
        let mut counts = Self::default();
        for (kind, quantity) in pairs {
            *counts.of(kind) = quantity;
        }
        counts
    }

    /// The larger one of each type.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            professional: self.professional.max(other.professional),
            enhanced: self.enhanced.max(other.enhanced),
            access: self.access.max(other.access),
            knowledge_worker: self.knowledge_worker.max(other.knowledge_worker),
            common_area: self.common_area.max(other.common_area),
            telepresence: self.telepresence.max(other.telepresence),
        }
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            professional: self.professional + other.professional,
            enhanced: self.enhanced + other.enhanced,
            access: self.access + other.access,
            knowledge_worker: self.knowledge_worker + other.knowledge_worker,
            common_area: self.common_area + other.common_area,
            telepresence: self.telepresence + other.telepresence,
        }
    }
}
