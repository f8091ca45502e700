"""What kind of document it is, by the words of its title, its file name, and its format."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..models import Fact, FactName
from .zones import Line, Zones, segments

KINDS: tuple[tuple[str, str], ...] = (
    (
        "certificate",
        r"certificates?(?: of (?:registration|conformity|compliance|approval))?|certificados?|certyfikat|świadectwo"
        r"|zertifikat|bescheinigung|certificat|attestation|(?:letter|statement) of (?:assurance|conformance)"
        r"|(?:independent|limited|reasonable) assurance (?:statement|report)|assurance statement"
        r"|verification (?:statement|report)|证书|认证证书|認証書|証明書|登録証|sertifikat",
    ),
    (
        "permit",
        r"permits?|licen[cs]es?|authori[sz]ations?|consent|permisos?|licencias?|autorizaci[óo]n(?:es)?|concesi[óo]n"
        r"|resoluci[óo]n(?: exenta| de calificaci[óo]n ambiental)?|licen[çc]as?|autoriza[çc][ãa]o|outorga|alvar[áa]"
        r"|pozwolenie|zezwolenie|decyzja|koncesja|genehmigung(?:sbescheid)?|bescheid|erlaubnis|autorisation|permis"
        r"|arr[êe]t[ée]|许可证|批复|排污许可证|許可証|izin|persetujuan lingkungan",
    ),
    (
        "minutes",
        r"minutes(?: of(?: the)?(?: meeting)?)?|meeting notes|actas?(?: de (?:reuni[óo]n|sesi[óo]n))?|minuta(?: de"
        r" reuni[óo]n)?|ata(?: de reuni[ãa]o)?|protok[óo][łl](?: z)?|notatka ze spotkania|sitzungsprotokoll"
        r"|besprechungsprotokoll|protokoll|compte[- ]rendu|proc[èe]s[- ]verbal|会议纪要|会议记录|議事録|notulen"
        r"|risalah rapat",
    ),
    (
        "register",
        r"registers?|registry|log(?:book)?|inventory|matrix|matriz|registro de (?:riesgos|peligros|aspectos|quejas"
        r"|reclamos|partes interesadas|requisitos|incidentes)|inventario|cadastro|rejestr|ewidencja|wykaz|verzeichnis"
        r"|kataster|registre|inventaire|台账|清单|登记表|台帳|一覧|daftar",
    ),
    (
        "form",
        r"forms?|checklist|questionnaire|template|formularios?|lista de (?:verificaci[óo]n|chequeo)|cuestionario"
        r"|formul[áa]rio|question[áa]rio|formularz|ankieta|formular|fragebogen|checkliste|formulaire|表格"
        r"|检查表|チェックリスト"
        r"|様式|formulir",
    ),
    (
        "contract",
        r"contracts?|agreements?|memorandum of understanding|contratos?|convenios?|acordos?|umow[ay]|porozumienie"
        r"|vertrag|vereinbarung|contrat|convention|accord|合同|协议|契約(?:書)?|perjanjian|kontrak|nota kesepahaman",
    ),
    (
        "report",
        r"reports?|annual review|review \d{4}|impact assessment|audit findings|assessment|study|monitoring results"
        r"|performance data|statement \d{4}|modern slavery statement|informes?|reportes?|memoria(?: anual| de"
        r" sostenibilidad)?|declaraci[óo]n de impacto ambiental"
        r"|estudio|adenda|evaluaci[óo]n|relat[óo]rios?|estudo|avalia[çc][ãa]o|raport|sprawozdanie|ocena"
        r" oddzia[łl]ywania|bericht|gutachten|nachhaltigkeitsbericht|\w+bericht|rapport|[ée]tude|bilan"
        r"|报告(?:书)?|評価書"
        r"|報告書|レポート|laporan|kajian",
    ),
    (
        "record",
        r"training records?|attendance (?:list|sheet|record)|records?|inspection results?|lista de asistencia"
        r"|registro(?:s)? de (?:asistencia|capacitaci[óo]n|entrega|inspecci[óo]n)|acta de (?:capacitaci[óo]n|entrega)"
        r"|registros?|comprobante|constancia|potwierdzenie|confirmation of|best[äa]tigung|lista de presen[çc]a|lista"
        r" obecno[śs]ci|zapis|nachweis|teilnehmerliste|schulungsnachweis|aufzeichnung|feuille de pr[ée]sence"
        r"|enregistrement|记录|签到表|記録|daftar hadir|catatan|rekaman",
    ),
    (
        "procedure",
        r"procedures?|standard operating procedure|SOP|work instruction|protocol|guidelines?|manual|handbook|standard"
        r"|procedimientos?|instructivo|instrucci[óo]n de trabajo|protocolo|manual|reglamento(?: interno)?|gu[íi]a"
        r"|est[áa]ndar|norma"
        r"|procedimento|instru[çc][ãa]o de trabalho|regulamento|procedura|instrukcja|regulamin|verfahrensanweisung"
        r"|arbeitsanweisung|verfahren|richtlinie zur|handbuch|anweisung|proc[ée]dure|mode op[ée]ratoire|r[èe]glement"
        r"|管理办法|程序|规程|规定|制度|作业指导书|办法|手順書|規程|要領|マニュアル|prosedur|instruksi kerja|pedoman",
    ),
    (
        "plan",
        r"(?:management |action |closure |emergency (?:response )?|monitoring |engagement |improvement |response "
        r"|contingency )?plans?|programmes?|programs?|strategy|roadmap|planes?(?: de \w+)?|programa|estrategia|plano"
        r"|estrat[ée]gia|plan (?:dzia[łl]a[ńn]|zarz[ąa]dzania)|program|ma[ßs]nahmenplan|notfallplan|konzept|strategie"
        r"|stratégie|plan d['’]action|计划|方案|规划|预案|計画(?:書)?|rencana|program kerja",
    ),
    (
        "policy",
        r"polic(?:y|ies)|code of (?:conduct|ethics|business conduct|ethics and business conduct)|charter|principles"
        r"|pol[íi]ticas?|c[óo]digo de (?:[ée]tica|conducta)|declaraci[óo]n de principios|c[óo]digo de conduta"
        r"|polityka|kodeks(?: post[ęe]powania| etyki)?|politik|unternehmenspolitik|leitlinie|richtlinie"
        r"|verhaltenskodex|grunds(?:atz|[äa]tze)erkl[äa]rung|politique|code de conduite|charte|政策|方针"
        r"|行为准则|声明|方針|基本方針"
        r"|行動規範|ポリシー|kebijakan|kode etik|pedoman perilaku",
    ),
    (
        "presentation",
        r"presentation|presentaci[óo]n|apresenta[çc][ãa]o|prezentacja|pr[äa]sentation|présentation|演示文稿",
    ),
    (
        "letter",
        r"letter|memo(?:randum)?|notification|notice|carta|oficio|ord\.|memor[áa]ndum|of[íi]cio|pismo|zawiadomienie"
        r"|schreiben|mitteilung|lettre|courrier|函|通知书|通知|surat",
    ),
)  # fmt: skip
"""Kinds with their title words, the more telling before the more general: a "training record form" is a record."""

PATTERNS = tuple(
    (kind, re.compile(rf"(?<![^\W\d_\u2e80-\uffff])(?:{words})(?![^\W\d_\u2e80-\uffff])", re.IGNORECASE))
    for kind, words in KINDS
)
LETTER_START = re.compile(
    r"^(?:dear (?:sir|madam|mr|ms|mrs|dr|colleague|all|[A-Z])|estimad[oa]s?\b|de nuestra consideraci[óo]n"
    r"|prezad[oa]s?\b|szanown\w+|sehr geehrte|(?:madame|monsieur),|尊敬的|拝啓|dengan hormat|yth\.)",
    re.IGNORECASE,
)
BY_FORMAT = {
    "message/rfc822": "e-mail",
    "text/html": "webpage",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "table",
    "text/csv": "table",
}
FIXED = {"e-mail"}
LETTER_LINES = 25
TITLE_TAIL = 90
DIVIDED = re.compile(r"\s[—–-]\s|[|·]")
"""A title block on one line; other long lines are sentences."""
MOST_WORDS = 12
"""Longer lines are sentences: "the policy" in them names another document."""


def find_kind(name: str, media_type: str, zones: Zones, title: Fact | None) -> Fact:
    """The kind with the words that tell; `other` when nothing does."""
    usual = BY_FORMAT.get(media_type, "")
    if usual in FIXED:
        return Fact(name=FactName.KIND, value=usual, origin="metadata", confidence=0.95)
    if title is not None and title.origin == "text":
        found = _in(title.quote, title.page, title.start, 0.9)
        if found:
            return found
    letter = next((line for line in zones.title[:LETTER_LINES] if LETTER_START.match(line.text)), None)
    if letter is not None:
        return _fact("letter", letter, 0, min(len(letter.text), 40), 0.7)
    for line in [
        *(part for whole in zones.title[:3] if DIVIDED.search(whole.text) for part in segments(whole)),
        *zones.title[:6],
        *zones.running,
    ]:
        if len(line.text) <= TITLE_TAIL and len(line.text.split()) <= MOST_WORDS and line.text[-1] not in ".;,:":
            found = _in(line.text, line.page, line.start, 0.7)
            if found:
                return found
    stem = re.sub(r"[_\-.]+", " ", name.rsplit(".", 1)[0])
    by_name = _best(stem)
    if by_name:
        return Fact(name=FactName.KIND, value=by_name[0], origin="filename", confidence=0.6)
    if usual:
        return Fact(name=FactName.KIND, value=usual, origin="metadata", confidence=0.7)
    return Fact(name=FactName.KIND, value="other", origin="derived", confidence=0.3)


def names_a_kind(text: str) -> bool:
    """Whether `text` holds the word for a kind of document."""
    return any(pattern.search(text) for _, pattern in PATTERNS)


def _best(text: str) -> tuple[str, int, int] | None:
    """The kind named in `text`: the head of the title, which ends an English phrase and begins a Romance one."""
    matches = [(kind, *match.span()) for kind, pattern in PATTERNS for match in pattern.finditer(text)]
    if not matches:
        return None
    parts: Sequence[str] = re.split(r"\s[-–—|:]\s|[|:;\n]", text)
    first_part = len(parts[0])
    in_first = [match for match in matches if match[1] < first_part] or matches
    at_start = [match for match in in_first if not text[: match[1]].strip(" \"'«“《(")]
    if at_start:
        return max(at_start, key=lambda match: match[2] - match[1])
    # English, German and CJK titles end with their head ("Tailings Management Plan"), before "of", "for", "on", a year.
    head_end = re.search(r"\s(?:of|for|on|regarding|zur|zum|für|to)\s", text[:first_part])
    before = [match for match in in_first if head_end is None or match[1] < head_end.start()] or in_first
    return max(before, key=lambda match: (match[2], match[2] - match[1]))


def _in(text: str, page: int, start: int, confidence: float) -> Fact | None:
    found = _best(text)
    if found is None:
        return None
    kind, first, last = found
    return Fact(
        name=FactName.KIND, value=kind, quote=text[first:last], page=page, start=start + first, end=start + last,
        confidence=confidence,
    )  # fmt: skip


def _fact(kind: str, line: Line, first: int, last: int, confidence: float) -> Fact:
    return Fact(name=FactName.KIND, value=kind, quote=line.text[first:last], page=line.page,
                start=line.start + first, end=line.start + last, confidence=confidence)  # fmt: skip
