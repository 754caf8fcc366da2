"""Whether a creator may post this, now: TikTok's caps, the audit's limits, the creator's own settings."""

from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.errors import Refused
from sandbox.tiktok.gate import Gate
from sandbox.tiktok.jobs import Job, Jobs
from sandbox.tiktok.order import Order
from sandbox.tiktok.state import State

UNAUDITED_CREATORS = 5
PENDING_DRAFTS = 5
PRIVATE = "SELF_ONLY"


class Admission:
    def __init__(self, state: State, gate: Gate, jobs: Jobs) -> None:
        self._state = state
        self._gate = gate
        self._jobs = jobs

    def may_post(self, account: TikTokAccount) -> None:
        """What creator_info and every direct init ask. Raises Refused."""
        self._may_share(account)
        cap = self._state.switches.number("posts_a_day")
        if account.posting == "too_many_posts" or len(self._posts(account)) >= cap:
            raise Refused("spam_risk_too_many_posts", "The daily post cap of the user is reached.")
        self._check_creators(account)

    def may_order(self, account: TikTokAccount, order: Order) -> None:
        """Raises Refused for what the init endpoints refuse (DP, UP, PH)."""
        if order.direct:
            self.may_post(account)
            self._check_privacy(account, order)
        else:
            self._may_share(account)
            self._check_inbox(account, order)
            if self._state.switches.on("drafts_count_as_active"):
                self._check_creators(account)
        for url in order.urls:
            if not self._state.registration.owns(url):
                raise Refused("url_ownership_unverified", "Please verify the ownership of the URL first.")

    def _may_share(self, account: TikTokAccount) -> None:
        if account.posting == "banned" or account.condition in {"restricted", "checkpoint"}:
            raise Refused("spam_risk_user_banned_from_posting", "The user is banned from making new posts.")

    def _check_privacy(self, account: TikTokAccount, order: Order) -> None:
        switches = self._state.switches
        if order.privacy not in self._gate.offered(account):
            raise Refused("privacy_level_option_mismatch", "The privacy level is not one of the creator's.")
        if not switches.on("audited") and not (order.privacy == PRIVATE and account.private):
            code = "unaudited_client_can_only_post_to_private_accounts"
            raise Refused(code, "Please review our integration guidelines at the content-sharing page.")
        branded = order.options.get("brand_content_toggle") is True and order.privacy == PRIVATE
        if branded and switches.text("branded_private") == "refused":
            raise Refused(switches.text("bad_param"), "Branded content can't be private.")

    def _check_inbox(self, account: TikTokAccount, order: Order) -> None:
        if order.kind == "photo" and account.old_app:
            raise Refused("app_version_check_failed", "The user's TikTok is older than 31.8.")
        pending = [job for job in self._of(account) if not job.order.direct and not job.is_over]
        if len(pending) >= PENDING_DRAFTS:
            raise Refused("spam_risk_too_many_pending_share", "There are 5 pending shares within 24 hours.")

    def _check_creators(self, account: TikTokAccount) -> None:
        audited, counts = (
            self._state.switches.on("audited"),
            self._state.switches.on("drafts_count_as_active"),
        )
        cap = self._state.switches.number("active_creators_a_day") if audited else UNAUDITED_CREATORS
        active = {job.account.birth for job in self._jobs.recent() if job.order.direct or counts}
        if len(active | {account.birth}) > cap:
            raise Refused("reached_active_user_cap", "The daily quota of active users is reached.")

    def _posts(self, account: TikTokAccount) -> list[Job]:
        return [job for job in self._of(account) if job.order.direct and job.status != "FAILED"]

    def _of(self, account: TikTokAccount) -> list[Job]:
        return [job for job in self._jobs.recent() if job.account is account]
