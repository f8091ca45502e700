"""The words before a date that say what it means, in the languages of our documents."""

from __future__ import annotations

import re

from ..models import FactName

VALID_UNTIL = (
    r"valid(?:ity)? (?:un)?til|valid (?:to|through|thru|up to)|validity(?: date| period)?|expir(?:y|ation|es)(?:"
    r" date)?(?: on)?|date of expir(?:y|ation)|expires(?: on)?"
    r"|(?:remains|is|shall be) valid (?:until|to|through)|certificate expiry|end of validity|renewal date"
    r"|v[áa]lid[oa]s? hasta|vigente hasta|vigencia(?: hasta)?|con vigencia al?|fecha de vencimiento|vencimiento"
    r"|vence(?: el)?|fecha de (?:caducidad|expiraci[óo]n|t[ée]rmino de vigencia)|caduca(?: el)?|expira(?: el)?"
    r"|v[áa]lid[oa] at[ée]|validade(?: at[ée])?|data de (?:validade|vencimento|expira[çc][ãa]o)|vig[êe]ncia(?:"
    r" at[ée])?|vence em|expira em"
    r"|wa[żz]n[yaeo](?: jest)? do|data wa[żz]no[śs]ci|termin wa[żz]no[śs]ci|obowi[ąa]zuje do|wygasa(?: dnia)?"
    r"|g[üu]ltig bis|g[üu]ltigkeit(?: bis)?|ablaufdatum|l[äa]uft ab am|befristet bis"
    r"|valable jusqu['’]au|valide jusqu['’]au|date d['’]expiration|expire le|date de (?:fin de )?validit[ée]"
    r"|validit[ée](?: jusqu['’]au)?"
    r"|有效期[至到]|有效期限?|失效日期|到期日|截止日期|证书有效期|有効期限|有効期間|満了日"
    r"|berlaku (?:sampai|hingga|s/d)(?: dengan)?|masa berlaku|tanggal (?:kedaluwarsa|kadaluarsa|berakhir)"
)
VALID_FROM = (
    r"valid from|effective(?: date| from| as of)?|in (?:force|effect) (?:from|since|as of)|enter(?:s|ed)? into"
    r" force(?: on)?|entry into force|date of (?:entry into force|commencement)"
    r"|v[áa]lid[oa]s? desde|vigente (?:desde|a partir del?)|vigencia desde|fecha de (?:vigencia|entrada en vigor"
    r"|entrada en vigencia|inicio de vigencia)|entra(?:da)? en (?:vigor|vigencia)(?: el| a partir del?)?|rige desde"
    r"|v[áa]lid[oa] (?:desde|a partir de)|vig[êe]ncia a partir de|em vigor (?:desde|a partir de)|data de (?:entrada"
    r" em vigor|in[íi]cio de vig[êe]ncia|vig[êe]ncia)"
    r"|wa[żz]n[yaeo] od|obowi[ąa]zuje od|wchodzi w [żz]ycie(?: z dniem| dnia)?|data wej[śs]cia w [żz]ycie"
    r"|g[üu]ltig (?:ab|seit|von)|in kraft (?:ab|seit|getreten am)|inkrafttreten"
    r"|valable (?:[àa] partir du|depuis le|du)|en vigueur (?:depuis le|[àa] (?:compter|partir) du)|date"
    r" d['’]entr[ée]e en vigueur|date d['’]effet"
    r"|生效日期|实施日期|施行日期|有效期自|自|施行日|発効日|適用開始日|berlaku (?:sejak|mulai|efektif)"
    r"|tanggal (?:berlaku|efektif)"
)
ISSUED = (
    r"date of (?:issue|issuance|publication|approval|this (?:report|document|letter))|issue date|issuing date"
    r"|issued(?: on)?|date (?:issued|approved|published|of certification)|publication date|published(?: on)?|approval"
    r" date|approved on|release date"
    r"|document date|report date|last (?:updated|changed|modified|revised|revision|review(?:ed)?)(?: date| on)?"
    r"|revision date|revised(?: on)?|updated(?: on)?|adopted (?:on|by the board on)|signed on|certification date"
    r"|initial certification"
    r"|fecha (?:de )?(?:emisi[óo]n|publicaci[óo]n|elaboraci[óo]n|aprobaci[óo]n|documento|expedici[óo]n|otorgamiento"
    r"|la? [úu]ltima revisi[óo]n|[úu]ltima revisi[óo]n|actualizaci[óo]n)|emitido el|publicado el|aprobado el|otorgado"
    r" el|expedido el"
    r"|data (?:de |da )?(?:emiss[ãa]o|publica[çc][ãa]o|elabora[çc][ãa]o|aprova[çc][ãa]o|[úu]ltima revis[ãa]o)|emitido"
    r" em|publicado em|aprovado em"
    r"|data (?:wydania|wystawienia|zatwierdzenia|publikacji|sporz[ąa]dzenia|opracowania|ostatniej aktualizacji)"
    r"|wydano(?: dnia)?|zatwierdzono(?: dnia)?|z dnia"
    r"|ausstellungsdatum|ausgestellt am|datum der (?:ausstellung|ver[öo]ffentlichung|freigabe)|erstellt am"
    r"|ver[öo]ffentlicht am|freigegeben am|ausgabedatum|ausgabe vom"
    r"|date d['’][ée]mission|date de (?:publication|d[ée]livrance|r[ée]daction|mise [àa] jour|r[ée]vision)"
    r"|d[ée]livr[ée] le|[ée]tabli le|publi[ée] le|[ée]mis le|fait [àa] [\w-]+,? le"
    r"|(?:发布|签发|颁发|发证|编制|批准|修订|印发|制定|成文)(?:日期|时间)|发布于|発行日|作成日|制定日"
    r"|改訂日|発行年月日|公表日|発表日"
    r"|tanggal (?:terbit|penerbitan|publikasi|pengesahan|dokumen|revisi)|diterbitkan(?: pada)?(?: tanggal)?"
    r"|ditetapkan(?: pada)?(?: tanggal)?"
    r"|dated?|fecha|data|stand|datum|时间|日期|tanggal"
)
REVIEW_DUE = (
    r"next review(?: date| due)?|review (?:due|by)(?: date)?|due for review|date of next review|(?:scheduled|planned)"
    r" review(?: date)?|to be reviewed (?:by|on|before)|review date|next revision(?: date)?|next (?:surveillance"
    r"|re-?certification) audit"
    r"|(?:fecha (?:de )?)?(?:la )?pr[óo]xima revisi[óo]n|revisar antes del?|fecha de revisi[óo]n programada|fecha"
    r" revisi[óo]n"
    r"|(?:data da )?pr[óo]xima revis[ãa]o|revisar at[ée]"
    r"|nast[ęe]pn[ya] (?:przegl[ąa]d|aktualizacja)|kolejny przegl[ąa]d|data (?:nast[ęe]pnego )?przegl[ąa]du|termin"
    r" przegl[ąa]du"
    r"|n[äa]chste (?:[üu]berpr[üu]fung|pr[üu]fung|revision)|(?:wieder)?vorlage am|pr[üu]ftermin"
    r"|prochaine r[ée]vision|date de prochaine r[ée]vision|[àa] r[ée]viser avant le"
    r"|下次(?:评审|审查|复审|修订|审核)(?:日期|时间)?|复审日期|次回(?:見直し|改訂|レビュー)(?:日|予定日)?"
    r"|(?:tanggal )?(?:tinjauan|peninjauan|kaji ulang|revisi) (?:berikutnya|selanjutnya)"
)
PERIOD_END = (
    r"for the (?:financial |fiscal |calendar |reporting )?(?:year|period|twelve months|12 months|half[- ]year|six"
    r" months|quarter)s?(?: ended| ending)(?: on)?|(?:financial |fiscal )?year ended|year ending|period end(?:ed"
    r"|ing)?|reporting (?:period|year)|report(?:ing)? period covered|period covered|covers the period"
    r"|period(?=[ :])(?!\s+of)"
    r"|(?:data|figures|information) (?:as (?:of|at))|as (?:of|at) (?=\d{1,2} dec|31|30|december|june)"
    r"|per[íi]odo(?= \d|:| enero| del? )|per[íi]odo (?:de reporte|reportado|de referencia|comprendido(?: entre)?"
    r"|cubierto|informado)|ejercicio (?:terminado|finalizado|cerrado|anual terminado)(?: el| al)?|a[ñn]o (?:terminado"
    r"|finalizado)(?: el)?"
    r"|per[íi]odo (?:de relato|de refer[êe]ncia|coberto)|exerc[íi]cio (?:findo|encerrado|social findo)(?: em)?"
    r"|ano (?:findo|encerrado) em"
    r"|okres sprawozdawczy|rok (?:obrotowy|sprawozdawczy)|za (?:okres|rok)(?: (?:zako[ńn]czony|obrotowy))?(?: dnia)?"
    r"|berichtszeitraum|berichtsjahr|gesch[äa]ftsjahr|f[üu]r das (?:jahr|gesch[äa]ftsjahr)"
    r"|p[ée]riode (?:de r[ée]f[ée]rence|de reporting|couverte)|exercice (?:clos|clôturé|termin[ée])(?: le)?"
    r"|报告(?:时间|期间|周期|期)(?:范围)?|时间范围|報告(?:対象)?期間|対象期間|会計年度"
    r"|periode (?:pelaporan|laporan)|tahun (?:buku )?yang berakhir(?: pada)?(?: tanggal)?"
)


