"""The rooms of core, in their stack, and the services: one line each. A new service is one line here."""

CORE = (
    "unionhome.core.home",
    "unionhome.core.figures",
    "unionhome.core.cases",
    "unionhome.core.records",
    "unionhome.core.decisions",
    "unionhome.core.publicity",
    "unionhome.core.ledger",
    "unionhome.core.notices",
    "unionhome.core.members",
    "unionhome.core.organizations",
    "unionhome.core.papers",
    "unionhome.core.workflow",
    "unionhome.core.files",
    "unionhome.core.jobs",
    "unionhome.core.periods",
    "unionhome.core.policy",
    "unionhome.core.access",
    "unionhome.core.journal",
    "unionhome.core.tree",
)

SERVICES = ("unionhome.services.helpdesk", "unionhome.services.hazards", "unionhome.services.deeds")
