"""The Streamlit entry: `streamlit run app.py`. Everything it shows is in `assistant.ui`."""

from assistant.ui import start

start()
