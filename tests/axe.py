"""axe-core in a page: every violation, and everything it could not judge, as short lines."""

import gzip
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tracked import REPO

AXE = REPO / "tests" / "vendor" / "axe-core-4.14.1.min.js.gz"
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A live board changes cards while axe looks. An audit counts when no element came or went meanwhile, else it is done again.
RUN = """async (tags) => {
  const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']};
  for (let turn = 0; ; turn++) {
    let changed = false;
    const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
    const watch = new MutationObserver((records) => {
      changed ||= records.some((one) => [...one.addedNodes, ...one.removedNodes].some(isElement));
    });
    watch.observe(document, {childList: true, subtree: true});
    const found = await axe.run(document, options);
    watch.disconnect();
    if (!changed || turn === 9) return found;
  }
}"""


@cache
def axe_script() -> str:
    return gzip.decompress(AXE.read_bytes()).decode()


def audited(page: Page) -> tuple[list[str], list[str]]:
    """What is wrong on the page as it stands, and what axe leaves to a person, each as "rule: element"."""
    if not page.evaluate("() => typeof axe === 'object'"):
        # Past the page's own content policy, which rightly forbids it.
        page.evaluate(f"() => {{ {axe_script()} }}")
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    return _lines(found["violations"]), _lines(found["incomplete"])


def _lines(results: list[dict[str, Any]]) -> list[str]:
    return sorted(f"{one['id']}: {node['html'][:120]}" for one in results for node in one["nodes"])
