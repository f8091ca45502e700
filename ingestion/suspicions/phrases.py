"""How a text speaks to a machine that reads it: phrases by intent, in the languages of our documents.

Each pattern needs two things at once (an order and what only a model has: earlier instructions, a prompt, an answer
of its own), since "ignore", "instructions" and "system" alone are ordinary words in a procedure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FLAGS = re.IGNORECASE | re.MULTILINE

OVERRIDE = (
    r"\b(?:ignore|disregard|forget|override|bypass|skip|do not follow)\b[^.!?\n]{0,30}?\b(?:(?:all|any|every|each)(?:"
    r" of)?"
    r"(?: (?:the|your|these|those))?|your|previous|prior|earlier|preceding|above|foregoing|former|initial|original"
    r"|existing)\b"
    r"[^.!?\n]{0,30}?\b(?:instructions?|prompts?|directives?|guidelines?|guardrails|system messages?|context|commands"
    r"|programming)\b"
    r"(?! (?:issued|given|posted|signed|of the (?:supervisor|manager|operator)))",
    r"\b(?:ignora|ignore|ignoren|olvida|olvide|omite|omita|descarta|descarte|desconsidere|desconsidera|esqueça|não"
    r" siga)\b[^.!?\n]{0,40}?"
    r"\b(?:instrucciones|indicaciones|instruções|órdenes|ordens|reglas|regras|prompts?)\b[^.!?\n]{0,20}?"
    r"\b(?:anteriores|previas|prévias|precedentes|acima|arriba|recibidas|recebidas|tuyas|suas)\b",
    r"\b(?:ignora|ignore|olvida|olvide|descarta|desconsidere|esqueça)\b[^.!?\n]{0,20}?\b(?:todas?"
    r"|todos)\b[^.!?\n]{0,20}?"
    r"\b(?:instrucciones|instruções|prompts?)\b",
    r"\b(?:ignorez|ignore|oubliez|oublie|ne tiens? pas compte|ne tenez pas compte)\b[^.!?\n]{0,40}?\b(?:instructions"
    r"|consignes|directives|prompts?)\b"
    r"[^.!?\n]{0,20}?\b(?:précédentes?|antérieures?|ci-dessus|initiales?)\b",
    r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*|überspringe)\b[^.!?\n]{0,40}?\b(?:vorherige\w*|bisherige\w*"
    r"|obige\w*|frühere\w*|vorangegangene\w*|alle\w*)\b"
    r"[^.!?\n]{0,30}?\b(?:anweisung\w*|instruktion\w*|befehl\w*|vorgaben|prompts?)\b",
    r"\b(?:zignoruj|ignoruj|pomiń|zapomnij)\b[^.!?\n]{0,40}?\b(?:poprzedni\w*|wcześniejsz\w*|powyższ\w*"
    r"|wszystki\w*)\b[^.!?\n]{0,30}?\b(?:instrukcj\w*|polece\w*|prompt\w*)\b",
    r"\b(?:abaikan|lupakan)\b[^.!?\n]{0,40}?\b(?:instruksi|perintah|petunjuk|prompt)\b[^.!?\n]{0,25}?\b(?:sebelumnya"
    r"|di atas|terdahulu)\b",
    r"\b(?:ignora|dimentica)\b[^.!?\n]{0,40}?\b(?:istruzioni|prompt)\b[^.!?\n]{0,20}?\b(?:precedenti|sopra)\b",
    r"(?:忽略|无视|無視|忘记|忘掉|不要理会|跳过)[^。！？\n]{0,12}?(?:以上|之前|先前|前面|上述|上面|所有"
    r"|全部)[^。！？\n]{0,8}?(?:指令|指示|提示词|提示|命令|规则)",
    r"(?:以前|これまで|上記|前述|すべて|全て)の[^。！？\n]{0,10}?(?:指示|命令|プロンプト"
    r"|ルール)[^。！？\n]{0,6}?(?:無視|忘れ|従わない)",
    r"(?:игнорируй\w*|забудь\w*)[^.!?\n]{0,40}?(?:предыдущ\w*|все\w*)[^.!?\n]{0,30}?(?:инструкц\w*|указани\w*)",
)

MACHINE = (
    r"(?:an? )?(?:helpful )?(?:AI|A\.I\.|LLM|GPT|ChatGPT|large language model|language model|chatbot|artificial"
    r" intelligence|machine reader)"
)
ADDRESS = (
    r"\byou are (?:now |hereby |from now on )?(?:an? |the )?(?:helpful |friendly |new |different |unrestricted |evil )?"
    r"(?:AI\b|artificial intelligence|assistant\b(?! to\b)|language model|LLM\b|chatbot|bot\b|DAN\b|GPT|large"
    r" language)",
    r"\byou are (?:now )?in (?:maintenance|developer|debug|god|admin\w*|sudo|unrestricted) mode",
    rf"\b(?:if you are|since you are|as(?= an? )) {MACHINE}(?: model| assistant| system| reviewer|"
    rf" agent)?\b[^.!?\n]{{0,20}}?(?:,|you (?:must|should|are|will)|reading|processing)",
    r"\b(?:note|message|instructions?|attention|memo|notice|hint)(?: to| for)? (?:the |any |all )?"
    r"(?:AI|LLM|GPT|ChatGPT|language model|chatbot|automated reviewer|AI reviewer|AI assistant)s?\b\s*[:,–-]",
    r"\b(?:dear|hey|hello|attention) (?:AI|LLM|ChatGPT|GPT|language model|assistant|copilot|claude|gemini)\b",
    r"\b(?:AI|LLM|language model|assistant|chatbot|automated (?:reviewer|reader|system)|machine)s?(?: reviewer| model"
    r"| assistant| system| agent| tool)?s? "
    r"(?:that is |that are |who is |which is )?(?:reading|processing|reviewing|evaluating|assessing|analy[sz]ing"
    r"|summari[sz]ing|scanning) (?:this|these|the) "
    r"(?:document|text|page|file|report|content|passage|message)",
    r"\b(?:pretend|act|behave|roleplay|respond) (?:to be|as if you (?:are|were)|as) (?:an? )?(?:AI|assistant|language"
    r" model|chatbot|unrestricted|DAN\b|evil|jailbroken)",
    r"\b(?:nota|aviso|mensaje|mensagem|instrucción|instrucciones|instruções|message|consigne|avis|hinweis|anweisung"
    r"|nachricht|uwaga|wiadomość|polecenie|catatan|pesan|istruzioni)(?: importante)? (?:para|a|al|à|pour|an|für|dla|do"
    r"|untuk|per) (?:la |el |los |las |o |a |os |as |les? |l['’]|die |den |das |eine? )?(?:IA|AI|KI|LLM|GPT|ChatGPT"
    r"|chatbot|modelos? de (?:lenguaje|linguagem)|modèles? de langage|sprachmodelle?|modelu? językow\w+|model bahasa"
    r"|asistentes? de IA|revisor(?:es)? (?:de |com )?IA|KI-\w+)\b",
    r"(?:致|给|給)[^。！？\n]{0,6}?(?:AI|人工智能|语言模型|大模型|LLM)[^。！？\n]{0,8}?(?:[:：,，]|的(?:说明|指示|提示|注意))"
    r"|(?:AI|言語モデル|LLM)[^。！？\n]{0,8}?(?:への|に対する)(?:注意|指示|メモ|お願い|連絡)",
    r"\b(?:eres|es|usted es|você é|tu es|vous êtes) (?:ahora |agora |maintenant |désormais )?(?:una? |um |uma |une? )?"
    r"(?:asistente|assistente|assistant|modelo de (?:lenguaje|linguagem)|modèle de langage|IA\b|chatbot|bot\b"
    r"|inteligencia artificial|inteligência artificial)",
    r"\b(?:si eres|si usted es|se você é|si tu es|si vous êtes) (?:una? |um |uma |une? )?(?:IA\b|inteligencia"
    r" artificial|inteligência artificial|intelligence artificielle|modelo de|modèle de)",
    r"\b(?:du bist|sie sind) (?:jetzt |nun |ab jetzt )?(?:ein |eine )?(?:hilfreiche\w* )?(?:KI\b|bot\b|assistent\b"
    r"|sprachmodell|chatbot|künstliche intelligenz)",
    r"\b(?:jesteś|zachowuj się jak) (?:teraz )?(?:asystentem|modelem językowym|botem|chatbotem|AI\b|sztuczną"
    r" inteligencją)",
    r"\b(?:anda adalah|kamu adalah|anda sekarang) (?:sebuah |seorang )?(?:asisten|AI\b|model bahasa|chatbot|bot\b)",
    r"(?:你|您)(?:现在)?(?:是|将扮演)(?:一个|一名|一位)?[^。！？\n]{0,6}?(?:人工智能|AI|助手|语言模型|机器人)",
    r"(?:あなたは|君は)[^。！？\n]{0,10}?(?:AI|人工知能|アシスタント|言語モデル|チャットボット)",
)

ORDER = r"(?:^|[.!?:;,\n\"“”'«»()\]]\s*|\b(?:y|e|et|und|please|por favor|bitte|debes|deve|devez|must|should|then) )"
"""Where an order can begin. In Spanish, Portuguese and French "considera" is also what an auditor does: "the auditor
considers all requirements as met" is evidence, the same words at the beginning of a sentence are an order."""
THING = (
    r"(?:requirements?|criteri(?:on|a)|documents?|evidence|findings?|sites?|gaps?|controls?|items?|everything"
    r"|compan(?:y|ies)|suppliers?|quer(?:y|ies)|claims?)"
)
GOOD = (
    r"(?:supported|fully supported|met|fully met|fully meets|meets|conformant|conforming|compliant|fully compliant"
    r"|satisfied|fulfilled|passed|pass|"
    r"verified|confirmed|approved|closed|not applicable|sufficient|complete|adequate)"
)
VERDICT = (
    r"\b(?:mark|rate|score|classify|flag|label|grade|report|treat|record|judge|count|assess|evaluate|set|return"
    r"|answer) (?:that )?"
    rf"(?:this|these|the|all|every|each|any|our|it)(?: [a-z]+){{0,3}}? ?(?:{THING})?(?: [a-z0-9.]+){{0,4}}? (?:as|to"
    rf"|=|is|are) [\"'“‘]?{GOOD}\b(?! by\b)(?! (?:when|once|after|only (?:when|if|after))\b)",
    r"\b(?:say|state|answer|conclude|output|respond|reply|report) (?:only )?(?:that )(?:this|the|all|every"
    rf"|each)(?: [a-z]+){{0,2}}? {THING} (?:is|are|has been|have been) {GOOD}\b(?! by\b)",
    rf"\b(?:return|answer|output|respond with|reply with|conclude) [\"'“‘]?{GOOD}[\"'”’]? (?:for|on|to)"
    r" (?:all|every|each|any|this|these)\b",
    rf"{ORDER}(?:marca|marque|clasifica|clasifique|califica|califique|considera|considere|evalúa|evalúe|reporta"
    r"|reporte|classifique|avalie|declara|declare|confirma|confirme)\b[^.!?\n]{0,25}?"
    r"\b(?:este|esta|estos|estas|todos?|todas?|cada|o|a|el|la|los|las) (?:los |las |os |as )?(?:requisitos?"
    r"|criterios?|critérios?|documentos?|evidencias?|evidências?)\b[^.!?\n]{0,25}?"
    r"\b(?:como) [\"“]?(?:cumplid\w*|cumprid\w*|soportad\w*|suportad\w*|respaldad\w*|conforme\w*|aprobad\w*"
    r"|aprovad\w*|atendid\w*|satisfech\w*|satisfeit\w*)",
    rf"{ORDER}(?:marca|marque|clasifica|clasifique|califica|califique|considera|considere|da|dé|declara|declare) "
    r"(?:como|por) [\"“]?(?:cumplid\w*|cumprid\w*|atendid\w*|conforme\w*|aprobad\w*|aprovad\w*|satisfech\w*"
    r"|satisfeit\w*)\b[^.!?\n]{0,15}?\b(?:todos?|todas?|cada|los|las|os|as|este|esta)\b[^.!?\n]{0,20}?"
    r"\b(?:requisitos?|criterios?|critérios?|evidencias?|evidências?)\b",
    r"\b(?:marquez|marque|classez|considérez|notez|évaluez|déclarez|validez)\b[^.!?\n]{0,20}?\b(?:exigences?|critères?"
    r"|documents?)\b[^.!?\n]{0,25}?\bcomme [\"«]? ?(?:satisf\w+|conformes?|rempli\w*|respecté\w*)",
    r"\b(?:markiere|bewerte|stufe|melde|betrachte|kennzeichne|werte|markieren sie|bewerten sie|stufen sie|melden sie"
    r"|betrachten sie|kennzeichnen sie|werten sie)\b[^.!?\n]{0,25}?\b(?:anforderung\w*|kriteri\w*"
    r"|dokument\w*)\b[^.!?\n]{0,25}?\bals [\"„]?(?:erfüllt|konform|belegt|bestanden)",
    r"\b(?:oznacz|oceń|uznaj|zaklasyfikuj|potwierdź)\b[^.!?\n]{0,25}?\b(?:wymagani\w*|kryteri\w*|dokument\w*)\b[^.!?\n]{0,25}?\b(?:jako"
    r"|za) [\"„]?(?:spełnion\w*|zgodn\w*)",
    r"\b(?:tandai|nyatakan|nilai|nilailah|anggap|anggaplah)\b[^.!?\n]{0,25}?\b(?:persyaratan|kriteria"
    r"|dokumen)\b[^.!?\n]{0,25}?\bsebagai [\"“]?(?:terpenuhi|sesuai|didukung)",
    r"(?:将|把|请将)[^。！？\n]{0,10}?(?:要求|标准|条款|文件|证据)[^。！？\n]{0,8}?(?:标记|标为|评为|判定|认定|视"
    r"|评价)为?[^。！？\n]{0,4}?(?:符合|满足|支持|通过|合格)",
    r"(?:要件|要求|基準|文書)を[^。！？\n]{0,10}?(?:満たす|適合|支持|合格)[^。！？\n]{0,6}?(?:として"
    r"|と)(?:マーク|評価|判定|記録|報告|みなし|見なし)(?:て(?:ください|下さい)|してください|して下さい|せよ|しなさい|すること|しろ)",
)

