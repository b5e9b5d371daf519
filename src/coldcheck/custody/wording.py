"""Sentences from keys, in English: refusals, findings, reasons of a card, gaps. Nothing worded here is ever in the log.

A finding becomes what was found, what is needed and who can do it. People appear by role or label, never by fault.

    sentence_of(Finding(rule="K5", found=(("what", "stop_open"), ("stop", "41"))), label=str)
    -> "Stop 41 is open. Armorer, first AD and employer each sign what it was and lift it."
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from coldcheck.custody.rulebook_file import Rule
from coldcheck.custody.things import Finding
from coldcheck.custody.tongues import ENGLISH, Tongue

FOUND: Final[Mapping[str, str]] = MappingProxyType(
    {
        # The kernel's guards.
        "caller_is_handler": "The caller is not entered as armorer or property master.",
        "three_people": "Caller, witness and receiver are not three different people.",
        "two_people": "Caller and second are one person.",
        "witness_has_role": "The second to answer is not entered as first AD, safety advisor or handler.",
        "answered_twice": "{answered} of {positions} positions are answered by two people.",
        "one_witness_for_all": "Not all positions were answered by the same second person.",
        "bore_clear": "The bore is not answered as clear.",
        "no_open_stop": "A stop is open.",
        "caller_has_gun": "By the record the gun is not in the caller's hand.",
        "witness_in_sight": "The second person has lost sight of the gun, or never answered.",
        "witness_saw_all": "The second person has not seen every position since losing sight.",
        "receiver_saw_all": "The receiver has not seen all positions in a show that was closed.",
        "chambers_empty": "A chamber is not answered as empty.",
        "kind_may_be_called": "This kind of round cannot be called.",
        "holds_a_round": "By the record no chamber holds a round.",
        "rounds_proven_of_kind": "A round in the gun was not tested by two people outside it, or is of another kind.",
        "cannot_hold_a_cartridge": "It is not answered that this one cannot hold a cartridge.",
        # Conditions of the rulebook.
        "answered_before_it_came_back": "{positions} positions were answered before somebody who is no handler had it (back in entry {entry}).",
        "unknown_gun": "This gun is not registered.",
        "no_rulebook": "No rulebook has been adopted.",
        "evidence": "The gun is held as evidence.",
        "no_plan": "There is no plan made ahead for this.",
        "gun_not_in_plan": "The plan {scene} does not name this gun.",
        "other_call_planned": "The plan {scene} is for {planned}.",
        "not_on_exclusive_duty": "The caller is not on one exclusive duty (open now: {duties}).",
        "caller_not_at_place": "The caller is not entered at the place of the plan.",
        "receiver_not_planned": "The receiver is not the performer of the plan.",
        "receiver_not_shown": "The one who acknowledged is not the one who was shown the gun.",
        "announcer_role": "The announcement is not by the first AD.",
        "one_for_two": "One person or one key stands for two parts of the call.",
        "count_differs": "Called are {called}, and the record has {recorded}.",
        "mixed_lots": "The rounds are of {lots} lots.",
        "tested_before_today": "{rounds} of the rounds were not tested since the day opened.",
        "stop_open": "Stop {stop} is open.",
        "day_not_open": "The day is not opened.",
        "day_too_long": "The day was opened more than 18 hours ago: a night has passed. Close it and open the next one.",
        "day_opened_by_one": "The day is not opened by armorer or property master and first AD together.",
        "not_counted": "{container} was not counted by two people since the day opened.",
        "in_maintenance": "Entry {entry} says that it broke, jammed or was worked on; no handler has noted an inspection or a test since.",
        "in_other_hands_since_counted": "{container} was in other hands than a handler's since it was counted.",
        "left_since_counted": "{container} was left with nobody's hand on it since it was counted.",
        "no_meeting": "No meeting was held for {scene} since it was last changed.",
        "not_assessed": "{scene} was not assessed since it was last changed.",
        "not_briefed": "{who} was neither at the meeting nor has answered the set-up card.",
        "asked_and_waiting": "{who} asked to see the gun and still waits.",
        "seen_in_part": "{who} has answered {seen} of {all} positions that were shown.",
        "receiver_lost_sight": "{who} has lost sight of the gun, or has gone somewhere else, since looking.",
        "elsewhere": "{who} is entered at another place than the plan's.",
        "part_missing": "Not there yet: {part}.",
        "last_part_not_alone": "The last part of a claim came on a sheet with other acts; it is signed by itself.",
        "part_differs": "The part {part} names another call or number.",
        "part_of_another": "The part {part} was signed on a screen that did not yet show what came before it; it is signed again.",
        "part_too_old": "The part {part} came too long ago.",
        "magazine_not_empty": "In the gun is {container}, with rounds in it.",
        "magazine_not_counted": "In the gun is {container}, which two people have not counted today, or not since it was left alone or something was said to go in.",
        "magazine_called_anew": "In the gun is {container}, with rounds in it: it is taken out, answered and called anew.",
        "magazine_set_apart": "In the gun is {container}, which is set apart or held as evidence.",
        "magazine_not_answered": "In the gun is {container}, whose places two people have not answered one by one for this call.",
        "magazine_not_in_hand": "In the gun is {container}, which the record does not have in the caller's hand.",
        "magazine_came_back": "In the gun is {container}, which nobody has answered or counted since the gun came back.",
        "magazine_not_shown": "In the gun is {container}, which witness or receiver have not seen place by place.",
        "magazine_other_people": "In the gun is {container}, which was not seen by the same people as the gun.",
        "well_not_looked_into": "Nobody has said what is in its magazine well: two people count the whole gun, or a magazine is put in or taken out.",
        "feed_not_looked_into": "Nobody has said what is in its tube or magazine: two people see the follower and count the whole gun, or its places are registered and answered one by one.",
        "set_apart": "The gun is set apart since entry {entry}.",
        "left_production": "The gun has left the production ({how}).",
        "registered_otherwise": "Entry {entry} registered the gun as something else; a handler registers it again as it is if chambers, action or class differ, then he and a second person inspect it anew.",
        "named_alike": "{item} goes by a name that is taken for this one's, on a label or aloud; a handler renames one of the two.",
        "not_scanned": "The call does not say how the gun in the caller's hand was told from others.",
        "tag_of_another": "The tag that was scanned for the call is that of {item}.",
        "tag_of_gone": "The tag that was scanned for the call is that of {item}, which has left the production.",
        "serial_of_another": "The serial that was read for the call is not this gun's.",
        "tag_doubted": "Entry {entry} says that this gun's tag was met on another one.",
        "no_bore": "The gun can fire and is registered without a bore, or with fewer than it has barrels.",
        "said_to_hold_a_round": "Entry {entry} says that it holds, held or fired a round; what is in it is taken out, and a handler and a second person note a test of what it can hold.",
        "under_recall": "Rounds that lay with {find} since, and were not tested with all that lay there: {rounds}.",
        "lot_recalled": "The lot {lot}, or one it was made from, was recalled.",
        "lot_closed": "Of the lot {lot} it was said that nothing is left here.",
        "lot_registered_otherwise": "Entry {entry} registered the lot {lot} as something else; its supplier and a handler register it again as it is.",
        "rounds_named_live": "{rounds} of the rounds were named as live, unknown or fired, last in entry {entry}, and nobody has examined them since.",
        "round_in_no_position": "By the record {rounds} rounds are in the gun, and in no position that was answered.",
        "live_look_open": "Entry {entry} says that a live or unknown round is in {item}, position {position}: who takes it out enters the find, or who said so takes it back.",
        "live_round_left": "{item}, named as live or unknown in entry {entry}, still lies about: have it set apart, locked away or taken as evidence.",
        "not_placed": "A mistake in this software kept entry {entry} out of the picture, so no gun can be called. The entry is kept: go on recording, and tell the hub's keeper.",
        "not_judged": "A mistake in this software left this entry without a judgement. It is kept, and proves nothing: tell the hub's keeper.",
        "not_taken_in_time": "The gun was held out to {who}, who has not taken it in time.",
        "rounds_set_apart": "{rounds} of the rounds, their lot or what they came from are set apart or held as evidence.",
        "concern_open": "A concern about this gun is open since entry {since}.",
        "lot_off": "Of lot {lot} {missing} are not accounted for.",
        "in_reach": "{container} is in reach, with rounds that may fit this gun, and is not sealed.",
        "concern_past_its_day": "A concern is open since entry {since}; its answer was due on {due}.",
        "more_shots_than_rounds": "Fired with {gun} today are {shots}, and the record had {rounds} rounds in it.",
        "blanks_gone": "Out of {gun} went {rounds} more rounds than were fired, and no entry says where to.",
        "duty_unowned": "The duty {duty} of today's list is not accepted by its owner.",
        "no_duty_list": "No list of duties is signed for this day.",
        "no_words_adopted": "This production has not said what its words mean.",
        "terms_not_signed": "{who} has not signed the words of this production.",
        "need_not_decided": "Why this gun is needed in {scene} is not decided.",
        "not_on_manifest": "{item} is not on what the supplier said would come.",
        "lets_nothing_in": "It is recorded, and nothing rests on it: it counts once somebody who has the role for it signs it, and nobody vouches for himself.",
        "seal_differs": "The seal of {container} reads {read}; applied was {applied}.",
        "rested_on_it": "What entry {bases} said is in doubt now, and {acts} later acts rested on it: entries {entries}.",
        "direction_through_keeper": "{action} with {gun} was not directed by who is named for it, or is beyond what is planned.",
        "no_further_part_here": "Under these rules one call serves {most} parts of a run ({run}) at most.",
        "blanks_always_new": "A gun with blanks is called anew each time, in a run ({run}) too.",
        "run_over": "All {parts} parts named for the run {run} are done.",
        "run_too_long": "The run {run} has gone on too long, or the hub was started again.",
        "not_shown_again": "{who} has not seen every position since the gun came back.",
        "not_turned": "{rounds} of the rounds were not taken out and tested by two since the gun came back.",
        "no_such_stop": "There is no open stop {stop}.",
        "not_a_release_role": "This stop waits for roles the signer does not have, or the signer has signed already.",
        "signatures_missing": "Still to sign: {roles}.",
        "brought_in": "It came in from {origin}, and no supplier signed for it.",
        "no_supplier": "Nobody signed for the other side of this receipt.",
        "cells_differ": "The receipt is for {count}, and its cells are {cells}, or name a cell or a round twice.",
        "halves_differ": "The supplier's half is not there, or names another lot, container, number or receiver.",
        "no_strong_test": "The lot has {tests} tests and no strong one among two.",
        "not_for_a_set": "Rounds of kind {kind} have no place on a set.",
        "shown_in_part": "{shown} positions were shown of {all} chambers.",
        "only_told": "It was said ({meaning}) while no call stood on the gun.",
        "second_duty": "Duty {duty} stands beside {beside}, and one of them is exclusive.",
        "frozen": "Everything is held as it lies since entry {freeze}; this is entered as done all the same ({act}).",
        "another_act_of_this_key_is_missing": "Another act of this key is missing before this one.",
        "officer": "The signer is not an officer of this production.",
        "second_officer": "One officer has signed; a second one has to.",
        "another_officer": "The signer has signed already, or it is about himself.",
        "no_such_enrolment": "No key waits that fits this.",
        "no_such_list": "No crew list waits that fits this.",
        "no_such_key": "There is no such key, or it is revoked already.",
        "same_class": "A key is replaced by signing with it, and by one of its own class.",
        "by_own_passkey": "A device key is unlocked by its holder's own passkey.",
        "key_revoked": "The key {key} was revoked; what it signed is kept apart and proves nothing; an alarm in it is heard.",
        "forked_log": "The log's key signed another history; it is kept apart as evidence, and work with guns is stopped.",
        "frozen_words": "Everything is held as evidence since entry {since}: no words are erased until that stop is lifted.",
        "legal_hold": "The hold on {scope} of entry {hold} is open.",
        "not_entitled": "The signer is neither officer nor employer.",
        "no_such_hold": "There is no open hold {hold}.",
        "another_person": "The signer has signed his part already.",
        "second_person": "One has signed; a second person has to.",
        # Conditions of the profiles.
        "paper_missing": "No paper {paper} is recorded about {of}.",
        "paper_older_than_change": "The paper {paper} about {of} is older than its last change.",
        "paper_not_signed_by_handler": "No handler signed the paper {paper} about {of}.",
        "credential_missing": "No credential {credential} of {who} is recorded by somebody else.",
        "credential_past": "The credential {credential} of {who} ended on {until}.",
        "training_past": "The training of {who} on {gun} was good until {until}.",
        "not_trained": "No training of {who} on {gun} is recorded by a handler.",
        "met_before_today": "The meeting for {scene} was held before the day opened.",
        "not_briefed_anew": "No meeting was held for {scene} since the stop or misfire of entry {entry}.",
        "announcer_not_seen": "{who} has not seen the gun since it was prepared.",
        "too_few_handlers": "Guns out: {guns}; handlers on exclusive duty: {handlers}, each for {most} at most.",
        "call_not_made_here": "The call {call} is not made here (only {calls}).",
        "kind_not_told": "The lot {lot} does not say what its rounds are.",
        "live_lot": "The lot {lot} is live (paper that would allow it: {paper}).",
        "live_beside_others": "In {container} live rounds come to lie beside others ({kinds}).",
        "gun_brought_in": "{gun} came in from {origin} by hand.",
        "capability_not_here": "{gun} is of class {capability}, which is not used here.",
        "kind_not_here": "The lot {lot} is of kind {kind}, which is not used here.",
        "given_without_plan": "{gun} was handed to {to}, and no plan names both.",
        "held_by_another_role": "{gun} was taken up by somebody who is neither handler nor its planned performer.",
        "given_by_another_role": "{gun} was handed out by somebody who is no handler.",
        "collected_by_another_role": "{gun} was taken back by somebody who is no handler.",
        "performer_gave_on": "{gun} was handed on by the performer to {to}, who is no handler.",
        "duty_begun_with_gun": "Duty {duty} began with {gun} still in hand.",
        "duty_ended_with_gun": "Duty {duty} ended with {gun} still in hand.",
        "no_handler_there": "{gun} is in the hand of somebody who is no handler, and no handler is entered there.",
        "left_with_gun": "Somebody went away with {gun} in hand.",
        "gun_not_back": "The day is closed and {gun} is still in somebody's hand.",
        "loaded_by_another_role": "{gun} was loaded by somebody who is no handler.",
        "bore_not_seen": "{gun} was loaded before the position {position} was answered.",
        "locked_not_empty": "{gun} went under lock with {chambers} chambers not answered as empty.",
        "worked_on_by_another_role": "{gun} was {mishap} by somebody who is no handler.",
        "nobody_named": "Nobody is named for {matter}.",
        "no_advisor_on_duty": "No safety advisor is on exclusive duty (paper: {paper}).",
        "met_elsewhere": "The meeting for {scene} was not led from {place}.",
        "gun_not_locked": "The day is closed and {gun} is not under lock.",
        "not_counted_at_close": "The day is closed and {container} was not counted by two since it was last touched.",
        "rounds_left": "{container} was left at {place} with rounds in it and nobody's hand on it.",
        "caller_has_roles": "The caller is entered in more roles than one ({roles}).",
        "caller_not_named": "The caller is not the one named for {matter}.",
        "concern_unanswered": "The concern {concern} (entry {entry}) was raised before today and has no answer.",
        "training_doubt_open": "The handler's doubt about training ({concern}, entry {entry}) was not answered by a handler.",
        "gun_not_required": "{gun} is out, is not in this plan, and is not under lock.",
        "load_too_strong_here": "Called is the load {load}; in a public place it is {allowed}.",
        "maker_not_told": "The lot {lot} does not say from whom it was bought, or was made out of other rounds.",
        "registered_by_another_role": "{gun} was registered by somebody who is no handler.",
        "handed_without_call": "{gun} was handed to {to} while no call stood on it.",
        "fired_unannounced": "{gun} was fired while no announced call for blanks stood on it.",
        "device_saw_another_history": "The device has seen a checkpoint of size {size} that is not of this log.",
    }
)
"""By the "what" of a finding: what was found. V codes are worded in REASONS."""

NEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "k1": "The first AD signs a plan that names scene, place, gun, call, performer and line; then call again.",
        "k1-scan": "Scan the tag of the gun in hand, or read its serial from the metal, and call again; in doubt of the tag a handler reads both first.",
        "k2": "A handler on one exclusive duty, entered at the place, makes the call.",
        "k3": "Armorer calls, first AD or safety advisor answers second, the planned performer is shown it and acknowledges.",
        "k4": "Armorer and one second person each answer every position and the bore; each round is tested by both outside the gun.",
        "k5": "Armorer, first AD and employer each sign what it was and lift it.",
        "k6": "The armorer takes the gun in hand and all positions are answered again.",
        "k7": "Armorer and first AD open the day; two people count each container that is out, neither shown the other's number.",
        "k8": "The first AD holds the meeting where it will be done; everyone named signs it, or later answers the set-up card.",
        "k9": "The armorer shows every position to the receiver, who answers each; then the show is closed.",
        "k10": "Armorer, first AD and performer each sign the same call within two minutes.",
        "duty": "Each owner signs for his duty, or the employer lists the duties anew.",
        "terms": "Each of them reads and signs the words.",
        "duty_list": "The employer lists who owns which duty today, and each owner signs for his.",
        "words": "The employer adopts the words, and everyone who has a part in a call signs them.",
        "need": "First AD or employer decides and signs why, with what else was considered.",
        "ratio": "Another handler goes on exclusive duty, or a performer gives a gun back; then call again.",
        "reach": "It goes under lock or is sealed, or somebody else takes it away from here; then call again.",
        "answer": "The employer answers it, or sees to it that who it concerns does, in words that are kept.",
        "blanks": "Look for every round: two people count tray, magazines and cases; what is not found is entered as lost.",
        "i5": "Keep it apart; the supplier says what it is.",
        "i6": "Every round of it is tested again by two.",
        "sign": "Handlers, first AD, safety advisor or employer sign it, a supplier the papers of what he supplies; the employer names who answers for what.",
        "basis": "Each of these stays flagged until a round is proven by two again, or the gun is answered anew.",
        "direct": "The gun's keeper gives the direction, or first AD and keeper sign a new set-up card.",
        "run": "Each position is shown again to first AD and performer, dummies are turned around by two; or two people answer it all, and it is called anew.",
        "lift": "Armorer, first AD and employer each sign one part.",
        "keys": "Two officers confirm a key, each for himself; its holder or an officer revokes it.",
        "h1": "Two of officers, employer and police lift the hold; then an officer or the employer asks again.",
        "i1": "Keep it apart; it can be proven only with a supplier's signed half.",
        "i2": "The supplier states how the lot can be told: two tests, one of them strong.",
        "i3": "Show every position.",
        "i4": "Armorer, first AD and performer each sign a call that names what is in the gun.",
        # By the refusal key of a profile's rule.
        "paper": "Who stands by the paper records it; then call again.",
        "paper_of_the_gun": "The paper of this gun is recorded by who stands by it; then call again.",
        "paper_by_handler": "The armorer signs the paper too; then call again.",
        "credential": "Somebody else who has seen it records it with its last day, or another handler calls.",
        "course": "Each of them does the course; somebody else records it with its last day.",
        "training": "A handler trains the receiver on this gun and signs it.",
        "meeting_today": "The first AD holds the meeting today; everyone named signs that he was there.",
        "brief_anew": "The first AD holds the meeting again; everyone named signs that he was there.",
        "announcer": "The armorer shows every position to who announces, who answers each.",
        "handlers": "Another handler goes on exclusive duty, or guns go under lock.",
        "calls": "Plan the scene with one of the calls that are made here.",
        "kind": "The supplier says what the rounds are; until then they stay apart.",
        "live": "The rounds go back, or the paper that allows them is recorded first.",
        "live_apart": "Live rounds lie by themselves, in a container and a place of their own.",
        "own_gun": "The gun goes back, or it comes from a supplier with its papers.",
        "capability": "Use one that cannot hold a cartridge.",
        "kind_here": "The rounds go back to the supplier.",
        "plan_names_both": "The first AD signs a plan that names the gun and who is to have it.",
        "hand": "A handler takes the gun in hand and all positions are answered again.",
        "gun_locked_first": "The gun goes under lock, or to another handler, before duties change.",
        "handler_there": "A handler stays where the gun is, or takes it back.",
        "back": "A handler takes the gun back and locks it.",
        "load": "A handler takes the rounds out, and all positions are answered again.",
        "bore": "The bore is answered first, by two; then each round goes in.",
        "empty": "A handler takes each round out and answers every position; then the gun is locked.",
        "work": "A handler looks at the gun, or it goes back to the supplier.",
        "name": "The employer names somebody and says so to the crew.",
        "advisor": "The safety advisor goes on duty with no other duty beside it.",
        "at_place": "The meeting is held where it will be done.",
        "lock": "Every gun goes under lock; then the day is closed.",
        "count_close": "Two people count it, neither shown the other's number; then the day is closed.",
        "attend": "Somebody keeps a hand on it, or it goes under lock.",
        "one_role": "Somebody entered in one role only calls, or the other roles are given up.",
        "named_caller": "The one who is named for it calls, or the employer names the caller.",
        "concern": "Whoever it concerns answers it, in words that are kept.",
        "doubt": "The armorer sees to the training, then answers the concern.",
        "idle": "What is not needed now goes under lock.",
        "weaker_load": "Load the weaker blanks, tested and answered anew.",
        "maker": "The supplier says who made them; until then they stay apart.",
        "register": "A handler looks at it and registers it.",
        "call_first": "The armorer takes it back; show, call, then hand over.",
        # By what was found, where the rule's own words would send people the wrong way; see CURES.
        "evidence": "The police release it by a signed act; until then another gun is planned.",
        "apart": "A handler lets it back in once what it was set apart for is cleared up; until then another gun is planned.",
        "came_back": "A handler has it in hand again; then he and a second person each read its serial from the metal and sign the inspection.",
        "inspect": "A handler and a second person each read its serial from the metal and sign the inspection.",
        "looked_over": "A handler inspects or tests it and signs that; then two people answer all positions again.",
        "rename": "A handler gives one of the two another label and another spoken name.",
        "barrels": "A handler registers it with each of its barrels; he and a second person inspect it and answer each position.",
        "other_magazine": "It is taken out; another one goes in, answered or counted by two people.",
        "emptied": "What is in it is taken out; a handler and a second person note a test of what it can hold.",
        "other_rounds": "Rounds of another lot are loaded, each tested by two people outside the gun.",
        "lot_again": "Its supplier and a handler register the lot as it is; until then rounds of another lot are loaded.",
        "tested_together": "Every round that lay there is tested again by two people outside the gun, or other rounds are loaded.",
        "examine": "Other rounds are loaded; police, the safety advisor, or a handler and a second person together examine what was named.",
        "count_magazine": "Two people count it, neither shown the other's number, or answer its places one by one; or it is taken out.",
        "put_away": "Who has it in hand sets it apart, locks it away, or it is taken as evidence.",
        "enter_find": "Who takes the round out enters the find; or who said that it is there takes that back.",
        "keeper": "The entry is kept and nothing is lost. The hub's keeper has the software mended; until then no gun is called.",
        "open_day": "Armorer and first AD open the day, each for himself.",
        "new_day": "Armorer and first AD close the day and open the next one; what is out is counted, answered and called anew.",
        "lot_found": "Two people count all that holds rounds of the lot, neither shown the other's number; what is not found is entered as lost.",
        "count_it": "Two people count it, neither shown the other's number; or it goes under lock.",
        "assess": "First AD, a handler, safety advisor or employer assesses it again and signs.",
        "who_asked": "Who asked is shown every position, and answers.",
        "v01": "All positions are answered again by two people; then show and call again.",
        "v02": "A handler takes the gun in hand, and all positions are answered again by two people.",
        "v03": "Who has it and who gave it each sign; then all positions are answered again by two people.",
        "v04": "A handler takes it up, and all positions are answered again by two people.",
        "v05": "Where it is now, it is shown again; then call again.",
        "v06": "The next day or after the break: open, count, answer all positions by two people, call again.",
        "v07": "If it was out of the armorer's hand, two people answer every position again; show it, then all three sign the call again.",
        "v08": "The armorer shows every position to the second person again; then call again.",
        "v09": "After a shot all positions are answered again by two people; after one nobody intended, three lift the stop first.",
        "v10": "A handler looks at the gun, and all positions are answered again by two people; in doubt it goes back.",
        "v11": "Nobody opens anything more; three sign what it was; each round of every lot it lay with is tested again by two people.",
        "v12": "Two people count again, neither shown the other's number; each round is tested again by both.",
        "v13": "A handler takes the rounds in hand; each is tested again by two people before it is used.",
        "v14": "One duty is closed, or another handler takes over.",
        "v15": "Both answer the position again, each for himself; who disputes an entry says what he saw.",
        "v16": "Who asked is shown every position; a stop is lifted by three.",
        "v17": "A changed scene: meeting and assessment again. A new card: first AD and a handler sign it. Then show and call again.",
        "v18": "The gun that was called is brought, or this one is planned, answered by two people and called.",
        "v19": "Rounds of the lot are taken out and locked apart; the gun is answered again by two people.",
        "v20": "What is missing is sent or explained; then all positions are answered again by two people.",
        "v21": "Who is new in the line answers the set-up card, or was at the meeting; then call again.",
        "v22": "The handler is entered where the gun is, with no more guns out than he may have; then call again.",
        "v23": "Lift the stop first.",
        "v24": "The handler comes back and takes the gun; all positions are answered again by two people.",
        "v25": "Leave it as it lies until the release is signed.",
    }
)

WHO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "armorer": "armorer",
        "first_ad": "first AD",
        "supplier": "supplier",
        "employer": "employer",
        "police": "police",
        "officer": "officer of the production",
        "safety_advisor": "safety advisor",
        "property_master": "property master",
        "receiver": "whoever takes the gun",
        "handler": "armorer, property master or assistant property master",
        "release_roles": "armorer, first AD and employer, each for himself",
    }
)
"""By the `who` of a rule: whose act cures it, as roles."""

CURES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "evidence": ("evidence", "police"),
        "set_apart": ("apart", "handler"),
        "left_production": ("came_back", "handler"),
        "registered_otherwise": ("inspect", "handler"),
        "in_maintenance": ("looked_over", "handler"),
        "named_alike": ("rename", "handler"),
        "no_bore": ("barrels", "handler"),
        "magazine_set_apart": ("other_magazine", "handler"),
        "said_to_hold_a_round": ("emptied", "handler"),
        "lot_recalled": ("other_rounds", "handler"),
        "lot_closed": ("other_rounds", "handler"),
        "rounds_set_apart": ("other_rounds", "handler"),
        "lot_registered_otherwise": ("lot_again", "supplier"),
        "under_recall": ("tested_together", "handler"),
        "rounds_named_live": ("examine", "handler"),
        "magazine_not_counted": ("count_magazine", "handler"),
        "magazine_came_back": ("count_magazine", "handler"),
        "live_round_left": ("put_away", "handler"),
        "live_look_open": ("enter_find", "handler"),
        "concern_open": ("concern", "first_ad"),
        "not_placed": ("keeper", "officer"),
        "day_not_open": ("open_day", "first_ad"),
        "day_opened_by_one": ("open_day", "first_ad"),
        "day_too_long": ("new_day", "first_ad"),
        "lot_off": ("lot_found", "handler"),
        "not_counted": ("count_it", "handler"),
        "in_other_hands_since_counted": ("count_it", "handler"),
        "left_since_counted": ("count_it", "handler"),
        "not_assessed": ("assess", "first_ad"),
        "asked_and_waiting": ("who_asked", "handler"),
    }
)
"""By the "what" of a finding: what cures it and whose act that is, where the rule's own need and role are another's."""

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "NOT_PROVEN": "not answered by two",
        "NOT_CALLED": "answered by two; no call stands",
        "STOP": "a stop is open",
        "K": "call refused",
        "V01": "opened or changed since",
        "V02": "handled outside the chain",
        "V03": "hand-over one-sided",
        "V04": "put down unattended",
        "V05": "taken elsewhere",
        "V06": "day or break ended it",
        "V07": "time ran out",
        "V08": "second lost sight",
        "V09": "shot or hammer fall",
        "V10": "dropped, jammed or worked on",
        "V11": "live or unknown round found",
        "V12": "a count is off",
        "V13": "ammunition left or unlocked",
        "V14": "another duty",
        "V15": "an answer differs or is disputed",
        "V16": "somebody said stop or asked to see",
        "V17": "the scene changed",
        "V18": "another gun than the one called",
        "V19": "its lot was recalled",
        "V20": "the record has trouble",
        "V21": "somebody not briefed in the line",
        "V22": "handler elsewhere",
        "V23": "done while a stop is open",
        "V24": "armorer went away",
        "V25": "held as evidence",
    }
)

REFUSALS: Final = frozenset(NEEDS) | frozenset(code.lower() for code in REASONS)
"""The refusal keys a rulebook may name."""

GAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_receipt": "no receipt signed by both sides begins its record",
        "steps_do_not_join": "the one step ends elsewhere than the next begins",
        "not_told_apart": "it lay beside others, and no mark or cell says which of them was taken",
        "only_reported": "what lies between is reported, not recorded",
        "proven_before": "two people's tests had proven another round here",
    }
)

SECURE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "it_was_in": "it was in this",
        "exchanged_rounds": "exchanged rounds with that since",
        "lies_where_it_was": "beside where it was",
        "same_lot": "its lot",
        "holds_the_same_lot": "holds rounds of its lot",
    }
)

HYPOTHESES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "as_received": "it came as it was received from the supplier",
        "mixed_with_other_stock": "it came out of mixed, split or repacked stock",
        "reused_or_reloaded": "it came out of re-used or reloaded stock",
        "common_ancestor": "it came out of an older batch that several lots go back to",
        "worn_container": "it came in a belt or pocket that is worn",
        "brought_in_from_outside": "it was brought in from outside",
        "wrong_inspection": "an inspection was partial or answered wrongly",
        "wrong_record": "an entry is wrong",
        "unrecorded_entry": "it came in at a moment that nobody recorded",
    }
)

DECIDING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "as_received": "a test of each round at arrival, the lot's history, a photo of each cell",
        "mixed_with_other_stock": "the supplier's lot entries: returned, cleaned, repacked, with counts",
        "reused_or_reloaded": "the lot's parents, back to the maker",
        "common_ancestor": "the parents of lots in other companies' records, and a laboratory's comparison",
        "worn_container": "a count of each loop and pocket at arrival and after each use",
        "brought_in_from_outside": "who could reach it and when, unattended times, seals, footage",
        "unrecorded_entry": "nothing can exclude it; unbroken coverage and counts make it narrower",
        "wrong_inspection": "two people's answers for each position, each round tested, photos",
        "wrong_record": "the other half of the hand-over or receipt, the paper or footage beside the entry",
    }
)
"""For each kind of story, the record that would decide it."""

NO_FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mostly_reported": "no figure: most of what is here was reported, without the times and counts a figure needs",
        "place_not_recorded": "no figure: nothing is recorded of what the round was found in",
        "place_in_a_circle": "no figure: by its entries, what the round was found in lies in itself, so who could reach it is not known",
        "nothing_recorded": "no figure: nothing is recorded before the find",
        "recording_off": "no figure: no entry before the find says that recording was on, so what nobody entered may have happened all the same",
        "no_way_in_recorded": "no figure: the record holds no receipt and no known hands by which it can have come in",
    }
)
"""Why an answer has no likelihoods; it never says one in their place."""

HELD_ELSEWHERE: Final = (0.86, 0.93)
"""How often a 90 % set held the true window in productions that do not follow the model: with holes in the record, and
with everything written down (`bench/results/blind.json`; docs/origin.md)."""


def set_held(tongue: Tongue) -> str:
    """What is said beside every set of windows."""
    return tongue.say(
        "if the assumptions hold; in invented productions that do not follow them, such sets held the true window in"
        " {with_holes} % of cases, and in {all_written} % where every move was written down",
        with_holes=f"{100 * HELD_ELSEWHERE[0]:.0f}",
        all_written=f"{100 * HELD_ELSEWHERE[1]:.0f}",
    )


SET_HELD: Final = set_held(ENGLISH)

LOT_NEVER_CAME: Final = "No entry says that anything of this lot came: what it may have touched is not known, and the empty rings do not say it."

NEXT_TESTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "footage_of_a_day": "look through the footage of the day",
        "rest_of_a_box": "take apart the rest of what came with it",
        "books_of_live_stock": "reconcile the live stock around that opening",
        "accounts_of_all_with_access": "hear everyone who had access that day, alike",
    }
)

REACH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "held": "had it",
        "held_what_it_was_in": "had what it was in",
        "said_to_hold": "is said to have had it",
        "handled": "signed an act about it",
        "told_of": "is said to have handled it",
        "was_present": "was entered at the place",
    }
)
MOMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "handled": "signed acts, first and last",
        "told_of": "is said to have handled it, first and last",
    }
)
"""Ways to reach a thing that are moments: two of them with a time between are no time in which somebody had it."""


def reach_words(how: str, *, from_entry: int, to_entry: int) -> str:
    """How somebody could reach a thing; of moments, whether there was one or more."""
    return MOMENTS[how] if how in MOMENTS and from_entry != to_entry else REACH[how]


def found_of(finding: Finding, *, label: Callable[[str], str]) -> str:
    """What was found, as one sentence; `label` turns ids into labels."""
    values = {name: label(value) for name, value in finding.found}
    what = dict(finding.found).get("what", "")
    if what in FOUND:
        return filled(FOUND[what], values)
    code = finding.rule if finding.rule in REASONS else what.upper()
    gun = f"{values['gun']}: " if "gun" in values else ""
    return f"{gun}{REASONS.get(code, what.replace('_', ' '))}."


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with what is known; a parameter that did not come stays visible as "?"."""
    return template.format_map(_Known(values))


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def needs_of(refusal: str) -> str:
    """What cures a rule that is not met, by its refusal key or id, as one sentence; "" where nothing more can be said."""
    return NEEDS.get(refusal.lower(), "")


