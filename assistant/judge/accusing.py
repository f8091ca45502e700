"""The words of accusation, denial and admission in nine languages: who speaks, what is charged, what is only supposed.

Kept apart from the rule that uses them (`assistant.judge.contradiction`). Patterns are precise rather than complete.
"""

from __future__ import annotations

import re


def _words(latin: str, cjk: str = "") -> re.Pattern[str]:
    words = "|".join(line.strip() for line in latin.strip().splitlines() if line.strip())
    # Case matters nowhere, and a line break is a space like any other.
    words = words.replace(" ", r"\s+")
    return re.compile(rf"\b(?:{words})(?!\w)" + (f"|{cjk}" if cjk else ""), re.IGNORECASE)


OWN_PAPER = frozenset(
    {"policy", "procedure", "plan", "contract", "certificate", "register", "table", "form", "presentation", "minutes"}
)
"""Kinds of documents in which a company or its consultant speaks, or in which nobody accuses."""

AUTHORITY = _words(
    r"""
    (?:(?:environment\w*|labou?r|water|mining|tax|competition|safety|protection) )*(?:agency|inspectorate|authority)
    regulator|ombudsman
    (?:ministry|department) of \w+|environmental protection agency|office of the prosecutor
    (?:supreme |labou?r |district )?court of \w+|EPA
    superintendencia(?: \w+){0,4}|ministerio (?:de|del) \w+|agencia de \w+
    dirección (?:general|regional|nacional)(?: \w+){0,3}|inspección (?:del trabajo|provincial)
    servicio (?:nacional|de evaluación) \w+|fiscalía|contraloría|tribunal \w+|defensoría|SMA|OEFA|PROFEPA|CONAMA
    autoridad nacional
    ministério (?:público|do \w+|da \w+)|agência nacional|superintendência|secretaria (?:de estado|municipal)
    IBAMA|procuradoria
    (?:wojewódzki |państwow[ya] |okręgow[ya] )*(?:inspektorat|inspekcja)(?: \w+){0,3}|urząd \w+|marszałek
    wojewoda|starosta
    bezirksregierung|regierungspräsidium|landesamt(?: für \w+)?|bundesamt(?: für \w+)?|gewerbeaufsicht\w*
    umweltamt|staatsanwaltschaft
    préfecture|préfet|ministère (?:de|du) \w+|inspection du travail|DREAL|tribunal (?:administratif|de \w+)
    kementerian \w+|dinas lingkungan hidup(?: \w+)?|pengadilan \w+
    """,
    r"[\u4e00-\u9fff]{0,10}(?:生态环境[厅局部]|环境保护[厅局部]|应急管理[厅局部]|人民法院|监察局)|環境省|労働基準監督署|経済産業省",
)
SELF = _words(
    r"""
    this (?:agency|authority|department|inspectorate|office|ministry|commission|regulator|court)
    est[ae] (?:agencia|superintendencia|autoridad|dirección|inspección|servicio|secretaría|comisión|ministerio|fiscalía)
    est[ae] (?:agência|superintendência|autoridade|órgão|instituto|secretaria|ministério)
    tutejszy (?:organ|urząd|inspektorat)|organ (?:stwierdził|stwierdza)
    diese behörde|die unterzeichnende behörde|la présente (?:autorité|administration)
    cette (?:autorité|administration)
    """,
    r"[我本](?:局|厅|机关|部门)|当署|当局",
)
PROCEEDINGS = _words(
    r"""
    sanction(?:s|ing)? proceedings?|(?:brought|brings|files?|filed) charges|notice of violation
    charges? (?:against|brought)|enforcement proceedings?
    (?:imposed|imposes) (?:a |an )?(?:administrative )?(?:fine|penalty)|(?:a )?fine was imposed
    convicted of
    formul(?:a|ó|an|aron)(?: \w+)? cargos|formulación de cargos|proced(?:imiento|imientos) sancionatori[oa]s?
    proceso sancionatorio|(?:impuso|impone|aplicó) (?:una |la )?(?:multa|sanción)
    processo administrativo sancionador|auto de infração|(?:aplicou|aplica) (?:uma )?multa
    postępowanie w sprawie naruszenia|(?:wymierzył|nałożył)[ao]? (?:\w+ )?kar[ęy]
    (?:bußgeldbescheid|bußgeldverfahren|ordnungswidrigkeitenverfahren)
    mise en demeure|procédure de sanction|a infligé une amende
    surat peringatan|sanksi administratif|menjatuhkan denda
    """,
    r"行政处罚决定|责令改正|处以罚款|行政処分|是正勧告",
)
BREACH = _words(
    r"""
    (?:was|were) fined|exceeded|exceedances? of|breach of|breached|violated|violations? of|infring(?:ed|ements? of)
    non-?complian(?:ce|t) with|did not comply|failed to \w+
    (?:was|were) not (?:reported|notified|submitted|informed|carried out|remedied)|major non-?conformit(?:y|ies)
    deficienc(?:y|ies)
    super(?:ó|aron|ar|ando|aciones del?)|superaciones del|excedi(?:ó|eron|endo)|excedencias?
    incumpl(?:ió|ieron|imientos?)|infring(?:ió|ieron)|infracci(?:ón|ones) (?:leve|grave|gravísima)s?
    no (?:fue|fueron|ha|han|informó|informar|presentó|presentar|cumplió|cumple|realizó|acreditó)(?: \w+)?
    no conformidad(?:es)? mayor(?:es)?
    descumpri(?:u|ram|mento)|ultrapass(?:ou|aram)|infração (?:leve|grave)|não (?:foi|foram|apresentou|cumpriu)
    przekrocz(?:ył|yła|ono|enie|enia|eń)|narusz(?:ył|yła|ono|enie|enia|eń)
    nie (?:zgłoszono|przedstawiono|wykonano|dotrzymano)
    überschr(?:itten|eitung\w*)|verst(?:oß|öße|ieß|ießen|oßen)|nicht (?:gemeldet|eingehalten|vorgelegt|erfüllt)
    dépass(?:é|ée|és|ement|ements)|manquements?|infraction|n['’](?:a|ont) pas (?:été )?\w+|non-conformité majeure
    melebihi|melanggar|pelanggaran|tidak (?:melaporkan|memenuhi|mematuhi)
    """,
    r"超标|违反|违法|未按规定|未报告|未落实|基準値?超過|違反し|届け出ていな",
)
CONDITIONAL = _words(
    r"""
    if|in case of|in the event of|should|shall|must|may(?! \d)|might|can|could|would|whenever|unless
    si|en caso de|cuando|podrá|podrán|deberá|deberán|debe|deben|quien|será|serán|siempre que|salvo que
    caso|quando|poderá|poderão|deverá|deverão|deve|devem
    jeśli|jeżeli|w przypadku|może|powinien|należy|musi
    wenn|falls|sofern|darf|dürfen|muss|müssen|soll|sollen|kann
    si|en cas de|lorsque|doit|doivent|peut|peuvent|pourra
    jika|apabila|harus|wajib|dapat|dilarang
    """,
    r"如果|如有|若|应当|不得|必须|场合|場合|べき|なければ",
)
"""Rules and suppositions: what would be a breach is none yet. Portuguese "se" is left out, it is Spanish "se" too."""

