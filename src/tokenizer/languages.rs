//! The languages of multilingual models, in the order of their ids, which no file of a model says.

/// The 100 languages of M2M100 ([Fan et al. 2020](https://arxiv.org/abs/2010.11125)).
pub(super) const M2M100: &str = "
    af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu
    hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro
    ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu
";

/// The 202 of NLLB-200, with their scripts ([NLLB Team 2022](https://arxiv.org/abs/2207.04672)).
pub(super) const NLLB: &str = "
    ace_Arab ace_Latn acm_Arab acq_Arab aeb_Arab afr_Latn ajp_Arab aka_Latn amh_Ethi apc_Arab arb_Arab ars_Arab
    ary_Arab arz_Arab asm_Beng ast_Latn awa_Deva ayr_Latn azb_Arab azj_Latn bak_Cyrl bam_Latn ban_Latn bel_Cyrl
    bem_Latn ben_Beng bho_Deva bjn_Arab bjn_Latn bod_Tibt bos_Latn bug_Latn bul_Cyrl cat_Latn ceb_Latn ces_Latn
    cjk_Latn ckb_Arab crh_Latn cym_Latn dan_Latn deu_Latn dik_Latn dyu_Latn dzo_Tibt ell_Grek eng_Latn epo_Latn
    est_Latn eus_Latn ewe_Latn fao_Latn pes_Arab fij_Latn fin_Latn fon_Latn fra_Latn fur_Latn fuv_Latn gla_Latn
    gle_Latn glg_Latn grn_Latn guj_Gujr hat_Latn hau_Latn heb_Hebr hin_Deva hne_Deva hrv_Latn hun_Latn hye_Armn
    ibo_Latn ilo_Latn ind_Latn isl_Latn ita_Latn jav_Latn jpn_Jpan kab_Latn kac_Latn kam_Latn kan_Knda kas_Arab
    kas_Deva kat_Geor knc_Arab knc_Latn kaz_Cyrl kbp_Latn kea_Latn khm_Khmr kik_Latn kin_Latn kir_Cyrl kmb_Latn
    kon_Latn kor_Hang kmr_Latn lao_Laoo lvs_Latn lij_Latn lim_Latn lin_Latn lit_Latn lmo_Latn ltg_Latn ltz_Latn
    lua_Latn lug_Latn luo_Latn lus_Latn mag_Deva mai_Deva mal_Mlym mar_Deva min_Latn mkd_Cyrl plt_Latn mlt_Latn
    mni_Beng khk_Cyrl mos_Latn mri_Latn zsm_Latn mya_Mymr nld_Latn nno_Latn nob_Latn npi_Deva nso_Latn nus_Latn
    nya_Latn oci_Latn gaz_Latn ory_Orya pag_Latn pan_Guru pap_Latn pol_Latn por_Latn prs_Arab pbt_Arab quy_Latn
    ron_Latn run_Latn rus_Cyrl sag_Latn san_Deva sat_Beng scn_Latn shn_Mymr sin_Sinh slk_Latn slv_Latn smo_Latn
    sna_Latn snd_Arab som_Latn sot_Latn spa_Latn als_Latn srd_Latn srp_Cyrl ssw_Latn sun_Latn swe_Latn swh_Latn
    szl_Latn tam_Taml tat_Cyrl tel_Telu tgk_Cyrl tgl_Latn tha_Thai tir_Ethi taq_Latn taq_Tfng tpi_Latn tsn_Latn
    tso_Latn tuk_Latn tum_Latn tur_Latn twi_Latn tzm_Tfng uig_Arab ukr_Cyrl umb_Latn urd_Arab uzn_Latn vec_Latn
    vie_Latn war_Latn wol_Latn xho_Latn ydd_Hebr yor_Latn yue_Hant zho_Hans zho_Hant zul_Latn
";

/// The 25 of mBART ([Liu et al. 2020](https://arxiv.org/abs/2001.08210)).
pub(super) const MBART: &str = "
    ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT lv_LV my_MM ne_NP
    nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN
";

/// The 52 of mBART-50, those of mBART first ([Tang et al. 2020](https://arxiv.org/abs/2008.00401)).
pub(super) const MBART50: &str = "
    ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT lv_LV my_MM ne_NP
    nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN
    mn_MN mr_IN pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES sl_SI
";

/// Arabic, as the families write it.
pub(super) const ARABIC: &[&str] = &["ar", "ara", "arb", "arb_Arab", "ar_AR"];

