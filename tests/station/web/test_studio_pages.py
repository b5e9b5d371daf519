"""A studio's pages say what the walks over its index say, in every language, and no figure of a person."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coldcheck.custody.trace_index import index_of, walks_of
from coldcheck.custody.trace_studio import Studio, studio_of, table_of_studio
from coldcheck.station.lab.productions import WAYS, production
from coldcheck.station.web.catalogue import languages
from coldcheck.station.web.studio_pages import StudioPages, studio_routes

MADE = [production(seed=seed, way=WAYS[seed % 3]) for seed in range(2)]


@pytest.fixture(scope="module")
def studio() -> Studio:
    return studio_of({f"hub-{number}": made.picture for number, made in enumerate(MADE)})


@pytest.fixture(scope="module")
def client(studio: Studio) -> TestClient:
    table = table_of_studio(studio)
    numbers = {name: number for number, name in enumerate(studio.names)}
    pages = StudioPages(
        walks=walks_of(table, index_of(table)), events=len(table.kind), name_of=studio.names.__getitem__,
        number_of=lambda name: numbers.get(name, -1), cite=lambda row: "{}#{}".format(*studio.cited[table.entry[row]]),
    )  # fmt: skip
    return TestClient(Starlette(routes=list(studio_routes(pages))))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("question", ["back", "access"])
def test_a_rounds_page_names_what_it_lay_in(client: TestClient, language: str, question: str) -> None:
    for made in MADE:
        page = client.get(f"/studio/{question}/{made.round_id}", params={"lang": language})
        assert page.status_code == 200
        if question == "back":
            spot = made.picture.spots[made.round_id]
            assert (f"{spot.thing}/{spot.cell}" if spot.cell else spot.thing) in page.text


def test_a_guns_page_says_who_had_it_at_any_event(client: TestClient, studio: Studio) -> None:
    gun = next(iter(MADE[0].picture.guns))
    pages = [client.get(f"/studio/state/{gun}", params={"row": str(row)}) for row in (0, 40, 10**9)]
    assert all(page.status_code == 200 for page in pages)
    cited = [studio.cited[studio.live.entry[row]] for row in (40, -1)]
    assert f"as of {cited[0][0]}#{cited[0][1]}" in pages[1].text
    assert f"as of {cited[1][0]}#{cited[1][1]}" in pages[2].text


def test_people_stand_in_neutral_order_with_entries_and_no_share(client: TestClient) -> None:
    page = client.get(f"/studio/access/{MADE[0].round_id}").text
    names = re.findall(r"<tr><td>(\S+)</td>", page)
    assert names == sorted(names)
    assert "%" not in re.sub(r"<svg.*?</svg>|<style.*?</style>", "", page, flags=re.DOTALL)


def test_a_name_nobody_knows_is_a_sentence_and_never_markup(client: TestClient) -> None:
    page = client.get("/studio/back/%3Cscript%3E")
    assert page.status_code == 404
    assert "No record here knows this." in page.text
    assert "<script>" not in page.text