SECRETS = (
    r"\b(?:reveal|print|output|repeat|show|display|leak|give|tell|list|send|share|translate|encode|dump"
    r"|summari[sz]e)\b[^.!?\n]{0,40}?\b(?:your|the)\b[^.!?\n]{0,12}?"
    r"\b(?:system|initial|starting|hidden|original|base|pre-?) ?(?:prompts?|instructions?|messages?|configuration"
    r" including initial prompt)\b",
    r"\byour (?:system |initial |starting |original )(?:prompt|instructions?|message)\b|\bshow me"
    r" your (?:system )?prompt\b",
    r"\b(?:what|which) (?:are|were) (?:your|those) (?:initial |original |system |previous )?(?:instructions|rules"
    r"|prompts?)\b",
    r"\bwhat were you told before\b|\b(?:instructions|text|words) you were (?:given"
    r"|told)\b[^.!?\n]{0,25}?\b(?:beginning|initially|before|start)",
    r"\b(?:output|repeat|print) the (?:text|words|message|instructions?) above\b|\boutput (?:the )?initiali[sz]ation"
    r" string\b",
    r"\b(?:list|reveal|print|show)(?: me)? your (?:rules|guardrails|guidelines|instructions)\b",
    r"\b(?:administrator|admin|developer|system) override\b\s*[:!]|\bsystemPrompt\b",
    r"\bstart your (?:answer|reply|response|output) with\b",
    r"\bsend\b[^.!?\n]{0,30}?\b(?:API key|password|credentials?|access token|conversation|chat"
    r" history)\b[^.!?\n]{0,20}?\bto\b[^.!?\n]{0,8}?https?://",
    r"\b(?:muestra|revela|imprime|repite|mostre|revele|affiche|révèle|zeige|verrate|pokaż|ujawnij"
    r"|tampilkan)\b[^.!?\n]{0,25}?\b(?:prompt\b|system ?prompt|instrucciones (?:iniciales|del sistema)"
    r"|instruções (?:iniciais|do sistema)|instructions (?:initiales|système))",
    r"(?:显示|输出|泄露|重复|告诉我)[^。！？\n]{0,8}?(?:系统提示|提示词|初始指令|系统指令)",
)

