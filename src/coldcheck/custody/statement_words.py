"""The words the suggestion rules look for: cue verbs, nouns for people and papers, stray lines; no names.

Promises: constant tables only, each with the reason it is there. Does not do: any reading, see `statements`.

    CUES["insisted"].verb  ->  "insist"
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Takes(StrEnum):
    """What may follow a cue verb and still be content."""

    CLAUSE = "clause"  # "said it was cold": a bare clause is enough
    THAT = "that"  # "stressed that it was cold", a quote or a question word, but no bare clause
    OBJECT = "object"  # "denied the claim", "declined to comment": the object is the content
    QUOTE = "quote"  # "yelled", "went": only with a quotation beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A form of a cue verb: its dictionary form, what it takes, whether a person told follows it."""

    verb: str
    takes: Takes
    to_whom: bool
    noun: bool


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# verb, forms that are cues. A form marked with * is also a common noun or adjective and needs a clear subject.
_CLAUSE: Final = """
say: says said say saying | tell: tells told tell telling | add: adds added add adding
insist: insists insisted insist insisting | claim: claims* claimed claim* claiming
maintain: maintains maintained maintain maintaining | argue: argues argued argue arguing
state: states* stated state* stating | think: thinks
testify: testifies testified testify testifying | allege: alleges alleged allege alleging
assert: asserts asserted assert asserting | write: writes wrote written write writing
note: notes* noted note* noting | admit: admits admitted admit admitting
acknowledge: acknowledges acknowledged acknowledge acknowledging | concede: concedes conceded concede conceding
recall: recalls* recalled recall* recalling | warn: warns warned warn warning*
confirm: confirms confirmed confirm confirming | contend: contends contended contend contending
reply: replies* replied reply* replying | tweet: tweeted tweeting | swear: swears swore sworn swearing
announce: announces announced announce announcing | estimate: estimates* estimated estimating
suggest: suggests suggested suggest suggesting | repeat: repeats repeated repeating
reiterate: reiterates reiterated reiterating | declare: declares declared declare declaring
believe: believes believe | accept: accepts accepted accept accepting | caution: cautioned cautions* cautioning | assure: assures assured assuring | inform: informs informed inform informing | joke: joked joking
reckon: reckons reckoned reckon reckoning | relate: related relates | affirm: affirmed affirms affirming | opine: opined opines | proclaim: proclaimed proclaims
"""
_THAT: Final = """
stress: stresses* stressed stressing | explain: explains explained explain explaining | emphasise: emphasises emphasised emphasizes emphasized emphasizing
report: reports* reported report* reporting* | reveal: reveals revealed reveal revealing
disclose: discloses disclosed disclosing | indicate: indicated indicates indicate | complain: complains complained complaining
promise: promises* promised promising* | vow: vows* vowed vowing | remark: remarked remarking
observe: observed | respond: responds responded responding | recommend: recommends recommended recommend | answer: answers* answered answer* answering
ask: asks asked ask asking | wonder: wonders wondered wondering | inquire: inquired enquired
conclude: concludes concluded concluding | agree: agrees agreed agree | counter: countered countering
order: ordered ordering | urge: urges* urged urging | demand: demanded demands* demand* demanding | remind: reminded reminding
predict: predicts predicted | post: posted | cry: cried
attest: attests attested attesting | clarify: clarified clarifies clarifying
specify: specified specifies specifying | stipulate: stipulates stipulated stipulate | provide: provides provided provide | hint: hinted hints* hinting | imply: implied implies implying | boast: boasted boasts* boasting
protest: protested protests* protesting | object: objected | lament: lamented laments* lamenting | advise: advised advises advising
pledge: pledged pledges* pledging | speculate: speculated speculates speculating | point: point points pointed pointing
remember: remembers remembered remember remembering | find: find finds found finding | hear: heard hears | understand: understood | show: show shows showed | rule: ruled rules*
message: messaged emailed texted | comment: commented comments* | retort: retorted | instruct: instructed instructs instructing | request: requested requests*
underline: underlined underlines | underscore: underscored underscores | volunteer: volunteered | venture: ventured | confide: confided confides confiding
interject: interjected interjects | query: queried | propose: proposed proposes proposing | surmise: surmised | divulge: divulged | undertake: undertook undertakes | signal: signalled signaled | reason: reasoned
"""
_OBJECT: Final = """
deny: denies denied deny denying
decline: declines declined decline declining | refuse: refuses* refused refuse* refusing
discuss: discusses discussed discussing | detail: detailed | describe: describes described describe describing
recount: recounts recounted recounting | dispute: disputes* disputed dispute* disputing | blame: blames blamed blaming
accuse: accuses accused* accusing | criticise: criticised criticized criticises criticizes
plead: pleaded pleads pleading | list: lists* listed list*
contest: contests* contested contesting | refute: refuted refutes refuting | rebut: rebutted | dismiss: dismissed dismisses dismissing
apologise: apologised apologized | condemn: condemned condemns condemning | reject: rejected rejects
"""
_QUOTE: Final = """
yell: yelled yells yelling yell | shout: shouted shouts* shouting shout* | call: called calls* calling call*
scream: screamed screams* screaming scream* | whisper: whispered whispering | mutter: muttered muttering
murmur: murmured | go: go goes went | laugh: laughed | smile: smiled | sigh: sighed | continue: continued continues
begin: began | nod: nodded | exclaim: exclaimed | gasp: gasped | bark: barked | quip: quipped
fume: fumed | rage: raged | blast: blasted* | slam: slammed | storm: stormed | put: put puts putting | rant: ranted | moan: moaned | muse: mused muses
gush: gushed | elaborate: elaborated | end: ends ended | brand: branded brands* branding | read: reads read
dub: dubbed | label: labelled labeled | term: termed | sob: sobbed | snap: snapped | radio: radioed
déclarer: déclaré | dire: dit | sagen: sagte sagt | decir: dijo
"""
_TO_WHOM: Final = _set("tell ask warn inform assure remind order urge instruct promise answer advise caution")