def _cue(phrases: str) -> re.Pattern[str]:
    # A word boundary on the left for Latin phrases; CJK needs none.
    return re.compile(rf"(?<![^\W\d_\u2e80-\uffff])(?:{phrases})(?![^\W\d_\u2e80-\uffff])", re.IGNORECASE)


CUES: tuple[tuple[FactName, re.Pattern[str]], ...] = (
    (FactName.REVIEW_DUE, _cue(REVIEW_DUE)),
    (FactName.VALID_UNTIL, _cue(VALID_UNTIL)),
    (FactName.VALID_FROM, _cue(VALID_FROM)),
    (FactName.PERIOD_END, _cue(PERIOD_END)),
    (FactName.ISSUED, _cue(ISSUED)),
)
"""Most telling first: "next review date" is not a "date", "valid until" not a "valid"."""

TO = re.compile(
    r"^\s*(?:-|–|—|to|until|till|through|and|al?|hasta|e|y|até|do|bis|au|et|至|到|～|~|から|sampai|s/d|hingga)\s+(?:el "
    r"|dnia |zum |le )?$|^\s*[-–—至到~～]\s*$",
    re.IGNORECASE,
)
"""Between two dates: a span."""
FOR_YEARS = re.compile(
    r"(?:valid|validity|vigencia|validez|validade|ważn\w+|gültig\w*|valable|有效期"
    r"|berlaku)[^.\n]{0,30}?(?P<number>\d{1,2}|one|two|three|five|un|dos|tres|cinco|três|zwei|drei|deux"
    r"|trois)\s*(?:\(\d+\)\s*)?"
    r"(?P<unit>years?|años?|anos?|lat[a]?|roku|jahre?n?|ans?|年|tahun|months?|meses|monate?|mois|个月|bulan)",
    re.IGNORECASE,
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "five": 5, "un": 1, "dos": 2, "tres": 3, "cinco": 5, "três": 3, "zwei": 2,
           "drei": 3, "deux": 2, "trois": 3}  # fmt: skip
MONTH_UNITS = ("month", "mes", "monat", "mois", "个月", "bulan")