ANSWER = r"(?:response|reply|answer|output|summary|evaluation|assessment of this)"
STEER = (
    r"(?:^|[.!?:\n\"“]\s*|\bplease |\bmust |\bsure to |\band )(?:include|add|insert|integrate|embed|incorporate"
    r"|mention|put|append|slip|weave|work|feature|place|use|drop|sprinkle|highlight|promote|recommend)\b"
    # A full stop inside a word is that of an address ("example.com") and ends no sentence.
    rf"(?:[^.!?\n]|[.!?](?=\w)){{0,160}}?\b(?:in|to|into|within|throughout|of) (?:your|every|each) {ANSWER}s?\b",
    r"(?:^|[.!?:\n]\s*)(?:replace|substitute|swap|shift|reverse|scramble|capitali[sz]e) (?:every|each|all|the)?"
    r"(?: \w+){0,2} ?(?:letters?|vowels?|consonants?|syllables?) (?:with|by|for|in|of)\b",
    r"\b(?:encode|encrypt|express|write|provide|give|present|format|craft|compose|deliver|translate|convert|spell"
    r"|reverse|scramble|obfuscate|render|phrase|communicate|substitute|replace|modify|adjust|tailor|enhance|shape"
    r"|frame|structure|convey|respond|reply|answer|type|use)\b"
    rf"[^.!?\n]{{0,60}}?\b(?:your|each|the) (?:{ANSWER}|message|letters|words)s?\b[^.!?\n]{{0,60}}?\b(?:emojis?"
    r"|cipher|base ?\d\d|morse|leet\w*|rot ?13|binary|hexadecimal|slang|misspell\w*|without (?:any )?(?:spaces"
    r"|punctuation|vowels)|"
    r"homophon\w*|symbols|anagrams?|backwards|reverse\w*|ascii|pig latin|alternat\w+ (?:case|caps)|clickbait|scandal"
    r"|misleading|false)",
    r"\b(?:emojis?|cipher|base ?\d\d|morse code|leet ?speak|rot ?13|homophones?|reverse[d]?"
    r" text)\b[^.!?\n]{0,50}?\b(?:in|for|to) your (?:response|reply|answer|message)s?\b",
    r"(?:^|[.!?:\n\"“]\s*|\bplease |\byou |\band )(?:modify|alter|augment|enhance|adapt|adjust|translate|render"
    r"|convert|rephrase|scramble|anagram|misspell|invert|reverse|obfuscate|encrypt"
    rf"|encode)\b[^.!?\n]{{0,50}}?\byour (?:{ANSWER}|message)(?:'s|s)?\b",
    rf"(?:^|[.!?:\n]\s*)(?:group|combine|replace|use|substitute|swap)\b[^.!?\n]{{0,40}}?\b(?:letters|words|vowels"
    rf"|emojis?|symbols|characters|spaces)\b[^.!?\n]{{0,40}}?\byour {ANSWER}\b",
    r"\bin your (?:response|reply|answer|output), (?:mention|suggest|include|recommend|add|state|say|promote|claim"
    r"|advise|insert|write)\b|(?:^|[.!?:]\s*)(?:reply|respond|answer) in (?:reverse|code|cipher|emojis?|binary|morse"
    r"|rot13|base64)\b",
    rf"\b(?:add|append|insert)\b [\"“'][^\n]{{1,200}}[\"”'] (?:in|to|into|at the end of) your {ANSWER}\b",
    r"\b(?:following|below|subsequent|next) code (?:snippet|block|segment|section|fragment|piece|excerpt)s?\b",
    r"\b(?:code (?:snippet|block|segment|section|fragment|piece|excerpt)|snippet)\b[^.!?\n]{0,80}?\b(?:your (?:code"
    r"|response|reply|answer|solution|algorithm|program|project|script|implementation|output|codebase|software"
    r"|application))",
    r"\byour (?:code|response|reply|answer|solution|algorithm|program|implementation|output"
    r"|codebase)\b[^.!?\n]{0,80}?\b(?:code (?:snippet|block|segment|section|fragment|piece)|snippet)\b",
    r"\b(?:in your essay|in your (?:analysis|report|answer)), (?:make sure|be sure) to (?:mention|include|write)\b",
)