def _forms() -> MappingProxyType[str, Cue]:
    """Every cue form with its cue."""
    table: dict[str, Cue] = {}
    for takes, rows in ((Takes.CLAUSE, _CLAUSE), (Takes.THAT, _THAT), (Takes.OBJECT, _OBJECT), (Takes.QUOTE, _QUOTE)):
        for row in rows.replace("\n", "|").split("|"):
            verb, _, forms = row.strip().partition(":")
            for form in forms.split():
                word = form.rstrip("*")
                table[word] = Cue(verb=verb, takes=takes, to_whom=verb in _TO_WHOM, noun=form != word)
    return MappingProxyType(table)


CUES: Final = _forms()

NOUN_CUES: Final = _set(
    "claim allegation assertion denial admission testimony accusation suggestion statement insistence contention"
)
"""Nouns that carry a clause of somebody's: "his claim that ..."."""

SAID_THINGS: Final = NOUN_CUES | _set(
    "claims allegations assertions denials accusations suggestions statements criticism criticisms idea notion account accounts "
    "version charge charges characterisation characterization comment comments request requests demand demands report reports "
    "rumour rumours call calls question questions story stories interview interviews conversation conversations argument "
    "wrongdoing liability blame responsibility error errors mistake mistakes fault guilt plans concern concerns doubt doubts"
)
"""Nouns for something said or owned up to: with one of them the object of a verb is content."""

DIRECTIVES: Final = _set(
    "tell ask order urge warn instruct remind decline refuse promise vow offer request advise caution pledge undertake"
)
"""Verbs whose content may be "to do something"."""

AUXILIARIES: Final = _set(
    "has have had is are was were be been being 's 'd 'll 've did does do will would could should may might must can"
)
NOT_ADVERBS: Final = _set(
    "family assembly ally bully supply reply anomaly monopoly italy july butterfly belly jelly lily fly friendly elderly lonely "
    "deadly costly lovely unlikely likely early only silly holy ugly homily melancholy"
)
"""Words in "ly" that tell of no manner: nouns and adjectives."""
PASSIVE: Final = _set("is are was were been being be")
MODALS: Final = _set("will would could should may might must can did does do")
NEGATIONS: Final = _set("not never didn't didn’t hasn't hasn’t wouldn't wouldn’t couldn't couldn’t don't don’t")
ADVERBS: Final = _set(
    "also later then once twice again still often first now soon just even only since already always long "
    "afterwards afterward aloud anyway instead meanwhile nevertheless further likewise thereafter thereupon moreover"
)