SETTLED = _words(
    r"""
    acquitted|dismissed|withdrawn|discontinued|case (?:is|was) closed|proceedings (?:are|were) closed
    absuel(?:ve|to)|absolvió|sobresee|se archiva|archívese|desestima(?:do)?
    arquivad[oa]|absolvid[oa]|umorzon[oay]|umarza|eingestellt|freigesprochen|classée? sans suite|relaxée?
    """,
    r"撤销|结案|不予处罚",
)
"""Charges that came to nothing."""

_DENIED: tuple[tuple[str, str], ...] = (
    (
        r"(?:no|zero|nil|without(?: any)?|not any|free of|nor|neither)(?: [\w-]+){0,2}?",
        r"incidents?|accidents?|fatalit\w+|injur\w+|deaths?|complaints?|grievances?|exceedances?|excursions?|breach\w*"
        r"|violations?|infringements?|non-?complian\w+|non-?conformit\w+|fines?|penalt\w+|sanctions?|charges|spills?"
        r"|releases?|leaks?|cases?|findings?|deviations?|red flags?|asm|artisanal|child|forced|corruption|damages?"
        r"|evictions?|strikes?|disputes?|notices?",
    ),
    (
        r"(?:sin(?: ning[úu]na?)?|ning[úu]na?|cero|no (?:hubo|haber tenido|tuvo|hay|existen|han existido|ha habido)"
        r"|no se (?:registr|produj|present|observ|detect|constat|identific|recib|verific|encontr|report)\w+"
        r")(?: (?:ning[úu]na?|\w+))??",
        r"incidentes?|accidentes?|fallecid\w+|reclamos?|quejas?|denuncias?|superaci\w+|excedencias?|incumplimientos?"
        r"|infracci\w+|no conformidad\w*|multas?|sanci\w+|cargos|derrames?|casos?|hallazgos?|daños?|conflictos?",
    ),
    (
        r"(?:sem|nenhuma?|zero|não (?:houve|foram (?:registrad|constatad|identificad)[oa]s))(?: \w+)??",
        r"incidentes?|acidentes?|reclamaç\w+|descumprimentos?|infraç\w+|vazamentos?|não conformidade\w*|multas?",
    ),
    (
        r"(?:bez|brak|żadn\w+|nie (?:stwierdzono|odnotowano|zarejestrowano|wystąpiły|było))(?: \w+)??",
        r"wypadk\w+|skarg\w*|przekrocze\w+|narusze\w+|niezgodnoś\w+|kar|wyciek\w+|uszkodze\w+|incydent\w+",
    ),
    (
        r"(?:ohne|keine?[rn]?|weder)(?: \w+)??",
        r"unfälle\w*|beschwerden?|überschreitung\w*|verst(?:oß|öße)\w*|abweichung\w*|bußgelder|feststellungen",
    ),
    (
        r"(?:sans|aucune?)(?: \w+)??",
        r"incidents?|accidents?|plaintes?|dépassements?|manquements?|infractions?|amendes?|non-conformités?|écarts?",
    ),
    (r"(?:tidak (?:ada|terdapat|terjadi|ditemukan)|tanpa|nihil)(?: \w+)??", r"insiden|kecelakaan|keluhan|denda"),
)
"""For each language with an alphabet, how a harm is denied and the harms."""

