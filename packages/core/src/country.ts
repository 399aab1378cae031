/** The officially assigned country codes of ISO 3166-1 alpha-2. A table and not `Intl`, which knows others too. */
const CODES = `
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
  CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
  GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
  KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
  NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
  SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
  VN VU WF WS YE YT ZA ZM ZW`

/** Every country, in alphabetical order of its code. */
export const COUNTRIES: readonly string[] = CODES.trim().split(/\s+/)

const KNOWN = new Set(COUNTRIES)

export function isCountry(code: string): boolean {
  return KNOWN.has(code)
}

// Greece has a prefix of its own, and Northern Ireland trades goods as a part of the Union.
const VAT_PREFIXES: ReadonlyMap<string, string> = new Map([
  ...'AT BE BG CY CZ DE DK EE ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'
    .split(' ')
    .map((code): [string, string] => [code, code]),
  ['GR', 'EL'],
  ['GB', 'XI'],
  ['MC', 'FR'],
])

const PREFIXES = new Set(VAT_PREFIXES.values())

/** Whether a tax id in this country may be a VAT id of the European Union. */
export function hasEuVat(country: string): boolean {
  return VAT_PREFIXES.has(country)
}

/** Whether text begins as VAT ids of the European Union do. */
export function hasEuVatPrefix(id: string): boolean {
  return PREFIXES.has(id.slice(0, 2))
}
