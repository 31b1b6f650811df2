//! Base forms of English words: "managed" → "manage", "went" → "go", "analyses" → "analysis". Spelling rules with
//! their exceptions, no dictionary: the rules are those of any English grammar (Quirk
//! et al., A Comprehensive Grammar of the English Language, 1985, on the morphology of verbs and nouns).

use std::{collections::HashMap, sync::OnceLock};

/// Irregular forms, a line for each base form: base, then its other forms.
const IRREGULAR: &str = include_str!("../../assets/insight/irregular.txt");

/// Words that only look inflected.
const UNINFLECTED: &str = "
    access across address agile aids alias always analysis anything asking-price axis basis bed bias bless bonus boring-company breed building
    bus business campus cannabis canvas ceiling census chaos chess choosing-beggar class clothing congress consensus corps crisis cross cs
    diabetes diagnosis discuss during dress early emphasis evening everything express feed focus funding gas glass goods grass
    headquarters hundred hypothesis illness indeed interesting james king kindness kubernetes lens less loss marketing mass means
    mess miss morning news nothing nucleus oasis pass perhaps physics plus politics possess practice press process progress
    red ring sacred seed series shed shipping siblings sibling sing something species speed spring status stress string success
    synopsis synthesis team-wing tennis texas thing this thus us various versus virus was wedding weed wing wireless witness
    yes analytics economics electronics ethics graphics logistics mathematics statistics basics hers ours yours theirs its his
    windows aws ios macos sas css js sms dns https tls xss ads-manager ids ips sls ops devops jenkins pandas redis
    need exceed proceed succeed indeed steed deed greed bleed embed thread interested tired excited
    engineering pricing branding accounting onboarding learning-curve housing lighting pudding
    chris paris luis jesus atlas canvas genius radius stimulus surplus syllabus walrus apparatus hiatus impetus
    numpy being unless always besides sometimes afterwards towards upwards besides whereas as is has";

/// Stems that lose a final e before -ed and -ing although the rules below would not put one back.
const STEMS_WITH_E: &str = "
    rout cit invit excit unit recit ignit execut comput contribut distribut institut substitut constitut attribut disput pollut mut
    promot vot quot not denot devot complet delet compet writ rewrit overwrit bit
    explor stor scor ignor restor ador shor cor scar shar compar prepar declar spar dar star squar
    interfer adher persever interven conven phon postpon clon hon thron ston don
    tun prun scop hop cop shap scrap escap landscap reshap tap typ retyp prototyp pip wip swip snip grip strip-e hyp
    nam renam fram gam blam tam tim prim welcom becom com overcom assum consum resum presum fum volum
    defin combin determin min examin refin lin shin streamlin fin outlin imagin declin underlin din rout-in pin-e decid
    bas releas increas decreas eas purchas cas chas phas eras leas creas pleas teas ceas
    describ prob subscrib trib tub vib brib transcrib prescrib inscrib gaug
    breath bath sooth clos los propos suppos expos choos diagnos compos impos oppos ros dos pos purpos dispos nos
    us caus refus confus excus abus reus accus amus fus paus hous mous rais prais advis revis compris exercis promis supervis compromis
    surpris ris aris wis nois franchis improvis devis televis
    lik mak tak bik hik strik spik jok smok invok evok provok revok brok wok awak shak stak bak fak snak cak mistak undertak
    upgrad degrad trad fad evad persuad mad downgrad invad wad parad blad cascad
    guid provid divid sid rid hid slid collid resid presid confid coincid resid overrid preced conced imped rec-ed
    includ conclud exclud intrud cod decod encod explod mod erod recod gcod
    rul schedul compil fil profil smil styl whil pil role-rul handl sal scal pol rol smil toll-e console consol whol hol stapl
    tast past wast hast past-e manag
    saf chaf
    danc encourag pag stag imag
    serv solv
    believ leav liv giv sav driv dev arriv remov prov improv approv lov mov achiev receiv behav
    argu issu valu continu pursu rescu queu du su clu glu
    agre fre guarante see-s refere
    dyn her-e whit quit delet-e bak-e cach";

