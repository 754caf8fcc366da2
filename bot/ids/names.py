"""What things are called on the way to Slack and back: actions, callbacks, shortcuts, and the fields of forms."""

from enum import StrEnum


class Action(StrEnum):
    """What a button or menu does; the value type it carries stands behind each."""

    LINK_OPEN_PAGE = (
        "link.open_page"  # InvitationValue: a URL button; its press says how its message is reached
    )
    LINK_START = "link.start"  # LinkValue: ask for a private link, first time
    LINK_RELINK = "link.relink"  # LinkValue: the same for a connection that had an account
    LINK_TRY_AGAIN = "link.try_again"  # LinkValue: after a failed attempt
    LINK_ADOPT = "link.adopt"  # InvitationValue: a manager takes the account that came instead
    LINK_DECLINE = "link.decline"  # InvitationValue: drop that account now
    STATUS_PAGE = "status.page"  # PageValue: the next page
    STATUS_BACK = "status.page_back"  # PageValue: the previous one
    STATUS_CHECK = "status.check"  # ConnectionValue: look at the platform now
    STATUS_DIAGNOSE = "status.diagnose"  # ConnectionValue
    STATUS_SHARE = "status.share"  # ClientValue: post this status in the channel
    STATUS_MORE = "status.more"  # overflow menu, its options carry MoreValue
    UNLINK_OPEN = "unlink.open"  # UnlinkValue: show what unlinking will do
    UNLINK_CONFIRM = "unlink.confirm"  # UnlinkValue: do it
    UNLINK_FINISH = "unlink.finish"  # ConnectionValue: the person removed the app; look again
    UNLINK_OPEN_PLATFORM = "unlink.open_platform"  # a URL button
    PROFILE_OPEN = "profile.open"  # a URL button
    SETUP_OPEN = "setup.open"  # ClientValue, or ChannelValue for a new client
    SETTINGS_OPEN = "settings.open"  # ClientValue
    ALERTS_OPEN = "alerts.open"  # ClientValue
    AWAY_OPEN = "away.open"  # ClientValue: have somebody decide in a manager's place
    AWAY_BACK = "away.back"  # AwayValue: the manager is there again
    HISTORY_OPEN = "history.open"  # ClientValue
    INCIDENT_ACKNOWLEDGE = "incident.acknowledge"  # IncidentValue
    INCIDENT_SNOOZE = "incident.snooze"  # a menu, its options carry SnoozeValue
    PREFLIGHT_FIX = "preflight.fix"  # PreflightValue: make the version that fits
    PREFLIGHT_ASK = "preflight.ask"  # PreflightValue: ask what a fix needs to know, or whose music it is
    PREFLIGHT_FINDINGS = "preflight.findings"  # PreflightValue: all findings, in a modal
    PREFLIGHT_PAGE = "preflight.page"  # PreflightValue: the next page of them
    PREFLIGHT_BACK = "preflight.page_back"  # PreflightValue: the previous one
    PREFLIGHT_SHARE = "preflight.share"  # PreflightValue: post the result in the channel
    PREFLIGHT_CANCEL = "preflight.cancel"  # JobValue: stop what is being made
    PREFLIGHT_DOWNLOAD = "preflight.download"  # a URL button
    PREFLIGHT_POST = "preflight.post"  # PreflightValue: take this file into a post
    POST_OPEN = "post.open"  # ClientValue, or nothing: compose, going on with a draft
    POST_NEW = "post.new"  # ComposeMeta: put the draft aside and begin another
    POST_GO_ON = "post.go_on"  # PostValue: open this draft
    POST_DELETE = "post.delete"  # PostValue: throw this draft away
    POST_CLIENT = "post.client"  # a menu, its options carry ClientValue: whose post it is
    POST_FILES = "post.files"  # ComposeMeta: let go of the files and choose others
    POST_BACK = "post.back"  # ComposeMeta: the step before
    POST_FIX = "post.fix"  # PostValue: make the version that fits
    POST_MORE = "post.more"  # overflow menu of a request, its options carry PostMoreValue
    POST_EDIT = "post.edit"  # PostValue: other content, to be approved anew
    POST_COPY = "post.copy"  # DeliveryValue: a new post of what one platform didn't take
    POST_SHOW = "post.show"  # PostValue: all about one post
    POST_PLAY = "post.play"  # a URL button
    POST_LINK = "post.link"  # a URL button
    POST_PAGE = "post.page"  # a URL button: the composer's own page
    APPROVE = "post.approve"  # PostValue
    APPROVE_ANYWAY = "post.approve_anyway"  # AnywayValue: although something changed meanwhile
    REQUEST_CHANGES = "post.request_changes"  # PostValue: asks for the reason
    REJECT = "post.reject"  # PostValue: asks for the reason
    DELIVERY_CANCEL = "delivery.cancel"  # DeliveryValue
    DELIVERY_SEND = "delivery.send"  # DeliveryValue: a missed one goes out now
    DELIVERY_DROP = "delivery.drop"  # DeliveryValue: a missed one stays in
    DELIVERY_AGAIN = "delivery.again"  # DeliveryValue: a refused one is tried again
    DELIVERY_THERE = "delivery.there"  # DeliveryValue: a person sees it at the platform
    DELIVERY_ABSENT = "delivery.absent"  # DeliveryValue: a person doesn't
    POSTS_PAGE = "posts.page"  # PostsValue: the next page
    POSTS_BACK = "posts.page_back"  # PostsValue: the previous one
    POSTS_CLIENT = "posts.client"  # a menu, its options carry PostsValue
    POSTS_STATE = "posts.state"  # a menu, its options carry PostsValue
    HOME_PAGE = "home.page"  # PageValue: the next page
    HOME_BACK = "home.page_back"  # PageValue: the previous one
    HOME_REFRESH = "home.refresh"  # PageValue


