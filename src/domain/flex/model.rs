//! License models of the Flex plan, and the license types that each of them counts.

use crate::domain::coded::coded;
use std::fmt;

coded! {
    /// What a license of a subscription is for (F-FU-05 to -07); databases name the column so.
    ///
    /// The knowledge worker here is counted on Unified CM; the headcount of an Active User contract,
    /// which has the same name, is another thing.
    FlexType {
        /// Somebody with several devices, with voicemail.
        Professional = "professional",
        /// Somebody with one device, without voicemail.
        Enhanced = "enhanced",
        /// Dial tone and basic calls.
        Access = "access",
        /// Somebody with a telephone number, a device or Extension Mobility.
        KnowledgeWorker = "knowledge_worker",
        /// An endpoint that belongs to nobody.
        CommonArea = "common_area",
        /// A room system.
        TelePresence = "telepresence",
    }
}

impl FlexType {
    /// The name in English (documented).
    pub fn name(self) -> &'static str {
        match self {
            Self::Professional => "Professional",
            Self::Enhanced => "Enhanced",
            Self::Access => "Access",
            Self::KnowledgeWorker => "Knowledge Worker",
            Self::CommonArea => "Common Area",
            Self::TelePresence => "TelePresence",
        }
    }
}

impl fmt::Display for FlexType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

coded! {
    /// A license model of a subscription (F-FU-04).
    Model {
        /// Flex 2.0.
        Flex20 = "flex_2_0",
        /// Flex 3.0, Named User.
        NamedUser = "flex_3_0_nu",
        /// Flex 3.0, Enterprise Agreement; the sources head its table "user license model".
        EnterpriseAgreement = "flex_3_0_ea",
    }
}

impl Model {
    /// The name in English (documented).
    pub fn name(self) -> &'static str {
        match self {
            Self::Flex20 => "Flex 2.0",
            Self::NamedUser => "Flex 3.0 Named User",
            Self::EnterpriseAgreement => "Flex 3.0 Enterprise Agreement",
        }
    }

    /// The types that it counts, in the order of pages (documented).
    pub fn types(self) -> &'static [FlexType] {
        use FlexType as T;
        match self {
            Self::Flex20 => &[T::KnowledgeWorker, T::CommonArea, T::TelePresence],
            Self::NamedUser => &[T::Professional, T::Enhanced, T::Access, T::TelePresence],
            Self::EnterpriseAgreement => {
                &[T::KnowledgeWorker, T::CommonArea, T::Access, T::TelePresence]
            }
        }
    }

    /// The fewest of a type that an order may have (documented: 1000 knowledge workers, F-FU-07).
    pub fn fewest(self, kind: FlexType) -> i64 {
        match (self, kind) {
            (Self::EnterpriseAgreement, FlexType::KnowledgeWorker) => 1_000,
            _ => 0,
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-FU-05, F-FU-06, F-FU-07, X-19, X-20: which types a model has.
    #[test]
    fn each_model_has_its_types() {
        let types = |model: Model| {
            let names = model.types().iter().map(|kind| kind.name());
            names.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(types(Model::Flex20), "Knowledge Worker, Common Area, TelePresence");
        assert_eq!(types(Model::NamedUser), "Professional, Enhanced, Access, TelePresence");
        let ea = "Knowledge Worker, Common Area, Access, TelePresence";
        assert_eq!(types(Model::EnterpriseAgreement), ea);
        for model in Model::ALL {
            assert_eq!(Model::parse(model.code()), Some(model));
        }
        for kind in FlexType::ALL {
            assert_eq!(FlexType::parse(kind.code()), Some(kind));
        }
    }
}
