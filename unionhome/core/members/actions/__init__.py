"""Everything that changes the register or opens what it masks: one folder or file for each noun."""

# ruff: noqa: F403

from unionhome.core.members.actions.applications import *
from unionhome.core.members.actions.counts import *
from unionhome.core.members.actions.duplicates import *
from unionhome.core.members.actions.national import *
from unionhome.core.members.actions.privacy import *
from unionhome.core.members.actions.register import *
from unionhome.core.members.actions.rosters import *
from unionhome.core.members.actions.standing import *
from unionhome.core.members.actions.transfers import *