PIECE = r"(?:sentence|text|paragraph|passage|phrase|review|comment|feedback|statement|tweet|post|message|poem)s?"
SWAYED = r"(?:positive|negative|neutral)"
TASK = (
    rf"(?:^|[.!?:\n\"“]\s*|\bplease |\bthen |\band )(?:translate|rewrite|rephrase|paraphrase|proofread)"
    rf" (?:(?:the |this |these )?(?:following|above) {PIECE}\b"
    rf"|(?:the|this|these) {PIECE}\b[^.!?\n]{{0,30}}?:\s*[\"'“‘«„])",
    r"\b(?:determine|identify|analy[sz]e|classify|detect|predict|what is|give|tell me) the (?:sentiment|emotion|mood)"
    rf" (?:of|in|behind|(?:expressed|conveyed) (?:in|by)) (?:the|this|these|that)(?: following)?(?: \w+)? ?{PIECE}\b",
    rf"\b(?:is|are|does) (?:this|these|the following) (?:\w+ )?{PIECE} (?:express |sound |seem )?(?:a )?"
    rf"{SWAYED}(?:, {SWAYED})?,? or (?:a )?{SWAYED}\b",
)

MARKUP = (
    r"<\|(?:im_start|im_end|endoftext|system|user|assistant|eot_id|start_header_id|end_header_id|begin_of_text)\|?>?",
    r"\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:system|assistant)(?:_prompt|_message)?>",
    r"^\s*#{2,4}\s*(?:system|instruction|assistant|response|human|user)s?\s*(?:prompt|message)?\s*:\s*",
    r"^\s*(?:BEGIN|END|NEW|START OF|END OF) (?:SYSTEM|USER|ADMIN) (?:PROMPT|MESSAGE|INSTRUCTIONS?)\b"
    r"|^\s*\[?SYSTEM (?:PROMPT|MESSAGE|OVERRIDE)\]?\s*:",
    r"^\s*(?:system|assistant)\s*:\s*(?=you\b|ignore\b|from now on\b|new instructions?\b)",
    r"\bnew (?:system )?instructions?(?: for (?:the )?(?:AI|assistant|model))?\s*:\s*(?=\S)|\bfrom now on,? (?:you"
    r"|answer|respond|reply|always answer)\b(?= (?:will|must|should|are|only|with|in|as|always)\b)",
    r"\{INJECTION_MARKER\}",
)

