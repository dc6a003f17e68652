"""Red flags of an injured knee that needs medical care today."""

from bot.redflags.rule import Half, Rule, in_terms

_TODAY = "Get medical care today: an urgent care clinic, your doctor today, or an emergency unit."
_ARTICLES = "the articles on runner's knee"

INJURY: tuple[Rule, ...] = (
    Rule(
        id="cannot_bear_weight",
        level="urgent",
        looks_for="Cannot put weight on the leg, or cannot take four steps after an injury",
        patterns=(
            *in_terms("cannot_bear_weight"),
            "? unable|cant|cannot|couldnt to? bear ~ weight ! weight of this|that|the",
            "? <unable> ~~ <bear_strict>",
            "<bear_strict> ~~ impossible|no go|unable|unbearable|not possible|no "
            "chance|not happening",
            "? <crawl> && <knee_trouble>",
            "? <crawl> && <injury>",
            "zero|no weight ~ on ~ leg|knee|it",
            "no go ~~ leg|foot|knee",
            "managed <n> steps|step",
            "hurts|hurt|painful|sore ~ too ~ to stand|put|bear ~ on|weight",
            "hurts too much to stand|bear|put",
            "? <try_stand> & <no_go> ! <mech_brief>",
            "<n> steps ~~ no chance|then floor|impossible|too much",
            "leg ~~ said no|wont take|gave up & stand|floor|foot|walk",
            "? no fit|able stand",
            "? <unable> ~~ walk|stand && <injury>",
            "<unable> ~ walk|stand ~~ today|since|this morning|suddenly|anymore|at all",
            "? <unable> ~ stand & leg|knee|fall|fell|injury ! coach|treadmill|music|boss",
            "? <n> steps & <unable>",
            "leg|knee ~~ <unable> ~~ hold|take|support",
        ),
        source=_ARTICLES + "; Ottawa knee rule",
        now=_TODAY,
        avoid="Do not try to walk it off. Keep the weight off the leg.",
        yes=("cant put any weight on it since this morning",),
        no=("i can put full weight on it no problem",),
    ),
    Rule(
        id="pop_then_swelling",
        level="urgent",
        looks_for="A pop, snap or crack followed at once by swelling",
        patterns=(
            *in_terms("pop_then_swelling"),
            "? <pop_event> &&& <swollen>",
            "? <pop_event> &&& <size_of>",
        ),
        source=_ARTICLES,
        now=_TODAY,
        avoid="Do not test it, twist it or run on it.",
        yes=("a pop in the knee, and it swelled up straight away",),
        no=("it pops when i squat, no swelling",),
        half=Half(
            patterns=(
                "=heard|=felt ~ a|loud|big|the? ~ pop|snap|crack & <knee>|hurt|hurts|sore|pain",
                "something ~ popped|snapped|tore|ripped & <knee>|hurt|hurts|sore|pain",
            ),
            question="Did the knee swell soon after that pop?",
            cleared="same_size",
            denied=1,
        ),
    ),
    Rule(
        id="locked_knee",
        level="urgent",
        looks_for="A knee stuck bent or straight, that cannot be moved",
        patterns=(
            *in_terms("locked_knee"),
            "? <knee> & <stuck> & <bent> ! <mech_brief>",
            "? <leg> & <stuck> & <bent> ! <mech_brief>",
            "<knee> & <stuck> & <wont_move> ! <mech_brief>",
            "? <stuck> & <wont_move> ! <mech_brief>",
            "? <knee> && <wont_move> ! <mech_brief>",
            "? <leg> & <wont_move> ! <mech_brief>",
            "? <knee> & <stuck> && <injury> ! <mech_brief>",
            "? <knee> & <stuck> & since|now|solid|still ! <mech_brief>",
            "? <stuck> & <bent> & since|now|still ! <mech_brief>",
        ),
        source="NHS Gloucestershire, Knee pathway; NHS, Knee pain",
        now=_TODAY,
        avoid="Do not force, pull or twist the knee.",
        yes=("my knee is stuck bent and i cannot straighten it",),
        no=("my knee locks for a second then frees itself",),
        half=Half(
            patterns=("<knee> ~ is|has|got|went|goes ~ stuck|locked ! <mech_brief>|<mech_other>",),
            question="Is the knee stuck now, so that you cannot straighten or bend it at all?",
            cleared="able",
        ),
    ),
    Rule(
        id="major_injury",
        level="urgent",
        looks_for="After a fall or blow: cannot bend, straighten or lift the leg, much bruising, "
        "or a likely fracture or tendon rupture",
        patterns=(
            *in_terms("major_injury"),
            "? <wont_move> && <injury>",
            "? <lift_leg>",
            "? <bruise_big> && <injury>",
            "? <bruise_big> & <knee>",
            "? <injury> && <agony>",
            "<knee> & <agony> & move|moving|twitch|movement|touch",
            "? <broken> & <bone> ! <heart_word>",
            "? <broken> & tendon|quad|patellar|ligament|acl & "
            "think|could|felt|maybe|something|just",
            "dent|gap ~~ above|below ~ <kneecap>",
            "right angle|90 & <unable>",
            "? barely bends|moves && <injury>",
            "? shot ~~ <kneecap>|knee|leg",
            "<limb> ~ is|are|looks|look ~ broken|fractured|snapped|shattered ! <heart_word>",
            "broke|broken|fractured|snapped ~ <limb> & <acute> ! <heart_word>",
            "broke|fractured|snapped both ~ <limb> ! <heart_word>",
        ),
        source="Ottawa knee rule; NHS Greater Glasgow & Clyde, MSK",
        now=_TODAY,
        avoid="Do not walk on it, and do not force it to bend.",
        yes=(
            "car bumper hit my knee yesterday, cant straighten it",
            "jumped off a wall and both ankles are broken",
        ),
        no=(
            "small bruise on my shin, everything moves fine",
            "broke my ankle in 2019",
            "i broke my knee brace today",
        ),
        half=Half(
            patterns=(
                "<injury_hard> && <knee> ~~ really|very|so|too|badly painful|sore|hurts|hurt",
                "did|think|have|could i|he|she ~ break|broken|broke|fracture|fractured ~~ "
                "<kneecap>|knee|leg|shin",
                "certain|sure|know|think|reckon|says|said ~~~ "
                "broken|fracture|fractured|snapped && <limb> ! <heart_word>",
                "broken|fractured|snapped something && <limb> ! <heart_word>",
            ),
            question="Are you unable to bend the knee to a right angle, or to take four steps?",
            cleared="able",
        ),
    ),
)
