"""The names that travel through Slack and come back: actions, callbacks, blocks, and the values of buttons.

An id says only which task it belongs to. What the task is about travels as a typed value, written as JSON
with a version, and is read back whole or refused: whatever Slack hands us may be old, foreign or forged.
"""

from bot.ids.codec import BUTTON_VALUE as BUTTON_VALUE
from bot.ids.codec import OPTION_VALUE as OPTION_VALUE
from bot.ids.codec import PRIVATE_METADATA as PRIVATE_METADATA
from bot.ids.codec import Unreadable as Unreadable
from bot.ids.codec import read as read
from bot.ids.codec import write as write
from bot.ids.metadata import ALERT as ALERT
from bot.ids.metadata import METADATA_POSTED as METADATA_POSTED
from bot.ids.metadata import alert_metadata as alert_metadata
from bot.ids.metadata import read_alert as read_alert
from bot.ids.names import Action as Action
from bot.ids.names import AlertField as AlertField
from bot.ids.names import AwayField as AwayField
from bot.ids.names import Callback as Callback
from bot.ids.names import Field as Field
from bot.ids.names import More as More
from bot.ids.names import PostField as PostField
from bot.ids.names import PostMore as PostMore
from bot.ids.names import PostState as PostState
from bot.ids.names import PreflightField as PreflightField
from bot.ids.names import Shortcut as Shortcut
from bot.ids.values import AnswerMeta as AnswerMeta
from bot.ids.values import AnywayValue as AnywayValue
from bot.ids.values import AwayValue as AwayValue
from bot.ids.values import ChannelValue as ChannelValue
from bot.ids.values import ClientValue as ClientValue
from bot.ids.values import ComposeMeta as ComposeMeta
from bot.ids.values import ConnectionValue as ConnectionValue
from bot.ids.values import CutMeta as CutMeta
from bot.ids.values import DeliveryValue as DeliveryValue
from bot.ids.values import IncidentValue as IncidentValue
from bot.ids.values import InvitationValue as InvitationValue
from bot.ids.values import JobValue as JobValue
from bot.ids.values import LinkValue as LinkValue
from bot.ids.values import MoreValue as MoreValue
from bot.ids.values import PageValue as PageValue
from bot.ids.values import PickedMeta as PickedMeta
from bot.ids.values import PostMoreValue as PostMoreValue
from bot.ids.values import PostsValue as PostsValue
from bot.ids.values import PostValue as PostValue
from bot.ids.values import PreflightMeta as PreflightMeta
from bot.ids.values import PreflightValue as PreflightValue
from bot.ids.values import ReasonMeta as ReasonMeta
from bot.ids.values import SetupMeta as SetupMeta
from bot.ids.values import SnoozeValue as SnoozeValue
from bot.ids.values import UnlinkValue as UnlinkValue
from bot.ids.values import Value as Value
