"""Twilio's own description of its messages, against which every request and answer is held.

`twilio_openapi.json` is what `twilio/twilio-oai` publishes about `…/Messages.json`, without its
prose: the fields of `CreateMessageRequest`, the parameters of the list, the fields of a page and of
a message, each with its type, pattern, bounds and values. `SAID` is what stands in the prose alone.
Twilio may ignore what it does not know; here a name that is not published is a fault.

Not in that description, so compared by hand with Twilio's guides: the fields of a status callback,
the form of a refusal, and the signature, which Twilio's own `RequestValidator` makes and checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PUBLISHED: dict[str, Any] = json.loads(
    Path(__file__).with_name("twilio_openapi.json").read_text(encoding="utf-8")
)
ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
LONGEST_BODY = 1600
KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def faults_of_create(form: Mapping[str, str]) -> list[str]:
    """What Twilio's description says against a message that is posted; by field."""
    schema = PUBLISHED["create"]
    missing = [f"{name}: missing" for name in schema["required"] if name not in form]
    return missing + _faults_as_text(schema["properties"], form) + _said(form)


def faults_of_list(query: Mapping[str, str]) -> list[str]:
    return _faults_as_text(PUBLISHED["list"], query)


def faults_of_message(answer: Mapping[str, Any]) -> list[str]:
    schema = PUBLISHED["schemas"]["api.v2010.account.message"]
    return _faults_of_object(schema, answer)


def faults_of_page(answer: Mapping[str, Any]) -> list[str]:
    return _faults_of_object(PUBLISHED["page"], answer)


def _said(form: Mapping[str, str]) -> list[str]:
    """What stands in the descriptions of the fields, not in their types."""
    faults: list[str] = []
    if not (form.get("From") or form.get("MessagingServiceSid")):
        faults.append("From: missing")
    if not (form.get("Body") or form.get("ContentSid") or form.get("MediaUrl")):
        faults.append("Body: missing")
    if len(form.get("Body", "")) > LONGEST_BODY:
        faults.append("Body: too long")
    if "ContentVariables" in form and "ContentSid" not in form:
        faults.append("ContentVariables: without ContentSid")
    if not isinstance(_json(form.get("ContentVariables", "{}")), dict):
        faults.append("ContentVariables: no object")
    return faults


def _faults_as_text(schemas: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    """Fields of a form or an address, where everything is written as text."""
    unknown = [f"{name}: unknown" for name in given if name not in schemas]
    known = [(name, schemas[name], text) for name, text in given.items() if name in schemas]
    return unknown + [
        f"{name}: {fault}"
        for name, schema, text in known
        if (fault := _fault(schema, text if _resolved(schema)["type"] == "string" else _json(text)))
    ]


def _faults_of_object(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    published = schema["properties"]
    absent = [f"{name}: missing" for name in published if name not in given]
    unknown = [f"{name}: unknown" for name in given if name not in published]
    return (
        absent
        + unknown
        + [
            f"{name}: {fault}"
            for name, part in published.items()
            if name in given and (fault := _fault(part, given[name]))
        ]
    )


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return PUBLISHED["schemas"][schema["$ref"]] if "$ref" in schema else schema


def _fault(schema: Mapping[str, Any], value: Any) -> str:
    """Why a value is none of this schema; empty when it is one."""
    rule = _resolved(schema)
    if value is None:
        return "" if rule.get("nullable") else "null"
    if "properties" in rule:
        return "; ".join(_faults_of_object(rule, value))
    if not isinstance(value, KINDS[rule["type"]]):
        return f"no {rule['type']}"
    if rule["type"] == "array":
        return "; ".join(filter(None, (_fault(rule["items"], one) for one in value)))
    return _fault_of_text(rule, value) if isinstance(value, str) else _out_of_bounds(rule, value)


def _fault_of_text(rule: Mapping[str, Any], text: str) -> str:
    if "pattern" in rule and not re.fullmatch(rule["pattern"], text):
        return "pattern"
    if "enum" in rule and text not in rule["enum"]:
        return "none of its values"
    if rule.get("format") == "phone-number" and not ADDRESS.fullmatch(text):
        return "no number"
    if rule.get("format") == "date-time-rfc-2822" and parsedate_to_datetime(text) is None:
        return "no date"
    if rule.get("format") == "uri" and not (urlsplit(text).hostname or text.startswith("/")):
        return "no address"
    return ""


def _out_of_bounds(rule: Mapping[str, Any], number: Any) -> str:
    low, high = rule.get("minimum", float("-inf")), rule.get("maximum", float("inf"))
    return "" if isinstance(number, dict) or low <= number <= high else "out of bounds"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
