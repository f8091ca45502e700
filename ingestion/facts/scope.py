"""Whom a document speaks of (site, plant, group) and who issued it."""

from __future__ import annotations

import re

from ..models import Fact, FactName
from .kinds import names_a_kind
from .zones import SENTENCE_CHARS, Line, Zones, fact, paragraphs, segments


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SITE_LABEL = re.compile(
    r"^\W*(?:(?:name of (?:the )?)?(?:site|facility|plant|operation|mine|smelter|refinery|location|site name|facility"
    r" name|certified (?:site|organi[sz]ation|location))s?(?: name| address)?"
    r"|nombre de la (?:faena|empresa|instalaci[óo]n)|faena(?: minera)?|sitio|planta|operaci[óo]n|unidad(?: minera|"
    r" operativa| fiscalizable| de producci[óo]n)?|instalaci[óo]n|emplazamiento|divisi[óo]n|fundici[óo]n|refiner[íi]a"
    r"|centro de trabajo|ubicaci[óo]n"
    r"|unidade(?: operacional)?|local|opera[çc][ãa]o|mina|instala[çc][ãa]o|zak[łl]ad|oddzia[łl]|kopalnia|huta"
    r"|lokalizacja|miejsce|standort|werk|betrieb(?:sst[äa]tte)?|anlage|site concern[ée]|usine|[ée]tablissement|mine"
    r"|厂址|地点|厂区|矿区|单位名称|适用单位|生产单位|工厂|场所|事業所|サイト|工場|拠点|所在地|lokasi|pabrik"
    r"|tambang|unit kerja"
    r"|situs)\s*[:：|]\s*(?P<value>.{2,160})$",
    re.IGNORECASE,
)
COMPANY_LABEL = re.compile(
    r"^\W*(?:company(?: name)?|organi[sz]ation|operator|holder|licensee|permit holder|certificate holder|client"
    r"|reporting entity|entity|titular|empresa|raz[óo]n social|organizaci[óo]n|compa[ñn][íi]a|raz[ãa]o social"
    r"|organiza[çc][ãa]o|detentor|firma|przedsi[ęe]biorstwo|organizacja|posiadacz|unternehmen|organisation|betreiber"
    r"|inhaber"
    r"|soci[ée]t[ée]|entreprise|exploitant|titulaire|公司(?:名称)?|企业名称|单位|组织名称|获证组织|会社名"
    r"|組織名|perusahaan|organisasi"
    r"|pemegang izin)\s*[:：|]\s*(?P<value>.{2,160})$",
    re.IGNORECASE,
)
SCOPE_LABEL = re.compile(
    r"^\W*(?:\d[\d.]*\s*)?(?:scope(?: of (?:application|certification|registration|this (?:policy|document|report)))?"
    r"|applicability|applies to|alcance(?: y aplicaci[óo]n| del certificado)?|[áa]mbito(?: de aplicaci[óo]n)?|campo"
    r" de aplicaci[óo]n|aplicaci[óo]n|escopo|abrang[êe]ncia|[âa]mbito|zakres(?: stosowania| certyfikacji)?"
    r"|geltungsbereich|anwendungsbereich"
    r"|champ d['’]application|port[ée]e|p[ée]rim[èe]tre|(?:第.条\s*)?适用范围|认证范围|适用对象|適用範囲"
    r"|対象範囲|報告範囲|認証範囲|ruang lingkup"
    r"|lingkup)\s*(?:[:：|.\-–]\s*|\s+)(?P<value>.{4,400})$",
    re.IGNORECASE,
)
SCOPE_HEADING = re.compile(
    r"^\W*(?:\d[\d.]*\s*)?(?:scope(?: and application| of application)?|applicability|alcance(?: y aplicaci[óo]n)?"
    r"|[áa]mbito de aplicaci[óo]n|campo de aplicaci[óo]n|escopo|abrang[êe]ncia|zakres(?: stosowania)?|geltungsbereich"
    r"|anwendungsbereich|champ d['’]application|p[ée]rim[èe]tre|(?:第.条\s*)?适用范围|適用範囲|ruang lingkup)\W*$",
    re.IGNORECASE,
)
APPLIES = re.compile(
    r"(?:this|the|our) (?:policy|procedure|code|standard|plan|document|report|statement|charter|certificate|permit"
    r"|programme|program|manual)\b[^.\n,]{0,25}?\b(?:applies to|covers|is applicable to|shall apply to|is"
    r" binding (?:on|for))\s+(?P<en>[^.]{4,200})"
    r"|(?:est[ea]|la presente|el presente|nuestra) (?:pol[íi]tica|procedimiento|reglamento|c[óo]digo|plan|documento"
    r"|informe|norma|manual)\b[^.\n]{0,60}?\b(?:(?:se )?aplica a|es aplicable a|aplica para|rige para|abarca|cubre"
    r"|alcanza a)\s+(?P<es>[^.]{4,200})"
    r"|(?:est[ea]|a presente|o presente) (?:pol[íi]tica|procedimento|regulamento|c[óo]digo|plano|documento"
    r"|relat[óo]rio)\b[^.\n]{0,60}?\b(?:(?:se )?aplica(?:-se)? a[os]?|abrange)\s+(?P<pt>[^.]{4,200})"
    r"|(?:niniejsz[ay]|ta) (?:polityka|procedura|instrukcja|dokument|regulamin)\b[^.\n]{0,60}?\b(?:dotyczy"
    r"|obowi[ąa]zuje|ma zastosowanie (?:do|w)|stosuje si[ęe] (?:do|w))\s+(?P<pl>[^.]{4,200})"
    r"|dies[er]{1,2}s? (?:richtlinie|politik|verfahrensanweisung|dokument|kodex|bericht|plan"
    r"|grunds[äa]tze)\b[^.\n]{0,40}?\bgilt f[üu]r\s+(?P<de>[^.]{4,200})"
    r"|(?:cette|ce|la pr[ée]sente) (?:politique|proc[ée]dure|document|charte|code"
    r"|rapport)\b[^.\n]{0,60}?\b(?:s['’]applique [àa]|concerne|couvre)\s+(?P<fr>[^.]{4,200})"
    r"|(?:本(?:办法|制度|规定|程序|政策|报告|规程|文件))适用于(?P<zh>[^。\n]{4,120})|本(?:方針|規程|手順書"
    r"|報告書)は[、]?(?P<ja>[^。\n]{4,100}?)に適用"
    r"|(?:kebijakan|prosedur|dokumen|laporan) ini berlaku (?:untuk|bagi)\s+(?P<id>[^.]{4,200})",
    re.IGNORECASE,
)
CERTIFIED = re.compile(
    r"(?:(?:this is to certify that|certif(?:y|ies) that|hereby certifies|certifica que|certificamos que|certifica-se"
    r" que|zaświadcza się,? że|bescheinigt,? dass|certifie que|兹证明|hiermit wird"
    r" bescheinigt)[\s:,]*(?:the (?:environmental |quality |occupational |[\w ]{0,30})?management system of|el"
    r" sistema de gesti[óo]n (?:\w+ ){0,3}de|o sistema de"
    r" gest[ãa]o (?:\w+ ){0,3}d[aeo])?[\s:,]*)(?P<value>[^,;:.]{3,140}?)?(?=,|;|:|\.\s|\s(?:has|have|is|are|located"
    r"|con domicilio|ha sido|foi|posiada|mit sitz|a été)\b|$)",
    re.IGNORECASE,
)
COMPANY = re.compile(
    r"(?P<value>(?:[A-ZÀ-ÞŚŻŁ][\w&.'’-]*\s+(?:(?:de|del|la|las|los|do|da|dos|&|y)\s+){0,2}){1,6}(?:plc|PLC|Ltd\.?"
    r"|LTD\.?|Limited|LIMITED|Inc\.?|INC\.?|Corp\.?|Corporation|LLC|AG|GmbH|SE|S\.?A\.?C?\.?(?=\W|$)|SpA|SPA"
    r"|S\.p\.A\.|SCM|S\.C\.M\.|Ltda\.?|Sp\. z o\.o\.|N\.V\.|Tbk|Pty Ltd|Oyj?|AB))(?=\W|$)"
    r"|(?P<prefix>(?:PT\.?|SCM|Minera|MINERA|Compa[ñn][íi]a|COMPA[ÑN][ÍI]A|Grupo|GRUPO|KGHM|Zakłady|Huta"
    r"|Kopalnia)\s+(?:[A-ZÀ-ÞŚŻŁ][\w&'’-]*(?:\s+(?:de|del|la|y)\s+|\s+(?=[A-ZÀ-ÞŚŻŁ]))?){1,7})"
    r"|(?P<site>(?:[A-Z][\w'’-]+\s+){1,3}(?:Mine|Smelter|Refinery|Operations|Concentrator|Deposit|Project)\b(?!"
    r" Report))"
    r"|(?P<cjk>[\u4e00-\u9fff\u30a0-\u30ff]{2,24}(?:有限责任公司|股份有限公司|有限公司|集团公司|株式会社)"
    r"|株式会社[\u4e00-\u9fff\u30a0-\u30ff]{2,15})",
)
ISSUER_LABEL = re.compile(
    r"^\W*(?:issued by|issuing (?:authority|body|organi[sz]ation|office)|certification body|certified by|certifying"
    r" body|authority|competent authority|regulator|assurance provider|verified by|verifier|auditor|registrar"
    r"|prepared by"
    r"|emitido por|expedido por|otorgado por|autoridad(?: competente| emisora)?|organismo (?:de certificaci[óo]n"
    r"|emisor|certificador)|entidad (?:certificadora|emisora)|elaborado por|preparado por|[óo]rg[ãa]o (?:emissor"
    r"|ambiental)|emitida por|organismo certificador"
    r"|wydan[yae] przez|organ wydaj[ąa]cy|jednostka certyfikuj[ąa]ca|wystawiony przez|ausgestellt (?:von|durch)"
    r"|zertifizierungsstelle|ausstellende beh[öo]rde|beh[öo]rde|d[ée]livr[ée] par|organisme (?:certificateur|de"
    r" certification)|[ée]mis par"
    r"|发证机[关构]|颁发机构|认证机构|发布单位|签发机关|审批机关|発行(?:機関|者)|認証機関|審査機関|diterbitkan"
    r" oleh|lembaga sertifikasi|badan sertifikasi"
    r"|penerbit)\s*[:：|]\s*(?P<value>[^|]{2,140})",
    re.IGNORECASE,
)
AUTHORITY = re.compile(
    r"(?P<value>(?:Ministry|Ministerio|Minist[ée]rio|Minist[èe]re|Department|Superintendencia|Servicio (?:Nacional"
    r"|de)|Direcci[óo]n (?:General|Regional)|Agencia|Agency|Environment(?:al Protection)? Agency|Authority"
    r"|Secretar[íi]a|Secretaria|Comisi[óo]n|Bezirksregierung|Regierungspr[äa]sidium|Landesamt|Marszałek|Wojewoda"
    r"|Starosta|Urząd|Prefecture|Préfecture|Kementerian|Dinas)"
    r"(?:\s+(?:of|for|de|del|do|da|des|du|la|las|los|the|y|e|and|für|und)?\s*[A-ZÀ-ÞŚŻŁ][\w'’-]+){1,8})"
    r"|(?P<cjk>[\u4e00-\u9fff]{2,16}(?:生态环境[厅局部]|环境保护[厅局]|应急管理[厅局部]|人民政府|自然资源[厅局部]))",
)
BODIES = re.compile(
    r"\b(?P<value>SGS|Bureau Veritas|DNV(?: Business Assurance)?|T[ÜU]V (?:S[ÜU]D|Rheinland|NORD|Austria|Hessen)|BSI"
    r"|LRQA|Lloyd['’]s Register|Intertek|DEKRA|AENOR|ABS Quality Evaluations|RINA|AFNOR|DQS|NQA|SAI Global|Perry"
    r" Johnson|KPMG|Deloitte|EY|Ernst & Young|PwC|PricewaterhouseCoopers|ERM CVS|Quality Austria|PCBC|Certiquality"
    r"|CQC|JQA|ICONTEC|Sucofindo|SERNAGEOMIN|DIAN|ANLA|IBAMA|EPA)\b"
)
NO_PLACE = re.compile(
    r"\W*(?:\d|the (?:\w+ )?(?:year|period)|el (?:a[ñn]o|per[íi]odo)|all (?:who|of the)|period)", re.IGNORECASE
)
"""What a document covers may be a year or a share; that is no scope."""
ISSUED_KINDS = {"certificate", "permit", "letter"}
SENTENCE = re.compile(r"(?<=[a-zà-ÿ\d])\.\s|。")
MOST_SCOPES = 3
LONGEST = 200
SUFFIXES = _words(
    "plc PLC Ltd Ltd. LTD Limited LIMITED Inc Inc. Corp Corporation LLC AG GmbH SE S.A. SA S.A.C. SpA SPA"
    " S.p.A. SCM Ltda. "
    "o.o. N.V. Tbk"
)
NAME_LINES = 10
NAMES_WITHIN = 260
SHORTEST_NAME = 4
FEWEST_WORDS = 2
MORE_OFTEN = 1.5
TEXT_COUNTED = 300_000
LEADING = re.compile(
    r"(?:Client[e]?|Kunde|Auftraggeber|Nadawca|Odbiorca|Titular|Empresa|Company|Holder|Mandante|Para|The|Y|E|And|At"
    r"|In|By|For|De|En|Of|PARA|THE|FOR|OF)\s+"
)
GENERIC = re.compile(r"^(?:n/?a|none|all|todos?|todas?|tbd|-+|\.+|_+)$", re.IGNORECASE)


