//! Countries, as licenses and requests name them.

/// ISO 3166-1 alpha-2, as assigned in 2024.
const COUNTRIES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC \
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD \
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH \
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW \
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC \
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY \
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The members of the European Union, for which `EU` stands.
const EUROPEAN_UNION: &str =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

/// The countries that `code` names, in either case: one, or those of `EU`. `None` where there is no such country.
pub(super) fn countries(code: &str) -> Option<Vec<String>> {
    let code = code.to_ascii_uppercase();
    if code == "EU" {
        return Some(EUROPEAN_UNION.split(' ').map(str::to_owned).collect());
    }
    COUNTRIES
        .split(' ')
        .any(|known| known == code)
        .then(|| vec![code])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_code_is_there_once_and_the_union_is_made_of_countries() {
        let all: Vec<&str> = COUNTRIES.split(' ').collect();
        assert_eq!(all.len(), 249);
        assert!(
            all.windows(2).all(|pair| pair[0] < pair[1]),
            "in order, none twice"
        );
        let union = countries("eu").unwrap();
        assert_eq!(union.len(), 27);
        assert!(
            union
                .iter()
                .all(|country| countries(country).unwrap() == [country.clone()])
        );
        assert_eq!(countries("de").unwrap(), ["DE"]);
        assert_eq!(countries("XX"), None);
        assert_eq!(countries(""), None);
    }
}
