"""What can be configured, and what is refused before the shop opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.settings import Settings, SettingsError, settings

LONG = "s" * 40
PRODUCTION = {
    "CUENTY_ENV": "production",
    "CUENTY_KEYS": LONG,
    "CUENTY_JWT_SECRET": LONG,
    "CUENTY_PEPPER": LONG,
    "CUENTY_PUBLIC_URL": "https://cuenty.mx",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A complete production environment; a test spoils what it is about."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_control_a_complete_production_environment_is_accepted(
    environment: pytest.MonkeyPatch,
) -> None:
    del environment
    shop = Settings()
    assert (shop.demo, shop.origin, shop.https) == (False, "https://cuenty.mx", True)


@pytest.mark.parametrize("name", ["CUENTY_KEYS", "CUENTY_JWT_SECRET", "CUENTY_PEPPER"])
@pytest.mark.parametrize("value", [None, "", "x", "s" * 31])
def test_production_refuses_a_missing_or_short_secret_and_names_it(
    environment: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    if value is None:
        environment.delenv(name)
    else:
        environment.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as refusal:
        Settings()
    assert LONG not in str(refusal.value)


@pytest.mark.parametrize("url", ["", "cuenty.mx", "http://cuenty.mx", "ftp://cuenty.mx"])
def test_production_refuses_an_address_a_browser_would_not_trust(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("CUENTY_PUBLIC_URL", url)
    with pytest.raises(SettingsError, match="CUENTY_PUBLIC_URL"):
        Settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.10"])  # noqa: S104  # what is refused
def test_the_demo_listens_on_loopback_whatever_is_set(
    environment: pytest.MonkeyPatch, host: str
) -> None:
    environment.setenv("CUENTY_HOST", host)
    assert Settings().listen == host
    environment.setenv("CUENTY_ENV", "demo")
    assert Settings().listen == "127.0.0.1"


@pytest.mark.parametrize(
    ("written", "countries"),
    [(None, ("MX",)), ("MX", ("MX",)), ("mx, us ,ES", ("MX", "US", "ES"))],
)
def test_allowed_countries_are_written_by_commas(
    environment: pytest.MonkeyPatch, written: str | None, countries: tuple[str, ...]
) -> None:
    if written is not None:
        environment.setenv("CUENTY_ALLOWED_COUNTRIES", written)
    assert Settings().allowed_countries == countries


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A demo to which nobody gave any secret."""
    monkeypatch.setenv("CUENTY_DATA_DIR", str(tmp_path))
    for name in PRODUCTION:
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    return tmp_path


def test_the_demo_makes_its_own_secrets_once_and_keeps_them_to_itself(demo: Path) -> None:
    first = settings()
    settings.cache_clear()
    again = settings()
    settings.cache_clear()
    assert (first.keys, first.jwt_secret, first.pepper) == (
        again.keys,
        again.jwt_secret,
        again.pepper,
    )
    assert len({first.keys, first.jwt_secret, first.pepper}) == 3
    assert (demo / "demo-secrets.json").stat().st_mode & 0o077 == 0


def test_the_api_is_open_to_named_sites_and_never_to_all(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("CUENTY_API_ORIGINS", "https://panel.example/, http://localhost:5173")
    assert Settings().api_origins == ("https://panel.example", "http://localhost:5173")
    for wrong in ("*", "panel.example", "https://panel.example/ruta", "file:///"):
        environment.setenv("CUENTY_API_ORIGINS", wrong)
        with pytest.raises(SettingsError, match="CUENTY_API_ORIGINS"):
            Settings()