SCRIPT = (
    r"<\s*(?:script|iframe|object|embed|svg)\b[^>\n]{0,200}(?:>|$)|</\s*script\s*>",
    r"\bjavascript:\s*\S|\bvbscript:\s*\S|\bdata:text/html[;,]",
    r"<\s*(?:img|body|input|a|video|audio|details|div)\b[^>\n]{0,200}?\bon(?:error|load|click|mouseover|focus"
    r"|toggle)\s*=",
    r"[\"'`]?\bon(?:error|load)\s*=\s*[\"']?\s*(?:alert|eval|fetch|javascript)|(?:^|[;\s.\"'`])(?:alert"
    r"|eval)\(\s*(?:\d|['\"`]|document|String)",
)

LINKS = (
    r"!\[[^\]\n]{0,80}\]\(\s*(?:https?:)?//[^)\s]{1,300}[?&][^)\s]{0,40}=[^)\n]{0,300}\)",
    r"!\[[^\]\n]{0,80}\]\(\s*(?:https?:)?//[^)\n]{0,200}(?:\{|%7B|\[|<|secret|exfil|collect|leak)[^)\n]{0,200}\)",
    r"\[[^\]\n]{0,120}\]\(\s*(?:javascript|data|vbscript|file):[^)\n]{0,300}\)",
)


