"""Explanations of the risk-of-bias tool: its domains, judgements and figures."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("riskofbias",)
_TOOL = mark("Higgins et al., BMJ 2011;343:d5928; Cochrane Handbook 5.1, chapter 8")

TOPICS = (
    Topic(
        "tool.rob1",
        mark("RoB 1, the Cochrane tool of 2011"),
        _PAGE,
        mark("Asks of a randomised trial, domain by domain, whether its methods could have shifted its results. It "
             "judges risk of bias, not the quality of the report and not whether bias occurred."),
        copse=mark("Seven domains, each Low, Unclear or High, with the support you write. It is judged once per "
                   "study; blinding and attrition may be judged for groups of outcomes where a review tells them "
                   "apart. The wording of the guide is Copse’s own."),
        source=_TOOL,
        related=("level.rob1.low", "overall", "support"),
        words=mark("risk of bias tool domains"),
    ),
    Topic(
        "tool",
        mark("A tool of your own"),
        ("riskofbias", "protocol"),
        mark("What risk of bias is judged by where it is none of the published tools as they are: the items of an "
             "imported review, or those of a tool that the team has written down."),
        copse=mark("An imported review brings its items with their groups of outcomes; those it shares with RoB 1 keep "
                   "Copse’s guide. The lead can add a tool from a file in Protocol, and choose another there. "
                   "Judgements stay with the tool they were given by."),
        care=mark("Say in the report which tool it is and where it differs from the published one."),
        related=("tool.rob1", "outcome_group", "settlement"),
        words=mark("custom items RevMan own tool file TOML"),
    ),
    Topic(
        "level.rob1.low",
        mark("Low risk"),
        _PAGE,
        mark("What the trial did makes bias in this domain unlikely, and what bias there may be would hardly change "
             "the results."),
        copse=mark("Key +. The guide lists what speaks for it in each domain."),
        source=_TOOL,
        related=("level.rob1.unclear", "level.rob1.high"),
    ),
    Topic(
        "level.rob1.unclear",
        mark("Unclear risk"),
        _PAGE,
        mark("The report tells too little to judge, or it is told but remains uncertain whether it matters. It is "
             "not a middle between Low and High."),
        copse=mark("Key ?, the sign of the level. On this page explanations come with Shift+F1."),
        care=mark("Ask the authors or look at the register before leaving many domains Unclear."),
        source=_TOOL,
        related=("level.rob1.low", "level.rob1.high"),
    ),
    Topic(
        "level.rob1.high",
        mark("High risk"),
        _PAGE,
        mark("What the trial did, or left undone, could well have changed the results in this domain."),
        copse=mark("Key −. The guide lists what speaks for it in each domain; one sentence that fits is enough."),
        source=_TOOL,
        related=("level.rob1.low", "level.rob1.unclear", "overall"),
    ),
    Topic(
        "domain.rob1.sequence",
        mark("Random sequence generation"),
        _PAGE,
        mark("Was it chance that decided who got which treatment? Coins, tables and computers are chance; birthdays, "
             "record numbers and taking turns are not. Protects against selection bias."),
        copse=mark("“Randomised” without saying how is Unclear."),
        source=_TOOL,
        related=("domain.rob1.concealment", "tool.rob1"),
        words=mark("selection bias randomisation"),
    ),
    Topic(
        "domain.rob1.concealment",
        mark("Allocation concealment"),
        _PAGE,
        mark("Could whoever enrolled people know the next allocation? A good sequence is of no use when it can be "
             "seen. It differs from blinding: it ends when a person is allocated, and is always possible."),
        copse=mark("Envelopes are Low only when numbered, opaque and sealed; with one safeguard known to be missing "
                   "they are High, with one not mentioned Unclear."),
        source=_TOOL,
        related=("domain.rob1.sequence", "domain.rob1.blinding_participants"),
        words=mark("selection bias envelopes"),
    ),
    Topic(
        "domain.rob1.blinding_participants",
        mark("Blinding of participants and personnel"),
        _PAGE,
        mark("Did those treated and those treating know the treatment, and could that change care or behaviour? "
             "Protects against performance bias."),
        copse=mark("May be judged for groups of outcomes: death is hardly swayed by knowing, reported pain is. Without "
                   "blinding, Low is right where knowing could hardly matter."),
        care=mark("Side effects can give a treatment away although it was blinded."),
        source=_TOOL,
        related=("domain.rob1.blinding_assessment", "outcome_group"),
        words=mark("performance bias"),
    ),
    Topic(
        "domain.rob1.blinding_assessment",
        mark("Blinding of outcome assessment"),
        _PAGE,
        mark("Did whoever measured the outcome know the treatment, and could that change what was measured? Protects "
             "against detection bias."),
        copse=mark("May be judged for groups of outcomes. For what people report about themselves, the participant "
                   "is the assessor."),
        source=_TOOL,
        related=("domain.rob1.blinding_participants", "outcome_group"),
        words=mark("detection bias"),
    ),
    Topic(
        "domain.rob1.attrition",
        mark("Incomplete outcome data"),
        _PAGE,
        mark("How many results are missing in each group, why, and is it enough to matter? What counts is whether "
             "missing has to do with the outcome, not a fixed percentage. Protects against attrition bias."),
        copse=mark("May be judged for groups of outcomes."),
        care=mark("Equal numbers are no comfort when the reasons differ between the groups."),
        source=_TOOL,
        related=("statistic.total", "outcome_group"),
        words=mark("attrition bias dropout missing"),
    ),
    Topic(
        "domain.rob1.reporting",
        mark("Selective reporting"),
        _PAGE,
        mark("Was what was planned also reported, as it was planned? Compare the protocol or the registration with "
             "the report."),
        copse=mark("Without a protocol and without certainty it is Unclear, which is the usual case."),
        care=mark("A result left out because of what it showed also bends the pooled result: it is missing there."),
        source=_TOOL,
        related=("registration", "tool.rob1"),
        words=mark("reporting bias protocol"),
    ),
    Topic(
        "domain.rob1.other",
        mark("Other bias"),
        _PAGE,
        mark("Anything else in this trial that could bias its results, such as carry-over in a crossover trial, "
             "enrolment after clusters were randomised, or signs of fraud."),
        care=mark("Not for imprecision, small samples, funding as such or poor reporting: these are judged elsewhere."),
        source=_TOOL,
        related=("design", "tool.rob1"),
    ),
    Topic(
        "outcome_group",
        mark("Groups of outcomes"),
        _PAGE,
        mark("Some domains can be at low risk for one outcome and at high risk for another, such as objective and "
             "patient-reported ones."),
        copse=mark("Where the judgements tell groups apart, a domain has a column for each; a domain that does not "
                   "depend on the outcome has one. In a tool of your own each domain may have groups of its own."),
        source=_TOOL,
        related=("domain.rob1.blinding_participants", "domain.rob1.attrition"),
    ),
    Topic(
        "support",
        mark("Support for the judgement"),
        _PAGE,
        mark("What in the report made you judge so, best as a quotation with its page, and your reason. A judgement "
             "without it cannot be checked."),
        copse=mark("Your text is kept beside your judgement. When equal judgements are settled, the different texts "
                   "are joined."),
        source=_TOOL,
        related=("tool.rob1", "settlement"),
        words=mark("quote comment"),
    ),
    Topic(
        "overall",
        mark("Overall judgement"),
        _PAGE,
        mark("RoB 1 has no formal overall judgement. Where one is wanted, a study is as bad as its worst key domain: "
             "any High is High, else any Unclear is Unclear, else Low."),
        copse=mark("Copse draws no overall column for RoB 1, as the tool says."),
        care=mark("Never add up domains to a score: it hides which bias there is."),
        source=mark("Cochrane Handbook 5.1, section 8.7"),
        related=("tool.rob1", "summary_bars"),
        words=mark("summary worst"),
    ),
    Topic(
        "traffic_light",
        mark("Traffic-light table"),
        _PAGE,
        mark("A row for each study, a column for each domain, a disc for each judgement. Sign and colour say the "
             "same: + low, ? unclear, − high. A dashed ring is not judged yet."),
        copse=mark("Assess shows your own judgements, Consensus the settled ones. The export takes the tab in front; "
                   "studies not assessed with this tool are left out."),
        source=mark("PRISMA 2020, item 18"),
        related=("summary_bars", "tool.rob1"),
        words=mark("figure discs robvis"),
    ),
    Topic(
        "summary_bars",
        mark("Summary bars"),
        _PAGE,
        mark("For each domain, how many studies got which judgement."),
        copse=mark("Every study counts the same, whatever its size. Assess counts your own judgements, Consensus the "
                   "settled ones."),
        care=mark("A large trial at high risk can rule a pooled result although the bar looks green."),
        source=mark("Cochrane Handbook 5.1, section 8.7"),
        related=("traffic_light", "weight"),
    ),
    Topic(
        "not_assessed",
        mark("Not assessed with this tool"),
        _PAGE,
        mark("A study for which the tool is not made, such as one without randomisation."),
        copse=mark("It leaves the table, the bars and what is left to do, until you say Assess this study. It stays "
                   "in extraction and analysis."),
        related=("tool.rob1", "design"),
    ),
)  # fmt: skip