/// English, as the families write it.
pub(super) const ENGLISH: &[&str] = &["en", "eng", "eng_Latn", "en_XX"];

/// What Marian models say they read if it is any language of a group (ISO 639-5) that has Arabic in it.
pub(super) const GROUPS: &[&str] = &["mul", "afa", "sem"];

/// A code as it is compared: without the marks of a family around it, in lower case, its parts apart by `_`; `arz_arab` for
/// `arz-Arab`, `ar` for `__ar__`.
pub(crate) fn plain(code: &str) -> String {
    let marks = [("__", "__"), ("<2", ">"), (">>", "<<")];
    let bare = marks.iter().find_map(|(before, after)| code.strip_prefix(before)?.strip_suffix(after));
    bare.unwrap_or(code).replace('-', "_").to_lowercase()
}

/// The code that names of tasks have for a language: the shortest of Arabic and of English, else the plain one.
pub(crate) fn short(code: &str) -> String {
    names(&plain(code)).map_or_else(|| plain(code), |names| names[0].to_owned())
}

/// All names of Arabic or of English, if a plain code is one of them.
fn names(code: &str) -> Option<&'static [&'static str]> {
    [ARABIC, ENGLISH].into_iter().find(|names| names.iter().any(|name| plain(name) == code))
}

/// The code among `known` that `given` means: the same, whatever its case, hyphens and the marks of a family around it; or
/// the only one of that language, as `arz` is `arz_Arab` and `fr` is `fr_XX`; or another name of Arabic or of English.
pub(crate) fn find<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    if let Some(same) = known.iter().find(|code| **code == given) {
        return Some(same);
    }
    let given = plain(given);
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = known.iter().copied().filter(|code| fits(&plain(code)));
        found.next().filter(|_| found.next().is_none())
    };
    let language = |code: &str| code.split('_').next().is_some_and(|language| language == given);
    let names = names(&given);
    let other = |code: &str| names.is_some_and(|names| names.iter().any(|name| plain(name) == code));
    only(&|code| code == given).or_else(|| only(&language)).or_else(|| only(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_any_name_that_can_mean_no_other() {
        let list = |codes: &'static str| codes.split_whitespace().collect::<Vec<_>>();
        for (known, given, found) in [
            (NLLB, "arb_Arab", Some("arb_Arab")),
            (NLLB, "ar", Some("arb_Arab")),
            (NLLB, "ara", Some("arb_Arab")),
            (NLLB, "arz", Some("arz_Arab")),
            (NLLB, "ARY-arab", Some("ary_Arab")),
            (NLLB, "en", Some("eng_Latn")),
            (NLLB, "fra", Some("fra_Latn")),
            (NLLB, "zho", None),      // in two scripts
            (NLLB, "arz_Latn", None), // in another script than it has
            (MBART50, "ar", Some("ar_AR")),
            (MBART50, "arb", Some("ar_AR")),
            (MBART50, "eng_Latn", Some("en_XX")),
            (MBART50, "arz", None),
            (M2M100, "__ar__", Some("ar")),
            (M2M100, "ara", Some("ar")),
            (M2M100, "ary", None),
            ("en ar fr zh_Latn fa", "<2fr>", Some("fr")),
            ("eng fra deu_Latn", ">>deu<<", Some("deu_Latn")),
            ("eng fra deu_Latn", "en", Some("eng")),
            ("ara arz apc", "ar", Some("ara")),
            ("", "ar", None),
            ("ar", "", None),
        ] {
            assert_eq!(find(given, &list(known)), found, "{given}");
        }
        let codes = ["arb_Arab", "__ar__", "<2ara>", "ENG", "en-XX", "FR", "arz-Arab"];
        assert_eq!(codes.map(short), ["ar", "ar", "ar", "en", "en", "fr", "arz_arab"]);
    }

    #[test]
    fn lists_have_their_lengths_and_the_languages_of_this_program() {
        for (list, count) in [(M2M100, 100), (NLLB, 202), (MBART, 25), (MBART50, 52)] {
            let codes: Vec<_> = list.split_whitespace().collect();
            assert_eq!(codes.len(), count);
            for wanted in [ARABIC, ENGLISH] {
                assert_eq!(codes.iter().filter(|code| wanted.contains(code)).count(), 1, "{wanted:?}");
            }
        }
        assert!(MBART50.trim().starts_with(MBART.trim()));
    }
}
