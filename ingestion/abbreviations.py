"""Words whose full stop does not end a sentence, and words that do begin one, in the languages we split."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE_NUMBER = _words(
    """no nos nr nrs art arts fig figs tab p pp pg pág págs pag sec secs sect cap caps ch chap vol vols par para paras
    núm num n.º nº lit abs ziff ust pkt poz rozdz rys str s st cl eq ref refs app ver rev ed hal bab ps pasal thn
    approx ca aprox circa tel ext max min mín máx"""
)
"""No boundary when a number (or a capital letter, "App. A") follows."""

NEVER_LAST = _words(
    """e.g eg i.e ie cf vs viz approx mr mrs ms dr prof hon gen rev sr sra srta ing lic dra arq d doña fr hr frau st
    sta ste messrs mme mlle mm bzw ggf z.b u.a d.h vgl inkl exkl bspw evtl m.in np tj tzn p.ex p.e ej p.ej por.ej
    dl drs ir hj yth wg im ul al os pl incl excl resp dept univ dpto depto avda av apdo aprox gral cnel"""
)
"""Titles and connecting abbreviations: the sentence goes on whatever follows."""

MAY_BE_LAST = _words(
    """inc ltd corp co llc plc s.a s.a.c s.p.a sp z.o.o gmbh pty bhd tbk etc jr bros a.m p.m u.s u.k u.s.a e.u u.n
    ee.uu a.s n.v b.v s.r.l s.l ltda cía cia usw itd itp jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago
    set dic"""
)
"""Company forms and the like: a boundary only before a word that often begins a sentence."""

STARTERS = _words(
    """the this these that those we our it its in on at for as an a all any each every if when where while after
    before by from to with there they their no not such however furthermore moreover additionally in he she you your
    el la los las un una en se para por con este esta estos estas nuestro nuestra si como cuando cada todo todos todas
    o os as um uma em no na nos nas este esta nosso nossa para com cada
    der die das ein eine im wir unser es bei für mit nach diese dieser dieses alle sie
    le les une des nous notre dans il elle ce cette ces pour
    w na z do dla nie to jest jeśli przy od po nasza nasz
    kami di dan untuk pada dengan ini itu setiap perusahaan"""
)

ORDINAL_LANGUAGES = frozenset({"de", "pl", "cs", "da", "no", "fi", "hu", "sr", "tr"})
"""Languages that write "3. März": a small number with a full stop is an ordinal."""

CONNECTORS = _words(
    """and or but nor the a an of in on at to for with by from as that which who is are was were be been has have not
    our its their this these including such than between under within
    y e o u de del la el los las en con por para que un una su sus al como se no es son sobre entre
    do da dos das em no na nos nas com por para que um uma ao à ou seu sua é são
    und oder der die das den dem des ein eine einer eines im in mit von zu für auf bei als dass ist sind
    et ou le les des du au aux dans avec pour par que qui une est sont sur
    i oraz lub z ze w we na do od dla o przez się jest są nie
    dan atau di ke dari yang untuk dengan pada oleh"""
)
"""Words that cannot end a heading or a list entry: a line that ends with one goes on in the next line."""