/// Stems that end like one of those that lose an e, and never had one.
const STEMS_WITHOUT_E: &str = "
    focus bias canvas sync treat heat repeat beat defeat cheat combat format reformat float chat eat seat sweat boat coat great
    plan bus gas quiz repair chair air pair stair fair hair blur occur recur spur favour honour labour tour pour hour scour
    hang bang clang slang tang fang pang orphan slogan
    control travel cancel model label level signal total channel fuel excel compel propel rebel patrol enrol pedal shovel
    wheel feel deal heal steal reveal appeal seal kneel peel cool pool tool fool boil spoil foil oil toil soil fail mail email
    sail trail bail detail retail nail hail curtail entail avail assail prevail call tweel unveil veil
    benefit";

struct WordLists {
    irregular: HashMap<&'static str, &'static str>,
    uninflected: std::collections::HashSet<&'static str>,
    with_e: std::collections::HashSet<&'static str>,
    without_e: std::collections::HashSet<&'static str>,
}

fn words() -> &'static WordLists {
    static WORDS: OnceLock<WordLists> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut irregular = HashMap::new();
        for line in IRREGULAR.lines().filter(|line| !line.starts_with('#')) {
            let mut forms = line.split_whitespace();
            if let Some(base) = forms.next() {
                for form in forms {
                    irregular.entry(form).or_insert(base);
                }
            }
        }
        WordLists {
            irregular,
            uninflected: UNINFLECTED.split_whitespace().collect(),
            with_e: STEMS_WITH_E.split_whitespace().collect(),
            without_e: STEMS_WITHOUT_E.split_whitespace().collect(),
        }
    })
}

/// The base form of a lower-case word. Verbs, nouns and comparatives; a word that is no inflection comes back as it is.
pub fn base_form(word: &str) -> String {
    let words = words();
    let word = word.strip_suffix("'s").unwrap_or(word);
    let word = word.strip_suffix("s'").map_or(word, |stem| &word[..=stem.len()]);
    if words.uninflected.contains(word) || word.len() < 3 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(base) = words.irregular.get(word) {
        return (*base).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() < 2 {
            format!("{stem}ie")
        } else {
            format!("{stem}y")
        };
    }
    if let Some(stem) = word.strip_suffix("ied") {
        return if stem.len() < 2 {
            format!("{stem}ie")
        } else {
            format!("{stem}y")
        };
    }
    if let Some(stem) = word
        .strip_suffix("ing")
        .filter(|stem| has_vowel(stem) && stem.len() > 1)
    {
        return restore_ending(stem, words);
    }
    if let Some(stem) = word.strip_suffix("ed").filter(|stem| has_vowel(stem) && stem.len() > 1) {
        return restore_ending(stem, words);
    }
    singular(word)
}

fn has_vowel(stem: &str) -> bool {
    stem.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// "users" → "user", "classes" → "class", "fixes" → "fix", "uses" → "use".
fn singular(word: &str) -> String {
    if !word.ends_with('s') || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes", "tches"] {
        if word.ends_with(ending) && !matches!(word, "caches" | "aches" | "headaches" | "axes" | "niches") {
            return word[..word.len() - 2].to_owned();
        }
    }
    if let Some(stem) = word.strip_suffix("oes") {
        return if matches!(word, "shoes" | "toes" | "does") {
            word[..word.len() - 1].to_owned()
        } else {
            format!("{stem}o")
        };
    }
    if let Some(stem) = word
        .strip_suffix("uses")
        .filter(|stem| matches!(*stem, "bon" | "foc" | "vir" | "camp" | "stat"))
    {
        return format!("{stem}us");
    }
    word[..word.len() - 1].to_owned()
}

