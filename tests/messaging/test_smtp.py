"""E-mail through a server on loopback, with a login, TLS, and every kind of refusal."""

from __future__ import annotations

import logging
import traceback
import uuid
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtplib import SMTP

from infra.clock import now
from infra.messaging import smtp_answers
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.smtp import SmtpMail
from infra.vault import Secret
from tests.messaging.conftest import settings_of
from tests.messaging.fake_smtp import Authority, FakeSmtp, fake_smtp

LETTER = Letter(
    uuid.UUID(int=7),
    "email",
    "ana.canaria@example.mx",
    Secret("Tu perfil de Netflix está listo.\nEntra en https://cuenty.mx"),
    subject="Tu suscripción está lista",
    html=Secret("<p>Tu perfil de Netflix está <b>listo</b>.</p>"),
)
HIDDEN = ("canaria", "perfil", "suscripción", "clave-de-correo")


async def refused(mail: SmtpMail, letter: Letter = LETTER) -> NotSentError:
    with pytest.raises(NotSentError) as refusal:
        await mail.send(letter)
    return refusal.value


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return "\n".join(str(part.get_content()).splitlines())


async def test_a_letter_arrives_as_text_and_as_html_over_tls(
    mail: SmtpMail, smtp: FakeSmtp
) -> None:
    await mail.send(LETTER)
    (message,) = smtp.mailbox
    assert message["Subject"] == LETTER.subject
    assert message["To"] == LETTER.to
    assert message["From"] == "Cuenty México <avisos@cuenty.mx>"
    assert message.get_content_type() == "multipart/alternative"
    assert text_of(message, "plain") == LETTER.body.disclose()
    assert text_of(message, "html") == "<p>Tu perfil de Netflix está <b>listo</b>.</p>"
    assert smtp.over_tls == [True]


async def test_without_html_it_is_one_text(mail: SmtpMail, smtp: FakeSmtp) -> None:
    await mail.send(replace(LETTER, html=None))
    assert smtp.mailbox[0].get_content_type() == "text/plain"


async def test_a_repeat_carries_the_same_id_and_answers_to_nobody(
    mail: SmtpMail, smtp: FakeSmtp
) -> None:
    sent = [await mail.send(LETTER) for _ in range(2)]
    assert sent == [f"<{LETTER.id}@cuenty.mx>"] * 2
    assert [m["Message-ID"] for m in smtp.mailbox] == sent
    assert {m["Auto-Submitted"] for m in smtp.mailbox} == {"auto-generated"}


async def test_whether_it_went_cannot_be_asked(mail: SmtpMail, smtp: FakeSmtp) -> None:
    await mail.send(LETTER)
    assert await mail.find(LETTER, since=now()) is None
    assert len(smtp.mailbox) == 1


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\v", "\x85", "\u2028", "\x00"])
async def test_a_subject_begins_no_other_header(mail: SmtpMail, smtp: FakeSmtp, end: str) -> None:
    await mail.send(replace(LETTER, subject=f"Hola{end}Bcc: otro@example.mx{end}{end}<b>x</b>"))
    (message,) = smtp.mailbox
    assert message["Bcc"] is None
    assert message["Subject"].replace(" ", "") == "HolaBcc:otro@example.mx<b>x</b>"
    assert smtp.recipients == [[LETTER.to]]


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nadie",
        "a@example.mx, b@example.mx",
        "a@example.mx\r\nBcc: b@example.mx",
        "a@example.mx> SIZE=1\r\nRCPT TO:<b@example.mx",
        "Ana <a@example.mx>",
        "a b@example.mx",
        "@example.mx",
        "a@",
        "niño@example.mx",
    ],
)
async def test_an_address_that_is_not_one_reaches_no_server(
    mail: SmtpMail, smtp: FakeSmtp, to: str
) -> None:
    refusal = await refused(mail, replace(LETTER, to=to))
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("bad_letter", True, False)
    assert smtp.mailbox == []


@pytest.mark.parametrize(
    ("answer", "code", "final"),
    [
        ("550 5.1.1 No such user", "smtp_550", True),
        ("553 Bad mailbox", "smtp_553", True),
        ("450 4.2.1 Greylisted", "smtp_450", False),
        ("452 4.2.2 Mailbox full", "smtp_452", False),
    ],
)
async def test_a_refused_recipient_is_the_recipients_trouble(
    mail: SmtpMail, smtp: FakeSmtp, answer: str, code: str, *, final: bool
) -> None:
    smtp.to_recipient = answer
    refusal = await refused(mail)
    assert (refusal.code, refusal.final, refusal.provider_fault) == (code, final, False)


async def test_a_refused_text_is_the_messages_trouble(mail: SmtpMail, smtp: FakeSmtp) -> None:
    smtp.to_data = "554 5.7.1 Looks like spam"
    refusal = await refused(mail)
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("smtp_554", True, False)


@pytest.mark.parametrize("place", ["to_sender", "to_recipient", "to_data"])
@pytest.mark.parametrize("answer", ["421 Too many connections", "451 4.3.0 Try later"])
async def test_a_busy_server_is_tried_again_wherever_it_says_so(
    mail: SmtpMail, smtp: FakeSmtp, place: str, answer: str
) -> None:
    setattr(smtp, place, answer)
    refusal = await refused(mail)
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("busy", False, True)
    setattr(smtp, place, "250 OK")
    assert await mail.send(LETTER)


