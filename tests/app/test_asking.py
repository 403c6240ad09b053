"""An intent that meets an equal call which is just about to end, or has ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

from support.buying import bought
from support.paid import Shop, texts

from aipipe.app.asked import Choices
from aipipe.app.asking import Desk
from aipipe.app.earlier import Earlier
from aipipe.app.hashed_files import HashedFiles, unseen
from aipipe.app.keeping import Keeper
from aipipe.contracts.call import Call, OutputRequest, Provenance
from aipipe.memory.ledger.answers import AlreadyOpen
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.memory.store import Store
from aipipe.running.instructions import Intent, NotTaken

CALL = Call(
    task="texts.1",
    plugin="provider:shop",
    type="text_to_text",
    model="shop:text",
    endpoint="text",
    inputs={"prompt": "a fox"},
    output=OutputRequest(medium="text", extension="txt"),
    provenance=Provenance(
        pipeline="texts", step="texts.1", model="shop:text", provider="shop", mock=False
    ),
    anew=True,
)


@dataclass
class Late:
    """A writer whose answer is older than what the ledger says by the time it is read."""

    number: int

    def put(self, records: Sequence[Any], reply: Callable[[Reply], None]) -> None:
        """An equal call is open."""
        reply(tuple(AlreadyOpen(call=self.number) for _ in records))


def desk(reader: Reader, folder: Path, shop: Shop) -> Desk:
    keeper = Keeper(cast("Writer", Late(1)), lambda _file: None)
    earlier = Earlier(
        run="test",
        reader=reader,
        files=HashedFiles(),
        store=Store(root=folder / "home" / "store", probe=unseen),
        providers=lambda name: shop.world.registry.providers[name],
        is_alive=lambda _run: False,
        use=lambda _artefact: None,
        find=lambda _call, _since: (),
    )
    return Desk("test", keeper, earlier, (), Choices())


def test_a_call_that_has_ended_meanwhile_is_not_doubted_but_asked_for_again(
    tmp_path: Path,
) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    inbox: SimpleQueue[Any] = SimpleQueue()

    with reading(Place(home=tmp_path / "home")) as reader:
        assert reader is not None
        desk(reader, tmp_path, shop).commit([Intent(0, "texts.1", CALL, 0)], inbox)
        answer = inbox.get(timeout=30)

    assert answer == NotTaken(0, None)
