"""`docs/rules.md` and `docs/refusals.md`, written from the rulebook files, their predicates and the words of findings.

    python -m coldcheck.station.lab.rule_pages

Promises: the pages say what the files say; a test holds them to it. Does not: judge, or quote any law.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coldcheck.custody import wording
from coldcheck.custody.kernel import ROWS
from coldcheck.custody.predicates import CALL_PREDICATES, FACT_PREDICATES, PREDICATE_NAMES
from coldcheck.custody.rulebook_file import CORE, DRAFT, File, Rule, Rulebook, read_rulebook, with_file

PROFILES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "US-CA (default)": ("us_generic", "us_ca", "signed_first"),
        "US-GENERIC": ("us_generic",),
        "UK": ("uk",),
        "SCHOOL-NO-FIRING": ("school_no_firing",),
        "US-NM": ("us_generic", "us_nm"),
        "CA-ON": ("ca_on",),
        "CA-MB": ("ca_mb",),
        "CA-BC": ("us_generic", "ca_bc"),
        "AU-NSW": ("au", "au_nsw"),
        "AU-QLD": ("au", "au_qld"),
        "NZ": ("nz",),
    }
)
"""By profile: the files it adopts after the core, in order."""

SECTION_2: Final = tuple(
    f"{letters}-{number:02}"
    for letters, last in (
        ("B1", 22), ("B2", 2), ("CA", 19), ("NM", 10), ("UK", 8), ("CN", 8), ("AU", 13), ("NZ", 1), ("EQ", 2),
        ("ST", 1), ("SC", 3), ("NY", 1), ("TX", 1), ("FI", 1), ("US", 1), ("IN", 1),
    )
    for number in range(1, last + 1)
)  # fmt: skip
"""Every row of the trade's rules that we collected."""

HELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "B1-02": "the kernel begins every gun as to be treated as loaded, and no file can change that",
        "FI-01": "a change of the scene ends the call on its guns (V17), and a new meeting is asked for (K8)",
        "IN-01": "`coldcheck day` sets the plan against the record for every day",
    }
)
"""Rows that hold without any rule, each with how."""

RECORDED_ONLY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "B1-03": "replicas are registered by the same act as guns; of a thing never registered nobody can be asked",
        "B1-08": "what is said in a meeting is not entered point by point",
        "B2-02": "no call exists for live rounds, so there is nothing to grant; what is done is kept in the journal",
        "CA-12": "no call exists for live rounds, so there is nothing to grant; what is done is kept in the journal",
        "CA-15": "anybody's stop takes effect at once, the advisor's among them; looking is no act that can be refused",
        "NM-10": "bills whose outcome was not looked up; a course paper is recorded like any credential",
        "NY-01": "bills in committee when read; their two points are rules CA-11 and CA-13 of us_ca",
        "TX-01": "a film office's list for permits, asked before a production begins; papers are recorded all the same",
        "US-01": "a licensee keeps a book of its own; ours can feed it and replaces nothing in it",
        "AU-01": "a register is a report: who had each gun, and when it was out of its lock, is kept for every gun",
        "CA-18": "not read in full; nothing is asked on the word of a summary",
    }
)
"""Rows that no rule asks about, each with the reason. What is done is in the record all the same."""

SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "L1": "Labor Code section 9155, as a publisher of statutes gives it",
        "L2": "Labor Code sections 9150, 9152.5 and 9156, as a publisher of statutes gives them",
        "L3": "Labor Code section 9153, as a publisher of statutes gives it",
        "L4": "Labor Code sections 9151 to 9156, as a publisher of statutes gives them",
        "L11": "New South Wales, Firearms Regulation 2006 clause 35A, as a publisher of statutes gives it; since replaced",
        "L12": "a page of the Queensland police about theatrical ordnance",
        "L13": "a notice of Queensland's workplace authority",
        "L14": "the rules of Australia's industry body for high-risk work",
        "L15": "Ontario's Guideline 39 for film and television, as the province gives it",
        "L15b": "a summary of Guideline 39, through a mirror",
        "L18": "a page of British Columbia's agency for locations",
        "L27": "Australian press on a coroner's findings and on a national code",
        "L6": "a summary of section 9153 by an owner of locations",
        "L16": "guidelines of Manitoba, as a site about film sets gives them",
        "L17": "British Columbia's bulletin for stages, which follows Safety Bulletin 1 clause by clause in its opening",
        "L17b": "a list of the bulletins with titles and dates",
        "L22": "a guild of New Zealand, which quotes the head of Safety Bulletin 1",
        "L24": "a summary by an association of armorers",
        "L25": "a third party's editorial summary of Safety Bulletin 1",
        "L26": "a news page that quotes the committee's bulletin",
        "L29": "pages of a school about firearms and prop weapons, older and newer",
        "L30": "a rules sheet for sets",
        "L33": "the production handbook of a school",
        "L31": "the rules of a rental house, as a prop maker gives them",
        "L35": "pages that paraphrase tips of two performers' unions",
        "L19": "occupational standards for productions, SKSAR5 and SKSAR8",
        "L20": "a guide for stages, a broadcaster's guidance and pages that cite the executive's sheet, which was not read",
        "L34": "pages that cite a code of practice for weapons in stage productions",
        "S4": "press that quotes the state agency",
        "S5": "press on the state agency's citation",
        "S6": "press on the state agency's citation",
        "S22": "press: a first AD's attorney on whose duty a check was",
        "S28": "a broadcaster's page on an interview about the same call",
        "S8": "press on the state agency's findings",
        "S9": "press on the producers' answer",
        "S11": "an insurer's summary of the findings",
        "M7": "a broker's note for productions",
        "N5": "press on a coroner's findings",
        "L10": "Penal Code sections 29500 to 29535, as a publisher of statutes gives them",
    }
)
"""By source id: what was read. No addresses: they may hold names."""


