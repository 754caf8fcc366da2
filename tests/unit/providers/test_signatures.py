"""What the platforms send us is verified before anybody reads it, and repeats are recognised."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.account import Platform
from core.domain.secret import Secret
from core.domain.webhook import NoticeKind
from core.providers.instagram.webhooks import read_signed_request, subscription_challenge
from core.providers.instagram.webhooks import read_webhook as read_instagram
from core.providers.signatures import BadSignature
from core.providers.tiktok.webhooks import read_webhook as read_tiktok
from tests.builders import NOW
from tests.unit.providers.scripted import INSTAGRAM_APP, TIKTOK_APP

SECOND = int(NOW.timestamp())
REMOVED = {
    "client_key": "key-of-ours",
    "event": "authorization.removed",
    "create_time": SECOND - 30,
    "user_openid": "-000_bakery",
    "content": json.dumps({"reason": 1}),
}

PAYLOAD = {"algorithm": "HMAC-SHA256", "user_id": "9000000000000001", "issued_at": SECOND - 5}
BATCH = {
    "object": "instagram",
    "entry": [
        {"id": "17841400000000001", "time": SECOND - 9, "changes": [{"field": "comments", "value": {}}]},
        {"id": 17841400000000002, "time": SECOND - 3, "field": "messages", "value": {}},
    ],
}


def mac(secret, message):
    return hmac.new(secret.encode(), message, hashlib.sha256)


def raised(read, *given, **more):
    with pytest.raises(BadSignature) as caught:
        read(*given, **more)
    return caught.value.code


ANY_TEXT = st.text(st.characters())
"""Half a surrogate pair included: that is how a web server hands on bytes which are no text."""


@given(ANY_TEXT, st.binary())
def test_whatever_strangers_send_is_refused_as_unsigned(text, raw):
    kind = NoticeKind.GRANT_REMOVED
    challenge = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": text}
    for header in (text, f"t={text},s={text}", f"t=1,s={text:0<64}"):
        assert raised(read_tiktok, {"TikTok-Signature": header}, raw, app=TIKTOK_APP, now=NOW)
    for header in (text, f"sha256={text}"):
        assert raised(read_instagram, {"X-Hub-Signature-256": header}, raw, app=INSTAGRAM_APP, now=NOW)
    for request in (text, f"AAAA.{text}"):
        assert raised(read_signed_request, request, kind=kind, app=INSTAGRAM_APP, now=NOW)
    assert raised(subscription_challenge, challenge, app=INSTAGRAM_APP)


@pytest.mark.parametrize("unset", [None, Secret("")])
def test_where_no_secret_is_set_nobody_signs_with_none(unset):
    raw, none = json.dumps(BATCH).encode(), Secret("")
    instagram = replace(INSTAGRAM_APP, app_secret=none, meta_secret=unset, verify_token=unset)
    tiktok = replace(TIKTOK_APP, client_secret=none)
    hub = {"X-Hub-Signature-256": f"sha256={mac('', raw).hexdigest()}"}
    own = {"TikTok-Signature": f"t={SECOND},s={mac('', f'{SECOND}.'.encode() + raw).hexdigest()}"}
    challenge = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}
    assert raised(read_instagram, hub, raw, app=instagram, now=NOW) == "mismatch"
    assert raised(read_tiktok, own, raw, app=tiktok, now=NOW) == "mismatch"
    assert raised(subscription_challenge, challenge, app=instagram) == "mismatch"


class TestTikTok:
    def read(self, body, *, at=SECOND, secret="tiktok-app-secret", now=NOW, header="TikTok-Signature"):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = f"t={at},s={mac(secret, f'{at}.'.encode() + raw).hexdigest()}"
        return read_tiktok({header: signature}, raw, app=TIKTOK_APP, now=now)

    def refusal(self, *given, **more):
        return raised(self.read, *given, **more)

    def test_a_removal_names_account_reason_and_time(self):
        notice = self.read(REMOVED)
        assert (notice.platform, notice.kind) == (Platform.TIKTOK, NoticeKind.GRANT_REMOVED)
        assert (notice.account_ids, notice.details) == ({"-000_bakery"}, {"reason": "user_disconnected"})
        assert notice.at == NOW.replace(microsecond=0) - timedelta(seconds=30)
        assert (notice.received_at, notice.code) == (NOW, "authorization.removed")

    @pytest.mark.parametrize(("reason", "word"), [(0, "unknown"), (5, "developer_revoked"), (99, "unknown")])
    def test_reasons_have_words(self, reason, word):
        content = json.dumps({"reason": reason})
        assert self.read(REMOVED | {"content": content}).details == {"reason": word}

    def test_a_redelivery_is_the_same_notice_under_any_signature_time(self):
        later = NOW + timedelta(hours=71)
        again = self.read(REMOVED, at=SECOND + 71 * 3600, now=later)
        assert again.id == self.read(REMOVED).id
        assert self.read(REMOVED, now=later).id == again.id

    def test_another_removal_is_another_notice(self):
        assert self.read(REMOVED | {"create_time": SECOND - 10}).id != self.read(REMOVED).id

    @pytest.mark.parametrize("header", ["Tiktok-Signature", "tiktok-signature"])
    def test_the_header_is_found_in_any_case(self, header):
        assert self.read(REMOVED, header=header)

    def test_other_events_keep_their_content(self):
        content = {"publish_id": "v_pub_file~v2-1.7", "post_id": 2**60, "publish_type": "DIRECT_PUBLISH"}
        event = REMOVED | {"event": "post.publish.complete", "content": json.dumps(content)}
        notice = self.read(event)
        assert notice.kind is NoticeKind.OTHER
        assert notice.details["post_id"] == str(2**60)

    @pytest.mark.parametrize("content", ["", "no json", "[1]", "{}"])
    def test_content_that_says_nothing_leaves_the_event(self, content):
        assert self.read(REMOVED | {"content": content}).details == {"reason": "unknown"}

    def test_a_token_in_place_of_an_id_is_not_kept(self):
        notice = self.read(REMOVED | {"user_openid": "act.secret"})
        assert notice.account_ids == frozenset()
        assert "act.secret" not in repr(notice)

    @pytest.mark.parametrize("create_time", [SECOND + 9_999, 10**30])
    def test_nothing_happens_in_the_future(self, create_time):
        assert self.read(REMOVED | {"create_time": create_time}).at == NOW

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"not json", b"\xff"])
    def test_a_signed_body_of_another_shape_is_none_of_ours(self, body):
        assert self.read(body) is None

    def test_a_foreign_secret_is_refused(self):
        assert self.refusal(REMOVED, secret="guess") == "mismatch"

    def test_another_app_is_refused(self):
        assert self.refusal(REMOVED | {"client_key": "somebody-else"}) == "other_app"

    def test_the_future_is_refused_and_so_is_what_is_too_old(self):
        assert self.refusal(REMOVED, at=SECOND + 120) == "from_the_future"
        assert self.refusal(REMOVED, at=SECOND - 73 * 3600) == "too_old"

    @pytest.mark.parametrize(
        "header",
        ["x", "t=1", "s=00", "t=now,s=" + "0" * 64, "t=²,s=" + "0" * 64, "t=1,s=zz" + "0" * 62, "t=1,s=00"],
    )
    def test_a_malformed_header_is_refused(self, header):
        assert (
            raised(read_tiktok, {"TikTok-Signature": header}, b"{}", app=TIKTOK_APP, now=NOW) == "malformed"
        )

    @pytest.mark.parametrize("headers", [{}, {"TikTok-Signature": ""}])
    def test_no_signature_is_refused(self, headers):
        assert raised(read_tiktok, headers, b"{}", app=TIKTOK_APP, now=NOW) == "missing"

    def test_a_changed_body_is_refused(self):
        raw = json.dumps(REMOVED).encode()
        header = {
            "TikTok-Signature": f"t={SECOND},s={mac('tiktok-app-secret', f'{SECOND}.'.encode() + raw).hexdigest()}"
        }
        assert raised(read_tiktok, header, raw + b" ", app=TIKTOK_APP, now=NOW) == "mismatch"


class TestSignedRequest:
    def sign(self, payload, secret="instagram-app-secret", *, padded=False):
        def encoded(raw):
            text = base64.urlsafe_b64encode(raw).decode()
            return text if padded else text.rstrip("=")

        body = encoded(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        return f"{encoded(mac(secret, body.encode()).digest())}.{body}"

    def read(self, payload=None, *, kind=NoticeKind.GRANT_REMOVED, now=NOW, **how):
        request = self.sign(PAYLOAD if payload is None else payload, **how)
        return read_signed_request(request, kind=kind, app=INSTAGRAM_APP, now=now)

    def test_a_deauthorization_names_the_account_and_its_time(self):
        notice = self.read()
        assert (notice.kind, notice.account_ids) == (NoticeKind.GRANT_REMOVED, {"9000000000000001"})
        assert notice.at == NOW.replace(microsecond=0) - timedelta(seconds=5)
        assert notice.reference == ""

    @pytest.mark.parametrize("secret", ["instagram-app-secret", "meta-app-secret"])
    def test_either_secret_signs(self, secret):
        assert self.read(secret=secret).id == self.read().id

    def test_padding_is_tolerated(self):
        assert self.read(padded=True).account_ids == {"9000000000000001"}

    def test_a_number_for_an_id_is_kept_as_text(self):
        assert self.read(PAYLOAD | {"user_id": 2**60}).account_ids == {str(2**60)}

    def test_a_deletion_has_a_code_of_letters_and_digits_that_a_repeat_shares(self):
        notice, again = (self.read(kind=NoticeKind.DELETION_ASKED) for _ in range(2))
        assert notice.reference.isalnum()
        assert (notice.id, notice.reference) == (again.id, again.reference)

    def test_a_deletion_is_not_a_deauthorization(self):
        assert self.read(kind=NoticeKind.DELETION_ASKED).id != self.read().id

    @pytest.mark.parametrize("issued_at", [10**30, SECOND + 9_999, 0])
    def test_nothing_happens_in_the_future(self, issued_at):
        assert self.read(PAYLOAD | {"issued_at": issued_at}).at == NOW

    def test_without_a_time_a_day_tells_two_removals_apart(self):
        payload = {"algorithm": "HMAC-SHA256", "user_id": "1"}
        notice = self.read(payload)
        assert notice.at == NOW
        assert self.read(payload, now=NOW + timedelta(hours=1)).id == notice.id
        assert self.read(payload, now=NOW + timedelta(days=30)).id != notice.id

    def test_a_foreign_secret_is_refused(self):
        assert raised(self.read, secret="guess") == "mismatch"

    def test_another_algorithm_is_refused(self):
        assert raised(self.read, PAYLOAD | {"algorithm": "none"}) == "algorithm"

    @pytest.mark.parametrize("payload", [b"{}", b"not json", b'{"algorithm": "HMAC-SHA256"}'])
    def test_a_signed_payload_of_another_shape_is_refused(self, payload):
        assert raised(self.read, payload) == "malformed"

    @pytest.mark.parametrize(
        ("request_", "code"),
        [
            ("", "malformed"),
            (".", "malformed"),
            ("ä.ö", "malformed"),
            ("A.e30", "malformed"),
            ("AAAA", "mismatch"),
        ],
    )
    def test_nonsense_is_refused(self, request_, code):
        given = {"kind": NoticeKind.GRANT_REMOVED, "app": INSTAGRAM_APP, "now": NOW}
        assert raised(read_signed_request, request_, **given) == code


class TestInstagramWebhook:
    def read(self, body, secret="instagram-app-secret", header="X-Hub-Signature-256"):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return read_instagram(
            {header: f"sha256={mac(secret, raw).hexdigest()}"}, raw, app=INSTAGRAM_APP, now=NOW
        )

    def test_a_batch_names_its_accounts_and_fields(self):
        notice = self.read(BATCH)
        assert notice.account_ids == {"17841400000000001", "17841400000000002"}
        assert (notice.kind, notice.details) == (NoticeKind.OTHER, {"fields": "comments,messages"})
        assert notice.at == NOW.replace(microsecond=0) - timedelta(seconds=3)

    def test_a_redelivery_is_the_same_notice_however_it_is_written(self):
        spaced = json.dumps(BATCH, indent=2, sort_keys=True).encode()
        assert self.read(spaced, "meta-app-secret", "x-hub-signature-256").id == self.read(BATCH).id

    @pytest.mark.parametrize("body", [b"", b"[]", {"object": "page", "entry": []}, {"object": "instagram"}])
    def test_a_signed_body_about_something_else_is_none_of_ours(self, body):
        assert self.read(body) is None

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({}, "missing"),
            ({"X-Hub-Signature-256": "sha1=00"}, "malformed"),
            ({"X-Hub-Signature-256": "sha256=xx"}, "malformed"),
            ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, "mismatch"),
        ],
    )
    def test_a_bad_signature_is_refused(self, headers, code):
        assert raised(read_instagram, headers, b"{}", app=INSTAGRAM_APP, now=NOW) == code

    def test_the_handshake_echoes_the_challenge(self):
        query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify-token"}
        assert subscription_challenge(query, app=INSTAGRAM_APP) == "1158201444"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"hub.verify_token": "guess"}, "mismatch"),
            ({"hub.verify_token": ""}, "mismatch"),
            ({"hub.mode": "unsubscribe"}, "malformed"),
            ({"hub.challenge": ""}, "malformed"),
        ],
    )
    def test_a_handshake_of_a_stranger_is_refused(self, change, code):
        query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "verify-token"} | change
        assert raised(subscription_challenge, query, app=INSTAGRAM_APP) == code
