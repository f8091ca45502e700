"""Words that tell promise from practice, in nine languages: modality, tense, negation, numbers, dates, third parties.

Each cue is a list of word beginnings or phrases a language; `Cues.of(text)` counts them. They are features with names,
not rules: the kind classifier and the evidence model weigh them.
"""

# ruff: noqa: E501  # one line a language reads better than a wrapped list of word beginnings

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from functools import lru_cache

_LATIN: dict[str, str] = {
    # what will or should be: promise, aim, intention
    "promise": r"""
        will|shall|commit\w*|pledg\w+|aim(?:s|ed|ing)?\ (?:to|at)|intend\w*|strive\w*|endeavou?r\w*|aspir\w+|seeks?\ to|plans?\ to|target(?:s|ing)?|by\ 20[2-5]\d
        |going\ to|ambition\w*|we\ believe|we\ respect|promot\w+|principles?
        |se\ compromete\w*|compromiso\w*|comprometid\w+|nos\ comprometemos|procurar\w+|buscamos|aspiramos|deber[áa]n?|implementar[áa]n?|se\ espera|meta\w*|prop[óo]sito
        |compromet\w+|compromisso\w*|buscaremos|dever[áa]\w*|pretend\w+
        |zobowi[ąa]z\w+|b[ęe]dzie\w*|d[ąa][żz]y\w*|zamierza\w*|planuj\w+|celem
        |verpflicht\w+|wir\ wollen|streb\w+|beabsichtig\w+|ziel(?:e|en)?|werden\ wir|soll(?:en|te)?
        |s.engage\w*|engagement\w*|nous\ engageons|vise\w*|entend(?:ent)?|objectif\w*|devr\w+
        |berkomitmen|komitmen|akan|berupaya|bertujuan
    """,
    # what must be done: rule, procedure, responsibility
    "rule": r"""
        shall|must|is\ required|are\ required|responsible\ for|responsibilit\w+|procedure\w*|in\ accordance\ with|prohibit\w*|forbid\w*|not\ permitted|step\ \d|at\ least\ (?:once|every)|every\ (?:\w+\ )?(?:month|quarter|year|shift|day|week)s?
        |deber[áa]n?|debe(?:n|r[áa])?|procedimiento\w*|responsable\w*|proh[íi]b\w+|se\ proh[íi]be|obligatori\w+|de\ acuerdo\ con|conforme\ a|seg[úu]n
        |deve(?:m|r[áa])?|respons[áa]ve\w+|proib\w+|conforme
        |musi|musz[ąa]|nale[żz]y|procedur\w+|odpowiedzialn\w+|zabroni\w+|zakaz\w*|zgodnie\ z
        |muss|m[üu]ssen|verfahren\w*|verantwortlich\w*|verbot\w*|gem[äa][ßs]+|verboten
        |doit|doivent|proc[ée]dure\w*|responsable\w*|interdit\w*|conform[ée]ment
        |wajib|harus|prosedur|bertanggung\ jawab|dilarang|sesuai\ dengan
    """,
    # what was done: past, perfect, record words
    "done": r"""
        was|were|has\ been|have\ been|had|conducted|completed|carried\ out|implemented|trained|reviewed|inspected|audited|measured|recorded|received|resolved|closed|reported|identified|established|appointed|approved|signed|held|delivered|installed|verified|investigated|attended|minutes|register|log|attendance
        |se\ realiz\w+|fue(?:ron)?|ha\ sido|han\ sido|se\ han|se\ ha|realizad\w+|realiz[óo]|capacitad\w+|complet\w+|registr\w+|revisad\w+|auditad\w+|medid\w+|aprobad\w+|firmad\w+|inspeccion\w+|asistencia|acta|recibi\w+|cerrad\w+|implement[óo]|implementad\w+|ejecut\w+
        |foi|foram|realizad\w+|treinad\w+|conclu[íi]d\w+|registrad\w+|aprovad\w+
        |przeprowadz\w+|zosta[łl]\w*|zrealizowa\w+|przeszkol\w+|odby[łl]\w*|zarejestrowa\w+|wykona\w+|sprawdzon\w+|zatwierdzon\w+
        |wurde\w*|worden|durchgef[üu]hrt|abgeschlossen|geschult|gepr[üu]ft|gemessen|genehmigt|erfasst|eingef[üu]hrt
        |a\ [ée]t[ée]|ont\ [ée]t[ée]|r[ée]alis[ée]\w*|form[ée]e?s|effectu[ée]\w*|mesur[ée]\w*|approuv[ée]\w*|enregistr[ée]\w*
        |telah|dilakukan|dilaksanakan|diselesaikan|dilatih|tercatat
    """,
    # not, no, never
    "negation": r"""
        not|no|never|none|without|neither|nor|lack\w*|absence|fail(?:s|ed|ure)?(?:\ to)?|cannot|n.t
        |ni|sin|nunca|ning[úu]n\w*|falta|ausencia|incumpl\w+|n[ãa]o|sem|nenhum\w*|aus[êe]ncia
        |nie|brak\w*|bez|nigdy|[żz]ad\w+|nicht|kein\w*|ohne|niemals|ne\ \w+\ pas|aucun\w*|sans|jamais
        |tidak|tanpa|bukan|belum
    """,
    # somebody outside vouches
    "assurance": r"""
        certif\w+|accredit\w+|assurance|independent(?:ly)?|third[-\ ]party|external\ audit\w*|verified\ by|verification|auditor\w*|audited\ by|iso\ ?\d{4,5}
        |certificad\w+|acredita\w+|independiente\w*|externa|verificaci[óo]n|terceros|auditor[íi]a
        |certifica\w+|independente|niezale[żz]n\w+|certyfik\w+|akredyt\w+|zertifi\w+|unabh[äa]ngig\w*|akkredit\w+|pr[üu]fungsgesellschaft
        |certifi\w+|ind[ée]pendant\w*|tiers|sertifi\w+|independen|terakreditasi
    """,
    # someone is at fault: regulators, breaches, complaints
    "breach": r"""
        breach\w*|violat\w+|exceed\w+|exceedance\w*|non[-\ ]?complian\w+|infring\w+|fine[sd]?|penalt\w+|sanction\w*|notice\ of\ violation|enforcement|convict\w+|prosecut\w+|charges?|overdue|deficien\w+|shortcoming\w*|did\ not|was\ not|were\ not|has\ not|have\ not|no\ evidence|no\ record
        |incumplimiento\w*|infracci\w+|infringi\w+|super[óoa]\w*|excedi\w+|excede\w*|multa\w*|sanci[óo]n\w*|formula\w*\ cargos|cargos|no\ conformidad\w*|no\ se\ (?:ha|han|realiz|cuenta|evidenci)\w*|no\ ha|no\ cuenta|no\ present\w+
        |descumprimento|infra[çc]\w+|exced\w+|naruszen\w+|przekrocz\w+|kar[aęy]|verst[öo]\w*|[üu]berschr\w+|bu[ßs]+geld\w*|manquement\w*|d[ée]passement\w*|amende\w*|pelanggaran|melebihi|denda
    """,
}
_CJK: dict[str, str] = {
    "promise": r"承诺|將|将会?|致力|计划|目标|力争|应当|努力|拟|约定|コミット|目指|努め|予定|方針|推進し(?:ます|てまいり)|取り組(?:みます|んでまいり)",
    "rule": r"必须|应当?|不得|禁止|负责|按照|规定|程序|流程|办法|しなければ|禁止|責任|手順|規程|に従",
    "done": r"已|完成|开展了|进行了|共|实施了|通过了|组织了|培训了|检查了|记录|しました|実施した|実施し|完了|行いました|受審|記録|開催",
    "negation": r"不|没有|未|无|非|ない|ません|無し|なし",
    "assurance": r"认证|证书|第三方|独立|审核|核查|鉴证|認証|第三者|審査|検証|監査",
    "breach": r"违反|超标|处罚|罚款|违规|不符合|整改|違反|超過|不適合|罰",
}
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*\s?(?:%|percent|por ciento|t\b|kt\b|Mt\b|kg|m3|m³|ML\b|MWh|GJ|TJ|tCO2|mg|µg|ppm|hours?|horas|people|personas|employees|trabajadores|casos?|cases?)"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}\s?年|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b"
    r"|\b\d{1,2}\s(?:de\s)?[A-Za-zäéûąęłńóśźż]{3,12}\s(?:de\s)?(?:19|20)\d{2}\b|\b(?:19|20)\d{2}\b"
)
_FUTURE_YEAR = re.compile(
    r"\b(?:by|until|hasta|para|al|bis|do|d.ici|vor)\s(?:the\send\sof\s)?20[2-9]\d\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cues:
    """Counts of cues in one text (numbers and dates too); all are whole numbers from 0 up."""

    promise: int
    rule: int
    done: int
    negation: int
    assurance: int
    breach: int
    numbers: int
    dates: int
    future_year: int

    @classmethod
    def of(cls, text: str) -> Cues:
        """The cues of a text in any of the nine languages."""
        folded = unicodedata.normalize("NFKC", text)
        found = {name: len(pattern.findall(folded)) for name, pattern in _patterns()}
        return cls(
            **found,
            numbers=len(_NUMBER.findall(folded)),
            dates=len(_DATE.findall(folded)),
            future_year=len(_FUTURE_YEAR.findall(folded)),
        )

    def vector(self) -> list[float]:
        """The counts in the order of the fields."""
        return [float(getattr(self, field.name)) for field in fields(self)]


CUE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Cues))
CUE_CAP = 4.0
"""Models see no higher count."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    compiled = []
    for name, latin in _LATIN.items():
        words = "".join(line.strip() for line in latin.splitlines())
        compiled.append((name, re.compile(rf"\b(?:{words})\b|{_CJK[name]}", re.IGNORECASE)))
    return tuple(compiled)
