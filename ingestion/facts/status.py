"""Status, version and successor of a document, from its title block and running lines only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..models import Fact, FactName
from .zones import SENTENCE_CHARS, Line, Zones, fact, segments

LABEL = (
    r"(?:(?:document |report |policy )?(?:status|version)|estado(?: del documento)?|situa[çc][ãa]o|status"
    r" dokumentu|stan|dokumentstatus|statut|[ée]tat|状态|文件状态|ステータス|状態)\s*[:：|]?\s*"
)
DRAFT = (
    r"(?:(?:first|second|third|final|preliminary|working|consultation|internal|revised|initial|exposure"
    r"|public) )?drafts?(?: (?:version|document|copy|report|policy|plan|procedure|only|\d[\d.]*|v\d[\d.]*"
    r"|rev\.? ?\w+))?"
    r"(?: (?:for|not for) (?:consultation|comments?|review|discussion|distribution|approval|internal use|release"
    r"|issue))?"
    r"|work in progress|not (?:yet )?approved|pending approval|for approval|not for distribution"
    r"|borrador(?: (?:final|preliminar|para (?:consulta|revisi[óo]n|comentarios|aprobaci[óo]n)|\d[\d.]*))?"
    r"|documento (?:preliminar|en revisi[óo]n|en borrador)|versi[óo]n (?:preliminar|borrador)|pendiente de"
    r" aprobaci[óo]n|en revisi[óo]n|sin aprobar"
    r"|proyecto de (?:pol[íi]tica|procedimiento|reglamento|norma|ley|resoluci[óo]n)"
    r"|rascunho|minuta(?: para (?:consulta|discuss[ãa]o|aprova[çc][ãa]o))?|vers[ãa]o preliminar|em (?:revis[ãa]o"
    r"|elabora[çc][ãa]o)|pendente de aprova[çc][ãa]o"
    r"|wersja robocza|wersja wst[ęe]pna|projekt (?:polityki|procedury|dokumentu|instrukcji|regulaminu"
    r"|do (?:konsultacji|uzgodnie[ńn]))|szkic|do zatwierdzenia"
    r"|entwurf(?:sfassung)?|arbeitsfassung|vorabfassung|vorl[äa]ufige fassung|brouillon|version (?:provisoire"
    r"|pr[ée]liminaire|de travail)|projet (?:de (?:politique|proc[ée]dure|rapport|document)|pour (?:consultation"
    r"|avis))"
    r"|草案|草稿|征求意见稿|讨论稿|送审稿|试行稿|初稿|ドラフト|素案|原案|draf|rancangan|konsep"
)
SUPERSEDED = (
    r"superseded|obsolete|withdrawn|rescinded|revoked|cancelled|no longer (?:in force|valid)|archived copy|out of date"
    r"|reemplazado|sustituido|obsoleto|derogad[oa]|anulad[oa]|sin vigencia|no vigente|fuera de vigencia"
    r"|substitu[íi]do|revogad[oa]|sem vig[êe]ncia"
    r"|zast[ąa]pion[yae]|nieaktualn[yae]|uchylon[yae]|niewa[żz]n[yae]|wycofan[yae]|ersetzt|ung[üu]ltig|aufgehoben"
    r"|au[ßs]er kraft|veraltet"
    r"|remplac[ée]|abrog[ée]|p[ée]rim[ée]|obsol[èe]te|annul[ée]|作废|已废止|废止|已替代|失效|廃止|失効|旧版"
    r"|tidak berlaku(?: lagi)?"
    r"|dicabut|kedaluwarsa|digantikan"
)
UNCONTROLLED = (
    r"uncontrolled (?:copy|document|version)|copia no controlada|c[óo]pia n[ãa]o controlada|kopia niekontrolowana"
    r"|egzemplarz niekontrolowany|unkontrollierte kopie|nicht gelenktes? (?:dokument|exemplar|kopie)"
    r"|copie non contr[ôo]l[ée]e|document non contr[ôo]l[ée]|非受控(?:文件|副本|版本)?|非管理(?:文書|版)"
    r"|salinan tidak terkendali"
    r"|dokumen tidak terkendali"
)
APPROVED = (
    r"approved(?: (?:version|for (?:use|issue|release)))?|final(?: version)?|in force|effective|released|current(?:"
    r" version)?|vigente|aprobado|versi[óo]n (?:final|definitiva|vigente)|aprovado|em vigor|vers[ãa]o final"
    r"|zatwierdzon[yae]|obowi[ąa]zuj[ąa]c[yae]|wersja (?:ostateczna|ko[ńn]cowa)|freigegeben|g[üu]ltig|genehmigt"
    r"|endfassung|approuv[ée]|en vigueur|version (?:finale|d[ée]finitive)|已批准|现行(?:有效)?|有效|受控"
    r"|承認済み?|正式版|有効|disetujui"
    r"|berlaku|disahkan"
)
APPROVED_BY = re.compile(
    r"^(?:approved by|approval|authori[sz]ed by|aprobado por|aprobaci[óo]n|aprueba|autorizado por|aprovado por"
    r"|aprova[çc][ãa]o|zatwierdzi[łl]a?|zatwierdzone przez|freigegeben (?:durch|von)|genehmigt (?:durch|von)"
    r"|approuv[ée] par|批准人?|审批|承認者?|disetujui oleh|disahkan oleh)\s*[:：|]\s*(?P<who>[^\W\d_].{2,80})",
    re.IGNORECASE,
)
CONDITIONAL = re.compile(
    r"print|impres|impr[ií]m|drukow|wydruk|druck|imprim|打印|印刷|dicetak|download|descarg|when|unless|once|if |cuando"
    r"|salvo|quando",
    re.IGNORECASE,
)
"""Printed copies are uncontrolled: that says nothing about this one."""
NEGATED = re.compile(
    r"\b(?:supersedes|replaces|reemplaza a|sustituye|substitui|zast[ęe]puje|ersetzt (?:die|das|den|version)"
    r"|remplace(?: la)?|取代|代替|menggantikan)\b",
    re.IGNORECASE,
)
LONGEST_STATUS = 70
LONGEST_STAMP = 45

STATUSES = tuple(
    (
        value,
        re.compile(rf"^\W*(?:{LABEL})?(?P<words>{words})(?=\W|$|[\u2e80-\uffff])", re.IGNORECASE),
        re.compile(rf"\W*(?:{LABEL})?(?P<words>{words})\W*(?:copy|copia)?\W*", re.IGNORECASE),
    )
    for value, words in (("superseded", SUPERSEDED), ("uncontrolled copy", UNCONTROLLED), ("draft", DRAFT))
)
LABELLED_APPROVED = re.compile(rf"^\W*{LABEL}(?P<words>{APPROVED})\b", re.IGNORECASE)
ALONE_APPROVED = re.compile(
    r"\W*(?:approved(?: version| for (?:use|issue))?|final version|versi[óo]n (?:final|definitiva|vigente)|vers[ãa]o"
    r" final|freigegeben|zatwierdzone|已批准|现行有效)\W*",
    re.IGNORECASE,
)
FINAL_LATER = re.compile(r"\b(?:final|approved|aprobad|definitiv|ostateczn|endg[üu]ltig)", re.IGNORECASE)

VERSION = re.compile(
    r"(?<![^\W\d_])(?:version|versi[óo]n|vers[ãa]o|wersja|fassung|revision|revisi[óo]n|revis[ãa]o|rewizja|r[ée]vision"
    r"|rev|edition|edici[óo]n|edi[çc][ãa]o|wydanie|ausgabe|[ée]dition|issue(?: no)?|ver|versi|revisi|版本号?"
    r"|版次|バージョン)"
    r"(?:\s*(?:no|nr|number|n[úu]mero|n°|nº))?(?:\s*[.:：#|]\s*|\s+)(?P<value>v?\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?"
    r"|(?-i:[A-Z]))\b(?!\s*[/.-]\d)"
    r"|\b(?P<short>v\.? ?\d{1,2}(?:\.\d{1,3}){0,2})\b|第\s?(?P<cjk>[\d一二三四五六七八九十]{1,3})\s?版",
    re.IGNORECASE,
)
SUCCESSOR = re.compile(
    r"(?:(?:superseded|replaced) (?:by|with)\b|reemplazad[oa] por|sustituid[oa] por|substitu[íi]d[oa] (?:por|pel[oa])"
    r"|zast[ąa]pion[yae] przez|ersetzt durch|abgel[öo]st durch|remplac[ée]e? par|digantikan (?:oleh"
    r"|dengan))\s*:?\s*(?P<value>[^\n;|·]{3,90}?)(?=\.\s|\.$|\s?[;|·\n]|$)"
    r"|(?:由|被)(?P<cjk>[^\n，。；]{2,40}?)(?:替代|取代|代替)|(?P<ja>[^\n、。]{2,40}?)に(?:置き換え|改訂され)",
    re.IGNORECASE,
)


def find_status_facts(name: str, zones: Zones, metadata: Mapping[str, str]) -> list[Fact]:
    """Status, version and what the document was replaced by; each at most once."""
    found = [_successor(zones), _version(zones)]
    status = _status(zones) or _elsewhere(name, metadata)
    if status is None and found[0] is not None:
        status = found[0].model_copy(update={"name": FactName.STATUS, "value": "superseded"})
    return [item for item in (status, *found) if item is not None]


def _status(zones: Zones) -> Fact | None:
    """Stamps and status labels first, then a name after "approved by"."""
    candidates = [*_stamps(zones), *zones.head]
    for value, begins, whole in STATUSES:
        for line in candidates:
            for segment in segments(line):
                hit = _says(segment, begins, whole)
                if (
                    hit is None
                    or NEGATED.search(segment.text)
                    or (value == "draft" and FINAL_LATER.search(line.text[hit[1] :]))
                ):
                    continue
                if value != "draft" and CONDITIONAL.search(line.text):
                    continue
                return fact(FactName.STATUS, value, segment, *hit, 0.9)
    for line in zones.head:
        for segment in segments(line):
            labelled = LABELLED_APPROVED.match(segment.text)
            if labelled and len(segment.text) <= LONGEST_STATUS and labelled.start("words") > 0:
                return fact(FactName.STATUS, "approved", segment, 0, labelled.end(), 0.9)
            if ALONE_APPROVED.fullmatch(segment.text):
                return fact(FactName.STATUS, "approved", segment, 0, len(segment.text), 0.8)
    for line in [*zones.head, *zones.labels]:
        signed = APPROVED_BY.match(line.text)
        if signed and len(line.text) <= SENTENCE_CHARS:
            return fact(FactName.STATUS, "approved", line, 0, signed.end(), 0.6)
    return None


def _says(segment: Line, begins: re.Pattern[str], whole: re.Pattern[str]) -> tuple[int, int] | None:
    """Place of a status in a segment: a label with its value, a stamp alone, or a stamp that begins a short part."""
    match = begins.match(segment.text)
    if match is None or len(segment.text) > LONGEST_STATUS:
        return None
    labelled = match.start("words") > len(segment.text) - len(segment.text.lstrip(" \"'[(*#"))
    if whole.fullmatch(segment.text) or labelled:
        return match.span()
    loud = match["words"].isupper() and any(char.isalpha() for char in match["words"])
    return match.span() if loud and len(segment.text) <= LONGEST_STAMP else None


def _stamps(zones: Zones) -> list[Line]:
    """Lines that hold nothing but a status and come on half of the pages: watermarks stand anywhere on the page."""
    from .zones import lines_of

    seen: dict[str, tuple[int, Line]] = {}
    pages = [page for page in zones.pages if page.text.strip()]
    for page in pages:
        for text, line in {
            line.text.casefold(): line for line in lines_of(page) if len(line.text) <= LONGEST_STAMP
        }.items():
            if any(whole.fullmatch(line.text) for _, _, whole in STATUSES):
                count, first = seen.get(text, (0, line))
                seen[text] = (count + 1, first)
    return [line for count, line in seen.values() if count >= max(2, len(pages) / 2)]


def _elsewhere(name: str, metadata: Mapping[str, str]) -> Fact | None:
    declared = metadata.get("status", "").strip()
    for value, begins, _whole in STATUSES:
        if declared and begins.match(declared):
            return Fact(name=FactName.STATUS, value=value, origin="metadata", confidence=0.8)
    if declared and re.fullmatch(APPROVED, declared, re.IGNORECASE):
        return Fact(name=FactName.STATUS, value="approved", origin="metadata", confidence=0.6)
    stem = re.sub(r"[_\-.()\[\]]+", " ", name.rsplit(".", 1)[0])
    if re.search(r"\b(?:draft|borrador|rascunho|entwurf|brouillon|robocza|draf)\b|草案|草稿", stem, re.IGNORECASE):
        return Fact(name=FactName.STATUS, value="draft", origin="filename", confidence=0.6)
    if re.search(r"\b(?:superseded|obsolete|obsoleto)\b|作废|废止", stem, re.IGNORECASE):
        return Fact(name=FactName.STATUS, value="superseded", origin="filename", confidence=0.6)
    return None


def _version(zones: Zones) -> Fact | None:
    for line in zones.head:
        if len(line.text) > SENTENCE_CHARS and line is not zones.title[0]:
            continue
        match = VERSION.search(line.text[: 2 * SENTENCE_CHARS])
        if match:
            value = (match["value"] or match["short"] or match["cjk"]).strip()
            return fact(
                FactName.VERSION,
                value.lstrip("vV. ") if value[:1] in "vV" and len(value) > 1 else value,
                line,
                *match.span(),
                0.8,
            )
    return None


def _successor(zones: Zones) -> Fact | None:
    for line in zones.head:
        match = SUCCESSOR.search(line.text)
        if match and len(line.text) <= SENTENCE_CHARS * 2:
            value = next(group for group in (match["value"], match["cjk"], match["ja"]) if group)
            return fact(FactName.SUPERSEDED_BY, value.strip(" ."), line, *match.span(), 0.85)
    return None
