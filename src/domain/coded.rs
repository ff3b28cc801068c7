//! Closed lists of words, each with a code that is stored and sent.

/// A closed list of words: each has a code in storage and addresses.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $case:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $code)] $case),+
        }

        impl $name {
            /// All of them, in the order in which people choose.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$case),+];

            /// Its code in storage, addresses and JSON.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$case => $code),+
                }
            }

            /// The one of that code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.code() == code)
            }

            /// The one of that code, or which codes there are.
            pub fn of(field: &'static str, code: &str) -> crate::domain::Result<Self> {
                Self::parse(code).ok_or_else(|| {
                    let known = Self::ALL.map(Self::code).join(", ");
                    crate::domain::Error::invalid(field, format!("'{code}' is none of {known}"))
                })
            }
        }
    };
}
pub(crate) use coded;