PRONOUNS: Final = MappingProxyType(
    {
        "he": "m",
        "she": "f",
        "they": "p",
        "i": "1",
        "we": "p1",
        "you": "2",
        "it": "n",
        "who": "who",
        "him": "m",
        "her": "f",
    },
)
SUBJECT_PRONOUNS: Final = _set("he she they i we you it")
PLURALS: Final = _set(
    "investigators officials prosecutors authorities witnesses detectives officers police producers lawyers attorneys"
)
POSSESSIVES: Final = _set("his her their its my our your")
DETERMINERS: Final = _set(
    "the a an his her their its my our your one two three four five six several some many another no this that these those "
    "both each every other neither most few un une le la der die das ein eine el"
)
CONJUNCTIONS: Final = _set("and but or so yet then nor")
PREPOSITIONS: Final = _set(
    "of for with from at in on to by about after before during near inside outside over under through via since until into "
    "onto against between among without within around upon as per despite"
)
NOUN_LINKS: Final = _set("of for with from at in")
"""Prepositions that may stand inside the name of a speaker: "a spokesman for the county"."""

HEDGES: Final = _set("allegedly reportedly apparently supposedly purportedly")
"""Beside a verb these say that somebody else is the source."""

NOBODIES: Final = _set("nobody anybody anyone none nothing neither")
"""Subjects with whom nothing was said: "nobody told us"."""

STOPPERS: Final = _set(
    "that which who whose whom when while where if whether because although though as what why how than whom not "
    "there here"
)
"""Words that end a noun phrase."""

FRENCH_HAVE: Final = _set("a ont avait")
RELATIVE_VERBS: Final = _set("aired airs ran was were is are has had will took began appeared happened")
"""After "that", these make it a relative clause: "in the interview that aired Thursday"."""

QUESTION_WORDS: Final = _set("who what why how when where which")
ASIDES: Final = _set(
    "who whose which a an the now then of speaking his her their who's aged formerly then-head himself herself"
)
"""How an aside between commas begins: "X, who was there, said"."""

ROLE_NOUNS: Final = _set("""plaintiff plaintiffs defendant defendants petitioner petitioners respondent respondents claimant
    claimants appellant complainant actor actress producer director attorney lawyer counsel solicitor barrister spokesman spokeswoman spokesperson
    representative publicist agent investigator investigators police detective detectives officer officers sheriff deputy
    deputies prosecutor prosecutors official officials authorities witness witnesses member members person people man woman
    source sources crew armorer armourer rigger guard judge inspector medic nurse doctor loader performer assistant
    cinematographer operator manager owner owners head chief employee employees colleague colleagues friend friends relative
    relatives family union company studio office agency department hospital court jury neighbour neighbor resident residents
    one two three some several many none all both most few half dozens others expert experts coordinator foreman master
    captain commissioner coroner examiner host anchor reporter reporters journalist journalists editor mother father wife
    husband brother sister son daughter team lawyers attorneys documents report affidavit lawsuit complaint""")
AGENTS: Final = _set(
    "attorney lawyer counsel solicitor barrister spokesman spokeswoman spokesperson representative publicist agent"
)
"""People who speak for somebody else."""

MALE: Final = _set(
    "mr sir spokesman actor father husband brother son man lord chairman foreman king dad widower uncle nephew boy grandfather"
)
FEMALE: Final = _set(
    "ms mrs miss madam dame spokeswoman actress mother wife sister daughter woman lady queen mum mom widow aunt niece girl grandmother"
)
HIS_NAMES: Final = _set(
    "aaron adam adrian alan albert alexander alfred andrew anthony antonio arthur benjamin bernard brian bruce bryan carl carlos "
    "charles christopher colin daniel david dennis derek diego donald douglas duncan edgar edmund edward edwin eric ernest eugene "
    "fernando francisco frank franklin frederick gareth gary geoffrey george gerald gilbert gordon graham gregory harold harry "
    "henry herbert howard hugh ian isaac ivan jack jacob james jason javier jeffrey jeremy john jonathan jorge jose joseph joshua "
    "juan julian keith kenneth kevin larry lawrence leonard leo liam louis luis luke malcolm marcus mario mark martin matthew "
    "michael miguel nathan neil nicholas nigel oliver oscar owen patrick paul pedro peter philip rafael ralph raymond richard "
    "robert roger roland ronald rupert russell samuel scott sean sebastian simon stanley stephen steven stuart terence theodore "
    "thomas timothy tom victor vincent walter william winston"
)
HER_NAMES: Final = _set(
    "abigail ada agnes alexandra alice alison amanda amelia amy ana andrea angela anita ann anna anne annie barbara beatrice "
    "bernadette bertha beth brenda bridget carla carmen caroline catherine cecilia charlotte christina christine clara claire "
    "claudia constance cynthia daisy deborah delia diana diane dolores donna doris dorothy edith eleanor elena elizabeth ella "
    "ellen elsie emily emma esther eva evelyn fiona florence frances gemma georgina gillian gloria grace gwendolyn hannah harriet "
    "hazel heather helen hilda ingrid irene isabel isabella jacqueline jane janet janice jennifer jessica joan joanna josephine "
    "joyce judith julia juliet karen katherine kathleen laura lauren lena linda lisa louise lucia lucy lydia mabel margaret maria "
    "marian marie marta martha mary matilda maud melissa mildred monica nancy naomi natalie nicola nora olga olivia pamela "
    "patricia paula penelope phoebe phyllis priscilla rachel rebecca rita rosa rose rosemary ruth sally samantha sandra sarah "
    "sharon sheila sofia sophia sophie stella stephanie susan susanna sylvia teresa theresa ursula vanessa vera veronica victoria "
    "virginia vivienne wendy winifred yvonne zoe"
)
"""First names that English usage gives to one of the two; names that go with both are left out. What a text says of
somebody counts beside them: a "she" outweighs a list."""
HONORIFICS: Final = _set(
    "mr mrs ms miss dr prof sir dame judge detective det sgt lt capt officer sheriff deputy rev sen gov rep justice"
)
NUMBERED: Final = _set("local channel unit district lodge branch chapter brigade station")
"""Words of a name that a number goes on: "Local 218"."""