def cure_of(rule: Rule, finding: Finding) -> tuple[str, str]:
    """What cures a finding, as a key of NEEDS, and whose act that is, as a key of WHO: the finding's own, or its rule's."""
    if finding.found == (("what", "part_missing"), ("part", "acknowledged")):
        return rule.refusal, "receiver"
    return CURES.get(dict(finding.found).get("what", ""), (rule.refusal, rule.who))


def taught(rule: Rule, finding: Finding, *, file: str, draft: str, found: str) -> str:
    """A finding that teaches: what was found, what is needed, who can do it, and which rule of ours says so."""
    cure, who = cure_of(rule, finding)
    needed = needs_of(cure) or "All positions are answered again by two people."
    words = "; ".join(word for word in (f"{rule.source}", f"grade {rule.grade}", draft) if word)
    return f"{rule.id}: {found} Needed: {needed} Who can: {WHO[who]}. Our rule {rule.id} of {file} ({words})."


def sentence_of(finding: Finding, *, label: Callable[[str], str]) -> str:
    """Found and needed, in that order."""
    cure, _ = CURES.get(dict(finding.found).get("what", ""), (finding.rule, ""))
    needed = needs_of(cure)
    return f"{found_of(finding, label=label)} {needed}".rstrip()


def reason_of(code: str) -> str:
    """A card's reason in a few words."""
    return REASONS.get(code, code.lower().replace("_", " "))


ACCOUNTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "found": "{who} found {item} in {thing}{cell}: {kind}",
        "tested_out": "{who} tested {items}: {kind}",
        "examined": "{who} examined {item}: {kind}",
        "evidence": "{who} took {item} as evidence",
        "disposed": "{who} disposed of {count} from {thing} ({how})",
        "handed_over": "{who} handed {item} to {to}",
        "taken": "{who} took {item} from {giver}",
        "told": "{who} told {to} of {item}: {meaning}",
        "called": "{who} called {item} {call}{verdict}",
        "announced": "{who} announced {item} {call}{verdict}",
        "acknowledged": "{who} acknowledged {item} {call}{verdict}",
        "cleared": "{who} answered {answers} positions of {item}: {holds}",
        "answered": "{who} answered {answers} positions of {item}: {holds}",
        "seen": "{who} saw {answers} positions of {item}: {holds}",
        "showed": "{who} showed {item} to {to}: {shown} of {of} chambers",
        "duty_opened": "{who} took duty as {duty}{exclusive}",
        "duty_closed": "{who} went off duty as {duty}",
        "in_line": "{who} stood in the line of {item}",
        "planned_line": "{who} planned {scene}; in the line: {people}",
        "hit": "a shot of {item} hit {people}",
        "rested_on": "{who}, {what} {items}{verdict}: rested on {bases}, which entry {false_by} puts in doubt",
        "learned": "{who} learned of {fact}{source}",
        "concern_raised": "{who} raised a concern ({concern})",
        "concern_answered": "{who} answered the concern ({concern})",
        "discharged": "{item} fired without intent, shots: {shots}",
        "stopped": "{who} stopped the set ({reason})",
        "stop_lifted": "{who} signed to lift stop {stop}{verdict}",
    }
)
"""One account as a sentence without its full stop; `who` is the doer, "somebody" where a source does not say."""

STANDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "recorded": "recorded",
        "disputed": "disputed: the accounts differ",
        "not_recorded": "not recorded",
        "outside": "outside any record",
    }
)

NO_RECORD_HOLDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "trigger": "Whether a finger was on a trigger is for an examination of the gun; the record holds the shot.",
        "feelings": "What anybody feels is not recorded and not asked.",
        "law": "Who answers before the law is for a court; the record names acts and gaps, and no culprit.",
    }
)

_AFTER: Final[Mapping[str, str]] = MappingProxyType({"verdict": " ({})", "source": " from {}", "cell": ", cell {}"})
"""Values that print with a word of their own, and vanish when they are empty."""


def account_text(gist: str, values: Mapping[str, str], *, who: str) -> str:
    """One account in words; values must be labels already. An admitted verdict is not worth a word."""
    shown = {name: _AFTER[name].format(value) if name in _AFTER and value else value for name, value in values.items()}
    if values.get("verdict") == "admitted":
        shown["verdict"] = ""
    shown["exclusive"] = " (exclusive)" if values.get("exclusive") == "true" else ""
    return filled(ACCOUNTS[gist], {"who": who or "somebody", "verdict": "", "source": "", "cell": "", **shown})
