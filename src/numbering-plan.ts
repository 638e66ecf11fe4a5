/*
 * The country of a phone number, by the longest country code of E.164 and within North America by area code. A number in
 * no listed range has no country, so that rules about countries refuse it.
 */

/** Country codes with their countries; a code in several countries is told apart by `SPLIT_CODES`. */
const CODES =
  '7RU 20EG 27ZA 30GR 31NL 32BE 33FR 34ES 36HU 39IT 40RO 41CH 43AT 44GB 45DK 46SE 47NO 48PL 49DE 51PE 52MX 53CU 54AR 55BR ' +
  '56CL 57CO 58VE 60MY 61AU 62ID 63PH 64NZ 65SG 66TH 81JP 82KR 84VN 86CN 90TR 91IN 92PK 93AF 94LK 95MM 98IR 211SS 212MA ' +
  '213DZ 216TN 218LY 220GM 221SN 222MR 223ML 224GN 225CI 226BF 227NE 228TG 229BJ 230MU 231LR 232SL 233GH 234NG 235TD 236CF ' +
  '237CM 238CV 239ST 240GQ 241GA 242CG 243CD 244AO 245GW 246IO 247AC 248SC 249SD 250RW 251ET 252SO 253DJ 254KE 255TZ 256UG ' +
  '257BI 258MZ 260ZM 261MG 262RE 263ZW 264NA 265MW 266LS 267BW 268SZ 269KM 290SH 291ER 297AW 298FO 299GL 350GI 351PT 352LU ' +
  '353IE 354IS 355AL 356MT 357CY 358FI 359BG 370LT 371LV 372EE 373MD 374AM 375BY 376AD 377MC 378SM 380UA 381RS 382ME 383XK ' +
  '385HR 386SI 387BA 389MK 420CZ 421SK 423LI 500FK 501BZ 502GT 503SV 504HN 505NI 506CR 507PA 508PM 509HT 590GP 591BO 592GY ' +
  '593EC 594GF 595PY 596MQ 597SR 598UY 599BQ 670TL 672NF 673BN 674NR 675PG 676TO 677SB 678VU 679FJ 680PW 681WF 682CK 683NU ' +
  '685WS 686KI 687NC 688TV 689PF 690TK 691FM 692MH 850KP 852HK 853MO 855KH 856LA 880BD 886TW 960MV 961LB 962JO 963SY 964IQ ' +
  '965KW 966SA 967YE 968OM 970PS 971AE 972IL 973BH 974QA 975BT 976MN 977NP 992TJ 993TM 994AZ 995GE 996KG 998UZ';

/** Ranges of another country below a country code. */
const SPLIT_CODES =
  '76KZ 77KZ 3906698VA 441481GG 447781GG 447839GG 447911GG 441534JE 447509JE 447797JE 447829JE 447937JE 4477003JE 4477007JE ' +
  '4477008JE 441624IM 4474576IM 447524IM 447624IM 447924IM 4779SJ 6189162CC 6189164CX 2125288EH 2125289EH 26226YT 262269YT ' +
  '262639YT 2908TA 35818AX 5999CW 5996CW';

const NORTH_AMERICA: Readonly<Record<string, string>> = {
  US:
    '201-203 205-210 212-220 223-225 227-229 231 234-235 239-240 248 251-254 256 260 262 267 269-270 272 274 276 279 281 283 ' +
    '301-305 307-310 312-321 323-327 329-332 334 336-337 339 341 346-347 350-353 360-361 363-364 369 380 385-386 401-402 ' +
    '404-410 412-415 417 419 423-425 430 432 434-435 440 442-443 445 447-448 458 463-464 469-470 472 475 478-480 484 501-505 ' +
    '507-510 512-513 515-518 520 530-531 534 539-541 551 557 559 561-564 567 570-575 580 582 585-586 601-603 605-610 612 ' +
    '614-620 623 626 628-631 636 640-641 645-646 650-651 656-657 659-662 667 669 678 680-682 686 689 701-704 706-708 712-720 ' +
    '724-728 730-732 734 737-738 740 743 747-748 754 757 760 762-763 765 769-775 779 781 785-786 801-806 808 810 812-818 ' +
    '820-821 826 828 830-832 835 838-840 843 845 847-848 850 854 856-860 862-865 870 872 878 901 903-904 906-910 912-920 925 ' +
    '928-931 934 936-938 940-941 943 945 947-949 951-952 954 956 959 970-973 975 978-980 983-986 989 ' +
    // Toll-free.
    '800 833 844 855 866 877 888',
  CA:
    '204 226 236 249-250 257 263 273 289 306 343 354 365 367-368 382 403 416 418 428 431 437-438 450 468 474 506 514 519 548 ' +
    '579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942',
  AG: '268',
  AI: '264',
  AS: '684',
  BB: '246',
  BM: '441',
  BS: '242',
  DM: '767',
  DO: '809 829 849',
  GD: '473',
  GU: '671',
  JM: '658 876',
  KN: '869',
  KY: '345',
  LC: '758',
  MP: '670',
  MS: '664',
  PR: '787 939',
  SX: '721',
  TC: '649',
  TT: '868',
  VC: '784',
  VG: '284',
  VI: '340',
};

/** Satellite, premium, shared-cost and other ranges that belong to no country: allowed only if named. */
const SPECIAL_RANGE = /^\+(800|808|87[08]|88[1238]|979|1900|1[2-9]\d\d976)/;

const prefixes = new Map(
  `${CODES} ${SPLIT_CODES}`.split(' ').map((entry) => [entry.slice(0, -2), entry.slice(-2)] as const),
);
for (const [country, areas] of Object.entries(NORTH_AMERICA)) {
  for (const range of areas.split(' ')) {
    const [first, last = first] = range.split('-').map(Number);
    for (let area = first!; area <= last!; area++) prefixes.set(`1${area}`, country);
  }
}
const KNOWN_COUNTRIES: ReadonlySet<string> = new Set(prefixes.values());

/** Whether it is a country (ISO 3166, two letters) with phone numbers, or a special range such as +870. */
export const isCountryOrRange = (text: string): boolean =>
  KNOWN_COUNTRIES.has(text.toUpperCase()) || (/^\+\d{3,14}$/.test(text) && SPECIAL_RANGE.test(text));

/** The country of a number in E.164; undefined if it is in a special range or in none that is known. */
export function countryOf(number: string): string | undefined {
  if (SPECIAL_RANGE.test(number)) return undefined;
  for (let length = 8; length > 0; length--) {
    const country = prefixes.get(number.slice(1, 1 + length));
    if (country !== undefined) return country;
  }
  return undefined;
}
