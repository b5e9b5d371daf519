"""The checkpoint leaves the hub by itself when the record is frozen: into every folder it was told of, a stick or a share.

A folder that is not there, or hangs, holds up nothing: another thread writes, and tries again until it has written. The
hub enters what was sent, and where to as a place in its settings, never as a path. Does not do: reach over a network by
itself; a cosigner is asked with `coldcheck cosign`.
"""

import queue
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coldcheck.custody.acts import CheckpointSentOff
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.record import Hub, Moment
from coldcheck.station.whole_files import put_file

AGAIN_S: Final = 5.0
WAY: Final = "file"


@dataclass(slots=True)
class SendOff:
    """What has still to leave. `look` is for the writing thread; one more thread a folder only ever writes its file."""

    folders: tuple[Path, ...]
    again_s: float = AGAIN_S
    _freeze: int | None = None
    _done: "queue.SimpleQueue[tuple[int, str]]" = field(default_factory=queue.SimpleQueue)

    def look(self, hub: Hub, moment: Moment) -> None:
        """Nothing; a new freeze is sent off, and what was sent is entered by the hub."""
        frozen = hub.picture.frozen_entry
        if frozen is not None and frozen != self._freeze and hub.frontier.size:
            size, root, note = hub.frontier.size, hub.root.hex(), hub.store.checkpoint(hub.frontier.size)
            name = f"{hub.log.replace('/', '-')}-{size}.checkpoint"
            for folder in self.folders:
                arguments = (folder / name, note, size, root)
                threading.Thread(target=self._write, args=arguments, name="send-off", daemon=True).start()
        self._freeze = frozen
        while not self._done.empty():
            size, root = self._done.get_nowait()
            say_as_hub(hub, (CheckpointSentOff(size=size, root=root, way=WAY),), moment)

    def _write(self, path: Path, note: bytes, size: int, root: str) -> None:
        while True:
            # A folder is not made: a stick that is not in would otherwise be written beside its place, on the hub itself.
            try:
                if path.parent.is_dir():
                    put_file(path, note)
                    self._done.put((size, root))
                    return
            except OSError:
                pass
            time.sleep(self.again_s)