/// Puts back what a stem lost before -ed or -ing: a final e, or one of two consonants.
fn restore_ending(stem: &str, words: &WordLists) -> String {
    if words.with_e.contains(stem) {
        return format!("{stem}e");
    }
    if words.without_e.contains(stem) {
        return stem.to_owned();
    }
    let bytes = stem.as_bytes();
    let last = bytes[bytes.len() - 1];
    let before = bytes[bytes.len() - 2];
    if last == before && !b"sfzoe".contains(&last) {
        let single = &stem[..stem.len() - 1];
        // "install" keeps its two l, "control" never had them.
        let keeps = last == b'l' && !words.without_e.contains(single);
        return if keeps || matches!(stem, "add" | "err" | "butt" | "putt") {
            stem.to_owned()
        } else {
            single.to_owned()
        };
    }
    if stem.ends_with("ck") && matches!(stem, "panick" | "traffick" | "mimick" | "picnick") {
        return stem[..stem.len() - 1].to_owned();
    }
    if needs_e(stem, last, before) {
        format!("{stem}e")
    } else {
        stem.to_owned()
    }
}

fn needs_e(stem: &str, last: u8, before: u8) -> bool {
    let vowel = |byte: u8| b"aeiou".contains(&byte);
    match last {
        b'c' | b'v' | b'u' => true,
        b'z' => before != b'z',
        b's' => before != b's' && !(before == b'u' && stem.len() > 4 && !vowel(stem.as_bytes()[stem.len() - 3])),
        b'g' => {
            if before == b'n' {
                stem.ends_with("ang") || stem.ends_with("eng")
            } else {
                true
            }
        }
        b'l' => !vowel(before) && !b"lrw".contains(&before),
        b't' => {
            stem.ends_with("at") && !vowel(stem.as_bytes().get(stem.len().wrapping_sub(3)).copied().unwrap_or(b'x'))
                || stem.ends_with("uat")
                || stem.ends_with("iat")
                || stem.ends_with("eat") && stem.ends_with("creat")
        }
        b'r' => {
            let third = stem.as_bytes().get(stem.len().wrapping_sub(3)).copied().unwrap_or(b'x');
            (before == b'u' || before == b'i') && !b"aoe".contains(&third)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_come_back_to_their_base() {
        for (base, forms) in [
            ("manage", "manages managed managing"),
            ("go", "goes went gone going"),
            ("plan", "plans planned planning"),
            ("analysis", "analyses"),
            ("analyze", "analyzed analyzing"),
            ("study", "studies studied studying"),
            ("write", "wrote written writing writes"),
            ("build", "built builds"),
            ("create", "created creating"),
            ("install", "installed installing"),
            ("control", "controlled controlling"),
            ("focus", "focused focusing"),
            ("configure", "configured configuring"),
            ("monitor", "monitored monitoring"),
            ("offer", "offered offering"),
            ("handle", "handled handling"),
            ("change", "changed changing changes"),
            ("bring", "brought bringing"),
            ("use", "used using uses"),
            ("route", "routed routing"),
            ("class", "classes"),
            ("process", "processes processed processing"),
            ("child", "children"),
            ("person", "people"),
            ("good", "better best"),
            ("try", "tries tried trying"),
            ("lead", "led leading leads"),
            ("phish", "phishing phished"),
            ("develop", "developed developing"),
            ("visit", "visited"),
            ("reduce", "reduced reducing"),
            ("company", "companies"),
            ("user", "users user's users'"),
            ("need", "needed needs needing"),
            ("agree", "agreed agreeing"),
            ("fix", "fixes fixed"),
            ("cache", "cached caches caching"),
            ("update", "updated updating"),
            ("argue", "argued"),
            ("mention", "mentioned"),
            ("edit", "edited editing"),
        ] {
            for form in forms.split_whitespace() {
                assert_eq!(base_form(form), base, "{form}");
            }
        }
    }

    #[test]
    fn words_that_only_look_inflected_stay() {
        for word in [
            "this", "status", "during", "thing", "business", "news", "bus", "always", "string", "need",
        ] {
            assert_eq!(base_form(word), word);
        }
    }
}
