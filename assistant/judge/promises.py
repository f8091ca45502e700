"""A sentence about something that will be done at a stated time is a commitment, whatever document it stands in.

Precise rather than complete: the sentence must speak of the future, name a year that has not begun (or "the next three
years", "five years before closure"), and neither it nor its neighbours in the quote may tell of anything done.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_FUTURE = re.compile(
    r"""\b(?:
    # English
    will(?!\ (?:not|never)\b)|(?:is|are|am)\ going\ to|(?:is|are)\ to\ be\ \w+
    |(?:is|are)\ (?:planned|scheduled|foreseen|envisaged|due)\ (?:for|in|by|to)
    |(?:we|the\ (?:company|site|group|mine|smelter|refinery))\ (?:plans?|intends?|aims?|expects?|commits?)\ to
    # Spanish and Portuguese: the synthetic future carries its accent
    |(?!ceará\b)\w{2,}(?:ar|er|ir)(?:á|án|ão)|\w{2,}(?:ar|er|ir)emos|(?:har|tendr|pondr|podr|ser|dar)(?:á|án|emos)|(?:far|ser|dar|ter)(?:á|ão)
    |(?:va|van|vamos)\ a\ \w+r|(?:vai|vão|vamos)\ \w+r
    |est[áã]o?n?\ (?:previst|planificad|planead|planejad|programad)[oa]s?|se\ (?:prevé|proyecta|planea|contempla)n?
    |(?:prevé|prevê|planea|planeja|pretende)[nm]?
    # Polish
    |zostan(?:ie|ą)|będ(?:zie|ą|ziemy)|planuj(?:e|ą|emy)|zamierza(?:my|ją)?|zaplanowan[oyae]
    # German
    |wird|werden|(?:ist|sind)\ (?:[^.;]*\ )?(?:geplant|vorgesehen)|planen|beabsichtig(?:t|en)
    # French
    |sera|seront|aura|auront|fera|feront|mettr(?:a|ont)|\w{3,}(?:eront|iront|dront)|\w{2,}(?:isera|ifiera|uira|blira)
    |(?:est|sont)\ (?:prévu|planifié|programmé)e?s?|prévoi(?:t|ent)
    # Indonesian
    |akan|direncanakan|berencana
    )\b
    |将|拟|计划(?:于|在|到)|预计|予定|していく|してまいり|目指""",
    re.IGNORECASE | re.VERBOSE,
)
_PAST = re.compile(
    r"""\b(?:
    was|were|has|have|had|did|took|began|gave|went|saw|grew|fell|rose|became|wrote|chose
    |(?:we|it|they|which|who|(?-i:[A-Z])\w+)\ \w{2,}ed
    |(?!20\d\d)\d[\d.,]*\ (?:(?!(?:will|to|be|is|are)\b)\w+\ ){1,3}\w{2,}ed
    |fue|fueron|ha|han|había|habían|se\ \w{3,}(?:ó|aron|ieron)|\w{3,}(?:aron|ieron)
    |foi|foram|houve|tinha|\w{3,}(?:aram|eram)
    |został[aoy]?|zostali|był[aoy]?|\w{4,}(?:ono|ano)
    |wurden?|worden|hat|haben|bereits|seit
    |a\ (?:\w+\ )?été|ont|avait|avaient
    |telah|sudah
    )\b
    |已|完成了|(?:し|れ|っ|い)た[。、]|ました""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_FORCE = re.compile(
    r"\b(?:valid\w*|expir\w+|in force|vigen\w+|venc\w+|válid\w+|ważn\w+|gültig\w*|valable\w*|berlaku)\b|有效|有効",
    re.IGNORECASE,
)
"""A permit "will have a validity until 2028" grants; it promises nothing."""
_YEAR = re.compile(r"(?<![\d.,/-])(20\d\d)(?![\d,]|\.\d)")
_THIS_YEAR_STILL = re.compile(
    r"\b(?:end of|fin(?:es)? de|final de|fim de|końca|ende|fin|akhir)\s+(?:the year\s+)?(?P<latin>20\d\d)"
    r"|(?P<cjk>20\d\d)\s?年[底末]",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"""\b(?:
    next\ year|(?:in|over|within)\ the\ (?:next|coming)\ (?:\w+\ )?years
    |\w+\ years?\ (?:before|after)\ (?:the\ )?(?:\w+\ )?clos(?:ure|ing)
    |(?:el\ )?(?:próximo\ año|año\ próximo)|en\ los\ próximos\ (?:\w+\ )?años|\w+\ años\ (?:antes|después)\ del\ cierre
    |(?:no\ )?próximo\ ano|nos\ próximos\ (?:\w+\ )?anos|\w+\ anos\ (?:antes|depois)\ do\ (?:fechamento|encerramento)
    |w\ (?:przyszłym|następnym)\ roku|w\ ciągu\ najbliższych\ (?:\w+\ )?lat|\w+\ lat\ przed\ zamknięciem
    |(?:im\ )?(?:nächsten|kommenden)\ jahr|in\ den\ (?:nächsten|kommenden)\ (?:\w+\ )?jahren
    |\w+\ jahre\ vor\ (?:der\ )?(?:schließung|stilllegung)
    |l['’]année\ prochaine|(?:dans|au\ cours)\ (?:les|des)\ (?:\w+\ )?prochaines\ années|\w+\ ans\ avant\ la\ fermeture
    |tahun\ depan|dalam\ \w+\ tahun\ (?:ke\ depan|mendatang)|\w+\ tahun\ sebelum\ penutupan
    )\b
    |明年|未来[一二三四五十\d]+年|闭矿前[一二三四五十\d]+年|来年度?|今後[一二三四五十\d]+年""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCES = re.compile(
    r"(?<=[^\d\s][.!?])\s+(?=[A-ZÀ-ÞŚŻŁ¿¡•\d-])|(?<=\d[.!?])\s+(?=[A-ZÀ-ÞŚŻŁ¿¡])|(?<=[。！？])|\n\s*\n"
)


@lru_cache(maxsize=4_096)
def is_promise(text: str, today: date) -> bool:
    """Whether a quote only says what will be done, at a time after `today`, in one of the nine languages."""
    sentences = [" ".join(part.split()) for part in _SENTENCES.split(text) if part and part.strip()]
    if any(_PAST.search(sentence) for sentence in sentences):
        return False
    return any(_promises(sentence, today) for sentence in sentences)


def _promises(sentence: str, today: date) -> bool:
    return bool(_FUTURE.search(sentence)) and not _IN_FORCE.search(sentence) and _names_a_coming_time(sentence, today)


def _names_a_coming_time(sentence: str, today: date) -> bool:
    if any(int(year) > today.year for year in _YEAR.findall(sentence)) or _RELATIVE.search(sentence):
        return True
    still = _THIS_YEAR_STILL.search(sentence)
    return still is not None and int(still["latin"] or still["cjk"]) == today.year