def find_scope_facts(zones: Zones, kind: str, title: Fact | None = None) -> list[Fact]:
    """Up to three scopes, the surest first, and the issuer."""
    scopes: list[Fact] = []
    for found in (*_labelled(zones), *_applies(zones), *_certified(zones, kind), *_names(zones, title)):
        if not any(_same(found.value, other.value) for other in scopes):
            scopes.append(found)
    scopes.sort(key=lambda item: -item.confidence)
    issuer = _issuer(zones, kind)
    return [*scopes[:MOST_SCOPES], *([issuer] if issuer else [])]


def _same(one: str, other: str) -> bool:
    one, other = " ".join(one.split()).casefold(), " ".join(other.split()).casefold()
    return one in other or other in one


def _labelled(zones: Zones) -> list[Fact]:
    found = []
    for line in [*zones.head, *zones.labels]:
        for segment in [line, *segments(line)] if len(line.text) <= SENTENCE_CHARS else segments(line):
            for pattern, confidence in ((SITE_LABEL, 0.9), (COMPANY_LABEL, 0.8)):
                match = pattern.match(segment.text)
                if match and "|" not in match["value"]:
                    value = match["value"].strip(" .|")
                    if not GENERIC.match(value) and len(value) > 1:
                        found.append(fact(FactName.SCOPE, value, segment, match.start(), match.end(), confidence))
    return found


