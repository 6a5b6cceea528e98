"""The language of a text, by its script and its commonest words: no model, no download, the same everywhere."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_SAMPLE: Final = 20_000
"""Characters looked at."""

_SCRIPTS: Final = {
    "kana": "\u3040-\u30ff\uff66-\uff9f",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "hangul": "\uac00-\ud7af\u1100-\u11ff",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff",
    "hebrew": "\u0590-\u05ff",
    "greek": "\u0370-\u03ff",
    "thai": "\u0e00-\u0e7f",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
    "latin": "a-zA-Z\u00c0-\u024f\u1e00-\u1eff",
}
_RUNS: Final = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS.items()}
_BY_SCRIPT: Final = {
    "hangul": "ko",
    "hebrew": "he",
    "greek": "el",
    "thai": "th",
    "devanagari": "hi",
    "bengali": "bn",
    "tamil": "ta",
}
# the commonest words of each language; none of one letter, and none that is a word of English too (to, do, men)
_WORDS: Final = {
    "en": "the of and to in is that for with on was are this it from by as at have has an be not its said will their"
    " or but can which new more than about after into over they we you were been would when who what how also",
    "de": "der die das und ist nicht ein eine den von mit für auf dem des sich auch im wird bei nach wie aus sind zum",
    "fr": "le les des et est une pour dans qui sur pas plus par avec ce au sont cette être du aux ont il elle nous",
    "es": "el los las que en una por con para del se su es como más pero fue este ha sus al lo son entre también",
    "pt": "os que da em um uma para com não por mais dos das no na ao foi são como pelo pela seu sua também",
    "it": "il che di per un una non con del della sono gli dei alla nel anche più come dal ha le si questo delle",
    "nl": "het een van en dat op te voor met zijn niet aan er ook als bij door naar om wordt maar deze heeft",
    "sv": "och att det som en på är av för med den till inte om har de ett var från vid kan efter nya",
    "da": "og at det som en på er af for med den til ikke om har de et var fra ved kan efter også blev",
    "no": "og at det som en på er av for med den til ikke om har de et var fra ved kan etter også ble",
    "fi": "ja ei että se oli hän mutta ovat kuin myös sen joka mukaan sekä tai ole jo kun niin",
    "pl": "na się nie że jest jak ale po przez dla od tym za przy są który oraz",
    "cs": "se na je že jako ale jsou po za podle který také",
    "tr": "ve bir bu için da de ile olarak çok daha olan gibi kadar sonra ancak en ise değil",
    "id": "yang dan di dengan untuk dari ini dalam tidak akan pada ke itu juga oleh adalah sebagai telah bisa",
    "vi": "và của là các trong có được cho không với một những người đã này khi tại về để",
    "ro": "și în de la cu care pe pentru nu este din fost mai că sunt prin după sau",
    "hu": "az és hogy nem egy ez volt meg már csak van mint de ami után ki",
}
_LANGUAGES_OF: Final[dict[str, list[str]]] = {}
for _language, _listed in _WORDS.items():
    for _word in _listed.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_HAN_SHARE: Final = 0.04
"""Chinese, Japanese or Korean characters to each Latin letter from which a text is in one of these."""
_ENOUGH: Final = 40
"""Letters from which a text without any accent, and without any language's common words, passes for English."""
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_PERSIAN = re.compile("[پچژگک]")


def detect_language(text: str, hint: str | None = None) -> str:
    """BCP 47 primary subtag of a text's language, "und" if there is no telling.

    Args:
        text: Plain; its beginning is enough.
        hint: A tag that the page or feed declares, believed where the text is too short or in an unknown language.
    """
    sample = text[:_SAMPLE]
    declared = _primary(hint)
    letters = {name: len(run.findall(sample)) for name, run in _RUNS.items()}
    script, count = max(letters.items(), key=lambda item: item[1])
    if count == 0:
        return declared or "und"
    # names and code are Latin everywhere, so that a Chinese headline can be mostly Latin; English never quotes so much
    if letters["han"] + letters["kana"] >= _HAN_SHARE * count:
        return _han(letters, declared)
    if script == "latin" and letters["hangul"] >= _HAN_SHARE * count:
        return "ko"
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    if script == "cyrillic":
        return declared if declared in ("ru", "uk", "bg", "sr", "be", "kk", "mk") else _cyrillic(sample)
    if script == "arabic":
        return "fa" if _PERSIAN.search(sample) else "ar"
    return _latin(sample, declared) or declared or ("en" if count >= _ENOUGH and sample.isascii() else "und")


def _han(letters: dict[str, int], declared: str | None) -> str:
    """Japanese has kana between its characters; headlines may have few, so a short text's label counts."""
    total = letters["han"] + letters["kana"]
    if letters["kana"] >= 0.1 * total:
        return "ja"
    return "ja" if declared == "ja" and letters["kana"] else "ja" if declared == "ja" and total < 20 else "zh"


def _cyrillic(sample: str) -> str:
    return "uk" if _UKRAINIAN.search(sample) else "ru"


def _latin(sample: str, declared: str | None) -> str | None:
    """The language whose commonest words are the most, if there are any to speak of; names alone prove nothing."""
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    times: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, count in words.items():
        for language in _LANGUAGES_OF.get(word, ()):
            times[language] += count
            different[language] += 1
    if not times:
        return None
    (language, most), *others = times.most_common(2)
    if declared is not None and declared in times and 2 * times[declared] >= most:
        return declared
    enough = most >= max(2, 0.04 * words.total()) and different[language] >= (2 if declared is None else 3)
    return language if enough and (not others or most > others[0][1]) else None


def _primary(tag: str | None) -> str | None:
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag or "")
    return found[1].lower() if found else None
