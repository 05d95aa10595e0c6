"""C1: a sealed value opens in its own place, with its own key, unaltered, and nowhere else."""

import base64
import itertools
import logging
import secrets

import pytest
from cryptography.fernet import Fernet

from infra.settings import SettingsError
from infra.vault import KeyRing, Place, Secret, VaultError


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


RING = KeyRing(f"a:{new_key()}")


def opens(sealed: bytes, place: Place, ring: KeyRing = RING) -> bool:
    try:
        ring.unseal(sealed, place)
    except VaultError:
        return False
    return True


def test_what_is_sealed_opens_in_its_place() -> None:
    for text in ("clave", "", "ñ 🔑", "x" * 10_000):
        place = Place("accounts", "password_sealed", 7)
        assert RING.unseal(RING.seal(Secret(text), place), place).disclose() == text


def test_2000_swapped_pairs_are_all_detected() -> None:
    """Rows, columns and tables; the untouched values are the control."""
    tables, columns = ("accounts", "profiles"), ("login_sealed", "password_sealed")
    places = [
        Place(table, column, row)
        for row, table, column in itertools.product(range(1, 1001), tables, columns)
    ]
    sealed = {place: RING.seal(Secret(f"secret of {place.row_id}"), place) for place in places}
    pairs = list(zip(places, places[1:] + places[:1], strict=True))[:2000]
    assert sum(opens(sealed[one], one) for one, _ in pairs) == 2000
    assert sum(opens(sealed[other], one) or opens(sealed[one], other) for one, other in pairs) == 0


def test_control_fernet_detects_no_swap() -> None:
    fernet = Fernet(Fernet.generate_key())
    rows = {row: fernet.encrypt(f"secret of {row}".encode()) for row in range(100)}
    assert all(fernet.decrypt(rows[99 - row]) for row in rows)


def test_any_changed_bit_is_detected() -> None:
    place = Place("accounts", "password_sealed", 7)
    sealed = RING.seal(Secret("clave"), place)
    for at in range(len(sealed)):
        for bit in (1, 128):
            changed = bytearray(sealed)
            changed[at] ^= bit
            assert not opens(bytes(changed), place), at
    for size in range(len(sealed)):
        assert not opens(sealed[:size], place)


def test_another_key_does_not_open_even_under_the_same_name() -> None:
    place = Place("accounts", "password_sealed", 7)
    sealed = RING.seal(Secret("clave"), place)
    assert not opens(sealed, place, KeyRing(f"a:{new_key()}"))
    assert not opens(sealed, place, KeyRing(f"b:{new_key()}"))


def test_the_previous_key_still_opens_and_the_current_one_seals() -> None:
    old, new = new_key(), new_key()
    place = Place("accounts", "password_sealed", 7)
    before = KeyRing(f"old:{old}").seal(Secret("clave"), place)
    both = KeyRing(f"new:{new},old:{old}")
    assert both.unseal(before, place).disclose() == "clave"
    after = both.seal(Secret("clave"), place)
    assert opens(after, place, KeyRing(f"new:{new}"))
    assert not opens(before, place, KeyRing(f"new:{new}"))


def test_two_seals_of_one_text_differ() -> None:
    place = Place("accounts", "password_sealed", 7)
    assert len({RING.seal(Secret("clave"), place) for _ in range(1_000)}) == 1_000


def test_a_secret_masks_itself_wherever_it_is_written(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("canary")
    with caplog.at_level(logging.INFO):
        logging.getLogger("shop").info("here: %s %r", secret, [secret])
    written = [str(secret), repr(secret), f"{secret}", f"{[secret]}", f"{secret!r}", caplog.text]
    assert all("canary" not in text for text in written)
    assert secret.disclose() == "canary"


def test_only_a_secret_can_be_sealed() -> None:
    with pytest.raises(TypeError):
        RING.seal("clave", Place("a", "b", 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written", ["", ",", "a", "a:", ":" + "A" * 44, "a:no base64", "a:QUJD", "x" * 41 + ":QUJD"]
)
def test_a_bad_ring_is_refused_without_showing_it(written: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        KeyRing(written)
    assert "CUENTY_KEYS" in str(refusal.value)
    assert written in {"", ",", "a", "a:"} or written not in str(refusal.value)