def _applies(zones: Zones) -> list[Fact]:
    """Sentences that say what the document applies to, and the text at or below a label "Scope"."""
    found = []
    for line in paragraphs(zones.labels, zones.pages):
        match = APPLIES.search(line.text)
        value = next((group for group in match.groups() if group), "") if match else ""
        if match and not NO_PLACE.match(value):
            found.append(_scope(line, value, match.start(), match.end(), 0.75))
    lines = zones.labels
    for index, line in enumerate(lines):
        match = SCOPE_LABEL.match(line.text)
        if match and (re.search("[:：]", line.text[: match.start("value")]) or _looks_applied(match["value"])):
            value = SENTENCE.split(match["value"])[0]
            found.append(_scope(line, value, match.start(), match.start("value") + len(value), 0.7))
        elif SCOPE_HEADING.match(line.text) and index + 1 < len(lines) and lines[index + 1].page == line.page:
            value = SENTENCE.split(lines[index + 1].text)[0]
            found.append(_scope(lines[index + 1], value, 0, min(len(value), LONGEST), 0.6))
    return found


def _scope(line: Line, value: str, first: int, last: int, confidence: float) -> Fact:
    return fact(FactName.SCOPE, " ".join(value.split()).strip(" .")[:LONGEST], line, first, last, confidence)


