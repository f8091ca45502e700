"""A page that shows hostile text in every place where Streamlit reads Markdown. For the browser test."""

import streamlit as st

from assistant.ui.chips import chip
from assistant.ui.inert import inert, plain
from assistant.ui.words import Sign
from tests.ui.hostile import HOSTILE

st.title("Inert", anchor=False)
for at, text in enumerate(HOSTILE):
    with st.container(key=f"markdown_{at}"):
        st.markdown(inert(text))
    with st.container(key=f"caption_{at}"):
        st.caption(inert(text))
    with st.container(key=f"badge_{at}"):
        chip(Sign("Word", "check", "", "green"), text)
    with st.container(key=f"button_{at}"):
        st.button(inert(text), key=f"press_{at}")
    with st.container(key=f"text_{at}"):
        st.text(plain(text))
