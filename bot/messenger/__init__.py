"""Keeps the Messenger port: facts become messages where people see them."""

from bot.messenger.messenger import SlackMessenger as SlackMessenger
