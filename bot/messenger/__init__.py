"""Keeps the Messenger port: facts become messages where people see them."""

from bot.messenger.messenger import Reads as Reads
from bot.messenger.messenger import SlackMessenger as SlackMessenger
from bot.messenger.outcomes import LinkDesk as LinkDesk
from bot.messenger.post import Post as Post