HARM_DENIED = _words(
    "\n".join(rf"{negation} (?:{harm})" for negation, harm in _DENIED)
    + r"""
    ning[úu]n mes (?:\w+ ){0,2}(?:super|exced)\w+|never exceeded|(?:was|were|has|have) not (?:been )?exceeded
    no (?:se )?(?:super|exced)(?:a|ó|an|aron|e|en|ió|ieron)|nicht überschritten|nie przekrocz\w+
    """,
    r"(?:未|无|没有)(?:发生|出现|发现|收到)?[^。；]{0,8}(?:事故|超标|违规|违法|投诉|处罚|事件)"
    r"|(?:超過|違反|事故|苦情)[^。]{0,6}(?:なし|ありません|なかった)",
)
"""A harm or a breach that is denied: such a record is evidence."""

_DONE = (
    r"(?:carried out|done|made|assessed|tested|established|implemented|developed|conducted|approved|reviewed|measured"
    r"|completed|consulted|published|trained)"
)
_THING = r"(?:plan|procedure|policy|register|inventory|program(?:me)?|mechanism|assessment|records?|permit|monitoring)"
_COSA = (
    r"(?:plano?|procedimi?ento|pol[íi]tica|regis?tro|inventario|programa|sistema|mecanismo|evaluación|permiso|licença)"
)

ADMISSION = _words(
    rf"""
    (?:has|have) not (?:yet )?been {_DONE}|no (?:\w+ ){{1,5}}(?:has|have) (?:yet )?been {_DONE}
    (?:we|the (?:site|company|mine|smelter)) (?:do|does|did) not (?:yet )?(?:have|keep|measure|monitor|publish|assess)
    there (?:is|are|was|were) (?:as yet |currently )?no (?:\w+ ){{0,3}}{_THING}
    (?:a[úu]n |todavía )?no se (?:ha|han) (?:realizado|elaborado|implementado|evaluado|aprobado|consultado|medido)
    no (?:existen?|cuentan? con|disponen? de) (?:un |una |el |la )?(?:\w+ ){{0,2}}{_COSA}
    (?:ainda )?não (?:foi|foram) (?:realizad|elaborad|implementad|avaliad|aprovad)[oa]s?
    não (?:existe|há|possui) (?:um |uma )?(?:\w+ ){{0,2}}{_COSA}
    nie (?:przeprowadzono|opracowano|wdrożono|sporządzono)
    brak (?:planu|procedury|polityki|rejestru|oceny|zezwolenia|pozwolenia)
    (?:liegt|liegen) (?:noch )?nicht vor
    wurden? (?:noch )?nicht (?:durchgeführt|erstellt|umgesetzt|geprüft|bewertet|geschult)
    es gibt (?:noch )?kein(?:e|en)? (?:plan|verfahren|richtlinie|register|bewertung|genehmigung)
    n['’](?:a|ont) pas (?:encore )?été (?:réalisé|élaboré|évalué|mis|approuvé|formé)\w*
    il n['’](?:existe|y a) (?:pas|aucun\w*) (?:de )?(?:plan|procédure|politique|registre|évaluation|permis)
    belum (?:dilakukan|dilaksanakan|disusun|ada|dinilai)
    """,
    r"尚未(?:开展|制定|建立|实施|评估|完成)|没有(?:制定|建立|开展)|未(?:制定|建立|开展)"
    r"|(?:実施|策定|整備|評価)(?:して|されて)いない",
)
"""That a thing was not done or does not exist, in so many words."""
