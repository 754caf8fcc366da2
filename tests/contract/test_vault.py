"""What `core.ports` promises of a vault, and what AES-GCM promises beyond."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import Vault
from storage.vault import AesGcmVault, Key, VaultError, new_key, parse_keys
from tests.fakes import PlainVault

names = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30)


def an_aes_vault(*ids: str) -> AesGcmVault:
    return AesGcmVault(parse_keys(",".join(new_key(each) for each in ids or ("first",))))


every_vault = pytest.mark.parametrize("vault", [PlainVault(), an_aes_vault()], ids=["plain", "aes"])


@every_vault
class TestVault:
    @given(clear=names, account=names, purpose=names)
    def test_opens_what_it_sealed(self, vault: Vault, clear: str, account: str, purpose: str) -> None:
        sealed = vault.seal(clear, account=account, purpose=purpose)
        assert vault.open(sealed, account=account, purpose=purpose) == clear

    @given(account=names, purpose=names, other=st.tuples(names, names))
    def test_opens_nothing_for_another_account_or_purpose(
        self, vault: Vault, account: str, purpose: str, other: tuple[str, str]
    ) -> None:
        sealed = vault.seal("token", account=account, purpose=purpose)
        if other != (account, purpose):
            with pytest.raises(VaultError):
                vault.open(sealed, account=other[0], purpose=other[1])

    def test_tells_apart_names_that_read_the_same_together(self, vault: Vault) -> None:
        sealed = vault.seal("token", account="ab", purpose="c")
        with pytest.raises(VaultError):
            vault.open(sealed, account="a", purpose="bc")

    def test_says_which_key_sealed(self, vault: Vault) -> None:
        assert vault.key_of(vault.seal("token", account="a", purpose="b")) in {"plain", "first"}


class TestAesGcm:
    @given(clear=st.text(min_size=8, max_size=200))
    def test_shows_nothing_and_never_the_same(self, clear: str) -> None:
        vault = an_aes_vault()
        one, two = (vault.seal(clear, account="a", purpose="b") for _ in range(2))
        assert clear.encode() not in one
        assert one != two

    @given(data=st.data())
    def test_notices_any_changed_or_missing_byte(self, data: st.DataObject) -> None:
        vault = an_aes_vault("first", "other")
        sealed = vault.seal("token", account="a", purpose="b")
        place = data.draw(st.integers(0, len(sealed) - 1))
        flipped = data.draw(st.integers(1, 255))
        for damaged in (
            sealed[:place] + bytes([sealed[place] ^ flipped]) + sealed[place + 1 :],
            sealed[:place],
            sealed[:place] + sealed[place + 1 :],
        ):
            with pytest.raises(VaultError):
                vault.open(damaged, account="a", purpose="b")

    @given(rubbish=st.binary(max_size=80))
    def test_refuses_rubbish_with_its_own_error(self, rubbish: bytes) -> None:
        with pytest.raises(VaultError):
            an_aes_vault().open(rubbish, account="a", purpose="b")

    def test_does_not_open_with_another_key_of_the_same_name(self) -> None:
        sealed = an_aes_vault().seal("token", account="a", purpose="b")
        with pytest.raises(VaultError):
            an_aes_vault().open(sealed, account="a", purpose="b")

    def test_does_not_take_a_keys_name_for_another_though_the_key_is_the_same(self) -> None:
        material = new_key().partition(":")[2]
        keys = parse_keys(f"one:{material},two:{material}")
        sealed = AesGcmVault(keys).seal("token", account="a", purpose="b")
        renamed = sealed[:1] + b"two" + sealed[4:]
        with pytest.raises(VaultError):
            AesGcmVault(keys).open(renamed, account="a", purpose="b")

    def test_seals_with_the_first_key_and_opens_with_all(self) -> None:
        old, new = new_key("old"), new_key("new")
        sealed = AesGcmVault(parse_keys(old)).seal("token", account="a", purpose="b")
        both = AesGcmVault(parse_keys(f"{new},{old}"))
        assert both.open(sealed, account="a", purpose="b") == "token"
        assert both.key_of(both.seal("token", account="a", purpose="b")) == "new"

    def test_shows_no_key_in_repr_or_errors(self) -> None:
        written = new_key("first")
        key = parse_keys(written)[0]
        assert "material" not in repr(key)
        for wrong in (written[:-4], f"{written},{written}", f"first:{'?' * 44}", written.replace(":", "")):
            with pytest.raises(VaultError) as error:
                parse_keys(wrong)
            assert written.partition(":")[2][:10] not in str(error.value)
            assert error.value.__cause__ is None


class TestKeys:
    def test_are_read_with_space_around_them(self) -> None:
        one, two = new_key("1"), new_key("2")
        assert [key.id for key in parse_keys(f" {one} , {two},")] == ["1", "2"]

    def test_are_new_each_time(self) -> None:
        assert new_key() != new_key()
        assert len(parse_keys(new_key())) == 1

    @pytest.mark.parametrize("text", ["", " , ", "nokey", ":" + "A" * 44, "k:AAAA", "k:not base64"])
    def test_that_cannot_be_read_are_refused(self, text: str) -> None:
        with pytest.raises(VaultError):
            parse_keys(text)

    def test_are_32_bytes_under_a_short_ascii_name(self) -> None:
        for id_, size in (("", 32), ("x" * 65, 32), ("schlüssel", 32), ("k", 16)):
            with pytest.raises(VaultError):
                Key(id_, bytes(size))
        assert parse_keys("k:" + base64.b64encode(bytes(32)).decode())[0].id == "k"
