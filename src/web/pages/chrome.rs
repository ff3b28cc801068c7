//! The words around every page, in each language that pages speak.

/// A language of the hub's pages; everything else is in English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Lang {
    /// All of them, with what each calls itself.
    pub const ALL: [(Self, &'static str); 2] = [(Self::En, "English"), (Self::Nl, "Nederlands")];

    /// The code in `lang` attributes and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }

    /// The language of that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().map(|(lang, _)| lang).find(|lang| lang.code() == code)
    }

    /// The words around pages in this language.
    pub fn chrome(self) -> &'static Chrome {
        match self {
            Self::En => &EN,
            Self::Nl => &NL,
        }
    }
}

/// The words around every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chrome {
    /// The code of the language.
    pub lang: &'static str,
    /// The first link of a page.
    pub skip: &'static str,
    /// What this is, below every page.
    pub disclaimer: &'static str,
    /// Before the instant.
    pub world_time: &'static str,
    /// When that is not what clocks on walls show.
    pub not_wall: &'static str,
    /// Link to the help.
    pub help: &'static str,
    /// Before the name of who is signed in.
    pub user_menu: &'static str,
    /// The button that ends the session.
    pub sign_out: &'static str,
    /// Name of the tab bar.
    pub main: &'static str,
    /// Name of the choice of languages.
    pub language: &'static str,
    /// The summary that unfolds an explanation.
    pub what: &'static str,
    /// Before what happens next.
    pub next: &'static str,
    /// Link to the help of one topic.
    pub more: &'static str,
    /// Leads to where all organizations are.
    pub switch: &'static str,
    /// Leaves a dialog.
    pub cancel: &'static str,
}

/// English.
const EN: Chrome = Chrome {
    lang: "en",
    skip: "Skip to content",
    disclaimer: "Syncom lab emulator. Not affiliated with Cisco; what it signs is worthless \
                 outside the lab.",
    world_time: "World time",
    not_wall: "not wall time",
    help: "Help",
    user_menu: "User menu of",
    sign_out: "Sign out",
    main: "Main",
    language: "Language",
    what: "What is this?",
    next: "What happens next:",
    more: "Read more in the help",
    switch: "Switch organization",
    cancel: "Cancel",
};

/// Dutch.
const NL: Chrome = Chrome {
    lang: "nl",
    skip: "Naar de inhoud",
    disclaimer: "Syncom-labemulator. Niet verbonden met Cisco; wat hij ondertekent is buiten het \
                 lab waardeloos.",
    world_time: "Wereldtijd",
    not_wall: "niet de kloktijd",
    help: "Help (Engels)",
    user_menu: "Gebruikersmenu van",
    sign_out: "Afmelden",
    main: "Hoofdmenu",
    language: "Taal",
    what: "Wat is dit?",
    next: "Wat er daarna gebeurt:",
    more: "Meer in de help (Engels)",
    switch: "Andere organisatie",
    cancel: "Annuleren",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// F-FU-03: both languages are known by their codes, and say different things.
    #[test]
    fn languages_have_words_of_their_own() {
        for (lang, _) in Lang::ALL {
            assert_eq!(Lang::parse(lang.code()), Some(lang));
            assert_eq!(lang.chrome().lang, lang.code());
        }
        assert_eq!(Lang::parse("de"), None);
        assert_ne!(Lang::En.chrome().sign_out, Lang::Nl.chrome().sign_out);
    }
}
