"""The exhibits of a pack and who held them, in terms of CASE and UCO 1.x (JSON-LD), for tools that read those.

Promises: nothing but what the register of exhibits says, entry by entry, with the same withholding; the same register gives
the same bytes, identifiers included. Does not do: hold signatures or possession as the log does; the log and its proofs
beside it stay what is verified. Role words and pseudonyms stand for people, as everywhere in a pack.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from coldcheck.station import inquiry_text as text
from coldcheck.station.inquiry_text import Desk, Json

_UCO: Final = "https://ontology.unifiedcyberontology.org/uco"
_CONTEXT: Final = {
    "kb": "http://example.org/kb/",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-core": f"{_UCO}/core/",
    "uco-action": f"{_UCO}/action/",
    "uco-identity": f"{_UCO}/identity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def case_json(desk: Desk) -> Json:
    """One investigation: an object and a provenance record an exhibit, an action a line of custody."""
    rows = text.exhibits_json(desk)
    objects = [node for row in rows for node in _exhibit(desk, row)]
    people = sorted({line["signed_by"] for row in rows for line in row["custody"]})
    objects += [{**_node(desk, "identity", name, "uco-identity:Identity"), "uco-core:name": name} for name in people]
    matters = [filed.act.label for filed in desk.files.matters.values()] or ["the freeze"]
    held = [{"@id": node["@id"]} for node in objects]
    top = {
        **_node(desk, "investigation", matters[0], "investigation:Investigation"),
        "uco-core:name": ", ".join(matters),
    }
    return {"@context": _CONTEXT, "@graph": [{**top, "uco-core:object": held} if held else top, *objects]}


def _exhibit(desk: Desk, row: Json) -> Iterator[Json]:
    """The thing, its record of provenance, and each time its custody was entered."""
    number = str(row["exhibit"])
    thing = _node(desk, "object", number, "uco-core:UcoObject")
    yield {**thing, "uco-core:name": row["item"]}
    record = _node(desk, "provenance", number, "investigation:ProvenanceRecord")
    yield {
        **record,
        "investigation:exhibitNumber": number,
        **({"investigation:rootExhibitNumber": [row["derived_from"]]} if row["derived_from"] else {}),
        "uco-core:description": f"{row['description']}; entry {row['entry']}; judged: {row['judged']}",
        "uco-core:object": [{"@id": thing["@id"]}],
    }
    for place, line in enumerate(row["custody"]):
        reported = "reported: " if line["reported"] else ""
        to = f", {line['who_or_where']}" if line["who_or_where"] else ""
        yield {
            **_node(desk, "action", f"{number}/{line['entry']}/{place}", "investigation:InvestigativeAction"),
            "uco-core:name": "custody",
            "uco-core:description": f"{reported}{line['where'].replace('_', ' ')}{to}; {desk.log}#{line['entry']}",
            "uco-action:startTime": {"@type": "xsd:dateTime", "@value": line["at"]},
            "uco-action:performer": {"@id": _node(desk, "identity", line["signed_by"], "")["@id"]},
            "uco-action:object": [{"@id": thing["@id"]}],
            "uco-action:result": [{"@id": record["@id"]}],
        }


def _node(desk: Desk, kind: str, name: str, type_name: str) -> dict[str, Any]:
    """An identifier that the same log and thing always give, with its type."""
    return {"@id": f"kb:{kind}-{uuid5(NAMESPACE_URL, f'{desk.log}/{kind}/{name}')}", "@type": type_name}
