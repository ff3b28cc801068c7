//! What the two portals call the same thing by different names.

/// The names of an edition. Texts that fit both say "virtual account" for short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// What holds the virtual accounts, in the middle of a sentence.
    pub account: &'static str,
    /// The same as a heading, for one.
    pub account_title: &'static str,
    /// A virtual account, as a label and as the head of a column.
    pub virtual_account: &'static str,
    /// Several of them, as a heading.
    pub virtual_accounts: &'static str,
    /// The property *default*.
    pub default: &'static str,
    /// The button that opens the form of a new one.
    pub new: &'static str,
    /// Title of that form.
    pub new_dialog: &'static str,
    /// The button of that form.
    pub create: &'static str,
    /// Title of a transfer of licenses.
    pub transfer: &'static str,
    /// The button that leads to tokens for several of them.
    pub several: &'static str,
    /// What active lines of a license add up to (B-LWS-04).
    pub available: &'static str,
    /// What the starred one is for, as a rule.
    pub star: &'static str,
    /// The same, of one that becomes the default.
    pub default_gets: &'static str,
    /// What a name has to be.
    pub unique: &'static str,
    /// The same, of another name.
    pub renaming: &'static str,
    /// How licenses come, where there are none.
    pub arrival: &'static str,
}

/// Smart Software Manager.
pub const CSSM: Words = Words {
    account: "Smart Account",
    account_title: "Smart Account",
    virtual_account: "Virtual Account",
    virtual_accounts: "Virtual accounts",
    default: "Default Virtual Account",
    new: "New Virtual Account…",
    new_dialog: "New Virtual Account",
    create: "Create Virtual Account",
    transfer: "Transfer Between Virtual Accounts",
    several: "Several Virtual Accounts…",
    available: "Available to Use",
    star: "The starred one receives orders that name no virtual account.",
    default_gets: "Orders that name no virtual account will arrive there.",
    unique: "1 to 100 characters, unique in the Smart Account whatever the case.",
    renaming: "1 to 100 characters, unique in the Smart Account whatever the case. The logs keep \
               the old name.",
    arrival: "Licenses arrive here by an order or by a transfer from another virtual account. A \
              product that asks for a license nobody owns appears here, too, as a shortage.",
};

/// SSM On-Prem.
pub const SATELLITE: Words = Words {
    account: "local account",
    account_title: "Local Account",
    virtual_account: "Local Virtual Account",
    virtual_accounts: "Local virtual accounts",
    default: "Default Local Virtual Account",
    new: "New Local Virtual Account…",
    new_dialog: "New Local Virtual Account",
    create: "Create Local Virtual Account",
    transfer: "Transfer Between Local Virtual Accounts",
    several: "Several Local Virtual Accounts…",
    available: "Purchased",
    star: "The starred one receives what comes from CSSM.",
    default_gets: "Licenses that come from CSSM will arrive there.",
    unique: "1 to 100 characters, unique in the local account whatever the case.",
    renaming: "1 to 100 characters, unique in the local account whatever the case. The logs keep \
               the old name.",
    arrival: "Licenses arrive with a synchronization, or by a transfer from another local virtual \
              account. A product that asks for a license nobody owns appears here, too, as a \
              shortage.",
};
