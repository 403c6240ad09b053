"""HTTP as providers speak it: what may have been paid for is told from what was never sent.

Imports no HTTP client until a call runs.

errors       what goes wrong with a request that costs nothing
addresses    which addresses are followed, and how they are shown
site         a provider's own host: its credentials go there and nowhere else
clients      the connections: kept alive for reading, fresh for each submit
submitting   requests that may cost: how each can end
verdicts     what a refusal of such a request means, and its code
asking       requests that cost nothing: read a job, list, cancel
downloading  a result into a file, whole or not at all
bodies       an answer's body: counted, bounded, never by half
json_text    JSON, or the reason why it is none
retry_after  how long a provider asks to be left alone
requests     a call's path, its JSON body and its seed
inline       files inside of JSON
forms        a request as a form, its files read as they are sent
uploads      files that go to a provider once, however many calls read them
answers      where an answer has what was made
collecting   what was made, into the store
outcomes     what goes wrong around a call, as the outcome that it means
limits       what it tells of the limits of a key
money        what a provider says that a call cost
tokens       what a call cost by the tokens that its answer counts
dialect      OpenAI's dialect, which other servers speak too
"""