def files() -> dict[str, str]:
    """The text of every rulebook file that comes with the program, by name, the core first."""
    folder = resources.files("coldcheck.custody").joinpath("rulebook")
    names = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    names.sort(key=lambda name: name != CORE)
    return {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in names}


def read_all() -> tuple[File, ...]:
    """Every file, read, each fit to stand behind the core."""
    read = {name: read_rulebook(text, predicates=PREDICATE_NAMES) for name, text in files().items()}
    core = with_file(None, read[CORE])
    for name, rulebook in read.items():
        if name != CORE:
            with_file(core, rulebook)
    return tuple(rulebook.files[0] for rulebook in read.values())


def profile(*names: str) -> Rulebook:
    """The set in force when these files are adopted after the core."""
    texts = files()
    in_force = with_file(None, read_rulebook(texts[CORE], predicates=PREDICATE_NAMES))
    for name in names:
        in_force = with_file(in_force, read_rulebook(texts[name], predicates=PREDICATE_NAMES))
    return in_force


# --- docs/rules.md -------------------------------------------------------------------------------------------------


def rules_page() -> str:
    """The whole of docs/rules.md."""
    known = read_all()
    return "\n".join((*_head(), *(line for file in known for line in _file(file)), *_rows(known), *_sources(), ""))


def _head() -> Iterator[str]:
    yield "# The rules in force"
    yield ""
    yield "Generated by `python -m coldcheck.station.lab.rule_pages` from the rulebook files; not edited by hand."
    yield ""
    yield f"**These are {DRAFT}.** Each file names who reviewed it and when; while that is empty, every refusal and report"
    yield "says so. A rule is ours, in our words, with the source it was taken from and how good that source is. Meeting all"
    yield "of them says nothing about the law of any place."
    yield ""
    yield "The core file comes first and is always in force. A later file adds rules or makes a number smaller, and can do"
    yield "nothing else. Every receipt names the set: the file's own SHA-256 when it is one file, else SHA-256 over the"
    yield "files' hashes in the order of their adoption. A scenario adopts a file by a line such as `rulebook us_ca`."
    yield ""
    yield "| profile | files after the core |"
    yield "|---|---|"
    yield from (f"| {name} | {', '.join(names)} |" for name, names in PROFILES.items())


def _file(file: File) -> Iterator[str]:
    reviewed = (
        f"{file.reviewed_by}, {file.reviewed_on}" if file.reviewed_by and file.reviewed_on else f"nobody: {DRAFT}"
    )
    yield ""
    yield f"## {file.name}.toml{f' ({file.jurisdiction})' if file.jurisdiction else ''}"
    yield ""
    yield f"Reviewed by: {reviewed}. Rules: {len(file.rules)}."
    yield ""
    yield "| rule | what it asks | when | parameters | source | grade | who can cure it |"
    yield "|---|---|---|---|---|---|---|"
    for rule in file.rules:
        given = ", ".join(f"{name} = {value}" for name, value in rule.parameters.items())
        asks = f"| {rule.id} | {_asks(rule)} | {_GATES[rule.gate]} | {given} |"
        yield f"{asks} {rule.source} | {rule.grade} | {wording.WHO[rule.who]} |"
    for tighter in file.tighter:
        given = ", ".join(f"{name} = {value}" for name, value in tighter.numbers.items())
        yield f"| {tighter.rule} | made tighter | | {given} | {tighter.source} | {tighter.grade} | |"


_GATES: Final = MappingProxyType(
    {
        "call": "a call is refused",
        "fact": "a finding on the act",
        "lift": "a stop is lifted",
        "void": "a proof or call ends",
        "erase": "words are erased",
    }
)


def _asks(rule: Rule) -> str:
    """The condition in words: the first line of the predicate, else the reason that a card would show."""
    function = CALL_PREDICATES.get(rule.predicate) or FACT_PREDICATES.get(rule.predicate)
    if function is None:
        return wording.REASONS.get(rule.id, "").rstrip(".") or wording.needs_of(rule.refusal).rstrip(".")
    line = (inspect.getdoc(function) or "").splitlines()[0].rstrip(".")
    return re.sub(r"^[A-Z]+\d+: ", "", line)


