//! The categories of brand safety, and what is listed for each. `docs/screening.md` has the table for people, with the
//! names of GARM and the IAB.
//!
//! Words are in the singular and in English. The lists are short and plain: words that mean little else. There is none
//! for hate, whose words a platform lists for its own languages (`brand_words` of a preset).

/// A category, and by what it is found.
pub(super) struct CategoryRule {
    /// Its word in JSON.
    pub category: &'static str,
    /// Words with blanks between; one of them is a strong risk.
    pub strong: &'static str,
    /// One of them is a mild risk.
    pub mild: &'static str,
    /// COCO objects that are a mild risk.
    pub objects: &'static [&'static str],
    /// Speech without a listed word likely has nothing of the category. False for what is told in plain words: a plan
    /// of a crime needs none that is listed.
    pub words_tell: bool,
}

impl CategoryRule {
    /// A category for which nothing is listed.
    const fn unseen(category: &'static str) -> Self {
        Self {
            category,
            strong: "",
            mild: "",
            objects: &[],
            words_tell: false,
        }
    }
}

/// All categories.
pub(super) const CATEGORIES: [CategoryRule; 13] = [
    CategoryRule {
        strong: "porn porno pornography blowjob orgasm masturbate masturbation",
        mild: "nude naked sexy erotic stripper striptease",
        words_tell: true,
        ..CategoryRule::unseen("nudity")
    },
    CategoryRule {
        strong: "\
            fuck fucking fucked fucker motherfucker motherfucking shit shitty bullshit cunt \
            asshole bitch bitches bastard dickhead cocksucker wanker",
        mild: "damn goddamn crap piss pissed arse bollocks bugger",
        words_tell: true,
        ..CategoryRule::unseen("profanity")
    },
    CategoryRule {
        strong: "\
            cocaine heroin meth methamphetamine fentanyl lsd mdma ketamine opium marijuana \
            cannabis",
        mild: "\
            beer wine vodka whiskey whisky tequila gin rum champagne cocktail alcohol alcoholic \
            drunk hangover cigarette cigar tobacco nicotine vape vaping hookah",
        objects: &["wine glass"],
        words_tell: true,
        ..CategoryRule::unseen("drugs_and_alcohol")
    },
    CategoryRule {
        mild: "\
            casino gambling gambler roulette blackjack poker jackpot sportsbook bookmaker",
        words_tell: true,
        ..CategoryRule::unseen("gambling")
    },
    CategoryRule {
        strong: "grenade silencer ak47 ar15",
        mild: "\
            gun handgun rifle pistol shotgun revolver ammunition ammo firearm bullet weapon",
        ..CategoryRule::unseen("weapons")
    },
    CategoryRule {
        strong: "rape raped rapist torture tortured pedophile kidnapped kidnapping",
        mild: "\
            murder murdered murderer robbery stabbed stabbing assaulted burglary smuggling",
        ..CategoryRule::unseen("crime")
    },
    CategoryRule {
        strong: "suicide massacre genocide beheading beheaded",
        mild: "corpse killed dead death war bombing airstrike casualty casualties funeral",
        ..CategoryRule::unseen("death_and_war")
    },
    CategoryRule {
        strong: "terrorist terrorism jihadist",
        mild: "hostage extremist",
        ..CategoryRule::unseen("terrorism")
    },
    CategoryRule::unseen("hate"),
    CategoryRule::unseen("piracy"),
    CategoryRule::unseen("spam"),
    CategoryRule::unseen("social_issues"),
    CategoryRule::unseen("misinformation"),
];

/// Whether there is such a category.
pub(super) fn is_category(name: &str) -> bool {
    CATEGORIES.iter().any(|rule| rule.category == name)
}
