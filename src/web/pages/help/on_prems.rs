//! The texts about On-Prem Accounts.

use super::Topic;

/// Satellites that are registered with CSSM.
pub const ON_PREMS: Topic = Topic {
    id: "on-prem-accounts",
    title: "On-Prem Accounts",
    what: "An On-Prem is a local account of a satellite that is registered here: it serves the \
           products of its virtual accounts on their own network. It tells what they use by \
           synchronizing, over the network or by files.",
    next: "Synchronize once a month. When that stays away for 90 days, the On-Prem is removed here \
           and its virtual accounts are ordinary ones again; the licenses stay.",
    renamed: "Cisco License On-Prem (CLP)",
};

/// Registering a local account by files.
pub const NEW_ON_PREM: Topic = Topic {
    id: "new-on-prem",
    title: "New On-Prem",
    what: "The satellite makes a registration file with the name of its local account, its virtual \
           account and its key. CSSM answers with an authorization file, which is good for that one \
           registration file.",
    next: "Download the authorization file when it is ready, upload it on the satellite, and let it \
           synchronize.",
    renamed: "",
};

/// Synchronizing by files.
pub const FILE_SYNC: Topic = Topic {
    id: "file-sync",
    title: "File Sync",
    what: "The request file of a satellite tells what its products use. It is signed, belongs to \
           one On-Prem and is taken once; a file that was changed changes nothing.",
    next: "Download the response file and upload it on the satellite: it has the licenses of its \
           virtual accounts as they are now.",
    renamed: "",
};
