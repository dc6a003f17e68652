"""Red flags that need medical care today."""

from bot.redflags.rule import Half, Rule, in_terms

_TODAY = "Get medical care today: an urgent care clinic, your doctor today, or an emergency unit."
_ARTICLES = "the articles on runner's knee"

URGENT: tuple[Rule, ...] = (
    Rule(
        id="severe_swelling",
        level="urgent",
        looks_for="A hugely or very quickly swollen knee or leg",
        patterns=(
            *in_terms("severe_swelling"),
            "? <swollen> + <huge> ! <airway>",
            "? <size_of> ! <airway>",
            "? <swollen> & <fast> ! <airway>",
            "? <limb> ~~ massive|huge|enormous|giant|ginormous|humongous|gigantic ! "
            "bruise|scar|graze|difference|relief|improvement|week|mistake|pump|gains",
        ),
        source=_ARTICLES,
        now=_TODAY,
        avoid="Do not exercise, massage or heat the knee. Rest it and keep it raised.",
        yes=("my knee is the size of a grapefruit",),
        no=("slight swelling after my 10k",),
        half=Half(
            patterns=(
                "<knee> & swollen|swelling|swelled|puffed|puffy & "
                "<injury_hard>|suddenly|overnight|sudden",
            ),
            question="Is the knee very swollen, or did it swell within a few hours?",
        ),
    ),
    Rule(
        id="hot_or_red",
        level="urgent",
        looks_for="A hot or red knee",
        patterns=(
            *in_terms("hot_or_red"),
            "? <knee> & <hot> ! <passing_why>",
            "? <knee> & <red> ! <passing_why>",
            "? <hot> ~~ <red> ! <passing_why>",
            "? <red> ~~ <hot> ! <passing_why>",
            "? <hot> ~~ touch|touching",
            "? it|its|hers|his|mine|one|side|this|there|that ~~ <hot_strict> &&& <knee> ! "
            "<passing_why>|<fever_other>",
            "? it|its|hers|his|mine|one|side|joint|patch ~~ <red_strict> &&& <knee> ! "
            "<passing_why>",
            "? <knee> ~~ <hot_strict>|<red_strict> ! <passing_why>",
            "<hot_strict> ~~ other|right|left|rest|touch ! <passing_why>|<fever_other>",
            "? <swollen> ~~ <hot> ! <passing_why>",
            "? <swollen> ~~ <red> ! <passing_why>",
            "? <hot>|<red> ~~ <swollen> ! <passing_why>",
        ),
        source=_ARTICLES + "; BestBETs 1135",
        now=_TODAY + " A hot or red knee can mean an infected joint, even without a fever.",
        avoid="Do not exercise, massage or heat the knee.",
        yes=("no fever but the knee is hot and red",),
        no=("hot weather makes my knee sleeve slip", "the knee is neither hot nor red, i checked"),
        half=Half(
            patterns=(
                "my|his|her|the ~ <knee> ~ is|looks|feels|seems ~ inflamed",
                "<knee> ~ looks|feels ~ angry|infected|irritated",
            ),
            question="Is the knee hot or red compared with the other one?",
        ),
    ),
    Rule(
        id="fever",
        level="urgent",
        looks_for="Fever, chills or a high temperature with a knee or leg problem",
        patterns=(
            *in_terms("fever"),
            "? <fever> &&& <knee_trouble> ! <fever_other>",
            "? <fever> &&& <limp>|<swollen>|<surgery>|<wound> ! <fever_other>",
        ),
        source=_ARTICLES,
        now=_TODAY,
        avoid="Do not exercise, and do not put it down to flu while a joint hurts.",
        yes=("38.7 and my knee is killing me", "knee pain and chills since lunch"),
        no=("no swelling, no fever", "race fever, when can i sign up"),
        half=Half(
            patterns=(
                "<fever> & have|had|has|got|ive|hes|shes|running|since|im ! "
                "<fever_other>|<passing_why>|flu|cold|covid",
            ),
            question="Is the knee or the leg painful, swollen, hot or red as well?",
        ),
    ),
    Rule(
        id="calf_clot",
        level="urgent",
        looks_for="A swollen, warm, red or tender calf that suggests a clot",
        patterns=(
            *in_terms("calf_clot"),
            "? <calf> & <swollen> ! <both>",
            "? <calf> & <hot> ! <both>",
            "? <calf> & <red> ! <both>",
            "? <calf> & hurt|sore|tender|ache|pain|cramp|tight|hard|throb && <clot_risk>",
            "? <calf> & hard|rope & tender|sore|warm",
            "? <leg> & <swollen> && <clot_risk>",
            "? sock|sockline|tights|wellie|boot ~~ line|groove|dent|trench|ring|off & "
            "one|left|right|calf ! sleeve|both",
            "? <calf> & 2cm|bigger|tight|hard|heavy|thick ~ one|only|side|warm|sore ! <both>",
        ),
        source="NHS, Deep vein thrombosis; NICE NG158",
        now=_TODAY + " If you become breathless or your chest hurts, call an ambulance.",
        avoid="Do not massage, roll or stretch the calf.",
        yes=("calf swollen and tender after a long flight",),
        no=("both calves sore after the first run in ages",),
        half=Half(
            patterns=(
                "left|right|one|my ~ =calf ~~ hurt|hurts|sore|tender|painful|aches|pain ! "
                "<both>|<exertion>|<calf_known>",
                "sore|tender|painful|pain|ache ~ in|on ~ left|right|one|my =calf ! "
                "<both>|<exertion>|<calf_known>",
            ),
            question="Is that calf swollen, warm, red, or sore when you press it?",
        ),
    ),
    Rule(
        id="infection",
        level="urgent",
        looks_for="Pus, spreading redness, or fever after surgery, an injection or a wound",
        patterns=(
            *in_terms("infection"),
            "? <pus> && <wound>",
            "? <pus> ~~ <wound_strict>|<knee> ! <pus_other>",
            "? <wound>|<injection>|stitches|jab|injection|surgery|op|scope|knee ~~~ <pus> ! "
            "<pus_other>",
            "? <wound_strict> ~~~ <red>|<hot> ! <passing_why>",
            "? <fever> &&& <wound_strict>",
            "? =pus",
            "? <red_spread>",
            "? <fever> &&& <surgery>",
            "? <fever> &&& <injection>",
            "<surgery> && <hot> & <red>",
        ),
        source="NHS, Sepsis; NHS, Knee arthroscopy",
        now=_TODAY,
        avoid="Do not squeeze it, and do not wait for the next appointment.",
        yes=("yellow pus is oozing from the keyhole scar",),
        no=("scar from my op last year looks perfect, no pus",),
    ),
    Rule(
        id="child_limp",
        level="urgent",
        looks_for="A child who limps with a fever, or will not stand on the leg",
        patterns=(
            "? <young> &&& <child_gait> &&& <fever>",
            "? <child> &&& <child_gait> &&& <fever>",
            "? <child> && <child_gait> && <child_hot> ! <fever_other>",
            "? <young> && <refuse_stand>",
            "? <child> && <refuse_hard>",
        ),
        source="NICE CKS, Acute childhood limp",
        now=_TODAY,
        avoid="Do not make the child walk.",
        yes=("our 4 year old limps and her temperature is 39.1",),
        no=("my son has no temperature and isnt limping",),
        half=Half(
            patterns=("<young> & <limp>",),
            question="Does the child have a fever, or refuse to stand on the leg?",
        ),
    ),
    Rule(
        id="nerve",
        level="urgent",
        looks_for="New weakness or numbness of the leg, or a foot that drops",
        patterns=(
            *in_terms("nerve"),
            "? <foot_drop> ! <numb_other>",
            "? <foot> & <numb> ! <numb_other>",
            "? <leg> ~~ <numb> ! <numb_other>",
            "<numb> ~~ <leg> & <sudden> ! <numb_other>",
            "? <shin> & <numb>",
            "? <calf> & <numb>",
            "<leg> & <lost_strength> & <sudden> ! <tired>",
            "? <foot> + <lost_strength> ! <tired>",
            "? <leg> & <lost_strength> & since|week|gone|stopped ! <tired>",
            "? <knee> ~~ down & <numb> ! <numb_other>",
            "from ~ knee down & <numb>",
        ),
        source="NHS, Slipped disc; NICE NG59",
        now=_TODAY,
        avoid="Do not run or drive, and loosen anything tight around the knee.",
        yes=("cant lift my toes, my foot keeps flopping down",),
        no=("legs went shaky after the last squat set, gone in a minute",),
    ),
    Rule(
        id="systemic",
        level="urgent",
        looks_for="Knee pain with unexplained weight loss, night sweats, cancer or a lump",
        patterns=(
            *in_terms("systemic"),
            "? <weight_loss> && <unexplained>",
            "? <night_sweat> ! <sweat_why>",
            "? <cancer> && <hurt>|gyp|gip|jip|gnawing|throbbing",
            "? <lump> ~~ on|behind|above|near|below|in|beside|under ~~ <bone>|knee|thigh|shin & "
            "<lump_bad> ! <airway>",
            "? <lump> & <lump_bad> ! <airway>",
        ),
        source="NHS Greater Glasgow & Clyde, MSK; NICE NG12",
        now=_TODAY + " Tell them about all of it, not only the knee.",
        avoid="Do not train on, and do not massage a lump.",
        yes=("i have lost 9 kilos without trying and the knee aches",),
        no=("lost 8kg on purpose with my diet and my knee feels great",),
        immune=("past",),
    ),
)
