"""What happens to the stock: it comes in, changes, dies, is made safe and goes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain import expirations, imports, inventory, rotations
from domain.inventory_rows import NewProfile
from infra.vault import Secret
from models.imports import ImportMode
from tests.life.customers import Customers
from tests.life.story import OWNER, WHICH

STATUSES = ("maintenance", "down", "active", "active", "retired")
DAYS = st.sampled_from((None, None, 10, 40, 200))


class Stockroom(Customers):
    def account(self, which: int) -> Any:
        rows = [c for c in self.books.accounts.values() if c.status != "retired"]
        return (rows or list(self.books.accounts.values()))[which % len(rows or [0])]

    @property
    def roomy(self) -> list[Any]:
        b = self.books
        return [
            c
            for c in b.accounts.values()
            if len(b.profiles_of(c.id)) < b.services[c.service_id].max_profiles
        ]

    def _until(self, days: int | None) -> Any:
        return None if days is None else self.books.today + timedelta(days=days)

    def _dedication(self, service_id: int, which: int) -> int | None:
        plans = [p.id for p in self.books.plans.values() if p.service_id == service_id]
        return [None, None, *plans][which % (len(plans) + 2)]

    def _secret(self, word: str) -> Secret:
        """Never the same twice in a story."""
        return Secret(f"{word}-{self.world.steps}")

    @rule(which=st.integers(0, 2), places=st.integers(1, 3), plan=WHICH, days=DAYS)
    def add_account(self, which: int, places: int, plan: int, days: int | None) -> None:
        service = list(self.books.services.values())[which]
        dedicated = self._dedication(service.id, plan)
        self.attempt(
            "add_account",
            f"an account of service {service.id} with {places} places for plan {dedicated}",
            lambda s: inventory.add_account(
                s,
                OWNER,
                service_id=service.id,
                login=self._secret("cuenta"),
                password=self._secret("clave"),
                profiles=[NewProfile(f"Perfil {n}", Secret("1234")) for n in range(places)],
                plan_id=dedicated,
                paid_until=self._until(days),
            ),
        )

    @precondition(lambda self: self.roomy)
    @rule(which=WHICH)
    def add_a_place(self, which: int) -> None:
        account = self.roomy[which % len(self.roomy)]
        self.attempt(
            "add_profiles",
            f"account {account.id} gets a place more",
            lambda s: inventory.add_profiles(
                s, OWNER, account_id=account.id, profiles=[NewProfile("Otro")]
            ),
        )

    @rule(which=WHICH, plan=WHICH, days=DAYS)
    def edit_account(self, which: int, plan: int, days: int | None) -> None:
        account = self.account(which)
        dedicated, until = self._dedication(account.service_id, plan), self._until(days)
        self.attempt(
            "edit_account",
            f"account {account.id} is for plan {dedicated}, paid until {until}",
            lambda s: inventory.edit_account(
                s,
                OWNER,
                account_id=account.id,
                plan_id=dedicated,
                paid_until=until,
                cost=Decimal(100),
                notes="",
            ),
        )

    @rule(which=WHICH, status=st.sampled_from(STATUSES))
    def set_status(self, which: int, status: str) -> None:
        account = self.account(which)
        self.attempt(
            "retire" if status == "retired" else "set_status",
            f"account {account.id} is {status}",
            lambda s: inventory.set_status(
                s, OWNER, account_id=account.id, status=status, reason="así está"
            ),
        )

    @precondition(lambda self: any(c.paid_until for c in self.books.accounts.values()))
    @rule(which=WHICH, months=st.integers(1, 3))
    def pay_the_supplier(self, which: int, months: int) -> None:
        account = self.pick((c for c in self.books.accounts.values() if c.paid_until), which)
        assert account is not None
        self.attempt(
            "supplier",
            f"the supplier is paid {months} months more for account {account.id}",
            lambda s: expirations.pay_supplier(
                s, OWNER, account_id=account.id, seen_until=account.paid_until, months=months
            ),
        )

    @rule(which=WHICH)
    def rotate_password(self, which: int) -> None:
        account = self.account(which)
        holders = self.holders(account.id)
        done = self.attempt(
            "rotate_password",
            f"account {account.id} gets a new password",
            lambda s: rotations.rotate_password(
                s, OWNER, account_id=account.id, password=self._secret("nueva")
            ),
        )
        assert done is None or set(done.told) == holders, f"told {done}, live {holders}"

    @rule(which=WHICH)
    def rotate_pin(self, which: int) -> None:
        rows = list(self.books.profiles.values())
        waiting = [p for p in rows if p.status == "rotate"]
        profile = (waiting or rows)[which % len(waiting or rows)]
        pin = Secret(f"{10000 + self.world.steps % 90000}")
        holders = self.holders(profile.account_id, profile.id)
        done = self.attempt(
            "rotate_pin",
            f"profile {profile.id} gets a new PIN",
            lambda s: rotations.rotate_pin(s, OWNER, profile_id=profile.id, pin=pin),
        )
        assert done is None or set(done.told) == holders, f"told {done}, live {holders}"

    @precondition(lambda self: any(p.status == "rotate" for p in self.books.profiles.values()))
    @rule(which=WHICH)
    def mark_rotated(self, which: int) -> None:
        profile = self.pick(
            (p for p in self.books.profiles.values() if p.status == "rotate"), which
        )
        assert profile is not None
        self.attempt(
            "mark_rotated",
            f"profile {profile.id} was made safe elsewhere",
            lambda s: rotations.mark_rotated(s, OWNER, profile_id=profile.id),
        )

    @rule(which=WHICH, name=st.sampled_from("ab"))
    def correct_login(self, which: int, name: str) -> None:
        account = self.account(which)
        login = Secret(f"{name}{account.id}@correo.mx")
        changes = inventory.login_hash(login) != account.login_hash
        holders = self.holders(account.id) if changes else set()
        told = self.attempt(
            "correct_login",
            f"account {account.id} is written {name}{account.id}@correo.mx",
            lambda s: rotations.correct_login(s, OWNER, account_id=account.id, login=login),
        )
        assert told is None or set(told) == holders, f"told {told}, live {holders}"

    def holders(self, account_id: int, profile_id: int | None = None) -> set[int]:
        """The first subscription of each live unit, counted from the rows."""
        found: set[int] = set()
        for unit in self.books.units().values():
            there = [
                a.id
                for a in unit
                if a.released_at is None
                and self.books.profiles[a.profile_id].account_id == account_id
                and profile_id in {None, a.profile_id}
            ]
            found |= {min(there)} if there else set()
        return found

    @rule(which=st.integers(0, 2), accounts=st.integers(1, 2))
    def import_file(self, which: int, accounts: int) -> None:
        """The file is read, started, and imported by the worker."""
        service = list(self.books.services.values())[which]
        lines = [f"archivo{self.world.steps}.{n}@x.mx:clave" for n in range(accounts)]
        batch = self.attempt(
            "stage",
            f"a file with {accounts} accounts of service {service.id}",
            lambda s: imports.stage(
                s, OWNER, content="\n".join(lines).encode(), service_id=service.id
            ),
        )
        assert batch is not None
        self.attempt(
            "start",
            f"file {batch}",
            lambda s: imports.start(s, OWNER, batch_id=batch, mode=ImportMode.ALL),
        )
        self.world.import_batch(batch)

    @precondition(lambda self: any(b.status == "done" for b in self.books.import_batches.values()))
    @rule(which=WHICH)
    def undo_import(self, which: int) -> None:
        batch = self.pick(
            (b for b in self.books.import_batches.values() if b.status == "done"), which
        )
        assert batch is not None
        self.attempt(
            "undo",
            f"file {batch.id} is taken back",
            lambda s: imports.undo(s, OWNER, batch_id=batch.id),
        )

    @rule(days=st.sampled_from((0, 0, 7)))
    def set_automatic_replacements(self, days: int) -> None:
        self.say(f"automatic replacements: every {days} days")
        self.world.shop.configure(replace_every_days=days)