@pytest.mark.parametrize(
    ("answer", "code"), [("550 5.7.60 Not your address", "smtp_sender"), ("530 Log in", "smtp_530")]
)
async def test_a_refused_sender_is_our_accounts_trouble(
    mail: SmtpMail, smtp: FakeSmtp, answer: str, code: str
) -> None:
    smtp.to_sender = answer
    refusal = await refused(mail)
    assert (refusal.code, refusal.final, refusal.provider_fault) == (code, False, True)


async def test_a_wrong_password_is_our_accounts_trouble(
    smtp: FakeSmtp, authority: Authority
) -> None:
    mail = SmtpMail(settings_of(smtp, authority.file, smtp_password="otra"))
    refusal = await refused(mail)
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("smtp_535", False, True)
    assert smtp.mailbox == []


async def test_a_server_nobody_vouches_for_gets_neither_password_nor_letter(
    smtp: FakeSmtp,
) -> None:
    refusal = await refused(SmtpMail(settings_of(smtp, "")))
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("smtp_tls", False, True)
    assert smtp.mailbox == []


async def test_a_certificate_of_another_server_is_refused(tmp_path: Path) -> None:
    authority = Authority.made(tmp_path, server="127.0.0.9")
    async with fake_smtp(authority) as smtp:
        assert (await refused(SmtpMail(settings_of(smtp, authority.file)))).code == "smtp_tls"
        assert smtp.mailbox == []


async def test_a_server_that_takes_tls_away_gets_neither_password_nor_letter(
    authority: Authority,
) -> None:
    async with fake_smtp(authority, in_clear=True) as smtp:
        refusal = await refused(SmtpMail(settings_of(smtp, authority.file)))
        assert (refusal.code, refusal.provider_fault) == ("smtp_unsupported", True)
        assert smtp.mailbox == []


async def test_tls_from_the_first_byte(authority: Authority) -> None:
    async with fake_smtp(authority, at_once=True) as smtp:
        await SmtpMail(settings_of(smtp, authority.file, smtp_security="tls")).send(LETTER)
        assert smtp.over_tls == [True]


async def test_in_clear_to_a_server_on_this_machine(authority: Authority) -> None:
    async with fake_smtp(authority, in_clear=True) as smtp:
        plain = settings_of(smtp, "", smtp_security="plain", smtp_username="", smtp_password="")
        await SmtpMail(plain).send(LETTER)
        assert smtp.over_tls == [False]


async def test_no_answer_in_time_is_tried_again(smtp: FakeSmtp, authority: Authority) -> None:
    smtp.stays_silent = True
    refusal = await refused(SmtpMail(settings_of(smtp, authority.file, smtp_timeout_seconds=0.3)))
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("timeout", False, True)


async def test_nobody_there_is_tried_again(smtp: FakeSmtp, authority: Authority) -> None:
    refusal = await refused(SmtpMail(settings_of(smtp, authority.file, smtp_port=1)))
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("unreachable", False, True)


async def test_a_goodbye_that_fails_undoes_nothing(
    mail: SmtpMail, smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang_up(*_: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(SMTP, "quit", hang_up)
    assert await mail.send(LETTER)
    assert len(smtp.mailbox) == 1


def everything(error: BaseException) -> str:
    """The error as the most talkative handler would show it: causes, contexts, fields."""
    shown = "".join(traceback.format_exception(error)) + repr(vars(error))
    for other in (error.__cause__, error.__context__):
        shown += everything(other) if other is not None else ""
    return shown


async def fail_in_every_way(smtp: FakeSmtp, trusted: Path) -> list[NotSentError]:
    mail = SmtpMail(settings_of(smtp, trusted))
    errors = [await refused(mail, replace(LETTER, to="ana canaria@example.mx"))]
    errors.append(await refused(SmtpMail(settings_of(smtp, ""))))
    errors.append(await refused(SmtpMail(settings_of(smtp, trusted, smtp_username="otra"))))
    for place in ("to_sender", "to_recipient", "to_data"):
        setattr(smtp, place, f"550 <{LETTER.to}> no existe: {LETTER.subject}")
        errors.append(await refused(mail))
        setattr(smtp, place, "250 OK")
    return errors


async def test_no_address_and_no_text_stands_in_an_error_or_a_log(
    smtp: FakeSmtp, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = await fail_in_every_way(smtp, authority.file)
    await SmtpMail(settings_of(smtp, authority.file)).send(LETTER)
    ours = [r.getMessage() for r in caplog.records if r.name != "mail.log"]  # the server's own
    written = "".join(ours) + "".join(map(everything, errors)) + repr(LETTER)
    assert not [text for text in HIDDEN if text in written]


async def test_control_what_the_server_says_quotes_the_address(
    smtp: FakeSmtp, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    judge = smtp_answers.refusal

    def listen(error: Exception) -> NotSentError:
        said.append(everything(error))
        return judge(error)

    monkeypatch.setattr("infra.messaging.smtp.refusal", listen)
    await fail_in_every_way(smtp, authority.file)
    assert HIDDEN[0] in "".join(said)
