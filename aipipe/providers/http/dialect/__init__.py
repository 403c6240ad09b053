"""OpenAI's dialect, which other servers speak too.

forms     its endpoints: which step types they serve, and how they are told what
chat      messages, and why an answer has no text
refusals  its errors, in the shapes that servers give them
usage     what a call cost, by the usage that its answer tells
calls     submit and fetch
"""
