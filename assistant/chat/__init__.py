"""Questions in a conversation: what the criteria ask, what the documents say, what is still open; every sentence cited.

`answer` and `stream` are the doors. Works with no language model; with one, each sentence it writes is checked against
the passages it cites. Imports the layers up to the judge; the service only as a type.
"""

from assistant.chat.answering import answer, remembered, stream
from assistant.chat.models import Answer, AnswerSentence, Citation, Memory, Topic

__all__ = ["Answer", "AnswerSentence", "Citation", "Memory", "Topic", "answer", "remembered", "stream"]
