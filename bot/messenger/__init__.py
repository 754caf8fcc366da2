"""Keeps the Messenger port: facts become messages where people see them."""

from bot.messenger.homes import Homes as Homes
from bot.messenger.messenger import SlackMessenger as SlackMessenger