def _rows(known: tuple[File, ...]) -> Iterator[str]:
    ruled = {rule.id: file.name for file in known for rule in file.rules}
    cited = _cited(known)
    yield ""
    yield "## What became of each row"
    yield ""
    yield f"{len(SECTION_2)} rows were collected from statutes, bulletins, guidance and inquiries. A row is a rule of its own,"
    yield "is asked by a rule of the core that cites it, is recorded only, or is open: it belongs to a profile not yet written."
    yield ""
    yield "| row | where it is |"
    yield "|---|---|"
    for row in SECTION_2:
        yield f"| {row} | {_where(row, ruled, cited)} |"


def _cited(known: tuple[File, ...]) -> dict[str, str]:
    """By row: the rules or tightened rules of other ids that name it as their source."""
    out: dict[str, list[str]] = {}
    for file in known:
        for rule_id, source in (
            *((rule.id, rule.source) for rule in file.rules),
            *((tighter.rule, tighter.source) for tighter in file.tighter),
        ):
            for row in re.findall(r"\b[A-Z][A-Z0-9]-\d\d\b", source):
                out.setdefault(row, []).append(f"{rule_id} of {file.name}")
    return {row: ", ".join(dict.fromkeys(names)) for row, names in out.items()}


def _where(row: str, ruled: Mapping[str, str], cited: Mapping[str, str]) -> str:
    if row in ruled:
        return f"rule {row} of {ruled[row]}"
    if row in cited:
        return f"asked by {cited[row]}"
    if row in HELD:
        return f"held without a rule: {HELD[row]}"
    if row in RECORDED_ONLY:
        return f"recorded only: {RECORDED_ONLY[row]}"
    return "open"


def open_rows() -> tuple[str, ...]:
    """The rows that belong to profiles not yet written."""
    known = read_all()
    ruled = {rule.id: file.name for file in known for rule in file.rules}
    cited = _cited(known)
    return tuple(row for row in SECTION_2 if _where(row, ruled, cited) == "open")


def _sources() -> Iterator[str]:
    yield ""
    yield "## Sources"
    yield ""
    yield "| id | what was read |"
    yield "|---|---|"
    yield from (f"| {name} | {words} |" for name, words in SOURCES.items())


# --- docs/refusals.md ----------------------------------------------------------------------------------------------


def refusals_page() -> str:
    """The whole of docs/refusals.md."""
    return "\n".join((*_refusals_head(), *(line for file in read_all() for line in _refusals(file)), ""))


def _refusals_head() -> Iterator[str]:
    yield "# What a refusal says"
    yield ""
    yield "Generated by `python -m coldcheck.station.lab.rule_pages`; not edited by hand."
    yield ""
    yield "All that is missing is said at once: a headline with every rule, then for each what was found, what is needed, who"
    yield f"can do it, and which rule of ours says so, with its source and its grade. While nobody has reviewed a file, the words *{DRAFT}*"
    yield "stand in it. Words in braces are filled in with labels; a person appears by role or label, never with a judgement."


def _refusals(file: File) -> Iterator[str]:
    yield ""
    yield f"## {file.name}.toml"
    for rule in file.rules:
        yield ""
        yield f"### {rule.id}"
        yield ""
        for what in whats_of(rule):
            yield f"- Found: {wording.FOUND[what]}"
            if what in wording.CURES:
                cure, who = wording.CURES[what]
                yield f"  Needed here: {wording.NEEDS[cure]} Who can: {wording.WHO[who]}."
        if rule.id in wording.REASONS:
            yield f"- Found: {wording.REASONS[rule.id]}."
        yield f"- Needed: {wording.needs_of(rule.refusal) or 'All positions are answered again by two people.'}"
        yield f"- Who can: {wording.WHO[rule.who]}."


def whats_of(rule: Rule) -> tuple[str, ...]:
    """What a rule can find, as keys of the words: those of its predicate and of the kernel's guards under its id."""
    function = CALL_PREDICATES.get(rule.predicate) or FACT_PREDICATES.get(rule.predicate)
    own = _written(function.__name__) if function is not None else ()
    guards = (guard.name for row in ROWS.values() for guard in row.guards if guard.k == rule.id)
    return tuple(dict.fromkeys((*guards, *own)))


def _written(name: str) -> tuple[str, ...]:
    """The keys that a predicate, and the helpers it calls, write down."""
    function = CALL_PREDICATES.get(name) or FACT_PREDICATES.get(name)
    module = inspect.getmodule(function)
    assert module is not None
    source = inspect.getsource(getattr(module, name))
    out = re.findall(r'"(\w+)"', source)
    for helper in re.findall(r"\b(_[a-z_]+)\(", source):
        if inspect.isfunction(found := getattr(module, helper, None)) and found.__module__ == module.__name__:
            out += re.findall(r'"(\w+)"', inspect.getsource(found))
    return tuple(dict.fromkeys(key for key in out if key in wording.FOUND))


def main() -> None:
    """Writes both pages into docs/."""
    docs = Path(__file__).parents[4] / "docs"
    docs.joinpath("rules.md").write_text(rules_page(), encoding="utf-8")
    docs.joinpath("refusals.md").write_text(refusals_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