def _looks_applied(value: str) -> bool:
    return bool(
        re.match(
            r"(?:this|applies|all|est[ea]|aplica|todos|la presente|el presente|niniejsz|dies|cette|本)",
            value,
            re.IGNORECASE,
        )
    )


def _certified(zones: Zones, kind: str) -> list[Fact]:
    """Whom a certificate names after "certifies that", in the same sentence or on the lines below."""
    if kind not in {"certificate", "permit"}:
        return []
    lines = paragraphs(zones.labels, zones.pages)
    for index, line in enumerate(lines):
        match = CERTIFIED.search(line.text)
        if match is None:
            continue
        if match["value"] and any(char.isupper() for char in match["value"]):
            value = " ".join(match["value"].split()).strip(" .:,")
            return [fact(FactName.SCOPE, value, line, match.start("value"), match.end("value"), 0.8)]
        for below in lines[index + 1 : index + 4]:
            if len(below.text) <= 120 and any(char.isupper() for char in below.text) and not below.text[0].islower():
                return [fact(FactName.SCOPE, below.text.strip(" .:,"), below, 0, len(below.text), 0.75)]
    return []


def _names(zones: Zones, title: Fact | None) -> list[Fact]:
    """Company and site names in the title block and running lines."""
    found = []
    text = "\n".join(page.text for page in zones.pages)[:TEXT_COUNTED]
    chosen = [*paragraphs(zones.title[:NAME_LINES], zones.pages), *zones.running]
    for line in chosen:
        if len(line.text) > 2 * SENTENCE_CHARS and line.start != zones.title[0].start:
            continue
        for match in COMPANY.finditer(line.text[:NAMES_WITHIN]):
            group = match.lastgroup or "value"
            lead = LEADING.match(match[group])
            first = match.start(group) + (lead.end() if lead else 0)
            value = line.text[first : match.end(group)].strip()
            if group == "prefix":
                value = _name_only(value, title.value if title else "", text)
            value = value.rstrip(" ,-·\n")
            if len(value) >= SHORTEST_NAME:
                sure = 0.55 if group == "site" else 0.5
                found.append(fact(FactName.SCOPE, " ".join(value.split()), line, first, first + len(value), sure))
    return found