@dataclass(frozen=True)
class Group:
    """Patterns of one intent, tried only on text that holds one of `words` or `parts` (all lower case)."""

    kind: Literal["instruction", "active content", "link"]
    what: str
    patterns: tuple[re.Pattern[str], ...]
    words: frozenset[str]
    parts: tuple[str, ...]
    also: frozenset[str] = frozenset()
    """Words of which one must stand in the text as well."""


def _group(
    kind: Literal["instruction", "active content", "link"],
    what: str,
    patterns: tuple[str, ...],
    words: str,
    parts: str,
    also: str = "",
) -> Group:
    compiled = tuple(re.compile(pattern, FLAGS) for pattern in patterns)
    triggers = tuple(parts.split("|")) if parts else ()
    return Group(kind, what, compiled, frozenset(words.split()), triggers, frozenset(also.split()))


GROUPS = (
    _group(
        "instruction", "tells a machine reader to drop its instructions", OVERRIDE,
        "",
        "ignor|disregard|forget|overrid|bypass|skip|not follow|olvid|omit|descart|desconsider|esqueça|não siga|oubli"
        "|pas compte"
        "|vergiss|vergess|missacht|überspring|pomiń|zapomnij|abaikan|lupakan|dimentica|忽略|无视|無視|忘"
        "|不要理会|跳过|従わない"
        "|игнорир|забуд",
    ),
    _group(
        "instruction", "speaks to a machine reader", ADDRESS,
        "ai llm llms gpt chatgpt chatbot chatbots bot dan copilot claude gemini assistant assistants ia ki asystentem"
        " botem "
        "asistente assistente asisten assistent sprachmodell mode jailbroken unrestricted evil machine machines",
        "language model|a.i.|大模型|致ai|给ai|給ai|aiへ|aiに対|llmへ|llmに対|sprachmodel|modèles de l|modelos de l|ki-"
        "|automated re|artificial intel|inteligencia art|inteligência art|intelligence art|modelo"
        " de l|modèle de l"
        "|modelem j|modelu j|model bahasa|künstliche int|sztuczną int|人工智能|助手|语言模型|机器人|人工知能"
        "|アシスタント|言語モデル|チャットボット",
    ),
    _group(
        "instruction", "tells the reader which verdict to give", VERDICT[:3],
        "mark rate score classify flag label grade report treat record judge count assess evaluate set return answer"
        " say state "
        "conclude output respond reply",
        "",
        "supported met meets conformant conforming compliant satisfied fulfilled passed pass verified confirmed "
        "approved closed applicable sufficient complete adequate",
    ),
    _group(
        "instruction", "tells the reader which verdict to give", VERDICT[3:],
        "",
        "marca|marque|declar|confirm|validez|déclarez|betracht|kennzeichne|werte|zaklasyfikuj|potwierdź|anggap|标为"
        "|认定|みなし|見なし|da como|da por|dé por|clasifi|classif|califi|considera|considere|evalúa|evalúe|reporta"
        "|reporte|avalie|classez|notez"
        "|évaluez"
        "|markier|bewert|stufe|melde|oznacz|oceń|uznaj|tandai|nyatakan|nilai|标记|评为|判定|视|评价|マーク|評価"
        "|判定|記録|報告",
    ),
    _group(
        "instruction", "asks a machine reader for its instructions", SECRETS,
        "instruction instructions prompt prompts systemprompt guardrails initialization override password credentials"
        " api told given start",
        "system prompt|system message|text above|words above|message above|提示|指令",
    ),
    _group(
        "instruction", "tells a machine reader how to answer", STEER,
        "snippet snippets emoji emojis cipher morse your vowel vowels consonant consonants letter letters syllables",
        "code snippet|code block|code segment|code section|code fragment|code piece|code excerpt|base64|base58|base32"
        "|rot13|leet|reply in|respond in|answer in",
    ),
    _group(
        "instruction", "sets a machine reader a task on words it gives", TASK,
        "translate rewrite rephrase paraphrase proofread sentiment emotion mood positive negative",
        "",
        "sentence sentences text texts paragraph paragraphs passage passages phrase phrases review reviews comment "
        "comments feedback statement statements tweet tweets post posts message messages article articles poem poems",
    ),
    _group(
        "instruction", "holds mark-up of prompts", MARKUP,
        "",
        "im_start|im_end|endoftext|eot_id|header_id|begin_of_text"
        "|[inst|[/inst|<<sys|</sys|_of_turn|<system|</system|<assistant|</assistant|##|system|assistant:|assistant :"
        "|new instruction|from now on|{injection",
    ),
    _group(
        "active content", "holds script or active mark-up", SCRIPT,
        "",
        "script|iframe|<object|<embed|<svg|text/html|onerror|onload|onclick|onmouse|onfocus|ontoggle|alert(|eval(",
    ),
    _group("link", "holds a link that would carry data away or run something", LINKS, "", "]("),
)  # fmt: skip
