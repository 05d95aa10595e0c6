"""What a component may receive: a value known at build time or a Var the state fills in."""

from typing import Any, TypeAlias

import reflex as rx

Text: TypeAlias = str | rx.Var[str] | rx.Var[Any]
Flag: TypeAlias = bool | rx.Var[bool] | rx.Var[Any]
Count: TypeAlias = int | str | rx.Var[int] | rx.Var[Any]  # text: "" is none yet
Child: TypeAlias = rx.Component | rx.Var[Any] | str
Handler: TypeAlias = Any