def _name_only(value: str, title: str, text: str) -> str:
    """A name without what stands behind it: running headers put company, title and code side by side.

    The title's first words behind a name are the title; words before "Report" that the title has as well are its
    own; and what is shorter and comes clearly more often in the document is the name.
    """
    words = value.split(" ")
    of_title = title.casefold().split()
    for index, word in enumerate(words):
        if index and (any(char.isdigit() for char in word) or names_a_kind(word)):
            words = words[:index]
            while len(words) > FEWEST_WORDS and words[-1].casefold() in of_title:
                words.pop()
            break
    for index in range(FEWEST_WORDS, len(words)):
        if [word.casefold() for word in words[index:]] == of_title[: len(words) - index]:
            return " ".join(words[:index])
    while len(words) > FEWEST_WORDS:
        if text.count(" ".join(words[:-1])) < MORE_OFTEN * text.count(" ".join(words)):
            break
        words.pop()
    return " ".join(words)


def _issuer(zones: Zones, kind: str) -> Fact | None:
    lines = [*zones.head, *zones.labels]
    for line in lines:
        for segment in [line, *segments(line)] if len(line.text) <= SENTENCE_CHARS else segments(line):
            match = ISSUER_LABEL.match(segment.text)
            if match and not GENERIC.match(match["value"].strip()):
                return fact(FactName.ISSUER, match["value"].strip(" .|"), segment, match.start(), match.end(), 0.85)
    if kind not in ISSUED_KINDS:
        return None
    for pattern, confidence in ((AUTHORITY, 0.65), (BODIES, 0.6)):
        if pattern is BODIES and kind != "certificate":
            continue
        for line in lines:
            match = pattern.search(line.text)
            if match and len(line.text) <= SENTENCE_CHARS:
                group = match.lastgroup or "value"
                return fact(
                    FactName.ISSUER, match[group].strip(), line, match.start(group), match.end(group), confidence
                )
    return None