SAYINGS: Final = _set(
    "statement message post letter email e-mail note tweet answer reply response verdict view explanation conclusion comment words"
)
"""Nouns that a colon and a quotation follow: "her verdict: “...”"."""

OPINIONS: Final = _set("opinion view telling account estimation judgment judgement")
"""In "in his view, ..." these make what follows his."""

QUANTITIES: Final = _set("several some many most both few all two three four five six seven eight nine ten others")
"""Numbers that stand for people when a verb of saying follows: "several argued that"."""

CONTACTS: Final = _set("emailed emails wrote called calls rang phoned telephoned texted messaged contacted")
"""What somebody does "to say that ..."."""

BY_MEANS: Final = _set("phone telephone email e-mail text letter video radio post fax message satellite")
"""Behind "said by" these tell how it was said, not by whom."""

SUFFIXES: Final = _set("inc llc ltd plc corp co lp llp gmbh jr sr qc kc sc esq md phd")
"""What a comma may part from the name it belongs to: "Old Mill Films, Inc."."""

PARTICLES: Final = _set("de van von der den la le du di da del al bin ibn y")

DOCUMENTS: Final = _set(
    "affidavit warrant complaint lawsuit suit indictment filing filings report reports document documents papers petition "
    "memo transcript declaration deposition motion ruling order audit autopsy summons subpoena log logs"
)
"""Nouns that make the source a paper, not a mouth."""

WRITTEN: Final = DOCUMENTS | _set(
    "letter letters email emails e-mail note notes message messages text texts statement record records book logbook diary entry "
    "entries minutes file files contract invoice receipt inventory label sign receipts study review inquiry investigation "
    "certificate sheet sheets list findings manual guidance guidelines policy handbook bulletin circular agreement notice clause "
    "protocol"
)
"""What can show, find or list something without being anybody's mouth."""

COME_BY: Final = _set("seen obtained reviewed filed released published read viewed")
"""How somebody came by a paper, behind its name: "a report obtained by ..."."""

HEARERS: Final = _set("court jury jurors inquest tribunal hearing magistrates committee inquiry panel")
"""Who is told things by people the sentence need not name."""

FINDERS: Final = (
    WRITTEN
    | HEARERS
    | _set(
        "judge coroner chair chairman chairwoman magistrate arbitrator panel inspector inspectors investigators commission agency watchdog authors detectives police experts expert"
    )
)
"""Subjects whose "found that" is a finding put into words; with others it may be something done."""

PLANS: Final = _set("script scene scenes plan plans rule rules law screenplay schedule storyboard role part shot")
"""What calls for something without saying it."""

