"""A8: codes go only where they are cheap and can arrive."""

import pytest

from domain import phones
from domain.errors import InvalidInput
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


@pytest.mark.parametrize(
    "typed",
    [
        "5512345678",
        "55 1234 5678",
        "(55) 1234-5678",
        "525512345678",
        "+52 55 1234 5678",
        "0052 55 1234 5678",
        "+5215512345678",
        "5215512345678",
        " +52 1 55 1234 5678 ",
    ],
)
def test_every_way_of_writing_a_mobile_is_one_number(typed: str) -> None:
    assert phones.canonical(typed) == "+525512345678"


@pytest.mark.parametrize(
    "typed",
    [
        "+52 900 123 4567",
        "+52 800 123 4567",
        "9001234567",
        "8001234567",
        "+881 6 3123 4567",
        "+882 16 123 4567",
        "+44 70 1234 5678",
        "+1 415 555 2671",
        "+1 876 555 1234",
        "+1 900 555 1234",
        "5512345678 ext 5",
        "1-800-FLOWERS",
        "55123456",
        "+52551234567890",
        "",
        "５５１２３４５６７８",
        "5512345678; DROP TABLE customers",
        "\x005512345678",
        "+",
        "5" * 10_000,
    ],
)
def test_no_code_goes_to_a_number_that_costs_or_cannot_hear(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        phones.canonical(typed)
    assert set(refusal.value.fields) == {"phone"}


def test_another_country_is_a_setting(shop: Shop) -> None:
    shop.configure(allowed_countries="MX,US")
    assert phones.canonical("+1 415 555 2671") == "+14155552671"
    with pytest.raises(InvalidInput):
        phones.canonical("+1 800 356 9377")


def test_a_foreign_number_is_told_why() -> None:
    with pytest.raises(InvalidInput) as refusal:
        phones.canonical("+1 415 555 2671")
    assert "México" in refusal.value.fields["phone"]