class More(StrEnum):
    """What a client's overflow menu offers."""

    DIAGNOSE = "diagnose"
    UNLINK = "unlink"
    HISTORY = "history"
    SETTINGS = "settings"


class PostMore(StrEnum):
    """What a request's overflow menu offers."""

    EDIT = "edit"
    WITHDRAW = "withdraw"
    DETAILS = "details"
    COPY = "copy"


class PostState(StrEnum):
    """By what a list of posts is narrowed: what a person would ask for."""

    DRAFTS = "drafts"
    WAITING = "waiting"
    GOING_OUT = "going_out"
    PUBLISHED = "published"
    NEEDS_SOMEBODY = "needs_somebody"
    OVER = "over"


class Callback(StrEnum):
    """Which modal was submitted."""

    SETUP = "setup.submit"
    ALERTS = "alerts.submit"
    AWAY = "away.submit"
    PREFLIGHT = "preflight.submit"
    PREFLIGHT_ASK = "preflight.answer"
    POST_MEDIA = "post.media"  # the three steps of composing
    POST_PLACES = "post.places"
    POST_CONFIRM = "post.confirm"
    POST_CUT = "post.cut"
    POST_REASON = "post.reason"
    POST_WITHDRAW = "post.withdraw"
    NOTHING = "notice"  # a modal that only tells something


class Shortcut(StrEnum):
    """What a message's menu offers; the names are the manifest's."""

    PREFLIGHT = "preflight_video"
    POST = "crosspost_video"


class Field(StrEnum):
    """The input blocks of the set-up modal: block id and action id alike. Most are named as in ClientForm."""

    NAME = "name"
    INTENT = "intent"
    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    MANAGERS = "managers"
    ONCALL = "oncall"
    ONCALL_GROUPS = "oncall_groups"
    NEEDED = "needed"
    SELF_APPROVAL = "self_approval"
    OUTSIDERS = "outsiders"
    REMIND_HOURS = "remind_hours"
    EXPIRE_HOURS = "expire_hours"
    TIME_ZONE = "time_zone"


class AlertField(StrEnum):
    """The input blocks of the modal about alerts, named as in AlertForm: block id and action id alike."""

    CHANNEL = "channel"
    DAYS = "days"
    PATIENCE = "patience"
    QUIET_FROM = "quiet_from"
    QUIET_TO = "quiet_to"
    DIGEST = "digest"
    HOUR = "hour"


class AwayField(StrEnum):
    """The input blocks of the modal about a manager's absence: block id and action id alike."""

    MANAGER = "manager"
    SUBSTITUTE = "substitute"
    UNTIL = "until"


class PreflightField(StrEnum):
    """The input blocks of the two modals of preflight: block id and action id alike."""

    FILE = "file"
    URL = "url"
    TARGETS = "targets"
    CLIENT = "client"
    CAPTION = "caption"
    START = "start"
    END = "end"
    MUSIC = "music"


class PostField(StrEnum):
    """The input blocks of composing: block id and action id alike. Most act as they are filled in: drafts are kept."""

    FILES = "post.field.files"
    URL = "post.field.url"
    CAPTION = "post.field.caption"
    TIKTOK = "post.field.tiktok"
    INSTAGRAM = "post.field.instagram"
    VARIANTS = "post.field.variants"
    TIKTOK_CAPTION = "post.field.tiktok_caption"
    TIKTOK_TITLE = "post.field.tiktok_title"
    INSTAGRAM_CAPTION = "post.field.instagram_caption"
    WHEN = "post.field.when"
    DAY = "post.field.day"
    TIME = "post.field.time"
    PRIVACY = "post.field.privacy"
    INTERACTIONS = "post.field.interactions"
    DISCLOSURE = "post.field.disclosure"
    AI = "post.field.ai"
    BRANDS = "post.field.brands"
    MUSIC = "post.field.music"
    CONSENT = "post.field.consent"
    BRANDED_CONSENT = "post.field.branded_consent"
    START = "post.field.start"
    END = "post.field.end"
    REASON = "post.field.reason"