OUTLET_WORDS: Final = _set(
    "news times post herald tribune gazette press journal magazine radio tv television network today courier chronicle "
    "mail reporters journalists podcast programme program show weekly daily observer broadcast"
)
ORGANISATION_WORDS: Final = OUTLET_WORDS | _set(
    "office county department agency company inc ltd llc pictures studios productions university court council union "
    "trust firm group society charity foundation institute federation guild authority inspectorate ministry bank insurer shop "
    "museum club prosecution defence defense "
    "commission board bureau association ranch mill quarry street city state hospital school river lake"
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
CAPITALISED: Final = (
    frozenset(WEEKDAYS)
    | frozenset(MONTHS)
    | _set("jan feb mar apr jun jul aug sep sept oct nov dec")
    | frozenset(SUBJECT_PRONOUNS)
    | DETERMINERS
    | CONJUNCTIONS
    | PREPOSITIONS
    | STOPPERS
    | AUXILIARIES
    | _set("yes no according asked yesterday today earlier later immediately whether either these in")
)
"""Words that are written with a capital for other reasons than being a name."""

TIME_WORDS: Final = frozenset(WEEKDAYS) | _set(
    "yesterday today tonight tomorrow earlier later recently last this next week month year morning afternoon evening night "
    "ago day days weeks months years"
)
ABBREVIATIONS: Final = _set(
    "mr mrs ms dr prof st sgt lt det capt col gen sen rep gov rev jr sr vs etc inc ltd co no jan feb mar apr jun jul aug sep "
    "sept oct nov dec mt ft approx a.m p.m u.s u.k e.g i.e"
)
_MOSTLY_ACTS: Final = _set(
    "go smile nod begin continue snap label term dub sigh sob laugh post order find show hear read rule list point object "
    "storm slam blast brand rage put end"
)
SPEECH_SIGNS: Final = (
    frozenset(form for form, cue in CUES.items() if cue.verb not in _MOSTLY_ACTS)
    | NOUN_CUES
    | _set(
        "according statement interview affidavit testimony comment comments question questions thought think thinks pointed points insists dispute believes believed told "
        "guess guessed guesses heard spoke spoken remembered remembers lists listed listing speaking speaks talked talking welcomed welcomes praised hailed defended questioned word words account accounts apparently reportedly allegedly via"
    )
    | _set(
        "thanked thanks evidence view views position remark remarks apology doubt doubts doubted promise silent silence quote "
        "unquote quoted quoting cites cited citing plea complaint rumour rumours rumor rumors refusal appeal appealed appeals texted "
        "emailed rang phoned vouched objection objections criticism concern concerns warning warnings advice instructions "
        "instruction request requests verdict finding findings ruling credits emerged estimate"
    )
    | _set(
        "want wants wanted hope hopes hoped fear fears feared expect expects expected intend intends intended plans planned invited"
    )
)
"""Any of these in a sentence nobody has looked at puts it on the list that must be looked at.

The last are wishes and intentions: what somebody wants or fears is known only because he said it.
"""

NOUN_SIGNS: Final = _set(
    "call calls report reports answer answers claims notes note state states order orders post posts label warning plans appeal "
    "promise estimate quote"
)
"""Signs of speech that are plain nouns behind an article: "the call", "a claims handler"."""

STRUCK: Final = (
    (r"\b(browser|internet explorer|IE \d+)\b.{0,80}\b(not supported|unsupported|out of date|update|another browser|upgrade)\b",
     "browser notice"),
    (r"\b(not supported|optimal experience)\b.{0,120}\bbrowser\b", "browser notice"),
    (r"\b(cookies?|privacy policy|terms of (use|service))\b.{0,80}\b(use|accept|agree|consent|settings|policy)\b", "cookie notice"),
    (r"^(subscribe|sign up|log in|register|already a subscriber|support our|donate)\b", "subscription line"),
    (r"^(advertisement|sponsored|promoted|story continues below)\b", "advertisement"),
    (r"^(read more|read also|see also|related|more on|watch|listen|share|follow us|click here|download our)\b\s*[:|]?", "link line"),
    (r"^(©|\(c\)|copyright\b)|all rights reserved", "copyright line"),
    (r"^(photo|image|picture|video|file photo|credit|photograph)s?\s*(:|by\b|courtesy)|\(?(photo|image|credit|picture)s?:", "caption"),
    (r"^by [A-Z][\w.’'-]+( [A-Z][\w.’'-]+){0,4}( and [A-Z].{0,40})?$", "byline"),
    (r"^by (our|staff|agency|a staff)\b.{0,40}$", "byline"),
    (r"^(published|updated|posted|last updated|first published)\b.{0,60}$", "date line"),
    (r"^[\[(][^\])]{1,60}[\])]$", "stage direction"),
)  # fmt: skip
"""Lines that are nobody's words: pattern and what to call it. Only short paragraphs are tried."""
