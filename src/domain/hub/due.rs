//! What the clock does for the hub.

macro_rules! dues {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// What falls due; the code is stored.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Due { $($(#[$doc])* $name),* }

        impl Due {
            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What has that code.
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

dues! {
    /// A True Forward takes effect; the subject is the contract.
    TrueForward = "au_true_forward",
    /// New publishers of a customer are looked for; the subject is the customer.
    PublisherLook = "flex_publisher_look",
}
